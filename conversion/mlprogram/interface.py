"""What a function of a model takes, returns and remembers, as its description says."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.foreign import told_of
from conversion.mlprogram.protobuf import array_type_name, color_space_name
from conversion.mlprogram.types import require_shape

# Color spaces of FeatureTypes.proto -> channels of the tensor.
CHANNELS = {"GRAYSCALE": 1, "RGB": 3, "BGR": 3, "GRAYSCALE_FLOAT16": 1}
ARRAY_DTYPES: dict[str, np.dtype[Any]] = {
    "FLOAT16": np.dtype(np.float16),
    "FLOAT32": np.dtype(np.float32),
    "DOUBLE": np.dtype(np.float64),
    "INT32": np.dtype(np.int32),
    "INT8": np.dtype(np.int8),
}


@dataclass(frozen=True)
class Sizes:
    """The shapes that a flexible feature takes: some by name, or a range for each axis."""

    shapes: tuple[tuple[int, ...], ...] = ()
    ranges: tuple[tuple[int, int | None], ...] = ()  # None: without end
    # The list of the description as it stands there: a shape may stand in it twice, since Core ML
    # takes the n-th of each input together.
    listed: tuple[tuple[int, ...], ...] = ()

    def allow(self, shape: tuple[int, ...]) -> bool:
        """Say whether `shape` is one of them."""
        if self.shapes:
            return shape in self.shapes
        return len(shape) == len(self.ranges) and all(
            low <= size and (high is None or size <= high)
            for size, (low, high) in zip(shape, self.ranges, strict=True)
        )

    def __str__(self) -> str:
        if self.shapes:
            return "one of the shapes " + ", ".join(map(str, self.shapes))
        axes = (f"{a}" if a == b else f"{a}..{'' if b is None else b}" for a, b in self.ranges)
        return f"a shape in ({', '.join(axes)})"


@dataclass(frozen=True)
class ImageFeature:
    """A picture of width x height pixels; the tensor is (1, C, H, W), values 0 to 255."""

    name: str
    description: str
    color: str  # a key of CHANNELS
    width: int
    height: int
    sizes: Sizes | None = None  # for a flexible one, whose width and height are the default
    optional: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the tensor behind the picture."""
        return (1, CHANNELS[self.color], self.height, self.width)

    def __str__(self) -> str:
        if self.sizes:
            return f"a {self.color} image whose tensor has {self.sizes}"
        return f"a {self.color} image of {self.width}x{self.height} (width x height)"


@dataclass(frozen=True)
class ArrayFeature:
    """A multi-array; the shape is None where the description leaves it to the program."""

    name: str
    description: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...] | None
    sizes: Sizes | None = None  # for a flexible one, whose shape is the default
    optional: bool = False
    default: float = 0.0  # what an optional input is filled with

    def __str__(self) -> str:
        if self.sizes:
            return f"an array of {self.dtype.name} and {self.sizes}"
        if self.shape is None:
            return f"an array of {self.dtype.name}, whose shape the program decides"
        return f"an array of {self.dtype.name} and shape {self.shape}"


@dataclass(frozen=True)
class LabelFeature:
    """The most probable class of a classifier, a text or an integer."""

    name: str
    description: str
    shape: None = None
    sizes: None = None

    def __str__(self) -> str:
        return "a class label"


@dataclass(frozen=True)
class DictionaryFeature:
    """The probability of every class, by label."""

    name: str
    description: str
    shape: None = None
    sizes: None = None

    def __str__(self) -> str:
        return "a dictionary of probabilities"


Feature = ImageFeature | ArrayFeature | LabelFeature | DictionaryFeature


@dataclass(frozen=True)
class Interface:
    """Inputs, outputs and states by name, in the order of the description, and the metadata."""

    function: str
    inputs: dict[str, Feature]
    outputs: dict[str, Feature]
    states: dict[str, Feature]
    metadata: dict[str, str]


