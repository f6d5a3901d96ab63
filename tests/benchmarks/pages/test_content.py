import dataclasses
import math
import shutil
from pathlib import Path

import numpy as np
import pytest

from benchmarks.agreement.record import PARITIES, ArtifactParity, Parity
from benchmarks.drawing import compared
from benchmarks.pages import pictures
from benchmarks.pages.content import EVALUATION_FILE, LATENCY_FILE, PARITY_FILE, gather
from benchmarks.pages.speed import Note
from benchmarks.timing.record import write_latency
from conversion.manifest import read_manifest
from training.data.shards import read_manifest as read_data_manifest
from training.metrics.coloring import measure_coloring, summarise_colorings
from training.metrics.evaluation import EVALUATIONS, ROWS, Evaluation
from training.metrics.full_reference import PictureQuality, summarise
from training.run.checkpoint import find_checkpoint

IDENTICAL = PictureQuality(
    psnr_db=math.inf, ssim=1.0, ciede2000_mean=0.0, ciede2000_p99=0.0, max_levels=0.0
)
OUTPUT = Path("report.html")


@pytest.fixture(autouse=True)
def few_drawings(monkeypatch: pytest.MonkeyPatch):
    """One drawing of each kind: what is tested here does not depend on how many."""
    samples = compared.sample_drawings
    monkeypatch.setattr(
        compared, "sample_drawings", lambda size: [d for d in samples(size) if d.name == "cat"]
    )
    monkeypatch.setattr(pictures, "VALIDATION_ROWS", 1)


def of_run(run: Path, data: Path) -> dict[str, object]:
    """What every record of a run says of it."""
    checkpoint = find_checkpoint(run)
    return {
        "command": "what was typed",
        "checkpoint": str(checkpoint.folder),
        "checkpoint_sha256": checkpoint.sha256,
        "data": read_data_manifest(data).named(data),
    }


def evaluation(run: Path, data: Path) -> Evaluation:
    black = np.zeros((12, 12, 3), np.uint8)
    drawing = measure_coloring(black + np.uint8(1), black, lineart=black[..., 0])
    return Evaluation(
        rows=dict.fromkeys(ROWS, summarise({"a": drawing.quality})),
        colorings=dict.fromkeys(ROWS, summarise_colorings([drawing])),
        ms_ssim_scales=1,
        hints=None,
        epoch=find_checkpoint(run).epoch,
        **of_run(run, data),
    )


def row(artifact: Path, **changes: object) -> ArtifactParity:
    manifest = read_manifest(artifact)
    measured = ArtifactParity(
        artifact=str(artifact),
        format=manifest.format,
        recipe=manifest.recipe,
        target=manifest.target,
        bytes=manifest.bytes,
        sha256=manifest.sha256,
        gate_db=30.0,
        passed=True,
        verdict="pass",
        summary=summarise({"sample/cat": IDENTICAL}),
        pictures={"sample/cat": IDENTICAL},
        worst_hints=None,
        worst_db_by_hints={},
        layers=[],
    )
    return dataclasses.replace(measured, **changes)


def parity(run: Path, data: Path, *rows: ArtifactParity) -> Parity:
    version = f"epoch {find_checkpoint(run).epoch}"
    return Parity(artifacts=list(rows), version=version, **of_run(run, data))


