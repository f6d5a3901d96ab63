"""What benchmarks.ios_bundle refuses before it writes anything."""

import json
import shutil
from pathlib import Path

import pytest

from benchmarks.ios_bundle import main
from training.run.checkpoint import find_checkpoint


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--recipes", "fp8"], "unknown recipe 'fp8'"),
        (["--recipe", "fp8"], "unknown recipe 'fp8'"),
        (["--recipes", "fp16", "fp16"], "each once, received ['tiny-fp16.mlpackage'] twice"),
        (["--min-psnr", "35"], "--min-psnr belongs to the recipe auto, received the recipes"),
        (["--recipes", "auto", "--min-psnr", "-1"], "--min-psnr: expected dB above 0"),
        (["--target", "iOS9"], "unknown target 'iOS9'"),
    ],
)
def test_impossible_options_are_refused(
    tiny_run: Path, tmp_path: Path, capsys, options: list[str], said: str
):
    assert main([str(tiny_run), "-o", str(tmp_path / "models"), *options]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("taken", "said"),
    [
        (
            ("onnx", "fp16"),
            "expected a Core ML package or a Core AI asset for the app, received onnx",
        ),
        (("coreml", "fp16"), "received ['tiny-fp16.mlpackage'] twice"),
    ],
)
def test_a_package_of_another_kind_or_of_a_name_that_is_taken_is_refused(
    tiny_run: Path, exports: dict[tuple[str, str], Path], tmp_path: Path, capsys, taken, said
):
    options = ["--recipes", "fp16", "-o", str(tmp_path / "models")]
    assert main([str(tiny_run), str(exports[taken]), *options]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_package_of_another_checkpoint_is_refused(
    tiny_run: Path, exports: dict[tuple[str, str], Path], export_copy, tmp_path: Path, capsys
):
    foreign = export_copy(
        exports["coreml", "fp16"], tmp_path / "other.mlpackage", checkpoint_sha256="0" * 64
    )
    assert main([str(tiny_run), str(foreign), "-o", str(tmp_path / "models")]) == 2
    assert "was made from another checkpoint" in capsys.readouterr().err
    assert not (tmp_path / "models").exists()


def silent(tiny_run: Path, tmp_path: Path) -> Path:
    """A copy of the run whose pictures' licence nobody told."""
    run = shutil.copytree(tiny_run / "checkpoints", tmp_path / "tiny/checkpoints").parent
    description = find_checkpoint(run).folder / "checkpoint.json"
    raw = json.loads(description.read_text())
    raw["data"]["licence"] = "not stated"
    description.write_text(json.dumps(raw))
    return run


def test_a_model_that_does_not_say_whose_pictures_it_learned_from_is_not_bundled(
    tiny_run, tmp_path, capsys
):
    run = silent(tiny_run, tmp_path)
    assert main([str(run), "-o", str(tmp_path / "models")]) == 2
    said = capsys.readouterr().err
    assert "'not stated'" in said and "--licence and --credit" in said and "--unstated" in said
    assert not (tmp_path / "models").exists()


def test_a_package_that_does_not_say_so_is_not_bundled_either(
    tiny_run, exports, export_copy, tmp_path, capsys
):
    said = export_copy(exports["coreml", "fp16"], tmp_path / "a.mlpackage", credit="not stated")
    assert main([str(tiny_run), str(said), "-o", str(tmp_path / "models")]) == 2
    assert "a.mlpackage. Say so" in capsys.readouterr().err


def test_a_folder_that_holds_no_golden_drawings_is_refused(tiny_run: Path, tmp_path: Path, capsys):
    drawings = tmp_path / "drawings"
    options = [str(tiny_run), "-o", str(tmp_path / "models"), "--drawings", str(drawings)]
    assert main(options) == 2
    assert "expected a folder of drawings" in capsys.readouterr().err
    drawings.mkdir()
    assert main(options) == 2
    assert (
        "expected drawings, received a folder without any. Put line art there"
        in capsys.readouterr().err
    )
    assert not (tmp_path / "models").exists()


def test_a_path_that_is_no_checkpoint_is_refused(tmp_path: Path, capsys):
    assert main([str(tmp_path / "absent"), "-o", str(tmp_path / "models")]) == 2
    assert "absent does not exist" in capsys.readouterr().err


def test_models_of_different_sizes_are_refused(
    tiny_run: Path, exports: dict[tuple[str, str], Path], tmp_path: Path, capsys
):
    from conversion import to_coreml

    large = to_coreml.convert(tiny_run, tmp_path / "large.mlpackage", sizes=[(32, 64)])
    output = ["-o", str(tmp_path / "models")]
    assert main([str(tiny_run), str(large), str(exports["coreml", "fp16"]), *output]) == 2
    assert "models of one size, received 32, 64x32" in capsys.readouterr().err
    assert not (tmp_path / "models").exists()


def test_a_model_of_larger_pictures_gets_golden_sheets(tiny_run: Path, tmp_path: Path, capsys):
    from conversion import to_coreml

    large = to_coreml.convert(tiny_run, tmp_path / "large.mlpackage", sizes=[(64, 96)])
    models = tmp_path / "models"
    assert main([str(tiny_run), str(large), "-o", str(models)]) == 0
    assert "large.mlpackage: 4 golden pictures" in capsys.readouterr().out
    index = json.loads((models / "index.json").read_text())
    assert [golden["name"] for golden in index["golden"]] == [f"sheet-{n + 1}" for n in range(4)]
