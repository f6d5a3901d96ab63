import pytest

from benchmarks import data_speed
from benchmarks.data_speed import PreparingSpeed, main, measure_reading


@pytest.mark.parametrize(("seconds", "status"), [(12.9, 0), (13.1, 1)])
def test_fewer_than_120_kept_pairs_a_second_fail(monkeypatch, capsys, seconds, status):
    # 1,557 pairs in 12.98 s are 120/s; the 2,093 drawings that were rendered do not count.
    measured = PreparingSpeed(drawings=2093, pairs=1557, seconds=seconds)
    monkeypatch.setattr(data_speed, "measure_preparing", lambda data, workers: measured)
    monkeypatch.setattr(data_speed, "measure_reading", lambda data, batch_size, seconds: 4567.0)
    assert main([]) == status
    printed = capsys.readouterr()
    assert f"OpenMoji to shards: {1557 / seconds:.0f} pairs/s" in printed.out
    assert "4567 pairs/s" in printed.out
    assert ("expected at least 120 pairs/s" in printed.err) is (status == 1)


def test_reading_is_timed_on_a_real_data_folder(tiny_data):
    assert measure_reading(tiny_data, batch_size=4, seconds=0.2) > 20


@pytest.mark.slow
def test_preparing_is_timed_on_openmoji(tmp_path):
    speed = data_speed.measure_preparing(tmp_path / "data", workers=None)
    assert 1500 < speed.pairs < speed.drawings
    assert speed.pairs_per_s == speed.pairs / speed.seconds
