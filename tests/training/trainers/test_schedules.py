import keras
import pytest

from training.trainers.schedules import SCHEDULES, ConstantThenCosine, ConstantThenLinear


def test_the_rate_is_constant_then_falls_in_a_line_to_zero():
    rate = ConstantThenLinear(1.0, constant_steps=4, total_steps=8)
    assert [float(rate(step)) for step in (0, 4, 5, 6, 7, 8, 9)] == [1, 1, 0.75, 0.5, 0.25, 0, 0]


def test_the_rate_is_constant_then_falls_along_half_a_cosine_to_zero():
    rate = ConstantThenCosine(2.0, constant_steps=4, total_steps=8)
    rates = [float(rate(step)) for step in (0, 4, 5, 6, 7, 8, 9)]
    # 1 + cos(45 degrees) = 1.7071 at a quarter of the fall.
    assert rates == pytest.approx([2, 2, 1.7071, 1, 0.2929, 0, 0], abs=1e-4)


@pytest.mark.parametrize("kind", SCHEDULES.values())
def test_a_rate_that_never_falls_can_be_asked_for(kind):
    rate = kind(1.0, constant_steps=8, total_steps=8)
    assert [float(rate(step)) for step in (0, 7)] == [1, 1]


@pytest.mark.parametrize("kind", SCHEDULES.values())
def test_a_schedule_comes_back_from_kerass_own_serialisation(kind):
    rate = kind(1e-3, constant_steps=4, total_steps=8)
    again = keras.optimizers.schedules.deserialize(keras.optimizers.schedules.serialize(rate))
    assert type(again) is kind
    assert float(again(6)) == float(rate(6))
