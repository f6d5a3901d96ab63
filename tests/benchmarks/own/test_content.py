import base64
import dataclasses
import html
import io
import re
from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from benchmarks import parity, report
from benchmarks.own.content import export_command, gather, typed_for
from benchmarks.own.pictures import smooth_pictures
from benchmarks.pages.speed import Note
from conversion import to_onnx
from conversion.export.origins.asked import Asked
from conversion.export.origins.find import find_origin
from conversion.manifest import Manifest, read_manifest
from tests.test_written_commands import refusal, typed

SIZE, KERNEL = 32, 9
ASKED = Asked(input_range=(-1, 1), output_range=(0, 1))
TOLD = ["--input-range", "-1", "1", "--output-range", "0", "1", "--size", str(SIZE)]
NAMES = [f"{n}.png at {SIZE}px" for n in range(3)]


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    """A generator of one layer, exported once and compared with Keras; tests must not change it."""
    folder = tmp_path_factory.mktemp("whose")
    picture = keras.Input((None, None, 3))
    keras.utils.set_random_seed(0)
    options = {"padding": "same", "activation": "sigmoid", "bias_initializer": "ones"}
    layer = keras.layers.Conv2D(3, KERNEL, **options)
    keras.Model(picture, layer(picture)).save(folder / "gen.keras")
    file, pictures = folder / "gen.keras", smooth_pictures(folder / "pictures", count=len(NAMES))
    stated = ["--licence", "MIT", "--credit", "A. Painter & sons"]
    assert to_onnx.main([str(file), *TOLD, *stated]) == 0
    record = file.parent / "exports" / file.name / "parity.json"
    words = [str(file), *TOLD, "--drawings", str(pictures), "--json", str(record)]
    assert parity.main(words) == 0
    return file


@pytest.fixture(scope="module")
def page(file: Path, tmp_path_factory) -> str:
    output = tmp_path_factory.mktemp("page") / "gen.html"
    assert report.main([str(file), *TOLD, "-o", str(output)]) == 0
    return output.read_text()


@pytest.fixture(scope="module")
def manifest(file: Path) -> Manifest:
    return read_manifest(file.parent / "exports" / file.name / "gen-fp16.onnx")


def text_of(page: str) -> str:
    """What a reader sees but for what is typed: no tags, no commands, single spaces."""
    shown = re.sub(r"<style.*?</style>|<code.*?</code>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", shown)).split())


def pictures_of(page: str) -> Iterator[tuple[str, np.ndarray]]:
    """What each picture says that it is, and its pixels."""
    for found in re.finditer(r'src="data:image/png;base64,([^"]+)" alt="([^"]*)"', page):
        yield found[2], np.asarray(Image.open(io.BytesIO(base64.b64decode(found[1]))))


def test_it_says_whose_what_and_under_which_licence(page: str):
    text = text_of(page)
    assert "gen.keras, a generator that was not trained with Nurie" in text
    assert "32 pixels, RGB (-1 to 1), in; 32 pixels, RGB (0 to 1), out" in text
    assert "MIT, A. Painter & sons." in text
    assert "1/1 exported models do" in text
    assert "The first 3 of 3 pictures of pictures." in text


def test_its_pictures_are_what_it_is_given_and_what_keras_and_each_model_paint(
    page: str, file: Path
):
    origin = find_origin(file, ASKED, size=(SIZE, SIZE))
    compared = origin.compared(file.parent / "pictures", size=(SIZE, SIZE))
    shown = dict(pictures_of(page))
    assert [name for name in shown if name.endswith(": Keras")] == [
        *(f"{name}: Keras" for name in NAMES),
        next(name for name in shown if name.startswith("ONNX fp16: ") and name.endswith("Keras")),
    ]
    for name in NAMES:
        np.testing.assert_array_equal(shown[f"{name}: picture"], compared.lineart[name])
        by_keras, by_model = (
            shown[f"{name}: {kind}"].astype(int) for kind in ("Keras", "ONNX fp16")
        )
        # Worked by hand: what is not the layer of one convolution would be far from it.
        np.testing.assert_array_equal(by_keras, painted(origin.load(), compared.lineart[name]))
        assert np.abs(by_keras - by_model).max() <= 1  # float16: one grey level
    worst = {name.rpartition(": ")[2] for name in shown if name.startswith("ONNX fp16: ")}
    assert worst == {"picture", "Keras", "model", "difference x 8"}


