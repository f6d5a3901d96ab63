"""Times against earlier times, with intervals that can be seen without drawing any."""

import pytest

from benchmarks.statistics.ratio import SpeedRatio, compare_times
from training.errors import DataError


def verdict(low: float, high: float) -> str:
    return SpeedRatio(ratio=1.15, interval=(low, high), tolerance=0.1).verdict


def test_what_lies_beyond_the_tolerance_as_a_whole_fails():
    assert verdict(1.11, 1.3) == "FAIL: 1.15x (1.11 to 1.30) > 1.10x"


def test_what_reaches_beyond_the_tolerance_only_in_part_is_left_open():
    assert verdict(1.1, 1.3) == "pass, unsure: 1.15x (1.10 to 1.30); more samples would tell"


def test_what_lies_within_the_tolerance_passes_and_below_1_is_faster():
    assert verdict(0.98, 1.1) == "pass: 1.15x (0.98 to 1.10)"
    assert verdict(0.8, 0.99) == "faster: 1.15x (0.80 to 0.99)"


def test_samples_without_any_spread_have_the_ratio_of_their_medians_for_sure():
    speed = compare_times([3.0, 3.0, 3.0], [2.0, 2.0], tolerance=0.4)
    assert (speed.ratio, speed.interval) == (1.5, (1.5, 1.5))
    assert not speed.passed
    assert compare_times([3.0], [2.0], tolerance=0.5).passed


@pytest.mark.parametrize("times", [[], [0.0], [float("nan")]])
def test_what_is_no_time_is_refused(times):
    with pytest.raises(DataError):
        compare_times(times, [1.0], tolerance=0.1)
