import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
from PIL import Image

from benchmarks.agreement.record import PARITIES
from benchmarks.parity import main
from conversion.manifest import (
    artifact_sha256,
    manifest_path,
    read_manifest,
    write_manifest,
)
from training.data.shards import read_manifest as read_data_manifest


def exported(run: Path, name: str) -> Path:
    return run / "exports" / name


def describe_again(artifact: Path) -> None:
    """Let the manifest fit the changed bytes: the damage must be seen in the pictures."""
    raw = json.loads(manifest_path(artifact).read_text())
    raw["sha256"] = artifact_sha256(artifact)
    manifest_path(artifact).write_text(json.dumps(raw))


# --- what holds


def test_all_formats_and_recipes_pass_on_every_drawing(
    whole_run: Path, tiny_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    record = tmp_path / "parity.json"
    assert main([str(whole_run), "--json", str(record)]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[-1] == "6 of 6 artifacts draw the same picture as Keras"
    assert out[-2] == str(record)
    parity = PARITIES.read(record)
    assert {(row.format, row.recipe) for row in parity.artifacts} == {
        (format, recipe) for format in ("coreml", "tflite", "onnx") for recipe in ("fp32", "fp16")
    }
    validation = read_data_manifest(tiny_data).count("validation")
    for row in parity.artifacts:
        assert row.passed, row.verdict
        names = list(row.pictures)
        assert sum(name.startswith("validation/") for name in names) == validation
        assert sum(name.startswith("sample/") for name in names) >= 12
        assert row.summary.worst.psnr_db >= (60 if row.recipe == "fp32" else 45)
    assert parity.command == f"python -m benchmarks.parity {whole_run} --json {record}"


def test_the_worst_drawing_is_shown_and_its_layers_are_compared(
    whole_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    record, strips = tmp_path / "parity.json", tmp_path / "strips"
    artifact = exported(whole_run, "tiny-fp16.mlpackage")
    typed = [str(whole_run), str(artifact), "--layers", "--strips", str(strips)]
    assert main([*typed, "--json", str(record)]) == 0
    out = capsys.readouterr().out
    assert "tiny-fp16.mlpackage: every layer stays above 45 dB" in out
    (row,) = PARITIES.read(record).artifacts
    assert {"down_0_conv", "up_0_norm", "last_conv"} <= {layer.layer for layer in row.layers}
    assert json.loads((strips / "strips.json").read_text()) == {
        "tiny-fp16.mlpackage.png": {
            "drawing": row.summary.worst_id,
            "psnr_db": row.summary.worst.psnr_db,
        }
    }
    assert main(typed) == 2  # the strips stand there
    assert "already exists" in capsys.readouterr().err


def test_without_exports_there_is_nothing_to_compare(
    run_copy: Path, capsys: pytest.CaptureFixture[str]
):
    shutil.rmtree(run_copy / "exports")
    assert main([str(run_copy)]) == 2
    assert "python -m conversion.to_coreml" in capsys.readouterr().err


def test_only_the_named_artifact_is_measured(whole_run: Path, tmp_path: Path):
    record = tmp_path / "parity.json"
    artifact = exported(whole_run, "tiny-fp16.tflite")
    assert main([str(whole_run), str(artifact), "--json", str(record)]) == 0
    assert [row.artifact for row in PARITIES.read(record).artifacts] == [str(artifact)]


# --- what is broken on purpose


def test_a_wrong_scale_in_the_manifest_fails(run_copy: Path, capsys: pytest.CaptureFixture[str]):
    artifact = exported(run_copy, "tiny-fp32.tflite")
    manifest = read_manifest(artifact)
    ports = manifest.interface
    wrong = dataclasses.replace(ports.output, scale=1 / 255, bias=0.0)  # [0, 1], say, not [-1, 1]
    write_manifest(
        dataclasses.replace(manifest, interface=dataclasses.replace(ports, output=wrong)),
        manifest_path(artifact),
    )
    assert main([str(run_copy), str(artifact)]) == 1
    out = capsys.readouterr().out
    assert "FAIL" in out
    assert "0 of 1 artifacts" in out


def test_swapped_channels_fail(run_copy: Path, capsys: pytest.CaptureFixture[str]):
    artifact = exported(run_copy, "tiny-fp32.onnx")
    model = onnx.load(artifact)
    (output,) = model.graph.output
    for node in model.graph.node:
        node.output[:] = ["rgb" if name == output.name else name for name in node.output]
    model.graph.initializer.append(onnx.numpy_helper.from_array(np.array([2, 1, 0]), "bgr"))
    model.graph.node.append(onnx.helper.make_node("Gather", ["rgb", "bgr"], [output.name], axis=3))
    onnx.checker.check_model(model, full_check=True)
    artifact.write_bytes(model.SerializeToString())
    describe_again(artifact)
    assert main([str(run_copy), str(artifact)]) == 1
    assert "FAIL" in capsys.readouterr().out


@pytest.mark.parametrize("recipe", ["fp32", "fp16"])
def test_one_corrupted_weight_fails(
    run_copy: Path, recipe: str, capsys: pytest.CaptureFixture[str]
):
    artifact = exported(run_copy, f"tiny-{recipe}.mlpackage")
    (weights,) = artifact.rglob("weight.bin")
    stored = {"fp32": np.float32, "fp16": np.float16}[recipe]
    content = bytearray(weights.read_bytes())
    # The first blob begins after two headers of 64 bytes (StorageFormat.hpp).
    first = np.frombuffer(content, stored, count=1, offset=128)
    assert 0 < abs(first[0]) < 4
    content[128 : 128 + first.nbytes] = np.array([40], stored).tobytes()
    weights.write_bytes(content)
    describe_again(artifact)
    assert main([str(run_copy), str(artifact)]) == 1
    assert "FAIL" in capsys.readouterr().out


def test_one_broken_artifact_fails_among_good_ones(run_copy: Path):
    good, bad = exported(run_copy, "tiny-fp32.onnx"), exported(run_copy, "tiny-fp32.tflite")
    manifest = read_manifest(bad)
    wrong = dataclasses.replace(manifest.interface.inputs[0], scale=1 / 255)
    interface = dataclasses.replace(manifest.interface, inputs=(wrong,))
    write_manifest(dataclasses.replace(manifest, interface=interface), manifest_path(bad))
    assert main([str(run_copy), str(good), str(bad)]) == 1
    assert main([str(run_copy), str(good)]) == 0


# --- what is refused


def test_an_artifact_of_another_checkpoint_is_refused(
    run_copy: Path, capsys: pytest.CaptureFixture[str]
):
    (folder,) = (run_copy / "checkpoints").iterdir()
    description = folder / "checkpoint.json"
    description.write_text(description.read_text() + "\n")
    artifact = exported(run_copy, "tiny-fp32.onnx")
    assert main([str(run_copy), str(artifact)]) == 2
    assert "another checkpoint" in capsys.readouterr().err
    assert main([str(run_copy)]) == 2  # found in exports/: refused too, not measured


def test_changed_bytes_are_refused_before_anything_runs(
    run_copy: Path, capsys: pytest.CaptureFixture[str]
):
    artifact = exported(run_copy, "tiny-fp32.onnx")
    artifact.write_bytes(artifact.read_bytes() + b"\0")
    assert main([str(run_copy), str(artifact)]) == 2
    assert "is not the model that tiny-fp32.onnx.json describes" in capsys.readouterr().err


def test_an_existing_record_is_refused_unless_asked(
    whole_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    record = tmp_path / "parity.json"
    record.write_text("{}")
    artifact = str(exported(whole_run, "tiny-fp32.onnx"))
    assert main([str(whole_run), artifact, "--json", str(record)]) == 2
    assert "already exists" in capsys.readouterr().err
    assert main([str(whole_run), artifact, "--json", str(record), "--overwrite"]) == 0
    assert PARITIES.read(record).passed


# --- nets that take hints


def test_a_net_with_hints_is_compared_with_none_a_few_and_many(
    hinted_runs, hinted_exports, tiny_data: Path, tmp_path: Path, capsys
):
    models = [str(hinted_exports["mobile", format]) for format in ("coreml", "tflite", "onnx")]
    record, strips = tmp_path / "parity.json", tmp_path / "strips"
    options = ["--data", str(tiny_data), "--drawings", "2", "--layers"]
    options += ["--strips", str(strips), "--json", str(record)]
    assert main([str(hinted_runs["mobile"]), *models, *options]) == 0
    said = capsys.readouterr().out
    assert "Worst PSNR dB by number of hints" in said
    assert "no layer of Keras was recognised" not in said
    for row in PARITIES.read(record).artifacts:
        assert len(row.pictures) == 6
        assert list(row.worst_db_by_hints) == ["0", "4", "16"]
        assert row.worst_db_by_hints[str(row.worst_hints)] == row.summary.worst.psnr_db
    strip = np.asarray(Image.open(strips / "mobile-fp16.onnx.png"))
    assert strip.shape == (32, 5 * 32, 3)


def test_drawings_of_one_s_own_take_the_place_of_the_others(
    hinted_runs, hinted_exports, tmp_path: Path, capsys
):
    folder, record = tmp_path / "my drawings", tmp_path / "parity.json"
    folder.mkdir()
    page = np.full((60, 40), 255, np.uint8)
    page[10:50, 8:11] = page[10:50, 28:31] = page[10:13, 8:31] = page[47:50, 8:31] = 0
    Image.fromarray(page).save(folder / "box.png")
    given = [str(hinted_runs["mobile"]), str(hinted_exports["mobile", "onnx"])]
    given += ["--drawings", str(folder)]
    assert main([*given, "--json", str(record)]) == 0
    parity = PARITIES.read(record)
    names = ["box", "box with 4 hints", "box with 16 hints"]
    assert [*parity.artifacts[0].pictures] == names
    assert (parity.data.source, parity.data.licence) == ("my drawings", "not stated")
    assert main([*given, "--data", "d"]) == 2
    assert "Leave out --data, or --drawings" in capsys.readouterr().err
