"""Store the weights of an ML Program smaller: int8, palettes, pruned palettes, layer by layer.

coremltools writes the programs; the palettes are ours (conversion/compression/palettes.py): its
k-means stops early, takes minutes for a large net and shows nothing meanwhile.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from conversion.compression.compensated import compensated_weight
from conversion.compression.in_words import palettes_in_words, storages_in_words
from conversion.compression.layers import SMALL, Layer
from conversion.compression.palettes import palette
from conversion.compression.storages import GROUP, PALETTE_BITS
from conversion.compression.uniform import channels_sharing, uniformly
from conversion.coreml.layers import layers_of
from training.terminal.progress import Progress

GROUPED_SINCE = "iOS18"
# The largest layers that hold this share of the weights are pruned, a little more than by half: the
# small ones stand where the picture is large, and it shows (docs/decisions/0008-recipes.md).
PRUNED_SHARE = 0.9
# What coremltools calls with each group of a weight's channels, for its palette and indices.
LutFunction = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


def store_uniformly(
    model: Any, storage: str, *, grouped: bool, moments: Mapping[str, np.ndarray]
) -> tuple[Any, dict[str, str]]:
    """Return a float16 model with every layer's weight stored the same way, and what was done.

    grouped: palettes may serve groups of channels, which programs before iOS18 cannot say.
    moments: of the inputs of layers, as conversion/coreml/moments.py has them; their errors are
    then made good, and the smallest of them stored finer. Without any, each weight is rounded by
    itself.
    """
    chosen = uniformly(layers_of(model), storage, made_good=moments)
    return store(model, chosen, grouped=grouped, moments=moments)


def store(
    model: Any,
    chosen: Mapping[str, str],
    *,
    grouped: bool,
    moments: Mapping[str, np.ndarray] | None = None,
) -> tuple[Any, dict[str, str]]:
    """Return a float16 model with weights stored as chosen, and what was done, in words.

    chosen: layer name -> storage; layers that are not named stay float16. moments: see
    `store_uniformly`.
    """
    moments = moments or {}
    layers = layers_of(model)
    palettes = [layer for layer in layers if chosen.get(layer.name, "fp16") in PALETTE_BITS]
    linear = [layer for layer in layers if chosen.get(layer.name, "fp16") == "int8"]
    details = {"weights": storages_in_words(layers, chosen)}
    if palettes:
        bits = {layer.name: PALETTE_BITS[chosen[layer.name]] for layer in palettes}
        groups = {
            layer.name: channels_sharing(
                layer, bits=bits[layer.name], made_good=layer.name in moments
            )
            for layer in palettes
        }
        model = _palettized(
            model, palettes, bits=bits, groups=groups if grouped else None, moments=moments
        )
        details["palettes"] = palettes_in_words(
            groups.values(),
            made_good=bool(moments),
            grouped_since=None if grouped else GROUPED_SINCE,
        )
    if linear:
        model = quantized_linearly(model, linear)
        details["scales"] = "one per output channel, symmetric"
    return model, details


def store_pruned(model: Any, storage: str, *, sparsity: float) -> tuple[Any, dict[str, str]]:
    """Return a float16 model with its smallest weights zero and the others in palettes.

    Both are stored jointly: a bit a value says which ones are left, and only those have an index.
    storage: palette8, palette6 or palette4. sparsity: the share of all weights that is made zero.
    Needs iOS18.
    """
    import coremltools.optimize.coreml as cto

    every_layer = layers_of(model)
    layers = [layer for layer in every_layer if not layer.is_small]
    total = sum(layer.weight.size for layer in layers)
    pruned: list[Layer] = []
    held = 0
    for layer in sorted(layers, key=lambda layer: -layer.weight.size):
        if held < PRUNED_SHARE * total:
            pruned.append(layer)
            held += layer.weight.size
    share = sparsity * total / held
    config = cto.OpMagnitudePrunerConfig(target_sparsity=share, weight_threshold=SMALL)
    sparse = cto.prune_weights(model, _configured([(layer, config) for layer in pruned]))
    bits = {layer.name: PALETTE_BITS[storage] for layer in layers}
    names = {layer.name for layer in pruned}
    groups = {layer.name: layer.group(GROUP) for layer in layers}
    return _palettized(sparse, layers, bits=bits, groups=groups, pruned=names), {
        "weights": storages_in_words(every_layer, dict.fromkeys(bits, storage)),
        "palettes": palettes_in_words(groups.values()),
        "pruned": f"{share:.0%} in the {len(pruned)} largest layers, {sparsity:.0%} of all weights",
    }


def quantized_linearly(model: Any, layers: Sequence[Layer]) -> Any:
    """Return a model whose weights of these layers are int8: w = q * scale, a scale per channel."""
    import coremltools.optimize.coreml as cto

    config = cto.OpLinearQuantizerConfig(
        mode="linear_symmetric", dtype="int8", granularity="per_channel", weight_threshold=SMALL
    )
    return cto.linear_quantize_weights(model, _configured([(layer, config) for layer in layers]))


def _palettized(
    model: Any,
    layers: Sequence[Layer],
    *,
    bits: Mapping[str, int],
    groups: Mapping[str, int] | None,
    moments: Mapping[str, np.ndarray] = MappingProxyType({}),
    pruned: Collection[str] = (),
) -> Any:
    """groups: how many channels of a layer share a palette; None: all of them.

    pruned: names of layers whose weights are stored sparsely already.
    """
    import coremltools.optimize.coreml as cto

    values = sum(layer.weight.size for layer in layers)
    with Progress("palettes", total=values, unit="weights") as progress:
        configs = []
        for layer in layers:
            group = groups[layer.name] if groups else layer.weight.shape[layer.channel_axis]
            moment = moments.get(layer.name)
            made: LutFunction
            if moment is None:
                made = _each_by_itself(bits[layer.name], nonzero_only=layer.name in pruned)
            else:
                made = _made_good(layer, moment, bits=bits[layer.name], group=group)
            config = cto.OpPalettizerConfig(
                mode="custom",
                lut_function=_counted(made, progress.advance),
                granularity="per_grouped_channel" if groups else "per_tensor",
                group_size=group,
                weight_threshold=SMALL,
            )
            configs.append((layer, config))
        return cto.palettize_weights(model, _configured(configs), joint_compression=bool(pruned))


def _counted(made: LutFunction, after_each: Callable[[int], None]) -> LutFunction:
    """Return the same, which tells after each group how many weights it had."""

    def lut_and_indices(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        result = made(weight)
        after_each(weight.size)
        return result

    return lut_and_indices


def _each_by_itself(bits: int, *, nonzero_only: bool) -> LutFunction:
    """Return what gives the palette of a group of weights, and each weight's nearest entry.

    nonzero_only: zeros are stored elsewhere, so that the palette needs no entry for them.
    """

    def lut_and_indices(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        flat = weight.reshape(-1)
        indices = np.zeros(flat.size, np.uint8)
        kept = flat != 0 if nonzero_only else np.ones(flat.size, bool)
        if kept.any():
            lut, indices[kept] = palette(flat[kept], bits=bits)
        else:
            lut = np.zeros(2**bits, flat.dtype)
        return lut, indices

    return lut_and_indices


def _made_good(layer: Layer, moment: np.ndarray, *, bits: int, group: int) -> LutFunction:
    """Return what gives, group after group, palettes whose errors are made good in the layer."""
    left: list[tuple[np.ndarray, np.ndarray]] = []

    def lut_and_indices(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if not left:  # all groups are made together, when the first is asked for
            axis = layer.channel_axis
            luts, indices = compensated_weight(
                layer.weight, moment, axis=axis, bits=bits, group=group
            )
            first = np.moveaxis(indices, axis, 0)
            left.extend(zip(luts, first.reshape(len(luts), -1), strict=True))
        return left.pop(0)

    return lut_and_indices


def _configured(configs: Sequence[tuple[Layer, Any]]) -> Any:
    """Return coremltools' configuration of these layers, and of nothing else."""
    import coremltools.optimize.coreml as cto

    # It refuses a weight whose operations have different ones.
    named = {name: config for layer, config in configs for name in layer.names}
    return cto.OptimizationConfig(op_name_configs=named)
