"""The index of a bundle for iOS: which models and golden drawings it holds, by hash, and the gates.

<bundle>/index.json names every file by its path in the bundle. A golden picture has two hashes: of
the PNG file, and of its pixels, by which a device proves that it decoded them unchanged.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.files.hashes import file_sha256
from training.files.strict_json import to_json

FORMAT = "nurie-bundle/2"  # 2 has hints
INDEX = "index.json"
GOLDEN_FOLDER = "golden"


@dataclass(frozen=True, kw_only=True)
class GoldenPicture:
    """A picture as a PNG file without loss."""

    file: str  # path in the bundle, with /
    sha256: str  # of the file
    pixels_sha256: str  # of its uint8 values, row by row: one a pixel where grey, else RGB or RGBA
    height: int
    width: int


@dataclass(frozen=True, kw_only=True)
class GoldenDrawing:
    """A drawing, hints on it or none, and what Keras makes of it in float32."""

    name: str
    hint_count: int
    lineart: GoldenPicture  # grey
    hints: GoldenPicture | None  # RGBA; None: none are given
    color: GoldenPicture  # RGB, finished: a layer stands under the ink


@dataclass(frozen=True, kw_only=True)
class BundledModel:
    """A Core ML package; its manifest stands beside it, with .json added."""

    artifact: str  # folder in the bundle
    sha256: str  # as its manifest says
    recipe: str
    gate_psnr_db: float  # that every golden drawing must reach on a device


@dataclass(frozen=True, kw_only=True)
class BundleIndex:
    """What index.json holds."""

    checkpoint_sha256: str
    models: list[BundledModel]
    golden: list[GoldenDrawing]


def write_golden_picture(picture: np.ndarray, bundle: Path, name: str) -> GoldenPicture:
    """Write uint8 pixels, grey (H, W), RGB or RGBA (H, W, C), as golden/NAME.png."""
    from PIL import Image

    path = bundle / GOLDEN_FOLDER / f"{name}.png"
    path.parent.mkdir(exist_ok=True)
    Image.fromarray(picture).save(path)
    return GoldenPicture(
        file=path.relative_to(bundle).as_posix(),
        sha256=file_sha256(path),
        pixels_sha256=hashlib.sha256(picture.tobytes()).hexdigest(),
        height=picture.shape[0],
        width=picture.shape[1],
    )


def write_index(index: BundleIndex, bundle: Path) -> None:
    """Write the index into the folder `bundle`."""
    text = json.dumps({"bundle": FORMAT, **to_json(index)}, indent=2, ensure_ascii=False)
    (bundle / INDEX).write_text(text + "\n", encoding="utf-8")
