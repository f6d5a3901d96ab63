"""Time every step from a drawing file to its finished picture file."""

import dataclasses
import time
from pathlib import Path

import numpy as np

from benchmarks.drawing.samples import FOLDER, rasterise
from training.files.atomic import written_whole
from training.picture.cleaning import clean
from training.picture.finishing.net import Net
from training.picture.finishing.picture import find_regions, paint
from training.picture.flats.compose import flats, smooth_layer
from training.picture.openraster import COMPRESSION
from training.picture.reading import read_drawing
from training.pixels import PAPER, under_ink

ACROSS, DOWN = 4, 3  # sample drawings on one sheet
MODEL = "model"


def sheet(width: int, height: int) -> np.ndarray:
    """Return a sheet full of sample drawings, (height, width) uint8: many lines and regions."""
    page = np.full((height, width), PAPER, np.uint8)
    side = min(width // ACROSS, height // DOWN)
    for number, file in enumerate(sorted(FOLDER.glob("*.svg"))[: ACROSS * DOWN]):
        top, left = number // ACROSS * (height // DOWN), number % ACROSS * (width // ACROSS)
        page[top : top + side, left : left + side] = rasterise(file, side)
    return page


def timed_steps(net: Net, file: Path, output: Path) -> dict[str, float]:
    """Colour one drawing file into one picture file: seconds that each step took."""
    from PIL import Image

    took: dict[str, float] = {}
    began = time.perf_counter()

    def step(name: str) -> None:
        nonlocal began
        now = time.perf_counter()
        took[name], began = now - began, now

    def watched(lineart: np.ndarray, hints: np.ndarray | None) -> np.ndarray:
        step("fit")
        painted = net.paint(lineart, hints)
        step(MODEL)
        return painted

    picture = read_drawing(file)
    step("read")
    lineart = clean(picture).lineart
    step("clean")
    painted = paint(dataclasses.replace(net, paint=watched), lineart)
    step("layer")  # of a net that paints finished pictures: what lies beneath their ink
    labels = find_regions(lineart)
    step("regions")
    below = flats(labels, painted, lineart=lineart)
    step("colours")
    smooth_layer(painted, (lineart.shape[0], lineart.shape[1]))
    step("smooth layer")
    composed = under_ink(below, lineart)
    step("compose")
    with written_whole(output, overwrite=True) as partial:
        Image.fromarray(composed).save(partial, format="PNG", compress_level=COMPRESSION)
    step("write")
    return took
