"""The same drawing as a scanner, a camera, a pencil or a drawing program would give it."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from training.files.atomic import written_whole

PENCIL = (0.35, 0.65)  # how much of the light its ink takes, from grain to grain
NOISE = 3.0  # grey levels, of a camera
_TONE = (246, 238, 220)  # of paper by lamplight
_SHADE = 0.45  # of the light in the darkest corner
_EXIF_ORIENTATION, _TURNED_RIGHT = 274, 6


def inverted(lineart: np.ndarray, rng: np.random.Generator) -> Image.Image:
    """White lines on black."""
    return Image.fromarray(255 - lineart)


def pencil(lineart: np.ndarray, rng: np.random.Generator) -> Image.Image:
    """Light grey lines of a grain, on paper with noise."""
    taken = rng.uniform(*PENCIL, lineart.shape)
    light = 255 - (255 - lineart.astype(float)) * taken
    return _noisy(light - 6, rng)


def shadowed(lineart: np.ndarray, rng: np.random.Generator) -> Image.Image:
    """Photographed by lamplight: yellow paper, dark towards one corner, with noise."""
    height, width = lineart.shape
    y, x = np.mgrid[0:height, 0:width]
    light = 1 - (1 - _SHADE) * (x / width + y / height) / 2
    return _noisy(lineart[..., np.newaxis] * light[..., np.newaxis] * np.divide(_TONE, 255), rng)


def rotated(lineart: np.ndarray, rng: np.random.Generator) -> Image.Image:
    """Lying on its side, with a note in the file how to turn it."""
    turned = Image.fromarray(np.ascontiguousarray(np.rot90(lineart)))
    exif = turned.getexif()
    exif[_EXIF_ORIENTATION] = _TURNED_RIGHT
    turned.info["exif"] = exif.tobytes()
    return turned


def transparent(lineart: np.ndarray, rng: np.random.Generator) -> Image.Image:
    """Black ink on nothing, as drawing programs export a layer."""
    return _ink_alone(lineart, 0)


def transparent_light(lineart: np.ndarray, rng: np.random.Generator) -> Image.Image:
    """White ink on nothing."""
    return _ink_alone(lineart, 255)


Version = Callable[[np.ndarray, np.random.Generator], Image.Image]
VERSIONS: dict[str, Version] = {
    "inverted": inverted,
    "pencil": pencil,
    "shadowed": shadowed,
    "rotated": rotated,
    "transparent": transparent,
    "white on nothing": transparent_light,
}


def write_version(version: Version, lineart: np.ndarray, output: Path, *, seed: int) -> None:
    """Write one version of a drawing, (H, W) uint8, as PNG; the same one for the same seed."""
    image = version(lineart, np.random.default_rng(seed))
    file = io.BytesIO()
    image.save(file, format="PNG", exif=image.info.get("exif", b""))
    with written_whole(output, overwrite=True) as partial:
        partial.write_bytes(file.getvalue())


def _noisy(light: np.ndarray, rng: np.random.Generator) -> Image.Image:
    noisy = light + rng.normal(0, NOISE, light.shape)
    return Image.fromarray(np.clip(np.round(noisy), 0, 255).astype(np.uint8))


def _ink_alone(lineart: np.ndarray, tone: int) -> Image.Image:
    rgba = np.full((*lineart.shape, 4), tone, np.uint8)
    rgba[..., 3] = 255 - lineart
    return Image.fromarray(rgba)
