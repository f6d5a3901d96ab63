"""The same small network in each format, its cost counted by hand."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from benchmarks.cost import count, main
from benchmarks.costs.layers import Cost
from benchmarks.costs.reader import cost_of
from benchmarks.mil.writing import Written
from conversion.errors import ArtifactError, InvalidProgram

FORMATS = ("mlpackage", "onnx", "tflite")


def exported(run: Path, recipe: str, suffix: str) -> Path:
    return run / "exports" / f"tiny-{recipe}.{suffix}"


def by_kind(cost: Cost, *kinds: str) -> list:
    return [layer for layer in cost.layers if layer.kind in kinds]


# A U-Net of 32 pixels, 4 filters and 5 levels: 1 -> 4 -> 8 -> 16 -> 32 -> 32 channels, then back.
# Each convolution has 4x4 taps; counted at its output (half the side), transposed at its input.
DOWN = [16 * 16 * 16 * 1 * 4, 8 * 8 * 16 * 4 * 8, 4 * 4 * 16 * 8 * 16, 2 * 2 * 16 * 16 * 32]
DOWN += [1 * 1 * 16 * 32 * 32]
UP = [1 * 1 * 16 * 32 * 32, 2 * 2 * 16 * 64 * 16, 4 * 4 * 16 * 32 * 8, 8 * 8 * 16 * 16 * 4]
UP += [16 * 16 * 16 * 8 * 3]


@pytest.mark.parametrize("recipe", ["fp32", "fp16"])
@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_multiplies_as_often_as_counted_by_hand(
    whole_run: Path, suffix: str, recipe: str
):
    cost = cost_of(exported(whole_run, recipe, suffix))
    convolutions = by_kind(cost, "conv", "Conv", "CONV_2D")
    transposed = by_kind(cost, "conv_transpose", "ConvTranspose", "TRANSPOSE_CONV")
    assert [layer.macs for layer in convolutions] == DOWN
    assert [layer.macs for layer in transposed] == UP
    assert cost.macs == sum(DOWN) + sum(UP)


def test_a_flexible_program_is_counted_at_its_default_sizes(tmp_path: Path):
    program = Written()
    array = program.input("x", "fp32", (None, 3)).type.multiArrayType
    array.shape.extend([5, 3])
    for low, high in ((1, 9), (3, 3)):
        array.shapeRange.sizeRanges.add(lowerBound=low, upperBound=high)
    program.step("linear", "y", "fp32", (None, 2), x="x", weight=np.ones((2, 3), np.float32))
    program.output("y", "fp32", (None, 2))
    (layer,) = cost_of(program.save(tmp_path / "flexible.mlpackage")).layers
    assert (layer.macs, layer.read_bytes, layer.written_bytes) == (5 * 2 * 3, 4 * 5 * 3, 4 * 5 * 2)


@pytest.mark.parametrize("suffix", FORMATS)
def test_float16_halves_the_bytes_of_weights_and_no_parameter(whole_run: Path, suffix: str):
    full, half = (cost_of(exported(whole_run, recipe, suffix)) for recipe in ("fp32", "fp16"))
    assert half.parameters == full.parameters
    SCALARS = 40  # bytes: a few constants of one number stay float32
    assert half.weight_bytes == pytest.approx(full.weight_bytes / 2, abs=SCALARS)


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_convolution_moves_its_weights_its_input_and_its_output(whole_run: Path, suffix: str):
    cost = cost_of(exported(whole_run, "fp32", suffix))
    second = by_kind(cost, "conv", "Conv", "CONV_2D")[1]  # 16x16x4 -> 8x8x8, 4x4 taps
    assert (second.read_bytes, second.written_bytes) == (4 * 16 * 16 * 4, 4 * 8 * 8 * 8)
    assert second.strides == (2, 2)
    assert second.parameters in (
        4 * 4 * 4 * 8,
        4 * 4 * 4 * 8 + 8,
    )  # a bias of zeros or none
    assert second.weight_bytes == 4 * second.parameters
    assert second.moved_bytes == second.weight_bytes + second.read_bytes + second.written_bytes


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_parameters_are_those_of_the_generator(whole_run: Path, suffix: str):
    from training.run.checkpoint import find_checkpoint
    from training.run.restoring import load_generator

    learned = load_generator(find_checkpoint(whole_run)).count_params()
    cost = cost_of(exported(whole_run, "fp32", suffix))
    ADDED = 100  # a bias of zeros where the format must have one, and constants of one number
    assert learned <= cost.parameters <= learned + ADDED


def test_the_precision_is_what_most_is_computed_in(whole_run: Path):
    found = {
        (suffix, recipe): cost_of(exported(whole_run, recipe, suffix)).precision
        for suffix in FORMATS
        for recipe in ("fp32", "fp16")
    }
    assert found[("mlpackage", "fp16")] == found[("onnx", "fp16")] == "float16"
    assert found[("tflite", "fp16")] == "float32"  # LiteRT widens the weights while loading
    assert {found[(suffix, "fp32")] for suffix in FORMATS} == {"float32"}


def quantized_onnx(path: Path) -> Path:
    """x (1, 3, 6, 5) -> QDQ -> Conv of int8 weights (4, 3, 3, 2) and an int32 bias -> y."""
    weight = np.ones((4, 3, 3, 2), np.int8)
    constants = {
        "w": weight,
        "b": np.ones(4, np.int32),
        "scale": np.float32(0.1),
        "zero": np.int8(0),
        "zero32": np.int32(0),
    }
    nodes = [
        helper.make_node("QuantizeLinear", ["x", "scale", "zero"], ["xq"], name="q"),
        helper.make_node("DequantizeLinear", ["xq", "scale", "zero"], ["xd"], name="dq"),
        helper.make_node("DequantizeLinear", ["w", "scale", "zero"], ["wd"]),
        helper.make_node("DequantizeLinear", ["b", "scale", "zero32"], ["bd"]),
        helper.make_node("Conv", ["xd", "wd", "bd"], ["y"], name="conv"),
    ]
    graph = helper.make_graph(
        nodes,
        "quantized",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, (1, 3, 6, 5))],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, (1, 4, 4, 4))],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)]), path)
    return path


def test_quantized_weights_count_once_and_in_their_own_bytes(tmp_path: Path):
    cost = cost_of(quantized_onnx(tmp_path / "q.onnx"))
    assert [layer.kind for layer in cost.layers] == ["QuantizeLinear", "DequantizeLinear", "Conv"]
    conv = cost.layers[-1]
    assert conv.parameters == 4 * 3 * 3 * 2 + 4
    SCALES = 2 * (4 + 1) + 3  # a scale and a zero point of each, that of the bias in 32 bits
    assert conv.weight_bytes == 72 + 4 * 4 + SCALES
    assert conv.macs == 4 * 4 * 4 * (3 * 3 * 2)
    assert cost.precision == "int8"


def test_a_palette_counts_the_bytes_that_the_file_holds(whole_run: Path, tmp_path: Path):
    import coremltools as ct
    from coremltools.optimize.coreml import (
        OpPalettizerConfig,
        OptimizationConfig,
        palettize_weights,
    )

    artifact = exported(whole_run, "fp16", "mlpackage")
    model = ct.models.MLModel(str(artifact), skip_model_load=True)
    config = OptimizationConfig(
        global_config=OpPalettizerConfig(mode="uniform", nbits=4, weight_threshold=2000)
    )
    small = tmp_path / "palette4.mlpackage"
    palettize_weights(model, config).save(str(small))
    full, packed = cost_of(artifact), cost_of(small)
    assert packed.parameters >= full.parameters and packed.macs == full.macs
    # innermost: 4x4 taps of 32 x 32 channels, 4 bits each, and 16 colours of 2 bytes
    innermost = by_kind(packed, "conv")[-1]
    assert innermost.parameters == 16 * 32 * 32 + 32
    assert innermost.weight_bytes - 2 * 32 == pytest.approx(16 * 32 * 32 / 2 + 16 * 2, abs=32)


# --- what is refused


@pytest.mark.parametrize("suffix", ["onnx", "tflite"])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, suffix: str):
    path = tmp_path / f"model.{suffix}"
    path.write_bytes(b"not a model, whatever its name says")
    with pytest.raises(ArtifactError, match=f"model.{suffix}"):
        cost_of(path)


@pytest.mark.parametrize("suffix", ["onnx", "tflite"])
def test_a_model_that_is_cut_short_is_refused(whole_run: Path, tmp_path: Path, suffix: str):
    whole = exported(whole_run, "fp32", suffix).read_bytes()
    path = tmp_path / f"cut.{suffix}"
    path.write_bytes(whole[: len(whole) // 3])
    with pytest.raises(ArtifactError, match=f"cut.{suffix} cannot be read"):
        cost_of(path)


def test_a_package_without_a_manifest_is_refused(tmp_path: Path):
    (tmp_path / "model.mlpackage").mkdir()
    with pytest.raises(InvalidProgram):
        cost_of(tmp_path / "model.mlpackage")


def test_another_suffix_and_a_missing_file_are_refused(tmp_path: Path):
    with pytest.raises(
        ArtifactError, match=r"expected a model whose name ends in .mlpackage, .onnx"
    ):
        cost_of(tmp_path / "model.h5")
    with pytest.raises(ArtifactError, match="does not exist"):
        cost_of(tmp_path / "model.onnx")


def test_the_command_refuses_no_model_with_status_2(capsys: pytest.CaptureFixture[str]):
    assert main([]) == 2
    assert "received none" in capsys.readouterr().err
    with pytest.raises(ArtifactError):
        count([Path("nothing.onnx")])
