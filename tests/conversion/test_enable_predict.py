"""coremltools' own predict and make_state, on a system without Core ML."""

import asyncio
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from conversion.enable_predict import enable_predict
from conversion.errors import ConversionError, InvalidInput


@pytest.fixture
def coremltools_model(monkeypatch):
    """coremltools.models.model, whose class is as before when the test ends."""
    from coremltools.models import model
    from coremltools.models.ml_program.experimental import async_wrapper

    for name in ("predict", "make_state"):
        monkeypatch.setattr(model.MLModel, name, getattr(model.MLModel, name))
    monkeypatch.setattr(model, "_MLModelProxy", None)
    wrapper = async_wrapper.LocalMLModelAsyncWrapper
    monkeypatch.setattr(wrapper, "load", wrapper.load)
    return model


@pytest.fixture
def convert(coremltools_model):
    """convert(function, shape): an MLModel of a function of one float32 input x."""

    def run(function, shape=(2, 3), states=(), target="iOS18"):
        import coremltools as ct
        from coremltools.converters.mil.mil import Builder as mb
        from coremltools.converters.mil.mil import types

        specs = [mb.TensorSpec(shape), *(mb.StateTensorSpec(s, types.fp16) for s in states)]
        program = mb.program(input_specs=specs, opset_version=getattr(ct.target, target))(function)
        return ct.convert(
            program,
            source="milinternal",
            convert_to="mlprogram",
            minimum_deployment_target=getattr(ct.target, target),
            compute_precision=ct.precision.FLOAT32,
        )

    return run


def double(x):
    from coremltools.converters.mil.mil import Builder as mb

    return mb.mul(x=x, y=2.0, name="twice")


def test_predict_takes_what_coremltools_takes(convert):
    assert enable_predict()
    model, x = convert(double), np.arange(6, dtype=np.float32).reshape(2, 3)
    np.testing.assert_array_equal(model.predict({"x": x})["twice"], 2 * x)
    for given in (x.astype(np.int64), x.astype(np.float16), x.tolist()):
        np.testing.assert_array_equal(model.predict({"x": given})["twice"], 2 * x)
    first, second = model.predict([{"x": x}, {"x": x + 1}])
    np.testing.assert_array_equal(second["twice"] - first["twice"], np.full((2, 3), 2))


def test_tensors_are_taken_as_arrays(convert):
    import tensorflow as tf

    class Gradient:
        """What a PyTorch tensor that requires a gradient does: it has to be detached first."""

        def __init__(self, array):
            self._array = array

        def __array__(self, dtype=None, copy=None):
            raise RuntimeError("Use tensor.detach().numpy() instead")

        def detach(self):
            return self._array

    enable_predict()
    model, x = convert(double), np.arange(6, dtype=np.float32).reshape(2, 3)
    for tensor in (tf.constant(x), Gradient(x)):
        np.testing.assert_array_equal(model.predict({"x": tensor})["twice"], 2 * x)


@pytest.mark.parametrize(
    "value",
    [
        "text",
        None,
        [[1, 2, 3], [4, 5]],
        [["1"] * 3] * 2,
        np.ones((2, 3), np.complex64),
        np.full((2, 3), None),
        np.zeros((2, 3), "datetime64[s]"),
    ],
)
def test_what_is_no_number_is_refused_and_not_made_one(convert, value):
    enable_predict()
    with pytest.raises(InvalidInput, match="'x'.*expected an array of float32"):
        convert(double).predict({"x": value})


def test_the_caller_keeps_its_dictionary(convert):
    enable_predict()
    given = {"x": [[1, 2, 3], [4, 5, 6]]}
    convert(double).predict(given)
    assert given == {"x": [[1, 2, 3], [4, 5, 6]]}


def test_wrong_names_are_refused_in_the_words_of_coremltools(convert):
    enable_predict()
    with pytest.raises(KeyError, match="does not match any of the model input"):
        convert(double).predict({"y": np.zeros((2, 3))})


