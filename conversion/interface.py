"""What an exported model takes and returns: one description for all formats.

At every port, value = pixel * scale + bias, where a pixel is 0 to 255: paper is 255, ink is 0.
A Core ML model takes and returns pictures and scales inside, so its ports say scale 1, bias 0.
Where a port is uint8, the value is rounded and kept within 0 to 255.

Hints are RGBA pixels whose alpha is the mask. A port `rgba` takes them as they are, every channel
by the rule above. A port `rgb_mask` takes what networks take: mask = alpha / 255, and the colours'
values times mask. Core ML takes hints as two pictures: it multiplies by the mask inside.
"""

from dataclasses import dataclass, replace
from typing import Literal

from conversion.errors import ArtifactError
from training import pixels
from training.picture.ports import COLOR, HINTS, LAYER, LINEART

HINT_COLOR, HINT_MASK = "hint_color", "hint_mask"
Colors = Literal["gray", "rgb", "rgba", "rgb_mask"]
CHANNELS: dict[Colors, int] = {"gray": 1, "rgb": 3, "rgba": 4, "rgb_mask": 4}
# What a port's name says that it is for: nothing else does.
INPUTS = ((LINEART,), (LINEART, HINTS), (LINEART, HINT_COLOR, HINT_MASK))


@dataclass(frozen=True, kw_only=True)
class Port:
    """One input or output of an exported model."""

    name: str
    kind: Literal["image", "tensor"]
    shape: tuple[int, int, int, int]
    layout: Literal["NHWC", "NCHW"]
    dtype: Literal["uint8", "float32"]
    colors: Colors
    scale: float
    bias: float

    @property
    def height_width(self) -> tuple[int, int]:
        """Height and width in pixels, whatever the layout."""
        first = self.layout.index("H")
        return self.shape[first], self.shape[first + 1]

    def at(self, size: tuple[int, int]) -> "Port":
        """Return the port with pictures of another height and width."""
        batch, channels = self.shape[0], CHANNELS[self.colors]
        if self.layout == "NHWC":
            return replace(self, shape=(batch, *size, channels))
        return replace(self, shape=(batch, channels, *size))


@dataclass(frozen=True, kw_only=True)
class Interface:
    """Both ends of an exported model. Refuses ports that no model of ours has."""

    inputs: tuple[Port, ...]  # lineart, then those of the hints where it takes any
    output: Port
    under_ink: bool  # what it returns is a layer: the picture is that times the line art

    def __post_init__(self) -> None:
        names = tuple(port.name for port in self.inputs)
        if names not in INPUTS:
            known = " or ".join(", ".join(each) for each in INPUTS)
            raise ArtifactError(f"interface.inputs: expected {known}, received {names!r}.")
        expected = LAYER if self.under_ink else COLOR
        if self.output.name != expected:
            raise ArtifactError(
                f"interface.output: expected {expected!r} where under_ink is {self.under_ink}, "
                f"received {self.output.name!r}."
            )
        sizes = {port.height_width for port in (*self.inputs, self.output)}
        if len(sizes) > 1:
            raise ArtifactError(f"interface: expected ports of one size, received {sizes}.")

    @property
    def height_width(self) -> tuple[int, int]:
        """Height and width of its pictures in pixels."""
        return self.output.height_width

    def at(self, size: tuple[int, int]) -> "Interface":
        """Return both ends with pictures of another height and width."""
        return replace(
            self,
            inputs=tuple(port.at(size) for port in self.inputs),
            output=self.output.at(size),
        )

    @property
    def takes_hints(self) -> bool:
        """Whether it takes hints beside the line art."""
        return len(self.inputs) > 1


@dataclass(frozen=True, kw_only=True)
class Ports:
    """What a generator takes and paints, in whatever format it is exported."""

    hints: bool = False  # it takes hints beside the line art
    layer: bool = False  # it paints a layer that belongs under the ink

    @property
    def output(self) -> str:
        """What its output is called."""
        return LAYER if self.layer else COLOR


LINEART_TO_COLOR = Ports()


def image_interface(size: tuple[int, int], ports: Ports = LINEART_TO_COLOR) -> Interface:
    """Pictures in and out, as Core ML's ImageType takes them; an image output must be NCHW.

    size: height and width, here as in the interfaces below.
    """

    def port(name: str, colors: Colors) -> Port:
        return Port(
            name=name,
            kind="image",
            shape=(1, CHANNELS[colors], *size),
            layout="NCHW",
            dtype="uint8",
            colors=colors,
            scale=1.0,
            bias=0.0,
        )

    hints = (port(HINT_COLOR, "rgb"), port(HINT_MASK, "gray")) if ports.hints else ()
    return Interface(
        inputs=(port(LINEART, "gray"), *hints),
        output=port(ports.output, "rgb"),
        under_ink=ports.layer,
    )


def tensor_interface(size: tuple[int, int], ports: Ports = LINEART_TO_COLOR) -> Interface:
    """Float tensors in [-1, 1] in and out, channels last, as the network was trained."""
    unit = (pixels.SCALE, pixels.BIAS)
    return _tensors(size, ports, dtype="float32", hints="rgb_mask", pixel_to_value=unit)


def byte_interface(size: tuple[int, int], ports: Ports = LINEART_TO_COLOR) -> Interface:
    """Tensors of uint8 in and out, channels last: a byte is a pixel."""
    return _tensors(size, ports, dtype="uint8", hints="rgba", pixel_to_value=(1.0, 0.0))


def _tensors(
    size: tuple[int, int],
    ports: Ports,
    *,
    dtype: Literal["uint8", "float32"],
    hints: Colors,
    pixel_to_value: tuple[float, float],
) -> Interface:
    scale, bias = pixel_to_value

    def port(name: str, colors: Colors) -> Port:
        return Port(
            name=name,
            kind="tensor",
            shape=(1, *size, CHANNELS[colors]),
            layout="NHWC",
            dtype=dtype,
            colors=colors,
            scale=scale,
            bias=bias,
        )

    return Interface(
        inputs=(port(LINEART, "gray"), *((port(HINTS, hints),) if ports.hints else ())),
        output=port(ports.output, "rgb"),
        under_ink=ports.layer,
    )
