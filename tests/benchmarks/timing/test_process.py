import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.drawing.pages import Page, drawn_pages
from benchmarks.timing.process import TimedProcess, TimingFailed
from benchmarks.timing.subjects import Subject, subjects_of
from conversion.errors import ArtifactError, InvalidInput

ROOT = Path(__file__).resolve().parents[3]


def pngs(size: int = 32) -> list[Page]:
    drawings = []
    for column in (3, 9):
        lineart = np.full((size, size), 255, np.uint8)
        lineart[4:20, column] = 0
        written = io.BytesIO()
        Image.fromarray(lineart).save(written, format="PNG")
        drawings.append((written.getvalue(), None))
    return drawings


def subject_of(artifact: Path) -> Subject:
    return subjects_of([artifact])[0]


@pytest.fixture(scope="module")
def process(whole_run: Path):
    with TimedProcess(subject_of(whole_run / "exports" / "tiny-fp32.onnx"), pngs()) as process:
        yield process


def test_import_load_and_first_prediction_are_timed_apart(process: TimedProcess):
    start = process.start
    assert min(start.import_ms, start.load_ms, start.first_ms) > 0


def test_a_block_times_as_many_as_were_asked_for(process: TimedProcess):
    block = process.block(predictions=3, end_to_end=2)
    assert (len(block.predict_ms), len(block.end_to_end_ms)) == (3, 2)
    assert len(block.cpu_ms) == 3
    assert min(*block.predict_ms, *block.cpu_ms, *block.end_to_end_ms) > 0
    if sys.platform == "linux":
        assert block.waited_ms is not None and block.waited_ms >= 0


def test_the_peak_is_that_of_the_model_and_not_of_the_process_that_asks(
    process: TimedProcess, whole_run: Path
):
    held = np.ones(300_000_000, np.uint8)  # by this process: getrusage would inherit it
    artifact = whole_run / "exports" / "tiny-fp32.tflite"
    with TimedProcess(subject_of(artifact), pngs()) as other:
        memory = other.memory()
    assert 10 < memory.bare_mb < memory.peak_mb < 300 < held.nbytes / 1e6 + 1


def test_a_model_that_cannot_be_loaded_is_refused_in_the_words_of_its_backend(run_copy: Path):
    artifact = run_copy / "exports" / "tiny-fp32.onnx"
    subject = subject_of(artifact)
    artifact.write_bytes(b"not a model")
    with pytest.raises(ArtifactError, match="tiny-fp32.onnx cannot be loaded"):
        TimedProcess(subject, pngs())


def test_a_drawing_of_another_size_is_refused(whole_run: Path):
    with pytest.raises(InvalidInput, match=r"expected a picture of \(32, 32\)"):
        TimedProcess(subject_of(whole_run / "exports" / "tiny-fp32.onnx"), pngs(16))


def test_a_model_that_takes_hints_is_timed_with_them(hinted_exports):
    subject = subject_of(hinted_exports["mobile", "tflite"])
    with TimedProcess(subject, drawn_pages(32, hints=True)) as process:
        block = process.block(predictions=1, end_to_end=1)
    assert min(*block.predict_ms, *block.end_to_end_ms) > 0


def test_a_process_that_is_killed_is_named_with_its_signal(whole_run: Path):
    with TimedProcess(subject_of(whole_run / "exports" / "tiny-fp16.onnx"), pngs()) as process:
        (child,) = [pid for pid in children_of(os.getpid()) if "spawn_main" in command_of(pid)][-1:]
        os.kill(child, signal.SIGKILL)
        with pytest.raises(TimingFailed, match="tiny-fp16.onnx in ONNX Runtime.* signal 9"):
            process.block(predictions=1, end_to_end=0)


def test_the_process_ends_when_its_context_ends(whole_run: Path):
    before = set(children_of(os.getpid()))
    with TimedProcess(subject_of(whole_run / "exports" / "tiny-fp16.onnx"), pngs()):
        (child,) = set(children_of(os.getpid())) - before
    assert not is_running(child)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_no_process_outlives_a_command_that_is_stopped(
    whole_run: Path, tmp_path: Path, number: signal.Signals
):
    record = tmp_path / "base.json"
    artifact = whole_run / "exports" / "tiny-fp32.onnx"
    words = [sys.executable, "-m", "benchmarks.latency", str(artifact), "--rounds", "100000"]
    command = subprocess.Popen(
        [*words, "--save", str(record)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        # A shell starts its background jobs deaf to Control-C, and what they start inherits that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        workers: list[int] = []
        deadline = time.monotonic() + 60
        while len(workers) < 2:  # one thread, and all of them
            assert time.monotonic() < deadline and command.poll() is None
            workers = [pid for pid in children_of(command.pid) if "spawn_main" in command_of(pid)]
            time.sleep(0.05)
        command.send_signal(number)
        _, said = command.communicate(timeout=30)
    finally:
        command.kill()
    assert command.returncode == (130 if number == signal.SIGINT else -9)
    if number == signal.SIGINT:
        assert said.endswith("interrupted: every output is as it was before, or complete\n")
    assert list(tmp_path.iterdir()) == []
    while any(is_running(pid) for pid in workers):
        assert time.monotonic() < deadline, "a process lives on"
        time.sleep(0.05)


def children_of(parent: int) -> list[int]:
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(pid) for pid in listed]


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
