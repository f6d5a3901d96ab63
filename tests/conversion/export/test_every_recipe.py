import re

import pytest

from conversion import to_onnx, to_tflite
from conversion.errors import ConversionError, UnsupportedTarget
from conversion.export.every_recipe import convert_asked_for
from conversion.recipes import recipes_of
from training.errors import OutputExists

COMMANDS = {"tflite": to_tflite, "onnx": to_onnx}


def asked_for(run, recipe, *, output=None, convert=lambda ckpt, output, name: output):
    return list(
        convert_asked_for(
            run, output, format="onnx", recipe=recipe, overwrite=False, convert=convert
        )
    )


def test_all_converts_every_recipe_of_the_format_once(tiny_copy):
    made = []
    paths = asked_for(tiny_copy, "all", convert=lambda _, path, name: made.append(name) or path)
    assert made == list(recipes_of("onnx"))
    assert [path.name for path in paths] == [f"tiny-{name}.onnx" for name in made]


def test_one_recipe_may_be_given_its_output(tiny_copy, tmp_path):
    assert asked_for(tiny_copy, "int8", output=tmp_path / "a.onnx") == [tmp_path / "a.onnx"]


def test_one_output_for_all_recipes_is_refused(tiny_copy, tmp_path):
    with pytest.raises(ConversionError, match="Leave -o out"):
        asked_for(tiny_copy, "all", output=tmp_path / "a.onnx")


def test_one_existing_output_stops_all_before_any_work(tiny_copy):
    (tiny_copy / "exports").mkdir()
    (tiny_copy / "exports" / "tiny-w8a8.onnx").write_bytes(b"precious")
    with pytest.raises(OutputExists, match=r"tiny-w8a8\.onnx"):
        asked_for(tiny_copy, "all", convert=lambda *_: pytest.fail("refused too late"))


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


@pytest.fixture
def tiny_copy(tmp_path, tiny_run):
    """The tiny run, without exports."""
    import shutil

    shutil.copytree(tiny_run / "checkpoints", tmp_path / "tiny" / "checkpoints")
    return tmp_path / "tiny"
