"""The same drawings with lines that come about in other ways, for training and for judging.

Extracted lines belong to the picture that they were taken from, as `training.prepare --kind color`
has it: its own lines stay in it, and the net must paint what the extractor missed. All other lines
lie over the colours below them: picture = layer x line art.
"""

import io
from dataclasses import replace

import numpy as np

from benchmarks.gap.strokes import by_hand
from benchmarks.quality.versions import pencil
from training.data.lineart import EXTRACTORS, draw_variant
from training.data.sources.candidate import DrawOptions, Pair
from training.data.sources.openmoji import OpenMojiDrawing
from training.picture.cleaning import clean
from training.pixels import PAPER, under_ink
from training.settings.sizes import Size

FINE = 4  # times the side at which lines are simulated
VARIANTS = 3  # line drawings extracted from a picture, as training.prepare does
MIX, DRAWN, BOTH, PORTRAITS = "mix", "drawn", "both", "portraits"
HAND, PENCIL, SCAN = "hand", "pencil", "scan"
TRAINED = (*sorted(EXTRACTORS), MIX, DRAWN, BOTH)  # ways that nets are trained on
SIMULATED = (HAND, PENCIL, SCAN)
JUDGED = (*sorted(EXTRACTORS), DRAWN, PORTRAITS, *SIMULATED)  # ways that they are judged on
SCAN_TONE, SCAN_NOISE, SCAN_BLUR, SCAN_QUALITY = 236, 4.0, 0.006, 35  # blur: of the side


def trained_pairs(
    drawing: OpenMojiDrawing, options: DrawOptions, rng: np.random.Generator
) -> dict[str, Pair] | None:
    """Return a drawing with the lines of each way of TRAINED; None: its layer is not known."""
    drawn = drawing.draw(options)
    if drawn.layer is None:
        return None
    twice = drawing.draw(replace(options, size=_times(2, options.size))).color
    pairs = {}
    for way in (*sorted(EXTRACTORS), MIX):
        names = (way,) if way in EXTRACTORS else tuple(sorted(EXTRACTORS))
        variants = [draw_variant(twice, rng, extractors=names) for _ in range(VARIANTS)]
        pairs[way] = Pair(
            color=drawn.color,
            lineart=tuple(_reduced(lines, options.size) for lines, _ in variants),
            extractors=tuple(name for _, name in variants),
        )
    mixed = pairs[MIX]
    both = replace(
        drawn,
        lineart=(*drawn.lineart, *mixed.lineart),
        extractors=(*drawn.extractors, *mixed.extractors),
    )
    return pairs | {DRAWN: drawn, BOTH: both}


def simulated_pairs(
    drawing: OpenMojiDrawing, options: DrawOptions, rng: np.random.Generator
) -> dict[str, Pair]:
    """Return a drawing, whose layer is known, with the lines of each way of SIMULATED.

    Pencil and scan are cleaned as `training.colorize` cleans whatever it is given.
    """
    layer = drawing.draw(options).layer
    assert layer is not None
    ink = drawing.draw(replace(options, size=_times(FINE, options.size))).lineart[0]
    fine = {
        HAND: by_hand(ink, rng),
        PENCIL: clean(np.asarray(pencil(ink, rng))).lineart,
        SCAN: clean(scan(ink, rng)).lineart,
    }
    pairs = {}
    for way, lines in fine.items():
        lineart = _reduced(lines, options.size)
        color = under_ink(layer, lineart)
        pairs[way] = Pair(color=color, lineart=(lineart,), extractors=(way,), layer=layer)
    return pairs


def scan(lineart: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Simulate a poor scan: greyish paper that is darker to one side, blur, noise, JPEG.

    lineart: (H, W) uint8. Returns the same shape.
    """
    import cv2
    from PIL import Image

    height, width = lineart.shape
    soft = cv2.GaussianBlur(lineart, (0, 0), SCAN_BLUR * max(height, width)).astype(float)
    light = np.linspace(1.0, rng.uniform(0.8, 0.95), width)
    grey = soft / PAPER * SCAN_TONE * light + rng.normal(0, SCAN_NOISE, lineart.shape)
    file = io.BytesIO()
    Image.fromarray(np.clip(np.round(grey), 0, PAPER).astype(np.uint8)).save(
        file, format="JPEG", quality=SCAN_QUALITY
    )
    return np.asarray(Image.open(file))


def _times(factor: int, size: Size) -> Size:
    height, width = size
    return factor * height, factor * width


def _reduced(lineart: np.ndarray, size: Size) -> np.ndarray:
    import cv2

    return cv2.resize(lineart, size[::-1], interpolation=cv2.INTER_AREA)
