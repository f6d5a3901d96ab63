"""Golden pictures for Swift: inputs and what Python makes of them, drawn from one fixed seed.

Bytes and float32 values stand as base64, so that nothing is lost in printing. Pictures are neither
square nor of a size that anything divides.
"""

import base64
import tempfile
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from training import pixels

SEED = 2017
Json = dict[str, Any]


def pixel_cases() -> Json:
    """Both directions of the pixel range, with halves, values outside, and every pixel.

    And layers under ink, of random pixels.
    """
    rng = np.random.default_rng(SEED)
    every = np.arange(256, dtype=np.uint8)
    halves = ((np.arange(255) + 0.5) / 127.5 - 1).astype(np.float32)
    unit = np.concatenate(
        [
            halves,
            rng.uniform(-1.2, 1.2, 500).astype(np.float32),
            np.array([-9, 9, 1, -1, 0], np.float32),
        ]
    )
    layer = rng.integers(0, 256, (23, 31, 3)).astype(np.uint8)
    lineart = rng.integers(0, 256, (23, 31)).astype(np.uint8)
    return {
        "pixels": _bytes(every),
        "unit_of_pixels": _bytes(pixels.to_unit_range(every)),
        "unit": _bytes(unit),
        "pixels_of_unit": _bytes(pixels.to_uint8(unit)),
        "layer": _picture(layer),
        "lineart": _picture(lineart),
        "under_ink": _picture(pixels.under_ink(layer, lineart)),
    }


def port_cases() -> Json:
    """What tensor ports take and return, in both layouts, as our backends do it."""
    from conversion.export.feeds import decode, encode
    from conversion.interface import Port

    rng = np.random.default_rng(SEED)
    lineart = rng.integers(0, 256, (5, 7)).astype(np.uint8)
    hints = np.random.default_rng(SEED + 1).integers(0, 256, (5, 7, 4)).astype(np.uint8)
    cases = []
    layouts: dict[Literal["NHWC", "NCHW"], Callable[[int], tuple[int, int, int, int]]] = {
        "NHWC": lambda channels: (1, 5, 7, channels),
        "NCHW": lambda channels: (1, channels, 5, 7),
    }
    for layout, shape in layouts.items():
        gray = Port(
            name="lineart",
            kind="tensor",
            shape=shape(1),
            layout=layout,
            dtype="float32",
            colors="gray",
            scale=pixels.SCALE,
            bias=pixels.BIAS,
        )
        rgb = replace(gray, name="color", shape=shape(3), colors="rgb")
        # As TFLite and ONNX take hints in float32, and as TFLite does in bytes.
        faded = replace(gray, name="hints", shape=shape(4), colors="rgb_mask")
        straight = replace(faded, colors="rgba", dtype="uint8", scale=1.0, bias=0.0)
        hinted = faded if layout == "NHWC" else straight
        values = rng.uniform(-1.1, 1.1, rgb.shape).astype(np.float32)
        cases.append(
            {
                "input": asdict(gray),
                "lineart": _picture(lineart),
                "encoded": _bytes(encode(lineart, gray)),
                "hint_port": asdict(hinted),
                "hints": _picture(hints),
                "encoded_hints": _bytes(encode(hints, hinted)),
                "output": asdict(rgb),
                "values": _bytes(values),
                "decoded": _picture(decode(values, rgb)),
            }
        )
    return {"cases": cases}


def import_cases() -> Json:
    """A picture of a camera roll: laid on paper, made grey, scaled down, padded."""
    import cv2
    from PIL import Image

    from training.picture.colorizer import pad_with_paper
    from training.picture.reading import read_picture, to_grey

    rng = np.random.default_rng(SEED)
    rgba = rng.integers(0, 256, (11, 17, 4)).astype(np.uint8)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rgba.png"
        Image.fromarray(rgba).save(file)
        rgb = read_picture(file)
    grey = to_grey(rgb)
    padded, top, left = pad_with_paper(grey, multiple=16, minimum=24)
    return {
        "rgba": _picture(rgba),
        "on_paper": _picture(rgb),
        "grey": _picture(grey),
        "averaged": _picture(cv2.resize(rgb, (6, 5), interpolation=cv2.INTER_AREA)),
        "padded": _picture(padded),
        "top": top,
        "left": left,
    }


