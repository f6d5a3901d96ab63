import json
from pathlib import Path

import pytest

from benchmarks.latency import END_TO_END, PREDICTIONS, main, measure, time_in_turn
from benchmarks.timing.process import Block
from benchmarks.timing.record import LATENCIES, write_latency
from training.errors import DataError, OutputExists


class Recorder:
    """A process that only writes down when it was asked."""

    def __init__(self, name: str, asked: list[str]) -> None:
        self.name, self.asked = name, asked

    def block(self, *, predictions: int, end_to_end: int) -> Block:
        self.asked.append(self.name)
        return Block(
            predict_ms=(1.0,) * predictions,
            cpu_ms=(1.0,) * predictions,
            waited_ms=0.0,
            end_to_end_ms=(2.0,) * end_to_end,
        )


def asked(seed: int) -> list[str]:
    order: list[str] = []
    time_in_turn([Recorder(name, order) for name in "abcd"], rounds=50, seed=seed)  # type: ignore[misc]
    return order


def test_every_model_is_asked_once_a_round_in_an_order_that_changes():
    order = asked(0)
    rounds = ["".join(order[n : n + 4]) for n in range(0, 200, 4)]
    assert all(sorted(names) == list("abcd") for names in rounds)
    assert len(set(rounds)) > 12
    assert {names[0] for names in rounds} == set("abcd")


def test_the_order_is_that_of_the_seed():
    assert asked(3) == asked(3) != asked(4)


def exported(run: Path, name: str) -> str:
    return str(run / "exports" / name)


