import math

import numpy as np
import pytest
import tensorflow as tf
from scipy.special import expit

from training.trainers.losses import (
    COLUMNS,
    WHOLE_IMAGE,
    critic_loss,
    feature_matching_loss,
    gan_discriminator_loss,
    gan_generator_loss,
    gradient_penalty,
    l1_loss,
    tv_loss,
)

FLOAT32 = 1e-6


def test_l1_is_the_mean_absolute_difference_over_everything():
    color = np.float32([[[[1, 0, -1]]], [[[0, 0, 0]]]])
    painted = np.float32([[[[0, 0, 1]]], [[[0.5, 0, -0.5]]]])
    assert float(l1_loss(color, painted)) == pytest.approx((1 + 2 + 0.5 + 0.5) / 6, rel=FLOAT32)


def test_an_undecided_discriminator_loses_ln_2_and_so_does_the_generator():
    zeros = tf.zeros((2, 3, 3, 1))
    assert float(gan_discriminator_loss(zeros, zeros)) == pytest.approx(math.log(2), rel=FLOAT32)
    assert float(gan_generator_loss(zeros)) == pytest.approx(math.log(2), rel=FLOAT32)


def test_both_losses_are_binary_cross_entropies():
    rng = np.random.default_rng(0)
    real, fake = rng.normal(0, 3, (2, 2, 5, 7, 1))
    discriminator = -0.5 * (np.log(expit(real)).mean() + np.log(1 - expit(fake)).mean())
    generator = -np.log(expit(fake)).mean()
    assert float(gan_discriminator_loss(real, fake)) == pytest.approx(discriminator, rel=FLOAT32)
    assert float(gan_generator_loss(fake)) == pytest.approx(generator, rel=FLOAT32)


def test_smoothing_asks_for_less_than_certainty_of_real_patches_alone():
    rng = np.random.default_rng(0)
    real, fake = rng.normal(0, 3, (2, 2, 5, 7, 1))
    called = 0.9 * np.log(expit(real)) + 0.1 * np.log(1 - expit(real))
    expected = -0.5 * (called.mean() + np.log(1 - expit(fake)).mean())
    found = gan_discriminator_loss(real, fake, smoothing=0.1)
    assert float(found) == pytest.approx(expected, rel=FLOAT32)


def test_logits_of_a_hundred_stay_finite_and_keep_their_gradient():
    fake = tf.Variable(tf.fill((1, 2, 2, 1), -100.0))
    with tf.GradientTape() as tape:
        loss = gan_generator_loss(fake)
    assert float(loss) == pytest.approx(100, rel=FLOAT32)
    # d softplus(-x)/dx = -sigmoid(-x) = -1 here, over four logits.
    np.testing.assert_allclose(tape.gradient(loss, fake), np.full((1, 2, 2, 1), -0.25))


def test_total_variation_adds_the_steps_down_and_to_the_right():
    painted = np.float32([[[0, 1], [2, 4]]])[..., np.newaxis].repeat(3, -1)  # (1, 2, 2, 3)
    paper = np.ones((1, 2, 2, 1), np.float32)
    down, right = (2 + 3) / 2, (1 + 2) / 2
    assert float(tv_loss(painted, paper)) == pytest.approx(down + right, rel=FLOAT32)


def test_total_variation_is_free_across_ink_and_on_flat_colours():
    painted = np.float32([-1, -1, -1, 1, 1])[np.newaxis, np.newaxis, :, np.newaxis].repeat(3, -1)
    painted = painted.repeat(2, 1)  # (1, 2, 5, 3)
    lineart = np.ones((1, 2, 5, 1), np.float32)
    assert float(tv_loss(painted, lineart)) == pytest.approx(2 / 4, rel=FLOAT32)
    lineart[:, :, 2] = -1
    assert float(tv_loss(painted, lineart)) == 0
    assert float(tv_loss(painted[:, :, :3], lineart[:, :, :3])) == 0


def test_grey_ink_weighs_a_step_by_the_paper_left_in_both_pixels():
    painted = np.float32([0, 1])[np.newaxis, np.newaxis, :, np.newaxis].repeat(3, -1).repeat(2, 1)
    lineart = np.float32([[[[0.0], [0.5]], [[0.0], [0.5]]]])
    assert float(tv_loss(painted, lineart)) == pytest.approx(0.5 * 0.75, rel=FLOAT32)


def test_feature_matching_adds_the_mean_distances_of_the_layers():
    real = [np.float32([[[[1, 2]]], [[[3, 4]]]]), np.float32([[[[5]]], [[[5]]]])]
    fake = [np.float32([[[[0, 4]]], [[[3, 3]]]]), np.float32([[[[5]]], [[[1]]]])]
    expected = (1 + 2 + 0 + 1) / 4 + (0 + 4) / 2
    assert float(feature_matching_loss(real, fake)) == pytest.approx(expected, rel=FLOAT32)


