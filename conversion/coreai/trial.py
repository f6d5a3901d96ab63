"""Run an ONNX model with changed weights, as the search of recipe auto asks."""

import copy
from collections.abc import Mapping
from typing import Any

import numpy as np
from onnx import numpy_helper

from conversion.export.drawings import Drawings
from conversion.export.feeds import feeds
from conversion.interface import Interface
from training import pixels


class OnnxTrial:
    """A float32 model of which only weights change."""

    def __init__(self, model: Any, interface: Interface) -> None:
        """model: of plain ONNX; interface: tensors, as the model takes and returns them."""
        self._model, self._interface = model, interface

    def colors(self, drawings: Drawings, weights: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return what the model paints, (N, 3, H, W) in [0, 255], not yet rounded.

        A layer lies under the ink. weights: name of an initializer -> weight; others stay.
        """
        import onnxruntime

        model = copy.deepcopy(self._model)
        for tensor in model.graph.initializer:
            if tensor.name in weights:
                weight = weights[tensor.name].astype(np.float32)
                tensor.CopyFrom(numpy_helper.from_array(weight, tensor.name))
        session = onnxruntime.InferenceSession(
            model.SerializeToString(), providers=["CPUExecutionProvider"]
        )
        port = self._interface.output
        painted = [
            session.run([port.name], feeds(self._interface, lineart, hints))[0]
            for lineart, hints in drawings
        ]
        colors = (np.concatenate(painted).transpose(0, 3, 1, 2) - port.bias) / port.scale
        colors = np.clip(colors, 0, pixels.PAPER).astype(np.float32)
        if self._interface.under_ink:
            colors *= drawings.lineart[:, np.newaxis] / np.float32(pixels.PAPER)
        return colors
