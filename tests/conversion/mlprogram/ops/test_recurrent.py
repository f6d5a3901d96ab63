"""Recurrent layers, by hand and against loops in NumPy float64 and Keras."""

import numpy as np
import pytest

from conversion.errors import InvalidProgram

STEPS, BATCH, FEATURES, HIDDEN = 3, 2, 4, 5
# float32 against float64, through three steps.
FLOAT32_NOISE = 1e-5
FUNCTIONS = {
    "tanh": np.tanh,
    "scaled_tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "hard_sigmoid": lambda x: np.clip(0.2 * x + 0.5, 0, 1),
    "relu": lambda x: np.maximum(x, 0),
    "linear": lambda x: x,
}
DIRECTIONS = pytest.mark.parametrize("direction", ["forward", "reverse"])


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(0, 0.6, shape).astype(np.float32)


def weights(gates, seed):
    rows = gates * HIDDEN
    return {
        "weight_ih": noise(rows, FEATURES, seed=seed),
        "weight_hh": noise(rows, HIDDEN, seed=seed + 1),
        "bias": noise(rows, seed=seed + 2),
    }


def gates_of(w, x, h):
    return w["weight_ih"] @ x + w["weight_hh"] @ h + w["bias"]


def walk(x, direction, step):
    """Apply step(x_t) -> h for one sequence; results in the order in which they are computed."""
    return np.stack([step(x_t) for x_t in (x if direction == "forward" else x[::-1])])


def lstm_reference(
    w, x, h, c, *, direction="forward", clip=np.inf, acts=("sigmoid", "tanh", "tanh")
):
    inner, cell, outer = (FUNCTIONS[name] for name in acts)
    peep = np.split(w.get("peephole", np.zeros(3 * HIDDEN)), 3)
    state = [h.astype(np.float64), c.astype(np.float64)]

    def step(x_t):
        h, c = state
        i, f, o, g = np.split(gates_of(w, x_t, h), 4)
        i, f = inner(i + peep[0] * c), inner(f + peep[1] * c)
        c = np.clip(f * c + i * cell(g), -clip, clip)
        state[:] = inner(o + peep[2] * c) * outer(c), c
        return state[0]

    return walk(x.astype(np.float64), direction, step), *state


def check_lstm(run_op, w, direction, **more):
    x, h, c = noise(STEPS, BATCH, FEATURES), noise(BATCH, HIDDEN), noise(BATCH, HIDDEN, seed=1)
    given = {"x": x, "initial_h": h, "initial_c": c, **w, **more, "direction": direction}
    acts = tuple(
        more.get(key, default)
        for key, default in (
            ("recurrent_activation", "sigmoid"),
            ("cell_activation", "tanh"),
            ("activation", "tanh"),
        )
    )
    ys, hs, cs = run_op("lstm", output_sequence=True, **given)
    last, _, _ = run_op("lstm", **given)
    assert ys.shape == (STEPS, BATCH, HIDDEN)
    for b in range(BATCH):
        expected = lstm_reference(
            w, x[:, b], h[b], c[b], direction=direction, clip=more.get("clip", np.inf), acts=acts
        )
        for received, wanted in zip((ys[:, b], hs[b], cs[b]), expected, strict=True):
            np.testing.assert_allclose(received, wanted, atol=FLOAT32_NOISE)
        np.testing.assert_allclose(last[0, b], expected[1], atol=FLOAT32_NOISE)


@DIRECTIONS
def test_rnn_agrees_with_a_loop(run_op, direction):
    w, x, h = weights(1, 3), noise(STEPS, BATCH, FEATURES), noise(BATCH, HIDDEN)
    ys, hs = run_op(
        "rnn", x=x, initial_h=h, output_sequence=True, direction=direction, activation="relu", **w
    )
    for b in range(BATCH):
        state = [h[b]]

        def step(x_t, state=state):
            state[0] = np.maximum(gates_of(w, x_t, state[0]), 0)
            return state[0]

        np.testing.assert_allclose(ys[:, b], walk(x[:, b], direction, step), atol=FLOAT32_NOISE)
        np.testing.assert_allclose(hs[b], state[0], atol=FLOAT32_NOISE)


def test_rnn_of_one_unit_by_hand(run_op):
    one = np.ones((1, 1), np.float32)
    x = np.array([1, 2], np.float32).reshape(2, 1, 1)
    ys, _ = run_op(
        "rnn", x=x, initial_h=one, weight_ih=one, weight_hh=2 * one, output_sequence=True,
        activation="linear",
    )  # fmt: skip
    np.testing.assert_allclose(ys.ravel(), [1 + 2 * 1, 2 + 2 * 3])