def painted(net: keras.Model, picture: np.ndarray) -> np.ndarray:
    """The pixels that a net makes of a picture: -1 to 1 in, 0 to 1 out."""
    values = np.asarray(net(picture[np.newaxis].astype(np.float32) / 127.5 - 1))
    return np.clip(np.round(255 * values[0]), 0, 255).astype(int)


def test_the_cost_of_a_model_is_that_of_its_layer(page: str):
    parameters = KERNEL**2 * 3 * 3 + 3
    millions = SIZE**2 * KERNEL**2 * 3 * 3 / 1e6
    assert f"ONNX fp16 float16 {parameters} {millions:.1f} 0.00" in text_of(page)


def test_each_command_that_makes_it_again_is_understood(page: str, file: Path, capsys):
    listed = re.search(r'<ol class="commands">(.*?)</ol>', page, re.DOTALL)
    lines = [html.unescape(line) for line in re.findall(r"<code>(.*?)</code>", listed[1], re.S)]
    commands = [typed(line) for line in lines]
    assert [command and command[0] for command in commands] == [
        "conversion.to_onnx",
        "benchmarks.parity",
        "benchmarks.report",
    ]
    for module, words in commands:
        assert words[0] == str(file)
        assert refusal(module, words, capsys) == ""
    assert commands[0][1][-4:] == ["--licence", "MIT", "--credit", "A. Painter & sons"]


def test_no_path_stands_on_it_but_in_what_is_typed(page: str, file: Path):
    assert str(file.parent) in page
    assert str(file.parent) not in text_of(page)


def test_what_was_not_measured_is_said_with_a_command_that_is_understood(file: Path, capsys):
    output = file.parent / "gen.html"
    content = gather(file, ASKED, size=(SIZE, SIZE), output=output)
    assert isinstance(content.speed, Note)
    other = smooth_pictures(file.parent / "others", count=2, seed=1)
    content = gather(file, ASKED, size=(SIZE, SIZE), output=output, drawings=other)
    assert isinstance(content.parity, Note)
    assert content.parity.sentence.startswith("Measured on other drawings (.../pictures), so not")
    assert content.artifacts == {}
    for note in (content.parity, content.speed):
        module, words = typed(note.command)
        assert refusal(module, words, capsys) == ""


def test_at_another_size_nothing_is_shown_of_models_that_do_not_serve_it(file: Path):
    content = gather(file, ASKED, size=(40, 48), output=file.parent / "gen.html")
    assert content.worst_rows == [] and list(content.artifacts) == ["ONNX fp16"]
    kinds = [[tile.kind for tile in row.tiles] for row in content.rows]
    assert kinds == len(NAMES) * [["picture", "Keras"]]


def test_a_model_is_exported_again_with_its_sizes_recipe_and_any_batch(file: Path, manifest):
    origin = find_origin(file, ASKED, size=(SIZE, SIZE))
    several = dataclasses.replace(manifest, sizes=((32, 32), (40, 48)), any_batch=True)
    assert "--size 32,48x40 --recipe fp16 --any-batch" in export_command(origin, several)
    calibrated = dataclasses.replace(manifest, recipe="w8a8", licence="not stated")
    assert export_command(origin, calibrated).endswith(
        "--recipe w8a8 --drawings YOUR_PICTURES --credit 'A. Painter & sons'"
    )


def test_what_its_user_said_is_typed_again(file: Path):
    asked = dataclasses.replace(ASKED, custom_objects="my_layers", trust=True)
    origin = dataclasses.replace(find_origin(file, ASKED, size=(SIZE, SIZE)), asked=asked)
    assert typed_for(origin) == [str(file), *TOLD, "--custom-objects", "my_layers", "--trust"]
    assert "--size" not in typed_for(dataclasses.replace(origin, fixed=True))
