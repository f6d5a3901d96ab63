"""The layers of a network whose weights can be stored smaller, in whatever format they stand."""

import math
from dataclasses import dataclass

import numpy as np

# Values at or below which a tensor stays float16: coremltools' own default. What a palette or
# scales cost would eat most of the gain.
SMALL = 2048
# Where coremltools looks for the output channels: its _utils.select_input_output_channel_axis.
CHANNEL_AXIS = {"conv": 0, "linear": 0, "conv_transpose": 1}


@dataclass(frozen=True)
class Layer:
    """A weight, and the operation that takes it: several, where a network uses it again."""

    name: str  # of the operation, which is the name of its output
    type: str  # of the operation: conv, conv_transpose, linear
    weight: np.ndarray  # as the program stores it
    again: tuple[str, ...] = ()  # names of further operations that take the same weight

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all operations that take the weight."""
        return (self.name, *self.again)

    @property
    def channel_axis(self) -> int:
        """The axis of the weight that counts output channels."""
        return CHANNEL_AXIS[self.type]

    def group(self, most: int) -> int:
        """Return how many channels share a palette: their largest divisor up to `most`."""
        channels = self.weight.shape[self.channel_axis]
        return max(size for size in range(1, most + 1) if channels % size == 0)

    @property
    def is_small(self) -> bool:
        """Whether its weight stays as it is."""
        return math.prod(self.weight.shape) <= SMALL