def test_equal_features_and_none_cost_exactly_nothing():
    features = [np.random.default_rng(0).normal(size=(2, 3, 5, 4)).astype(np.float32)]
    assert float(feature_matching_loss(features, features)) == 0
    assert float(feature_matching_loss([], [])) == 0


def test_features_of_the_true_picture_are_a_target_without_a_gradient():
    real, fake = tf.Variable([[1.0, 2.0]]), tf.Variable([[3.0, 1.0]])
    with tf.GradientTape(persistent=True) as tape:
        loss = feature_matching_loss([real], [fake])
    assert tape.gradient(loss, real) is None
    np.testing.assert_array_equal(tape.gradient(loss, fake), [[0.5, -0.5]])


def test_features_of_16_bits_are_compared_in_32():
    real, fake = tf.fill((1, 256, 256, 4), tf.constant(0.0, tf.float16)), 1 / 3
    loss = feature_matching_loss([real], [tf.fill(real.shape, tf.constant(fake, tf.float16))])
    assert loss.dtype == tf.float32
    # A sum of 2^18 such numbers would not fit float16.
    assert float(loss) == pytest.approx(float(np.float16(fake)), rel=FLOAT32)


def slopes_of_one_pixel(*slopes):
    """A critic of one patch whose gradient is a single number for each image of a batch."""
    return lambda x: tf.reshape(tf.constant(slopes), (-1, 1, 1, 1)) * x[:, :1, :1, :1]


def penalty(critic, *, images=2, axes=WHOLE_IMAGE, mix=0.5):
    color, painted = np.random.default_rng(0).uniform(-1, 1, (2, images, 2, 4, 3)).astype("f4")
    mix = tf.fill((images, 1, 1, 1), mix)
    return float(gradient_penalty(critic, color, painted, mix=mix, axes=axes))


def test_a_critic_of_slope_1_pays_exactly_nothing():
    assert penalty(slopes_of_one_pixel(1.0, -1.0)) == 0


@pytest.mark.parametrize("slope", [0.0, 0.25, 3.0])
def test_a_critic_of_slope_k_pays_the_square_of_k_less_1(slope):
    assert penalty(slopes_of_one_pixel(slope, slope)) == pytest.approx((slope - 1) ** 2, rel=1e-5)


def test_each_image_pays_for_its_own_slope():
    # (1 - 1)^2 and (5 - 1)^2: a mean of slopes first would give (3 - 1)^2 = 4.
    assert penalty(slopes_of_one_pixel(1.0, 5.0)) == pytest.approx(8, rel=FLOAT32)


def test_the_slope_is_that_over_all_pixels_and_channels():
    # The sum of all 2 x 4 x 3 values has a gradient of ones: a slope of sqrt(24).
    def total(x):
        return tf.reduce_sum(x, axis=(1, 2, 3), keepdims=True)

    assert penalty(total) == pytest.approx((np.sqrt(24) - 1) ** 2, rel=FLOAT32)
    # The mistake of 2017: every column and channel of 2 pixels has sqrt(2) of its own.
    assert penalty(total, axes=COLUMNS) == pytest.approx((np.sqrt(2) - 1) ** 2, rel=FLOAT32)


def test_the_score_of_an_image_is_the_mean_over_its_patches():
    def two_patches(x):  # slopes 1 and 3 by different pixels: their mean has (0.5, 1.5)
        return tf.concat([x[:, :1, :1, :1], 3 * x[:, :1, 1:2, :1]], axis=2)

    assert penalty(two_patches) == pytest.approx((np.sqrt(0.25 + 2.25) - 1) ** 2, rel=FLOAT32)


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_the_slope_is_taken_between_the_two_pictures(share):
    # Half the square of one pixel has the pixel itself as its slope.
    color, painted = np.full((1, 2, 2, 3), 4, "f4"), np.full((1, 2, 2, 3), 8, "f4")
    mix = tf.fill((1, 1, 1, 1), share)
    found = gradient_penalty(lambda x: 0.5 * x[:, :1, :1, :1] ** 2, color, painted, mix=mix)
    between = share * 4 + (1 - share) * 8
    assert float(found) == pytest.approx((between - 1) ** 2, rel=FLOAT32)


def test_a_critic_without_any_slope_still_has_a_finite_gradient():
    weight = tf.Variable(0.0)
    with tf.GradientTape() as tape:
        found = gradient_penalty(
            lambda x: weight * x[:, :1, :1, :1],
            tf.ones((1, 2, 2, 3)),
            tf.zeros((1, 2, 2, 3)),
            mix=tf.fill((1, 1, 1, 1), 0.5),
        )
    assert np.isfinite(tape.gradient(found, weight))


def test_the_critic_minimises_what_it_gives_paintings_less_what_it_gives_pictures():
    real, fake = tf.constant([[2.0, 4.0]]), tf.constant([[1.0, 0.0]])
    assert float(critic_loss(real, fake)) == -2.5
