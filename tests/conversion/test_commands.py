"""What the three export commands have in common."""

import re

import pytest

from conversion import to_coreai, to_coreml, to_onnx, to_tflite
from conversion.errors import UnsupportedTarget
from conversion.export.artifact import Built
from conversion.interface import tensor_interface
from conversion.manifest import read_manifest
from conversion.recipes import FORMATS, recipes_of
from training.errors import CheckpointError, OutputExists
from training.run.checkpoint import find_checkpoint

COMMANDS = {".mlpackage": to_coreml, ".tflite": to_tflite, ".onnx": to_onnx}


@pytest.fixture(params=COMMANDS)
def command(request):
    return COMMANDS[request.param]


@pytest.fixture
def suffix(command):
    return next(suffix for suffix, module in COMMANDS.items() if module is command)


def test_the_default_output_stands_in_the_exports_of_the_run(exports, tiny_run):
    names = {path.relative_to(tiny_run).as_posix() for path in exports.values()}
    assert "exports/tiny-fp16.mlpackage" in names
    assert "exports/tiny-fp32.onnx" in names
    assert all(path.exists() for path in exports.values())


def test_a_run_and_its_checkpoint_folder_are_the_same_checkpoint(tmp_path, tiny_run):
    folder = find_checkpoint(tiny_run).folder
    output = to_onnx.convert(folder, tmp_path / "a.onnx", recipe="fp32")
    assert read_manifest(output).checkpoint_sha256 == find_checkpoint(tiny_run).sha256


def test_a_path_that_is_neither_is_refused(tmp_path, command):
    with pytest.raises(CheckpointError, match="Expected a run folder"):
        command.convert(tmp_path)


def test_an_unknown_recipe_is_refused_with_the_list_of_known_ones(command, tiny_run):
    with pytest.raises(UnsupportedTarget, match="choose from fp32, fp16"):
        command.convert(tiny_run, recipe="int3")


def test_an_existing_output_is_refused_before_any_work(command, tiny_run, tmp_path, suffix):
    output = tmp_path / f"model{suffix}"
    output.write_bytes(b"precious")
    with pytest.raises(OutputExists, match="--overwrite"):
        command.convert(tiny_run, output)
    assert output.read_bytes() == b"precious"


def test_a_failed_conversion_leaves_nothing(command, tiny_run, tmp_path, suffix, monkeypatch):
    def fail(path):
        path.write_bytes(b"half a mod")
        raise KeyboardInterrupt

    built = Built(save=fail, interface=tensor_interface((32, 32)), tools=("onnx",))
    monkeypatch.setattr(command, "build", lambda *_, **__: built)
    with pytest.raises(KeyboardInterrupt):
        command.convert(tiny_run, tmp_path / f"model{suffix}")
    assert list(tmp_path.iterdir()) == []


def test_the_command_prints_the_path_and_ends_with_0(tiny_run, tmp_path, capsys):
    output = tmp_path / "net.tflite"
    assert to_tflite.main([str(tiny_run), "-o", str(output), "--recipe", "fp32"]) == 0
    printed = capsys.readouterr()
    assert printed.out == f"{output}\n"
    assert "fp32 for tflite" in printed.err
    assert to_tflite.main([str(tiny_run), "-o", str(output)]) == 2
    assert capsys.readouterr().err.startswith(f"error: {output} already exists")


def test_half_precision_takes_about_half_the_bytes(exports):
    for name in ("coreml", "tflite", "onnx"):
        full, half = (read_manifest(exports[name, r]).bytes for r in ("fp32", "fp16"))
        assert 0.5 < half / full < 0.7, name  # a tiny net has much graph for its weights


@pytest.mark.parametrize("command", [to_tflite, to_onnx])
def test_auto_is_refused_with_the_reason(tiny_run, command, capsys):
    assert command.main([str(tiny_run), "--recipe", "auto"]) == 2
    assert "conversion.to_coreml" in capsys.readouterr().err
    with pytest.raises(UnsupportedTarget, match="'auto'"):
        command.convert(tiny_run, recipe="auto")


@pytest.mark.parametrize("format", FORMATS)
def test_the_docstring_lists_the_recipes_of_the_format(format):
    commands = {"coreml": to_coreml, "tflite": to_tflite, "onnx": to_onnx, "coreai": to_coreai}
    command = commands[format]
    listed = re.search(r"Recipes: (.*?)(?:,\s+or\s+all|; \"all\")", command.__doc__, re.DOTALL)
    assert re.split(r",\s+", listed[1]) == list(recipes_of(format))
