import numpy as np
import tensorflow as tf

from training.models.adversaries.patch import patch_discriminator


def judge(net, size, seed=0):
    rng = np.random.default_rng(seed)
    lineart = rng.uniform(-1, 1, (1, size, size, 1)).astype(np.float32)
    color = rng.uniform(-1, 1, (1, size, size, 3)).astype(np.float32)
    return net([lineart, color])


def test_the_reference_net_has_the_parameters_and_logits_of_pix2pix():
    net = patch_discriminator(width=64, layers=3, seed=0)
    assert judge(net, 256).shape == (1, 30, 30, 1)
    # pix2pix has 2,768,705 with six input channels; ours has 1 + 3 = 4.
    assert net.count_params() == 2_768_705 - 2 * 4 * 4 * 64


def test_a_logit_sees_a_patch_of_70_pixels():
    net = patch_discriminator(width=4, layers=3, seed=0)
    color = tf.Variable(tf.random.stateless_uniform((1, 256, 256, 3), seed=(1, 2)))
    # Instance norm spreads a little of everything everywhere: freeze it to see the convolutions.
    for layer in net.layers:
        if "norm" in layer.name:
            layer.call = lambda x: x
    lineart = tf.zeros((1, 256, 256, 1))
    with tf.GradientTape() as tape:
        logit = net([lineart, color])[0, 15, 15, 0]
    seen = np.abs(tape.gradient(logit, color).numpy()).max((0, 3)) > 0
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    assert rows[-1] - rows[0] + 1 == 70
    assert columns[-1] - columns[0] + 1 == 70


def test_it_judges_the_color_together_with_the_line_art():
    net = patch_discriminator(width=4, layers=2, seed=0)
    rng = np.random.default_rng(0)
    lineart, other = (rng.uniform(-1, 1, (1, 32, 32, 1)).astype(np.float32) for _ in range(2))
    color = rng.uniform(-1, 1, (1, 32, 32, 3)).astype(np.float32)
    assert np.abs(net([lineart, color]) - net([other, color])).max() > 1e-4


def test_a_picture_is_judged_alike_alone_and_in_a_batch():
    # With batch norm a batch of real pictures and one of painted ones have statistics of their own.
    net = patch_discriminator(width=4, layers=2, seed=0)
    rng = np.random.default_rng(0)
    lineart = rng.uniform(-1, 1, (3, 32, 32, 1)).astype(np.float32)
    color = rng.uniform(-1, 1, (3, 32, 32, 3)).astype(np.float32)
    together = net([lineart, color], training=True)[1:2]
    alone = net([lineart[1:2], color[1:2]], training=True)
    np.testing.assert_allclose(together, alone, atol=1e-6)  # float32, another order of sums