@pytest.fixture(scope="module")
def other_data(tiny_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same pictures under another credit, which makes it another data set."""
    other = Path(shutil.copytree(tiny_data, tmp_path_factory.mktemp("other") / "shapes"))
    manifest = other / "manifest.json"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace('"not stated"', '"somebody"'), encoding="utf-8")
    return other


def test_records_of_this_checkpoint_and_these_drawings_are_shown(run_copy: Path, tiny_data: Path):
    EVALUATIONS.write(evaluation(run_copy, tiny_data), run_copy / EVALUATION_FILE)
    PARITIES.write(parity(run_copy, tiny_data), run_copy / PARITY_FILE)
    content = gather(run_copy, output=OUTPUT)
    assert isinstance(content.evaluation, Evaluation)
    assert isinstance(content.parity, Parity)


def test_records_of_other_drawings_are_not_shown(run_copy: Path, other_data: Path):
    EVALUATIONS.write(evaluation(run_copy, other_data), run_copy / EVALUATION_FILE)
    PARITIES.write(parity(run_copy, other_data), run_copy / PARITY_FILE)
    content = gather(run_copy, output=OUTPUT)
    for note in (content.evaluation, content.parity):
        assert isinstance(note, Note)
        shown = f"(.../{other_data.name})"
        assert note.sentence == f"Measured on other drawings {shown}, so not shown. Run:"
        assert note.command.endswith(" --overwrite")


def test_on_other_data_every_command_names_them_but_the_training(
    run_copy: Path, tiny_data: Path, other_data: Path
):
    trained, evaluated, compared, reported = gather(
        run_copy, output=OUTPUT, data=other_data
    ).commands
    assert f" --data .../{tiny_data.name} " in trained
    for command in (evaluated, compared, reported):
        assert f" {run_copy} --data {other_data} " in command


def test_a_checkpoint_without_its_run_is_shown_without_its_training(
    run_copy: Path, tiny_data: Path
):
    (run_copy / "config.json").unlink()
    commands = gather(run_copy, output=OUTPUT, data=tiny_data).commands
    assert [command.split()[2] for command in commands] == [
        "training.evaluate",
        "benchmarks.parity",
        "benchmarks.report",
    ]


def test_an_artifact_is_called_by_the_shortest_name_that_is_its_own(
    run_copy: Path, tiny_data: Path
):
    exports = run_copy / "exports"
    for folder, name in (("a", "tiny-fp32.onnx"), ("b", "other.onnx")):
        (exports / folder).mkdir()
        for suffix in ("", ".json"):
            source = exports / f"tiny-fp32.onnx{suffix}"
            text = source.read_bytes().replace(b'"tiny-fp32.onnx"', f'"{name}"'.encode())
            (exports / folder / f"{name}{suffix}").write_bytes(
                text if suffix else source.read_bytes()
            )
    paths = [
        exports / name
        for name in ("tiny-fp32.onnx", "a/tiny-fp32.onnx", "b/other.onnx", "tiny-fp32.tflite")
    ]
    PARITIES.write(parity(run_copy, tiny_data, *map(row, paths)), run_copy / PARITY_FILE)
    artifacts = gather(run_copy, output=OUTPUT).artifacts
    assert list(artifacts) == [str(paths[0]), str(paths[1]), "other.onnx", "TFLite fp32"]
    assert [measured.artifact for measured in artifacts.values()] == list(map(str, paths))


def test_a_net_with_hints_is_shown_without_them_and_with_many(hinted_runs, tiny_data: Path):
    content = gather(hinted_runs["mobile"], output=OUTPUT, data=tiny_data)
    bare, hinted = content.validation_rows[:2]
    assert hinted.name == f"{bare.name} with 16 hints"
    assert [tile.kind for tile in hinted.tiles] == ["line art", "hints", "truth", "Keras"]
    unlike = {one.kind for one, two in zip(bare.tiles, hinted.tiles, strict=True) if one != two}
    assert unlike == {"hints", "Keras"}
    assert content.most_hints == 16
    assert len(content.validation_rows) == 2 * content.shown_drawings


def test_an_artifact_that_returned_no_picture_has_a_verdict_and_no_column(
    run_copy: Path, tiny_data: Path
):
    broken = row(
        run_copy / "exports" / "tiny-fp32.onnx",
        passed=False,
        verdict="FAIL: sample/cat: RuntimeError",
        summary=None,
        pictures={},
    )
    PARITIES.write(parity(run_copy, tiny_data, broken), run_copy / PARITY_FILE)
    content = gather(run_copy, output=OUTPUT)
    assert content.artifacts["ONNX fp32"].verdict == "FAIL: sample/cat: RuntimeError"
    assert [tile.kind for tile in content.sample_rows[0].tiles] == ["line art", "Keras"]


def test_the_worst_drawing_of_each_artifact_is_painted_again(run_copy: Path, tiny_data: Path):
    artifact = run_copy / "exports" / "tiny-fp16.onnx"
    broken = dataclasses.replace(
        row(artifact), summary=None, pictures={}, artifact="runs/x/broken.onnx", recipe="fp32"
    )
    PARITIES.write(parity(run_copy, tiny_data, row(artifact), broken), run_copy / PARITY_FILE)
    (worst,) = gather(run_copy, output=OUTPUT).worst_rows  # a model that drew nothing has none
    assert worst.name == "ONNX fp16: cat"
    assert [tile.kind for tile in worst.tiles] == ["line art", "Keras", "model", "difference x 8"]
    assert worst.tiles[2].note == "identical"


def test_a_worst_drawing_that_is_gone_since_is_left_out(run_copy: Path, tiny_data: Path):
    artifact = run_copy / "exports" / "tiny-fp16.onnx"
    gone = row(artifact, summary=summarise({"sample/gone": IDENTICAL}))
    PARITIES.write(parity(run_copy, tiny_data, gone), run_copy / PARITY_FILE)
    assert gather(run_copy, output=OUTPUT).worst_rows == []


def test_times_of_other_models_are_not_shown(run_copy: Path, timed):
    write_latency(timed(("another model", 1)), run_copy / LATENCY_FILE)
    note = gather(run_copy, output=OUTPUT).speed
    assert isinstance(note, Note)
    assert note.sentence == "Measured on other models, so not shown. Run:"
    assert note.command.endswith(" --overwrite")
