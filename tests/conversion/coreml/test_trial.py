from pathlib import Path

import numpy as np
import pytest

from conversion.compression.search import approximated, psnrs_db
from conversion.coreml.layers import layers_of
from conversion.coreml.trial import Trial
from conversion.coreml.weights import store
from conversion.export.drawings import Drawings
from conversion.interface import image_interface
from conversion.mlprogram.model import load
from conversion.runtimes.backends import open_backend

PICTURES = image_interface((32, 32))


@pytest.fixture(scope="module")
def drawings():
    lineart = np.random.default_rng(0).integers(0, 256, (3, 32, 32)).astype(np.uint8)
    return Drawings(lineart=lineart)


def painted(package, drawings):
    """What a package paints in float32, (N, H, W, 3) uint8."""
    model = load(package, "float32")
    pictures = [model.predict({"lineart": drawing})["color"] for drawing, _ in drawings]
    return np.stack([np.asarray(picture.convert("RGB")) for picture in pictures])


def test_without_other_weights_it_paints_what_the_package_paints(float16_model, drawings):
    package = Path(float16_model.package_path)
    layers = [layer for layer in layers_of(float16_model) if not layer.is_small]
    colors = Trial(package, layers, PICTURES).colors(drawings, {})
    assert colors.shape == (3, 3, 32, 32)
    assert np.isinf(psnrs_db(colors, painted(package, drawings))).all()


def test_other_weights_paint_what_a_package_that_stores_them_paints(float16_model, drawings):
    layers = [layer for layer in layers_of(float16_model) if not layer.is_small]
    ways = ["palette1", "palette2", "palette4", "fp16"]
    chosen = {layer.name: ways[n % len(ways)] for n, layer in enumerate(layers)}
    weights = {
        layer.name: approximated(layer, chosen[layer.name], grouped=True) for layer in layers
    }
    trial = Trial(Path(float16_model.package_path), layers, PICTURES)
    colors = trial.colors(drawings, weights)
    model, _details = store(float16_model, chosen, grouped=True)
    assert np.isinf(psnrs_db(colors, painted(Path(model.package_path), drawings))).all()
    # A trial leaves no trace in the next one.
    assert not np.array_equal(trial.colors(drawings, {}), colors)


def test_a_layer_lies_under_the_ink_of_its_drawing(hinted_exports):
    rng = np.random.default_rng(0)
    given = Drawings(
        lineart=rng.integers(0, 256, (2, 32, 32), np.uint8),
        hints=rng.integers(0, 256, (2, 32, 32, 4), np.uint8),
    )
    package = hinted_exports["mobile", "coreml"]
    backend = open_backend(package)
    trial = Trial(package, [], backend.manifest.interface)
    expected = np.stack([backend.colorize(*each) for each in given])
    # Rounded once here and twice there, and one computes in float32.
    ONE_GREY_LEVEL_DB = 20 * np.log10(255)
    assert psnrs_db(trial.colors(given, {}), expected).min() > ONE_GREY_LEVEL_DB
    bare = Drawings(lineart=given.lineart, hints=np.zeros_like(given.hints))
    assert psnrs_db(trial.colors(bare, {}), expected).max() < ONE_GREY_LEVEL_DB


def test_psnr_is_of_each_picture_on_8_bits():
    reference = np.full((2, 4, 5, 3), 100, np.uint8)
    colors = np.full((2, 3, 4, 5), 100.4)  # rounds to 100
    colors[1] += 1
    nothing, one_level = psnrs_db(colors, reference)
    assert np.isinf(nothing)
    assert one_level == pytest.approx(20 * np.log10(255))
