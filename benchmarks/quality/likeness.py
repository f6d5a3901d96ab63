"""How alike one drawing's colours are, whatever its size, its pen and the way it was recorded."""

import itertools
import tempfile
from pathlib import Path

import cv2
import numpy as np

from benchmarks.drawing.samples import FOLDER, rasterise
from benchmarks.quality.versions import VERSIONS, write_version
from training.errors import PictureError
from training.metrics.full_reference import psnr_db
from training.picture.cleaning import clean
from training.picture.finishing.net import Net
from training.picture.finishing.picture import finish
from training.picture.reading import read_drawing
from training.picture.strokes import line_width, with_line_width

SIZES = (64, 256, 1024, 4096)
WIDTHS = (0.5, 1.0, 2.0, 4.0)  # of the drawing's lines
_SIDE = 1024  # pixels of the drawings whose lines are changed or recorded otherwise
MOST_DB = 60.0  # of an identical picture


def drawing_files(count: int) -> list[Path]:
    """Return the first `count` sample drawings."""
    return sorted(FOLDER.glob("*.svg"))[:count]


def of_sizes(net: Net, drawing: Path) -> dict[tuple[int, int], float]:
    """Return PSNR in dB between the finished pictures of a drawing at every two sizes.

    The larger one is averaged to the smaller one's size.
    """
    pictures = {size: finish(net, rasterise(drawing, size)).picture for size in SIZES}
    return {
        (small, large): _decibels(pictures[small], _averaged(pictures[large], small))
        for small, large in itertools.combinations(SIZES, 2)
    }


def of_widths(net: Net, drawing: Path) -> dict[float, float]:
    """Return PSNR in dB of a drawing's colours with other pens to those with its own, by width.

    Of the colours below the ink, where neither pen has any: the ink differs, as it should.
    """
    own = rasterise(drawing, _SIDE)
    width = line_width(own)
    assert width is not None  # no sample drawing is blank
    expected = finish(net, own).flats
    assert expected is not None
    found = {}
    for factor in WIDTHS:
        if factor == 1:
            continue
        lines = with_line_width(own, factor * width)
        flats = finish(net, lines).flats
        assert flats is not None
        shown = (own == 255) & (lines == 255)
        found[factor] = _decibels(expected[shown][:, np.newaxis], flats[shown][:, np.newaxis])
    return found


def of_versions(net: Net, drawing: Path) -> dict[str, float]:
    """Return PSNR in dB of a drawing's picture recorded otherwise to the clean one's, by version.

    0 for a version that is refused.
    """
    lineart = rasterise(drawing, _SIDE)
    expected = finish(net, lineart).picture
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for seed, (name, version) in enumerate(VERSIONS.items()):
            file = Path(folder) / f"{seed}.png"
            write_version(version, lineart, file, seed=seed)
            try:
                picture = finish(net, clean(read_drawing(file)).lineart).picture
            except PictureError:
                found[name] = 0.0
                continue
            same = picture.shape == expected.shape
            found[name] = _decibels(expected, picture) if same else 0.0
    return found


def _averaged(picture: np.ndarray, size: int) -> np.ndarray:
    return cv2.resize(picture, (size, size), interpolation=cv2.INTER_AREA)


def _decibels(one: np.ndarray, other: np.ndarray) -> float:
    return min(psnr_db(one, other), MOST_DB)
