import shutil

import pytest

from tests.training.data.preparing.pictures import contents, draw, options
from training.data.pipeline import load_split
from training.data.preparing import preparation
from training.data.preparing.lists import read_pictures, read_rejections
from training.data.shards import read_manifest
from training.data.sources.folders import ColorPicture
from training.errors import DataError
from training.prepare import prepare


@pytest.fixture
def grown(tmp_path):
    """A set of 24 pictures of a folder that has 12 more since: too few to hold out ten."""
    folder = draw(tmp_path / "drawings", range(24))
    data = prepare(options(folder, tmp_path / "data", licence="CC0-1.0"))
    return draw(folder, range(24, 36)), data


def ids(data):
    return {split: set(load_split(data, split).ids) for split in ("train", "validation")}


def test_a_set_grows_by_what_it_does_not_have_and_no_old_picture_is_opened(
    grown, tmp_path, monkeypatch
):
    folder, data = grown
    before, shards, splits = read_manifest(data), contents(data), ids(data)
    opened = []

    def draw_noted(self, options):
        opened.append(self.path.name)
        return drawn(self, options)

    drawn = ColorPicture.draw
    monkeypatch.setattr(ColorPicture, "draw", draw_noted)
    prepare(options(folder, data, append=True, licence="CC0-1.0"))
    assert sorted({name[:3] for name in opened}) == [f"{number:03d}" for number in range(24, 36)]
    after = read_manifest(data)
    assert {shard for shard in before.shards} <= {shard for shard in after.shards}
    old = {name: sha256 for name, sha256 in shards.items() if "0000" in name}
    assert {name: contents(data)[name] for name in old} == old
    assert (after.source, after.licence, after.kind) == (before.source, "CC0-1.0", "color")
    assert all(splits[split] < ids(data)[split] for split in splits if split == "train")
    # As if all had been prepared at once, but for their order.
    monkeypatch.undo()
    at_once = prepare(options(folder, tmp_path / "at once", licence="CC0-1.0"))
    assert ids(at_once) == ids(data)
    assert set(read_rejections(at_once / "rejected.csv")) == set(
        read_rejections(data / "rejected.csv")
    )
    assert after.rejected == read_manifest(at_once).rejected == 6 + 4


def test_one_size_said_in_two_ways_is_one(grown):
    folder, data = grown
    prepare(options(folder, data, append=True, size="32x32", licence="CC0-1.0"))
    assert read_manifest(data).size == 32


def test_a_near_duplicate_of_an_old_picture_is_rejected_by_its_name(grown, tmp_path):
    folder, data = grown
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(folder / "008.png", other / "copy.png")
    shutil.copy(folder / "030.png", other / "new.png")
    prepare(options(other, data, append=True, licence="CC BY 4.0"))
    reasons = {r.file: r.reason for r in read_rejections(data / "rejected.csv")}
    assert reasons[str(other / "copy.png")] == f"near duplicate: picture as in {folder / '008.png'}"
    assert list(read_pictures(data / "pictures.csv"))[-1].id == "other/new.png"
    manifest = read_manifest(data)
    assert manifest.source == "drawings + other"
    assert manifest.licence == "drawings: CC0-1.0 + other: CC BY 4.0"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"size": 48}, "--size: expected 32, as .* was prepared with, received 48"),
        ({"validation_share": 0.2}, "--validation-share: expected 0.1"),
    ],
)
def test_other_settings_than_the_set_s_are_refused(changes, said, grown):
    folder, data = grown
    before = contents(data)
    with pytest.raises(DataError, match=said):
        prepare(options(folder, data, append=True, **changes))
    assert contents(data) == before


def test_with_nothing_new_and_with_nothing_to_add_to_it_is_refused(grown, tmp_path, monkeypatch):
    folder, data = grown
    for number in range(24, 36):
        for file in folder.glob(f"{number:03d}*"):
            file.unlink()
    monkeypatch.setattr(preparation, "keep_usable", None)  # nothing is drawn
    before = contents(data)
    with pytest.raises(DataError, match="expected pictures that it does not have, received none"):
        prepare(options(folder, data, append=True))
    assert contents(data) == before
    with pytest.raises(DataError, match="nowhere does not exist"):
        prepare(options(folder, tmp_path / "nowhere", append=True))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "drawings"]


def test_a_set_whose_list_is_missing_or_another_s_is_refused(grown):
    folder, data = grown
    pictures = data / "pictures.csv"
    rows = pictures.read_text().splitlines(keepends=True)
    for content, said in (
        ("".join(rows[:-1]), "expected {'train'.* pairs, as the manifest says"),
        ("".join([*rows[:-1], "a,b,train,xx,\n"]), "expected a list of training.prepare"),
        ("name\n", "expected the columns id, file, split"),
        (None, "pictures.csv is missing: the set is of an older Nurie"),
    ):
        pictures.unlink() if content is None else pictures.write_text(content)
        with pytest.raises(DataError, match=said):
            prepare(options(folder, data, append=True))
