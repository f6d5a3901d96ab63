from dataclasses import replace
from pathlib import Path

import pytest

from training.data.sources.folders import ColorPicture
from training.data.sources.own.parts import keep_parts, part_of
from training.errors import DataError


def candidates(*names):
    return [ColorPicture(path=Path(n), id=f"mine/{n}", group=n) for n in names]


@pytest.mark.parametrize(
    ("identifier", "part"),
    [
        ("mine/train/a.png", "train"),
        ("mine/Val/girls/a.png", "validation"),
        ("train-00012.tar/a", "train"),
        ("mine/test.tar/a", "test"),
        ("mine/deep/valid/a.png", "validation"),
        ("mine/train.png", None),
        ("mine/trains/a.png", None),
        ("mine/a.png", None),
    ],
)
def test_a_part_is_a_folder_or_a_tar_of_its_name(identifier, part):
    assert part_of(identifier) == part


def test_parts_are_kept_and_test_is_left_out():
    given = candidates("train/a", "val/b", "test/c", "d")
    kept, rejections = keep_parts("mine", given)
    assert kept == [replace(given[0], split="train"), replace(given[1], split="validation")]
    reasons = {r.file: r.reason for r in rejections}
    assert sorted(reasons) == ["d", "test/c"]
    assert "leaves out" in reasons["test/c"]
    assert "expected below a folder train/" in reasons["d"]


def test_without_a_part_to_validate_on_names_decide_and_test_stays_out():
    kept, rejections = keep_parts("mine", candidates("train/a", "test/b"))
    assert [(c.id, c.split) for c in kept] == [("mine/train/a", None)]
    assert len(rejections) == 1


def test_without_a_part_to_train_on_it_is_refused():
    with pytest.raises(DataError, match="--keep-split expected pictures below folders train/"):
        keep_parts("mine", candidates("a", "val/b"))
