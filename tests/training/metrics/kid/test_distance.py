import dataclasses

import numpy as np
import pytest

from training.errors import DataError
from training.metrics.kid import distance
from training.metrics.kid.distance import kernel_distance, mean_of_pairs, pair_terms

# The same sums in another order.
ROUNDING = 1e-9


def by_definition(painted: np.ndarray, true: np.ndarray) -> float:
    """Gretton et al. 2012, equation 4, one pair after the other."""
    n, dimensions = painted.shape

    def k(a: np.ndarray, b: np.ndarray) -> float:
        return (sum(x * y for x, y in zip(a, b, strict=True)) / dimensions + 1) ** 3

    total = 0.0
    for i in range(n):
        for j in range(n):
            if i != j:
                total += k(painted[i], painted[j]) + k(true[i], true[j])
                total -= k(painted[i], true[j]) + k(painted[j], true[i])
    return total / (n * (n - 1))


def squared_discrepancy(painted: np.ndarray, true: np.ndarray) -> float:
    return mean_of_pairs(pair_terms(painted, true), np.ones(len(true)))


def features(seed: int, n: int = 30, *, shift: float = 0.0) -> np.ndarray:
    return np.random.default_rng(seed).normal(shift, 1, (n, 6))


def test_two_drawings_with_one_feature_by_hand():
    # k(0, 1) = 1 between the painted ones and k(2, 0) = 1 between the true ones;
    # across: k(p_0, t_1) = (0 x 0 + 1)^3 = 1 and k(p_1, t_0) = (1 x 2 + 1)^3 = 27.
    painted, true = np.array([[0.0], [1.0]]), np.array([[2.0], [0.0]])
    assert squared_discrepancy(painted, true) == 1 + 1 - 1 - 27


def test_the_product_is_divided_by_the_number_of_features():
    painted, true = np.array([[2.0, 0.0], [2.0, 0.0]]), np.zeros((2, 2))
    assert squared_discrepancy(painted, true) == (4 / 2 + 1) ** 3 + 1 - 1 - 1


def test_agrees_with_the_definition():
    painted, true = features(0, 9), features(1, 9, shift=0.4)
    expected = by_definition(painted, true)
    assert squared_discrepancy(painted, true) == pytest.approx(expected, abs=ROUNDING)


def test_it_is_unbiased():
    # One feature, painted 0 or 1 and true 1 or 2, evenly: E k(p, p') = (3 x 1 + 8) / 4,
    # E k(t, t') = (8 + 2 x 27 + 125) / 4, E k(p, t) = (2 x 1 + 8 + 27) / 4.
    expected = 11 / 4 + 187 / 4 - 2 * 37 / 4
    rng = np.random.default_rng(6)
    values = [
        squared_discrepancy(
            rng.integers(0, 2, (5, 1)).astype(float), rng.integers(1, 3, (5, 1)).astype(float)
        )
        for _ in range(4000)
    ]
    standard_error = np.std(values) / np.sqrt(len(values))
    assert np.mean(values) == pytest.approx(expected, abs=4 * standard_error)
    assert 4 * standard_error < 0.1 * expected


def test_painting_the_truth_is_exactly_0():
    # Whole numbers, 8 features: no product, sum, eighth or cube of theirs is rounded.
    whole = np.random.default_rng(7).integers(-9, 10, (30, 8)).astype(np.float64)
    measured = kernel_distance(whole, whole.copy())
    assert (measured.value, measured.low, measured.high) == (0, 0, 0)
    assert (measured.subset_mean, measured.subset_std) == (0, 0)


def test_painting_the_truth_is_0_to_the_rounding_of_its_kernels():
    # A matrix times itself and times a copy may be summed in two orders, as the processor likes.
    measured = kernel_distance(features(7), features(7))
    largest = (np.square(features(7)).sum(axis=1).max() / 6 + 1) ** 3
    # k(a, b) is rounded for 6 products, 6 sums and a quotient, thrice as much once it is cubed,
    # and for the cube; each by 2^-53 of k(a, a) at most. A term is of four kernels.
    rounding = 4 * (3 * 13 + 1) * 2**-53 * largest
    found = (measured.value, measured.low, measured.high, measured.subset_mean)
    np.testing.assert_allclose(found, 0, atol=rounding)


