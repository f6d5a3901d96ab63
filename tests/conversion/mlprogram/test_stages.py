"""Pipelines of ML Programs: run stage after stage, and joined to one graph."""

import coremltools as ct
import numpy as np
import onnx
import onnxruntime
import pytest
from coremltools.converters.mil.mil import Builder as mb
from PIL import Image

from conversion.errors import ConversionError, InvalidInput, InvalidProgram, OverBudget
from conversion.from_coreml import main
from conversion.mlprogram import stages
from conversion.mlprogram.model import Limits, load, to_onnx
from conversion.mlprogram.package import MOST_STAGES, read_package
from conversion.mlprogram.protobuf import parse_model

SPECIFICATION = "Data/com.apple.CoreML/model.mlmodel"
X = np.array([[1, -2, 3]], np.float32)


def double(x):
    return mb.mul(x=x, y=2.0, name="h")


def add_both(h, x):
    return mb.add(x=h, y=x, name="y")


def halve(x):
    return mb.mul(x=x, y=0.5, name="middle")


def minus_one(middle):
    return mb.sub(x=middle, y=1.0, name="picture")


@pytest.fixture
def pipeline(save_program, tmp_path):
    """pipeline((function, specs, options of convert)...): the package of their pipeline."""

    def make(*programs):
        saved = [save_program(each, specs, **more) for each, specs, more in programs]
        models = [ct.models.MLModel(str(path), skip_model_load=True) for path in saved]
        path = tmp_path / "pipeline.mlpackage"
        ct.utils.make_pipeline(*models).save(str(path))
        return path

    return make


@pytest.fixture
def sums(pipeline):
    """2 x + x, whose second stage takes what the first makes and what the pipeline is given."""
    return pipeline((double, {"x": (1, 3)}, {}), (add_both, {"h": (1, 3), "x": (1, 3)}, {}))


@pytest.fixture
def pictures(pipeline):
    """x / 2 - 1 of pictures, whose middle is one as well; its second stage is of BGR."""
    size = (1, 3, 2, 4)
    path = pipeline((halve, {"x": size}, {}), (minus_one, {"middle": size}, {}))

    def describe(model):
        first, second = (stage.description for stage in model.pipeline.models)
        of_rgb = [*first.input, *first.output, *model.description.input, *model.description.output]
        for color, features in (("RGB", of_rgb), ("BGR", [*second.input, *second.output])):
            for feature in features:
                image = feature.type.imageType
                image.height, image.width = size[2:]
                image.colorSpace = image.ColorSpace.Value(color)

    rewrite(path, describe)
    return path


def rewrite(path, change):
    file = path / SPECIFICATION
    model = parse_model(file.read_bytes(), where="test")
    change(model)
    file.write_bytes(model.SerializeToString())


def run(model, **feeds):
    return onnxruntime.InferenceSession(model.SerializeToString()).run(None, feeds)


def test_a_stage_is_given_what_those_before_it_made_and_what_the_pipeline_is_given(sums):
    model = load(sums)
    assert (list(model.inputs), list(model.outputs), model.states) == (["x"], ["y"], {})
    np.testing.assert_array_equal(model.predict({"x": X})["y"], 3 * X)


def test_what_stages_give_each_other_is_returned_on_request(sums):
    made = load(sums, outputs=["h"]).predict({"x": X})
    np.testing.assert_array_equal(made["h"], 2 * X)
    with pytest.raises(InvalidInput, match=r"no values named \['z'\]; they make \['h', 'y'\]"):
        load(sums, outputs=["z"])


def test_a_picture_between_stages_is_rounded_and_keeps_its_colours_in_order(pictures):
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 4, 3) + 3
    made = load(pictures).predict({"x": Image.fromarray(pixels)})["picture"]
    # 3 / 2 is 1.5, rounded to the even 2 before 1 is subtracted.
    halved = np.rint(pixels.astype(np.float32) / 2)
    np.testing.assert_array_equal(np.asarray(made.convert("RGB")), halved - 1)


def test_a_pipeline_becomes_one_onnx_model_that_computes_the_same(sums, tmp_path, capsys):
    output = tmp_path / "one.onnx"
    assert main([str(sums), "-o", str(output)]) == 0
    model = onnx.load(output)
    onnx.checker.check_model(model, full_check=True)
    assert [i.name for i in model.graph.input] == ["x"]
    assert [o.name for o in model.graph.output] == ["y"]
    np.testing.assert_array_equal(run(model, x=X)[0], 3 * X)
    assert capsys.readouterr().out.splitlines()[-1] == str(output)


def test_the_one_onnx_model_rounds_and_orders_pictures_between_stages(pictures):
    model = to_onnx(pictures)
    onnx.checker.check_model(model, full_check=True)
    x = np.arange(24, dtype=np.float32).reshape(1, 3, 2, 4) + 3
    x[0, :, 0, 0] = [
        600,
        np.nan,
        -9,
    ]  # of no picture: clipped between the stages as the runtime does
    halved = np.clip(np.rint(np.nan_to_num(x) / 2), 0, 255)
    np.testing.assert_array_equal(run(model, x=x)[0], halved - 1)


