import dataclasses
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from conversion.errors import ArtifactError, InvalidInput
from conversion.export.feeds import NotFinite, decode
from conversion.interface import Port
from conversion.manifest import artifact_sha256, manifest_path, read_manifest, write_manifest
from conversion.runtimes.backends import (
    Backend,
    load_backend,
    open_backend,
)
from training.pixels import under_ink

SUFFIXES = ("mlpackage", "tflite", "onnx")


def port(**changes: object) -> Port:
    usual = Port(
        name="color",
        kind="tensor",
        shape=(1, 2, 3, 3),
        layout="NHWC",
        dtype="float32",
        colors="rgb",
        scale=0.5,
        bias=-10.0,
    )
    return dataclasses.replace(usual, **changes)


def test_a_value_becomes_the_pixel_it_came_from_rounded_and_clipped():
    value = np.full((1, 2, 3, 3), -10.0, np.float32)
    # (value + 10) x 2: 100; 0.5 and 1.5 round to even; below and above the range
    value[0, 0, 0] = [40, -9.75, -9.25]
    value[0, 1, 2] = [-11, 117.5, 500]
    pixels = decode(value, port())
    assert (pixels.shape, pixels.dtype) == ((2, 3, 3), np.uint8)
    np.testing.assert_array_equal(pixels[0, 0], [100, 0, 2])
    np.testing.assert_array_equal(pixels[1, 2], [0, 255, 255])


def test_channels_first_is_turned_round():
    value = np.arange(18, dtype=np.float32).reshape(1, 3, 2, 3)
    pixels = decode(value, port(shape=(1, 3, 2, 3), layout="NCHW", scale=1.0, bias=0.0))
    np.testing.assert_array_equal(pixels[1, 2], [5, 11, 17])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_value_that_is_not_finite_is_never_a_pixel(bad: float):
    value = np.zeros((1, 2, 3, 3), np.float32)
    value[0, 1, 1, 1] = bad
    with pytest.raises(NotFinite, match="1 of 18 values of 'color'"):
        decode(value, port())


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_paints_what_keras_paints(whole_run: Path, suffix: str):
    from training.run.checkpoint import find_checkpoint
    from training.run.restoring import load_generator

    rng = np.random.default_rng(5)
    lineart = np.where(rng.random((32, 32)) < 0.2, 0, 255).astype(np.uint8)
    unit = load_generator(find_checkpoint(whole_run))(lineart[None, ..., None] / 127.5 - 1).numpy()
    expected = ((unit[0] + 1) * 127.5).round().clip(0, 255)

    painted = open_backend(whole_run / "exports" / f"tiny-fp32.{suffix}").colorize(lineart)
    assert (painted.shape, painted.dtype) == ((32, 32, 3), np.uint8)
    assert painted.std() > 5  # a picture that says something
    # float32 sums in another order may round the other way.
    ONE_GREY_LEVEL = 1
    np.testing.assert_allclose(painted, expected, atol=ONE_GREY_LEVEL, rtol=0)


@pytest.mark.parametrize("net", ["mobile", "unet"])
@pytest.mark.parametrize("format", ["coreml", "tflite", "onnx"])
def test_with_hints_and_without_every_format_paints_the_finished_picture_of_keras(
    hinted_runs, hinted_exports, net: str, format: str
):
    from training.picture.colorizer import colorize_pixels
    from training.run.checkpoint import find_checkpoint
    from training.run.restoring import load_generator

    rng = np.random.default_rng(5)
    lineart = np.where(rng.random((1, 32, 32)) < 0.2, 0, 255).astype(np.uint8)
    hints = np.zeros((1, 32, 32, 4), np.uint8)
    hints[:, 8:20, 8:20] = rng.integers(0, 256, 4, np.uint8)  # the mask too is any of 0 to 255
    hints[:, 8:14, 8:20, 3] = 255
    hints[:, :4] = (90, 200, 30, 0)  # what an app may leave where there is no hint
    generator = load_generator(find_checkpoint(hinted_runs[net]))
    backend = open_backend(hinted_exports[net, format])
    pictures = []
    for given in (None, hints):
        expected = colorize_pixels(generator, lineart, given)[0]
        painted = backend.colorize(lineart[0], None if given is None else given[0])
        # float16 in all formats; the U-Net's norms of 2 filters divide by little.
        THREE_GREY_LEVELS = 3
        np.testing.assert_allclose(painted.astype(int), expected, atol=THREE_GREY_LEVELS, rtol=0)
        pictures.append(expected.astype(int))
    assert np.abs(pictures[0] - pictures[1]).max() > 20  # hints count


def test_hints_for_a_model_that_takes_none_are_refused(whole_run: Path):
    backend = open_backend(whole_run / "exports" / "tiny-fp32.onnx")
    with pytest.raises(InvalidInput, match="takes line art alone; received hints"):
        backend.colorize(np.zeros((32, 32), np.uint8), np.zeros((32, 32, 4), np.uint8))