@pytest.fixture(scope="module")
def record(whole_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two models of a run, timed and saved by the command itself."""
    path = tmp_path_factory.mktemp("latency") / "base.json"
    models = [exported(whole_run, name) for name in ("tiny-fp32.tflite", "tiny-fp32.mlpackage")]
    assert main([*models, "--rounds", "2", "--save", str(path)]) == 0
    return path


def test_a_record_holds_every_sample_and_says_what_was_typed(record: Path, whole_run: Path):
    latency = LATENCIES.read(record)
    first = latency.timings[0]
    assert latency.command.startswith("python -m benchmarks.latency ")
    assert first.artifact == exported(whole_run, "tiny-fp32.tflite")
    assert (first.format, first.recipe, first.size) == ("tflite", "fp32", 32)
    assert [len(block) for block in first.rounds_ms] == [PREDICTIONS] * 2
    assert [len(block) for block in first.end_to_end_ms] == [END_TO_END] * 2
    summary = first.summary()
    assert summary["low_ms"] <= summary["high_ms"]
    assert summary["p50_ms"] <= summary["p90_ms"] <= summary["p99_ms"]
    assert json.loads(record.read_text())["timings"][0]["summary"] == summary


def test_each_runtime_is_timed_with_one_thread(record: Path):
    settings = [row.setting for row in LATENCIES.read(record).timings]
    assert "LiteRT, 1 thread" in settings and "ML Program runtime, 1 thread" in settings


def slower(record: Path, factor: float, path: Path) -> str:
    """Write the record as if all of it had taken `factor` of the time."""
    raw = json.loads(record.read_text())
    for row in raw["timings"]:
        for name in ("rounds_ms", "cpu_ms"):
            row[name] = [[ms * factor for ms in block] for block in row[name]] * 3
        row["waited_ms"] = [0.0] * 6
    path.write_text(json.dumps(raw))
    return str(path)


def test_only_one_thread_is_timed_where_that_is_asked(whole_run: Path):
    artifact = whole_run / "exports" / "tiny-fp32.tflite"
    timed = measure([artifact], rounds=2, one_thread=True)
    assert [timing.threads for timing in timed.timings] == [1]


def test_a_baseline_a_thousand_times_faster_is_a_regression_and_ends_with_status_1(
    record: Path, whole_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    baseline = slower(record, 1e-3, tmp_path / "fast.json")
    model, save = exported(whole_run, "tiny-fp32.tflite"), tmp_path / "now.json"
    words = [model, "--rounds", "5", "--baseline", baseline, "--save", str(save)]
    assert main(words) == 1
    said = capsys.readouterr()
    assert "LiteRT, 1 thread" in said.out and "FAIL: " in said.out
    assert "tiny-fp32.mlpackage in ML Program runtime, 1 thread: only in the baseline" in said.err
    assert LATENCIES.read(save).timings  # kept, whatever the verdict

    slow = slower(record, 1e3, tmp_path / "slow.json")
    assert main([model, "--rounds", "5", "--baseline", slow]) == 0
    assert "\n0 of " in capsys.readouterr().out


# --- what is refused, before anything is timed


def test_a_baseline_of_another_machine_is_refused(
    record: Path, whole_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    raw = json.loads(record.read_text())
    raw["machine"]["cpu"] = "another"
    baseline = tmp_path / "elsewhere.json"
    baseline.write_text(json.dumps(raw))
    model, save = exported(whole_run, "tiny-fp32.onnx"), tmp_path / "now.json"
    words = [model, "--baseline", str(baseline), "--save", str(save)]
    assert "measured on another machine" in refused(words, capsys)
    assert not save.exists()


def refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main(words) == 2
    return capsys.readouterr().err


def test_nothing_to_time_is_refused(capsys: pytest.CaptureFixture[str]):
    assert "or a run folder" in refused([], capsys)


def test_one_round_is_refused(whole_run: Path, capsys: pytest.CaptureFixture[str]):
    model = exported(whole_run, "tiny-fp32.onnx")
    assert "at least 2 for an interval, received 1" in refused([model, "--rounds", "1"], capsys)


def test_a_record_that_stands_there_is_kept(
    record: Path, whole_run: Path, capsys: pytest.CaptureFixture[str]
):
    words = [exported(whole_run, "tiny-fp32.onnx"), "--save", str(record)]
    assert "already exists" in refused(words, capsys)
    with pytest.raises(OutputExists):
        write_latency(LATENCIES.read(record), record)


def test_a_tolerance_that_is_no_percentage_is_refused(
    whole_run: Path, capsys: pytest.CaptureFixture[str]
):
    words = [exported(whole_run, "tiny-fp32.onnx"), "--tolerance", "a lot"]
    assert "such as 10%, received 'a lot'" in refused(words, capsys)


def test_a_model_without_its_manifest_is_refused(
    run_copy: Path, capsys: pytest.CaptureFixture[str]
):
    (run_copy / "exports" / "tiny-fp32.onnx.json").unlink()
    assert "no model that Nurie exported" in refused([exported(run_copy, "tiny-fp32.onnx")], capsys)


def test_an_export_of_another_checkpoint_is_refused(
    run_copy: Path, capsys: pytest.CaptureFixture[str]
):
    manifest = run_copy / "exports" / "tiny-fp32.onnx.json"
    raw = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(raw | {"checkpoint_sha256": "0" * 64}))
    assert "made from another checkpoint" in refused([str(run_copy)], capsys)


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw.pop("machine"),
        lambda raw: raw.update(format="nurie-latency/0"),
        lambda raw: raw["timings"][0].update(rounds_ms=[[1.0, -2.0]], waited_ms=[0]),
        lambda raw: raw["timings"][0].update(rounds_ms=[]),
        lambda raw: raw["timings"][0].update(waited_ms=[0.0]),
        lambda raw: raw["timings"][0].update(cpu_ms=[[1.0], [1.0]]),
        lambda raw: raw["timings"][0].pop("setting"),
    ],
)
def test_a_damaged_baseline_is_refused(record: Path, tmp_path: Path, damage):
    raw = json.loads(record.read_text())
    damage(raw)
    path = tmp_path / "damaged.json"
    path.write_text(json.dumps(raw))
    with pytest.raises(DataError, match="is not a record of latency"):
        LATENCIES.read(path)
