"""What a generator takes and gives: lineart, hints beside it or not; a picture, or a layer."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras

LINEART, HINTS = "lineart", "hints"
COLOR, LAYER = "color", "layer"


def takes_hints(generator: "keras.Model") -> bool:
    """Tell whether a generator takes hints beside the line art."""
    return len(generator.inputs) == 2


def paints_layer(generator: "keras.Model") -> bool:
    """Tell whether what a generator returns belongs under the ink, or is the finished picture."""
    return bool(generator.layers[-1].name == LAYER)


def as_inputs(pictures: Sequence[Any]) -> Any:
    """Return [lineart] or [lineart, hints] as a generator's call takes it."""
    return pictures[0] if len(pictures) == 1 else list(pictures)