def test_hints_of_another_size_are_refused(hinted_exports):
    backend = open_backend(hinted_exports["mobile", "onnx"])
    with pytest.raises(InvalidInput, match=r"'hints': expected a picture of \(32, 32, 4\)"):
        backend.colorize(np.zeros((32, 32), np.uint8), np.zeros((16, 16, 4), np.uint8))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_manifest_that_names_another_port_is_refused(run_copy: Path, suffix: str):
    artifact = run_copy / "exports" / f"tiny-fp32.{suffix}"
    raw = json.loads(manifest_path(artifact).read_text())
    raw["interface"]["inputs"][0]["name"] = "sketch"
    manifest_path(artifact).write_text(json.dumps(raw))
    with pytest.raises(ArtifactError, match="sketch"):
        open_backend(artifact)


@pytest.mark.parametrize("suffix", ["tflite", "onnx"])
@pytest.mark.parametrize("end", ["inputs", "output"])
def test_a_manifest_that_names_another_dtype_is_refused(run_copy: Path, suffix: str, end: str):
    artifact = run_copy / "exports" / f"tiny-fp32.{suffix}"
    raw = json.loads(manifest_path(artifact).read_text())
    port = raw["interface"][end]
    (port[0] if end == "inputs" else port)["dtype"] = "uint8"
    manifest_path(artifact).write_text(json.dumps(raw))
    with pytest.raises(ArtifactError, match="uint8.*, the model has .*float32"):
        open_backend(artifact)


@pytest.mark.parametrize("suffix", ["tflite", "onnx"])
def test_a_model_that_cannot_be_loaded_is_refused_by_name(run_copy: Path, suffix: str):
    artifact = run_copy / "exports" / f"tiny-fp32.{suffix}"
    manifest = read_manifest(artifact)
    artifact.write_bytes(b"not a model")
    write_manifest(
        dataclasses.replace(manifest, sha256=artifact_sha256(artifact)), manifest_path(artifact)
    )
    with pytest.raises(ArtifactError, match=f"tiny-fp32.{suffix} cannot be loaded"):
        open_backend(artifact)


def with_threads(artifact: Path, threads: int) -> Backend:
    return load_backend(artifact, read_manifest(artifact), threads=threads, compute_units=None)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_one_thread_and_two_paint_the_same_picture(whole_run: Path, suffix: str):
    artifact = whole_run / "exports" / f"tiny-fp32.{suffix}"
    lineart = np.full((32, 32), 255, np.uint8)
    lineart[8:20, 10] = 0
    one, two = (with_threads(artifact, n).colorize(lineart) for n in (1, 2))
    ONE_GREY_LEVEL = 1  # sums in another order may round the other way
    np.testing.assert_allclose(one, two.astype(int), atol=ONE_GREY_LEVEL, rtol=0)


def threads_of_this_process() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in /proc")
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_number_of_threads_is_what_was_asked_for(whole_run: Path, suffix: str):
    artifact, lineart = whole_run / "exports" / f"tiny-fp32.{suffix}", np.zeros((32, 32), np.uint8)
    started = {}
    for threads in (1, 4):
        before = threads_of_this_process()
        backend = with_threads(artifact, threads)
        backend.colorize(lineart)
        started[threads] = threads_of_this_process() - before
        del backend
    assert started == {1: 0, 4: 3}  # the caller is one of them


@pytest.mark.parametrize("threads", [0, -1])
def test_a_number_of_threads_below_one_is_refused(whole_run: Path, threads: int):
    with pytest.raises(ArtifactError, match=f"from 1, .* received {threads}"):
        with_threads(whole_run / "exports" / "tiny-fp32.onnx", threads)


@pytest.mark.skipif(sys.platform == "darwin", reason="a Mac has compute units")
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_compute_units_are_refused_where_core_ml_is_not(whole_run: Path, suffix: str):
    artifact = whole_run / "exports" / f"tiny-fp32.{suffix}"
    with pytest.raises(ArtifactError, match="'cpuOnly' exist in Core ML alone"):
        load_backend(artifact, read_manifest(artifact), threads=None, compute_units="cpuOnly")


@pytest.mark.parametrize("net", ["mobile", "unet"])
def test_as_a_net_a_model_paints_what_belongs_below_the_ink(hinted_exports, net: str):
    backend = open_backend(hinted_exports[net, "onnx"])
    lineart = np.full((32, 32), 255, np.uint8)
    lineart[8:20, 10] = 0
    drawn = backend.as_net()
    painted = drawn.paint(lineart, None)
    if net == "mobile":
        usual = 2 / 72 * 32
        assert (drawn.size, drawn.layer) == ((32, 32), True)
        assert drawn.learned == pytest.approx((1.0, 1.25 * usual))
        painted = under_ink(painted, lineart)
    else:
        assert drawn.learned == (32 / 36, 32 / 36)  # its lines came as they were
    np.testing.assert_array_equal(painted, backend.colorize(lineart))
