"""Teach a network of other people's kinds a little, so that its weights are no longer random."""

from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from benchmarks.own.nets import RANGES, Net
from conversion.export.origins.asked import ValueRange
from conversion.export.origins.pictures import fitted_pictures
from conversion.interface import Colors

BATCH = 4
RATE = 1e-3
COLORS: dict[int, Colors] = {1: "gray", 3: "rgb", 4: "rgba"}


def teach(model: keras.Model, net: Net, folder: Path, *, side: int, steps: int) -> None:
    """Train a model to paint the pictures of a folder, given the same, by their mean difference.

    steps: of BATCH pictures each, exactly so many; 0 leaves the model as it is. One that takes grey
    and paints colours, or that enlarges, has to guess what is missing.
    """
    if not steps:
        return
    taken, painted = RANGES[net]
    shape = (1, side, side, model.input_shape[-1])
    _, height, width, channels = model.compute_output_shape(shape)
    given = _values(folder, (side, side), channels=shape[-1], values=taken)
    wanted = _values(folder, (height, width), channels=channels, values=painted)
    model.compile(keras.optimizers.Adam(RATE), "mae")
    pairs = tf.data.Dataset.from_tensor_slices((given, wanted))
    # Without an end, and batched across repetitions: every step has as many pictures.
    batches = pairs.shuffle(len(given), seed=0).repeat().batch(BATCH)
    model.fit(batches, steps_per_epoch=steps, shuffle=False, verbose=0)


def _values(
    folder: Path, size: tuple[int, int], *, channels: int, values: ValueRange
) -> np.ndarray:
    """Return the pictures of a folder, (N, H, W, C) float32, as values of black and white."""
    read = fitted_pictures(folder, size=size, colors=COLORS[channels])
    low, high = values
    pixels = np.stack(list(read.values())).astype(np.float32) / 255
    return low + (high - low) * pixels.reshape(len(read), *size, channels)
