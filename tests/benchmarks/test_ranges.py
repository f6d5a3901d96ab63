import json

import numpy as np
import pytest

from benchmarks.ranges import ValueRange, main, measure
from conversion.errors import ArtifactError
from conversion.export.drawings import Drawings
from conversion.interface import image_interface


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """package(gain): pictures of 4x6 pixels, times a gain in float16, then normalized."""
    import coremltools as ct
    from coremltools.converters.mil.mil import Builder as mb
    from coremltools.converters.mil.mil import types

    def build(gain, quantized=False):
        @mb.program(
            input_specs=[mb.TensorSpec((1, 1, 4, 6), types.fp32)], opset_version=ct.target.iOS17
        )
        def program(lineart):
            x = mb.cast(x=lineart, dtype="fp16")
            x = mb.mul(x=x, y=np.float16(gain), name="louder")
            if quantized:
                step = {"scale": np.float16(0.5), "zero_point": np.int8(0)}
                x = mb.quantize(input=x, output_dtype="int8", name="codes", **step)
                x = mb.dequantize(input=x, name="rounded", **step)
            x = mb.instance_norm(
                x=x, gamma=np.ones(1, np.float16), beta=np.zeros(1, np.float16),
                epsilon=np.float16(1e-3), name="normalized",
            )  # fmt: skip
            return mb.cast(x=x, dtype="fp32", name="color")

        model = ct.convert(
            program,
            source="milinternal",
            convert_to="mlprogram",
            inputs=[
                ct.ImageType(
                    name="lineart", shape=(1, 1, 4, 6), color_layout=ct.colorlayout.GRAYSCALE
                )
            ],
            minimum_deployment_target=ct.target.iOS17,
            compute_precision=ct.precision.FLOAT32,  # as written: nothing else becomes float16
            skip_model_load=True,
        )
        path = tmp_path_factory.mktemp("ranges") / "net.mlpackage"
        model.save(str(path))
        return path

    return build


GREYS = np.stack([np.full((4, 6), 51), np.linspace(0, 204, 24).reshape(4, 6)]).astype(np.uint8)
DRAWINGS = Drawings(lineart=GREYS)
PICTURES = image_interface((4, 6))


def by_name(rows):
    return {row.value: row for row in rows}


def test_a_value_that_a_normalization_squares_overflows_at_256(package):
    quiet = by_name(measure(package(0.125), DRAWINGS, interface=PICTURES))["louder"]
    assert (quiet.low, quiet.high) == (0, 204 / 8)  # over both drawings
    assert quiet.headroom == pytest.approx(255.937 / 25.5, rel=1e-5)  # sqrt(65504): 10 times
    assert quiet.verdict == "ok"
    near = by_name(measure(package(0.5), DRAWINGS, interface=PICTURES))["louder"]
    assert near.verdict == "warning: below 8x"
    over = by_name(measure(package(2.0), DRAWINGS, interface=PICTURES))["louder"]
    assert over.verdict == "FAIL: overflows"


def test_other_values_have_all_of_float16(package):
    rows = by_name(measure(package(0.5), DRAWINGS, interface=PICTURES))
    largest = max(-rows["normalized"].low, rows["normalized"].high)
    assert rows["normalized"].headroom == pytest.approx(65504 / largest)


def test_the_share_that_8_bits_cut_off_is_counted_over_all_drawings(package):
    row = by_name(measure(package(0.5, quantized=True), DRAWINGS, interface=PICTURES))["louder"]
    beyond = np.count_nonzero(GREYS > 127)  # of int8: half of it, in steps of a half
    assert row.cut_off == pytest.approx(beyond / GREYS.size)
    assert (
        by_name(measure(package(0.25, quantized=True), DRAWINGS, interface=PICTURES))[
            "louder"
        ].cut_off
        == 0
    )


def test_a_value_that_is_no_number_fails():
    row = ValueRange(
        value="x", operation="mul", low=np.nan, high=np.nan, limit=65504.0, cut_off=None
    )
    assert row.verdict == "FAIL: overflows"


def test_a_float32_program_has_nothing_to_overflow(exports):
    drawings = Drawings(lineart=np.full((1, 32, 32), 255, np.uint8))
    with pytest.raises(ArtifactError, match="computes nothing in float16"):
        measure(exports["coreml", "fp32"], drawings, interface=PICTURES)


def test_the_command_measures_the_float16_export_and_writes_a_record(whole_run, tmp_path, capsys):
    record = tmp_path / "ranges.json"
    assert main([str(whole_run), "--json", str(record)]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[-2] == str(record)
    assert out[-1].startswith("least headroom ")
    written = json.loads(record.read_text())
    assert written["artifact"].endswith("tiny-fp16.mlpackage")
    normalized = [row for row in written["values"] if row["operation"] == "instance_norm"]
    assert len(normalized) == 7
    assert all(row["verdict"] == "ok" for row in normalized)


def test_of_a_float_model_in_another_format_nothing_is_cut_off(whole_run, tmp_path, capsys):
    artifact = str(whole_run / "exports" / "tiny-fp16.onnx")
    assert main([str(whole_run), artifact]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "it computes in float: nothing is clipped"
    assert main([str(whole_run), artifact, "--json", str(tmp_path / "r.json")]) == 2
    assert "--json: expected a .mlpackage" in capsys.readouterr().err


def test_without_pictures_a_generator_of_ones_own_is_refused_before_it_is_exported(
    tmp_path, capsys
):
    import keras

    picture = keras.Input((8, 8, 3))
    keras.Model(picture, keras.layers.ReLU()(picture)).save(tmp_path / "gen.keras")
    told = ["--input-range", "0", "1", "--output-range", "0", "1"]
    assert main([str(tmp_path / "gen.keras"), *told]) == 2
    assert "Name a folder of them: --drawings FOLDER" in capsys.readouterr().err
    assert not (tmp_path / "exports").exists()
