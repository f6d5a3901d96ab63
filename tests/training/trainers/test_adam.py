import keras
import numpy as np
import pytest

from training.errors import ConfigError
from training.trainers.adam import OnePassAdam
from training.trainers.schedules import ConstantThenLinear

STEPS = 100


def gradients(seed, shape):
    rng = np.random.default_rng(seed)
    return [rng.normal(0, 0.1, shape).astype(np.float32) for _ in range(STEPS)]


def adam_by_hand(start, steps, *, rate, beta_1, beta_2, epsilon):
    """Kingma & Ba 2015, algorithm 1, in the order of the end of its section 2; float64."""
    x, m, v = start.astype(np.float64), 0.0, 0.0
    for t, gradient in enumerate(steps, start=1):
        m = beta_1 * m + (1 - beta_1) * gradient
        v = beta_2 * v + (1 - beta_2) * gradient.astype(np.float64) ** 2
        alpha = rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
        x = x - alpha * m / (np.sqrt(v) + epsilon)
    return x


def minimise(optimizer, start, steps):
    variable = keras.Variable(start)
    optimizer.build([variable])
    for gradient in steps:
        optimizer.apply([keras.ops.convert_to_tensor(gradient)], [variable])
    return variable.numpy(), optimizer


@pytest.mark.parametrize("beta_1", [0.5, 0.9, 0.0])
def test_a_hundred_steps_agree_with_keras_to_1e_6(beta_1):
    start = np.random.default_rng(0).normal(0, 0.02, (4, 4, 3, 5)).astype(np.float32)
    steps = gradients(1, start.shape)
    settings = {"learning_rate": 2e-4, "beta_1": beta_1, "beta_2": 0.999}
    ours, optimizer = minimise(OnePassAdam(**settings), start, steps)
    stock, reference = minimise(keras.optimizers.Adam(**settings), start, steps)
    assert np.abs(ours - stock).max() < 1e-6
    assert np.abs(ours - start).max() > 1e-3  # it did move
    for a, b in zip(optimizer.variables, reference.variables, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_a_hundred_steps_agree_with_the_paper():
    start = np.random.default_rng(0).normal(0, 1, 7).astype(np.float32)
    steps = gradients(1, start.shape)
    ours, _ = minimise(OnePassAdam(1e-3, beta_1=0.5, beta_2=0.999, epsilon=1e-7), start, steps)
    by_hand = adam_by_hand(start, steps, rate=1e-3, beta_1=0.5, beta_2=0.999, epsilon=1e-7)
    np.testing.assert_allclose(ours, by_hand, atol=1e-6)


def test_amsgrad_is_refused_rather_than_ignored():
    with pytest.raises(ConfigError, match="amsgrad"):
        OnePassAdam(1e-3, amsgrad=True)


def test_it_survives_kerass_own_serialisation():
    rate = ConstantThenLinear(1e-3, constant_steps=4, total_steps=8)
    optimizer = OnePassAdam(rate, beta_1=0.5)
    again = keras.optimizers.deserialize(keras.optimizers.serialize(optimizer))
    assert type(again) is OnePassAdam
    assert again.beta_1 == 0.5
    assert float(again._learning_rate(6)) == pytest.approx(0.5e-3)