def test_another_distribution_is_above_0_with_its_whole_interval():
    measured = kernel_distance(features(8, 60, shift=1.0), features(9, 60))
    assert 0 < measured.low < measured.value < measured.high


def test_the_same_distribution_has_an_interval_around_0():
    measured = kernel_distance(features(10, 100), features(11, 100))
    assert measured.low < 0 < measured.high


def test_a_drawing_drawn_twice_is_no_pair_with_itself():
    # Each drawing has a feature of its own, 30 long: k(a, a) = (900 / 40 + 1)^3, k(a, b) = 1.
    # No two drawings tell of any difference; 1 in 20 pairs of a resample would, if counted.
    own = 30 * np.eye(40)
    measured = kernel_distance(own[:20], own[20:])
    assert (measured.value, measured.low, measured.high) == (0, 0, 0)


def test_the_interval_is_the_bootstrap_of_whole_drawings():
    from training.metrics.intervals import resampled_indices

    painted, true = features(12, 12, shift=0.5), features(13, 12)
    values = []
    for drawn in resampled_indices(12, seed=5):
        pairs = [(a, b) for a in drawn for b in drawn if a != b]
        first, second = np.array(pairs).T
        k = lambda x, y: ((x * y).sum(axis=1) / 6 + 1) ** 3  # noqa: E731
        values.append(
            np.mean(
                k(painted[first], painted[second])
                + k(true[first], true[second])
                - k(painted[first], true[second])
                - k(painted[second], true[first])
            )
        )
    measured = kernel_distance(painted, true, seed=5)
    expected = np.percentile(values, [2.5, 97.5])
    np.testing.assert_allclose([measured.low, measured.high], expected, atol=ROUNDING)


def test_subsets_are_half_of_a_small_set_and_scatter_around_its_value():
    measured = kernel_distance(features(14, 61, shift=0.5), features(15, 61))
    assert (measured.drawings, measured.subset_size) == (61, 30)
    # 100 subsets: their mean has a tenth of their spread.
    assert measured.subset_mean == pytest.approx(measured.value, abs=0.4 * measured.subset_std)
    assert measured.subset_std > 0


def test_subsets_are_never_larger_than_the_papers(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(distance, "SUBSET_SIZE", 12)
    assert kernel_distance(features(16, 61), features(17, 61)).subset_size == 12


def test_of_too_many_drawings_the_first_are_taken(monkeypatch: pytest.MonkeyPatch):
    painted, true = features(18, 40, shift=0.3), features(19, 40)
    expected = kernel_distance(painted[:25], true[:25])
    monkeypatch.setattr(distance, "MOST", 25)
    assert kernel_distance(painted, true) == expected
    assert expected.drawings == 25


def test_it_is_repeatable_and_the_seed_moves_only_what_is_drawn():
    painted, true = features(20, shift=0.3), features(21)
    first = kernel_distance(painted, true, seed=1)
    assert kernel_distance(painted, true, seed=1) == first
    other = kernel_distance(painted, true, seed=2)
    assert other.value == first.value
    assert dataclasses.astuple(other)[1:3] != dataclasses.astuple(first)[1:3]


@pytest.mark.parametrize(
    ("painted", "true", "message"),
    [
        (features(0, 9), features(1, 9), "10 or more drawings"),
        (features(0, 20), features(1, 19), r"received \(20, 6\) and \(19, 6\)"),
        (features(0, 20)[:, 0], features(1, 20)[:, 0], r"\(N, D\)"),
        (features(0, 20) * np.nan, features(1, 20), "NaN"),
    ],
    ids=["few", "unequal", "flat", "NaN"],
)
def test_features_that_cannot_be_compared_are_refused(painted, true, message: str):
    with pytest.raises(DataError, match=message):
        kernel_distance(painted, true)
