from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from conversion import to_coreml
from conversion.coreml.activations import quantize, with_quantized_activations
from conversion.coreml.ranges import Range, activation_ranges
from conversion.enable_predict import enable_predict
from conversion.export.drawings import Drawings
from conversion.interface import image_interface
from conversion.manifest import read_manifest
from conversion.mlprogram.package import read_package

PICTURES = image_interface((32, 32))


@pytest.fixture
def predicting_coremltools(monkeypatch):
    """coremltools whose predict works here; as before when the test ends."""
    from coremltools.models import model

    for name in ("predict", "make_state"):
        monkeypatch.setattr(model.MLModel, name, getattr(model.MLModel, name))
    monkeypatch.setattr(model, "_MLModelProxy", None)
    enable_predict(precision="float32")


@pytest.fixture(scope="module")
def drawings():
    """Three drawings of rising contrast, so that the ranges differ."""
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (3, 32, 32))
    lineart = np.stack([255 - noise[n] * (n + 1) // 3 for n in range(3)]).astype(np.uint8)
    return Drawings(lineart=lineart)


def scales(model):
    """{value: scale} of every quantize operation; each value is rounded once."""
    program = read_package(Path(model.package_path)).program
    constants = {
        o.outputs[0].name: o.inputs["val"][0] for o in program.operations if o.type == "const"
    }
    return {
        o.inputs["input"][0].name: float(
            constants.get(getattr(o.inputs["scale"][0], "name", None), o.inputs["scale"][0])
        )
        for o in program.operations
        if o.type == "quantize"
    }


def calibrated_by_coremltools(model, drawings):
    import coremltools.optimize.coreml as cto

    config = cto.OptimizationConfig(
        global_config=cto.OpLinearQuantizerConfig(mode="linear_symmetric")
    )
    samples = [{"lineart": Image.fromarray(lineart)} for lineart, _ in drawings]
    return cto.linear_quantize_activations(model, config, samples)


def test_every_convolution_computes_on_8_bit_values_and_the_number_is_said(float16_model, drawings):
    model, details = quantize(float16_model, [drawings], interface=PICTURES)
    # Each of five convolutions has a pair before and behind it; where two pairs meet, one is left.
    said = details["activations"]
    assert "5 of 5 convolutions take 8-bit values, 5 transposed ones float16" in said
    assert said.startswith(f"{len(scales(model))} quantize/dequantize pairs")
    assert 5 <= len(scales(model)) <= 10


def test_scales_are_the_largest_magnitude_over_all_drawings_by_127(float16_model, drawings):
    ranges = activation_ranges(Path(float16_model.package_path), drawings, interface=PICTURES)
    model = with_quantized_activations(float16_model, ranges)
    assert scales(model)
    for name, scale in scales(model).items():
        # float16 holds 11 bits: both the range and the scale are rounded to it.
        assert scale == pytest.approx(ranges[name].largest / 127, rel=2**-9), name


def test_ranges_join_over_drawings(float16_model, drawings):
    package = Path(float16_model.package_path)
    each = [activation_ranges(package, drawings.chosen([n]), interface=PICTURES) for n in range(3)]
    together = activation_ranges(package, drawings, interface=PICTURES)
    for name, seen in together.items():
        assert seen == Range(min(r[name].low for r in each), max(r[name].high for r in each))


def test_one_drawing_gives_the_scales_of_coremltools_own_calibration(
    float16_model, drawings, predicting_coremltools
):
    first = drawings.chosen([0])
    ranges = activation_ranges(Path(float16_model.package_path), first, interface=PICTURES)
    ours = scales(with_quantized_activations(float16_model, ranges))
    theirs = scales(calibrated_by_coremltools(float16_model, first))
    assert theirs == ours


def test_of_several_drawings_coremltools_keeps_the_last_alone_which_is_why_ours_are_used(
    float16_model, drawings, predicting_coremltools
):
    # coremltools 9.0, record_intermediate_output and _update_tensor_range: each drawing first
    # overwrites the range with its own. When this fails, they have mended it: say so in 0008.
    order = drawings.chosen([2, 1, 0])  # the loudest first
    theirs = scales(calibrated_by_coremltools(float16_model, order))
    last = activation_ranges(
        Path(float16_model.package_path), order.chosen([2]), interface=PICTURES
    )
    assert theirs == scales(with_quantized_activations(float16_model, last))
    every = activation_ranges(Path(float16_model.package_path), order, interface=PICTURES)
    assert theirs != scales(with_quantized_activations(float16_model, every))


def test_a_value_that_was_always_0_gets_the_range_of_pictures(float16_model, drawings):
    names = activation_ranges(Path(float16_model.package_path), drawings, interface=PICTURES)
    model = with_quantized_activations(float16_model, dict.fromkeys(names, Range(0.0, 0.0)))
    # Scales are float16: 11 bits.
    for scale in scales(model).values():
        assert scale == pytest.approx(1 / 127, rel=2**-11)


def test_a_model_of_several_sizes_is_calibrated_at_each_of_them(tiny_run, tiny_data, tmp_path):
    sizes = [(32, 32), (32, 64)]
    output = tmp_path / "both.mlpackage"
    to_coreml.convert(tiny_run, output, recipe="w8a8", sizes=sizes, data=tiny_data)
    manifest = read_manifest(output)
    assert manifest.sizes == tuple(sizes)
    assert manifest.details["calibrated at"] == "32, 64x32 px"
