import keras
import numpy as np
import pytest

from conversion.export.calibration import calibration_drawings
from conversion.quantized.equalize import CentredNormalization, equalized
from training import pixels
from training.run.checkpoint import find_checkpoint
from training.run.restoring import load_generator

# Divided and multiplied again in float32, through ten layers.
ROUNDING = 1e-4


@pytest.fixture(scope="module")
def twins(tiny_run, tiny_data):
    """The generator as trained, its equalized twin, and the drawings that it was made with."""
    checkpoint = find_checkpoint(tiny_run)
    drawings = calibration_drawings(checkpoint, tiny_data, count=20)
    generator = load_generator(checkpoint)
    return generator, equalized(generator, drawings), drawings


def test_the_twin_paints_the_same_picture(twins):
    generator, twin, _ = twins
    lineart = np.random.default_rng(0).uniform(-1, 1, (3, 32, 32, 1)).astype(np.float32)
    expected = generator(lineart, training=False).numpy()
    assert expected.std() > 0.02
    np.testing.assert_allclose(twin(lineart, training=False), expected, atol=ROUNDING)


def test_every_channel_before_a_normalization_has_mean_0_and_deviation_1(twins):
    generator, twin, drawings = twins
    unit = pixels.to_unit_range(drawings.lineart[..., None])
    norms = [layer for layer in twin.layers if isinstance(layer, CentredNormalization)]
    assert len(norms) == 7  # three on the way down, four on the way up
    for norm in norms:
        before = keras.Model(twin.input, norm.input)(unit).numpy()
        unlike = keras.Model(generator.input, generator.get_layer(norm.name).input)(unit).numpy()
        np.testing.assert_allclose(before.mean((0, 1, 2)), 0, atol=1e-3)
        np.testing.assert_allclose(before.std((0, 1, 2)), 1, atol=1e-3)
        assert np.ptp(unlike.std((0, 1, 2))) > 0.01


def test_a_centred_normalization_is_the_textbooks():
    layer = CentredNormalization()
    layer.build((None, None, None, 2))
    layer.set_weights([np.array([2.0, 3.0]), np.array([1.0, -1.0]), np.array([0.0, 12.0])])
    x = np.array([[[[1, 0], [3, 4]]]], np.float32)  # means 2, 2; variances 1, 4
    # 2 * (-1, 1) / 1 + 1; 3 * (-2, 2) / sqrt(4 + 12) - 1
    np.testing.assert_allclose(layer(x), [[[[-1, -2.5], [3, 0.5]]]], rtol=1e-6)
