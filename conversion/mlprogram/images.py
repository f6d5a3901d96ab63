"""Pictures to tensors and back, as Core ML does for image inputs and outputs."""

from dataclasses import replace
from typing import Any

import numpy as np
from PIL import Image

from conversion.errors import InvalidInput, InvalidProgram
from conversion.mlprogram.interface import ImageFeature

# Color spaces of FeatureTypes.proto -> modes of PIL. coremltools asks for the same ones.
MODES = {"GRAYSCALE": "L", "RGB": "RGB", "BGR": "RGB", "GRAYSCALE_FLOAT16": "F"}


def to_tensor(picture: Any, *, feature: ImageFeature) -> np.ndarray:
    """Return (1, C, H, W) float32 of the raw values: 0 to 255, channels in the order of `feature`.

    picture: a PIL image of the mode and size of `feature`, or uint8 pixels (H, W) or (H, W, 3)
    in RGB (for GRAYSCALE_FLOAT16: floats). Raises InvalidInput for anything else.
    """
    mode = MODES[feature.color]
    feature = _at_size_of(picture, feature)
    if isinstance(picture, Image.Image):
        if picture.mode != mode:
            raise _wrong(feature, f"a PIL image of mode {mode}", f"mode {picture.mode}")
        if picture.size != (feature.width, feature.height):
            raise _wrong(feature, f"{feature}", f"{picture.size[0]}x{picture.size[1]}")
        pixels = np.asarray(picture)
    else:
        pixels = _pixels(picture, feature)
    channels_first = pixels[np.newaxis] if pixels.ndim == 2 else np.moveaxis(pixels, 2, 0)
    if feature.color == "BGR":
        channels_first = channels_first[::-1]
    return np.ascontiguousarray(channels_first[np.newaxis], dtype=np.float32)


def to_picture(tensor: np.ndarray, *, feature: ImageFeature) -> Image.Image:
    """Return a PIL image of the values of a (1, C, H, W) tensor.

    Rounded to the nearest of 0 to 255, halves to even; outside values are clipped, and NaN is 0.
    Of mode L; RGBA for RGB and BGR, opaque, as coremltools returns the pixel buffers of Core ML
    (coremlpython/CoreMLPythonUtils.mm); F for GRAYSCALE_FLOAT16, which keeps its values.
    Raises InvalidProgram for a tensor of another shape, which a program can make while it runs.
    """
    if tensor.shape[:2] != feature.shape[:2] or tensor.ndim != 4 or not tensor.size:
        raise InvalidProgram(
            f"output {feature.name!r}: expected {feature}, received a tensor of {tensor.shape}. "
            "Export the model again."
        )
    channels_first = tensor[0].astype(np.float32)
    if feature.color == "GRAYSCALE_FLOAT16":
        return Image.fromarray(channels_first[0])
    if feature.color == "BGR":
        channels_first = channels_first[::-1]
    numbers = np.nan_to_num(channels_first, nan=0.0, posinf=255.0, neginf=0.0)
    pixels = np.clip(np.rint(numbers), 0, 255).astype(np.uint8)
    if len(pixels) == 1:
        return Image.fromarray(pixels[0])
    opaque = np.full_like(pixels[:1], 255)
    return Image.fromarray(
        np.ascontiguousarray(np.moveaxis(np.concatenate([pixels, opaque]), 0, 2))
    )


def _at_size_of(picture: Any, feature: ImageFeature) -> ImageFeature:
    """Return the feature at the size of the picture, where it is flexible and takes that size."""
    if feature.sizes is None:
        return feature
    if isinstance(picture, Image.Image):
        width, height = picture.size
    else:
        height, width = (*np.shape(picture), 0, 0)[:2]
    sized = replace(feature, width=width, height=height)
    if not feature.sizes.allow(sized.shape):
        raise _wrong(feature, f"{feature}", f"{width}x{height}")
    return sized


def _pixels(picture: Any, feature: ImageFeature) -> np.ndarray:
    if not isinstance(picture, np.ndarray):
        raise _wrong(feature, "a PIL image or an array", type(picture).__name__)
    dtype = np.float32 if feature.color == "GRAYSCALE_FLOAT16" else np.uint8
    _, channels, height, width = feature.shape
    shape = (height, width) if channels == 1 else (height, width, channels)
    if picture.shape != shape or picture.dtype != dtype:
        raise _wrong(
            feature,
            f"{np.dtype(dtype).name} pixels of shape {shape}",
            f"{picture.dtype.name} of shape {picture.shape}",
        )
    return picture


def _wrong(feature: ImageFeature, expected: str, received: str) -> InvalidInput:
    return InvalidInput(
        f"input {feature.name!r}: expected {expected}; received {received}. "
        f"Convert the picture to {feature} first: nothing is resized here."
    )
