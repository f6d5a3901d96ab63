"""Packages of every kind that coremltools writes: dialects, functions, types of weights."""

import coremltools as ct
import numpy as np
import pytest
from coremltools.converters.mil.mil import Builder as mb
from coremltools.converters.mil.mil import types
from PIL import Image

from conversion.errors import InvalidInput, InvalidProgram
from conversion.mlprogram.model import load, to_onnx
from conversion.mlprogram.protobuf import parse_model
from conversion.mlprogram.types import TensorType
from conversion.mlprogram.weights import WeightFile

TARGETS = {"iOS15": 6, "iOS16": 7, "iOS17": 8, "iOS18": 9, "iOS26": 10}
WEIGHT = np.random.default_rng(5).normal(0, 1, (4, 3, 3, 5)).astype(np.float32)
X = np.random.default_rng(6).normal(0, 1, (1, 3, 6, 7)).astype(np.float32)


def convolve(x):
    return mb.conv(x=x, weight=WEIGHT, pad_type="valid", name="y")


def expected(weight=WEIGHT):
    windows = np.lib.stride_tricks.sliding_window_view(X, (3, 5), axis=(2, 3))
    return np.einsum("nchwij,ocij->nohw", windows.astype(np.float64), weight)


# Forty-five products of numbers near 1, summed in float32.
FLOAT32_SUM = 1e-4


@pytest.mark.parametrize(("target", "version"), TARGETS.items())
def test_every_specification_version_runs(save_program, target, version):
    path = save_program(convolve, {"x": X.shape}, target=target)
    assert ct.utils.load_spec(str(path)).specificationVersion == version
    made = load(path).predict({"x": X})["y"]
    np.testing.assert_allclose(made, expected(), atol=FLOAT32_SUM, rtol=0)


def test_each_function_of_a_model_runs_by_its_name(save_program, tmp_path):
    def double(x):
        return mb.mul(x=x, y=2.0, name="y")

    def negate(x):
        return mb.mul(x=x, y=-1.0, name="z")

    functions = ct.utils.MultiFunctionDescriptor()
    functions.add_function(str(save_program(double, {"x": (3,)}, target="iOS18")), "main", "twice")
    functions.add_function(str(save_program(negate, {"x": (3,)}, target="iOS18")), "main", "minus")
    functions.default_function_name = "minus"
    path = tmp_path / "both.mlpackage"
    ct.utils.save_multifunction(functions, str(path))
    x = np.array([1, 2, 3], np.float32)
    np.testing.assert_array_equal(load(path).predict({"x": x})["z"], -x)
    np.testing.assert_array_equal(load(path, function_name="twice").predict({"x": x})["y"], 2 * x)
    model = ct.models.MLModel(str(path), function_name="twice", skip_model_load=True)
    np.testing.assert_array_equal(load(model).predict({"x": x})["y"], 2 * x)
    assert [output.name for output in to_onnx(model).graph.output] == ["y"]
    with pytest.raises(InvalidProgram, match=r"no function 'thrice'; it has \['minus', 'twice'\]"):
        load(path, function_name="thrice")


def test_a_model_of_coremltools_is_loaded_as_its_package_is(save_program):
    model = ct.models.MLModel(str(save_program(convolve, {"x": X.shape})), skip_model_load=True)
    made = load(model).predict({"x": X})["y"]
    np.testing.assert_allclose(made, expected(), atol=FLOAT32_SUM, rtol=0)


@pytest.mark.parametrize(
    ("kind", "bits", "dtype"),
    [
        ("uint1", 1, np.uint8),
        ("uint2", 2, np.uint8),
        ("uint3", 3, np.uint8),
        ("uint4", 4, np.uint8),
        ("uint6", 6, np.uint8),
        ("int4", 4, np.int8),
    ],
)
def test_packed_weights_are_read_as_coremltools_wrote_them(tmp_path, kind, bits, dtype):
    from coremltools.libmilstoragepython import _BlobStorageWriter

    low, high = (-8, 8) if kind == "int4" else (0, 2**bits)
    values = np.random.default_rng(bits).integers(low, high, (3, 7)).astype(dtype)
    writer = _BlobStorageWriter(str(tmp_path / "weight.bin"))
    offset = getattr(writer, f"write_{kind}_data")(values.reshape(-1))
    del writer  # it completes the file
    tensor = TensorType(np.dtype(dtype), values.shape, bits)
    read = WeightFile(tmp_path / "weight.bin").read(offset, tensor=tensor)
    np.testing.assert_array_equal(read, values)


