import itertools

import numpy as np
import tensorflow as tf

from training.models.layers import InstanceNormalization, seed_stream, weight_init

# float32 sums over 35 pixels, compared with float64.
FLOAT32 = 1e-5


def test_instance_normalization_is_the_formula_of_ulyanov_per_image_and_channel():
    x = np.random.default_rng(0).normal(3, 5, (2, 5, 7, 3)).astype(np.float32)
    layer = InstanceNormalization(seed=0)
    layer.build(x.shape)
    scale, offset = np.float32([2, 1, -1]), np.float32([0, 1, 2])
    layer.scale.assign(scale)
    layer.offset.assign(offset)
    wide = x.astype(np.float64)
    mean, variance = wide.mean((1, 2), keepdims=True), wide.var((1, 2), keepdims=True)
    expected = (wide - mean) / np.sqrt(variance + 1e-5) * scale + offset
    np.testing.assert_allclose(layer(x).numpy(), expected, atol=FLOAT32, rtol=FLOAT32)


def test_an_image_is_normalized_the_same_whatever_stands_beside_it():
    x = np.random.default_rng(0).normal(size=(3, 4, 6, 2)).astype(np.float32)
    layer = InstanceNormalization(seed=0)
    np.testing.assert_array_equal(layer(x)[1:2], layer(x[1:2]))


def test_scales_begin_near_one_and_offsets_at_zero():
    layer = InstanceNormalization(seed=0)
    layer.build((None, 4, 4, 10_000))
    assert abs(layer.scale.numpy().mean() - 1) < 0.001  # 5 standard errors of N(1, 0.02)
    assert abs(layer.scale.numpy().std() - 0.02) < 0.001
    assert not layer.offset.numpy().any()


def test_training_and_inference_are_the_same_function():
    x = tf.random.stateless_normal((2, 4, 4, 3), seed=(1, 2))
    layer = InstanceNormalization(seed=0)
    np.testing.assert_array_equal(layer(x, training=True), layer(x, training=False))


def test_seed_streams_repeat_and_differ_between_networks_and_seeds():
    def first_ten(seed, network):
        return list(itertools.islice(seed_stream(seed, network=network), 10))

    assert first_ten(1, "unet") == first_ten(1, "unet")
    assert len(set(first_ten(1, "unet") + first_ten(2, "unet") + first_ten(1, "patch"))) == 30


def test_two_layers_of_one_shape_start_with_different_weights():
    seeds = seed_stream(0, network="unet")
    first, second = (weight_init(seeds)((4, 4, 8, 8)) for _ in range(2))
    assert not np.array_equal(first, second)
