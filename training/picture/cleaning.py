"""Turn a decoded picture into a clean line drawing: white paper, black ink, and nothing else.

In this order: transparency is laid on paper, light lines on dark are inverted, the light of a
photograph is divided out, coloured ink becomes grey, paper and ink are set to white and black. Each
step is taken only where the picture needs it, so that a clean drawing comes out bit by bit.
"""

from dataclasses import dataclass

import numpy as np

from training.errors import PictureError
from training.picture.paper import divide_by_light, divide_by_tone, measure_paper
from training.picture.reading import to_grey
from training.pixels import CLEAN_ABOVE, INK_BELOW, PAPER

_LIGHT_INK = 200  # uint8, the darkest channel: on white paper nobody would see it
_STRAY = 0.005  # share of the pixels that may be otherwise: a fleck, an antialiased edge
_SMALL = 256  # pixels of the longer side at which lines are told from what they lie on
_TONED = 200  # uint8: lighter paper is paper, whatever lies on it
_WHITE_PAPER = 250  # uint8: lighter paper is as good as white
_COLOR = 48  # uint8 between the channels: ink is coloured, beyond JPEG and the colours of edges
_COLORED = 0.1  # share of the ink that must be, and
_FILLED = 0.3  # share of the coloured ink that lies deep within it: areas, not lines
_DEEP = 1 / 100  # of the longer side: half the width from which colour is an area
_SMOOTH = 0.9  # share of white among the light pixels of a sheet whose paper is set
_NOISE = 3.5  # standard deviations of the noise of paper that become white
_WIDEST = 64  # grey levels below the tone of paper that its noise and grain may reach
_CONTRAST = 20  # grey levels: a weaker trace on white paper is not taken for a line
_PALE_INK = 80  # uint8: nets learn ink lightened by 30 %, 77 (AugmentConfig.lighten)
_DARK_INK = 24  # uint8: as dark as the ink of what is not clean anyway becomes
_LEAST_INK, _MOST_INK = 2e-5, 0.75  # shares of the sheet: a small circle on a large one; a negative
_DARKEST = 24  # uint8: darker paper is a black page


@dataclass(frozen=True)
class Cleaned:
    """A clean line drawing, and what was done to make it one."""

    lineart: np.ndarray  # (H, W) uint8, paper 255, ink 0
    notes: tuple[str, ...]  # a line each, in the order in which it was done; none: it was clean


def clean(picture: np.ndarray) -> Cleaned:
    """Make a clean line drawing of whatever shows lines.

    picture: (H, W, 4) uint8 RGBA, (H, W, 3) RGB or (H, W) grey, upright. It is not changed.
    Raises PictureError with the reason for a page that is blank or almost black.
    """
    notes: list[str] = []
    drawn = _without_transparency(picture, notes)
    if drawn.ndim == 3 and _is_grey(drawn):
        drawn = np.ascontiguousarray(drawn[..., 0])
    if _lines_are_light(drawn if drawn.ndim == 2 else to_grey(drawn)):
        drawn = PAPER - drawn
        notes.append("inverted: light lines on dark")
    drawn = _on_white_paper(drawn, notes)
    lineart = _with_levels(drawn if drawn.ndim == 2 else _ink_of(drawn, notes), notes)
    share = 1 - float(lineart.mean()) / PAPER
    if share > _MOST_INK:
        raise PictureError(
            f"almost black: expected lines on paper, received a page with {share:.0%} ink."
        )
    return Cleaned(lineart, tuple(notes))


def _without_transparency(picture: np.ndarray, notes: list[str]) -> np.ndarray:
    """Lay a picture on paper that its ink stands out from. Returns it without alpha."""
    import cv2

    if picture.ndim == 2 or picture.shape[2] == 3:
        return picture
    *colors, alpha = cv2.split(picture)
    if alpha.min() == PAPER:
        return np.ascontiguousarray(picture[..., :3])
    shown = alpha >= INK_BELOW
    dark = shown & (cv2.min(cv2.min(colors[0], colors[1]), colors[2]) < _LIGHT_INK)
    light = bool(shown.any()) and np.count_nonzero(dark) <= _STRAY * np.count_nonzero(shown)
    # What ink takes from white paper: light ink would take nothing, and counts as its negative.
    notes.append("inverted: light ink on nothing" if light else "transparent: laid on white paper")
    taken = picture[..., :3] if light else PAPER - picture[..., :3]
    return PAPER - cv2.multiply(taken, cv2.merge([alpha] * 3), scale=1 / PAPER)


def _is_grey(picture: np.ndarray) -> bool:
    red, green, blue = np.moveaxis(picture, -1, 0)
    return bool((red == green).all() and (green == blue).all())


