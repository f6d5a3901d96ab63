import io
import os
import pickle
import sys
import types
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from training.errors import DataError
from training.metrics.kid.torch_archive import read_tensors

MAGIC, PROTOCOL = 0x1950A86A20F9469CFC6C, 1001
SYSTEM = {"protocol_version": PROTOCOL, "little_endian": True, "type_sizes": {"int": 4}}


class Storage:
    """A numbered row of numbers, as a pickle of torch refers to it."""

    def __init__(self, key: str, values: np.ndarray, *, kind: str = "FloatStorage") -> None:
        self.key, self.values, self.kind = key, values, kind


class Tensor:
    """A view of a storage that pickles as torch's tensors do."""

    def __init__(self, storage: Storage, offset: int, size: tuple, stride: tuple) -> None:
        self.parts = (storage, offset, size, stride, False, OrderedDict())

    def __reduce__(self) -> tuple:
        return sys.modules["torch._utils"]._rebuild_tensor_v2, self.parts


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Write a file as torch.save did, with modules called torch that only have the names."""
    torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")

    def _rebuild_tensor_v2(*parts: object) -> None: ...

    _rebuild_tensor_v2.__module__, _rebuild_tensor_v2.__qualname__ = (
        "torch._utils",
        "_rebuild_tensor_v2",
    )
    utils._rebuild_tensor_v2 = _rebuild_tensor_v2
    for kind in ("FloatStorage", "LongStorage", "HalfStorage"):
        setattr(torch, kind, type(kind, (), {"__module__": "torch"}))

    class Pickler(pickle.Pickler):
        def __init__(self, file: io.BytesIO) -> None:
            super().__init__(file, protocol=2)
            self.storages: dict[str, Storage] = {}

        def persistent_id(self, item: object) -> Any:
            if not isinstance(item, Storage):
                return None
            self.storages[item.key] = item
            kind = getattr(torch, item.kind)
            return ("storage", kind, item.key, "cpu", len(item.values), None)

    def write(content: object, *, magic: int = MAGIC, system: dict = SYSTEM, cut: int = 0) -> Path:
        with monkeypatch.context() as patched:
            patched.setitem(sys.modules, "torch", torch)
            patched.setitem(sys.modules, "torch._utils", utils)
            file = io.BytesIO()
            for item in (magic, PROTOCOL, system):
                pickle.dump(item, file, protocol=2)
            pickler = Pickler(file)
            pickler.dump(content)
        keys = sorted(pickler.storages)
        pickle.dump(keys, file, protocol=2)
        for key in keys:
            values = pickler.storages[key].values
            file.write(len(values).to_bytes(8, "little") + values.tobytes())
        path = tmp_path / "weights.pth"
        path.write_bytes(file.getvalue()[: len(file.getvalue()) - cut])
        return path

    return write


def floats(count: int, *, key: str = "1") -> Storage:
    return Storage(key, np.arange(count, dtype="<f4"))


def test_tensors_come_back_by_name_in_order(write):
    kernel = Tensor(floats(6), 0, (2, 3), (3, 1))
    steps = Tensor(Storage("2", np.array([7], "<i8"), kind="LongStorage"), 0, (), ())
    tensors = read_tensors(write(OrderedDict(kernel=kernel, steps=steps)))
    assert list(tensors) == ["kernel", "steps"]
    np.testing.assert_array_equal(tensors["kernel"], [[0, 1, 2], [3, 4, 5]])
    assert (tensors["steps"].shape, tensors["steps"].dtype, int(tensors["steps"])) == ((), "i8", 7)


def test_strides_and_offsets_are_those_of_the_file(write):
    # Stored column by column, from the third number on.
    tensors = read_tensors(write(OrderedDict(w=Tensor(floats(9), 2, (2, 3), (1, 2)))))
    np.testing.assert_array_equal(tensors["w"], [[2, 4, 6], [3, 5, 7]])
    assert tensors["w"].flags.c_contiguous


def test_two_tensors_may_share_a_storage(write):
    shared = floats(4)
    tensors = read_tensors(
        write(OrderedDict(a=Tensor(shared, 0, (2,), (1,)), b=Tensor(shared, 2, (2,), (1,))))
    )
    assert [list(tensors[name]) for name in "ab"] == [[0, 1], [2, 3]]


def test_what_torch_hangs_on_to_the_dictionary_is_let_go(write):
    content = OrderedDict(w=Tensor(floats(1), 0, (1,), (1,)))
    content._metadata = OrderedDict(version=2)
    tensors = read_tensors(write(content))
    assert type(tensors) is dict


class Runs:
    """An object whose unpickling runs a command."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple:
        return os.system, (f"touch {self.marker}",)


def test_a_file_that_runs_something_is_refused_and_runs_nothing(write, tmp_path: Path):
    marker = tmp_path / "ran"
    path = write(OrderedDict(w=Runs(marker)))
    with pytest.raises(DataError, match=r"asks for \w+\.system, which is no tensor"):
        read_tensors(path)
    assert not marker.exists()


