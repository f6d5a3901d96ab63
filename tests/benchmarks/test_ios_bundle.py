import dataclasses
import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks import ios_bundle
from benchmarks.drawing.samples import sample_drawings
from benchmarks.ios_bundle import MODELS, bundle, default_folder, main
from conversion.manifest import read_manifest, search_path
from training.files.hashes import file_sha256
from training.run.checkpoint import find_checkpoint


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory, tiny_run: Path, exports: dict[tuple[str, str], Path]
) -> Path:
    """A bundle of a package that was there and of a recipe; tests must not change it."""
    output = tmp_path_factory.mktemp("app") / "models"
    there = str(exports["coreml", "fp32"])
    assert main([str(tiny_run), there, "--recipes", "fp16", "-o", str(output)]) == 0
    return output


@pytest.fixture(autouse=True)
def few_drawings(monkeypatch: pytest.MonkeyPatch):
    drawn = "benchmarks.ios.bundled_drawings.sample_drawings"  # `made` exists before, with all
    monkeypatch.setattr(drawn, lambda size: sample_drawings(size)[:2])


@pytest.fixture(scope="module")
def index(made: Path) -> dict:
    return json.loads((made / "index.json").read_text())


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def exported_before(
    exports: dict[tuple[str, str], Path], export_copy, monkeypatch: pytest.MonkeyPatch
):
    """Let conversion copy what another test exported: it takes seconds each time."""
    from conversion import to_coreml

    def copied(ckpt: Path, output: Path, *, recipe: str, min_psnr_db: float | None, **_) -> Path:
        if recipe != "auto":
            return export_copy(exports["coreml", recipe], output)
        search_path(output).write_text("{}")
        return export_copy(exports["coreml", "fp16"], output, recipe="auto", gate_db=min_psnr_db)

    monkeypatch.setattr(to_coreml, "convert", copied)


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """What somebody bundled before."""
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "index.json").write_text("{}")
    (folder / "old.txt").write_text("old")
    return folder


# --- what a bundle holds


def test_the_index_names_the_checkpoint_the_models_and_their_gates(
    made: Path, index: dict, tiny_run: Path
):
    assert index["bundle"] == "nurie-bundle/2"
    assert index["checkpoint_sha256"] == find_checkpoint(tiny_run).sha256
    assert [(m["recipe"], m["gate_psnr_db"]) for m in index["models"]] == [
        ("fp32", 60.0),
        ("fp16", 45.0),
    ]
    for model in index["models"]:
        manifest = read_manifest(made / model["artifact"])  # checks the hash of the package
        assert (manifest.recipe, manifest.sha256) == (model["recipe"], model["sha256"])
        assert manifest.artifact == model["artifact"]


def test_every_sample_drawing_is_golden_and_every_hash_is_right(made: Path, index: dict):
    samples = {drawing.name: drawing.lineart for drawing in sample_drawings(32)}
    assert [golden["name"] for golden in index["golden"]] == list(samples)
    for golden in index["golden"]:
        for role, shape in (("lineart", (32, 32)), ("color", (32, 32, 3))):
            picture = golden[role]
            pixels = np.asarray(Image.open(made / picture["file"]))
            assert pixels.shape == shape
            assert (picture["height"], picture["width"]) == shape[:2]
            assert picture["sha256"] == file_sha256(made / picture["file"])
            assert picture["pixels_sha256"] == hashlib.sha256(pixels.tobytes()).hexdigest()
        lineart = np.asarray(Image.open(made / golden["lineart"]["file"]))
        np.testing.assert_array_equal(lineart, samples[golden["name"]])


def test_golden_colours_are_what_keras_paints(made: Path, index: dict, tiny_run: Path):
    from training.picture.colorizer import colorize_pixels
    from training.run.restoring import load_generator

    golden = index["golden"][0]
    lineart = np.asarray(Image.open(made / golden["lineart"]["file"]))
    expected = colorize_pixels(load_generator(find_checkpoint(tiny_run)), lineart[np.newaxis])[0]
    color = np.asarray(Image.open(made / golden["color"]["file"])).astype(int)
    # Another batch size may round a value the other way.
    assert np.abs(color - expected).max() <= 1


