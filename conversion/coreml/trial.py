"""Run an ML Program with changed weights, without building a package for each trial."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from conversion.compression.layers import Layer
from conversion.export.drawings import Drawings
from conversion.export.feeds import feeds
from conversion.interface import Interface
from conversion.mlprogram.checked import lower_package
from conversion.mlprogram.package import read_package
from conversion.mlprogram.sessions import make_session
from training import pixels


class Trial:
    """A program in float32 of which only weights change."""

    def __init__(self, package: Path, layers: Sequence[Layer], interface: Interface) -> None:
        """layers: those of the package whose weights may change, none of them small.

        interface: of the package's pictures.
        """
        self._package, self._interface = package, interface
        read = read_package(package)
        (self._output,) = read.interface.outputs
        graph, _values = lower_package(read, "float32", [], sizes={})
        self._model, self._constants = graph.to_model_and_constants()
        self._constant_of = {layer.name: _constant(self._constants, layer) for layer in layers}

    def colors(self, drawings: Drawings, weights: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return what the program paints, (N, C, H, W) in [0, 255], not yet rounded.

        A layer lies under the ink. weights: layer name -> weight; other layers keep their own.
        """
        constants = dict(self._constants)
        for layer, weight in weights.items():
            name = self._constant_of[layer]
            constants[name] = np.ascontiguousarray(weight, constants[name].dtype)
        session = make_session(self._model, constants, where=self._package)
        painted = [
            session.run([self._output], as_tensors(feeds(self._interface, lineart, hints)))[0]
            for lineart, hints in drawings
        ]
        colors = np.concatenate(painted)
        if self._interface.under_ink:
            colors *= drawings.lineart[:, np.newaxis] / np.float32(pixels.PAPER)
        return colors


def as_tensors(pictures: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return pictures (H, W) or (H, W, 3) as the program's tensors (1, C, H, W); tensors stay."""
    return {
        name: picture
        if picture.ndim == 4
        else np.atleast_3d(picture).transpose(2, 0, 1)[np.newaxis].astype(np.float32)
        for name, picture in pictures.items()
    }


def _constant(constants: Mapping[str, np.ndarray], layer: Layer) -> str:
    """Return the name of the graph's constant that holds a layer's weight."""
    (name,) = (
        name
        for name, data in constants.items()
        if name.startswith(f"{layer.name}:") and data.shape == layer.weight.shape
    )
    return name
