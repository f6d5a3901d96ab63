import numpy as np
import pytest

from training.data.records import decode_color, decode_lineart
from training.data.shards import read_manifest, read_records
from training.metrics.picture_statistics import measure_statistics
from training.models.standardize import UNCHANGED


def test_mean_and_deviation_are_those_of_all_training_pixels(tiny_data):
    records = list(read_records(tiny_data, read_manifest(tiny_data), split="train"))
    color = np.stack([decode_color(record.color) for record in records]) / 127.5 - 1
    lineart = np.stack([decode_lineart(p) for r in records for p in r.lineart]) / 127.5 - 1
    measured = measure_statistics(tiny_data)
    mean = [lineart.mean(), *color.mean((0, 1, 2))]
    deviation = [lineart.std(), *color.std((0, 1, 2))]
    np.testing.assert_allclose(measured.mean, mean, atol=1e-6)
    np.testing.assert_allclose(measured.deviation, deviation, atol=1e-6)


def test_the_first_records_stand_for_a_large_data_set(tiny_data):
    whole, part = measure_statistics(tiny_data), measure_statistics(tiny_data, limit=8)
    assert part != whole
    np.testing.assert_allclose(part.mean, whole.mean, atol=0.5)


def test_pictures_of_one_shade_are_not_divided_by_zero(tiny_data, monkeypatch):
    from training.metrics import picture_statistics

    monkeypatch.setattr(
        picture_statistics, "decode_lineart", lambda _: np.full((4, 4), 255, np.uint8)
    )
    measured = measure_statistics(tiny_data)
    assert measured.mean[0] == 1
    assert measured.deviation[0] == pytest.approx(1 / 127.5)


def test_unchanged_leaves_every_channel_as_it_is():
    assert (UNCHANGED.mean, UNCHANGED.deviation) == ((0,) * 4, (1,) * 4)
