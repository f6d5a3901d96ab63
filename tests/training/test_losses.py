import math

import numpy as np
import pytest
import tensorflow as tf
from scipy.special import expit

from training.losses import gan_discriminator_loss, gan_generator_loss, l1_loss, tv_loss

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
