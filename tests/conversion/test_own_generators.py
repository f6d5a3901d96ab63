"""Networks of the kinds that people bring, saved as Keras saves them, through every export.

Held to the gates of benchmarks/agreement/gates.py, as nets of ours are. docs/own-generators.md has
the table that `pytest -n 0 -m slow -s tests/conversion/test_own_generators.py` prints.
"""

import json
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers
from PIL import Image

from benchmarks.agreement.record import compare
from benchmarks.agreement.sheets import painted_sheets
from benchmarks.drawing.compared import parity_drawings
from benchmarks.own import nets
from benchmarks.own.missed import MISSED
from benchmarks.own.nets import NETS, asked_of, moved, told
from benchmarks.own.pictures import smooth_pictures
from benchmarks.runtimes.exports import exports_of
from conversion import to_coreai, to_coreml, to_onnx, to_tflite
from conversion.export.origins.find import find_origin
from conversion.manifest import read_manifest, search_path
from conversion.recipes import FORMAT_NAMES
from conversion.runtimes.backends import open_backend

COMMANDS = {"coreml": to_coreml, "tflite": to_tflite, "onnx": to_onnx, "coreai": to_coreai}
# Their squares have no 16-bit kernel: w8a16 is refused, after the other recipes.
REFUSED = {("cyclegan", "tflite"), ("zero_dce", "tflite")}


def exported(net, folder: Path, format: str, *words: str, sizes: str = "32") -> Path:
    """Save a net, and type what its user would type. Returns the file."""
    file = folder / f"{net.__name__}.keras"
    if not file.exists():
        moved(net, side=32).save(file)
    status = COMMANDS[format].main([str(file), *told(net, sizes=sizes), *words])
    assert status == (2 if "all" in words and (net.__name__, format) in REFUSED else 0)
    return file


def judged(net, file: Path, drawings: Path, *, size: tuple[int, int] = (32, 32)):
    """Hold every export of a net to Keras; yields what was measured of each."""
    origin = find_origin(file, asked_of(net), size=size)
    held_out = origin.compared(drawings, size=size)
    given = parity_drawings(held_out, hints=False)
    sheets = painted_sheets(origin, origin.load(), given, size=size, batch=1)
    for artifact in exports_of(origin):
        yield compare(open_backend(artifact, apart=False), artifact, sheets)


@pytest.mark.parametrize("net", [nets.zero_dce, nets.rgba], ids=lambda net: net.__name__)
def test_a_file_becomes_a_core_ml_model_that_paints_as_keras_does(net, tmp_path: Path):
    channels = 4 if net is nets.rgba else 3
    file = exported(net, tmp_path, "coreml", "--licence", "MIT", "--credit", "A. Painter")
    (row,) = judged(net, file, smooth_pictures(tmp_path / "drawings", count=3, channels=channels))
    assert row.passed, row.verdict
    manifest = read_manifest(Path(row.artifact))
    assert (manifest.checkpoint, manifest.licence) == (file.name, "MIT")
    assert manifest.credit == "A. Painter"
    assert str(tmp_path) not in Path(f"{row.artifact}.json").read_text()


def test_a_result_twice_as_large_comes_out_of_an_onnx_model(tmp_path: Path):
    file = exported(nets.espcn, tmp_path, "onnx")
    (row,) = judged(nets.espcn, file, smooth_pictures(tmp_path / "drawings", count=2))
    assert row.passed, row.verdict
    interface = read_manifest(Path(row.artifact)).interface
    assert (interface.height_width, interface.output.shape) == ((32, 32), (1, 64, 64, 1))
    from conversion.colorize import main

    picture = tmp_path / "grey.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (32, 32), np.uint8)).save(picture)
    assert main([row.artifact, str(picture), "-o", str(tmp_path / "out.png")]) == 0
    assert Image.open(tmp_path / "out.png").size == (64, 64)
    assert main([row.artifact, str(tmp_path / "out.png"), "-o", str(tmp_path / "b.png")]) == 2