def _lines_are_light(grey: np.ndarray) -> bool:
    """Tell whether what stands out from its surroundings is lighter, on a sheet that is not white.

    The surroundings are a local median: paper, as long as lines cover less than half of it.
    """
    import cv2

    scale = min(1.0, _SMALL / max(grey.shape))
    size = [max(1, round(side * scale)) for side in grey.shape[::-1]]
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    tone = np.median(small)
    if tone >= _TONED:
        return False
    around = cv2.medianBlur(small, max(9, max(size) // 6 | 1))
    lighter = int(cv2.subtract(small, around).sum(dtype=np.int64))
    darker = int(cv2.subtract(around, small).sum(dtype=np.int64))
    # On paper of a middle tone there is chalk beside ink: it must outweigh it by far.
    return lighter > darker * (1 if tone < INK_BELOW else 2)


def _on_white_paper(drawn: np.ndarray, notes: list[str]) -> np.ndarray:
    paper = measure_paper(drawn)
    if paper.lightest.max() < _DARKEST:
        raise PictureError(
            "almost black: expected lines on paper, received a page whose lightest parts have "
            f"{paper.lightest.max()} of 255 grey levels."
        )
    if paper.uneven:
        notes.append("light: uneven, divided out")
        return divide_by_light(drawn, paper)
    if paper.lightest.min() < _WHITE_PAPER:
        tone = ", ".join(str(level) for level in paper.lightest)
        notes.append(f"paper: set to white from {tone}")
        return divide_by_tone(drawn, paper)
    return drawn


def _ink_of(color: np.ndarray, notes: list[str]) -> np.ndarray:
    """Return the darkness of ink of any colour on white paper: (H, W, 3) uint8 -> (H, W) uint8.

    Coloured lines are taken in the channel that they darken most: a yellow or light blue line is
    hardly darker than paper, but not so in blue or red. Coloured areas stay as light as they are.
    """
    import cv2

    red, green, blue = cv2.split(color)
    darkest = cv2.min(cv2.min(red, green), blue)
    spread = cv2.subtract(cv2.max(cv2.max(red, green), blue), darkest)
    inked = darkest < _LIGHT_INK
    colored = (inked & (spread > _COLOR)).astype(np.uint8)
    count = np.count_nonzero(colored)
    if count <= _COLORED * np.count_nonzero(inked):
        return to_grey(color)
    deep = 2 * max(1, round(_DEEP * max(inked.shape))) + 1
    if np.count_nonzero(cv2.erode(colored, np.ones((deep, deep), np.uint8))) > _FILLED * count:
        return to_grey(color)
    notes.append("ink: coloured, taken in the channel that it darkens most")
    return darkest


def _with_levels(grey: np.ndarray, notes: list[str]) -> np.ndarray:
    """Set the black and the white point. Raises PictureError where no ink stands out."""
    import cv2

    counts = np.bincount(grey.ravel(), minlength=256)
    white = _white_point(counts)
    inked = counts[: max(white - _CONTRAST, 0)]
    if inked.sum() < max(1, _LEAST_INK * grey.size):
        raise PictureError(
            "blank page: expected lines darker than their paper, or lighter than a dark one, "
            "received none that stand out."
        )
    untouched = not any(note.startswith(("light:", "paper:", "ink:")) for note in notes)
    darkest = _level_below(inked, 0.05)
    black = 0
    if darkest > (_PALE_INK if untouched else _DARK_INK):
        # The middle of most lines, not the darkest of them: a pencil presses unevenly.
        black = _level_below(counts[: (white + darkest) // 2 + 1], 0.5)
    if white == PAPER and black == 0:
        return grey
    if white < PAPER and untouched:
        notes.append(f"paper: set to white from {white}")
    if black > 0:
        notes.append(f"ink: set to black from {black}")
    levels = np.arange(256, dtype=np.float32)
    table = np.clip((levels - black) * (PAPER / (white - black)), 0, PAPER)
    return cv2.LUT(grey, np.round(table).astype(np.uint8))


def _white_point(counts: np.ndarray) -> int:
    """Return the level from which on all is paper. counts: (256,), pixels of each level."""
    light = counts[CLEAN_ABOVE:]
    if light[-1] >= _SMOOTH * light.sum():
        return PAPER
    mode = INK_BELOW + int(np.argmax(counts[INK_BELOW:]))
    below = np.cumsum(counts[mode : mode - _WIDEST : -1])
    # Of one side of a normal distribution, 90 % lie within 1.645 deviations.
    deviation = int(np.searchsorted(below, 0.9 * below[-1])) / 1.645
    return mode - max(2, round(_NOISE * deviation))


def _level_below(counts: np.ndarray, share: float) -> int:
    """Return the level that `share` of the counted pixels do not exceed."""
    return int(np.searchsorted(np.cumsum(counts), share * counts.sum()))
