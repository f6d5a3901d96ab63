"""What an exported model takes and returns: one description for all formats.

At every port, value = pixel * scale + bias, where a pixel is 0 to 255: paper is 255, ink is 0.
A Core ML model takes and returns pictures and scales inside, so its ports say scale 1, bias 0.
Where a port is uint8, the value is rounded and kept within 0 to 255.

A net that colours line art takes `lineart`, and hints beside it where it was taught to; it returns
`color`, or a `layer`. Any other net takes an `image` and returns a `result`, in colours and values
of its own; its result may be larger than its image, by a whole number.

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
MOST_ENLARGED = 16  # times: more is no picture made larger, but a mistake
IMAGE, RESULT = "image", "result"  # of a net that is no colourer of line art
Colors = Literal["gray", "rgb", "rgba", "rgb_mask"]
CHANNELS: dict[Colors, int] = {"gray": 1, "rgb": 3, "rgba": 4, "rgb_mask": 4}
# What a port's name says that it is for: nothing else does.
INPUTS = ((LINEART,), (LINEART, HINTS), (LINEART, HINT_COLOR, HINT_MASK), (IMAGE,))


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

    inputs: tuple[Port, ...]  # lineart, then those of the hints where it takes any; or image
    output: Port
    under_ink: bool  # what it returns is a layer: the picture is that times the line art

    def __post_init__(self) -> None:
        names = tuple(port.name for port in self.inputs)
        if names not in INPUTS:
            known = " or ".join(", ".join(each) for each in INPUTS)
            raise ArtifactError(f"interface.inputs: expected {known}, received {names!r}.")
        expected = LAYER if self.under_ink else RESULT if names == (IMAGE,) else COLOR
        if self.output.name != expected or (self.under_ink and names == (IMAGE,)):
            raise ArtifactError(
                f"interface.output: expected {expected!r} where under_ink is {self.under_ink} and "
                f"the inputs are {names!r}, received {self.output.name!r}."
            )
        sizes = {port.height_width for port in self.inputs}
        if len(sizes) > 1:
            raise ArtifactError(f"interface: expected ports of one size, received {sizes}.")
        enlarged = range(1, MOST_ENLARGED + 1) if names == (IMAGE,) else (1,)
        if self.output.height_width not in {times(self.height_width, n) for n in enlarged}:
            raise ArtifactError(
                f"interface.output: expected the size of the inputs, {self.height_width}, or of an "
                f"{IMAGE!r} a whole number of times that, received {self.output.height_width}."
            )

    @property
    def height_width(self) -> tuple[int, int]:
        """Height and width of the pictures that it takes, in pixels."""
        return self.inputs[0].height_width

    @property
    def enlarged(self) -> int:
        """How many times as large as what it takes its output is."""
        return self.output.height_width[0] // self.height_width[0]

    @property
    def colors_line_art(self) -> bool:
        """Whether it takes line art, and not any picture."""
        return self.inputs[0].name == LINEART

    def at(self, size: tuple[int, int]) -> "Interface":
        """Return both ends with pictures of another height and width."""
        return replace(
            self,
            inputs=tuple(port.at(size) for port in self.inputs),
            output=self.output.at(times(size, self.enlarged)),
        )

    @property
    def takes_hints(self) -> bool:
        """Whether it takes hints beside the line art."""
        return len(self.inputs) > 1


@dataclass(frozen=True, kw_only=True)
class End:
    """The pictures at one end of a generator, and what it has in place of pixels."""

    name: str
    colors: Colors
    low: float = -1.0  # its value of a pixel of 0
    high: float = 1.0  # and of 255

    @property
    def scale(self) -> float:
        """What a pixel is multiplied by to be a value."""
        return (self.high - self.low) / pixels.PAPER

    @property
    def bias(self) -> float:
        """What is then added."""
        return self.low


@dataclass(frozen=True, kw_only=True)
class Ports:
    """What a generator takes and paints, in whatever format it is exported."""

    taken: End = End(name=LINEART, colors="gray")
    hints: bool = False  # it takes hints beside the line art
    painted: End = End(name=COLOR, colors="rgb")
    layer: bool = False  # it paints a layer that belongs under the ink
    enlarged: int = 1  # sides of what it paints, as multiples of those of what it takes

    @property
    def output(self) -> str:
        """What its output is called."""
        return LAYER if self.layer else self.painted.name


LINEART_TO_COLOR = Ports()


def times(size: tuple[int, int], enlarged: int) -> tuple[int, int]:
    """Return a height and width enlarged by a whole number."""
    return size[0] * enlarged, size[1] * enlarged


def image_interface(size: tuple[int, int], ports: Ports = LINEART_TO_COLOR) -> Interface:
    """Pictures in and out, as Core ML's ImageType takes them; an image output must be NCHW.

    size: height and width of what it takes, here as in the interfaces below. Core ML's pictures
    have no fourth channel: what takes one takes a tensor.
    """

    def port(name: str, colors: Colors, size: tuple[int, int] = size) -> Port:
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

    taken = ports.taken
    if taken.colors == "rgba":
        first = _tensor(taken.name, taken.colors, size, "float32", (taken.scale, taken.bias))
    else:
        first = port(taken.name, taken.colors)
    hints = (port(HINT_COLOR, "rgb"), port(HINT_MASK, "gray")) if ports.hints else ()
    return Interface(
        inputs=(first, *hints),
        output=port(ports.output, ports.painted.colors, times(size, ports.enlarged)),
        under_ink=ports.layer,
    )


def tensor_interface(size: tuple[int, int], ports: Ports = LINEART_TO_COLOR) -> Interface:
    """Float tensors in and out, channels last, of the values that the network was trained on."""
    taken, painted = ports.taken, ports.painted
    first = _tensor(taken.name, taken.colors, size, "float32", (taken.scale, taken.bias))
    unit = (pixels.SCALE, pixels.BIAS)
    return Interface(
        inputs=(first, *([_tensor(HINTS, "rgb_mask", size, "float32", unit)] * ports.hints)),
        output=_tensor(
            ports.output,
            painted.colors,
            times(size, ports.enlarged),
            "float32",
            (painted.scale, painted.bias),
        ),
        under_ink=ports.layer,
    )


def byte_interface(size: tuple[int, int], ports: Ports = LINEART_TO_COLOR) -> Interface:
    """Tensors of uint8 in and out, channels last: a byte is a pixel."""
    byte, enlarged = (1.0, 0.0), times(size, ports.enlarged)
    first = _tensor(ports.taken.name, ports.taken.colors, size, "uint8", byte)
    return Interface(
        inputs=(first, *([_tensor(HINTS, "rgba", size, "uint8", byte)] * ports.hints)),
        output=_tensor(ports.output, ports.painted.colors, enlarged, "uint8", byte),
        under_ink=ports.layer,
    )


def _tensor(
    name: str,
    colors: Colors,
    size: tuple[int, int],
    dtype: Literal["uint8", "float32"],
    pixel_to_value: tuple[float, float],
) -> Port:
    scale, bias = pixel_to_value
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
