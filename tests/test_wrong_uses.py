"""What somebody types wrongly, and the sentence that each is answered with.

Each answer names the thing, what was expected and what helps; none needs TensorFlow, and none
writes anything.
"""

import importlib
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
BUNDLED = ROOT / "ios_demo_assets/models/pretrained"
NURIE = "benchmarks.nurie.entry"

USES = [
    # what is typed, what of the answer must be there, in this order
    ("nurie trian", ("'trian'", "mean train?")),
    ("nurie completion ksh", ("bash, zsh, fish, tcsh", "'ksh'", "nurie completion bash")),
    ("training.prepare", ("--out", "training.prepare --help")),
    ("training.prepare --out d", ("sources", "at least one")),
    ("training.prepare picture -o d", ("picture:", "no such folder", "mean pictures?")),
    ("training.prepare Openmoji -o d", ("Openmoji", "openmoji, portraits", "mean openmoji?")),
    ("training.prepare drawing.png -o d", ("drawing.png is a file", "Name the folder")),
    ("training.prepare pictures -o d", ("what does it hold?", "--kind color")),
    (
        "training.prepare pictures -o d --kind colour",
        ("expected color, pairs", "'colour'", "mean color?"),
    ),
    ("training.prepare pictures -o d --kind side-by-side", ("which side", "--line-side left")),
    ("training.prepare pictures -o d --kind pairs", ("lineart/ and color/",)),
    ("training.prepare pictures -o d --size 100", ("size", "multiples of 16", "100")),
    ("training.prepare pictures -o empty --kind color", ("empty already exists", "--overwrite")),
    ("training.prepare pictures -o d --varaints 2", ("--varaints", "mean --variants?")),
    ("training.train dmo --data d -o r", ("dmo", "mean demo?")),
    ("training.train demo -o r", ("--data", "training.prepare")),
    ("training.train demo --data d -o r", ("d does not exist", "training.prepare")),
    ("training.train demo --data picture -o r", ("picture does not exist", "mean pictures?")),
    ("training.train demo --data pictures -o r", ("no", "data folder", "prepare pictures --kind")),
    (
        "training.train demo --data pictures -o r --epochs many",
        ("--epochs", "a whole number", "'many'"),
    ),
    ("training.train demo --data pictures -o r --epochs -3", ("epochs", "at least 1", "-3")),
    ("training.train demo --data d -o r --generator.with 4", ("mean --generator.width?",)),
    ("training.train demo --data d -o r --best-by psnr_db", ("validation_psnr_db",)),
    ("training.train demo --data d -o r --dry-run --resume", ("resume", "Leave --resume out")),
    ("training.evaluate run", ("run does not exist", "training.train")),
    ("training.evaluate pictures", ("pictures is not a checkpoint", "training.train")),
    ("training.evaluate drawing.png", ("drawing.png is a file", "run folder")),
    ("training.colorize pretraind drawing.png", ("pretraind", "mean pretrained?")),
    ("training.colorize pretrained", ("drawings", "at least one", "none")),
    ("training.colorize pretrained drawin.png", ("drawin.png does not exist", "picture file")),
    ("training.colorize pretrained notes.txt", ("notes.txt", "PNG, JPEG", "something else")),
    ("training.colorize pretrained torn.svg", ("torn.svg", "SVG", "Save it as PNG")),
    ("training.colorize pretrained pictures", ("a folder", "pictures/*.png")),
    ("training.colorize pretrained drawing.png --hints no.png", ("no.png does not exist",)),
    ("training.colorize pretrained drawing.png -o out.xyz", ("out.xyz", ".png", "'.xyz'")),
    (
        "training.colorize pretrained-auto.mlpackage drawing.png",
        ("is an exported model", "conversion.colorize"),
    ),
    ("conversion.colorize pretrained drawing.png", ("pretrained", "training.colorize")),
    ("conversion.colorize notes.txt drawing.png", ("notes.txt", "notes.txt.json", "Copy both")),
    (
        "conversion.colorize pretrained-auto.mlpakage drawing.png",
        ("does not exist", "mean pretrained-auto.mlpackage"),
    ),
    ("conversion.to_coreml", ("ckpt", "run folder", "conversion.to_coreml --help")),
    ("conversion.to_coreml runs/x", ("runs/x does not exist", "training.train")),
    ("training.train demo --data d -o /proc/r", ("/proc", "name another")),
    ("training.colorize pretrained drawing.png -o /proc/c.png", ("/proc", "name another")),
    ("benchmarks.how_many --out pictures", ("pictures holds other things", "drawings", "another")),
    ("benchmarks.own_generators selo", ("pix2pix", "selo", "mean selu?")),
    ("conversion.to_coreml pretrained --target 17", ("'17'", "iOS16", "mean iOS17?")),
    ("conversion.to_coreml pretrained --recipe int9", ("'int9'", "palette8", "mean int8?")),
    ("conversion.to_coreml pretrained --size big", ("--size", "1024x704", "'big'")),
    ("conversion.to_coreml pretrained --size 65", ("multiples of", "65", "80 would do")),
    ("conversion.to_coreml pretrained -o out.tflite", ("out.tflite", ".mlpackage")),
    ("conversion.to_coreml pretrained --min-psnr 40", ("--min-psnr", "auto", "Leave it out")),
    ("conversion.to_coreml pretrained --recipe w8a8", ("not there", "--data")),
    ("conversion.to_onnx mine.onnx", ("mine.onnx is an ONNX model", "checkpoint")),
    ("conversion.to_tflite pretrained --recipe palette6", ("'palette6' for tflite", "int8")),
    ("conversion.from_coreml mine.tflite", ("mine.tflite", "ML Program", "TensorFlow Lite")),
    ("benchmarks.parity pretrained drawing.png", ("no model that Nurie exported", ".json")),
    ("benchmarks.latency", ("something to time", "run folder")),
    ("benchmarks.latency drawing.png", ("drawing.png", "run folder", ".mlpackage")),
    ("benchmarks.cost", ("models", "none")),
    ("benchmarks.cost pretrained", (".onnx", "'pretrained'", "conversion.to_coreml")),
    ("benchmarks.ios_bundle pretrained --recipes int9 -o b", ("'int9'", "mean int8?")),
    ("benchmarks.compare notes.txt", ("notes.txt is not a device report", "demo app")),
    ("benchmarks.latency pretrained --baseline notes.txt", ("notes.txt", "--save")),
    ("training.pack pretrained -o packed", ("packed already", "Copy the folder")),
]


