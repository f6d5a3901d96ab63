import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from conversion import to_tflite
from conversion.manifest import read_manifest
from conversion.quantized.flatbuffer import operations
from training import pixels
from training.run.checkpoint import find_checkpoint
from training.run.restoring import load_generator

# fp16 weights: 11 bits of fraction through ten layers; pictures differ by well under a level.
FP32, FP16 = 1e-5, 5e-3


@pytest.mark.parametrize(("recipe", "tolerance"), [("fp32", FP32), ("fp16", FP16)])
def test_it_computes_what_keras_computes(exports, tiny_run, recipe, tolerance):
    lineart = np.random.default_rng(0).uniform(-1, 1, (1, 32, 32, 1)).astype(np.float32)
    expected = load_generator(find_checkpoint(tiny_run))(lineart).numpy()
    run = Interpreter(str(exports["tflite", recipe])).get_signature_runner("colorize")
    np.testing.assert_allclose(run(lineart=lineart)["color"], expected, atol=tolerance)


@pytest.mark.parametrize("recipe", ["fp32", "fp16"])
def test_every_operation_is_builtin(exports, recipe):
    interpreter = Interpreter(str(exports["tflite", recipe]))
    names = {detail["op_name"] for detail in interpreter._get_ops_details()}
    assert names
    assert not [name for name in names if name.startswith(("Flex", "CUSTOM"))]


@pytest.fixture(scope="module")
def quantized(tiny_run, tiny_data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tflite")
    return {
        recipe: to_tflite.convert(
            tiny_run, folder / f"{recipe}.tflite", recipe=recipe, data=tiny_data
        )
        for recipe in ("int8", "w8a8", "w8a16")
    }


# Weights of 8 bits through ten layers; activations of 8 bits, besides: 30 dB is 8 levels.
LEVELS = {"int8": 3, "w8a8": 8, "w8a16": 3}


@pytest.mark.parametrize("recipe", LEVELS)
def test_a_quantized_model_paints_nearly_what_keras_paints(quantized, tiny_run, tiny_data, recipe):
    from conversion.runtimes.backends import open_backend
    from training.data.pipeline import load_split

    backend = open_backend(quantized[recipe])
    generator = load_generator(find_checkpoint(tiny_run))
    for lineart in load_split(tiny_data, "validation").lineart[:3, ..., 0]:
        painted = generator(pixels.to_unit_range(lineart[None, ..., None]), training=False)
        expected = pixels.to_uint8(painted.numpy())[0]
        error = backend.colorize(lineart).astype(float) - expected
        assert np.sqrt(np.mean(error**2)) < LEVELS[recipe]


@pytest.mark.parametrize("recipe", ["w8a8", "w8a16"])
def test_a_quantized_net_with_hints_paints_nearly_what_keras_paints(
    hinted_runs, tiny_data, tmp_path, recipe
):
    from conversion.export.drawings import true_hints
    from conversion.runtimes.backends import open_backend
    from training.data.pipeline import load_split
    from training.picture.colorizer import colorize_pixels

    artifact = to_tflite.convert(
        hinted_runs["mobile"], tmp_path / f"{recipe}.tflite", recipe=recipe, data=tiny_data
    )
    _, port = read_manifest(artifact).interface.inputs
    assert (port.colors, port.dtype) == (
        ("rgba", "uint8") if recipe == "w8a8" else ("rgb_mask", "float32")
    )
    pairs = load_split(tiny_data, "validation", limit=3)
    lineart = pairs.lineart[..., 0]
    hints = true_hints(lineart, pairs.color, count=4)
    generator = load_generator(find_checkpoint(hinted_runs["mobile"]))
    backend = open_backend(artifact)
    for n, expected in enumerate(colorize_pixels(generator, lineart, hints)):
        error = backend.colorize(lineart[n], hints[n]).astype(float) - expected
        assert np.sqrt(np.mean(error**2)) < LEVELS[recipe]
    if recipe == "w8a8":  # colours of hints were rounded, or cut off, before they flowed
        made = operations(artifact.read_bytes())
        integer = {o.output.index: o.name for o in made if o.output.dtype == "INT8"}
        assert set(integer.values()) == {"QUANTIZE", "CONV_2D"}
        undone = [integer[o.inputs[0]] for o in made if o.name == "DEQUANTIZE"]
        assert set(undone) == {"CONV_2D"}


def test_w8a8_takes_and_returns_bytes_and_computes_all_convolutions_but_the_first_in_integers(
    quantized,
):
    manifest = read_manifest(quantized["w8a8"])
    assert {p.dtype for p in (*manifest.interface.inputs, manifest.interface.output)} == {"uint8"}
    found = operations(quantized["w8a8"].read_bytes())
    convolutions = [o.output.dtype for o in found if "CONV" in o.name]
    assert convolutions == ["FLOAT32"] + ["INT8"] * (len(convolutions) - 1)
    between = [o for o in found if "CONV" not in o.name and o.name != "QUANTIZE"]
    assert [o.output.dtype for o in between] == ["FLOAT32"] * (len(between) - 1) + ["UINT8"]
    count = len(convolutions)
    kept = len([o for o in found if o.output.dtype == "FLOAT32" and o.name != "DEQUANTIZE"])
    made = len([o for o in found if "QUANTIZE" not in o.name])
    assert manifest.details["operations kept in float"] == f"{kept} of {made}"
    assert manifest.details["convolutions in integers"] == f"{count - 1} of {count}"


def test_w8a16_computes_convolutions_in_16_bits_between_float_ends(quantized):
    manifest = read_manifest(quantized["w8a16"])
    ports = (*manifest.interface.inputs, manifest.interface.output)
    assert {port.dtype for port in ports} == {"float32"}
    found = operations(quantized["w8a16"].read_bytes())
    assert {o.output.dtype for o in found if "CONV" in o.name} == {"INT16"}
    assert manifest.details["operations kept in float"].startswith("0 of")


@pytest.mark.parametrize("recipe", LEVELS)
def test_the_number_of_calibration_drawings_is_recorded(quantized, recipe, tiny_data):
    from training.data.shards import read_manifest as read_shards

    count = read_shards(tiny_data).count("train")
    said = read_manifest(quantized[recipe]).details.get("calibrated on")
    assert said == (None if recipe == "int8" else f"{count} training drawings")