def test_a_blob_of_another_width_is_refused(tmp_path):
    from coremltools.libmilstoragepython import _BlobStorageWriter

    writer = _BlobStorageWriter(str(tmp_path / "weight.bin"))
    offset = writer.write_uint4_data(np.zeros(6, np.uint8))
    del writer
    with pytest.raises(InvalidProgram, match="blob type 11"):
        WeightFile(tmp_path / "weight.bin").read(
            offset, tensor=TensorType(np.dtype(np.uint8), (4,), 6)
        )


def test_an_optional_input_takes_its_default_where_it_is_absent(save_program):
    def add(a, b):
        return mb.add(x=a, y=b, name="y")

    inputs = [
        ct.TensorType(name="a", shape=(2,)),
        ct.TensorType(name="b", shape=(2,), default_value=np.full((2,), 5, np.float32)),
    ]
    model = load(save_program(add, {"a": (2,), "b": (2,)}, inputs=inputs))
    a = np.array([1, 2], np.float32)
    np.testing.assert_array_equal(model.predict({"a": a})["y"], a + 5)
    np.testing.assert_array_equal(model.predict({"a": a, "b": None})["y"], a + 5)
    np.testing.assert_array_equal(model.predict({"a": a, "b": a})["y"], 2 * a)
    with pytest.raises(InvalidInput, match="'a': expected .* received object"):
        model.predict({"a": None})


@pytest.mark.parametrize("layout", ["RGB", "BGR"])
def test_a_colour_input_is_scaled_shifted_and_ordered_as_its_description_says(save_program, layout):
    def passing(x):
        return mb.identity(x=x, name="y")

    picture = ct.ImageType(
        name="x",
        shape=(1, 3, 2, 4),
        scale=0.5,
        bias=[1, 2, 3],
        color_layout=getattr(ct.colorlayout, layout),
    )
    model = load(
        save_program(
            passing, {"x": (1, 3, 2, 4)}, inputs=[picture], pass_pipeline=ct.PassPipeline.DEFAULT
        )
    )
    made = model.predict({"x": Image.new("RGB", (4, 2), (10, 20, 40))})["y"]
    channels = (10, 20, 40) if layout == "RGB" else (40, 20, 10)
    expected = [0.5 * value + bias for value, bias in zip(channels, (1, 2, 3), strict=True)]
    np.testing.assert_array_equal(made[0, :, 1, 3], expected)


def test_float_greys_go_in_and_out_with_their_fractions(save_program):
    def double(x):
        return mb.mul(x=x, y=np.float16(2), name="y")

    grey = ct.colorlayout.GRAYSCALE_FLOAT16
    path = save_program(
        double,
        [mb.TensorSpec((1, 1, 2, 3), dtype=types.fp16)],
        inputs=[ct.ImageType(name="x", shape=(1, 1, 2, 3), color_layout=grey)],
    )
    # Of MIL programs, coremltools describes outputs as arrays: this one becomes a picture.
    file = path / "Data/com.apple.CoreML/model.mlmodel"
    model = parse_model(file.read_bytes(), where="test")
    output = model.description.output[0].type
    output.imageType.CopyFrom(model.description.input[0].type.imageType)
    file.write_bytes(model.SerializeToString())
    values = np.array([[0.25, 300, -1], [0.125, 0, 7]], np.float32)
    made = load(path).predict({"x": Image.fromarray(values)})["y"]
    assert made.mode == "F"
    np.testing.assert_array_equal(np.asarray(made), 2 * values)


@pytest.mark.parametrize("target", ["iOS15", "iOS17"])
def test_an_input_that_is_returned_unchanged_is_returned(save_program, target):
    def both(x):
        return x, mb.mul(x=x, y=2.0, name="twice")

    path, x = save_program(both, {"x": (2, 3)}, target=target), np.ones((2, 3), np.float32)
    made = load(path).predict({"x": x})
    np.testing.assert_array_equal(made["x"], x)
    np.testing.assert_array_equal(made["twice"], 2 * x)
    assert [output.name for output in to_onnx(path).graph.output] == ["x", "twice"]


def test_a_select_whose_condition_is_larger_than_what_is_declared_is_told_in_a_sentence(
    save_program,
):
    def larger(c, x):
        return mb.select(cond=mb.greater(x=c, y=0.0), a=x, b=2.0, name="y")

    path = save_program(larger, {"c": (2, 3), "x": (2, 1)})
    for read in (load, to_onnx):
        with pytest.raises(
            InvalidProgram, match=r"'y': .*\[2, 1\].*make float32\[2, 3\].*a select"
        ):
            read(path)
