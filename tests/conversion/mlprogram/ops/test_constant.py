"""Constants and what passes them on."""

import numpy as np


def test_a_constant_keeps_values_shape_and_type(run_op):
    for data in (np.float32([[1.5, -2]]), np.array(7, np.int32), np.array([True, False])):
        y = run_op("const", val=data)
        assert y.dtype == data.dtype
        np.testing.assert_array_equal(y, data)


def test_a_float16_constant_is_widened_without_loss(run_op):
    halves = np.array([1 / 3, 65504, 6e-8], np.float16)  # the last is subnormal
    np.testing.assert_array_equal(run_op("const", val=halves), halves.astype(np.float32))


def test_identity_returns_its_input(run_op):
    x = np.random.default_rng(0).normal(size=(2, 3)).astype(np.float32)
    np.testing.assert_array_equal(run_op("identity", x=x), x)
