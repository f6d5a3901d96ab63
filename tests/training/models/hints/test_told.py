import numpy as np

from training.models.hints.told import TakenHints


def taken(*, gate, reached):
    guess = np.full((1, 1, 1, 3), 0.5, np.float32)
    flood = np.float32([-1.0, 0.0, 1.0, 0.0, 1.0]).reshape(1, 1, 1, 5) * reached
    return TakenHints()([guess, np.full((1, 1, 1, 1), gate, np.float32), flood]).numpy()[0, 0, 0]


def test_an_open_gate_takes_the_colour_of_the_hint_itself():
    np.testing.assert_array_equal(taken(gate=1, reached=1), [-1, 0, 1])


def test_a_shut_gate_and_a_place_that_no_flood_reached_keep_the_guess():
    np.testing.assert_array_equal(taken(gate=0, reached=1), 3 * [0.5])
    np.testing.assert_array_equal(taken(gate=1, reached=0), 3 * [0.5])


def test_half_of_a_gate_or_of_a_flood_is_halfway():
    for halves in ({"gate": 0.5, "reached": 1}, {"gate": 1, "reached": 0.5}):
        np.testing.assert_allclose(taken(**halves), [-0.25, 0.25, 0.75])
