import numpy as np
import pytest

from benchmarks.statistics.samples import (
    bootstrap_median_interval,
    median_ratio_interval,
    percentile,
)
from training.errors import DataError


def test_a_percentile_is_linear_between_its_neighbours():
    assert percentile([4.0, 1.0, 3.0, 2.0], 50) == 2.5
    assert percentile([10.0, 20.0], 90) == 19.0
    assert percentile([7.0], 99) == 7.0


def test_the_interval_holds_the_median_and_narrows_with_samples():
    rng = np.random.default_rng(0)
    few, many = (list(10 + rng.normal(0, 1, n)) for n in (10, 1000))
    widths = []
    for samples in (few, many):
        low, high = bootstrap_median_interval(samples)
        assert low <= np.median(samples) <= high
        widths.append(high - low)
    assert widths[1] < widths[0] / 3


def test_equal_samples_have_no_width():
    assert bootstrap_median_interval([2.0] * 9) == (2.0, 2.0)
    assert median_ratio_interval([3.0] * 9, [2.0] * 5) == (1.5, 1.5)


def test_the_ratio_of_a_thing_to_itself_holds_one_and_is_no_certainty():
    samples = list(np.random.default_rng(1).gamma(20, 1, 30))
    low, high = median_ratio_interval(samples, samples)
    assert low < 1 < high  # both sides drawn alike would give exactly 1 and claim certainty


@pytest.mark.parametrize("bad", [[], [1.0, float("nan")], [float("inf")]])
def test_what_is_no_sample_is_refused(bad: list[float]):
    for refused in (
        lambda: percentile(bad, 50),
        lambda: bootstrap_median_interval(bad),
        lambda: median_ratio_interval([1.0], bad),
    ):
        with pytest.raises(DataError, match="finite numbers"):
            refused()


def test_a_percentile_beyond_100_and_a_time_of_nothing_are_refused():
    with pytest.raises(DataError, match="between 0 and 100, received 101"):
        percentile([1.0], 101)
    with pytest.raises(DataError, match="times above 0"):
        median_ratio_interval([1.0], [0.0])
