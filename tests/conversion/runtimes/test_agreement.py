import math

import numpy as np
import pytest

from conversion.runtimes.agreement import closeness_db


def test_a_tenth_of_the_peak_everywhere_is_20_db():
    expected = np.array([[1.0, -10.0, 4.0]], np.float32)
    assert closeness_db(expected, expected + 1) == pytest.approx(20.0)
    assert closeness_db(expected, expected) == math.inf


def test_whole_numbers_and_shapes_are_equal_or_not():
    whole = np.array([1, 2], np.int32)
    assert closeness_db(whole, whole.copy()) == math.inf
    assert closeness_db(whole, whole + 1) == -math.inf
    assert closeness_db(whole.astype(np.float32), np.zeros((2, 1), np.float32)) == -math.inf


def test_infinities_must_stand_where_they_stood():
    expected = np.array([np.inf, 1.0, np.nan], np.float32)
    assert closeness_db(expected, expected.copy()) == math.inf
    assert closeness_db(expected, np.array([np.inf, 1.0, 0.0], np.float32)) == -math.inf
