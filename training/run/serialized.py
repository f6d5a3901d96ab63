"""Weights as the bytes of a file, made in memory: HDF5 must never meet a full disk."""

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras


class _WeightsFile(io.BytesIO):
    """A file in memory; Keras takes one, once it has looked at how the name ends."""

    def __str__(self) -> str:
        return "in memory.weights.h5"


def serialized_weights(network: "keras.Model") -> bytes:
    """Return what `network.save_weights` writes.

    Where a write fails, HDF5 keeps what it could not write, tries again when the process ends, and
    ends it by a segmentation fault.
    """
    file = _WeightsFile()
    network.save_weights(file)
    return file.getvalue()
