import hashlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.data.split import (
    place_in_line,
    split_of,
    stable_order_key,
    too_few_by_name,
    warning_of_few,
)


def test_the_share_of_many_groups_is_what_was_asked_for():
    groups = [f"drawing {number}" for number in range(10_000)]
    for share in (0.05, 0.1, 0.5):
        count = sum(split_of(group, validation_share=share) == "validation" for group in groups)
        # Binomial: five standard deviations.
        assert abs(count - 10_000 * share) < 5 * (10_000 * share * (1 - share)) ** 0.5


def test_assignments_never_change():
    # Written down when the format was made: another result would move pairs between splits of
    # data sets that people have trained on.
    assigned = {
        g: split_of(g, validation_share=0.1) for g in ("a", "openmoji/1F600", "openmoji/1F396")
    }
    assert assigned == {"a": "train", "openmoji/1F600": "train", "openmoji/1F396": "validation"}


@given(st.text(), st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_a_larger_share_moves_groups_into_validation_only(group, one, other):
    small, large = sorted((one, other))
    if split_of(group, validation_share=small) == "validation":
        assert split_of(group, validation_share=large) == "validation"


def test_the_order_does_not_depend_on_the_order_before():
    names = [f"{number:03d}.png" for number in range(50)]
    shuffled = random.Random(0).sample(names, 50)
    assert sorted(names, key=stable_order_key) == sorted(shuffled, key=stable_order_key)
    assert sorted(names, key=stable_order_key) != names


def test_order_and_split_are_independent():
    # Else the first pairs of a split would not be a fair sample: all from one end.
    names = [f"{number}" for number in range(4000)]
    first_half = sorted(names, key=stable_order_key)[:2000]
    share = sum(split_of(name, validation_share=0.1) == "validation" for name in first_half) / 2000
    assert 0.07 < share < 0.13  # 0.1, binomial standard deviation 0.007


def named(count):
    return [f"mine {number}" for number in range(count)]


def test_the_line_is_that_of_the_hashes_and_those_split_off_by_name_stand_first():
    in_line = sorted(named(200), key=place_in_line)
    by_hash = sorted(named(200), key=lambda n: hashlib.sha256(b"split:" + n.encode()).digest())
    assert in_line == by_hash
    splits = [split_of(group, validation_share=0.1) for group in in_line]
    assert splits == sorted(splits, reverse=True)


@pytest.mark.parametrize(("count", "few"), [(49, False), (50, True), (400, False)])
def test_too_few_by_name_are_those_of_small_sets_that_are_not_tiny(count, few):
    assert too_few_by_name(named(count), validation_share=0.1) is few


def test_no_more_groups_are_asked_for_than_it_takes():
    groups = iter(named(100_000))
    assert not too_few_by_name(groups, validation_share=0.1)
    assert sum(1 for _ in groups) > 99_000


def test_too_few_to_judge_by_are_told():
    assert warning_of_few(10) is None
    assert "1 drawing to validate on" in warning_of_few(1)
    assert "Expected at least 10" in warning_of_few(9)
