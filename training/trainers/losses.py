"""The losses: pure functions of tensors, each a mean over what it is given, or a sum of means."""

from collections.abc import Callable, Sequence

import tensorflow as tf

WHOLE_IMAGE = (1, 2, 3)  # axes of the gradient's norm: Gulrajani et al. 2017
COLUMNS = (1,)  # what code of 2017 took by mistake: a norm for every column and channel
SQUARED_SLOPE_FLOOR = 1e-12


def l1_loss(color: tf.Tensor, painted: tf.Tensor) -> tf.Tensor:
    """Mean absolute difference of two pictures (N, H, W, 3) in [-1, 1]. Returns a scalar >= 0."""
    return tf.reduce_mean(tf.abs(color - painted))


def l2_loss(color: tf.Tensor, painted: tf.Tensor) -> tf.Tensor:
    """Mean squared difference of two pictures (N, H, W, 3) in [-1, 1]. Returns a scalar >= 0."""
    return tf.reduce_mean(tf.square(color - painted))


def gan_discriminator_loss(
    real_logits: tf.Tensor, fake_logits: tf.Tensor, *, smoothing: float = 0.0
) -> tf.Tensor:
    """Binary cross-entropy of real patches called real and painted ones called painted.

    Halved, which slows the discriminator down relative to the generator (Isola et al. 2017, 3.3).
    smoothing: real patches are to be called real with a probability of 1 - smoothing only
    (Salimans et al. 2016, 3.4: one-sided).
    logits: (N, h, w, 1), unbounded. Returns a scalar > 0; ln 2 where the logits are 0.
    """
    # -log sigmoid(x) = softplus(-x): exact for large logits too. The cross-entropy to a target t
    # is softplus(-x) + (1 - t) x.
    real = tf.reduce_mean(tf.nn.softplus(-real_logits) + smoothing * real_logits)
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


def feature_matching_loss(
    real_features: Sequence[tf.Tensor], fake_features: Sequence[tf.Tensor]
) -> tf.Tensor:
    """Sum over layers of the mean absolute difference of their features.

    Wang et al. 2018 (pix2pixHD), equation 3, after Salimans et al. 2016, 3.1. What is computed of
    the true picture is a target: it has no gradient.
    features: of every hidden layer (N, h, w, C), in any float type; the same layers in both.
    Returns a scalar >= 0, float32; 0 for no layers.
    """
    distances = [
        l1_loss(tf.stop_gradient(tf.cast(real, tf.float32)), tf.cast(fake, tf.float32))
        for real, fake in zip(real_features, fake_features, strict=True)
    ]
    return tf.add_n([tf.constant(0.0), *distances])


def critic_loss(real_score: tf.Tensor, fake_score: tf.Tensor) -> tf.Tensor:
    """Negative Wasserstein estimate: what a critic minimises, beside its penalty.

    Arjovsky et al. 2017. scores: (N, h, w, 1), unbounded. Returns a scalar of either sign.
    """
    return tf.reduce_mean(fake_score) - tf.reduce_mean(real_score)


def gradient_penalty(
    critic: Callable[[tf.Tensor], tf.Tensor],
    color: tf.Tensor,
    painted: tf.Tensor,
    *,
    mix: tf.Tensor,
    axes: tuple[int, ...] = WHOLE_IMAGE,
) -> tf.Tensor:
    """Mean squared distance from 1 of the critic's slope, between real and painted pictures.

    Gulrajani et al. 2017, equation 3. color, painted: (N, H, W, 3). mix: (N, 1, 1, 1), drawn from
    U[0, 1] for each image. critic: pictures -> (N, h, w, 1); an image's score is the mean over its
    patches. axes: what the norm of the gradient is taken over; `WHOLE_IMAGE` is the paper's.
    Returns a scalar >= 0; 0 where every slope is 1, (k - 1)^2 where it is k.
    """
    between = mix * color + (1.0 - mix) * painted
    with tf.GradientTape() as tape:
        tape.watch(between)
        # The sum over images: each gradient below is that of its own image's score.
        score = tf.reduce_sum(tf.reduce_mean(critic(between), axis=(1, 2, 3)))
    gradient = tape.gradient(score, between)
    # The root has no derivative at 0; what is added is below the precision of a slope of 1.
    slope = tf.sqrt(tf.reduce_sum(tf.square(gradient), axis=axes) + SQUARED_SLOPE_FLOOR)
    return tf.reduce_mean(tf.square(slope - 1.0))
