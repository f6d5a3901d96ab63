"""A model in a process of its own: what ends that process ends nothing else."""

import multiprocessing
from pathlib import Path

import numpy as np
import pytest

from benchmarks.agreement.record import measure_artifact
from benchmarks.agreement.sheets import single_sheets
from benchmarks.drawing.compared import Given
from benchmarks.runtimes.isolated import isolated
from conversion.errors import ArtifactError, InvalidInput
from conversion.runtimes.backends import open_backend

INK = np.zeros((32, 32), np.uint8)


def artifact_of(run: Path) -> Path:
    return run / "exports" / "tiny-fp16.tflite"


def end_its_process() -> None:
    (process,) = multiprocessing.active_children()
    process.kill()
    process.join()


def test_a_model_paints_there_what_it_paints_here(whole_run: Path):
    here = open_backend(artifact_of(whole_run)).colorize(INK)
    with isolated(artifact_of(whole_run)) as model:
        np.testing.assert_array_equal(model.colorize(INK), here)
        assert model.layers(INK, None)
        with pytest.raises(InvalidInput):
            model.colorize(INK[:5])
    assert not multiprocessing.active_children()


@pytest.mark.usefixtures("coreai")
def test_a_core_ai_asset_runs_in_that_process_and_elsewhere_in_one_of_its_own(
    whole_run: Path, tiny_run: Path, tmp_path: Path
):
    from conversion import to_coreai

    asset = to_coreai.convert(tiny_run, tmp_path / "net.aimodel", recipe="fp32")
    plain = open_backend(whole_run / "exports" / "tiny-fp32.onnx").colorize(INK)
    # Sums in another order may round the other way.
    ONE_GREY_LEVEL = 1
    with isolated(asset) as model:
        painted = model.colorize(INK)
        np.testing.assert_allclose(painted, plain.astype(int), atol=ONE_GREY_LEVEL, rtol=0)
        assert not model.layers(INK, None)  # it keeps no names
    elsewhere = open_backend(asset)
    np.testing.assert_array_equal(elsewhere.colorize(INK), painted)
    elsewhere.close()
    assert not multiprocessing.active_children()


def test_a_signal_becomes_an_error_that_names_the_model(whole_run: Path):
    with isolated(artifact_of(whole_run)) as model:
        end_its_process()
        for _ in range(2):
            with pytest.raises(ArtifactError, match=r"tiny-fp16\.tflite.*ended with signal 9"):
                model.colorize(INK)


def test_a_model_that_ends_its_process_fails_in_parity_and_ends_nothing_else(whole_run: Path):
    drawings = {name: Given(lineart=INK) for name in ("first", "second")}
    black = {name: np.zeros((32, 32, 3), np.uint8) for name in drawings}
    done: list[int] = []

    def after_each() -> None:
        done.append(1)
        if len(done) == 1:
            end_its_process()

    sheets = single_sheets(drawings, black)
    row = measure_artifact(artifact_of(whole_run), sheets, after_each=after_each)
    assert (row.passed, row.summary, list(row.pictures)) == (False, None, ["first"])
    assert "FAIL: second: " in row.verdict
    assert "ended with signal 9" in row.verdict


def test_what_cannot_be_loaded_is_said_as_it_is_said_here(tmp_path: Path):
    with pytest.raises(ArtifactError) as caught, isolated(tmp_path / "none.tflite"):
        pass
    with pytest.raises(ArtifactError) as here:
        open_backend(tmp_path / "none.tflite")
    assert str(caught.value) == str(here.value)
