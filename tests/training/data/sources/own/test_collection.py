import io
import json
import tarfile

import numpy as np
import pytest
from PIL import Image

from training.data.sources.own.collection import CollectionOptions, collection, remarks
from training.errors import DataError


def save(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.zeros((4, 4, 3), np.uint8)).save(path)
    return path


def packed(path, *names):
    with tarfile.open(path, "w") as tar:
        for name in names:
            tar.addfile(tarfile.TarInfo(name), io.BytesIO())


def test_a_folder_of_a_and_b_is_paired_by_name_and_its_parts_are_kept(tmp_path):
    for role in "AB":
        for name in ("train/1.png", "val/1.png", "test/1.png"):
            save(tmp_path / role / name)
    with pytest.raises(DataError, match="--line-folder A or --line-folder B"):
        collection(str(tmp_path), CollectionOptions())
    found = collection(str(tmp_path), CollectionOptions(line_folder="B", keep_split=True))
    assert found.kind == "pairs"
    assert [(c.group, c.split) for c in found.candidates] == [
        ("train/1", "train"),
        ("val/1", "validation"),
    ]
    assert found.candidates[0].lineart == tmp_path / "B" / "train" / "1.png"
    assert found.candidates[0].color == tmp_path / "A" / "train" / "1.png"


def test_parts_that_are_not_kept_are_told(tmp_path):
    for name in ("train/1.png", "val/2.png"):
        save(tmp_path / name)
    found = collection(str(tmp_path), CollectionOptions(kind="color"))
    assert [c.split for c in found.candidates] == [None, None]
    (said,) = remarks([found], licence_stated=True)
    assert "parts of its own (train, validation)" in said
    assert "--keep-split" in said


def test_the_licence_question_is_asked_where_nobody_answered_it(tmp_path):
    save(tmp_path / "1.png")
    found = collection(str(tmp_path), CollectionOptions(kind="color"))
    (asked,) = remarks([found], licence_stated=False)
    assert "may they train a network that you share or sell" in asked
    assert not list(remarks([found], licence_stated=True))


def test_a_folder_of_tars_is_their_samples_and_what_lies_beside_them_is_none(tmp_path):
    for number in range(2):
        packed(tmp_path / f"{number}.tar", f"{number}a.jpg", f"{number}b.jpg")
    (tmp_path / "0_stats.json").write_text("{}")
    found = collection(str(tmp_path), CollectionOptions(kind="color"))
    assert [c.id for c in found.candidates] == [f"{n}.tar/{n}{x}" for n in (0, 1) for x in "ab"]


def test_a_folder_of_pictures_and_tars_is_never_guessed(tmp_path):
    packed(tmp_path / "a.tar", "1.jpg")
    save(tmp_path / "2.png")
    with pytest.raises(DataError, match="pictures or tars, received 1 pictures and 1 tars"):
        collection(str(tmp_path), CollectionOptions(kind="color"))


def test_metadata_leaves_out_pictures_by_their_tags_and_says_how_many(tmp_path):
    for number in (1, 1002, 2003):
        save(tmp_path / "art" / f"{number % 1000:04d}" / f"{number}.png")
    rows = [{"id": "1", "tags": ["sky"]}, {"id": "1002", "tags": ["comic"], "rating": "e"}]
    (tmp_path / "meta.json").write_text("\n".join(map(json.dumps, rows)))
    (tmp_path / "words.txt").write_text("comic\nrating:explicit\ncmoic")
    options = CollectionOptions(
        kind="color", exclude=tmp_path / "words.txt", metadata=tmp_path / "meta.json"
    )
    found = collection(str(tmp_path / "art"), options)
    assert [c.group for c in found.candidates] == ["0001/1"]
    assert len(found.rejections) == 2
    (said,) = remarks([found], licence_stated=True)
    assert said.endswith("left out by their tags: 1 of comic; 1 of rating:e; none of cmoic")


def test_tags_of_a_folder_need_metadata(tmp_path):
    save(tmp_path / "1.png")
    (tmp_path / "words").write_text("comic")
    with pytest.raises(DataError, match="exclude: expected --metadata with it"):
        collection(str(tmp_path), CollectionOptions(kind="color", exclude=tmp_path / "words"))
