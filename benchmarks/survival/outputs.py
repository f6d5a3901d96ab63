"""The commands whose output is cut off: what each writes, and whether it stands there whole."""

import hashlib
import json
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.survival.processes import LOOK_EVERY_S, require_success, start
from training.files.atomic import REPLACED
from training.terminal.steps import Step

OLD = "what stood there before"
# coremltools gives the parts of a package new random names in it each time.
RENAMED = "Manifest.json"


@dataclass(frozen=True, kw_only=True)
class OutputCommand:
    """A command, what it writes, and how long it takes."""

    name: str
    arguments: tuple[str, ...]
    suffix: str  # of its output
    out: str  # the option that names it
    marker: str | None  # the file that each folder of its kind holds; None: it writes a file
    expected: dict[str, str]  # SHA-256 of every file that it writes, by its path within
    bytes: int  # of them all, and of the manifest beside them
    start_s: float  # until it begins to write
    work_s: float  # while it writes

    def step(self, output: Path) -> Step:
        """Return the command that writes `output`, in place of what is there."""
        return Step(self.name, (*self.arguments, self.out, str(output), "--overwrite"))

    def put_old(self, output: Path) -> None:
        """Write something older in the place of the output."""
        if self.marker is None:
            output.write_text(OLD)
        else:
            output.mkdir()
            (output / self.marker).write_text(OLD)

    def fault(self, output: Path, *, had_old: bool, complete: bool = False) -> str | None:
        """Say what is wrong with what stands there; None where it is whole, or as it was before.

        complete: whether the command said that it was done.
        """
        found = contents(output)
        old = {self.marker or "": _sha256(OLD.encode())}
        if self.marker == RENAMED:
            old = {RENAMED: ""}
        before = old if had_old else {}
        # Killed between its two renames: the next command brings it back.
        if (
            had_old
            and not found
            and any((path / REPLACED).exists() for path in leftovers(output.parent))
        ):
            return None
        if found != self.expected and (complete or found != before):
            said = "nothing" if not found else f"{len(found)} files"
            return f"{output.name}: {said}, neither what was there before nor what it is to write"
        beside = output.with_name(f"{output.name}.json")
        try:
            json.loads(beside.read_text() if beside.exists() else "{}")
        except ValueError:
            return f"{beside.name} is half written"
        return None


def contents(output: Path) -> dict[str, str]:
    """Return the SHA-256 of every file of an output, by its path within; none of RENAMED."""
    if not output.is_dir():
        return {"": _sha256(_whole_bytes(output))} if output.exists() else {}
    return {
        path.relative_to(output).as_posix(): ""
        if path.name == RENAMED
        else _sha256(path.read_bytes())
        for path in sorted(output.rglob("*"))
        if path.is_file()
    }


def _whole_bytes(file: Path) -> bytes:
    """Return the bytes of a file; of an ONNX model, what stays when it is made again.

    tf2onnx numbers names, and protobuf orders properties, otherwise each time: operations and
    weights are the same.
    """
    content = file.read_bytes()
    if file.suffix != ".onnx":
        return content
    import onnx
    from google.protobuf.message import DecodeError

    try:
        graph = onnx.load_model_from_string(content).graph
    except DecodeError:
        return content
    weights = sorted(onnx.numpy_helper.to_array(each).tobytes() for each in graph.initializer)
    operations = sorted(node.op_type for node in graph.node)
    return b"".join([*weights, *(word.encode() for word in operations)])


def remove(output: Path) -> None:
    """Delete an output."""
    if output.is_dir():
        shutil.rmtree(output)
    else:
        output.unlink()


def leftovers(folder: Path) -> list[Path]:
    """Return what commands at work, or killed ones, have beside their outputs."""
    return [*folder.glob(".partial-*"), *folder.glob(".preparing-*")]


def touched(folder: Path) -> set[tuple[Path, int]]:
    """Return each of these and when it was last changed, in nanoseconds.

    A killed training.prepare leaves a folder of the name that the next one works in.
    """
    found = set()
    for path in leftovers(folder):
        with suppress(FileNotFoundError):  # it has just been put in place
            found.add((path, path.stat().st_ctime_ns))
    return found


def output_commands(pictures: Path, run: Path, work: Path) -> list[OutputCommand]:
    """Run every command once in peace, into the folder `work`, and learn what it writes.

    Raises DataError where one does not end well.
    """
    work.mkdir()
    prepared = ("--kind", "color", "--size", "32")
    data = _learn(
        "training.prepare",
        (str(pictures), *prepared),
        work / "data",
        out="--out",
        marker="manifest.json",
    )
    package = work / "model.mlpackage"
    coreml = _learn("conversion.to_coreml", (str(run),), package, marker=RENAMED)
    return [
        data,
        coreml,
        _learn("conversion.to_tflite", (str(run),), work / "model.tflite"),
        _learn("conversion.to_onnx", (str(run),), work / "model.onnx"),
        _learn("conversion.from_coreml", (str(package),), work / "read.onnx"),
        _learn(
            "benchmarks.ios_bundle", (str(run), str(package)), work / "app", marker="index.json"
        ),
    ]


def _learn(
    name: str,
    arguments: tuple[str, ...],
    output: Path,
    *,
    out: str = "-o",
    marker: str | None = None,
) -> OutputCommand:
    said = output.with_name("said.txt")
    step = Step(name, (*arguments, out, str(output)))
    began = time.monotonic()
    process = start(step, said=said)
    start_s = _until(lambda: not process.is_alive() or bool(leftovers(output.parent)), began)
    work_s = _until(lambda: not leftovers(output.parent), began) - start_s
    process.join()
    assert process.exitcode is not None
    require_success(process.exitcode, step, said=said)
    beside = output.with_name(f"{output.name}.json")
    files = [output, beside, *output.rglob("*")]
    return OutputCommand(
        name=name,
        arguments=arguments,
        suffix=output.suffix,
        out=out,
        marker=marker,
        expected=contents(output),
        bytes=sum(path.stat().st_size for path in files if path.is_file()),
        start_s=start_s,
        work_s=work_s,
    )


def _until(happened: Callable[[], bool], began: float) -> float:
    while not happened():
        time.sleep(LOOK_EVERY_S)
    return time.monotonic() - began


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
