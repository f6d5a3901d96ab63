"""Drawings that the golden files of finishing are about: small, each hard in its own way."""

import numpy as np

from benchmarks.drawing.samples import FOLDER, rasterise
from training.pixels import PAPER

SEED = 2017
SAMPLES = {"cat": 160, "castle": 256, "meadow": 200, "flower": 177}  # pixels a side


def line_drawings() -> dict[str, np.ndarray]:
    """Return clean drawings, (H, W) uint8, by what is hard about them."""
    return {
        "closed": _strokes(83, 61, 2, [[(10, 8), (70, 12), (60, 50), (14, 46), (10, 8)]]),
        "open figure": _strokes(72, 95, 3, [[(15, 15), (60, 14), (62, 80), (12, 84), (13, 60)]]),
        **{
            f"gap of {gap}": _strokes(
                90,
                70,
                2,
                [[(45 - gap / 2, 30), (8, 30), (8, 60), (80, 60), (80, 30), (45 + gap / 2, 30)]],
            )
            for gap in (1.5, 4, 9, 20)
        },
        "hair": _strokes(
            101, 77, 0.5, [[(5, 5), (95, 70)], [(5, 70), (60, 3)], [(2, 40), (98, 38)]]
        ),
        "thick": _strokes(
            101, 77, 11, [[(12, 12), (88, 12), (88, 62), (30, 62)], [(50, 12), (50, 40)]]
        ),
        "thick and thin": _strokes(97, 64, 7, [[(8, 8), (88, 10), (50, 55), (8, 8)]])
        & _strokes(97, 64, 1, [[(48, 0), (48, 64)], [(0, 25), (97, 30)]]),
        "scribble": _scribble(131, 118),
        "specks": _specks(67, 59),
        "no line": np.full((13, 21), PAPER, np.uint8),
        "all ink": np.zeros((9, 14), np.uint8),
        "1 pixel high": np.array([[255] * 9 + [0] * 2 + [255] * 12 + [90] + [255] * 7], np.uint8),
        "1 pixel wide": np.array([[255] * 7 + [70] + [255] * 9 + [0] * 3 + [255] * 13], np.uint8).T,
        "1 pixel": np.zeros((1, 1), np.uint8),
        # Averaged to be measured: 2,048 pixels a side or more.
        "large": _strokes(
            2301,
            37,
            5,
            [[(20, 6), (2200, 6), (2260, 31), (40, 31), (20, 6)], [(900, 0), (900, 37)]],
        ),
        # In 16 cells a side, middles of its room's outermost pixels lie on the borders of cells.
        "on cell borders": _frame(48, 37, np.s_[8:40, 5:20]),
        # In 25 x 32 cells, its room's are enlarged to as many pixels: OpenCV copies them then.
        "nearly of its size": _frame(26, 33, np.s_[6:16, 5:19]),
        **{name: rasterise(FOLDER / f"{name}.svg", side) for name, side in SAMPLES.items()},
    }


