"""What the convolutions of an ML Program are given on drawings."""

from pathlib import Path
from typing import Any

import numpy as np

from conversion.compression.moments import has_moments, moments
from conversion.compression.uniform import may_be_made_good
from conversion.coreml.layers import layers_of
from conversion.coreml.trial import as_tensors
from conversion.export.drawings import Drawings
from conversion.export.feeds import feeds
from conversion.interface import Interface
from conversion.mlprogram.checked import lower_package
from conversion.mlprogram.package import read_package


def moments_of(model: Any, drawings: Drawings, *, interface: Interface) -> dict[str, np.ndarray]:
    """Return which inputs of each layer go together, (K, K) float64, by the layer's name.

    model: of coremltools, in float16; it is computed in float32. interface: of its pictures.
    Only layers whose palettes can make use of it are there.
    """
    package = Path(model.package_path)
    graph, _values = lower_package(read_package(package), "float32", [], sizes={})
    lowered = graph.to_model()
    # A convolution of the graph is named after its operation.
    nodes = {node.output[0].partition(":")[0]: node for node in lowered.graph.node}
    names = {
        nodes[layer.name].input[1]: layer.name
        for layer in layers_of(model)
        if may_be_made_good(layer) and all(has_moments(nodes[name]) for name in layer.names)
    }
    samples = [as_tensors(feeds(interface, *each)) for each in drawings]
    return {names[weight]: found for weight, found in moments(lowered, samples, names).items()}
