"""Files of a package: regular ones, of a size that memory holds."""

import os

import pytest

from conversion.errors import InvalidProgram, OverBudget
from conversion.mlprogram.budget import Budget, Limits
from conversion.mlprogram.files import read_whole
from conversion.mlprogram.package import read_package

SPECIFICATION = "Data/com.apple.CoreML/model.mlmodel"
WEIGHTS = "Data/com.apple.CoreML/weights/weight.bin"


def test_a_file_is_read_whole_and_counted(tmp_path):
    (tmp_path / "file").write_bytes(b"seven..")
    budget = Budget()
    assert read_whole(tmp_path / "file", budget=budget).tobytes() == b"seven.."
    assert budget.held_bytes == 7


@pytest.mark.parametrize("part", ["Manifest.json", SPECIFICATION, WEIGHTS])
def test_a_pipe_is_not_waited_for(tiny_fp16, copy_of, part):
    path = copy_of(tiny_fp16)
    (path / part).unlink()
    os.mkfifo(path / part)
    with pytest.raises(InvalidProgram, match="is no regular file"):
        read_package(path)


@pytest.mark.parametrize("part", ["Manifest.json", SPECIFICATION, WEIGHTS])
def test_a_file_with_a_large_hole_is_not_read(tiny_fp16, copy_of, part):
    path = copy_of(tiny_fp16)
    with (path / part).open("r+b") as file:
        file.truncate(2**40)  # takes no room on the disk
    with pytest.raises(OverBudget, match=r"a file of 1099511627776 bytes, wants 1.* GiB"):
        read_package(path, limits=Limits())
