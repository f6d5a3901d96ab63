"""What one prediction costs, layer by layer, whatever the format of the model.

Multiply-accumulates follow one convention: a transposed convolution counts each input pixel once
(what it computes), never each output pixel, which would make a stride of 2 four times as dear.
"""

from collections.abc import Mapping
from dataclasses import dataclass

CONVENTION = "MACs: a transposed convolution counted per input pixel"


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One operation that is no constant. Bytes are those that one prediction moves."""

    name: str
    kind: str  # as its format spells it
    output: str  # element type and shape of the first output
    macs: int
    parameters: int
    weight_bytes: int  # as the file stores them: compressed where the file is
    read_bytes: int  # of values that other layers made
    written_bytes: int
    largest_axis: int  # of any value that it reads or writes
    strides: tuple[int, ...] = ()
    mode: str = ""  # of padding

    @property
    def moved_bytes(self) -> int:
        """Everything that it reads and writes, were nothing kept on the chip."""
        return self.weight_bytes + self.read_bytes + self.written_bytes


@dataclass(frozen=True, kw_only=True)
class Cost:
    """A whole model."""

    artifact: str  # path
    format: str
    precision: str  # in which most MACs are computed: float32, float16, int16, int8
    layers: tuple[Layer, ...]

    @property
    def macs(self) -> int:
        """Multiply-accumulates of one prediction."""
        return sum(layer.macs for layer in self.layers)

    @property
    def parameters(self) -> int:
        """Numbers that were learned, or computed from them."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def weight_bytes(self) -> int:
        """Bytes of all weights as the file stores them."""
        return sum(layer.weight_bytes for layer in self.layers)

    @property
    def moved_bytes(self) -> int:
        """Bytes that one prediction moves, were nothing kept on the chip."""
        return sum(layer.moved_bytes for layer in self.layers)


def precision_of(macs_by_type: Mapping[str, int]) -> str:
    """Return the element type in which most multiply-accumulates are computed."""
    if not any(macs_by_type.values()):
        return "float32"
    return max(macs_by_type, key=lambda name: macs_by_type[name])
