"""Read the tensors of a PyTorch weight file with NumPy alone; nothing in the file can run.

The format that torch.save wrote until 1.6: five pickles (magic number, protocol, byte order, the
named tensors, the keys of their storages), then each storage as a count and its raw numbers.
"""

import math
import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from training.errors import DataError

MAGIC, PROTOCOL = 0x1950A86A20F9469CFC6C, 1001
# The storages of weights and counters, as they are called in module torch.
DTYPES: dict[str, np.dtype[Any]] = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}
ZIP = b"PK\x03\x04"  # how the files of torch 1.6 and newer begin


def read_tensors(path: Path) -> dict[str, np.ndarray]:
    """Return the named tensors of a state dictionary, in their order.

    Raises DataError for a file of another kind, a damaged one, or one that holds, or asks for,
    anything but float32 and int64 tensors.
    """
    try:
        with path.open("rb") as file:
            return _read(file, limit=path.stat().st_size)
    except Exception as error:  # a damaged pickle raises anything
        raise DataError(
            f"{path} holds no tensors that can be read ({error}). Expected the weights of a "
            "network as torch.save wrote them before version 1.6."
        ) from error


class _TensorsOnly(pickle.Unpickler):
    """An unpickler that knows tensors, their storages and the dictionary around them."""

    def __init__(self, file: BinaryIO, *, limit: int) -> None:
        super().__init__(file)
        self.storages: dict[str, np.ndarray] = {}
        self._left = limit  # bytes: a storage cannot be larger than the file that holds it

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return _StateDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _RebuildTensor()
        if module == "torch" and name in DTYPES:
            return name
        raise pickle.UnpicklingError(f"it asks for {module}.{name}, which is no tensor")

    def persistent_load(self, pid: Any) -> np.ndarray:
        """Return the storage that `pid` names: allocated now, filled after the pickle."""
        kind, type_name, key, _device, count, view = pid
        if kind != "storage" or type_name not in DTYPES or view is not None:
            raise pickle.UnpicklingError(f"it names {pid!r}, which is no whole storage")
        dtype = DTYPES[type_name]
        if key not in self.storages:
            self._left -= count * dtype.itemsize
            if count < 0 or self._left < 0:
                raise pickle.UnpicklingError(f"storage {key} is larger than the file")
            self.storages[key] = np.zeros(count, dtype)
        return self.storages[key]


class _StateDict(OrderedDict[str, Any]):
    """A plain ordered dictionary that drops the attributes that torch attached to it."""

    def __setstate__(self, state: object) -> None:
        """Take no attributes: torch keeps versions of modules there."""


class _RebuildTensor:
    """What torch._utils._rebuild_tensor_v2 does; an object, so that no pickle can alter it."""

    __slots__ = ()

    def __call__(
        self,
        storage: np.ndarray,
        offset: int,
        size: tuple[int, ...],
        stride: tuple[int, ...],
        _requires_grad: bool,
        _hooks: object,
    ) -> np.ndarray:
        """Return a view of `storage`, which has no numbers yet."""
        if len(size) != len(stride) or min((offset, *size, *stride)) < 0:
            raise pickle.UnpicklingError(f"a tensor of size {size} with strides {stride}")
        last = offset + sum((n - 1) * step for n, step in zip(size, stride, strict=True))
        # Without the second test a stride of 0 could make gigabytes of one number.
        if last >= storage.size or math.prod(size) > storage.size:
            raise pickle.UnpicklingError(f"a tensor of size {size} is not inside its storage")
        strides = tuple(step * storage.itemsize for step in stride)
        return np.lib.stride_tricks.as_strided(storage[offset:], size, strides, writeable=False)

    def __setstate__(self, state: object) -> None:
        raise pickle.UnpicklingError("it alters what rebuilds tensors")


def _read(file: BinaryIO, *, limit: int) -> dict[str, np.ndarray]:
    if file.read(len(ZIP)) == ZIP:
        raise ValueError("it is a zip file, as torch 1.6 and newer write")
    file.seek(0)
    for expected, what in ((MAGIC, "magic number"), (PROTOCOL, "protocol")):
        received = _TensorsOnly(file, limit=limit).load()
        if received != expected:
            raise ValueError(f"expected {what} {expected}, received {received!r}")
    if _TensorsOnly(file, limit=limit).load()["little_endian"] is not True:
        raise ValueError("expected little-endian numbers")
    unpickler = _TensorsOnly(file, limit=limit)
    tensors = unpickler.load()
    for key in _TensorsOnly(file, limit=limit).load():
        _fill(unpickler.storages.pop(key), file)
    if unpickler.storages:
        raise ValueError(f"{len(unpickler.storages)} storages have no numbers")
    if not isinstance(tensors, _StateDict):
        raise ValueError(f"expected named tensors, received {type(tensors).__name__}")
    for name, tensor in tensors.items():
        if not isinstance(tensor, np.ndarray):
            raise ValueError(f"{name!r} is {type(tensor).__name__}, no tensor")
    return {name: np.array(tensor, order="C") for name, tensor in tensors.items()}


def _fill(storage: np.ndarray, file: BinaryIO) -> None:
    count = int.from_bytes(file.read(8), "little")
    if count != storage.size:
        raise ValueError(f"expected a storage of {storage.size} numbers, received {count}")
    data = file.read(storage.nbytes)
    storage[:] = np.frombuffer(data, storage.dtype)  # refuses a file that ends too early