@DIRECTIONS
@pytest.mark.parametrize("reset_after", [False, True])
def test_gru_agrees_with_a_loop(run_op, direction, reset_after):
    w, x, h = weights(3, 5), noise(STEPS, BATCH, FEATURES), noise(BATCH, HIDDEN)
    input_bias = noise(3 * HIDDEN, seed=9)
    ys, hs = run_op(
        "gru", x=x, initial_h=h, output_sequence=True, direction=direction,
        reset_after=reset_after, input_bias=input_bias, **w,
    )  # fmt: skip
    sigmoid = FUNCTIONS["sigmoid"]
    for b in range(BATCH):
        state = [h[b]]

        def step(x_t, state=state):
            h = state[0]
            (xr, xo, xz) = np.split(w["weight_ih"] @ x_t + input_bias, 3)
            (hr, ho, hz) = np.split(w["weight_hh"] @ h + w["bias"], 3)
            r, z = sigmoid(xr + hr), sigmoid(xz + hz)
            if reset_after:
                new = xo + r * ho
            else:
                rows = slice(HIDDEN, 2 * HIDDEN)
                new = xo + w["weight_hh"][rows] @ (r * h) + w["bias"][rows]
            state[0] = (1 - z) * np.tanh(new) + z * h
            return state[0]

        np.testing.assert_allclose(ys[:, b], walk(x[:, b], direction, step), atol=FLOAT32_NOISE)
        np.testing.assert_allclose(hs[b], state[0], atol=FLOAT32_NOISE)


@DIRECTIONS
@pytest.mark.parametrize("clip", [{}, {"clip": 0.2}])
@pytest.mark.parametrize("peephole", [False, True])
def test_lstm_agrees_with_a_loop(run_op, direction, clip, peephole):
    w = weights(4, 7) | ({"peephole": noise(3 * HIDDEN, seed=8)} if peephole else {})
    check_lstm(run_op, w, direction, **clip)


@pytest.mark.parametrize("clip", [{}, {"clip": 0.3}])
@pytest.mark.parametrize(
    "acts", [("hard_sigmoid", "linear", "relu"), ("tanh", "scaled_tanh", "sigmoid")]
)
def test_lstm_with_other_activations(run_op, clip, acts):
    names = dict(zip(("recurrent_activation", "cell_activation", "activation"), acts, strict=True))
    check_lstm(run_op, weights(4, 7), "forward", **names, **clip)


def test_lstm_agrees_with_keras(run_op):
    import keras

    w, x = weights(4, 11), noise(STEPS, BATCH, FEATURES)
    zeros = np.zeros((BATCH, HIDDEN), np.float32)
    ys, _, _ = run_op("lstm", x=x, initial_h=zeros, initial_c=zeros, output_sequence=True, **w)
    layer = keras.layers.LSTM(HIDDEN, return_sequences=True)
    layer.build((BATCH, STEPS, FEATURES))
    order = [0, 1, 3, 2]  # input forget output cell -> input forget cell output
    parts = [a.reshape(4, HIDDEN, -1)[order].reshape(4 * HIDDEN, -1) for a in w.values()]
    layer.set_weights([parts[0].T, parts[1].T, parts[2].ravel()])
    expected = np.asarray(layer(x.transpose(1, 0, 2)))
    np.testing.assert_allclose(ys, expected.transpose(1, 0, 2), atol=FLOAT32_NOISE)


@pytest.mark.parametrize("clip", [{}, {"clip": 0.2}])
def test_both_directions_come_in_the_order_of_x(run_op, clip):
    w, back = weights(4, 13), weights(4, 17)
    x = noise(STEPS, BATCH, FEATURES)
    h, c = noise(BATCH, 2 * HIDDEN), noise(BATCH, 2 * HIDDEN, seed=2)
    given = {"x": x, "initial_h": h, "initial_c": c, "direction": "bidirectional", **w, **clip}
    given |= {f"{key}_back": value for key, value in back.items()}
    ys, hs, cs = run_op("lstm", output_sequence=True, **given)
    last, _, _ = run_op("lstm", **given)
    for b in range(BATCH):
        bound = clip.get("clip", np.inf)
        ahead = lstm_reference(w, x[:, b], h[b, :HIDDEN], c[b, :HIDDEN], clip=bound)
        behind = lstm_reference(
            back, x[:, b], h[b, HIDDEN:], c[b, HIDDEN:], direction="reverse", clip=bound
        )
        expected = np.concatenate([ahead[0], behind[0][::-1]], -1)
        np.testing.assert_allclose(ys[:, b], expected, atol=FLOAT32_NOISE)
        for received, place in ((hs, 1), (cs, 2)):
            expected = np.concatenate([ahead[place], behind[place]])
            np.testing.assert_allclose(received[b], expected, atol=FLOAT32_NOISE)
    np.testing.assert_allclose(last[0], hs, atol=FLOAT32_NOISE)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"direction": "sideways"}, "direction"),
        ({"activation": "cosine"}, "activation"),
        ({"weight_ih": np.zeros((3, 3), np.float32)}, "weights"),
        ({"direction": "bidirectional"}, "weight_ih_back"),
        ({"peephole": np.zeros(2, np.float32)}, "peephole"),
    ],
)
def test_impossible_layers_are_refused(run_op, change, message):
    state = noise(BATCH, HIDDEN)
    given = {"x": noise(STEPS, BATCH, FEATURES), "initial_h": state, "initial_c": state}
    with pytest.raises(InvalidProgram, match=message):
        run_op("lstm", **given, **(weights(4, 1) | change))
