import numpy as np
import pytest

from conversion.export.calibration import calibrated_on, calibration_drawings
from training.errors import DataError
from training.run.checkpoint import find_checkpoint


def test_drawings_come_from_the_training_split_alone_and_are_always_the_same(tiny_run, tiny_data):
    from training.data.pipeline import load_split

    checkpoint = find_checkpoint(tiny_run)
    drawings = calibration_drawings(checkpoint, tiny_data, count=5)
    assert (drawings.lineart.shape, drawings.lineart.dtype) == ((5, 32, 32), np.uint8)
    expected = load_split(tiny_data, "train", limit=5).lineart[..., 0]
    np.testing.assert_array_equal(drawings.lineart, expected)
    assert drawings.hints is None  # for a network that takes none
    held_out = {d.tobytes() for d in load_split(tiny_data, "validation").lineart[..., 0]}
    assert not held_out & {d.tobytes() for d in drawings.lineart}


def test_of_three_drawings_one_has_no_hints_one_a_few_and_one_many(tiny_run, tiny_data):
    checkpoint = find_checkpoint(tiny_run)
    drawings = calibration_drawings(checkpoint, tiny_data, count=9, hints=True)
    assert drawings.hints.shape == (9, 32, 32, 4)
    hinted = (drawings.hints[..., 3] > 0).any(axis=(1, 2))
    assert hinted.tolist() == [False, True, True] * 3
    said = calibrated_on(checkpoint, tiny_data, drawings)["calibrated on"]
    assert "training drawings, with 0, 4, 16 hints in turn" in said


def test_a_small_data_set_gives_all_that_it_has(tiny_run, tiny_data):
    from training.data.shards import read_manifest

    drawings = calibration_drawings(find_checkpoint(tiny_run), tiny_data, count=10_000)
    assert len(drawings) == read_manifest(tiny_data).count("train")


def test_a_run_that_does_not_name_its_data_asks_for_them(tiny_run):
    with pytest.raises(DataError, match="--data"):
        calibration_drawings(find_checkpoint(tiny_run))
