from dataclasses import dataclass

import numpy as np
import pytest
from PIL import Image

from training.data.outcome.places import Places
from training.data.preparing.journal import Journal
from training.data.preparing.listing import note_what_there_is
from training.data.preparing.preparation import PreparedPair
from training.data.records import PairRecord
from training.data.shards import read_manifest
from training.data.sources.candidate import Found, Rejection
from training.data.split import Split, place_in_line, split_of, stable_order_key
from training.prepare import Options, prepare

SHARE = 0.1


@dataclass(frozen=True, kw_only=True)
class Named:
    """A candidate, as far as its place goes."""

    id: str
    group: str
    split: Split | None = None
    looks: int | None = None

    @property
    def file(self):
        return self.id


def drawings(count):
    return [Named(id=f"drawing {n}", group=f"drawing {n}") for n in range(count)]


def by_name(candidates, share=SHARE):
    return {c.id: split_of(c.group, validation_share=share) for c in candidates}


def placed(folder, candidates, *, licence=None, unusable=(), share=SHARE, keep=False, cuts=()):
    """Where each goes, in order; `cuts`: after so many, what was noted is opened anew."""
    folder.mkdir()
    source = Found(name="s", kind="color", candidates=candidates, licence=licence)
    journal = Journal(folder)
    note_what_there_is(journal, [source], validation_share=share)
    went, places = {}, Places(journal, validation_share=share, keep=keep)
    for count, listed in enumerate(list(journal.candidates())):
        if count in cuts:
            journal.commit()
            journal.close()
            journal = Journal(folder)
            places = Places(journal, validation_share=share, keep=keep)
        candidate = listed.candidate
        if candidate.id not in unusable:
            went[candidate.id] = places.place(pair(candidate), listed)
    journal.close()
    return went


def pair(candidate):
    record = PairRecord(id=candidate.id, color=b"", lineart=(b"",), extractors=("drawn",))
    looks = candidate.looks
    hashes = looks is not None and tuple(
        np.full(4, h, np.uint64) for h in (looks, 2**64 - 1 - looks)
    )
    return PreparedPair(
        record=record,
        group=candidate.group,
        file=candidate.file,
        split=candidate.split,
        shape=None,
        hashes=hashes or None,
    )


def held_out(went):
    return {name for name, split in went.items() if split == "validation"}


def in_line(candidates):
    return [c.id for c in sorted(candidates, key=lambda c: place_in_line(c.group))]


def test_a_small_set_of_ones_own_holds_out_the_ten_that_are_first_in_line(tmp_path):
    went = placed(tmp_path / "a", drawings(59))
    assert list(went) == in_line(drawings(59))
    assert held_out(went) == set(in_line(drawings(59))[:10])
    assert len(held_out(by_name(drawings(59)))) < 10


def test_those_that_turn_out_unusable_are_replaced_by_the_next_wherever_it_was_cut_off(tmp_path):
    line = in_line(drawings(59))
    went = placed(tmp_path / "a", drawings(59), unusable=line[2:6])
    assert held_out(went) == {*line[:2], *line[6:14]}
    again = placed(tmp_path / "b", drawings(59), unusable=line[2:6], cuts=(0, 1, 4, 9, 13, 40))
    assert list(again.items()) == list(went.items())


@pytest.mark.parametrize(
    ("count", "licence"),
    [(49, None), (400, None), (59, "CC0-1.0")],
)
def test_a_tiny_set_a_large_one_and_a_built_in_one_are_split_and_ordered_by_name(
    count, licence, tmp_path
):
    went = placed(tmp_path / "a", drawings(count), licence=licence)
    assert went == by_name(drawings(count))
    assert list(went) == sorted(went, key=stable_order_key)


def test_where_the_source_says_what_to_validate_on_that_goes_and_none_is_added(tmp_path):
    first, *others = drawings(59)
    stated = [Named(id=first.id, group=first.group, split="validation")]
    stated += [Named(id=c.id, group=c.group, split="train") for c in others]
    assert held_out(placed(tmp_path / "a", stated)) == {first.id}


def test_pictures_of_one_group_stay_together(tmp_path):
    twice = [Named(id=f"{c.id} {n}", group=c.group) for c in drawings(59) for n in (1, 2)]
    out = held_out(placed(tmp_path / "a", twice))
    assert out == {f"{name} {n}" for name in in_line(drawings(59))[:10] for n in (1, 2)}


def test_more_pictures_move_none_from_train_to_validation(tmp_path):
    few, more = (placed(tmp_path / str(n), drawings(n)) for n in (59, 90))
    assert held_out(more) & few.keys() <= held_out(few)


def test_a_near_duplicate_is_left_out_by_the_name_of_the_first(tmp_path):
    alike = [Named(id=n, group=n, looks=0) for n in "ab"]
    first, second = placed(tmp_path / "a", alike).items()
    assert first[1] in ("train", "validation")
    reason = f"near duplicate: picture as in {first[0]}"
    assert second[1] == Rejection(file=second[0], reason=reason)


@pytest.mark.parametrize("share", [0.4, 0.6])
def test_near_duplicates_that_are_kept_stand_where_the_first_does(share, tmp_path):
    alike = [Named(id=n, group=n, looks=0) for n in "abcdefgh"]
    assert len(set(by_name(alike, share).values())) == 2
    went = placed(tmp_path / "a", alike, share=share, keep=True, cuts=(3,))
    assert len(went) == 8
    assert set(went.values()) == {by_name(alike, share)[next(iter(went))]}


def test_sixty_pictures_some_of_them_useless_give_ten_to_judge_by_and_a_sheet(tmp_path, capsys):
    rng = np.random.default_rng(0)
    (folder := tmp_path / "mine").mkdir()
    for number in range(60):
        picture = np.full((40, 40, 3), 255, np.uint8)
        for _ in range(5):
            top, left = rng.integers(0, 24, 2)
            picture[top : top + 14, left : left + 14] = 0
            picture[top + 2 : top + 12, left + 2 : left + 12] = rng.integers(0, 255, 3)
        Image.fromarray(picture).save(folder / f"{number}.png")
        if number % 10 == 0:
            (folder / f"{number}.png").write_text("broken")
    Image.fromarray(picture).save(
        folder / "moving.gif", save_all=True, append_images=[Image.fromarray(255 - picture)]
    )
    told = Options(
        sources=(str(folder),),
        out=tmp_path / "d",
        size=32,
        kind="color",
        variants=1,
        workers=0,
        first_picture=True,
        near_duplicates="keep",
    )
    manifest = read_manifest(prepare(told))
    assert manifest.counts == {"train": 45, "validation": 10}
    assert (tmp_path / "d" / "contact-sheet.png").exists()
    said = capsys.readouterr().err
    assert "61 pictures gave 55 pairs with 55 line drawings" in said
    assert "no --licence is stated" in said
    assert "warning" not in said
