import numpy as np
import pytest

from conversion.compression.compensated import compensated, lost
from conversion.compression.palettes import palette


def layer(rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """A weight, and the moment of inputs of which neighbours go together."""
    rng = np.random.default_rng(0)
    weight = rng.normal(size=(rows, columns)).astype(np.float16)
    mixed = rng.normal(size=(500, columns)) @ (
        np.eye(columns) + 0.8 * np.eye(columns, k=1) + 0.5 * np.eye(columns, k=2)
    )
    return weight, mixed.T @ mixed / len(mixed)


def made(luts: np.ndarray, indices: np.ndarray, *, group: int) -> np.ndarray:
    return np.stack([luts[row // group][places] for row, places in enumerate(indices)])


def plain(weight: np.ndarray, *, bits: int, group: int) -> np.ndarray:
    rows = []
    for start in range(0, len(weight), group):
        lut, indices = palette(weight[start : start + group], bits=bits)
        rows.append(lut[indices].reshape(-1, weight.shape[1]))
    return np.concatenate(rows)


def test_what_is_lost_is_the_error_of_the_outputs_worked_by_hand():
    inputs = np.array([[1.0, 2.0], [3.0, -1.0]])  # two positions
    weight, stored = np.array([[1.0, 1.0]]), np.array([[0.0, 2.0]])
    # Outputs 3 and 2 become 4 and -2: (1 + 16) / 2.
    assert lost(weight, stored, inputs.T @ inputs / 2) == pytest.approx(8.5)


@pytest.mark.parametrize(("bits", "group"), [(2, 3), (4, 6)])
def test_less_is_lost_of_what_a_layer_computes_than_by_rounding_each_weight_by_itself(bits, group):
    weight, moment = layer(6, 110)  # more columns than a block
    luts, indices = compensated(weight, moment, bits=bits, group=group)
    assert (luts.shape, luts.dtype, indices.dtype) == ((6 // group, 2**bits), np.float16, np.uint8)
    assert (np.diff(luts.astype(float)) >= 0).all()
    ours = lost(weight, made(luts, indices, group=group), moment)
    assert ours < 0.6 * lost(weight, plain(weight, bits=bits, group=group), moment)


def test_a_weight_of_as_few_values_as_a_palette_holds_is_kept_as_it_is():
    weight = np.random.default_rng(1).choice([-1.0, 0.25, 3.0], size=(4, 9)).astype(np.float16)
    luts, indices = compensated(weight, layer(1, 9)[1], bits=2, group=4)
    np.testing.assert_array_equal(made(luts, indices, group=4), weight)


def test_inputs_that_never_vary_lose_nothing_and_break_nothing():
    weight, moment = layer(4, 8)
    moment[5] = moment[:, 5] = 0
    luts, indices = compensated(weight, moment, bits=4, group=2)
    assert np.isfinite(luts).all()
    assert lost(weight, made(luts, indices, group=2), moment) < 0.1
