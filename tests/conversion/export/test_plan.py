import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from conversion import to_onnx, to_tflite
from conversion.errors import ConversionError, UnsupportedTarget
from conversion.export.plan import default_output, plan_exports
from conversion.recipes import recipe_named, recipes_of
from training.errors import OutputExists
from training.run import checkpoint as checkpoints
from training.run.checkpoint import Checkpoint, find_checkpoint

COMMANDS = {"tflite": to_tflite, "onnx": to_onnx}
FP16 = recipe_named("fp16", format="onnx")


@pytest.fixture(scope="module")
def checkpoint(tiny_run: Path) -> Checkpoint:
    return find_checkpoint(tiny_run)


@pytest.fixture
def tiny_copy(tmp_path: Path, tiny_run: Path) -> Path:
    """The tiny run, without exports."""
    shutil.copytree(tiny_run / "checkpoints", tmp_path / "tiny" / "checkpoints")
    return tmp_path / "tiny"


# --- names


@pytest.mark.parametrize(
    ("format", "name"),
    [("coreml", "tiny-fp16.mlpackage"), ("tflite", "tiny-fp16.tflite"), ("onnx", "tiny-fp16.onnx")],
)
def test_an_export_is_named_after_its_run_and_recipe(checkpoint: Checkpoint, format, name):
    output = default_output(checkpoint, format=format, recipe=FP16)
    assert output == checkpoint.run / "exports" / name


def test_a_target_that_is_not_the_recipes_own_is_part_of_the_name(checkpoint: Checkpoint):
    def name(target):
        return default_output(checkpoint, format="coreml", recipe=FP16, target=target).name

    assert name("iOS16") == "tiny-fp16.mlpackage"
    assert name("iOS18") == "tiny-fp16-iOS18.mlpackage"


# --- one recipe, or all


def test_all_plans_every_recipe_of_the_format_once(tiny_copy):
    exports = plan_exports(tiny_copy, format="onnx", recipe="all")
    made = [export.recipe.name for export in exports]
    assert made == list(recipes_of("onnx"))
    assert [export.output.name for export in exports] == [f"tiny-{name}.onnx" for name in made]


def test_all_reads_the_bytes_of_the_checkpoint_once(tiny_copy, monkeypatch):
    hashed = Counter()
    real = checkpoints.file_sha256
    monkeypatch.setattr(
        checkpoints, "file_sha256", lambda path: hashed.update([path.name]) or real(path)
    )
    exports = plan_exports(tiny_copy, format="onnx", recipe="all")
    assert {id(export.checkpoint) for export in exports} == {id(exports[0].checkpoint)}
    assert set(hashed) == set(exports[0].checkpoint.files)
    assert set(hashed.values()) == {1}


def test_one_recipe_may_be_given_its_output(tiny_copy, tmp_path):
    (export,) = plan_exports(tiny_copy, tmp_path / "a.onnx", format="onnx", recipe="int8")
    assert (export.output, export.recipe.name) == (tmp_path / "a.onnx", "int8")


def test_only_core_ml_has_targets(tiny_copy):
    (onnx,) = plan_exports(tiny_copy, format="onnx", recipe="fp16")
    (coreml,) = plan_exports(tiny_copy, format="coreml", recipe="fp16")
    assert (onnx.target, coreml.target) == (None, "iOS16")


# --- refused before any work


def test_one_output_for_all_recipes_is_refused(tiny_copy, tmp_path):
    with pytest.raises(ConversionError, match="Leave -o out"):
        plan_exports(tiny_copy, tmp_path / "a.onnx", format="onnx", recipe="all")


def test_one_existing_output_stops_all(tiny_copy):
    (tiny_copy / "exports").mkdir()
    (tiny_copy / "exports" / "tiny-w8a8.onnx").write_bytes(b"precious")
    with pytest.raises(OutputExists, match=r"tiny-w8a8\.onnx"):
        plan_exports(tiny_copy, format="onnx", recipe="all")
    assert len(plan_exports(tiny_copy, format="onnx", recipe="all", overwrite=True)) == 4


def test_a_name_of_another_format_is_refused(tmp_path: Path):
    with pytest.raises(ConversionError, match=r"net\.onnx: expected a name that ends in \.tflite"):
        plan_exports(tmp_path, tmp_path / "net.onnx", format="tflite", recipe="fp16")


def test_a_folder_that_is_no_package_is_never_replaced(tiny_copy, tmp_path: Path):
    mine = tmp_path / "net.mlpackage"
    mine.mkdir()
    (mine / "thesis.txt").write_text("mine")
    with pytest.raises(OutputExists, match=r"Manifest\.json"):
        plan_exports(tiny_copy, mine, format="coreml", recipe="fp16", overwrite=True)
    assert (mine / "thesis.txt").read_text() == "mine"


@pytest.mark.parametrize("format", COMMANDS)
def test_auto_is_refused_with_the_reason(tiny_run, format, capsys):
    assert COMMANDS[format].main([str(tiny_run), "--recipe", "auto"]) == 2
    assert "conversion.to_coreml" in capsys.readouterr().err
    with pytest.raises(UnsupportedTarget, match="'auto'"):
        COMMANDS[format].convert(tiny_run, recipe="auto")


@pytest.mark.parametrize("format", COMMANDS)
def test_the_docstring_lists_the_recipes_of_the_format(format):
    listed = re.search(r"Recipes: (.*?),\s+or\s+all", COMMANDS[format].__doc__, re.DOTALL)
    assert re.split(r",\s+", listed[1]) == list(recipes_of(format))
