from pathlib import Path

import numpy as np

from conversion.coreml.layers import layers_of
from conversion.coreml.moments import moments_of
from conversion.coreml.weights import store_uniformly
from conversion.export.drawings import Drawings
from conversion.interface import image_interface
from conversion.mlprogram.model import load
from conversion.mlprogram.package import read_package


def test_moments_are_those_of_the_program_and_make_good_what_palettes_lose(
    float16_model,
):
    lineart = np.random.default_rng(0).integers(0, 256, (8, 32, 32)).astype(np.uint8)
    moments = moments_of(
        float16_model, Drawings(lineart=lineart), interface=image_interface((32, 32))
    )
    layers = {layer.name: layer for layer in layers_of(float16_model) if layer.name in moments}
    assert {layer.type for layer in layers.values()} == {"conv", "conv_transpose"}

    package = Path(float16_model.package_path)
    made = {o.outputs[0].name: o for o in read_package(package).program.operations}
    model = load(package, "float32", outputs=list(layers))
    computed = [model.predict({"lineart": each}) for each in lineart]
    for name, layer in layers.items():
        rows = np.moveaxis(layer.weight, layer.channel_axis, 0).astype(np.float64)
        rows = rows.reshape(len(rows), -1)
        biases = [made[bias.name].inputs["val"][0] for bias in made[name].inputs.get("bias", ())]
        unbiased = [
            np.float64(values[name]) - sum(b[:, None, None] for b in biases) for values in computed
        ]
        expected = np.mean(np.square(unbiased), axis=(0, 1, 3, 4))
        np.testing.assert_allclose(np.diag(rows @ moments[name] @ rows.T), expected, rtol=2e-3)

    last = list(layers)[-1]

    def lost_with(seen) -> float:
        stored, _ = store_uniformly(float16_model, "palette4", grouped=True, moments=seen)
        other = load(Path(stored.package_path), "float32", outputs=[last])
        painted = [other.predict({"lineart": each})[last] for each in lineart]
        return sum(
            float(np.square(np.float64(values) - of_all[last]).sum())
            for values, of_all in zip(painted, computed, strict=True)
        )

    assert lost_with(moments) < 0.7 * lost_with({})