@pytest.mark.parametrize("position", range(5))
def test_none_of_the_pickles_may_run_anything(tmp_path: Path, position: int):
    marker, file = tmp_path / "ran", io.BytesIO()
    items: list[object] = [MAGIC, PROTOCOL, SYSTEM, OrderedDict(), []]
    items[position] = Runs(marker)
    for item in items:
        pickle.dump(item, file, protocol=2)
    path = tmp_path / "weights.pth"
    path.write_bytes(file.getvalue())
    with pytest.raises(DataError, match="which is no tensor"):
        read_tensors(path)
    assert not marker.exists()


@pytest.mark.parametrize("name", ["builtins.eval", "collections.Counter", "torch.load"])
def test_only_the_named_kinds_are_known(tmp_path: Path, name: str):
    module, _, member = name.partition(".")
    path = tmp_path / "weights.pth"
    path.write_bytes(
        b"".join(pickle.dumps(item, protocol=2) for item in (MAGIC, PROTOCOL, SYSTEM))
        + f"\x80\x02c{module}\n{member}\n.".encode("latin-1")
    )
    with pytest.raises(DataError, match=f"asks for {name}, which is no tensor"):
        read_tensors(path)


def test_a_pickle_cannot_alter_what_rebuilds_tensors(tmp_path: Path):
    path = tmp_path / "weights.pth"
    path.write_bytes(
        b"".join(pickle.dumps(item, protocol=2) for item in (MAGIC, PROTOCOL, SYSTEM))
        + b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n}U\x08__call__Nsb."
    )
    with pytest.raises(DataError, match="alters what rebuilds tensors"):
        read_tensors(path)


@pytest.mark.parametrize(
    ("size", "stride", "offset"),
    [
        ((7,), (1,), 0),
        ((6,), (1,), 1),
        ((2,), (6,), 0),
        ((2, 3), (1,), 0),
        ((2,), (-1,), 1),
        ((-2,), (1,), 0),
        ((2,), (1,), -1),
        ((10**9,), (0,), 0),
    ],
)
def test_tensors_outside_their_storage_are_refused(write, size, stride, offset):
    with pytest.raises(DataError, match="a tensor of size"):
        read_tensors(write(OrderedDict(w=Tensor(floats(6), offset, size, stride))))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"magic": 5}, "expected magic number"),
        ({"system": SYSTEM | {"little_endian": False}}, "little-endian"),
        ({"system": {}}, "little_endian"),
        ({"cut": 1}, "holds no tensors"),
        ({"cut": 30}, "holds no tensors"),
    ],
)
def test_damaged_files_are_refused_by_name(write, changes: dict[str, Any], message: str):
    path = write(OrderedDict(w=Tensor(floats(6), 0, (6,), (1,))), **changes)
    with pytest.raises(DataError, match=message) as refused:
        read_tensors(path)
    assert str(path) in str(refused.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([1, 2], "expected named tensors, received list"),
        (OrderedDict(w=3), "'w' is int, no tensor"),
        (OrderedDict(w=Tensor(Storage("1", np.zeros(2, "<f2"), kind="HalfStorage"), 0, (2,), (1,))),
         "torch.HalfStorage, which is no tensor"),
    ],
)  # fmt: skip
def test_other_contents_are_refused(write, content: object, message: str):
    with pytest.raises(DataError, match=message):
        read_tensors(write(content))


def test_a_storage_larger_than_the_file_is_refused_before_it_is_allocated(tmp_path: Path):
    # persistent id ('storage', FloatStorage, '1', 'cpu', 10^12, None)
    reference = (
        b"\x80\x02(U\x07storagectorch\nFloatStorage\nU\x011U\x03cpu\x8a\x06"
        + (10**12).to_bytes(6, "little")
        + b"NtQ."
    )
    path = tmp_path / "weights.pth"
    path.write_bytes(
        b"".join(pickle.dumps(item, protocol=2) for item in (MAGIC, PROTOCOL, SYSTEM)) + reference
    )
    with pytest.raises(DataError, match="storage 1 is larger than the file"):
        read_tensors(path)


@pytest.mark.parametrize("content", [b"", b"no pickle", b"PK\x03\x04rest"])
def test_other_files_are_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "weights.pth"
    path.write_bytes(content)
    with pytest.raises(DataError, match="before version 1.6"):
        read_tensors(path)


def test_a_missing_file_is_refused(tmp_path: Path):
    with pytest.raises(DataError, match="none.pth"):
        read_tensors(tmp_path / "none.pth")


def test_torch_itself_writes_what_is_read(tmp_path: Path):
    torch = pytest.importorskip("torch", reason="needs torch, which Nurie does not install")
    path = tmp_path / "weights.pth"
    net = torch.nn.Sequential(torch.nn.Conv2d(2, 3, 4), torch.nn.BatchNorm2d(3))
    torch.save(net.state_dict(), path, _use_new_zipfile_serialization=False)
    tensors = read_tensors(path)
    assert list(tensors) == list(net.state_dict())
    for name, tensor in net.state_dict().items():
        np.testing.assert_array_equal(tensors[name], tensor.numpy())
