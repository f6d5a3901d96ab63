import math

import numpy as np
import pytest

from training.errors import DataError
from training.metrics import intervals
from training.metrics.intervals import bootstrap_interval, resampled, resampled_indices


def mean(drawn: np.ndarray) -> np.ndarray:
    return drawn.mean(axis=1)


def test_every_index_is_drawn_about_equally_often_and_none_is_outside():
    drawn = resampled_indices(20, seed=3)
    assert drawn.shape == (1000, 20)
    counts = np.bincount(drawn.ravel(), minlength=20)
    assert len(counts) == 20
    # 20,000 draws: 1,000 each, standard deviation 31; 5 of them would be one seed in 100,000.
    assert np.abs(counts - 1000).max() < 5 * 31


def test_the_same_seed_draws_the_same_and_another_one_does_not():
    first = resampled_indices(9, seed=4)
    np.testing.assert_array_equal(resampled_indices(9, seed=4), first)
    assert (resampled_indices(9, seed=5) != first).any()


def test_the_interval_is_the_percentiles_of_the_resampled_statistic():
    samples = np.array([3.0, 1.0, 4.0, 1.5, 9.0])
    medians = np.median(samples[resampled_indices(5, seed=8)], axis=1)
    median = lambda drawn: np.median(drawn, axis=1)  # noqa: E731
    np.testing.assert_array_equal(resampled(samples, median, seed=8), medians)
    expected = np.percentile(medians, [2.5, 97.5])
    assert bootstrap_interval(samples, median, seed=8) == tuple(expected)


def test_the_interval_does_not_depend_on_how_many_draws_are_made_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
):
    samples = np.random.default_rng(1).normal(size=40)
    expected = resampled(samples, mean, seed=4)
    for block in (1, 100, 40 * 999):
        monkeypatch.setattr(intervals, "BLOCK", block)
        np.testing.assert_array_equal(resampled(samples, mean, seed=4), expected)


def test_the_interval_of_two_samples_by_hand():
    # The mean of a resample is 10, 15 or 20, with chances 1/4, 1/2 and 1/4: more than 2.5 %.
    assert bootstrap_interval(np.array([10.0, 20.0]), mean) == (10, 20)


def test_the_interval_of_a_mean_agrees_with_scipy():
    from scipy.stats import bootstrap

    samples = np.random.default_rng(0).gamma(2.0, size=150)
    low, high = bootstrap_interval(samples, mean)
    theirs = bootstrap(
        (samples,), np.mean, method="percentile", n_resamples=4000, rng=np.random.default_rng(1)
    ).confidence_interval
    # Both are random: an end of 1,000 resamples is known to about 8 % of the standard error.
    tolerance = 0.3 * samples.std() / math.sqrt(150)
    assert low == pytest.approx(theirs.low, abs=tolerance)
    assert high == pytest.approx(theirs.high, abs=tolerance)


def test_nineteen_of_twenty_intervals_hold_the_true_mean(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(intervals, "RESAMPLES", 200)
    rng = np.random.default_rng(5)
    hits = 0
    for seed in range(200):
        low, high = bootstrap_interval(rng.normal(3, 1, 60), mean, seed=seed)
        hits += low <= 3 <= high
    assert 0.90 <= hits / 200 <= 0.99  # a standard deviation of the share is 0.015


def test_rows_of_pairs_stay_together():
    pairs = np.array([[1.0, 2.0], [2.0, 4.0], [5.0, 10.0]])
    sums = resampled(pairs, lambda drawn: drawn.sum(axis=1), seed=0)
    np.testing.assert_array_equal(sums[:, 1], 2 * sums[:, 0])


def test_one_sample_has_an_interval_of_no_width():
    assert bootstrap_interval(np.array([7.0]), mean) == (7.0, 7.0)


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        (np.array([]), "at least one, received shape \\(0,\\)"),
        (np.float64(3), "a row for each sample"),
        (np.array([1.0, np.nan]), "1 that are NaN or infinite"),
        (np.array([1.0, np.inf]), "1 that are NaN or infinite"),
    ],
)
def test_what_has_no_interval_is_refused(samples, message: str):
    with pytest.raises(DataError, match=message):
        bootstrap_interval(samples, mean)


def test_a_statistic_that_is_not_finite_is_refused():
    with pytest.raises(DataError, match="not finite for every resample"):
        bootstrap_interval(np.array([1.0, 2.0]), lambda drawn: mean(drawn) * math.nan)
