"""Times by the second: what a device warms up to, and what no histogram can be."""

import math

import numpy as np
import pytest

from benchmarks.devices.faults import MOST_SAMPLES, find_faults
from benchmarks.devices.histogram import Histogram, longest_ms


def test_times_are_the_geometric_middles_of_their_bins_second_after_second():
    # 1 to 1.1 ms twice and 1.21 to 1.331 once in the first second; 1.1 to 1.21 in the next.
    histogram = Histogram(least_ms=1.0, ratio=1.1, seconds=[[[0, 2], [2, 1]], [[1, 1]]])
    expected = [math.sqrt(1.1), math.sqrt(1.1), math.sqrt(1.21 * 1.331), math.sqrt(1.1 * 1.21)]
    assert histogram.times_ms() == pytest.approx(expected)


def test_no_time_is_further_from_its_middle_than_half_a_bin(synthetic_run):
    burst, sustained = synthetic_run(spread=0.3), synthetic_run(spread=0.3, mode="sustained")
    times = Histogram(**sustained["histogram"]).times_ms()[:120]
    ratios = np.sort(times) / np.sort(burst["samples_ms"])
    assert np.all(np.abs(np.log(ratios)) <= math.log(1.02) / 2 + 1e-9)


def test_a_histogram_of_nothing_has_no_times():
    empty = Histogram(least_ms=1.0, ratio=1.02, seconds=[[], []])
    assert empty.times_ms() == [] and longest_ms(vars(empty)) == pytest.approx(1.02)


def test_a_histogram_holds_as_many_times_as_it_says_and_their_percentiles(
    synthetic_run, synthetic_report
):
    run = synthetic_run(mode="sustained")
    (fault,) = find_faults(synthetic_report(run | {"n": 120}))
    assert fault == "$.runs[0].n: expected 240, the number of histogram, received 120"
    (fault,) = find_faults(synthetic_report(run | {"p50": 1.03 * run["p50"]}))
    assert "the 50th percentile of histogram" in fault


def test_a_histogram_beyond_all_measure_is_refused_before_it_takes_memory(
    synthetic_run, synthetic_report
):
    run = synthetic_run(mode="sustained")
    for pair, said in (
        ([0, MOST_SAMPLES + 1], f"expected {MOST_SAMPLES} times or fewer"),
        ([10**9, 1], "none beyond all measure"),
    ):
        run["histogram"] = {"least_ms": 1.0, "ratio": 1.02, "seconds": [[pair]]}
        (fault,) = find_faults(synthetic_report(run))
        assert said in fault
    run["histogram"]["seconds"] = [[]]
    (fault,) = find_faults(synthetic_report(run))
    assert "expected one time or more" in fault