@pytest.fixture(autouse=True)
def desk(tmp_path, monkeypatch):
    """A folder with what a person may have lying around."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["python"])
    monkeypatch.setenv("COLUMNS", "80")
    page = np.full((64, 64), 255, np.uint8)
    page[10:50, 10] = page[10:50, 50] = page[10, 10:50] = page[50, 10:51] = 0
    cv2.imwrite("drawing.png", page)
    (tmp_path / "pictures").mkdir()
    shutil.copy("drawing.png", "pictures/a.png")
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("colour the house red")
    (tmp_path / "torn.svg").write_text("<svg")
    for name in ("mine.tflite", "mine.onnx"):
        (tmp_path / name).write_bytes(b"x" * 100)
    package = "pretrained-auto.mlpackage"
    (tmp_path / package).symlink_to(BUNDLED / package)
    shutil.copy(BUNDLED / f"{package}.json", f"{package}.json")
    return tmp_path


@pytest.mark.parametrize(("typed", "answer"), USES, ids=[typed for typed, _ in USES])
def test_a_wrong_use_is_answered_with_what_helps_and_leaves_nothing(typed, answer, desk, capsys):
    before = sorted(desk.rglob("*"))
    module, *words = typed.split()
    command = importlib.import_module(NURIE if module == "nurie" else module)
    try:
        status = command.main(words)
    except SystemExit as end:
        status = end.code
    said = " ".join(capsys.readouterr().err.split())
    assert status == 2
    at = -1
    for part in answer:
        at = said.find(part, at + 1)
        assert at >= 0, said
    assert sorted(desk.rglob("*")) == before


def test_there_are_at_least_forty_of_them_and_each_is_another():
    assert len({typed for typed, _ in USES}) == len(USES) >= 40
