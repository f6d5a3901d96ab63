import numpy as np
import tensorflow as tf

from training.data.variation.geometry import augment_batch
from training.settings.pictures import AugmentConfig

KEY = tf.constant([1, 2], tf.int64)


def test_what_is_drawn_smaller_has_paper_around():
    lineart, color = -np.ones((8, 16, 16, 1), np.float32), -np.ones((8, 16, 16, 3), np.float32)
    augment = AugmentConfig(flip=False, jitter=0, shrink=0.5)
    lines, colors = augment_batch(lineart, color, key=KEY, augment=augment)
    inked = (lines.numpy()[..., 0] < 0).sum(axis=(1, 2))
    assert (inked < 16 * 16).any()
    assert (inked > 0.4**2 * 16 * 16).all()
    assert colors.numpy().max() == 1


def test_flips_are_exact_and_common_to_both_pictures():
    rng = np.random.default_rng(0)
    lineart = rng.uniform(-1, 1, (64, 8, 8, 1)).astype(np.float32)
    color = np.repeat(lineart, 3, axis=-1)
    key = tf.constant([1, 2], tf.int64)
    flip = AugmentConfig(flip=True, jitter=0)
    x, y = augment_batch(tf.constant(lineart), tf.constant(color), key=key, augment=flip)
    np.testing.assert_array_equal(x, y[..., :1])
    mirrored = [np.array_equal(a, b[:, ::-1]) for a, b in zip(x.numpy(), lineart, strict=True)]
    same = [np.array_equal(a, b) for a, b in zip(x.numpy(), lineart, strict=True)]
    assert np.logical_xor(mirrored, same).all()
    assert 12 < sum(mirrored) < 52  # 32 of 64, five standard deviations


def test_jitter_enlarges_within_its_share_and_adds_no_paper_or_black():
    # A ramp along x tells where each column was sampled: its slope is 1 / enlargement.
    ramp = np.tile(np.linspace(-1, 1, 33, dtype=np.float32)[:, None], (40, 33, 1, 1))
    color = np.repeat(ramp, 3, axis=-1)
    jitter = AugmentConfig(flip=False, jitter=0.25)
    key = tf.constant([3, 4], tf.int64)
    x, y = augment_batch(tf.constant(ramp), tf.constant(color), key=key, augment=jitter)
    x = x.numpy()
    np.testing.assert_array_equal(x, y.numpy()[..., :1])
    assert x.min() >= -1
    assert x.max() <= 1
    slopes = (x[:, 0, -1, 0] - x[:, 0, 0, 0]) / 2
    assert (slopes <= 1 + 1e-6).all()
    assert (slopes >= 1 / 1.25 - 1e-6).all()
    assert slopes.std() > 0.02
    # Straight lines stay straight: float32 interpolation alone.
    np.testing.assert_allclose(np.diff(x, n=2, axis=2), 0, atol=1e-5)
    assert x[:, 0, 0, 0].std() > 0.02, "places differ"


def test_a_flipped_jittered_ramp_runs_backwards():
    ramp = np.tile(np.linspace(-1, 1, 33, dtype=np.float32)[:, None], (40, 33, 1, 1))
    both = AugmentConfig(flip=True, jitter=0.25)
    key = tf.constant([3, 4], tf.int64)
    x, _ = augment_batch(
        tf.constant(ramp), tf.repeat(tf.constant(ramp), 3, axis=-1), key=key, augment=both
    )
    rising = x.numpy()[:, 0, -1, 0] > x.numpy()[:, 0, 0, 0]
    assert 0 < rising.sum() < 40


def test_a_warp_moves_line_art_and_colours_alike_and_fills_with_paper():
    rng = np.random.default_rng(0)
    grey = rng.uniform(-1, 1, (4, 16, 16, 1)).astype(np.float32)
    warp = AugmentConfig(flip=False, jitter=0, warp=0.3)
    key = tf.constant([1, 2], tf.int64)
    x, y = augment_batch(tf.constant(grey), tf.constant(grey.repeat(3, -1)), key=key, augment=warp)
    for channel in range(3):
        np.testing.assert_array_equal(x[..., 0], y[..., channel])
    assert np.abs(x.numpy() - grey).max() > 0.1
    paper, _ = augment_batch(
        tf.ones((4, 16, 16, 1)), tf.ones((4, 16, 16, 3)), key=key, augment=warp
    )
    np.testing.assert_allclose(paper, np.ones((4, 16, 16, 1)), atol=1e-6)


def test_a_warp_is_the_affine_map_of_opencv_about_the_centre():
    import cv2

    size, share = 17, 0.2
    ramp = np.random.default_rng(0).uniform(-1, 1, (1, size, size, 4)).astype(np.float32)
    ramp = np.stack([cv2.GaussianBlur(ramp[0], (5, 5), 2)])
    warp = AugmentConfig(flip=False, jitter=0, warp=share)
    key = tf.constant([3, 4], tf.int64)
    x, y = augment_batch(
        tf.constant(ramp[..., :1]), tf.constant(ramp[..., 1:]), key=key, augment=warp
    )
    # The map is found from two pictures that hold coordinates, far from any edge.
    place = np.stack(np.meshgrid(np.arange(size), np.arange(size)), -1).astype(np.float32)[None]
    column, both = augment_batch(
        tf.constant(place[..., :1]), tf.constant(place[..., [1, 1, 1]]), key=key, augment=warp
    )
    middle = slice(5, 12)
    expected = cv2.remap(
        ramp[0], column.numpy()[0, ..., 0], both.numpy()[0, ..., 0], cv2.INTER_LINEAR
    )[middle, middle]
    received = np.concatenate([x.numpy(), y.numpy()], -1)[0, middle, middle]
    # OpenCV interpolates with 5 bits of fraction.
    np.testing.assert_allclose(received, expected, atol=1 / 32)
    centre = np.array([column[0, 8, 8, 0], both[0, 8, 8, 0]])
    assert np.abs(centre - 8).max() <= share * 8


def test_a_rectangle_is_warped_about_its_own_centre():
    height, width, share = 9, 17, 0.2
    place = np.stack(np.meshgrid(np.arange(width), np.arange(height)), -1).astype(np.float32)[None]
    warp = AugmentConfig(flip=False, jitter=0, warp=share)
    column, row = augment_batch(
        tf.constant(place[..., :1]), tf.constant(place[..., [1, 1, 1]]), key=KEY, augment=warp
    )
    assert column.shape == (1, height, width, 1)
    centre = np.array([column[0, 4, 8, 0] / 8, row[0, 4, 8, 0] / 4])
    assert 0 < np.abs(centre - 1).max() <= share
