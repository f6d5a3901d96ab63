"""Keep one model loaded in a process of its own, and time it there when asked.

Peak memory, loading and first prediction mean something only in a process that does nothing else;
fair times need all models asked in turn. So each model's process is kept alive between rounds. It
ends when its pipe does: none outlives the command, however that ended.
"""

import functools
import gc
import io
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

import numpy as np

from benchmarks.drawing.pages import Page
from benchmarks.timing.machine import waited_for_cores_ms
from benchmarks.timing.subjects import Colorize, Subject, import_runtime, load
from conversion.runtimes.asked import AskedProcess
from training.errors import NurieError
from training.run.memory import peak_bytes

# Before a block, the idle threads of the runtime that was asked before stop spinning: see
# docs/decisions/0010-latency.md.
PAUSE_S = 0.02
PATIENCE_S = 3600.0  # for a block of predictions: it is as long as somebody asked for


class TimingFailed(NurieError):
    """The process of a model ended, or its model could not be loaded or run."""


# A page, decoded: (H, W) and (H, W, 4) uint8.
Pictures = tuple[np.ndarray, np.ndarray | None]


@dataclass(frozen=True, kw_only=True)
class Start:
    """What happens once, in milliseconds."""

    import_ms: float  # of the runtime
    load_ms: float  # of the model, its file in the cache of the system
    first_ms: float  # first prediction


@dataclass(frozen=True, kw_only=True)
class Block:
    """What one round timed, in milliseconds."""

    predict_ms: tuple[float, ...]  # pixels to pixels
    cpu_ms: tuple[float, ...]  # what the processor spent on each of them, all threads together
    waited_ms: float | None  # of those, all threads together, for a core; None: not known here
    end_to_end_ms: tuple[float, ...]  # bytes of a PNG to bytes of a PNG


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Resident memory of the whole process, in MB (10^6 bytes)."""

    bare_mb: float  # Python, NumPy and Pillow, before the runtime
    peak_mb: float


class TimedProcess:
    """A model in its own process. Use as a context manager; ask one at a time."""

    def __init__(self, subject: Subject, pages: Sequence[Page]) -> None:
        """Start the process and load the model.

        pages: drawings of the model's size, each with its hints where the model takes any, as PNG
        files; every prediction takes the next of them.
        Raises TimingFailed, or what loading the model raised.
        """
        self.subject = subject
        self._process = AskedProcess(_serve, subject, tuple(pages), ended=self._ended)
        try:
            self.start: Start = self._process.receive()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def warm_up(self, predictions: int) -> None:
        """Predict without timing."""
        self._process.ask("block", predictions, 0, patience_s=PATIENCE_S)

    def block(self, *, predictions: int, end_to_end: int) -> Block:
        """Time one block: after one prediction that is not timed, so many that are."""
        block: Block = self._process.ask("block", predictions, end_to_end, patience_s=PATIENCE_S)
        return block

    def memory(self) -> Memory:
        """Return the memory that the process has needed until now."""
        memory: Memory = self._process.ask("memory")
        return memory

    def close(self) -> None:
        """End the process; does nothing if it has ended."""
        self._process.close()

    def _ended(self, how: str) -> TimingFailed:
        remedy = (
            "That is often the system's answer to too little memory: time fewer at once."
            if how.endswith("signal 9")
            else "The file is damaged, or its runtime at fault: export it again with --overwrite."
        )
        return TimingFailed(
            f"{self.subject.path} in {self.subject.setting}: its process {how}. {remedy}"
        )


def _serve(connection: Connection, subject: Subject, pages: Sequence[Page]) -> None:
    """Load, then answer until the other end of the pipe is closed."""
    try:
        _answer(connection, subject, pages)
    except (EOFError, BrokenPipeError):
        return
    except NurieError as error:
        connection.send(error)
    except Exception as error:  # the runtimes' errors share no class, and some cannot be sent
        where = f"{subject.path} in {subject.setting}"
        connection.send(TimingFailed(f"{where}: {type(error).__name__}: {error}"))


def _answer(connection: Connection, subject: Subject, pages: Sequence[Page]) -> None:
    drawings = [_decode(page) for page in pages]
    bare_mb = peak_bytes() / 1e6
    import_ms, _ = _timed(lambda: import_runtime(subject))
    load_ms, colorize = _timed(lambda: load(subject))
    first_ms, _ = _timed(lambda: colorize(*drawings[0]))
    connection.send(Start(import_ms=import_ms, load_ms=load_ms, first_ms=first_ms))
    asked = 0
    while True:
        match connection.recv():
            case ("memory",):
                connection.send(Memory(bare_mb=bare_mb, peak_mb=peak_bytes() / 1e6))
            case ("block", predictions, end_to_end):
                order = range(asked, asked + max(predictions, end_to_end) + 1)
                asked += len(order)
                chosen = [n % len(pages) for n in order]
                connection.send(
                    _time_block(
                        colorize,
                        [drawings[n] for n in chosen[: predictions + 1]],
                        [pages[n] for n in chosen[:end_to_end]],
                    )
                )


def _time_block(colorize: Colorize, drawings: Sequence[Pictures], pages: Sequence[Page]) -> Block:
    """Time predictions; the first drawing is not timed."""
    time.sleep(PAUSE_S)
    collecting = gc.isenabled()
    gc.disable()
    try:
        colorize(*drawings[0])
        waited_ms = waited_for_cores_ms()
        predict = [_cpu_timed(functools.partial(colorize, *each)) for each in drawings[1:]]
        if waited_ms is not None:
            waited_ms = max(0.0, (waited_for_cores_ms() or 0.0) - waited_ms)
        whole = [_timed(functools.partial(_color_page, colorize, page))[0] for page in pages]
    finally:
        if collecting:
            gc.enable()
    return Block(
        predict_ms=tuple(wall_ms for wall_ms, _ in predict),
        cpu_ms=tuple(cpu_ms for _, cpu_ms in predict),
        waited_ms=waited_ms,
        end_to_end_ms=tuple(whole),
    )


def _cpu_timed(call: Callable[[], Any]) -> tuple[float, float]:
    """Return milliseconds on the clock, and of the processor."""
    began = time.process_time()
    wall_ms, _ = _timed(call)
    return wall_ms, 1000 * (time.process_time() - began)


def _timed(call: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    result = call()
    return 1000 * (time.perf_counter() - began), result


def _color_page(colorize: Colorize, page: Page) -> bytes:
    from PIL import Image

    written = io.BytesIO()
    Image.fromarray(colorize(*_decode(page))).save(written, format="PNG")
    return written.getvalue()


def _decode(page: Page) -> Pictures:
    from PIL import Image

    lineart, hints = page
    drawing = np.asarray(Image.open(io.BytesIO(lineart)))
    if hints is None:
        return drawing, None
    return drawing, np.asarray(Image.open(io.BytesIO(hints)).convert("RGBA"))
