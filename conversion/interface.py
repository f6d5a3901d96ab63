"""The deployed contract: what an exported model takes and returns, said once for all formats.

At every port, value = pixel * scale + bias, where a pixel is 0 to 255: paper is 255, ink is 0.
A Core ML model takes and returns pictures and scales inside, so its ports say scale 1, bias 0.
"""

from dataclasses import dataclass
from typing import Literal

from training import pixels

INPUT_NAME = "lineart"
OUTPUT_NAME = "color"


@dataclass(frozen=True, kw_only=True)
class Port:
    """One input or output of an exported model."""

    name: str
    kind: Literal["image", "tensor"]
    shape: tuple[int, int, int, int]
    layout: Literal["NHWC", "NCHW"]
    dtype: Literal["uint8", "float32"]
    colors: Literal["gray", "rgb"]
    scale: float
    bias: float

    @property
    def height_width(self) -> tuple[int, int]:
        """Height and width in pixels, whatever the layout."""
        first = self.layout.index("H")
        return self.shape[first], self.shape[first + 1]


@dataclass(frozen=True, kw_only=True)
class Interface:
    """Both ends of an exported model."""

    input: Port
    output: Port


def image_interface(size: int) -> Interface:
    """Pictures in and out, as Core ML's ImageType takes them; an image output must be NCHW."""

    def port(name: str, colors: Literal["gray", "rgb"], channels: int) -> Port:
        return Port(
            name=name,
            kind="image",
            shape=(1, channels, size, size),
            layout="NCHW",
            dtype="uint8",
            colors=colors,
            scale=1.0,
            bias=0.0,
        )

    return Interface(input=port(INPUT_NAME, "gray", 1), output=port(OUTPUT_NAME, "rgb", 3))


def tensor_interface(size: int) -> Interface:
    """Float tensors in [-1, 1] in and out, channels last, as the network was trained."""

    def port(name: str, colors: Literal["gray", "rgb"], channels: int) -> Port:
        return Port(
            name=name,
            kind="tensor",
            shape=(1, size, size, channels),
            layout="NHWC",
            dtype="float32",
            colors=colors,
            scale=pixels.SCALE,
            bias=pixels.BIAS,
        )

    return Interface(input=port(INPUT_NAME, "gray", 1), output=port(OUTPUT_NAME, "rgb", 3))
