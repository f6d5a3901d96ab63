"""Pictures to calibrate and to compare networks of other people's kinds on: no line art needed."""

from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from benchmarks.drawing.hints import made_up_colors
from benchmarks.drawing.samples import sample_drawings

COARSE = (5, 7)  # colours of a smooth picture, down and across


def smooth_pictures(
    folder: Path, *, count: int, channels: int = 3, width: int = 56, seed: int = 0
) -> Path:
    """Fill a folder with soft fields of random colours, not square. Returns it."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(count):
        coarse = rng.integers(0, 256, (*COARSE, channels), np.uint8)
        size = (width, width * COARSE[0] // COARSE[1])
        smooth = cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC)
        Image.fromarray(smooth).save(folder / f"{n}.png")
    return folder


def colored_drawings(folder: Path, *, side: int, first: bool) -> Path:
    """Fill a folder with every other sample drawing in made-up colours. Returns it.

    first: begin with the first, else with the second: two halves that share no drawing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for drawing in sample_drawings(side)[0 if first else 1 :: 2]:
        Image.fromarray(made_up_colors(drawing.lineart)).save(folder / f"{drawing.name}.png")
    return folder