def painted_layer(height: int, width: int, *, seed: int) -> np.ndarray:
    """Return what a net might paint, (height, width, 3) uint8: patches, slopes, a grain."""
    import cv2

    rng = np.random.default_rng(seed)
    patches = rng.integers(0, 256, (max(2, height // 9), max(2, width // 9), 3)).astype(np.uint8)
    layer = cv2.resize(patches, (width, height), interpolation=cv2.INTER_NEAREST).astype(int)
    layer += np.arange(width)[np.newaxis, :, np.newaxis] // 3
    grain = np.where(rng.random(layer.shape) < 0.1, rng.integers(-9, 10, layer.shape), 0)
    return np.clip(layer + grain, 0, PAPER).astype(np.uint8)


def hint_dots(lineart: np.ndarray, *, count: int, seed: int) -> np.ndarray:
    """Return dots of few colours on a drawing: (H, W, 4) uint8 RGBA."""
    rng = np.random.default_rng(seed)
    height, width = lineart.shape
    colors = rng.integers(0, 256, (3, 3))
    hints = np.zeros((height, width, 4), np.uint8)
    for number in range(count):
        y, x = int(rng.integers(height)), int(rng.integers(width))
        hints[max(0, y - 2) : y + 3, max(0, x - 2) : x + 3] = (*colors[number % 3], PAPER)
    return hints


def pictures_to_clean() -> dict[str, np.ndarray]:
    """Return pictures that show lines, grey, RGB or RGBA, by what is not clean about them."""
    drawn = rasterise(FOLDER / "fish.svg", 96)[:, :83]
    height, width = drawn.shape
    rng = np.random.default_rng(SEED)
    y, x = np.mgrid[:height, :width]
    light = 235 - 0.7 * x - 0.3 * y
    colored = np.stack([np.maximum(drawn, 60), drawn, np.maximum(drawn, 190)], axis=-1)
    grain = rng.integers(-3, 4, drawn.shape)
    rgba = np.zeros((height, width, 4), np.uint8)
    rgba[..., 3] = PAPER - drawn
    red_on_nothing = rgba.copy()
    red_on_nothing[..., 0] = 180
    area = np.stack([drawn] * 3, axis=-1)
    area[20:60, 20:60] = (220, 40, 30)
    return {
        "clean": drawn,
        "clean in RGB": np.stack([drawn] * 3, axis=-1),
        "inverted": PAPER - drawn,
        "chalk on a board": (40 + (PAPER - drawn.astype(int)) * 180 // 255).astype(np.uint8),
        "uneven light": (drawn / 255 * light + grain).clip(0, 255).astype(np.uint8),
        "uneven warm light": np.stack(
            [(drawn / 255 * light * share + grain).clip(0, 255) for share in (1.05, 1.0, 0.8)], -1
        ).astype(np.uint8),
        "grey paper": (drawn * (180 / 255)).astype(np.uint8),
        "pencil": (255 - (255 - drawn.astype(int)) * 90 // 255 + grain)
        .clip(0, 255)
        .astype(np.uint8),
        "ink on nothing": rgba,
        "red ink on nothing": red_on_nothing,
        "white ink on nothing": np.concatenate([255 - rgba[..., :3], rgba[..., 3:]], axis=-1),
        "blue ink": colored,
        "a coloured area": area,
        "one row": drawn[48:49],
        "one column": drawn[:, 41:42],
        "one column in RGB": colored[:, 41:42],
        # Its paper is found in one column of cells.
        "narrow strip": _strip(5, 2000),
        "narrow strip in RGB": np.stack([_strip(4, 1501)] * 2 + [_strip(4, 1501) // 3 + 90], -1),
    }  # fmt: skip


def refused_pictures() -> dict[str, np.ndarray]:
    """Return pictures without lines."""
    return {
        "blank": np.full((20, 30), PAPER, np.uint8),
        "black": np.zeros((20, 30), np.uint8),
        "grey": np.full((20, 30, 3), 128, np.uint8),
        "nothing": np.zeros((20, 30, 4), np.uint8),
        "nearly all ink": np.where(np.mgrid[:40, :60][0] < 34, 0, 255).astype(np.uint8),
    }


def _strokes(
    width: int, height: int, pen: float, lines: list[list[tuple[float, float]]]
) -> np.ndarray:
    """Draw lines by resvg, as the samples are drawn."""
    import io

    import resvg_py
    from PIL import Image

    paths = "".join(f'<path d="M{" L".join(f"{x} {y}" for x, y in line)}"/>' for line in lines)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" fill="none" '
        f'stroke="#000" stroke-width="{pen}">{paths}</svg>'
    )
    png = resvg_py.svg_to_bytes(svg_string=svg, background="#ffffff", skip_system_fonts=True)
    return np.array(Image.open(io.BytesIO(png)).convert("L"))


def _frame(height: int, width: int, room: tuple[slice, slice]) -> np.ndarray:
    """Draw a room within lines two pixels wide."""
    drawn = np.full((height, width), PAPER, np.uint8)
    drawn[room] = 0
    rows, columns = room
    drawn[rows.start + 2 : rows.stop - 2, columns.start + 2 : columns.stop - 2] = PAPER
    return drawn


def _strip(width: int, height: int) -> np.ndarray:
    """Draw lines across a strip of paper on which light falls off."""
    light = np.linspace(240, 130, height)
    light[40::97] = light[41::97] = 25
    return np.repeat(light.astype(np.uint8)[:, np.newaxis], width, axis=1)


def _scribble(width: int, height: int) -> np.ndarray:
    rng = np.random.default_rng(SEED)
    points = [(float(x), float(y)) for x, y in rng.integers(4, (width - 4, height - 4), (22, 2))]
    return _strokes(width, height, 1.6, [points])


def _specks(width: int, height: int) -> np.ndarray:
    rng = np.random.default_rng(SEED)
    return np.where(rng.random((height, width)) < 0.12, 0, PAPER).astype(np.uint8)
