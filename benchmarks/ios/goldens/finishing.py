"""Golden steps from a drawing to its finished picture, for NurieKit to repeat.

Labels agree exactly, colours within one grey level. Pictures stand as runs: the bytes of a pixel,
then how many such pixels follow one another, 1 to 255.
"""

import base64
from typing import Any

import numpy as np

from benchmarks.ios.goldens import drawings
from training.picture.cleaning import clean
from training.picture.finishing.picture import find_regions
from training.picture.flats.compose import flats, smooth_layer
from training.picture.flats.painted import Painted
from training.picture.regions.labels import label_regions
from training.picture.strokes import line_width_of_large
from training.picture.working.fitting import fit
from training.pixels import PAPER, under_ink

# Drawings that are parted as if their lines had other widths, too.
_OTHER_WIDTHS = ("cat", "thick and thin", "scribble", "specks", "1 pixel high", "1 pixel wide")
Json = dict[str, Any]


def cleaning_cases() -> Json:
    """Pictures that show lines, made clean, and pictures that are refused, with the reason."""
    from training.errors import PictureError

    cases = []
    for name, picture in drawings.pictures_to_clean().items():
        cleaned = clean(picture)
        cases.append(
            {
                "name": name,
                "picture": _runs(picture),
                "lineart": _runs(cleaned.lineart),
                "notes": cleaned.notes,
            }
        )
    refused = []
    for name, picture in drawings.refused_pictures().items():
        try:
            clean(picture)
        except PictureError as error:
            refused.append({"name": name, "picture": _runs(picture), "reason": str(error)})
    assert len(refused) == len(drawings.refused_pictures())
    return {"cases": cases, "refused": refused}


def region_cases() -> Json:
    """Drawings and their regions, with lines as measured and, for some, of other widths."""
    cases = []
    for name, lineart in drawings.line_drawings().items():
        measured = line_width_of_large(lineart)
        widths = [measured or 1.0] + ([1.0, 4.75, 12.0] if name in _OTHER_WIDTHS else [])
        cases.append(
            {
                "name": name,
                "lineart": _runs(lineart),
                "measured": measured,
                "maps": [
                    {
                        "line_width": width,
                        "labels": _runs(_labels(label_regions(lineart, line_width=width))),
                    }
                    for width in widths
                ],
            }
        )
    return {"cases": cases}


def fitting_cases() -> Json:
    """Drawings, some with hints, fitted to working pictures smaller and larger than they are."""
    cases = []
    for name, size, learned, dots in (
        ("castle", (64, 64), (1.8, 1.8), 9),
        ("meadow", (64, 48), (1.0, 4.0), 0),
        ("cat", (160, 160), (2.0, 6.0), 4),
        ("cat", (160, 160), (1.0, 1.5), 0),
        ("thick", (48, 64), (1.0, 1.5), 6),
        ("thick and thin", (64, 64), (1.8, 2.5), 0),
        ("closed", (96, 128), (1.8, 1.8), 5),
        ("scribble", (40, 56), (1.8, 1.8), 0),
        ("1 pixel high", (32, 32), (1.8, 1.8), 0),
        ("1 pixel wide", (32, 24), (1.8, 1.8), 2),
        ("large", (16, 64), (1.8, 1.8), 0),
        ("no line", (32, 48), (1.8, 1.8), 0),
    ):
        lineart = drawings.line_drawings()[name]
        hints = drawings.hint_dots(lineart, count=dots, seed=dots) if dots else None
        fitted = fit(lineart, size=size, learned=learned, hints=hints)
        cases.append(
            {
                "name": name,
                "learned": learned,
                "lineart": _runs(lineart),
                "hints": None if hints is None else _runs(hints),
                "fitted": _runs(fitted.lineart),
                "fitted_hints": None if fitted.hints is None else _runs(fitted.hints),
                "scale": fitted.placement.scale,
                "left": fitted.placement.left,
                "top": fitted.placement.top,
            }
        )
    return {"cases": cases}


def flats_cases() -> Json:
    """Drawings, what a net might have painted of them, their flats, of some all that is made."""
    cases = []
    for name, size, dots in (
        ("closed", (32, 32), 0),
        ("open figure", (32, 48), 6),
        ("gap of 4", (48, 48), 3),
        ("scribble", (40, 40), 14),
        ("thick and thin", (72, 104), 8),
        ("1 pixel high", (16, 16), 1),
        ("1 pixel wide", (16, 16), 1),
        ("on cell borders", (16, 16), 0),
        ("nearly of its size", (25, 32), 0),
        ("no line", (16, 16), 0),
        ("all ink", (16, 16), 0),
        ("cat", (64, 64), 10),
    ):
        lineart = drawings.line_drawings()[name]
        hints = drawings.hint_dots(lineart, count=dots, seed=dots) if dots else None
        fitted = fit(lineart, size=size, learned=(1.0, 2.0), hints=hints)
        layer = drawings.painted_layer(*size, seed=dots)
        if name == "cat":  # a figure, and a smear on the page beside it
            layer = np.full_like(layer, PAPER)
            layer[20:44, 8:] = (90, 160, 220)
            layer[5:12, 3:20] = (236, 236, 240)
        painted = Painted(layer=layer, working=fitted.lineart, placement=fitted.placement)
        below = flats(find_regions(lineart), painted, lineart=lineart, hints=hints)
        height, width = lineart.shape
        is_whole = name in ("closed", "1 pixel high", "1 pixel wide")
        cases.append(
            {
                "name": name,
                "learned": (1.0, 2.0),
                "lineart": _runs(lineart),
                "hints": None if hints is None else _runs(hints),
                "layer": _runs(layer),
                "working": _runs(fitted.lineart),
                "flats": _runs(below),
                "smooth": _runs(smooth_layer(painted, (height, width))) if is_whole else None,
                "finished": _runs(under_ink(below, lineart)) if is_whole else None,
            }
        )
    return {"cases": cases}


def _labels(labels: np.ndarray) -> np.ndarray:
    """Return the numbers of regions as two bytes a pixel, the lower one first."""
    assert labels.max() < 1 << 16
    return labels.astype("<u2")[..., np.newaxis].view(np.uint8)


def _runs(picture: np.ndarray) -> Json:
    """Return a picture (H, W) or (H, W, C) uint8 by its runs, as NurieKit's tests read it."""
    height, width = picture.shape[:2]
    pixels = np.ascontiguousarray(picture).reshape(height * width, -1)
    changes = np.flatnonzero((pixels[1:] != pixels[:-1]).any(axis=1)) + 1
    starts = np.concatenate([[0], changes])
    lengths = np.diff(starts, append=len(pixels))
    packed = bytearray()
    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        while length > 0:
            packed += pixels[start].tobytes() + bytes([min(length, 255)])
            length -= 255
    return {
        "width": width,
        "height": height,
        "channels": pixels.shape[1],
        "runs": base64.b64encode(packed).decode("ascii"),
    }
