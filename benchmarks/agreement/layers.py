"""Where an exported model departs from Keras: its values compared layer by layer, for one drawing.

A converter names what it writes after the layer that asked for it. The last such value is the
layer's output, unless it was computed together with the next layer: then it bears both names
(TFLite) or only the next one's, and the earlier layer is left out.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.runtimes.intermediates import LAYOUTS
from benchmarks.runtimes.isolated import isolated
from conversion.export.feeds import feeds
from conversion.interface import Ports, tensor_interface
from conversion.recipes import RECIPES
from training.metrics.full_reference import feature_psnr_db
from training.picture.ports import as_inputs

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, kw_only=True)
class LayerAgreement:
    """One layer of an artifact against the same layer in Keras float32."""

    layer: str
    value: str  # what the artifact calls it
    psnr_db: float  # the peak is the largest absolute value of the layer in Keras


def compare_layers(
    artifact: Path,
    generator: "keras.Model",
    ports: Ports,
    lineart: np.ndarray,
    hints: np.ndarray | None = None,
) -> list[LayerAgreement]:
    """Compare every layer that the artifact still has, in the order of the network.

    lineart: (H, W) uint8 of the model's size; hints: (H, W, 4) uint8 RGBA, for a network that
    takes any. The network's last layer is left out: the artifact
    may end in another unit, and its picture is what benchmarks.parity compares.
    Raises ArtifactError, InvalidProgram.
    """
    with isolated(artifact) as model:
        manifest, values = model.manifest, model.layers(lineart, hints)
    reference = keras_layers(generator, ports, lineart, hints)
    if manifest.format != "coreml" and RECIPES[manifest.recipe].calibrated:
        # conversion.quantized.equalize scales what a normalization takes: same picture, other
        # numbers.
        reference = {k: v for k, v in reference.items() if k not in _normalized(generator)}
    named = matched_values(
        values,
        layers={name: value.shape for name, value in reference.items()},
        network=generator.name,
        layouts=LAYOUTS[manifest.format],
    )
    return [
        LayerAgreement(layer=layer, value=name, psnr_db=feature_psnr_db(reference[layer], value))
        for layer, (name, value) in sorted(
            named.items(), key=lambda item: list(reference).index(item[0])
        )
    ]


def first_departure(rows: Iterable[LayerAgreement], *, gate_db: float) -> LayerAgreement | None:
    """Return the first layer whose PSNR is below `gate_db`, not a number included; or None."""
    return next((row for row in rows if not row.psnr_db >= gate_db), None)


def keras_layers(
    generator: "keras.Model", ports: Ports, lineart: np.ndarray, hints: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """Return the output (1, H, W, C) of every layer but the last, in the order of the network."""
    import keras

    layers = {
        layer.name: layer.output
        for layer in generator.layers[:-1]
        if not isinstance(layer, keras.layers.InputLayer) and len(layer.output.shape) == 4
    }
    height, width = lineart.shape[:2]
    given = list(feeds(tensor_interface((height, width), ports), lineart, hints).values())
    values = keras.Model(generator.input, list(layers.values()))(as_inputs(given), training=False)
    return {name: np.asarray(value) for name, value in zip(layers, values, strict=True)}


def matched_values(
    values: Iterable[tuple[str, np.ndarray]],
    *,
    layers: Mapping[str, tuple[int, ...]],
    network: str,
    layouts: tuple[str, ...],
) -> dict[str, tuple[str, np.ndarray]]:
    """Find the output of each layer among an artifact's values: layer -> (name, NHWC value).

    values: in the order of computation. layers: name -> shape (1, H, W, C), in the order of the
    network.
    """
    patterns = {
        layer: re.compile(rf"(?:^|[/;_]){network}(?:_\d+)?[/_]{layer}(?:_\d+)?[/_]")
        for layer in layers
    }
    found: dict[str, tuple[str, np.ndarray]] = {}
    for name, value in values:
        # coremltools joins names by underscores, so that `up_1` seems to stand in `up_1_conv`: the
        # longest name at a place counts. A value of several layers is the output of the last.
        bearing: dict[int, str] = {}
        for layer in sorted(patterns, key=len):
            bearing |= {match.start(): layer for match in patterns[layer].finditer(name)}
        owner = max(bearing.values(), key=list(layers).index, default="")
        if owner and (picture := _channels_last(value, layers[owner], layouts)) is not None:
            found[owner] = (name, picture)
    return found


def _normalized(generator: "keras.Model") -> set[str]:
    """Return the names of the layers whose output an instance normalization takes."""
    from training.models.layers import InstanceNormalization

    return {
        layer.input._keras_history.operation.name
        for layer in generator.layers
        if isinstance(layer, InstanceNormalization)
    }


def _channels_last(
    value: np.ndarray, shape: tuple[int, ...], layouts: tuple[str, ...]
) -> np.ndarray | None:
    for layout in layouts:
        turned = value.transpose(0, 2, 3, 1) if layout == "NCHW" else value
        if turned.shape == tuple(shape):
            return turned
    return None
