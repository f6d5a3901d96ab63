"""Turn pictures and hints into what inputs of an exported model take, and outputs into pixels."""

import numpy as np

from conversion.errors import ArtifactError, InvalidInput
from conversion.interface import CHANNELS, HINT_COLOR, HINT_MASK, IMAGE, Interface, Port
from training.picture.ports import HINTS, LINEART

TAKEN = {LINEART: "line art", IMAGE: "an image"}


class NotFinite(ArtifactError):
    """A model returned NaN or infinity: measured, and failed."""


def feeds(
    interface: Interface, lineart: np.ndarray, hints: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """Return what each input of a model takes, by its name.

    lineart: (H, W) uint8, or the picture (H, W[, C]) that another net takes; hints: (H, W, 4) uint8
    RGBA, or None: none are given. An image is its pixels, (H, W) or (H, W, 3) uint8; a tensor has
    the shape and type of its port.
    Raises InvalidInput for another size, and for hints that the model does not take.
    """
    size, first = interface.height_width, interface.inputs[0]
    _require(
        first.name, lineart, size if first.colors == "gray" else (*size, CHANNELS[first.colors])
    )
    if hints is not None and not interface.takes_hints:
        raise InvalidInput(
            f"expected no hints: the model takes {TAKEN[first.name]} alone; received hints. Leave "
            "them out, or train a net that takes them: --generator.hints."
        )
    if hints is None:
        hints = np.zeros((*size, 4), np.uint8)
    _require(HINTS, hints, (*size, 4))
    parts = [_of_port(port, lineart, hints) for port in interface.inputs]
    return {
        port.name: part if port.kind == "image" else encode(part, port)
        for port, part in zip(interface.inputs, parts, strict=True)
    }


def encode(picture: np.ndarray, port: Port) -> np.ndarray:
    """Turn pixels (H, W) or (H, W, C) uint8 into what a tensor port takes: pixel * scale + bias."""
    value = picture.astype(np.float32) * np.float32(port.scale) + np.float32(port.bias)
    if port.colors == "rgb_mask":
        mask = picture[..., 3:].astype(np.float32) / np.float32(255)
        value = np.concatenate([value[..., :3] * mask, mask], axis=-1)
    if port.dtype == "uint8":
        value = np.clip(np.round(value), 0, 255)
    if port.layout == "NCHW" and value.ndim == 3:
        value = value.transpose(2, 0, 1)
    return value.astype(port.dtype).reshape(port.shape)


def decode(value: np.ndarray, port: Port) -> np.ndarray:
    """Turn what a tensor port returned into pixels (H, W, 3) uint8: (value - bias) / scale.

    Grey becomes RGB. Rounds halves to even and clips, as training.pixels.to_uint8 does.
    Raises NotFinite.
    """
    if not np.isfinite(value).all():
        count = int((~np.isfinite(value)).sum())
        raise NotFinite(f"{count} of {value.size} values of {port.name!r} are not finite")
    picture = value.reshape(port.shape)[0]
    if port.layout == "NCHW":
        picture = picture.transpose(1, 2, 0)
    pixels = (picture.astype(np.float32) - np.float32(port.bias)) / np.float32(port.scale)
    pixels = np.clip(np.round(pixels), 0, 255).astype(np.uint8)
    return np.repeat(pixels, 3, axis=-1) if port.colors == "gray" else pixels


def _of_port(port: Port, lineart: np.ndarray, hints: np.ndarray) -> np.ndarray:
    """Return the pixels that a port is for."""
    if port.name == HINTS:
        return hints
    if port.name == HINT_COLOR:
        return hints[..., :3]
    return hints[..., 3] if port.name == HINT_MASK else lineart


def _require(name: str, picture: np.ndarray, shape: tuple[int, ...]) -> None:
    if picture.shape != shape or picture.dtype != np.uint8:
        raise InvalidInput(
            f"{name!r}: expected a picture of {shape} as uint8, received {picture.shape} "
            f"{picture.dtype}. Pad it with paper first."
        )
