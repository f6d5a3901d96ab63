import shutil
from collections import Counter
from pathlib import Path

import pytest

from conversion.errors import ConversionError
from conversion.export.origins.find import find_origin
from conversion.export.origins.origin import Origin
from conversion.export.plan import credited, default_output, plan_exports
from conversion.recipes import recipe_named, recipes_asked_for, recipes_of
from training.data.named import Terms
from training.errors import DataError, OutputExists
from training.run import checkpoint as checkpoints

FP16 = recipe_named("fp16", format="onnx")


@pytest.fixture(scope="module")
def origin(tiny_run: Path) -> Origin:
    return find_origin(tiny_run)


@pytest.fixture
def tiny_copy(tmp_path: Path, tiny_run: Path) -> Path:
    """The tiny run, without exports."""
    shutil.copytree(tiny_run / "checkpoints", tmp_path / "tiny" / "checkpoints")
    return tmp_path / "tiny"


def plan(run: Path, output: Path | None = None, *, format, recipe: str, **rest):
    """What --recipe asks for."""
    recipes = recipes_asked_for(recipe, format=format)
    return plan_exports(run, output, format=format, recipes=recipes, **rest)


# --- names


@pytest.mark.parametrize(
    ("format", "name"),
    [("coreml", "tiny-fp16.mlpackage"), ("tflite", "tiny-fp16.tflite"), ("onnx", "tiny-fp16.onnx")],
)
def test_an_export_is_named_after_its_run_and_recipe(origin: Origin, format, name):
    output = default_output(origin, format=format, recipe=FP16)
    assert output == origin.exports / name


def test_a_target_that_is_not_the_recipes_own_is_part_of_the_name(origin: Origin):
    def name(target):
        return default_output(origin, format="coreml", recipe=FP16, target=target).name

    assert name("iOS16") == "tiny-fp16.mlpackage"
    assert name("iOS18") == "tiny-fp16-iOS18.mlpackage"


# --- one recipe, or all


def test_all_plans_every_recipe_of_the_format_once(tiny_copy, tiny_data):
    exports = plan(tiny_copy, format="onnx", recipe="all", data=tiny_data)
    made = [export.recipe.name for export in exports]
    assert made == list(recipes_of("onnx"))
    assert [export.output.name for export in exports] == [f"tiny-{name}.onnx" for name in made]


def test_all_reads_the_bytes_of_the_checkpoint_once(tiny_copy, tiny_data, monkeypatch):
    hashed = Counter()
    real = checkpoints.file_sha256
    monkeypatch.setattr(
        checkpoints, "file_sha256", lambda path: hashed.update([path.name]) or real(path)
    )
    exports = plan(tiny_copy, format="onnx", recipe="all", data=tiny_data)
    assert {id(export.origin) for export in exports} == {id(exports[0].origin)}
    assert set(hashed) == set(exports[0].origin.checkpoint.files)
    assert set(hashed.values()) == {1}


def test_one_recipe_may_be_given_its_output(tiny_copy, tmp_path):
    (export,) = plan(tiny_copy, tmp_path / "a.onnx", format="onnx", recipe="int8")
    assert (export.output, export.recipe.name) == (tmp_path / "a.onnx", "int8")


def test_only_core_ml_has_targets(tiny_copy):
    (onnx,) = plan(tiny_copy, format="onnx", recipe="fp16")
    (coreml,) = plan(tiny_copy, format="coreml", recipe="fp16")
    assert (onnx.target, coreml.target) == (None, "iOS16")


# --- refused before any work


def test_one_output_for_all_recipes_is_refused(tiny_copy, tmp_path):
    with pytest.raises(ConversionError, match="Leave -o out"):
        plan(tiny_copy, tmp_path / "a.onnx", format="onnx", recipe="all")


def test_one_existing_output_stops_all(tiny_copy, tiny_data):
    (tiny_copy / "exports").mkdir()
    (tiny_copy / "exports" / "tiny-w8a8.onnx").write_bytes(b"precious")
    asked = {"format": "onnx", "recipe": "all", "data": tiny_data}
    with pytest.raises(OutputExists, match=r"tiny-w8a8\.onnx"):
        plan(tiny_copy, **asked)
    assert len(plan(tiny_copy, **asked, overwrite=True)) == len(recipes_of("onnx"))


def test_a_name_of_another_format_is_refused(tmp_path: Path):
    with pytest.raises(ConversionError, match=r"net\.onnx: expected a name that ends in \.tflite"):
        plan(tmp_path, tmp_path / "net.onnx", format="tflite", recipe="fp16")


def test_a_folder_that_is_no_package_is_never_replaced(tiny_copy, tmp_path: Path):
    mine = tmp_path / "net.mlpackage"
    mine.mkdir()
    (mine / "thesis.txt").write_text("mine")
    with pytest.raises(OutputExists, match=r"Manifest\.json"):
        plan(tiny_copy, mine, format="coreml", recipe="fp16", overwrite=True)
    assert (mine / "thesis.txt").read_text() == "mine"


def test_drawings_that_are_not_there_stop_the_recipes_that_look_at_them(tiny_copy, tmp_path):
    nowhere = tmp_path / "no-data"
    for recipe in ("w8a8", "all", "auto"):
        with pytest.raises(DataError, match="no-data"):
            plan(tiny_copy, format="coreml", recipe=recipe, data=nowhere)
    assert plan(tiny_copy, format="coreml", recipe="fp16", data=nowhere)


# --- terms


def test_an_export_states_other_terms_where_they_are_told_and_is_of_the_same_checkpoint(
    tiny_copy, tiny_data
):
    (export,) = plan(tiny_copy, format="onnx", recipe="fp16", data=tiny_data)
    (told,) = credited([export], Terms(licence="CC BY 4.0"))
    licences = told.origin.credit.licence, export.origin.credit.licence
    assert licences == ("CC BY 4.0", "CC0-1.0")
    assert told.origin.credit.credit == export.origin.credit.credit
    assert told.origin.sha256 == export.origin.sha256
