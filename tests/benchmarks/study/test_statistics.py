import numpy as np
import pytest

from benchmarks.study.statistics import (
    FIRST_NET,
    difference_estimate,
    mean_estimate,
    ratio_estimate,
    resampled_means,
)
from training.errors import DataError
from training.metrics.intervals import RESAMPLES, resampled_indices


def test_a_mean_is_over_seeds_and_drawings():
    assert mean_estimate(np.array([[1.0, 2.0], [3.0, 6.0]])).value == 3.0


def test_equal_numbers_leave_no_doubt():
    estimate = mean_estimate(np.full((3, 4), 7.0))
    assert (estimate.low, estimate.value, estimate.high) == (7, 7, 7)


def test_two_drawings_of_one_seed_may_both_be_drawn_twice():
    # The mean of a resample is 0, 1/2 or 1, with chances 1/4, 1/2 and 1/4: more than 2.5 %.
    estimate = mean_estimate(np.array([[0.0, 1.0]]))
    assert (estimate.low, estimate.value, estimate.high) == (0, 0.5, 1)


def test_seeds_are_drawn_anew_too():
    # All drawings of a seed are equal: what doubt there is comes from the seeds alone. Drawing
    # two of two anew gives 0, 5 or 10, whose distance from 5 is made sqrt(2 / (2 - 1)) as long.
    estimate = mean_estimate(np.array([[0.0] * 50, [10.0] * 50]))
    far = 5 * 2**0.5
    assert (estimate.low, estimate.value, estimate.high) == pytest.approx((5 - far, 5, 5 + far))


def test_resampled_seeds_are_as_doubtful_as_their_unbiased_variance():
    seeds = np.random.default_rng(1).normal(size=(3, 1))
    means = resampled_means(seeds, net=FIRST_NET)
    assert means.std() == pytest.approx(seeds.std(ddof=1) / 3**0.5, rel=0.05)


def test_the_interval_is_that_of_a_plain_loop():
    values = np.random.default_rng(0).normal(size=(3, 7))
    seeds = resampled_indices(3, seed=1)
    drawings = resampled_indices(7, seed=0)
    means = []
    for r in range(RESAMPLES):
        drawn = sum(values[s, d] for s in seeds[r] for d in drawings[r]) / 21
        of_all_seeds = sum(values[:, d].mean() for d in drawings[r]) / 7
        means.append(of_all_seeds + (3 / 2) ** 0.5 * (drawn - of_all_seeds))
    estimate = mean_estimate(values)
    assert (estimate.low, estimate.high) == pytest.approx(np.percentile(means, (2.5, 97.5)))


def test_a_difference_is_paired_over_drawings():
    # The drawings differ by 100, the nets by 1 on each of them.
    drawings = np.array([[0.0, 100.0, 50.0]])
    estimate = difference_estimate(drawings + 1, drawings)
    assert (estimate.low, estimate.value, estimate.high) == pytest.approx((1, 1, 1))


def test_a_difference_is_not_paired_over_seeds():
    # Seed 0 of one net has nothing to do with seed 0 of another.
    nets = np.array([[0.0] * 4, [10.0] * 4])
    estimate = difference_estimate(nets, nets)
    far = 10 * 2**0.5  # one net twice its worse seed, the other twice its better one
    assert (estimate.low, estimate.value, estimate.high) == pytest.approx((-far, 0, far))


def test_nets_of_different_numbers_of_seeds_compare_and_of_drawings_do_not():
    assert difference_estimate(np.ones((3, 4)), np.zeros((1, 4))).value == 1
    with pytest.raises(DataError, match="same drawings, received 4 and 5"):
        difference_estimate(np.ones((3, 4)), np.zeros((3, 5)))


def test_a_ratio_is_mean_over_mean():
    above, below = np.array([[1.0, 5.0]]), np.array([[2.0, 10.0]])
    estimate = ratio_estimate(above, below)
    assert (estimate.low, estimate.value, estimate.high) == (0.5, 0.5, 0.5)


def test_there_is_no_ratio_over_nothing_and_no_mean_of_infinity():
    assert ratio_estimate(np.ones((1, 2)), np.array([[0.0, 1.0]])) is None
    infinite = np.array([[np.inf, 1.0]])
    assert mean_estimate(infinite) is None
    assert difference_estimate(infinite, np.ones((1, 2))) is None
