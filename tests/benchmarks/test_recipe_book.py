import json
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks import recipe_book
from benchmarks.recipe_book import Options, export_steps, main, measure_steps
from conversion.coreai import api
from conversion.manifest import read_manifest
from conversion.recipes import FORMATS, RECIPES, recipes_of
from training.errors import ConfigError, NurieError
from training.run.checkpoint import PRETRAINED


@pytest.fixture
def run(tmp_path: Path, whole_run: Path) -> Path:
    """A copy of the tiny run with fp32 and fp16 of each format."""
    return shutil.copytree(whole_run, tmp_path / "tiny", symlinks=True)


@pytest.fixture(autouse=True)
def with_core_ai(monkeypatch):
    """As on a machine that has Apple's packages: nothing is run here."""
    monkeypatch.setattr(api, "installed", lambda: True)


def asked(steps):
    return [(step.name.rpartition("to_")[2], step.arguments[2]) for step in steps]


def test_every_recipe_of_every_format_is_exported_by_a_command_of_its_own(run):
    shutil.rmtree(run / "exports")
    expected = [(format, name) for format in FORMATS for name in recipes_of(format)]
    expected += [("coreml", "auto")]
    assert asked(export_steps(run, Options(runs=()))) == expected
    assert all("--overwrite" not in step.arguments for step in export_steps(run, Options(runs=())))


def test_core_ai_is_left_out_where_its_packages_are_missing(run, monkeypatch):
    monkeypatch.setattr(api, "installed", lambda: False)
    assert "coreai" not in {
        format for format, _ in asked(export_steps(run, Options(runs=(), fresh=True)))
    }


def test_an_export_that_stands_is_kept_unless_it_is_to_be_replaced(run):
    left = asked(export_steps(run, Options(runs=())))
    assert ("onnx", "fp16") not in left
    assert ("onnx", "w8a8") in left
    assert ("onnx", "fp16") in asked(export_steps(run, Options(runs=(), fresh=True)))


def test_an_export_of_another_checkpoint_is_no_reason_to_skip(run):
    manifest = run / "exports" / "tiny-fp16.onnx.json"
    sha256 = json.loads(manifest.read_text())["checkpoint_sha256"]
    manifest.write_text(manifest.read_text().replace(sha256, "0" * 64))
    with pytest.raises(NurieError, match="another checkpoint"):
        export_steps(run, Options(runs=()))


def test_what_takes_a_time_of_its_own_is_timed_and_all_is_compared(run):
    parity, latency = measure_steps(run, Options(runs=(), drawings=7))
    assert parity.name == "benchmarks.parity"
    assert parity.arguments[parity.arguments.index("--drawings") + 1] == "7"
    timed = [Path(word).name for word in latency.arguments if "exports" in word]
    assert timed == [
        f"tiny-{recipe}{suffix}"
        for suffix in (".mlpackage", ".tflite", ".onnx")
        for recipe in RECIPES
        if recipe in ("fp32", "fp16")
    ]


def test_one_format_on_other_drawings_is_exported_and_compared_by_itself(run):
    data = run / "data"
    alone = Options(runs=(), formats=("coreai",), data=data)
    steps = export_steps(run, alone)
    assert asked(steps) == [("coreai", name) for name in recipes_of("coreai")]
    for step in steps:
        assert step.arguments[-2:] == ("--data", str(data))
    copied = Options(runs=(), formats=("onnx",), data=data)
    parity, latency = measure_steps(run, copied)
    for step in (parity, latency):
        exports = [Path(word) for word in step.arguments if "exports" in word]
        assert exports and {path.suffix for path in exports} == {".onnx"}
    assert str(data) in parity.arguments


def test_core_ai_is_not_timed(run, monkeypatch):
    assets = [run / "exports" / "tiny-fp32.aimodel"]
    manifest = replace(read_manifest(run / "exports" / "tiny-fp32.onnx"), format="coreai")
    monkeypatch.setattr(recipe_book, "standing_exports", lambda _: assets)
    monkeypatch.setattr(recipe_book, "read_manifest", lambda _: manifest)
    (parity,) = measure_steps(run, Options(runs=()))
    assert str(assets[0]) in parity.arguments


def test_what_pretrained_has_is_recorded_beside_its_exports(monkeypatch):
    model = SimpleNamespace(sizes=((64, 64),), format="coreai", recipe="int8")
    monkeypatch.setattr(recipe_book, "standing_exports", lambda _: [Path("int8.aimodel")])
    monkeypatch.setattr(recipe_book, "read_manifest", lambda _: model)
    (parity,) = measure_steps(PRETRAINED, Options(runs=()))
    assert str(Path("runs/pretrained/parity.json")) in parity.arguments


def test_formats_of_which_no_model_stands_are_refused_not_replaced_by_others(monkeypatch):
    monkeypatch.setattr(recipe_book, "standing_exports", lambda _: [])
    with pytest.raises(ConfigError, match="a model stands in .*, received coreai. Core AI needs"):
        measure_steps(PRETRAINED, Options(runs=(), formats=("coreai",)))


@pytest.mark.parametrize("status", [1, 2, 137])
def test_an_export_that_fails_ends_the_book_and_writes_no_page(run, tmp_path, monkeypatch, status):
    ran = []
    monkeypatch.setattr(recipe_book, "run_apart", lambda step: ran.append(step) or status)
    for record in ("parity.json", "latency.json"):
        (run / record).unlink(missing_ok=True)
    assert main([str(run), "-o", str(tmp_path / "recipes.md")]) == status
    assert ran
    assert all(step.name.startswith("conversion") for step in ran)  # nothing was measured
    assert not (tmp_path / "recipes.md").exists()


def test_no_run_is_refused(tmp_path, capsys):
    assert main(["-o", str(tmp_path / "recipes.md")]) == 2
    assert "expected one run or more" in capsys.readouterr().err


def test_a_page_of_what_was_not_measured_says_to_measure(run, tmp_path, capsys):
    page = ["-o", str(tmp_path / "recipes.md")]
    (run / "parity.json").unlink(missing_ok=True)
    assert main([str(run), "--page-only", *page]) == 2
    assert "measure it without --page-only" in capsys.readouterr().err


def test_records_that_stand_are_refused_before_any_work(run, tmp_path, monkeypatch, capsys):
    (run / "latency.json").write_text("{}")
    monkeypatch.setattr(recipe_book, "run_apart", lambda step: pytest.fail("refused too late"))
    assert main([str(run), "-o", str(tmp_path / "recipes.md")]) == 2
    assert "latency.json" in capsys.readouterr().err


def test_a_run_that_is_not_there_is_refused_before_any_work(tmp_path, capsys):
    assert main([str(tmp_path / "none"), "-o", str(tmp_path / "recipes.md")]) == 2
    assert "none" in capsys.readouterr().err
