"""Quantization, attention, einsum and random numbers: by hand, NumPy, TensorFlow, statistics."""

import numpy as np
import pytest

from conversion.errors import InvalidProgram

# How far the mean of 20,000 numbers of spread 1 strays: 5 of its standard deviations.
STRAY = 5 / np.sqrt(20000)


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def test_quantize_rounds_halves_to_even_and_clips(run_op):
    x = np.array([-1000, -0.75, 0.25, 0.75, 1000], np.float32)
    half = np.float32(0.5)
    y = run_op("quantize", input=x, scale=half, output_dtype="int8")
    np.testing.assert_array_equal(y, np.array([-128, -2, 0, 2, 127], np.int8))
    y = run_op("quantize", input=x, scale=half, zero_point=np.uint8(10), output_dtype="uint8")
    np.testing.assert_array_equal(y, np.array([0, 8, 10, 12, 255], np.uint8))


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("dtype", [np.int8, np.uint8])
def test_quantize_and_dequantize_along_an_axis(run_op, axis, dtype):
    rng = np.random.default_rng(3)
    x = rng.normal(0, 20, (3, 4, 5)).astype(np.float32)
    count = x.shape[axis]
    scale = rng.uniform(0.1, 0.5, count).astype(np.float32)
    zero = rng.integers(0, 50, count).astype(dtype)
    shape = [1, 1, 1]
    shape[axis] = count
    s, z = scale.reshape(shape), zero.reshape(shape).astype(np.int32)
    limits = np.iinfo(dtype)
    expected = np.clip(np.rint(x / s) + z, limits.min, limits.max)
    name = np.dtype(dtype).name
    q = run_op("quantize", input=x, scale=scale, zero_point=zero, axis=axis, output_dtype=name)
    assert q.dtype == dtype
    np.testing.assert_array_equal(q, expected)
    y = run_op("dequantize", input=q, scale=scale, zero_point=zero, axis=axis, computed=("input",))
    np.testing.assert_allclose(y, (q.astype(np.float64) - z) * s, rtol=1e-6)


def test_a_scale_for_each_element_needs_an_axis(run_op):
    with pytest.raises(InvalidProgram, match="along"):
        run_op("dequantize", input=np.zeros(2, np.int8), scale=np.ones(2, np.float32))


@pytest.mark.parametrize("mask", [None, np.float32, np.bool_])
def test_attention_agrees_with_keras(run_op, mask):
    import keras

    q, k, v = noise(2, 3, 4, 8), noise(2, 3, 5, 8, seed=1), noise(2, 3, 5, 6, seed=2)
    given = {"query": q, "key": k, "value": v}
    bias = None
    if mask is not None:
        given["attn_mask"] = noise(4, 5, seed=3) if mask is np.float32 else noise(4, 5) > -1
        bias = np.broadcast_to(given["attn_mask"], (2, 3, 4, 5))
    y = run_op("scaled_dot_product_attention", computed=("query", "key", "value"), **given)
    logits = np.einsum("bhle,bhse->bhls", q, k).astype(np.float64) / np.sqrt(8)
    if bias is not None:
        logits = np.where(bias, logits, -np.inf) if mask is np.bool_ else logits + bias
    weights = np.asarray(keras.ops.softmax(logits, -1))
    np.testing.assert_allclose(y, weights @ v, rtol=1e-4, atol=1e-5)


def test_attention_to_one_key_returns_its_value(run_op):
    q, k = noise(1, 2, 3), noise(1, 1, 3)
    v = np.array([[[7, 9]]], np.float32)
    y = run_op("scaled_dot_product_attention", query=q, key=k, value=v)
    np.testing.assert_allclose(y, [[[7, 9], [7, 9]]])


@pytest.mark.parametrize(
    ("equation", "shapes"),
    [
        ("nchw,nwhu->nchu", ((2, 3, 4, 5), (2, 5, 4, 6))),
        ("nchw,nwhu->nchu", ((1, 3, 1, 5), (2, 5, 4, 6))),
        (" chw , whr -> chr ", ((3, 4, 5), (5, 4, 6))),
        ("bnqd,bnkd->bnqk", ((2, 3, 4, 5), (2, 3, 6, 5))),
    ],
)
def test_einsum_agrees_with_numpy(run_op, equation, shapes):
    x, y = (noise(*shape, seed=place) for place, shape in enumerate(shapes))
    product = run_op("einsum", values=[x, y], equation=equation)
    wide = [np.broadcast_to(x, (2, 3, 4, 5)), y] if x.shape[0] == 1 else [x, y]
    expected = np.einsum(equation.replace(" ", ""), *wide)
    np.testing.assert_allclose(product, expected, rtol=1e-4, atol=1e-5)


SHAPE = np.array([100, 200], np.int32)


@pytest.mark.parametrize("computed", [(), ("shape",)])
def test_random_numbers_have_their_distribution(run_op, computed):
    even = run_op("random_uniform", shape=SHAPE, low=-1.0, high=3.0, seed=3, computed=computed)
    assert even.shape == (100, 200)
    assert even.min() >= -1 and even.max() <= 3
    assert abs(even.mean() - 1) < 4 * STRAY
    normal = run_op("random_normal", shape=SHAPE, mean=2.0, stddev=0.5, seed=3, computed=computed)
    assert abs(normal.mean() - 2) < 0.5 * STRAY and abs(normal.std() - 0.5) < 0.5 * STRAY
    coins = run_op("random_bernoulli", shape=SHAPE, prob=0.25, seed=3, computed=computed)
    assert set(np.unique(coins)) == {0, 1}
    assert abs(coins.mean() - 0.25) < STRAY


def test_numbers_without_spread_are_all_equal(run_op):
    np.testing.assert_array_equal(run_op("random_normal", shape=SHAPE, mean=2.0, stddev=0.0), 2)
    np.testing.assert_array_equal(run_op("random_uniform", shape=SHAPE, low=3.0, high=3.0), 3)


def test_a_seed_gives_the_same_numbers_and_minus_one_gives_others(run_op):
    def draw(seed):
        return run_op("random_normal", shape=SHAPE, seed=seed)

    np.testing.assert_array_equal(draw(5), draw(5))
    assert not np.array_equal(draw(5), draw(6))
    assert not np.array_equal(draw(-1), draw(-1))


@pytest.mark.parametrize("mode", ["probs", "logits"])
def test_categories_come_as_often_as_they_are_probable(run_op, mode):
    probabilities = np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]], np.float32)
    x = probabilities if mode == "probs" else np.log(probabilities) + 4
    drawn = run_op("random_categorical", x=x, mode=mode, size=20000, seed=2)
    assert drawn.shape == (2, 20000) and drawn.dtype == np.float32
    for row, expected in zip(drawn, probabilities, strict=True):
        shares = np.bincount(row.astype(int), minlength=3) / 20000
        assert np.abs(shares - expected).max() < STRAY
