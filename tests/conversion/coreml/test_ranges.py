from conversion.coreml.ranges import Range, with_shared_ranges


def test_what_a_concat_joins_shares_one_range():
    ranges = {"a": Range(-1, 2), "b": Range(0, 5), "ab": Range(-1, 5), "c": Range(0, 1)}
    shared = with_shared_ranges(ranges, [["a", "b", "ab"]])
    assert shared == {name: Range(-1, 5) for name in ("a", "b", "ab")} | {"c": Range(0, 1)}


def test_concats_that_touch_share_one_range_in_any_order():
    ranges = {name: Range(-n, n) for n, name in enumerate("abcde")}
    shared = with_shared_ranges(ranges, [["a", "b"], ["c", "d"], ["b", "c"]])
    assert {shared[name] for name in "abcd"} == {Range(-3, 3)}
    assert shared["e"] == Range(-4, 4)


def test_values_without_a_range_are_left_out():
    assert with_shared_ranges({"a": Range(0, 1)}, [["a", "constant"]]) == {"a": Range(0, 1)}


def test_the_largest_magnitude_may_be_the_lowest_value():
    assert Range(-3, 2).largest == 3
