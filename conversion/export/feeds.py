"""Turn drawings and hints into what the inputs of an exported model take."""

import numpy as np

from conversion.errors import InvalidInput
from conversion.interface import HINT_COLOR, Interface, Port, Ports, image_interface
from training.picture.ports import HINTS, LINEART


def feeds(
    interface: Interface, lineart: np.ndarray, hints: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """Return what each input of a model takes, by its name.

    lineart: (H, W) uint8; hints: (H, W, 4) uint8 RGBA, or None: none are given. An image is its
    pixels, (H, W) or (H, W, 3) uint8; a tensor has the shape and type of its port.
    Raises InvalidInput for another size, and for hints that the model does not take.
    """
    _require(LINEART, lineart, interface.height_width)
    if hints is None:
        hints = np.zeros((*lineart.shape, 4), np.uint8)
    elif not interface.takes_hints:
        raise InvalidInput(
            "expected no hints: the model takes line art alone; received hints. Leave them out, or "
            "train a net that takes them: --generator.hints."
        )
    _require(HINTS, hints, (*interface.height_width, 4))
    parts = [_of_port(port, lineart, hints) for port in interface.inputs]
    return {
        port.name: part if port.kind == "image" else encode(part, port)
        for port, part in zip(interface.inputs, parts, strict=True)
    }


def image_feeds(lineart: np.ndarray, hints: np.ndarray | None) -> dict[str, np.ndarray]:
    """Return what an ML Program of ours takes, before it has a manifest.

    hints: None for a program that takes none.
    """
    height, width = lineart.shape
    ports = Ports(hints=hints is not None)
    return feeds(image_interface((height, width), ports), lineart, hints)


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


def _of_port(port: Port, lineart: np.ndarray, hints: np.ndarray) -> np.ndarray:
    """Return the pixels that a port is for."""
    if port.name == LINEART:
        return lineart
    if port.name == HINTS:
        return hints
    return hints[..., :3] if port.name == HINT_COLOR else hints[..., 3]


def _require(name: str, picture: np.ndarray, shape: tuple[int, ...]) -> None:
    if picture.shape != shape or picture.dtype != np.uint8:
        raise InvalidInput(
            f"{name!r}: expected a picture of {shape} as uint8, received {picture.shape} "
            f"{picture.dtype}. Pad it with paper first."
        )
