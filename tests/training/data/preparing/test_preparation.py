from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from training.data.preparing.preparation import (
    PreparedPair,
    lost_candidate,
    prepare_candidate,
)
from training.data.records import decode_color
from training.data.sources.candidate import DrawOptions, Pair, Rejection
from training.errors import PictureError

AT_64 = DrawOptions(size=(64, 64), variants=1, seed=0)


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A candidate that is already drawn."""

    pair: Pair
    file: str = "a.png"
    id: str = "a"
    group: str = "a"
    split: None = None

    def draw(self, options):
        return self.pair


class Broken(Drawn):
    def draw(self, options):
        raise PictureError("a.png: damaged or truncated: no end")


class Raising(Drawn):
    """A candidate that raises what its name says, as nobody has foreseen."""

    def draw(self, options):
        if self.file == "opencv":
            cv2.copyMakeBorder(self.pair.color, 0, 1 << 30, 0, 1 << 20, cv2.BORDER_REPLICATE)
        raise {
            "memory": MemoryError(),
            "zero": ZeroDivisionError("by\nzero"),
            "stop": KeyboardInterrupt(),
        }[self.file]


def scene(seed):
    """Random boxes: (64, 64, 3) uint8, with structure that a perceptual hash sees."""
    rng = np.random.default_rng(seed)
    picture = np.full((64, 64, 3), 255, np.uint8)
    for _ in range(12):
        top, left = rng.integers(0, 50, 2)
        picture[top : top + rng.integers(6, 30), left : left + rng.integers(6, 30)] = rng.integers(
            0, 255, 3
        )
    return picture


def pair(*, color_seed, line_seed):
    line = scene(line_seed)[..., 0]
    return Pair(color=scene(color_seed), lineart=(line,), extractors=("drawn",))


def test_a_good_candidate_is_encoded():
    drawn = pair(color_seed=0, line_seed=0)
    prepared = prepare_candidate(Drawn(pair=drawn), AT_64)
    assert isinstance(prepared, PreparedPair)
    assert (prepared.record.id, prepared.group, prepared.file) == ("a", "a", "a.png")
    np.testing.assert_array_equal(decode_color(prepared.record.color), drawn.color)


def test_what_is_wrong_with_a_candidate_becomes_a_row_without_repeating_its_name():
    drawn = pair(color_seed=0, line_seed=0)
    rejected = prepare_candidate(Broken(pair=drawn), AT_64)
    assert rejected == Rejection(file="a.png", reason="damaged or truncated: no end")
    grey = Pair(color=np.full((8, 8, 3), 9, np.uint8), lineart=drawn.lineart, extractors=("x",))
    assert "greyscale" in prepare_candidate(Drawn(pair=grey), AT_64).reason


def test_a_mistake_of_ours_is_a_row_that_names_its_type_and_place():
    drawn = pair(color_seed=0, line_seed=0)
    reason = prepare_candidate(Raising(pair=drawn, file="zero"), AT_64).reason
    assert "unforeseen ZeroDivisionError: by zero" in reason
    assert "test_preparation.py, line " in reason
    assert reason.endswith("report it with the picture")


@pytest.mark.parametrize("whose", ["memory", "opencv"])
def test_want_of_memory_is_told_as_such_whoever_says_it(whose):
    drawn = Raising(pair=pair(color_seed=0, line_seed=0), file=whose)
    reason = prepare_candidate(drawn, AT_64).reason
    assert reason == "expected at most 1.3 GB to draw it. Scale it down first"


def test_ctrl_c_is_no_fault_of_a_picture():
    with pytest.raises(KeyboardInterrupt):
        prepare_candidate(Raising(pair=pair(color_seed=0, line_seed=0), file="stop"), AT_64)


def test_a_candidate_that_its_process_did_not_outlive_is_named_with_what_was_expected():
    lost = lost_candidate(Drawn(pair=pair(color_seed=0, line_seed=0)), "took longer than 60 s")
    assert lost.file == "a.png"
    assert lost.reason.startswith("took longer than 60 s. Expected at most 60 s and 1.3 GB")
