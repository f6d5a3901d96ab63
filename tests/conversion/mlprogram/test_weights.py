"""The weight file: a layout written by hand here, and everything that can be wrong with it."""

import struct

import numpy as np
import pytest

from conversion.errors import InvalidProgram
from conversion.mlprogram.types import TensorType
from conversion.mlprogram.weights import WeightFile

NUMBERS = np.array([[1, -2, 0.5], [65504, 0, 3]], np.float16)
TENSOR = TensorType(np.dtype(np.float16), (2, 3))


def blob_file(**changes):
    """Return the bytes of a file with one blob, field by field."""
    f = {"count": 1, "version": 2, "sentinel": 0xDEADBEEF, "type": 1, "size": 12, "start": 128}
    f |= changes
    header = struct.pack("<II56x", f["count"], f["version"])
    metadata = struct.pack("<IIQQ40x", f["sentinel"], f["type"], f["size"], f["start"])
    return header + metadata + NUMBERS.tobytes()


@pytest.fixture
def written(tmp_path):
    def write(data):
        path = tmp_path / "weight.bin"
        path.write_bytes(data)
        return WeightFile(path)

    return write


def test_a_blob_is_read_as_laid_out(written):
    array = written(blob_file()).read(64, tensor=TENSOR)
    assert array.dtype == np.float16
    np.testing.assert_array_equal(array, NUMBERS)


def test_an_array_is_a_read_only_view_not_a_copy(written):
    file = written(blob_file())
    first, second = (file.read(64, tensor=TENSOR) for _ in range(2))
    assert np.shares_memory(first, second)
    with pytest.raises(ValueError, match="read-only"):
        first[0, 0] = 0


def test_what_coremltools_writes_is_read_back(tiny_fp16):
    # The program names each blob; the whole picture is compared in test_model.py.
    data = (tiny_fp16.path / "Data/com.apple.CoreML/weights/weight.bin").read_bytes()
    count, version = struct.unpack_from("<II", data)
    assert version == 2
    assert data.count(struct.pack("<I", 0xDEADBEEF)) == count


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"version": 1}, "storage version 2; received version 1"),
        ({"sentinel": 0xDEADBEEE}, "sentinel 0xdeadbeef; received 0xdeadbeee"),
        ({"type": 2}, "float16 data; received blob type 2"),
        ({"type": 99}, "received blob type 99"),
        ({"size": 14}, "12 bytes .* received 14 bytes"),
        ({"start": 192}, "bytes 192 to 204 of 140"),
        ({"start": 120}, "aligned to 64"),
        ({"start": 2**64 - 64}, "inside the file"),
    ],
)
def test_a_wrong_field_is_refused_by_name(written, changes, complaint):
    with pytest.raises(InvalidProgram, match=complaint):
        written(blob_file(**changes)).read(64, tensor=TENSOR)


@pytest.mark.parametrize("offset", [0, 1, 65, 128, 2**63])
def test_an_offset_outside_the_file_or_its_grid_is_refused(written, offset):
    with pytest.raises(InvalidProgram, match="blob at byte|sentinel"):
        written(blob_file()).read(offset, tensor=TENSOR)


@pytest.mark.parametrize("length", [0, 7, 63, 64, 100, 127, 128, 139])
def test_a_file_cut_short_anywhere_is_refused(written, length):
    with pytest.raises(InvalidProgram, match="damaged"):
        written(blob_file()[:length]).read(64, tensor=TENSOR)


def test_a_missing_file_is_refused_with_its_path(tmp_path):
    with pytest.raises(InvalidProgram, match="weight.bin: the weight file cannot be read"):
        WeightFile(tmp_path / "weight.bin")
