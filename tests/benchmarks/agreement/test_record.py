import json
import math
from pathlib import Path

import numpy as np
import pytest

from benchmarks.agreement.layers import LayerAgreement
from benchmarks.agreement.record import (
    PARITIES,
    ArtifactParity,
    Parity,
    compare,
    measure_artifact,
    require_made_from,
)
from benchmarks.agreement.sheets import Sheet, single_sheets
from benchmarks.drawing.compared import Given
from conversion.errors import ArtifactError
from conversion.export.feeds import NotFinite
from conversion.export.origins.find import find_origin
from conversion.runtimes.backends import open_backend
from training.data.named import NamedData
from training.errors import DataError
from training.metrics.full_reference import PictureQuality, summarise
from training.run.checkpoint import find_checkpoint


def parity(*, passed: bool = True) -> Parity:
    quality = PictureQuality(
        psnr_db=math.inf, ssim=1.0, ciede2000_mean=0.0, ciede2000_p99=0.0, max_levels=0.0
    )
    row = ArtifactParity(
        artifact="runs/x/exports/x-fp32.onnx",
        format="onnx",
        recipe="fp32",
        target=None,
        bytes=10,
        sha256="ab",
        gate_db=60.0,
        passed=passed,
        verdict="pass: inf >= 60 dB",
        summary=summarise({"sample/cat": quality}) if passed else None,
        pictures={"sample/cat": quality} if passed else {},
        worst_hints=0 if passed else None,
        worst_db_by_hints={"0": math.inf} if passed else {},
        layers=[LayerAgreement(layer="up_1", value="up_1/conv", psnr_db=-math.inf)],
    )
    return Parity(
        command="python -m benchmarks.parity runs/x",
        checkpoint="runs/x/checkpoints/epoch-0001",
        checkpoint_sha256="cd",
        version="epoch 1",
        data=NamedData(path="data/x", sha256="ef", source="s", licence="l", credit="©"),
        artifacts=[row],
    )


def against_black(drawings: dict[str, np.ndarray]) -> list[Sheet]:
    return single_sheets(
        {name: Given(lineart=drawing) for name, drawing in drawings.items()},
        {name: np.zeros((*d.shape, 3), np.uint8) for name, d in drawings.items()},
    )


def compare_here(artifact: Path, sheets):
    """Compare in this process, where a test has replaced what a model paints."""
    return compare(open_backend(artifact), artifact, sheets)


def test_an_artifact_is_compared_drawing_by_drawing(whole_run: Path):
    artifact = whole_run / "exports" / "tiny-fp32.onnx"
    drawings = {"paper": np.full((32, 32), 255, np.uint8), "ink": np.zeros((32, 32), np.uint8)}
    done: list[int] = []
    row = measure_artifact(artifact, against_black(drawings), after_each=lambda: done.append(1))
    assert list(row.pictures) == ["paper", "ink"]
    assert len(done) == 2
    assert (row.format, row.recipe) == ("onnx", "fp32")
    assert row.bytes == artifact.stat().st_size
    assert not row.passed  # black is not what it paints


def test_drawings_on_one_sheet_are_painted_once_and_compared_apart(
    whole_run: Path, monkeypatch: pytest.MonkeyPatch
):
    from conversion.runtimes.backends import OnnxBackend

    painted: list[int] = []

    def half_white(self: OnnxBackend, lineart: np.ndarray, hints: None) -> np.ndarray:
        painted.append(1)
        picture = np.zeros((32, 32, 3), np.uint8)
        picture[:, 16:] = 255
        return picture

    monkeypatch.setattr(OnnxBackend, "colorize", half_white)
    left, right = (slice(None), slice(0, 16)), (slice(None), slice(16, 32))
    sheet = Sheet(
        lineart=np.zeros((32, 32), np.uint8),
        reference=np.zeros((32, 32, 3), np.uint8),
        places={"left": left, "right": right},
    )
    row = compare_here(whole_run / "exports" / "tiny-fp32.onnx", [sheet])
    assert len(painted) == 1
    assert row.pictures["left"].psnr_db == math.inf
    assert row.pictures["right"].psnr_db == 0


def test_the_worst_says_how_many_hints_it_has_and_each_number_has_its_own_worst(
    hinted_exports, monkeypatch: pytest.MonkeyPatch
):
    from conversion.runtimes.backends import OnnxBackend

    def off_by_what_is_hinted(self: OnnxBackend, lineart, hints) -> np.ndarray:
        return np.full((32, 32, 3), hints.max(), np.uint8)

    monkeypatch.setattr(OnnxBackend, "colorize", off_by_what_is_hinted)
    drawings = {
        f"{name} {count}": Given(
            lineart=np.zeros((32, 32), np.uint8),
            hints=np.full((32, 32, 4), level, np.uint8),
            count=count,
        )
        for name, count, level in (("a", 0, 1), ("b", 0, 2), ("a", 4, 3), ("a", 16, 1))
    }
    black = {name: np.zeros((32, 32, 3), np.uint8) for name in drawings}
    row = compare_here(hinted_exports["mobile", "onnx"], single_sheets(drawings, black))
    assert (row.summary.worst_id, row.worst_hints) == ("a 4", 4)
    levels = {count: 255 / 10 ** (db / 20) for count, db in row.worst_db_by_hints.items()}
    assert levels == pytest.approx({"0": 2, "4": 3, "16": 1})


