"""Whole packages: pictures in, pictures out, as TensorFlow makes them."""

import numpy as np
import pytest
from PIL import Image

from conversion.errors import ConversionError, InvalidInput
from conversion.mlprogram.interface import ArrayFeature, ImageFeature
from conversion.mlprogram.model import load, to_onnx
from conversion.mlprogram.package import read_package

# float32 sums in another order, on values up to 255: far below half a grey level.
FLOAT32_NOISE = 0.01
# Rounding to the nearest grey level, and the noise on top.
HALF_A_LEVEL = 0.5 + FLOAT32_NOISE
# Ten layers, each rounded to 11 bits, of values up to about 8, before the picture.
FP16_GREY_LEVELS = 3


def difference(tiny, *, precision, key="color"):
    made = load(tiny.path, precision).predict({"lineart": Image.fromarray(tiny.drawing)})[key]
    return np.abs(np.asarray(made.convert("RGB")).astype(np.float64) - tiny.picture).max()


def test_a_float32_program_draws_what_tensorflow_draws(tiny_fp32):
    assert np.ptp(tiny_fp32.picture) > 100  # a picture, not a flat field
    assert difference(tiny_fp32, precision="declared") <= HALF_A_LEVEL


def test_a_float16_program_in_the_fast_mode_differs_by_its_rounded_weights_alone(tiny_fp16):
    assert difference(tiny_fp16, precision="float32") <= FP16_GREY_LEVELS


def test_a_float16_program_as_declared_stays_near_tensorflow(tiny_fp16):
    assert difference(tiny_fp16, precision="declared") <= FP16_GREY_LEVELS


def test_the_other_operations_of_colouring_networks_agree_with_tensorflow(tiny_variety):
    assert np.ptp(tiny_variety.picture) > 30
    assert difference(tiny_variety, precision="declared") <= HALF_A_LEVEL


def test_an_image_output_is_a_pil_image_of_the_described_mode_and_size(tiny_fp16):
    picture = load(tiny_fp16.path).predict({"lineart": Image.fromarray(tiny_fp16.drawing)})["color"]
    assert (picture.mode, picture.size) == ("RGBA", (32, 32))


def test_pixels_may_be_given_as_an_array(tiny_fp16):
    model = load(tiny_fp16.path)
    by_image = model.predict({"lineart": Image.fromarray(tiny_fp16.drawing)})["color"]
    by_array = model.predict({"lineart": tiny_fp16.drawing})["color"]
    np.testing.assert_array_equal(np.asarray(by_image), np.asarray(by_array))


def test_predicting_twice_gives_the_same_picture(tiny_fp16):
    model = load(tiny_fp16.path)
    first, second = (model.predict({"lineart": tiny_fp16.drawing})["color"] for _ in range(2))
    np.testing.assert_array_equal(np.asarray(first), np.asarray(second))


def test_a_model_says_what_it_takes_and_returns_and_who_made_it(tiny_fp16):
    model = load(tiny_fp16.path)
    assert model.inputs == {"lineart": ImageFeature("lineart", "ink on paper", "GRAYSCALE", 32, 32)}
    assert (model.outputs["color"].color, model.outputs["color"].shape) == ("RGB", (1, 3, 32, 32))
    assert model.metadata["author"] == "A. Nurie"
    assert model.metadata["short_description"] == "Colours tiny drawings"


def test_a_loaded_model_outlives_its_package(tiny_fp16, copy_of):
    path = copy_of(tiny_fp16)
    model = load(path)
    weights = path / "Data/com.apple.CoreML/weights/weight.bin"
    weights.write_bytes(b"")
    assert model.predict({"lineart": tiny_fp16.drawing})["color"].size == (32, 32)


def test_an_intermediate_value_is_returned_with_its_declared_type(tiny_fp16):
    name = next(n for n in _float16_names(tiny_fp16.path) if "tanh" in n.lower())
    exact = load(tiny_fp16.path, "float32", outputs=[name]).predict({"lineart": tiny_fp16.drawing})
    model = load(tiny_fp16.path, outputs=[name])
    rounded = model.predict({"lineart": tiny_fp16.drawing})[name]
    assert rounded.dtype == np.float16
    assert rounded.shape == exact[name].shape
    # tanh lies in [-1, 1], where float16 has steps of 2^-11 at most; ten roundings before it.
    np.testing.assert_allclose(rounded, exact[name], atol=0.02)