def test_nothing_else_is_in_the_bundle(made: Path, index: dict):
    named = {"index.json"}
    named |= {golden[role]["file"] for golden in index["golden"] for role in ("lineart", "color")}
    for model in index["models"]:
        named |= {f"{model['artifact']}.json"}
    found = {name for name in contents(made) if ".mlpackage/" not in name}
    assert found == named
    assert [path.name for path in made.parent.iterdir()] == ["models"]


@pytest.mark.usefixtures("exported_before")
def test_a_bundle_is_made_of_fp16_unless_told(
    tiny_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    output = tmp_path / "models"
    assert main([str(tiny_run), "-o", str(output)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == str(output)
    assert "golden pictures, pass:" in lines[-2]
    assert [path.name for path in output.glob("*.mlpackage")] == ["tiny-fp16.mlpackage"]


# --- the gate of each model


@pytest.mark.usefixtures("exported_before")
def test_a_model_of_the_recipe_auto_is_held_to_the_gate_that_it_was_made_to_reach(
    tiny_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    output = tmp_path / "models"
    options = ["--recipes", "fp16", "auto", "--min-psnr", "33.5", "-o", str(output)]
    assert main([str(tiny_run), *options]) == 0
    assert ">= 33.5 dB" in capsys.readouterr().out.splitlines()[-2]
    models = json.loads((output / "index.json").read_text())["models"]
    assert [(model["recipe"], model["gate_psnr_db"]) for model in models] == [
        ("fp16", 45.0),
        ("auto", 33.5),
    ]
    assert read_manifest(output / "tiny-auto.mlpackage").gate_db == 33.5
    assert not list(output.glob("*.search.json"))


def test_packages_that_were_exported_before_are_taken_as_they_are(
    tiny_run: Path, exports: dict[tuple[str, str], Path], export_copy, tmp_path: Path, capsys
):
    found = export_copy(
        exports["coreml", "fp16"], tmp_path / "small.mlpackage", recipe="auto", gate_db=33.5
    )
    output = tmp_path / "models"
    assert main([str(tiny_run), str(found), "-o", str(output)]) == 0
    capsys.readouterr()
    models = json.loads((output / "index.json").read_text())["models"]
    assert [(m["artifact"], m["recipe"], m["gate_psnr_db"]) for m in models] == [
        ("small.mlpackage", "auto", 33.5)
    ]
    assert contents(output / "small.mlpackage") == contents(found)
    assert read_manifest(output / "small.mlpackage") == read_manifest(found)


def test_a_package_that_misses_the_gate_of_its_own_is_refused(
    tiny_run: Path, exports: dict[tuple[str, str], Path], export_copy, tmp_path: Path, capsys
):
    found = export_copy(
        exports["coreml", "fp16"], tmp_path / "small.mlpackage", recipe="auto", gate_db=150.0
    )
    assert main([str(tiny_run), str(found), "-o", str(tmp_path / "models")]) == 1
    out = capsys.readouterr().out
    assert "small.mlpackage: FAIL: " in out and "< 150 dB" in out
    assert not (tmp_path / "models").exists()


# --- whole or not at all


@pytest.mark.usefixtures("exported_before")
def test_a_model_that_fails_parity_is_refused_and_nothing_is_written(
    tiny_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
):
    measured = ios_bundle.measure_artifact

    def against_another_picture(path, sheets, *, after_each):
        darker = [dataclasses.replace(sheet, reference=sheet.reference // 2) for sheet in sheets]
        return measured(path, darker, after_each=after_each)

    monkeypatch.setattr(ios_bundle, "measure_artifact", against_another_picture)
    assert main([str(tiny_run), "-o", str(tmp_path / "models")]) == 1
    out = capsys.readouterr().out
    assert "tiny-fp16.mlpackage: FAIL: " in out
    assert "No bundle was written" in out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("exported_before")
def test_an_earlier_bundle_stays_as_it_was_when_a_model_fails_or_we_are_interrupted(
    tiny_run: Path, earlier: Path, monkeypatch: pytest.MonkeyPatch
):
    before = contents(earlier)

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(ios_bundle, "measure_artifact", interrupted)
    assert main([str(tiny_run), "-o", str(earlier), "--overwrite"]) == 130
    assert contents(earlier) == before

    measured = ArtifactThatFails()
    monkeypatch.setattr(ios_bundle, "measure_artifact", measured)
    assert main([str(tiny_run), "-o", str(earlier), "--overwrite"]) == 1
    assert contents(earlier) == before
    assert [path.name for path in earlier.parent.iterdir()] == ["models"]


class ArtifactThatFails:
    """Stands for measure_artifact, of a model that returned no picture."""

    def __call__(self, artifact, sheets, *, after_each):
        from benchmarks.agreement.record import ArtifactParity

        blank = {field.name: None for field in dataclasses.fields(ArtifactParity)}
        return ArtifactParity(
            **blank | {"artifact": str(artifact), "passed": False, "verdict": "FAIL: no picture"}
        )


@pytest.mark.usefixtures("exported_before")
def test_an_earlier_bundle_is_kept_unless_asked_and_then_replaced_whole(
    tiny_run: Path, earlier: Path, capsys
):
    assert main([str(tiny_run), "-o", str(earlier)]) == 2
    assert "already exists" in capsys.readouterr().err
    assert (earlier / "old.txt").exists()
    assert main([str(tiny_run), "-o", str(earlier), "--overwrite"]) == 0
    assert not (earlier / "old.txt").exists()
    assert (earlier / "tiny-fp16.mlpackage").is_dir()


def test_somebody_elses_folder_is_never_replaced(tiny_run: Path, tmp_path: Path, capsys):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_text("mine")
    assert main([str(tiny_run), "-o", str(tmp_path / "photos"), "--overwrite"]) == 2
    assert "expected a folder that holds index.json" in capsys.readouterr().err
    assert (tmp_path / "photos" / "cat.jpg").exists()


# --- where bundles stand


def test_generated_models_stay_out_of_git():
    ignored = (Path(__file__).parents[2] / ".gitignore").read_text().splitlines()
    assert "/ios_demo_assets/models/*" in ignored


def test_a_bundle_has_a_folder_of_its_own_among_those_that_the_app_takes(tiny_run: Path):
    folder = default_folder(tiny_run)
    assert folder == MODELS / "tiny"
    # The page beside the bundles is ours to keep: nothing ever replaces the folder itself.
    assert (MODELS / "README.md").is_file()


# --- nets that take hints


def test_a_net_with_hints_has_golden_pictures_with_none_a_few_and_many(
    hinted_runs, hinted_exports, tmp_path: Path
):
    folder = tmp_path / "hinted"
    bundle(hinted_runs["mobile"], folder, artifacts=[hinted_exports["mobile", "coreml"]])
    index = json.loads((folder / "index.json").read_text())
    golden = {each["name"]: each for each in index["golden"]}
    samples = [drawing.name for drawing in sample_drawings(32)[:2]]
    assert set(golden) == {
        f"{name}{hints}" for name in samples for hints in ("", "-4-hints", "-16-hints")
    }
    bare, many = (golden[name] for name in (samples[0], f"{samples[0]}-16-hints"))
    assert (bare["hint_count"], bare["hints"]) == (0, None)
    assert (many["hint_count"], many["lineart"]) == (16, bare["lineart"])
    hints = np.asarray(Image.open(folder / many["hints"]["file"]))
    assert hints.shape == (32, 32, 4)
    assert many["hints"]["pixels_sha256"] == hashlib.sha256(hints.tobytes()).hexdigest()
    lineart = np.asarray(Image.open(folder / bare["lineart"]["file"]))
    color = np.asarray(Image.open(folder / many["color"]["file"]))
    assert not color[lineart == 0].any()  # finished: black under the ink