def metric_cases() -> Json:
    """Pairs of pictures: equal, nearly equal, unlike, and flat."""
    from training.metrics.full_reference import max_levels, psnr_db, ssim

    rng = np.random.default_rng(SEED)
    noise = rng.integers(0, 256, (19, 26, 3)).astype(np.uint8)
    near = np.clip(noise + rng.integers(-2, 3, noise.shape), 0, 255).astype(np.uint8)
    other = rng.integers(0, 256, noise.shape).astype(np.uint8)
    slope = np.add.outer(np.arange(19) * 5, np.arange(26) * 3)
    smooth = np.stack([slope, slope // 2, 255 - slope], axis=-1).astype(np.uint8)
    flat = np.full_like(noise, 200)
    pairs = {
        "equal": (noise, noise), "near": (noise, near), "unlike": (noise, other),
        "smooth": (smooth, np.clip(smooth.astype(int) + 3, 0, 255).astype(np.uint8)),
        "flat": (flat, flat - np.uint8(7)), "smallest": (noise[:7, :7], near[:7, :7]),
    }  # fmt: skip
    return {
        "pairs": [
            {
                "name": name,
                "reference": _picture(reference),
                "candidate": _picture(candidate),
                # JSON has no infinity: null where the pictures are identical.
                "psnr_db": None if name == "equal" else psnr_db(reference, candidate),
                "ssim": ssim(reference, candidate),
                "max_levels": int(max_levels(reference, candidate)),
            }
            for name, (reference, candidate) in pairs.items()
        ]
    }


def stroke_cases() -> Json:
    """Strokes and what resvg draws of them: another rasteriser than ours, equal to the eye."""
    import io

    import resvg_py
    from PIL import Image

    strokes = [
        (2.0, [(6.0, 7.0), (40.0, 9.0), (44.0, 33.0)]),
        (5.5, [(12.5, 30.25), (12.5, 30.25)]),
        (3.0, [(60.0, 6.0), (52.0, 40.0), (20.0, 44.0)]),
        (1.0, [(2.0, 48.0), (70.0, 48.0)]),
    ]
    paths = "".join(
        f'<path d="M{" L".join(f"{x} {y}" for x, y in points)}" stroke-width="{width}"/>'
        for width, points in strokes
    )
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="73" height="50" fill="none" stroke="#000" '
        f'stroke-linecap="round" stroke-linejoin="round">{paths}</svg>'
    )
    png = resvg_py.svg_to_bytes(svg_string=svg, background="#ffffff", skip_system_fonts=True)
    drawn = np.asarray(Image.open(io.BytesIO(png)).convert("L"))
    return {
        "strokes": [{"width": width, "points": points} for width, points in strokes],
        "drawn": _picture(drawn),
    }


def hint_cases() -> Json:
    """Strokes of colour, and the hints that they are.

    hints: (H, W, 4) uint8, RGB and a mask of 0 or 255, RGB 0 where the mask is 0. A pixel is hinted
    if its middle lies on a stroke; the later stroke wins.
    """
    height, width = 21, 34
    strokes = [
        (7.0, (230, 20, 64), [(4.25, 5.5), (25.75, 9.0)]),
        (4.0, (0, 255, 127), [(12.0, 2.5), (13.5, 18.0), (30.0, 16.25)]),
        (5.5, (128, 0, 255), [(28.3, 6.1)]),
        (3.0, (10, 20, 30), [(-9.0, 19.5), (6.0, 19.5)]),
    ]
    hints = np.zeros((height, width, 4), np.uint8)
    y, x = np.mgrid[:height, :width] + 0.5  # the middles of the pixels
    for diameter, rgb, points in strokes:
        distance = np.full((height, width), np.inf)
        for start, end in zip(points, points[1:] or points, strict=False):
            a, along = np.array(start), np.subtract(end, start)
            length = max(float(along @ along), 1e-12)  # a dot has none: any place on it is its own
            share = np.clip(((x - a[0]) * along[0] + (y - a[1]) * along[1]) / length, 0, 1)
            off = np.hypot(x - a[0] - share * along[0], y - a[1] - share * along[1])
            distance = np.minimum(distance, off)
        hinted = distance <= diameter / 2
        hints[hinted] = (*rgb, 255)
    return {
        "strokes": [
            {"width": diameter, "rgb": rgb, "points": points} for diameter, rgb, points in strokes
        ],
        "hints": _picture(hints),
    }


def _picture(picture: np.ndarray) -> Json:
    """Return a picture (H, W) or (H, W, C) uint8 as NurieKit's tests read it."""
    channels = 1 if picture.ndim == 2 else picture.shape[2]
    height, width = picture.shape[:2]
    return {"width": width, "height": height, "channels": channels, "bytes": _bytes(picture)}


def _bytes(values: np.ndarray) -> str:
    """Return the values as base64 of little-endian bytes."""
    little = np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<"))
    return base64.b64encode(little.tobytes()).decode("ascii")