def _float16_names(path):
    steps = read_package(path).program.operations
    return [o.name for s in steps for o in s.outputs if o.type and o.type.dtype == np.float16]


def test_an_unknown_intermediate_value_is_refused(tiny_fp16):
    with pytest.raises(InvalidInput, match="no values named .*nothing"):
        load(tiny_fp16.path, outputs=["nothing"])


def test_an_unknown_precision_is_refused_with_the_known_ones(tiny_fp16):
    with pytest.raises(ConversionError, match="declared.*float32.*'float64'"):
        load(tiny_fp16.path, "float64")


@pytest.mark.parametrize("data", [{}, {"lineart": 0, "hints": 0}, {"Lineart": 0}])
def test_wrong_input_names_are_refused_with_the_right_ones(tiny_fp16, data):
    with pytest.raises(InvalidInput, match=r"expected exactly \['lineart'\]"):
        load(tiny_fp16.path).predict(data)


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("RGB", (32, 32)),
        Image.new("L", (32, 31)),
        np.zeros((32, 32), np.float32),
        np.zeros((1, 32, 32), np.uint8),
        None,
    ],
)
def test_a_picture_of_another_kind_is_refused_not_converted(tiny_fp16, picture):
    with pytest.raises(InvalidInput, match="'lineart'.*expected.*received"):
        load(tiny_fp16.path).predict({"lineart": picture})


@pytest.fixture(scope="module")
def array_package(tmp_path_factory):
    """Return sums of a (2, 3) float32 and an int32 array, written with coremltools' builder."""
    import coremltools as ct
    from coremltools.converters.mil import Builder as mb
    from coremltools.converters.mil.mil import types

    @mb.program(
        input_specs=[mb.TensorSpec((2, 3)), mb.TensorSpec((3,), types.int32)],
        opset_version=ct.target.iOS16,
    )
    def program(x, steps):
        return mb.add(x=x, y=mb.cast(x=steps, dtype="fp32"), name="moved")

    path = tmp_path_factory.mktemp("array") / "array.mlpackage"
    ct.convert(program, convert_to="mlprogram", minimum_deployment_target=ct.target.iOS16).save(
        str(path)
    )
    return path


def test_arrays_go_in_and_out_with_the_described_types(array_package):
    x, steps = np.arange(6, dtype=np.float32).reshape(2, 3), np.array([10, 20, 30], np.int32)
    model = load(array_package)
    moved = model.predict({"x": x, "steps": steps})["moved"]
    np.testing.assert_array_equal(moved, [[10, 21, 32], [13, 24, 35]])
    assert isinstance(model.inputs["steps"], ArrayFeature)
    assert moved.dtype == model.outputs["moved"].dtype


@pytest.mark.parametrize(
    "bad",
    [
        np.zeros((3, 2), np.float32),
        np.zeros((2, 3), np.complex64),
        [["a", "b", "c"]] * 2,
        [[1, 2, 3], [1, 2]],
    ],
)
def test_an_array_of_another_shape_or_type_is_refused(array_package, bad):
    with pytest.raises(InvalidInput, match="'x'.*expected"):
        load(array_package).predict({"x": bad, "steps": np.zeros(3, np.int32)})


def test_fractions_are_not_cut_off_to_fit_an_integer_input(array_package):
    with pytest.raises(InvalidInput, match="'steps'.*int32.*float64"):
        load(array_package).predict({"x": np.zeros((2, 3)), "steps": [0.5, 1.5, 2.5]})


def test_the_standalone_onnx_makes_the_same_tensor_as_the_loaded_model(tiny_fp16):
    import onnxruntime

    session = onnxruntime.InferenceSession(to_onnx(tiny_fp16.path).SerializeToString())
    raw = tiny_fp16.drawing[np.newaxis, np.newaxis].astype(np.float32)
    (tensor,) = session.run(["color"], {"lineart": raw})
    picture = load(tiny_fp16.path).predict({"lineart": tiny_fp16.drawing})["color"].convert("RGB")
    np.testing.assert_array_equal(np.rint(tensor[0]).transpose(1, 2, 0), np.asarray(picture))
