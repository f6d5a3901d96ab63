"""Choose the colours of a portrait: of most of them as people are, of the others freely.

From plausible colours a net learns what to paint unasked: skin like skin, hair like hair. But a
hint may ask for any colour anywhere, green hair and blue skin too, and DiceBear's palettes hold a
dozen colours at most: free ones come from the whole of HSV, but for what is hardly lighter than
ink, as two regions of that would not be told apart. They are few: nobody can guess them unasked,
and a net that tries learns to paint the grey between them all.
"""

import colorsys

import numpy as np

from training.data.sources.portraits.styles import PortraitStyle, definition

# Skin from light to dark, hair from black to white: the natural ones of all nine palettes.
# fmt: off
SKIN = (
    "#ffe4c0", "#ffdbb4", "#f8d9ce", "#f2d3b1", "#f1c3a5", "#edb98a", "#ecad80", "#e5a07e",
    "#d78774", "#d08b5b", "#c68e7a", "#c99c62", "#b98e6a", "#a36b4f", "#a47539", "#9e5622",
    "#8c5a2b", "#763900", "#694d3d", "#643d19", "#5c3829",
)
HAIR = (
    "#2c1b18", "#362c47", "#3a1a00", "#4a312c", "#562306", "#6a4e35", "#6c4545", "#71472d",
    "#724133", "#796a45", "#a55728", "#ac6511", "#ab2a18", "#b58143", "#b9a05f", "#c93305",
    "#cb6820", "#d6b370", "#e2ba87", "#e5d7a3", "#ecdcbf", "#afafaf", "#e8e1e1",
)
# fmt: on
_NATURAL = {"skin": SKIN, "hair": HAIR, "facialHair": HAIR, "headContrast": HAIR}
_FIXED = ("sclera", "teeth")  # white in a plausible portrait
PLAUSIBLE = 0.8  # share of the portraits whose colours one would expect
_NEAR = 10  # grey levels off the palette, each channel: no colour is learned by heart
_DARKEST = 0.35  # value of HSV


def portrait_colors(style: PortraitStyle, index: int) -> dict[str, str]:
    """Return a colour, #rrggbb, for each slot of a style but ink, as the number decides."""
    rng = np.random.default_rng(index)
    # Not every other number: styles come in turns of 20, and some would never be free.
    plausible = rng.uniform() < PLAUSIBLE
    slots = definition(style.name)["colors"]
    chosen = {}
    for slot, details in slots.items():
        if slot in style.ink_slots or slot == "background":
            continue
        if not plausible:
            chosen[slot] = _free(rng)
        elif slot in _FIXED:
            chosen[slot] = details["values"][0]
        else:
            palette = _NATURAL.get(slot, details["values"])
            chosen[slot] = _near(palette[rng.integers(len(palette))], rng)
    return chosen


def _near(color: str, rng: np.random.Generator) -> str:
    channels = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    moved = np.clip(np.array(channels) + rng.integers(-_NEAR, _NEAR + 1, 3), 0, 255)
    return _written(moved)


def _free(rng: np.random.Generator) -> str:
    hue, saturation, value = rng.uniform((0, 0.05, _DARKEST), (1, 1, 1))
    return _written(np.round(255 * np.array(colorsys.hsv_to_rgb(hue, saturation, value))))


def _written(channels: np.ndarray) -> str:
    return "#" + "".join(f"{int(channel):02x}" for channel in channels)
