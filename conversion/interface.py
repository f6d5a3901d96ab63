"""What an exported model takes and returns: one description for all formats.

At every port, value = pixel * scale + bias, where a pixel is 0 to 255: paper is 255, ink is 0.
A Core ML model takes and returns pictures and scales inside, so its ports say scale 1, bias 0.
Where a port is uint8, the value is rounded and kept within 0 to 255.
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


def image_interface(size: tuple[int, int]) -> Interface:
    """Pictures in and out, as Core ML's ImageType takes them; an image output must be NCHW.

    size: height and width, here as in the interfaces below.
    """

    def port(name: str, colors: Literal["gray", "rgb"], channels: int) -> Port:
        return Port(
            name=name,
            kind="image",
            shape=(1, channels, *size),
            layout="NCHW",
            dtype="uint8",
            colors=colors,
            scale=1.0,
            bias=0.0,
        )

    return Interface(input=port(INPUT_NAME, "gray", 1), output=port(OUTPUT_NAME, "rgb", 3))


def tensor_interface(size: tuple[int, int]) -> Interface:
    """Float tensors in [-1, 1] in and out, channels last, as the network was trained."""
    unit = (pixels.SCALE, pixels.BIAS)
    return Interface(
        input=_tensor_port(INPUT_NAME, size, dtype="float32", pixel_to_value=unit),
        output=_tensor_port(OUTPUT_NAME, size, dtype="float32", pixel_to_value=unit),
    )


def byte_interface(size: tuple[int, int]) -> Interface:
    """Tensors of uint8 in and out, channels last: a byte is a pixel."""
    pixel = (1.0, 0.0)
    return Interface(
        input=_tensor_port(INPUT_NAME, size, dtype="uint8", pixel_to_value=pixel),
        output=_tensor_port(OUTPUT_NAME, size, dtype="uint8", pixel_to_value=pixel),
    )


def _tensor_port(
    name: str,
    size: tuple[int, int],
    *,
    dtype: Literal["uint8", "float32"],
    pixel_to_value: tuple[float, float],
) -> Port:
    channels = 1 if name == INPUT_NAME else 3
    scale, bias = pixel_to_value
    return Port(
        name=name,
        kind="tensor",
        shape=(1, *size, channels),
        layout="NHWC",
        dtype=dtype,
        colors="gray" if channels == 1 else "rgb",
        scale=scale,
        bias=bias,
    )
