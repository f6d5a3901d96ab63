import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.data.preparing import duplicates
from training.data.preparing.duplicates import (
    BYTES_A_PICTURE,
    TAIL,
    DuplicateFilter,
    NearDuplicates,
)
from training.data.quality import MAX_HASH_DISTANCE, perceptual_hash
from training.data.records import PairRecord
from training.data.sources.candidate import DrawOptions
from training.data.sources.openmoji import OpenMojiDrawing, openmoji_drawings

NO_PICTURES = PairRecord(id="a", color=b"", lineart=(b"",), extractors=("drawn",))


def scene(seed, size=64):
    """A picture with structure at every scale, as photographs have."""
    rng = np.random.default_rng(seed)
    picture = np.zeros((size, size, 3))
    for cells in (2, 4, 8, 16, 32):
        block = rng.uniform(0, 1, (cells, cells, 3)) / cells**0.5
        picture += np.kron(block, np.ones((size // cells, size // cells, 1)))
    return np.uint8(255 * picture / picture.max())


def test_a_resized_or_recompressed_picture_is_a_near_duplicate():
    import cv2

    picture = scene(0, size=128)
    seen = NearDuplicates()
    seen.add(perceptual_hash(picture))
    small = cv2.resize(picture, (64, 64), interpolation=cv2.INTER_AREA)
    _, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 70])
    brighter = np.uint8(np.clip(picture.astype(float) * 1.05, 0, 255))
    for copy in (small, cv2.imdecode(jpeg, cv2.IMREAD_COLOR), brighter):
        assert seen.find(perceptual_hash(copy)) == 0


def test_different_pictures_are_not():
    seen = NearDuplicates()
    for seed in range(100):
        looks = perceptual_hash(scene(seed))
        assert seen.find(looks) is None
        seen.add(looks)
    assert seen.find(perceptual_hash(scene(37))) == 37


class EveryPicture:
    """The search that compares with every picture: what the answers are to be."""

    def __init__(self):
        self.hashes = np.empty((0, 4), np.uint64)

    def find(self, looks):
        distances = np.bitwise_count(self.hashes ^ looks).sum(axis=1)
        if not len(distances) or distances.min() > MAX_HASH_DISTANCE:
            return None
        return int(distances.argmin())

    def add(self, looks):
        self.hashes = np.concatenate([self.hashes, looks[np.newaxis]])


def flipped(looks, places):
    bits = np.unpackbits(looks.view(np.uint8))
    bits[list(places)] ^= 1
    return np.packbits(bits).view(np.uint64)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    density=st.sampled_from([0.5, 0.05, 0.002]),  # bits that are set: few make bands that meet
    tail=st.sampled_from([1, 2, 7, 64]),
    distances=st.lists(st.integers(0, 2 * MAX_HASH_DISTANCE), min_size=1, max_size=120),
)
def test_it_finds_what_comparing_with_every_picture_finds(seed, density, tail, distances):
    rng = np.random.default_rng(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duplicates, "TAIL", tail)
        ours, every = NearDuplicates(), EveryPicture()
        for number, distance in enumerate(distances):
            if number and rng.random() < 0.8:  # one that was seen before, some bits off
                looks = every.hashes[rng.integers(len(every.hashes))]
                looks = flipped(looks, rng.choice(256, distance, replace=False))
            else:
                looks = np.packbits(rng.random(256) < density).view(np.uint64)
            assert ours.find(looks) == every.find(looks)
            # Twins too: of two that are as near the first is named.
            ours.add(looks)
            every.add(looks)


@pytest.mark.parametrize("places", [range(8), range(248, 256), range(0, 256, 32)])
def test_eight_bits_are_near_wherever_they_are_and_nine_are_not(places):
    hashes = np.random.default_rng(0).integers(0, 2**63, (3 * TAIL + 5, 4), dtype=np.uint64)
    seen = NearDuplicates()
    for looks in hashes:
        seen.add(looks)
    for number in (0, TAIL - 1, TAIL, 3 * TAIL, len(hashes) - 1):
        off = flipped(hashes[number], places)
        assert seen.find(off) == number
        assert seen.find(flipped(off, [100])) is None


def test_memory_is_what_is_said_and_for_moments_up_to_three_times():
    import tracemalloc

    hashes = np.random.default_rng(0).integers(0, 2**63, (40_000, 4), dtype=np.uint64)
    seen = NearDuplicates()
    tracemalloc.start()
    for looks in hashes:
        seen.add(looks)
    held, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 0.9 * BYTES_A_PICTURE < held / len(hashes) < 1.4 * BYTES_A_PICTURE  # room for 65,536
    assert most / len(hashes) < 3 * BYTES_A_PICTURE


def test_openmoji_stays_mostly_distinct():
    options = DrawOptions(size=(64, 64), variants=1, seed=0)
    seen, twins = NearDuplicates(), []
    sample = openmoji_drawings()[::20]
    for drawing in sample:
        looks = perceptual_hash(drawing.draw(options).color)
        if seen.find(looks) is not None:
            twins.append(drawing.name)
        seen.add(looks)
    assert len(twins) < 0.05 * len(sample)
    men = (OpenMojiDrawing(name=f"{who}-200D-1F373") for who in ("1F468", "1F9D1"))  # cooks
    first, second = (perceptual_hash(man.draw(options).color) for man in men)
    assert np.bitwise_count(first ^ second).sum() <= 8


def looks(color, line):
    """The hashes of a pair whose picture and line art are those of two seeds."""
    return perceptual_hash(scene(color)), perceptual_hash(scene(line))


def test_a_duplicate_in_picture_or_in_line_art_is_found_by_number_of_its_twin():
    seen = DuplicateFilter()
    for number in (0, 1):
        assert seen.twin(looks(number + 1, number + 1)) is None
        assert seen.remember(looks(number + 1, number + 1)) == number
    assert seen.twin(looks(3, 2)) == ("line art", 1)
    assert seen.twin(looks(1, 4)) == ("picture", 0)
    # What was looked for is not remembered.
    assert seen.twin(looks(3, 4)) is None


def test_pairs_that_their_source_knows_to_be_unique_have_no_twin_and_are_not_compared():
    seen = DuplicateFilter()
    for _ in range(2):
        assert seen.twin(None) is None
        assert seen.remember(None) is None
    assert seen.twin(looks(1, 1)) is None
    assert seen.remember(looks(1, 1)) == 0
    assert seen.twin(looks(1, 1)) == ("picture", 0)
