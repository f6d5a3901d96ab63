"""Whole networks damaged at random: only our errors come out, quickly, and never a crash.

benchmarks.fuzz_mlprogram does the same to smaller programs, thousands of times.
"""

import numpy as np
import pytest

from benchmarks.fuzz_mlprogram import verdict
from benchmarks.mil.programs import Sample


@pytest.mark.parametrize("seed", range(80))
def test_a_damaged_network_is_refused_or_harmless(tiny_fp16, tiny_variety, tmp_path, seed):
    tiny = (tiny_fp16, tiny_variety)[seed % 2]
    sample = Sample(tiny.path, {"lineart": np.ascontiguousarray(tiny.drawing)})
    result = verdict(sample, tmp_path, seed=10_000 + seed)
    assert not result.startswith("BROKEN"), result
