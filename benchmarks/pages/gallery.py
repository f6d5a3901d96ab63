"""The pictures of a report: each drawing with its colours by Keras and by every artifact."""

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from training.metrics.full_reference import PictureQuality

# A gallery shows its pictures about 100 to 200 pixels wide, whatever they are.
SHOWN_PX = 160


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One picture of a drawing."""

    kind: str  # the heading of its column
    image: str  # data URI
    note: str  # below the picture; may be empty


@dataclass(frozen=True, kw_only=True)
class Row:
    """One drawing and everything that was made of it."""

    name: str
    tiles: list[Tile]


def gallery_row(name: str, pictures: Mapping[str, np.ndarray], *, notes: Mapping[str, str]) -> Row:
    """Lay out the pictures of one drawing: kind -> uint8 (H, W) or (H, W, 3), in their order.

    Large ones are shrunk to about SHOWN_PX.
    """
    return Row(
        name=name,
        tiles=[
            Tile(kind=kind, image=data_uri(shrunk(picture)), note=notes.get(kind, ""))
            for kind, picture in pictures.items()
        ],
    )


def times_smaller(height: int, width: int) -> int:
    """Return how many times smaller than it is a picture is shown."""
    return max(1, round(max(height, width) / SHOWN_PX))


def shrunk(picture: np.ndarray) -> np.ndarray:
    """Return a picture, uint8 (H, W) or (H, W, 3), as large as it is shown: of means of pixels."""
    import cv2

    times = times_smaller(*picture.shape[:2])
    if times == 1:
        return picture
    height, width = (max(1, side // times) for side in picture.shape[:2])
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA))


def shrunk_to_largest(picture: np.ndarray) -> np.ndarray:
    """Return a difference (H, W, C) uint8 as large as it is shown: no pixel of it is lost."""
    times = times_smaller(*picture.shape[:2])
    height, width, channels = picture.shape
    padded = np.pad(picture, ((0, -height % times), (0, -width % times), (0, 0)))
    blocks = padded.reshape(-(-height // times), times, -(-width // times), times, channels)
    return blocks.max(axis=(1, 3))


def shown_smaller(height: int, width: int) -> str:
    """Say how much smaller than they are pictures are shown; nothing where they are not."""
    times = times_smaller(height, width)
    return "" if times == 1 else f"Pictures are shown up to {times} times smaller than they are."


def data_uri(picture: np.ndarray) -> str:
    """Return a picture, uint8 (H, W) or (H, W, 3), as a PNG inside a URI."""
    from PIL import Image

    png = io.BytesIO()
    Image.fromarray(picture).save(png, format="PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(png.getvalue()).decode('ascii')}"


def decibels(quality: PictureQuality | None) -> str:
    """Say how close a picture is to its reference, in the space below it."""
    if quality is None:
        return ""
    return "identical" if np.isinf(quality.psnr_db) else f"{quality.psnr_db:.1f} dB"