def test_pictures_go_in_and_out(coremltools_model, tiny_run, exports):
    enable_predict()
    import coremltools as ct

    from conversion.mlprogram.model import load

    path = exports["coreml", "fp16"]
    ours = load(path)
    (name, feature), (output, _) = *ours.inputs.items(), *ours.outputs.items()
    picture = Image.new("L", (feature.width, feature.height), 200)
    drawn = ct.models.MLModel(str(path)).predict({name: picture})[output]
    assert isinstance(drawn, Image.Image)
    np.testing.assert_array_equal(drawn, ours.predict({name: picture})[output])


def test_a_state_lives_between_predictions(convert):
    enable_predict()

    def accumulate(x, total):
        from coremltools.converters.mil.mil import Builder as mb

        sum_ = mb.add(x=mb.read_state(input=total), y=mb.cast(x=x, dtype="fp16"))
        return mb.cast(x=mb.coreml_update_state(state=total, value=sum_), dtype="fp32", name="sum")

    model = convert(accumulate, shape=(3,), states=[(3,)])
    state, x = model.make_state(), np.ones(3, np.float32)
    sums = [model.predict({"x": x}, state=state)["sum"][0] for _ in range(3)]
    assert sums == [1, 2, 3]
    assert model.predict({"x": x}, state=model.make_state())["sum"][0] == 1
    with pytest.raises(ConversionError, match="state"):
        model.predict([{"x": x}], state=state)


def test_nothing_is_replaced_where_core_ml_is(coremltools_model, monkeypatch):
    monkeypatch.setattr(coremltools_model, "_MLModelProxy", object)
    before = coremltools_model.MLModel.predict
    assert not enable_predict()
    assert coremltools_model.MLModel.predict is before


def test_the_validator_names_the_operation_that_makes_nan(convert):
    from coremltools.converters.mil.mil import Builder as mb
    from coremltools.models.ml_program.experimental.debugging_utils import MLModelValidator

    def logarithm(x):
        lower = mb.sub(x=x, y=1.0, name="lower")
        return mb.add(x=mb.log(x=lower, name="log"), y=1.0, name="y")

    enable_predict()
    validator = MLModelValidator(convert(logarithm))
    for value, expected in ((3.0, []), (0.0, ["log"])):  # log(0 - 1) is no number
        given = {"x": np.full((2, 3), value, np.float32)}
        found = asyncio.run(validator.find_failing_ops_with_nan_output(inputs=given))
        assert [operation.type for operation in found] == expected


def test_the_comparator_names_the_operation_that_differs(convert):
    from coremltools.converters.mil.mil import Builder as mb
    from coremltools.models.ml_program.experimental.debugging_utils import MLModelComparator

    def subtract(x):
        return mb.mul(x=mb.sub(x=x, y=1.0, name="less"), y=3.0, name="y")

    def add(x):
        return mb.mul(x=mb.add(x=x, y=1.0, name="less"), y=3.0, name="y")

    enable_predict()
    comparator = MLModelComparator(convert(subtract), convert(add))
    found = asyncio.run(
        comparator.find_failing_ops(
            inputs={"x": np.ones((2, 3), np.float32)},
            compare_outputs=lambda _, reference, target: np.allclose(reference, target),
        )
    )
    assert [operation.outputs[0].name for operation in found] == ["less"]


def test_a_model_of_another_kind_is_refused_by_name(coremltools_model):
    import coremltools as ct

    spec = ct.proto.Model_pb2.Model(specificationVersion=4)
    spec.neuralNetwork.SetInParent()
    enable_predict()
    with pytest.raises(ConversionError, match=r"a neural network \(neuralNetwork\).*mlprogram"):
        coremltools_model.MLModel(spec).predict({})


@pytest.mark.slow  # coremltools is imported anew: 8 seconds
def test_nothing_is_said_of_core_ml_that_this_system_lacks():
    program = "from conversion.enable_predict import enable_predict; enable_predict()"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0
    assert "Failed to load" not in done.stdout + done.stderr
