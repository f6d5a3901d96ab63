"""The command that writes a standalone ONNX model from a Core ML package."""

import numpy as np
import onnx
import onnxruntime
import pytest

from conversion.errors import InvalidProgram
from conversion.from_coreml import from_coreml, main

# float32 in two orders of summation.
FLOAT32_NOISE = 1e-6


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """Return |x| * 0.1 in float16, from "ink" to "shade", with metadata."""
    import coremltools as ct
    from coremltools.converters.mil import Builder as mb

    @mb.program(input_specs=[mb.TensorSpec((2, 3))], opset_version=ct.target.iOS16)
    def program(ink):
        return mb.mul(x=mb.abs(x=ink), y=np.float32(0.1), name="shade")

    model = ct.convert(program, convert_to="mlprogram", minimum_deployment_target=ct.target.iOS16)
    model.author, model.license, model.short_description = "A. Nurie", "CC0", "makes shades"
    model.input_description["ink"] = "how dark"
    path = tmp_path_factory.mktemp("package") / "shade.mlpackage"
    model.save(str(path))
    return path


def test_the_file_is_valid_and_runs_in_onnx_runtime_alone(package, tmp_path):
    output = from_coreml(package, tmp_path / "shade.onnx")
    onnx.checker.check_model(str(output), full_check=True)
    session = onnxruntime.InferenceSession(output)
    (shade,) = session.run(["shade"], {"ink": np.array([[-1, 2, -3], [0, 4, 5]], np.float32)})
    tenth = np.float16(0.1)  # the weight was exported in float16, and so is each product
    expected = (np.array([[1, 2, 3], [0, 4, 5]], np.float16) * tenth).astype(np.float32)
    np.testing.assert_array_equal(shade, expected)


def test_the_fast_precision_does_not_round_the_products(package, tmp_path):
    output = from_coreml(package, tmp_path / "fast.onnx", precision="float32")
    (shade,) = onnxruntime.InferenceSession(output).run(None, {"ink": np.full((2, 3), 3.0, "f4")})
    np.testing.assert_allclose(shade, 3 * np.float32(np.float16(0.1)), rtol=FLOAT32_NOISE)
    assert np.float32(np.float16(shade[0, 0])) != shade[0, 0]


def test_names_descriptions_and_metadata_are_kept(package, tmp_path):
    model = onnx.load(from_coreml(package, tmp_path / "shade.onnx"))
    assert [i.name for i in model.graph.input] == ["ink"]
    assert [o.name for o in model.graph.output] == ["shade"]
    assert "how dark" in model.graph.input[0].doc_string
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    assert metadata["author"] == "A. Nurie"
    assert metadata["license"] == "CC0"
    assert model.doc_string == "makes shades"


def test_the_command_writes_beside_the_package_and_prints_the_path(package, capsys):
    assert main([str(package)]) == 0
    written = package.with_name(f"{package.name}.onnx")
    assert written.is_file()
    assert capsys.readouterr().out.splitlines()[-1] == str(written)


def test_an_existing_file_is_replaced_only_on_request(package, tmp_path, capsys):
    output = tmp_path / "there.onnx"
    output.write_bytes(b"mine")
    assert main([str(package), "-o", str(output)]) == 2
    assert output.read_bytes() == b"mine"
    assert "already exists" in capsys.readouterr().err
    assert main([str(package), "-o", str(output), "--overwrite"]) == 0
    assert output.read_bytes() != b"mine"


def test_what_is_no_package_is_refused_and_leaves_nothing(tmp_path, capsys):
    assert main([str(tmp_path / "nothing.mlpackage"), "-o", str(tmp_path / "x.onnx")]) == 2
    assert "is not an .mlpackage" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InvalidProgram):
        from_coreml(tmp_path, tmp_path / "x.onnx")


def test_a_package_and_an_output_of_another_kind_are_refused(tmp_path, capsys):
    for arguments, said in (
        ([str(tmp_path / "net.onnx")], "is not an .mlpackage"),
        ([str(tmp_path)], "is not an .mlpackage"),
        ([str(tmp_path / "n.mlpackage"), "-o", str(tmp_path / "q.txt")], "ends in .onnx"),
    ):
        assert main(arguments) == 2
        assert said in capsys.readouterr().err


def test_a_package_that_takes_hints_becomes_one_model_of_three_pictures(hinted_exports, tmp_path):
    from conversion.export.feeds import feeds
    from conversion.manifest import read_manifest
    from conversion.mlprogram.model import load

    package = hinted_exports["mobile", "coreml"]
    session = onnxruntime.InferenceSession(from_coreml(package, tmp_path / "mobile.onnx"))
    assert [(i.name, i.shape) for i in session.get_inputs()] == [
        ("lineart", [1, 1, 32, 32]),
        ("hint_color", [1, 3, 32, 32]),
        ("hint_mask", [1, 1, 32, 32]),
    ]
    rng = np.random.default_rng(0)
    given = feeds(
        read_manifest(package).interface,
        rng.integers(0, 256, (32, 32), np.uint8),
        rng.integers(0, 256, (32, 32, 4), np.uint8),
    )
    tensors = {
        name: np.atleast_3d(picture).transpose(2, 0, 1)[None].astype(np.float32)
        for name, picture in given.items()
    }
    (layer,) = session.run(["layer"], tensors)
    painted = np.asarray(load(package).predict(given)["layer"].convert("RGB"))
    np.testing.assert_array_equal(np.round(layer[0]).transpose(1, 2, 0), painted)
