"""The files within a tar: listed by their headers, read where they lie, never unpacked.

A tar is what a stranger has written: nothing of it reaches the disk, a header is read in bounded
memory, and links and devices are refused by name.
"""

import io
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal, cast

from training.data.sources.candidate import Rejection
from training.data.sources.files import fault_of_name
from training.errors import DataError
from training.files.printable import printable

MAX_HEADER_BYTES = 1 << 20  # a name of that length is no name: tarfile reads what a header claims
_COMPRESSED = {b"\x1f\x8b": "gzip", b"BZ": "bzip2", b"\xfd7": "xz", b"\x28\xb5": "zstd"}


@dataclass(frozen=True, kw_only=True)
class TarMember:
    """A file within an uncompressed tar; it can be opened like a Path."""

    archive: Path
    name: str
    offset: int  # of its first byte in the tar
    size: int

    def open(self, mode: Literal["rb"] = "rb", /) -> BinaryIO:
        """Return a stream of the member alone."""
        return cast(BinaryIO, io.BufferedReader(_Section(self)))

    def __str__(self) -> str:
        return f"{self.archive}/{self.name}"


def list_members(archive: Path) -> Iterator[TarMember | Rejection]:
    """Yield the files of a tar in their order, and why others cannot be used; hidden ones not.

    Raises DataError for what is no tar, and for a compressed one, whose members have no place.
    """
    with archive.open("rb") as stream:
        start, size = stream.read(2), stream.seek(0, io.SEEK_END)
        if start in _COMPRESSED:
            raise DataError(
                f"{printable(str(archive))}: expected a tar, received one compressed by "
                f"{_COMPRESSED[start]}. Decompress it first: pictures are compressed already."
            )
        stream.seek(0)
        yield from _listed(archive, _BoundedReads(stream), size)


def _listed(archive: Path, stream: "_BoundedReads", size: int) -> Iterator[TarMember | Rejection]:
    reached = -1
    try:
        with tarfile.open(fileobj=cast(BinaryIO, stream), mode="r:") as tar:
            while (info := tar.next()) is not None:
                tar.members = []  # type: ignore[attr-defined]  # else it remembers all of them
                if info.offset <= reached:
                    raise tarfile.ReadError("a header that points back")
                reached = info.offset
                if info.isdir() or PurePosixPath(info.name).name.startswith("."):
                    continue
                if reason := _unusable(info, size):
                    yield Rejection(file=f"{archive}/{info.name}", reason=reason)
                else:
                    yield TarMember(
                        archive=archive, name=info.name, offset=info.offset_data, size=info.size
                    )
    except (tarfile.TarError, OSError, ValueError, OverflowError, EOFError) as error:
        if reached < 0:
            raise DataError(
                f"{printable(str(archive))}: expected a tar, received something else: {error}."
            ) from error
        yield Rejection(
            file=str(archive), reason=f"damaged or truncated after byte {reached}: {error}"
        )


def _unusable(info: tarfile.TarInfo, size: int) -> str | None:
    """Return why a member cannot be read, or None. size: of the whole tar, in bytes."""
    path = PurePosixPath(info.name)
    if fault := fault_of_name(info.name):
        return fault
    if "\0" in info.name:
        return "expected a name without zero bytes. Rename it"
    if path.is_absolute() or ".." in path.parts:
        return "expected a name within the archive, received a path that leads out of it"
    if info.issparse():
        return "expected a plain file, received one with holes (GNU sparse)"
    if not info.isreg():
        return "expected a plain file, received a link, device or pipe"
    if info.size < 0 or info.offset_data + info.size > size:
        return f"expected {info.size} bytes, as its header says: the tar ends before. Copy it again"
    return None


class _BoundedReads:
    """A file that tarfile reads headers from: a header that claims gigabytes is damage."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def read(self, size: int) -> bytes:
        if not 0 <= size <= MAX_HEADER_BYTES:
            raise tarfile.ReadError(
                f"a header of {size} bytes; at most {MAX_HEADER_BYTES} are expected"
            )
        return self._stream.read(size)

    def seek(self, place: int) -> int:
        return self._stream.seek(place)

    def tell(self) -> int:
        return self._stream.tell()


class _Section(io.RawIOBase):
    """The bytes of one member, as a file of their own."""

    def __init__(self, member: TarMember) -> None:
        self._file = member.archive.open("rb", buffering=0)
        self._begin, self._size, self._place = member.offset, member.size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("a place before the beginning")
        self._place = base + offset
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: "memoryview | bytearray", /) -> int:  # type: ignore[override]
        view = memoryview(buffer)[: max(self._size - self._place, 0)]
        self._file.seek(self._begin + self._place)
        count = self._file.readinto(view) if len(view) else 0
        self._place += count
        return count

    def close(self) -> None:
        self._file.close()
        super().close()
