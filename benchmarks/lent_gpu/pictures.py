"""The training pictures of a data folder as plain arrays: small to send, and read by NumPy alone.

A folder holds pictures.json and one compressed array a file: all line drawings, all layers, and
those colours that are not a layer under its first drawing.
"""

import lzma
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.files.atomic import written_whole
from training.files.record_format import RecordFormat
from training.pixels import under_ink

DESCRIPTION_FILE = "pictures.json"
# As small as it is quick: 3 MB a second. Many pictures in one file are a third smaller than PNGs.
PRESET = 6


@dataclass(frozen=True, kw_only=True)
class Description:
    """What pictures.json holds."""

    size: int
    count: int
    sha256: str  # of the data folder's manifest


DESCRIPTIONS = RecordFormat(
    kind=Description,
    name="nurie-lent-pictures/1",
    what="the description of packed pictures",
    expected="a folder written by benchmarks.lent_pack",
)


@dataclass(frozen=True, kw_only=True)
class Pictures:
    """Training pictures in memory, uint8. Picture i has lines[first[i] : first[i + 1]]."""

    lines: np.ndarray  # (L, H, W)
    first: np.ndarray  # (N + 1,)
    colors: np.ndarray  # (N, H, W, 3)
    layers: np.ndarray  # (M, H, W, 3)
    layer_of: np.ndarray  # (N,): the index of its layer, or -1

    def __len__(self) -> int:
        return len(self.colors)


def pack_pictures(
    pairs: Iterable[tuple[np.ndarray, list[np.ndarray], np.ndarray | None]],
    folder: Path,
    *,
    sha256: str,
) -> None:
    """Write color, line drawings and the layer, where it is known, of each picture."""
    lines: list[np.ndarray] = []
    layers: list[np.ndarray] = []
    colors: list[np.ndarray] = []
    first, layer_of, color_of = [0], [], []
    for color, drawn, layer in pairs:
        lines += drawn
        first.append(len(lines))
        layer_of.append(-1 if layer is None else len(layers))
        if layer is not None:
            layers.append(layer)
        derived = layer is not None and np.array_equal(under_ink(layer, drawn[0]), color)
        color_of.append(-1 if derived else len(colors))
        if not derived:
            colors.append(color)
    size = lines[0].shape[0]
    description = Description(size=size, count=len(layer_of), sha256=sha256)
    with written_whole(folder, marker=DESCRIPTION_FILE) as partial:
        partial.mkdir()
        _write(np.stack(lines), partial / "lines.npy.xz")
        _write(np.array(layers, np.uint8).reshape(-1, size, size, 3), partial / "layers.npy.xz")
        _write(np.array(colors, np.uint8).reshape(-1, size, size, 3), partial / "colors.npy.xz")
        for name, index in (("first", first), ("layer_of", layer_of), ("color_of", color_of)):
            _write(np.array(index, np.int32), partial / f"{name}.npy.xz")
        DESCRIPTIONS.write(description, partial / DESCRIPTION_FILE)


def load_pictures(folder: Path) -> Pictures:
    """Read what `pack_pictures` wrote, and lay each layer under its lines where colours are due."""
    lines, layers, stored, first, layer_of, color_of = (
        _read(folder / f"{name}.npy.xz")
        for name in ("lines", "layers", "colors", "first", "layer_of", "color_of")
    )
    colors = np.empty((len(color_of), *layers.shape[1:]), np.uint8)
    for i, place in enumerate(color_of):
        derived = place < 0
        colors[i] = under_ink(layers[layer_of[i]], lines[first[i]]) if derived else stored[place]
    return Pictures(lines=lines, first=first, colors=colors, layers=layers, layer_of=layer_of)


def _write(array: np.ndarray, path: Path) -> None:
    with lzma.open(path, "wb", preset=PRESET) as file:
        np.save(file, array, allow_pickle=False)


def _read(path: Path) -> np.ndarray:
    with lzma.open(path, "rb") as file:
        return np.load(file, allow_pickle=False)
