"""The pictures of a report: each drawing with its colours by Keras and by every artifact."""

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from training.metrics.full_reference import PictureQuality


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
    """Lay out the pictures of one drawing: kind -> uint8 (H, W) or (H, W, 3), in their order."""
    return Row(
        name=name,
        tiles=[
            Tile(kind=kind, image=data_uri(picture), note=notes.get(kind, ""))
            for kind, picture in pictures.items()
        ],
    )


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