def test_selu_inside_a_layer_is_quantized_like_a_layer_of_its_own(tmp_path: Path):
    drawings = smooth_pictures(tmp_path / "drawings", count=4)
    words = ("--recipe", "w8a8", "--drawings", str(drawings))
    file = exported(nets.selu, tmp_path, "tflite", *words)
    (row,) = judged(nets.selu, file, drawings)
    assert row.passed, row.verdict


@pytest.mark.parametrize("format", ["coreml", "onnx"])
def test_a_net_that_enlarges_bilinearly_serves_several_sizes(format, tmp_path: Path):
    file = exported(nets.bilinear_unet, tmp_path, format, sizes="32,48x40")
    drawings = smooth_pictures(tmp_path / "drawings", count=2)
    for size in ((32, 32), (40, 48)):
        (row,) = judged(nets.bilinear_unet, file, drawings, size=size)
        assert row.passed, row.verdict
        assert len(row.pictures) == 2


def repeating(side: int | None) -> keras.Model:
    """A U-Net that enlarges by repeating pixels, as most do. -1 1 to -1 1."""
    picture = keras.Input((side, side, 3))
    halved = layers.Conv2D(8, 3, 2, "same", activation="relu")(picture)
    x = layers.Concatenate()([layers.UpSampling2D()(halved), picture])
    return keras.Model(picture, layers.Conv2D(3, 3, padding="same", activation="tanh")(x))


def test_a_net_that_repeats_pixels_serves_several_sizes_in_tflite(tmp_path: Path, monkeypatch):
    monkeypatch.setitem(nets.RANGES, repeating, ((-1, 1), (-1, 1)))
    file = exported(repeating, tmp_path, "tflite", sizes="32,48x40")
    drawings = smooth_pictures(tmp_path / "drawings", count=2)
    for size in ((32, 32), (40, 48)):
        (row,) = judged(repeating, file, drawings, size=size)
        assert row.passed, row.verdict


def searched(side: int | None) -> keras.Model:
    """A layer of 2,400 weights, enough for auto to store it in fewer bits. 0 1 to 0 1."""
    picture = keras.Input((side, side, 3))
    x = layers.Conv2D(32, 5, padding="same", activation="relu")(picture)
    return keras.Model(picture, layers.Conv2D(3, 1, activation="sigmoid")(x))


def test_auto_stores_a_generator_in_as_few_bits_as_its_users_pictures_allow(
    tmp_path: Path, monkeypatch
):
    monkeypatch.setitem(nets.RANGES, searched, ((0, 1), (0, 1)))
    drawings = smooth_pictures(tmp_path / "drawings", count=2)
    file = exported(searched, tmp_path, "coreml", "--recipe", "auto", "--drawings", str(drawings))
    (row,) = judged(searched, file, drawings)
    assert row.passed and row.gate_db == 35
    manifest = read_manifest(Path(row.artifact))
    worst = row.summary.worst.psnr_db
    assert manifest.details["reached"] == f"{worst:.1f} dB on the worst of 2 pictures of the user's"
    found = json.loads(search_path(Path(row.artifact)).read_text())
    assert list(found["chosen"].values()) != ["fp16"] and len(found["attempts"]) > 3


@pytest.mark.slow
@pytest.mark.parametrize("net", NETS.values(), ids=NETS)
def test_every_recipe_of_every_format_paints_as_keras_does(net, tmp_path: Path, coreai):
    drawings = smooth_pictures(tmp_path / "drawings", count=8)
    for format in COMMANDS:
        newest = ("--target", "iOS18") if format == "coreml" else ()
        words = ("--recipe", "all", "--drawings", str(drawings), *newest)
        file = exported(net, tmp_path, format, *words)
    failed = set()
    for row in judged(net, file, drawings):
        worst = f"{row.summary.worst.psnr_db:.1f}" if row.summary else row.verdict
        print(f"| {net.__name__} | {FORMAT_NAMES[row.format]} {row.recipe} | {worst} |")
        if not row.passed:
            failed.add((net.__name__, row.format, row.recipe))
    assert failed == {each for each in MISSED[32, 0] if each[0] == net.__name__}
