from pathlib import Path

from benchmarks import demo
from benchmarks.demo import Options, demo_steps


def names(options):
    return [step.name for step in demo_steps(options)]


def test_it_goes_from_drawings_to_a_report_in_order(tmp_path):
    assert names(Options(out=tmp_path / "run", data=tmp_path / "data")) == [
        "training.prepare",
        "training.train",
        "training.evaluate",
        *["conversion.to_coreml"] * 2,
        *["conversion.to_tflite"] * 2,
        *["conversion.to_onnx"] * 2,
        "benchmarks.parity",
        "benchmarks.latency",
        "benchmarks.showcase",
        "benchmarks.report",
    ]


def test_what_is_timed_is_among_what_was_exported(tmp_path):
    steps = demo_steps(Options(out=tmp_path / "run", data=tmp_path / "data"))
    made = {
        (step.name.rpartition("to_")[2], step.arguments[2])
        for step in steps
        if step.name.startswith("conversion")
    }
    (timing,) = (step for step in steps if step.name == "benchmarks.latency")
    formats = {".mlpackage": "coreml", ".tflite": "tflite", ".onnx": "onnx"}
    timed = [Path(word) for word in timing.arguments if Path(word).suffix in formats]
    assert len(timed) == 3
    for path in timed:
        assert path.parent == tmp_path / "run" / "exports"
        assert (formats[path.suffix], path.stem.removeprefix("run-")) in made


def test_data_that_is_there_is_not_prepared_again_and_a_run_is_resumed(tmp_path):
    first = demo_steps(Options(out=tmp_path / "run", data=tmp_path / "data"))[1]
    assert first.arguments[-2:] == ("--init", "pretrained")
    for name in ("run", "data"):
        (tmp_path / name).mkdir()
    steps = demo_steps(Options(out=tmp_path / "run", data=tmp_path / "data", epochs=1))
    assert steps[0].name == "training.train"
    # With the weights that it began with, or the run would be another one.
    assert steps[0].arguments[-5:] == ("--epochs", "1", "--init", "pretrained", "--resume")


def test_it_never_advises_to_delete_a_folder_that_is_no_run(tmp_path, capsys):
    (tmp_path / "photos").mkdir()
    (tmp_path / "data").mkdir()
    assert demo.main(["--out", str(tmp_path / "photos"), "--data", str(tmp_path / "data")]) == 2
    assert "rm -r" not in capsys.readouterr().err
