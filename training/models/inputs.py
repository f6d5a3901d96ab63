"""The inputs of a generator: lineart, and hints beside it or not."""

import keras

from training.picture.ports import HINTS, LINEART


def picture_inputs(
    *, hints: bool
) -> tuple[keras.KerasTensor | list[keras.KerasTensor], keras.KerasTensor]:
    """Return a generator's inputs, as keras.Model takes them, and all their channels as one tensor.

    lineart: (N, H, W, 1); hints: (N, H, W, 4).
    """
    lineart = keras.Input((None, None, 1), name=LINEART)
    if not hints:
        return lineart, lineart
    given = keras.Input((None, None, 4), name=HINTS)
    return [lineart, given], keras.layers.Concatenate(name="lineart_hints")([lineart, given])
