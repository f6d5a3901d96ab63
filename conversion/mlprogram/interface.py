"""What a model takes and returns, as its description says: images, arrays, metadata."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from conversion.errors import InvalidProgram
from conversion.mlprogram.protobuf import array_type_name, color_space_name

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
class ImageFeature:
    """A picture of exactly width x height pixels; the tensor is (1, C, H, W), values 0 to 255."""

    name: str
    description: str
    color: str  # a key of CHANNELS
    width: int
    height: int

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the tensor behind the picture."""
        return (1, CHANNELS[self.color], self.height, self.width)

    def __str__(self) -> str:
        return f"a {self.color} image of {self.width}x{self.height} (width x height)"


@dataclass(frozen=True)
class ArrayFeature:
    """A multi-array; the shape is None where the description leaves it to the program."""

    name: str
    description: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...] | None

    def __str__(self) -> str:
        return f"an array of {self.dtype.name} and shape {self.shape}"


Feature = ImageFeature | ArrayFeature


@dataclass(frozen=True)
class Interface:
    """Inputs and outputs by name, in the order of the description, and the metadata."""

    inputs: dict[str, Feature]
    outputs: dict[str, Feature]
    metadata: dict[str, str]


def read_interface(description: Any) -> Interface:
    """Read a `ModelDescription` message.

    Raises InvalidProgram for a feature that is neither an image nor an array.
    """
    metadata = description.metadata
    named = {
        "short_description": metadata.shortDescription,
        "version": metadata.versionString,
        "author": metadata.author,
        "license": metadata.license,
    }
    return Interface(
        inputs={feature.name: _feature(feature) for feature in description.input},
        outputs={feature.name: _feature(feature) for feature in description.output},
        metadata={key: text for key, text in named.items() if text} | dict(metadata.userDefined),
    )


def _feature(message: Any) -> Feature:
    kind = message.type.WhichOneof("Type")
    where = f"feature {message.name!r}"
    if kind == "imageType":
        image = message.type.imageType
        color = color_space_name(image.colorSpace)
        if color not in CHANNELS or image.width < 1 or image.height < 1:
            raise InvalidProgram(
                f"{where}: expected an image of a color space among {list(CHANNELS)} and a "
                f"positive size, received {color} {image.width}x{image.height}"
            )
        return ImageFeature(
            message.name, message.shortDescription, color, int(image.width), int(image.height)
        )
    if kind == "multiArrayType":
        array = message.type.multiArrayType
        dtype = array_type_name(array.dataType)
        if dtype not in ARRAY_DTYPES:
            raise InvalidProgram(
                f"{where}: expected an array type among {list(ARRAY_DTYPES)}, received {dtype}"
            )
        shape = tuple(int(size) for size in array.shape) or None
        return ArrayFeature(message.name, message.shortDescription, ARRAY_DTYPES[dtype], shape)
    raise InvalidProgram(
        f"{where}: expected an image or a multi-array, received {kind}, which this runtime lacks"
    )
