import math

import numpy as np
import pytest

from training.errors import DataError
from training.metrics import intervals
from training.metrics.intervals import bootstrap_interval, resampled_indices

MASK = 2**64 - 1


class SplitMix64:
    """The generator as Steele, Lea and Flood print it, in Python's own integers, one at a time."""

    def __init__(self, seed: int) -> None:
        self.state = seed

    def next(self) -> int:
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)


def index_of(draw: int, n: int) -> int:
    return math.floor((draw >> 11) * 2.0**-53 * n)


def test_the_generator_of_these_tests_gives_the_published_numbers():
    # The first outputs for seed 1234567: the test vector that implementations share.
    generator = SplitMix64(1234567)
    assert [generator.next() for _ in range(5)] == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]


@pytest.mark.parametrize("seed", [0, 1234567, 2**63 + 11, MASK])
def test_resample_r_uses_the_draws_from_r_times_n_on(seed: int):
    generator = SplitMix64(seed)
    expected = [[index_of(generator.next(), 7) for _ in range(7)] for _ in range(5)]
    np.testing.assert_array_equal(resampled_indices(7, resamples=5, seed=seed), expected)


def test_indices_of_seed_1234567_by_hand():
    # 6457827717110365317 / 2^64 = 0.35008, 3203168211198807973 / 2^64 = 0.17364, then 0.53221.
    np.testing.assert_array_equal(resampled_indices(3, resamples=1, seed=1234567), [[1, 0, 1]])


def test_every_index_is_drawn_about_equally_often_and_none_is_outside():
    drawn = resampled_indices(10, resamples=2000, seed=3)
    counts = np.bincount(drawn.ravel(), minlength=10)
    assert len(counts) == 10
    # 20,000 draws: 2,000 each, standard deviation 42; 5 of them would be one seed in a million.
    assert np.abs(counts - 2000).max() < 5 * 42.5


def test_the_interval_is_the_percentiles_of_the_resampled_statistic():
    samples = np.array([3.0, 1.0, 4.0, 1.5, 9.0])
    drawn = resampled_indices(5, resamples=1000, seed=8)
    expected = np.percentile(np.median(samples[drawn], axis=1), [2.5, 97.5])
    assert bootstrap_interval(samples, np.median, seed=8) == tuple(expected)


def test_the_interval_does_not_depend_on_how_many_draws_are_made_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
):
    samples = np.random.default_rng(1).normal(size=40)
    expected = bootstrap_interval(samples, np.mean, seed=4)
    for block in (1, 100, 40 * 999):
        monkeypatch.setattr(intervals, "BLOCK", block)
        assert bootstrap_interval(samples, np.mean, seed=4) == expected


def test_an_interval_of_two_resamples_by_hand():
    # Seed 1234567 draws 0.35008, 0.17364, 0.53221 and 4593380528125082431 / 2^64 = 0.24901: of two
    # samples those are (0, 0) and (1, 0), with means 10 and 15. Their linear percentiles 25 and 75
    # are 11.25 and 13.75.
    interval = bootstrap_interval(
        np.array([10.0, 20.0]), np.mean, resamples=2, seed=1234567, confidence=0.5
    )
    assert interval == (11.25, 13.75)


def test_the_interval_of_a_mean_agrees_with_scipy():
    from scipy.stats import bootstrap

    samples = np.random.default_rng(0).gamma(2.0, size=150)
    low, high = bootstrap_interval(samples, np.mean, resamples=4000)
    theirs = bootstrap(
        (samples,), np.mean, method="percentile", n_resamples=4000, random_state=1
    ).confidence_interval
    # Both are random: an end of 4,000 resamples is known to about 4 % of the standard error.
    tolerance = 0.2 * samples.std() / math.sqrt(150)
    assert low == pytest.approx(theirs.low, abs=tolerance)
    assert high == pytest.approx(theirs.high, abs=tolerance)


def test_nineteen_of_twenty_intervals_hold_the_true_mean():
    rng = np.random.default_rng(5)
    hits = 0
    for seed in range(200):
        low, high = bootstrap_interval(rng.normal(3, 1, 60), np.mean, resamples=200, seed=seed)
        hits += low <= 3 <= high
    assert 0.90 <= hits / 200 <= 0.99  # a standard deviation of the share is 0.015


def test_rows_of_pairs_stay_together():
    pairs = np.stack([np.arange(6.0), 2 * np.arange(6.0)], axis=1)
    ratio = bootstrap_interval(
        pairs, lambda drawn: drawn[:, 1].sum() / max(drawn[:, 0].sum(), 1), resamples=50
    )
    assert ratio == (2.0, 2.0)


def test_one_sample_has_an_interval_of_no_width():
    assert bootstrap_interval(np.array([7.0]), np.mean) == (7.0, 7.0)


@pytest.mark.parametrize(
    ("samples", "options", "message"),
    [
        (np.array([]), {}, "at least one sample"),
        (np.float64(3), {}, "one row per sample"),
        (np.array([1.0, np.nan]), {}, "1 that are NaN or infinite"),
        (np.array([1.0, np.inf]), {}, "1 that are NaN or infinite"),
        (np.array([1.0]), {"resamples": 0}, "at least one resample, received 0"),
        (np.array([1.0]), {"seed": -1}, "seed in \\[0, 2\\^64\\), received -1"),
        (np.array([1.0]), {"seed": 2**64}, "seed in"),
        (np.array([1.0]), {"confidence": 1.0}, "confidence between 0 and 1, received 1.0"),
        (np.array([1.0]), {"confidence": math.nan}, "confidence between 0 and 1, received nan"),
    ],
)
def test_what_has_no_interval_is_refused(samples, options: dict[str, float], message: str):
    with pytest.raises(DataError, match=message):
        bootstrap_interval(samples, np.mean, **options)


def test_a_statistic_that_is_not_finite_is_refused():
    with pytest.raises(DataError, match="not finite for every resample"):
        bootstrap_interval(np.array([1.0, 2.0]), lambda drawn: math.nan, resamples=3)
