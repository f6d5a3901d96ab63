import keras
import numpy as np
import pytest

from training.trainers.averaging import AverageWeights, begin_average


class Optimizer:
    iterations = keras.Variable(0, dtype="int32", trainable=False)


def nets():
    return [
        keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, use_bias=False)])
        for _ in range(2)
    ]


def test_the_average_moves_by_one_less_the_decay_and_faster_at_first():
    average, generator = nets()
    begin_average(average, generator)
    np.testing.assert_array_equal(average.get_weights()[0], generator.get_weights()[0])
    callback = AverageWeights(average, generator, decay=0.9, optimizer=Optimizer)
    expected = average.get_weights()[0].astype(np.float64)
    for step in range(1, 101):  # the optimizer has counted the step when its batch ends
        weights = np.full((2, 1), step, np.float32)
        generator.set_weights([weights])
        Optimizer.iterations.assign(step)
        callback.on_train_batch_end(step - 1)
        decay = min(0.9, (1 + step) / (10 + step))
        expected = decay * expected + (1 - decay) * weights
        if step == 1:
            # 2 / 11 of the start is left after one step: no random weights linger.
            assert decay == pytest.approx(2 / 11)
    np.testing.assert_allclose(average.get_weights()[0], expected, rtol=1e-5)


def test_the_generator_is_left_as_it_is():
    average, generator = nets()
    before = generator.get_weights()[0]
    AverageWeights(average, generator, decay=0.9, optimizer=Optimizer).on_train_batch_end(0)
    np.testing.assert_array_equal(generator.get_weights()[0], before)
