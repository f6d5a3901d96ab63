"""The losses: pure functions of tensors, each a mean over everything it is given."""

import tensorflow as tf


def l1_loss(color: tf.Tensor, painted: tf.Tensor) -> tf.Tensor:
    """Mean absolute difference of two pictures (N, H, W, 3) in [-1, 1]. Returns a scalar >= 0."""
    return tf.reduce_mean(tf.abs(color - painted))


def gan_discriminator_loss(real_logits: tf.Tensor, fake_logits: tf.Tensor) -> tf.Tensor:
    """Binary cross-entropy of real patches called real and painted ones called painted.

    Halved, which slows the discriminator down relative to the generator (Isola et al. 2017, 3.3).
    logits: (N, h, w, 1), unbounded. Returns a scalar > 0; ln 2 where the logits are 0.
    """
    # -log sigmoid(x) = softplus(-x): exact for large logits too.
    real = tf.reduce_mean(tf.nn.softplus(-real_logits))
    fake = tf.reduce_mean(tf.nn.softplus(fake_logits))
    return 0.5 * (real + fake)


def gan_generator_loss(fake_logits: tf.Tensor) -> tf.Tensor:
    """Binary cross-entropy of painted patches called real: the non-saturating loss.

    Goodfellow et al. 2014, section 3. fake_logits: (N, h, w, 1). Returns a scalar > 0.
    """
    return tf.reduce_mean(tf.nn.softplus(-fake_logits))


def tv_loss(painted: tf.Tensor, lineart: tf.Tensor) -> tf.Tensor:
    """Anisotropic total variation (Rudin et al. 1992) between neighbours that are both paper.

    Steps across ink are what lines are for and cost nothing: each difference is weighted by the
    whiteness, 0 to 1, of both of its pixels in the drawing.
    painted: (N, H, W, 3), lineart: (N, H, W, 1), in [-1, 1]. Returns a scalar >= 0.
    """
    paper = (lineart + 1.0) * 0.5
    down = tf.abs(painted[:, 1:] - painted[:, :-1]) * paper[:, 1:] * paper[:, :-1]
    right = tf.abs(painted[:, :, 1:] - painted[:, :, :-1]) * paper[:, :, 1:] * paper[:, :, :-1]
    return tf.reduce_mean(down) + tf.reduce_mean(right)
