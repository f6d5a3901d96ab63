import pytest

from benchmarks.gap import sets
from training.errors import DataError


def test_too_few_drawings_are_refused_and_leave_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(sets, "PORTRAITS_CAST", 40)
    with pytest.raises(DataError, match="lines/dilate has no pair in a split. Take more"):
        sets.write_sets(tmp_path / "lines", size=16, drawings=2)
    assert list(tmp_path.iterdir()) == []
