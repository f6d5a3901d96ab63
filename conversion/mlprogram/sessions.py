"""Sessions of ONNX Runtime that keep to a budget: a cap on their memory, a clock on their runs."""

import re
from collections.abc import Mapping, Sequence
from threading import Event, Lock, Thread
from typing import Any

import numpy as np
import onnx
import onnxruntime

from conversion.errors import InvalidProgram, OverBudget
from conversion.mlprogram.budget import MORE_MEMORY, MORE_TIME, Limits

# ONNX Runtime's log level "fatal": what goes wrong otherwise is raised, and said once.
SILENT = 4
# Below this, ONNX Runtime's own small buffers would find no place.
LEAST_BYTES = 2**20
# ONNX Runtime has one allocator a process for sessions that share theirs, and each session keeps
# the one that it found: a new one for every session makes it that session's own, with its own cap.
_ALLOCATING = Lock()
_WANTED = re.compile(r"Name:'([^']*)'.*smaller than requested bytes of (\d+)", re.DOTALL)


def quiet_options(threads: int | None = None) -> onnxruntime.SessionOptions:
    """Return options of a session that prints nothing.

    threads: of one run; one per core if None.
    """
    options = onnxruntime.SessionOptions()
    options.log_severity_level = SILENT
    options.intra_op_num_threads = threads or 0  # 0: one per core
    return options


def make_session(
    model: onnx.ModelProto,
    constants: dict[str, np.ndarray],
    *,
    where: object,
    threads: int | None = None,
    memory_bytes: int = Limits.memory_bytes,
    folds: bool = True,
) -> onnxruntime.InferenceSession:
    """Return a session of a model whose larger constants stand beside it.

    threads: of one run; one per core if None. memory_bytes: that its values take at most. folds:
    the size of what constants alone decide is known, so that it can be computed now.
    Raises InvalidProgram, in the words of `where`, if ONNX Runtime refuses the model.
    """
    options = quiet_options(threads)
    options.add_external_initializers(
        list(constants),
        [onnxruntime.OrtValue.ortvalue_from_numpy(data) for data in constants.values()],
    )
    try:
        return open_session(
            model.SerializeToString(), options, memory_bytes=memory_bytes, folds=folds
        )
    except Exception as error:  # ONNX Runtime's errors share no class of their own
        raise InvalidProgram(
            f"{where}: ONNX Runtime refuses the program: {error}. Export the model again."
        ) from error


def open_session(
    model: bytes, options: onnxruntime.SessionOptions, *, memory_bytes: int, folds: bool = True
) -> onnxruntime.InferenceSession:
    """Return a session whose values never take more than `memory_bytes` together.

    folds: compute once, and without a cap, what constants alone decide; else in every run.
    """
    without = [] if folds else ["ConstantFolding"]
    options.add_session_config_entry("session.use_env_allocators", "1")
    with _ALLOCATING:
        _allocate(memory_bytes)
        try:
            return onnxruntime.InferenceSession(
                model, options, providers=["CPUExecutionProvider"], disabled_optimizers=without
            )
        finally:
            _allocate(LEAST_BYTES)  # or the memory would outlive the session, until the next one


def run_session(
    session: onnxruntime.InferenceSession,
    names: Sequence[str] | None,
    feeds: Mapping[str, np.ndarray],
    *,
    limits: Limits,
    seconds: float | None,
) -> list[Any]:
    """Run a session once. seconds: after which it is ended; None where it is known to be brief.

    Raises OverBudget if it takes more memory or time than it may, InvalidProgram if it fails.
    """
    try:
        if seconds is None:
            return list(session.run(names, feeds))
        return _run_within(session, names, feeds, seconds)
    except OverBudget:
        raise
    except Exception as error:  # ONNX Runtime's errors share no class of their own
        wanted = _WANTED.search(str(error))
        if wanted:
            raise OverBudget(
                f"running the program takes more memory than it is given, {limits.memory_bytes} "
                f"bytes in all: {wanted[1].rpartition(':')[0] or wanted[1]!r} wants {wanted[2]} "
                f"more. {MORE_MEMORY}"
            ) from error
        raise InvalidProgram(f"running the program failed: {error}") from error


def _allocate(most_bytes: int) -> None:
    memory = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    arena = onnxruntime.OrtArenaCfg({"max_mem": max(most_bytes, LEAST_BYTES)})
    onnxruntime.create_and_register_allocator(memory, arena)


def _run_within(
    session: onnxruntime.InferenceSession,
    names: Sequence[str] | None,
    feeds: Mapping[str, np.ndarray],
    seconds: float,
) -> list[Any]:
    """Run beside this thread, which hears Ctrl-C and the clock; both end the run."""
    options = onnxruntime.RunOptions()
    over = Event()  # a join that Ctrl-C interrupts takes the thread for ended (Python 3.11)
    results: list[Any] = []
    failures: list[Exception] = []

    def work() -> None:
        try:
            results.extend(session.run(names, feeds, options))
        except Exception as error:  # raised again by whoever waits
            failures.append(error)
        finally:
            over.set()

    thread = Thread(target=work, daemon=True)
    thread.start()
    try:
        late = not over.wait(seconds)
    finally:
        options.terminate = True
        over.wait()
        thread.join()
    if late and failures:
        raise OverBudget(
            f"one run takes more than the {seconds:g} seconds that it is given. {MORE_TIME}"
        ) from failures[0]
    if failures:
        raise failures[0]
    return results