def test_the_stages_of_a_pipeline_are_listed_one_by_one(sums, capsys):
    assert main([str(sums), "--list"]) == 0
    said = capsys.readouterr().out
    assert said.index("stage 1 of 2") < said.index("mul") < said.index("stage 2 of 2")
    assert "1 operations: add x1" in said


def test_a_classifier_may_be_the_last_stage(pipeline, save_program):
    def score(h):
        return mb.softmax(x=mb.reshape(x=h, shape=[3]), axis=0, name="p")

    config = ct.ClassifierConfig(["a", "b", "c"])
    path = pipeline(
        (double, {"x": (1, 3)}, {}), (score, {"h": (1, 3)}, {"classifier_config": config})
    )
    made = load(path).predict({"x": X})
    assert made["classLabel"] == "c"


def test_an_error_names_the_stage(sums):
    def change(model):
        block = model.pipeline.models[1].mlProgram.functions["main"].block_specializations
        for operation in next(iter(block.values())).operations:
            operation.type = "add" if operation.type != "add" else "teleport"

    rewrite(sums, change)
    with pytest.raises(InvalidProgram, match=r"pipeline.mlpackage \(stage 2 of 2\): .*teleport"):
        load(sums)


def test_a_stage_that_is_no_ml_program_is_named(sums):
    rewrite(sums, lambda model: model.pipeline.models[0].scaler.SetInParent())
    with pytest.raises(InvalidProgram, match=r"\(stage 1 of 2\): .*ML Programs alone.*\(scaler\)"):
        load(sums)


@pytest.mark.parametrize("count", [0, MOST_STAGES + 1])
def test_a_pipeline_of_no_stage_or_of_too_many_is_refused(sums, count):
    def change(model):
        del model.pipeline.models[:]
        for _ in range(count):
            model.pipeline.models.add().mlProgram.SetInParent()

    rewrite(sums, change)
    with pytest.raises(InvalidProgram, match=f"1 to {MOST_STAGES} stages, received {count}"):
        load(sums)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda d: setattr(d.input[0], "name", "z"), r"takes 'x', which neither.*give \['z'\]"),
        (lambda d: setattr(d.output[0], "name", "z"), "returns 'z', which no stage makes"),
        (
            lambda d: d.input[0].type.multiArrayType.shape.append(9),
            r"takes 'x' as .*\(1, 3\).*given",
        ),
        (lambda d: d.input[0].type.int64Type.SetInParent(), "'x' as an array.*given a class label"),
    ],
)
def test_stages_that_do_not_join_are_refused_when_they_are_loaded(sums, change, complaint):
    rewrite(sums, lambda model: change(model.description))
    for read in (load, to_onnx):
        with pytest.raises(InvalidProgram, match=complaint):
            read(sums)


def test_a_pipeline_has_no_functions_and_is_no_single_program(sums):
    with pytest.raises(InvalidProgram, match="a pipeline has one way.*received 'main'"):
        load(sums, function_name="main")
    with pytest.raises(InvalidProgram, match="expected one ML Program, received a pipeline of 2"):
        read_package(sums)


def test_an_output_of_an_inputs_name_runs_and_has_no_form_in_onnx(pipeline):
    def again(h):
        return mb.add(x=h, y=1.0, name="x")

    path = pipeline((double, {"x": (1, 3)}, {}), (again, {"h": (1, 3)}, {}))
    np.testing.assert_array_equal(load(path).predict({"x": X})["x"], 2 * X + 1)
    with pytest.raises(ConversionError, match=r"received \['x'\] as both"):
        to_onnx(path)


def test_wrong_names_and_states_are_refused_by_name(sums):
    model = load(sums)
    with pytest.raises(InvalidInput, match=r"\['z'\] are unknown and \['x'\] are missing"):
        model.predict({"z": X})
    with pytest.raises(InvalidInput, match="has no states"):
        model.predict({"x": X}, model.make_state())


def test_stages_that_have_the_memory_one_by_one_may_not_have_it_together(pipeline):
    size = (1, 60_000)  # 240,000 bytes, of which a stage holds four at once
    path = pipeline((double, {"x": size}, {}), (add_both, {"h": size, "x": size}, {}))
    load(path, limits=Limits(memory_bytes=4_000_000))
    load(path.with_name("double.mlpackage"), limits=Limits(memory_bytes=1_600_000))
    with pytest.raises(OverBudget, match=r"\(stage 1 of 2\).*wants"):
        load(path, limits=Limits(memory_bytes=1_600_000))


def test_all_stages_together_have_the_time_of_one_program(sums, monkeypatch):
    model, clock = load(sums), iter(range(0, 1000, 70))
    monkeypatch.setattr(stages.time, "monotonic", lambda: next(clock))
    with pytest.raises(OverBudget, match="before stage 2 take more than the 120 seconds"):
        model.predict({"x": X})