def read_interface(description: Any, *, function: str | None) -> Interface:
    """Read what a `ModelDescription` message says about one function, the default one if None.

    Raises InvalidProgram for an unknown function or a feature of an unknown kind.
    """
    name = function or description.defaultFunctionName or "main"
    described = description
    if description.functions:
        found = [candidate for candidate in description.functions if candidate.name == name]
        if not found:
            names = sorted(candidate.name for candidate in description.functions)
            raise InvalidProgram(f"the model has no function {name!r}; it has {names}")
        described = found[0]
    metadata = description.metadata
    named = {
        "short_description": metadata.shortDescription,
        "version": metadata.versionString,
        "author": metadata.author,
        "license": metadata.license,
    }
    return Interface(
        function=name,
        inputs={feature.name: _feature(feature) for feature in described.input},
        outputs={feature.name: _feature(feature) for feature in described.output},
        states={feature.name: _feature(feature) for feature in described.state},
        metadata={key: text for key, text in named.items() if text} | dict(metadata.userDefined),
    )


def _feature(message: Any) -> Feature:
    kind = message.type.WhichOneof("Type")
    where, name = f"feature {message.name!r}", message.name
    text = message.shortDescription
    if kind == "imageType":
        return _image(message, where=where)
    if kind == "multiArrayType":
        return _array(message, message.type.multiArrayType, where=where)
    if kind == "stateType":
        return _array(message, message.type.stateType.arrayType, where=where)
    if kind in ("stringType", "int64Type"):
        return LabelFeature(name, text)
    if kind == "dictionaryType":
        return DictionaryFeature(name, text)
    raise InvalidProgram(
        f"{where}: expected an image, a multi-array, a class label or a dictionary, "
        f"received {kind}, which this runtime lacks"
    )


def _image(message: Any, *, where: str) -> ImageFeature:
    image = message.type.imageType
    color = color_space_name(image.colorSpace)
    if color not in CHANNELS or image.width < 1 or image.height < 1:
        raise InvalidProgram(
            f"{where}: expected an image of a color space among {list(CHANNELS)} and a "
            f"positive size, received {color} {image.width}x{image.height}"
        )
    channels, kind = CHANNELS[color], image.WhichOneof("SizeFlexibility")
    with told_of(where):
        require_shape((1, channels, int(image.height), int(image.width)))
    sizes = None
    if kind == "enumeratedSizes":
        default = (1, channels, int(image.height), int(image.width))
        listed = [(1, channels, int(s.height), int(s.width)) for s in image.enumeratedSizes.sizes]
        sizes = Sizes(shapes=tuple(dict.fromkeys((default, *listed))), listed=tuple(listed))
    elif kind == "imageSizeRange":
        spans = (image.imageSizeRange.heightRange, image.imageSizeRange.widthRange)
        sizes = Sizes(ranges=((1, 1), (channels, channels), *(_range(span) for span in spans)))
    return ImageFeature(
        message.name,
        message.shortDescription,
        color,
        int(image.width),
        int(image.height),
        sizes,
        bool(message.type.isOptional),
    )


def _array(message: Any, array: Any, *, where: str) -> ArrayFeature:
    dtype = array_type_name(array.dataType)
    if dtype not in ARRAY_DTYPES:
        raise InvalidProgram(
            f"{where}: expected an array type among {list(ARRAY_DTYPES)}, received {dtype}"
        )
    shape = tuple(int(size) for size in array.shape) or None
    sizes = None
    kind = array.WhichOneof("ShapeFlexibility")
    if kind == "enumeratedShapes":
        listed = [tuple(int(size) for size in s.shape) for s in array.enumeratedShapes.shapes]
        every = tuple(dict.fromkeys(([shape] if shape else []) + listed))
        sizes = Sizes(shapes=every, listed=tuple(listed))
        shape = shape or (listed[0] if listed else None)
    elif kind == "shapeRange":
        sizes = Sizes(ranges=tuple(_range(span) for span in array.shapeRange.sizeRanges))
        shape = shape or tuple(low for low, _ in sizes.ranges)
    with told_of(where):
        require_shape(shape or ())
    default = array.WhichOneof("defaultOptionalValue")
    return ArrayFeature(
        message.name,
        message.shortDescription,
        ARRAY_DTYPES[dtype],
        shape,
        sizes,
        bool(message.type.isOptional),
        float(getattr(array, default)) if default else 0.0,
    )


def _range(span: Any) -> tuple[int, int | None]:
    return int(span.lowerBound), None if span.upperBound < 0 else int(span.upperBound)
