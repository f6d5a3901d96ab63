import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.timing.subjects import load, subjects_of, usable_cores
from conversion.errors import ArtifactError
from conversion.manifest import manifest_path, read_manifest, write_manifest
from training.errors import CheckpointError, DataError


def test_a_run_stands_for_keras_and_all_of_its_exports(whole_run: Path):
    keras, *exported = subjects_of([whole_run])
    assert (keras.setting, keras.path.name, keras.size) == ("Keras", "epoch-0003", (32, 32))
    assert {(s.path.name, s.threads) for s in exported} == {
        (f"tiny-{recipe}.{suffix}", threads)
        for recipe in ("fp32", "fp16")
        for suffix in ("mlpackage", "tflite", "onnx")
        for threads in {1, usable_cores()}
    }


def test_an_artifact_that_is_named_twice_is_timed_once(whole_run: Path):
    artifact = whole_run / "exports" / "tiny-fp16.onnx"
    assert subjects_of([artifact, whole_run, artifact]).count(subjects_of([artifact])[0]) == 1


def test_a_setting_says_runtime_and_threads(whole_run: Path):
    artifact = whole_run / "exports" / "tiny-fp16.tflite"
    assert subjects_of([artifact])[0].setting == "LiteRT, 1 thread"


def test_keras_is_timed_on_what_keras_paints(whole_run: Path):
    from training.run.checkpoint import find_checkpoint
    from training.run.restoring import load_generator

    lineart = np.full((32, 32), 255, np.uint8)
    lineart[8:20, 10] = 0
    unit = load_generator(find_checkpoint(whole_run))(lineart[None, ..., None] / 127.5 - 1).numpy()
    expected = ((unit[0] + 1) * 127.5).round().clip(0, 255)
    painted = load(subjects_of([whole_run])[0])(lineart, None)
    assert (painted.shape, painted.dtype) == ((32, 32, 3), np.uint8)
    # a compiled function may sum in another order and round the other way
    ONE_GREY_LEVEL = 1
    np.testing.assert_allclose(painted, expected, atol=ONE_GREY_LEVEL, rtol=0)


def test_keras_is_timed_with_hints_on_the_finished_picture(hinted_runs):
    from training.picture.colorizer import colorize_pixels
    from training.run.checkpoint import find_checkpoint
    from training.run.restoring import load_generator

    keras = subjects_of([hinted_runs["mobile"]])[0]
    assert keras.takes_hints
    rng = np.random.default_rng(0)
    lineart = rng.integers(0, 256, (32, 32), np.uint8)
    hints = rng.integers(0, 256, (32, 32, 4), np.uint8)
    generator = load_generator(find_checkpoint(hinted_runs["mobile"]))
    expected = colorize_pixels(generator, lineart[None], hints[None])[0]
    ONE_GREY_LEVEL = 1  # as above
    painted = load(keras)(lineart, hints)
    np.testing.assert_allclose(painted.astype(int), expected, atol=ONE_GREY_LEVEL, rtol=0)


def test_what_is_no_model_is_refused(tmp_path: Path):
    with pytest.raises(DataError, match="a run folder .* received nothing"):
        subjects_of([])
    with pytest.raises(CheckpointError):
        subjects_of([tmp_path])
    with pytest.raises(ArtifactError, match="does not exist"):
        subjects_of([tmp_path / "model.onnx"])


def test_a_model_of_several_sizes_is_timed_at_each_or_at_the_one_asked_for(whole_run, tmp_path):
    one = next(path for path in whole_run.glob("exports/*.onnx"))
    artifact = Path(shutil.copy(one, tmp_path))
    manifest = replace(read_manifest(one), sizes=((32, 32), (64, 96)))
    write_manifest(manifest, manifest_path(artifact))
    timed = [(s.size, s.setting) for s in subjects_of([artifact]) if s.threads == 1]
    assert timed == [
        ((32, 32), "ONNX Runtime, 1 thread, 32 px"),
        ((64, 96), "ONNX Runtime, 1 thread, 96x64 px"),
    ]
    assert {s.size for s in subjects_of([artifact], size=(64, 96))} == {(64, 96)}
    with pytest.raises(ArtifactError, match="serves pictures of 32x32, 96x64 pixels"):
        subjects_of([artifact], size=(64, 64))