def test_a_model_that_returns_nan_fails_and_says_for_which_drawing(
    whole_run: Path, monkeypatch: pytest.MonkeyPatch
):
    from conversion.runtimes.backends import OnnxBackend

    def broken(self: OnnxBackend, lineart: np.ndarray, hints: None) -> np.ndarray:
        raise NotFinite("3 of 9 values of 'color' are not finite")

    monkeypatch.setattr(OnnxBackend, "colorize", broken)
    drawings = {"sample/cat": np.zeros((32, 32), np.uint8)}
    row = compare_here(whole_run / "exports" / "tiny-fp32.onnx", against_black(drawings))
    assert (row.passed, row.summary) == (False, None)
    assert row.verdict == "FAIL: sample/cat: 3 of 9 values of 'color' are not finite"


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (RuntimeError("node 7 failed\nat line 1"), "RuntimeError: node 7 failed"),
        (KeyError("color"), "KeyError: 'color'"),
        (MemoryError(), "MemoryError"),
    ],
    ids=["several lines", "a name", "no words"],
)
def test_a_model_that_stops_while_it_runs_fails_and_says_why(
    whole_run: Path, monkeypatch: pytest.MonkeyPatch, raised: Exception, said: str
):
    from conversion.runtimes.backends import OnnxBackend

    works = OnnxBackend.colorize

    def stops_at_ink(self: OnnxBackend, lineart: np.ndarray, hints: None) -> np.ndarray:
        if not lineart.any():
            raise raised
        return works(self, lineart)

    monkeypatch.setattr(OnnxBackend, "colorize", stops_at_ink)
    drawings = {"ink": np.zeros((32, 32), np.uint8), "paper": np.full((32, 32), 255, np.uint8)}
    row = compare_here(whole_run / "exports" / "tiny-fp32.onnx", against_black(drawings))
    assert (row.passed, row.summary, list(row.pictures)) == (False, None, ["paper"])
    assert row.verdict == f"FAIL: ink: {said}"


def test_a_model_that_returns_a_picture_of_another_size_fails(
    whole_run: Path, monkeypatch: pytest.MonkeyPatch
):
    from conversion.runtimes.backends import OnnxBackend

    wide = np.zeros((32, 64, 3), np.uint8)
    monkeypatch.setattr(OnnxBackend, "colorize", lambda self, lineart, hints: wide)
    drawings = {"cat": np.zeros((32, 32), np.uint8)}
    row = compare_here(whole_run / "exports" / "tiny-fp32.onnx", against_black(drawings))
    assert not row.passed
    assert row.verdict.startswith("FAIL: cat: expected a picture of (32, 32, 3)")


def test_an_artifact_of_this_checkpoint_is_accepted(whole_run: Path):
    origin = find_origin(whole_run)
    artifact = whole_run / "exports" / "tiny-fp16.tflite"
    assert require_made_from(origin, artifact).recipe == "fp16"


def test_an_artifact_of_another_checkpoint_is_refused(run_copy: Path):
    artifact = run_copy / "exports" / "tiny-fp16.tflite"
    description = find_checkpoint(run_copy).folder / "checkpoint.json"
    description.write_text(description.read_text() + "\n")  # another hash: another checkpoint
    with pytest.raises(ArtifactError, match="another checkpoint.*to another file"):
        require_made_from(find_origin(run_copy), artifact)


@pytest.mark.parametrize("passed", [True, False])
def test_a_record_survives_its_file(tmp_path: Path, passed: bool):
    PARITIES.write(parity(passed=passed), tmp_path / "parity.json")
    assert PARITIES.read(tmp_path / "parity.json") == parity(passed=passed)
    assert parity(passed=passed).passed is passed


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda raw: raw.update(format="nurie-parity/3"), "received 'nurie-parity/3'"),
        (lambda raw: raw.update(mood="good"), r"unknown fields \['mood'\]"),
        (lambda raw: raw.update(version=1), r"\$\.version: expected str, received 1"),
        (lambda raw: raw.update(artifacts=[{}]), r"\$\.artifacts\[0\]: .*missing fields"),
        (lambda raw: raw["artifacts"][0].update(format="ggml"), r"\[0\]\.format: .*'ggml'"),
        (lambda raw: raw["artifacts"][0]["pictures"].update(cat=1), r"\.pictures\.cat: .* 1"),
    ],
)
def test_a_damaged_record_is_refused_with_its_fault_and_the_remedy(tmp_path: Path, damage, said):
    path = tmp_path / "parity.json"
    PARITIES.write(parity(), path)
    raw = json.loads(path.read_text())
    damage(raw)
    path.write_text(json.dumps(raw))
    with pytest.raises(DataError, match=rf"is not a parity record: .*{said}.*--overwrite"):
        PARITIES.read(path)
