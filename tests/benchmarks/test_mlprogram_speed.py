"""The speed of the ML Program runtime, measured against ONNX Runtime on the same net."""

import keras
import pytest

from benchmarks.mlprogram_speed import BLOCK, measure, time_in_turn


def test_each_runtime_has_one_time_a_round_of_calls_in_a_row_and_who_begins_changes():
    order = []
    first, second = time_in_turn(lambda: order.append("a"), lambda: order.append("b"), rounds=2)
    assert len(first) == len(second) == 2
    rounds = "".join(order)
    blocks = [rounds[n : n + BLOCK] for n in range(0, len(rounds), BLOCK)]
    assert "".join(block[0] for block in blocks) in ("baabbaabba", "abbaabbaab")
    assert all(len(set(block)) == 1 for block in blocks)


def test_a_small_net_is_measured_both_ways_and_agrees():
    inputs = keras.Input((16, 16, 3))
    net = keras.Model(inputs, keras.layers.Conv2D(4, 3, activation="relu")(inputs))
    speed = measure("tiny", net, shape=(1, 16, 16, 3), rounds=2)
    assert speed.parameters == 3 * 3 * 3 * 4 + 4
    assert speed.ratio > 0 and speed.loading_s > 0
    # Weights and input in float16: 11 significant bits each.
    assert speed.difference == pytest.approx(0, abs=2 * 2**-10)
