import numpy as np

from benchmarks.quality.truth import drawn, held_out_candidates
from training.data.split import split_of


def test_half_are_emoji_and_half_portraits_and_none_is_trained_on():
    candidates = held_out_candidates(4)
    assert [each.id.split("/")[0] for each in candidates] == ["openmoji"] * 2 + ["portraits"] * 2
    assert {split_of(each.group, validation_share=0.1) for each in candidates} == {"validation"}


def test_the_truth_has_the_size_that_is_wished_and_black_lines():
    truth = drawn(held_out_candidates(2)[0], 96)
    assert (truth.lineart.shape, truth.color.shape) == ((96, 96), (96, 96, 3))
    assert truth.color[truth.lineart == 0].max() <= 4  # three pictures were rounded
    assert np.ptp(truth.color) > 0
