"""Compressed weights in standalone ONNX: as small as in the package, and the same numbers."""

import coremltools as ct
import numpy as np
import onnx
import onnxruntime
import pytest
from coremltools.converters.mil.mil import Builder as mb

from conversion.mlprogram.model import load, to_onnx

WEIGHT = np.random.default_rng(0).normal(0, 1, (32, 16, 3, 3)).astype(np.float32)
X = np.random.default_rng(1).normal(0, 1, (1, 16, 6, 7)).astype(np.float32)
# 144 products of numbers near 1; what is dequantized in float32 and not rounded to float16 first
# differs by 2^-11 of each.
FLOAT32_SUM = 1e-3

opt = ct.optimize.coreml
RECIPES = {
    "int8": opt.OpLinearQuantizerConfig(mode="linear_symmetric", weight_threshold=0),
    "uint8": opt.OpLinearQuantizerConfig(mode="linear", dtype="uint8", weight_threshold=0),
    "int4 blocks": opt.OpLinearQuantizerConfig(
        dtype="int4", granularity="per_block", block_size=8, weight_threshold=0
    ),
    "int4 tensor": opt.OpLinearQuantizerConfig(
        dtype="int4", granularity="per_tensor", weight_threshold=0
    ),
    "8 bits": opt.OpPalettizerConfig(nbits=8, mode="uniform", weight_threshold=0),
    "6 bits": opt.OpPalettizerConfig(nbits=6, mode="uniform", weight_threshold=0),
    "4 bits": opt.OpPalettizerConfig(nbits=4, mode="uniform", weight_threshold=0),
    "3 bits, groups": opt.OpPalettizerConfig(
        nbits=3,
        mode="uniform",
        granularity="per_grouped_channel",
        group_size=8,
        weight_threshold=0,
    ),
    "1 bit": opt.OpPalettizerConfig(nbits=1, mode="uniform", weight_threshold=0),
}
BYTES = {
    "int8": 1,
    "uint8": 1,
    "8 bits": 1,
    "6 bits": 1,
}  # of an element; all others take half a byte


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("target", ["iOS16", "iOS18"])
def test_weights_stay_small_and_make_the_same_numbers(save_program, target, recipe):
    if target == "iOS16" and recipe.startswith(("int4", "3 bits")):
        pytest.skip("coremltools writes these from iOS 18 on")

    def convolve(x):
        return mb.conv(x=x, weight=WEIGHT, name="y")

    model = ct.models.MLModel(
        str(save_program(convolve, {"x": X.shape}, target=target)), skip_model_load=True
    )
    config = opt.OptimizationConfig(global_config=RECIPES[recipe])
    quantizes = isinstance(RECIPES[recipe], opt.OpLinearQuantizerConfig)
    compress = opt.linear_quantize_weights if quantizes else opt.palettize_weights
    small = compress(model, config)

    compressed, dense = to_onnx(small), to_onnx(small, dense=True)
    onnx.checker.check_model(compressed, full_check=True)
    expected = load(small).predict({"x": X})["y"]
    assert np.abs(expected).max() > 10
    for exported in (compressed, dense):
        session = onnxruntime.InferenceSession(exported.SerializeToString())
        made = session.run(["y"], {"x": X})[0]
        np.testing.assert_allclose(made, expected, atol=FLOAT32_SUM * 10, rtol=0)
    assert dense.ByteSize() > 4 * WEIGHT.size
    overhead = 3000 + 6 * WEIGHT.size // 8  # the graph, and a scale and zero point for 8 elements
    if "blocks" not in recipe:
        overhead = 3000
    assert compressed.ByteSize() < BYTES.get(recipe, 0.5) * WEIGHT.size + overhead
