from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from conversion.coreml.layers import layers_of
from conversion.coreml.weights import store, store_pruned, store_uniformly
from conversion.mlprogram.package import read_package
from conversion.mlprogram.program import Reference


def makers(model):
    """{value: the operation that makes it}."""
    program = read_package(Path(model.package_path)).program
    return {o.name: operation for operation in program.operations for o in operation.outputs}


def value(model, binding):
    """Return the constant that an input is bound to, or the operation that makes it."""
    if not isinstance(binding, Reference):
        return binding
    operation = makers(model)[binding.name]
    return operation.inputs["val"][0] if operation.type == "const" else operation


def stored(model):
    """{layer: (operation that expands its weight, the inputs of that)} of compressed layers."""
    found = {}
    for name, operation in makers(model).items():
        if operation.type in ("conv", "conv_transpose"):
            weight = makers(model)[operation.inputs["weight"][0].name]
            if weight.type != "const":
                inputs = {key: value(model, b[0]) for key, b in weight.inputs.items()}
                found[name] = (weight.type, inputs)
    return found


def large_layers(model):
    return [layer for layer in layers_of(model) if not layer.is_small]


def test_int8_weights_are_the_rounded_quotients_of_a_scale_per_channel(float16_model):
    model, details = store_uniformly(float16_model, "int8", grouped=True, moments={})
    found = stored(model)
    layers = large_layers(float16_model)
    assert set(found) == {layer.name for layer in layers}
    for layer in layers:
        kind, inputs = found[layer.name]
        assert kind == "constexpr_blockwise_shift_scale"
        other_axes = tuple(axis for axis in range(4) if axis != layer.channel_axis)
        # float16 throughout, as coremltools computes: the scale is rounded before it is stored.
        largest = np.abs(layer.weight).max(axis=other_axes, keepdims=True)
        scale = (largest - -largest) / 254
        np.testing.assert_array_equal(inputs["scale"], scale)
        expected = np.clip(np.round(layer.weight / scale), -127, 127)
        np.testing.assert_array_equal(inputs["data"], expected)
    assert "int8" in details["weights"]


@pytest.mark.parametrize("bits", [8, 6, 4])
def test_each_group_of_channels_takes_its_nearest_values_from_its_palette(float16_model, bits):
    model, details = store_uniformly(float16_model, f"palette{bits}", grouped=True, moments={})
    found = stored(model)
    for layer in large_layers(float16_model):
        kind, inputs = found[layer.name]
        assert kind == "constexpr_lut_to_dense"
        size = layer.group(16)
        indices, lut = (np.moveaxis(inputs[k], layer.channel_axis, 0) for k in ("indices", "lut"))
        weight = np.moveaxis(layer.weight, layer.channel_axis, 0)
        assert len(lut) == len(weight) // size
        for group in range(len(lut)):
            colors = lut[group].reshape(-1)
            assert colors.size == 2**bits
            chosen = indices[group * size : (group + 1) * size]
            original = weight[group * size : (group + 1) * size].astype(np.float64)
            distance = np.abs(original[..., None] - colors.astype(np.float64))
            got = np.abs(original - colors[chosen.astype(np.int64)].astype(np.float64))
            np.testing.assert_array_equal(got, distance.min(axis=-1))
    assert details["palettes"].startswith("one per 16")


def test_a_palette_of_a_whole_weight_is_said_and_not_silent(float16_model):
    model, details = store_uniformly(float16_model, "palette4", grouped=False, moments={})
    assert details["palettes"] == "one per layer (one per 16 or 8 channels with --target iOS18)"
    for _kind, inputs in stored(model).values():
        assert inputs["lut"].size == 16


def test_half_of_all_weights_are_zero_and_the_others_come_from_64_values(float16_model):
    model, details = store_pruned(float16_model, "palette6", sparsity=0.5)
    found = stored(model)
    layers = large_layers(float16_model)
    masks = {}
    for layer in layers:
        kind, inputs = found[layer.name]
        if kind == "constexpr_sparse_to_dense":
            packed = inputs["nonzero_data"]  # itself expanded, from a palette
            assert packed.type == "constexpr_lut_to_sparse"
            names = {name: value(model, b[0]) for name, b in packed.inputs.items()}
            assert names["lut"].shape[-2] == 64
            masks[layer.name] = names["indices_mask"].reshape(layer.weight.shape).astype(bool)
        else:
            assert (kind, inputs["lut"].shape[-2]) == ("constexpr_lut_to_dense", 64)
    total = sum(layer.weight.size for layer in layers)
    zeros = sum(int(np.sum(~mask)) for mask in masks.values())
    assert zeros == pytest.approx(total / 2, rel=0.01)  # equal weights are pruned together
    for layer in layers:
        if layer.name in masks:
            sizes, kept = np.abs(layer.weight), masks[layer.name]
            assert sizes[~kept].max() <= sizes[kept].min()
    assert "50% of all weights" in details["pruned"]


def test_each_layer_may_be_stored_in_its_own_way(float16_model):
    layers = large_layers(float16_model)
    ways = ["int8", "palette1", "palette2", "palette3", "fp16"]
    chosen = {layer.name: ways[n % len(ways)] for n, layer in enumerate(layers)}
    model, details = store(float16_model, chosen, grouped=True, moments={})
    found = stored(model)
    for layer in layers:
        way = chosen[layer.name]
        if way == "fp16":
            assert layer.name not in found
        elif way == "int8":
            assert found[layer.name][0] == "constexpr_blockwise_shift_scale"
        else:
            assert found[layer.name][1]["lut"].shape[-2] == 2 ** int(way[-1])
    for way, count in Counter(chosen.values()).items():
        if way != "fp16":  # the small layers are among those
            assert f"{count} {way}" in details["weights"]


def test_the_same_checkpoint_gives_the_same_bytes(float16_model):
    weights = []
    for _ in range(2):
        model, _details = store_uniformly(float16_model, "palette6", grouped=True, moments={})
        weights.append((Path(model.weights_dir) / "weight.bin").read_bytes())
    assert weights[0] == weights[1]


def test_a_weight_that_is_used_twice_is_one_layer_and_stored_once(tmp_path):
    import coremltools as ct
    from coremltools.converters.mil import Builder as mb
    from coremltools.converters.mil.mil import types

    weight = np.random.default_rng(0).normal(size=(16, 16, 3, 3)).astype(np.float16)

    @mb.program(
        input_specs=[mb.TensorSpec((1, 16, 8, 8), dtype=types.fp16)], opset_version=ct.target.iOS18
    )
    def program(x):
        held = mb.const(val=weight)
        x = mb.conv(x=x, weight=held, pad_type="same", name="once")
        return mb.conv(x=x, weight=held, pad_type="same", name="again")

    model = ct.convert(program, convert_to="mlprogram", minimum_deployment_target=ct.target.iOS18)
    model.save(str(tmp_path / "net.mlpackage"))
    model = ct.models.MLModel(str(tmp_path / "net.mlpackage"), skip_model_load=True)
    (layer,) = layers_of(model)
    assert layer.names == ("once", "again")
    for made, details in (
        store_uniformly(model, "int8", grouped=True, moments={}),
        store_uniformly(model, "palette6", grouped=True, moments={"once": np.eye(144)}),
        store_pruned(model, "palette6", sparsity=0.5),
    ):
        weights = {name: makers(made)[name].inputs["weight"][0].name for name in layer.names}
        assert stored(made).keys() == {"once", "again"} and len(set(weights.values())) == 1
        assert details["weights"].startswith("1 layers: 1 ")
