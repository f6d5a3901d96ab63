import numpy as np
import pytest
import tensorflow as tf

from benchmarks.lent_gpu.geometry import augmented, cropped, transformed
from training.settings.pictures import AugmentConfig

# Of 255 grey levels: both interpolate in float32, and round places of up to 64 pixels.
ROUNDING = 0.01


@pytest.fixture
def picture():
    return np.random.default_rng(0).uniform(0, 255, (19, 19, 4)).astype(np.float32)


@pytest.mark.parametrize(
    "box", [(0.1, 0.2, 0.8, 0.9), (0.1, 0.9, 0.8, 0.2), (-0.1, -0.2, 1.2, 1.1), (0, 1, 1, 0)]
)
def test_a_box_is_sampled_as_tensorflow_does(picture, box):
    expected = tf.image.crop_and_resize(
        picture[None], np.array([box], np.float32), [0], (19, 19), extrapolation_value=255.0
    )
    np.testing.assert_allclose(cropped(picture, np.array(box)), expected[0], atol=ROUNDING)


@pytest.mark.parametrize("shift", [0.0, 3.3, -40.0])
def test_an_affine_map_is_sampled_as_tensorflow_does(picture, shift):
    rows = np.array([[1.1, 0.07, shift], [-0.05, 0.9, 1.6]])
    expected = tf.raw_ops.ImageProjectiveTransformV3(
        images=picture[None],
        transforms=np.append(rows.ravel(), [0, 0]).astype(np.float32)[None],
        output_shape=(19, 19),
        fill_value=255.0,
        interpolation="BILINEAR",
        fill_mode="CONSTANT",
    )
    np.testing.assert_allclose(transformed(picture, rows), expected[0], atol=ROUNDING)


def test_a_flip_alone_keeps_every_pixel(picture):
    flip, rng = AugmentConfig(flip=True, jitter=0), np.random.default_rng(0)
    drawn = [augmented(picture, rng=rng, augment=flip) for _ in range(20)]
    same = [np.array_equal(d, picture) for d in drawn]
    mirrored = [np.array_equal(d, picture[:, ::-1]) for d in drawn]
    assert np.logical_xor(same, mirrored).all()
    assert 0 < sum(same) < 20


def test_what_is_drawn_smaller_or_warped_has_paper_around():
    ink = np.zeros((32, 32, 4), np.float32)
    augment = AugmentConfig(flip=True, jitter=0, shrink=0.5, warp=0.1)
    rng = np.random.default_rng(0)
    inked = [np.mean(augmented(ink, rng=rng, augment=augment) < 128) for _ in range(20)]
    assert 0.1 < min(inked) < 0.5 < max(inked) <= 1
