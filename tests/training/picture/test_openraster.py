import io
import zipfile
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from training.errors import OutputExists
from training.picture.openraster import Layer, ink_layer, write_openraster
from training.pixels import under_ink

RNG = np.random.default_rng(0)
LINEART = RNG.integers(0, 256, (5, 8), np.uint8)
FLATS = RNG.integers(0, 256, (5, 8, 3), np.uint8)
LAYERS = [
    ink_layer(LINEART),
    Layer(name="flats", pixels=FLATS),
    Layer(name="smooth", pixels=FLATS[::-1], visible=False),
]


@pytest.fixture
def archive(tmp_path):
    write_openraster(LAYERS, tmp_path / "a.ora", merged=under_ink(FLATS, LINEART))
    with zipfile.ZipFile(tmp_path / "a.ora") as opened:
        yield opened


def picture(archive, name):
    return np.asarray(Image.open(io.BytesIO(archive.read(name))))


def test_the_first_entry_is_the_type_and_stored(archive):
    first = archive.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert archive.read("mimetype") == b"image/openraster"


def test_what_the_specification_demands_is_there_and_whole(archive):
    assert archive.testzip() is None
    assert {"stack.xml", "mergedimage.png", "Thumbnails/thumbnail.png"} <= set(archive.namelist())


def test_the_stack_lists_the_layers_from_the_top(archive):
    image = ElementTree.fromstring(archive.read("stack.xml"))
    assert (image.tag, image.get("w"), image.get("h")) == ("image", "8", "5")
    layers = image.findall("stack/layer")
    assert [layer.get("name") for layer in layers] == ["ink", "flats", "smooth"]
    assert [layer.get("visibility") for layer in layers] == ["visible", "visible", "hidden"]
    for layer, given in zip(layers, LAYERS, strict=True):
        np.testing.assert_array_equal(picture(archive, layer.get("src")), given.pixels)


def test_ink_over_flats_looks_like_the_merged_picture(archive):
    ink = Image.open(io.BytesIO(archive.read("data/layer0.png")))
    below = Image.open(io.BytesIO(archive.read("data/layer1.png"))).convert("RGBA")
    shown = np.asarray(Image.alpha_composite(below, ink).convert("RGB")).astype(int)
    assert np.abs(shown - picture(archive, "mergedimage.png")).max() <= 1  # rounded by Pillow


def test_the_same_layers_give_the_same_bytes(tmp_path):
    for name in ("a.ora", "b.ora"):
        write_openraster(LAYERS, tmp_path / name, merged=FLATS)
    assert (tmp_path / "a.ora").read_bytes() == (tmp_path / "b.ora").read_bytes()


def test_the_thumbnail_is_of_256_pixels_at_most_and_keeps_the_shape(tmp_path):
    merged = np.zeros((300, 600, 3), np.uint8)
    write_openraster([Layer(name="a", pixels=merged)], tmp_path / "a.ora", merged=merged)
    with zipfile.ZipFile(tmp_path / "a.ora") as archive:
        assert picture(archive, "Thumbnails/thumbnail.png").shape == (128, 256, 3)


def test_a_layer_of_another_size_is_refused_and_nothing_is_written(tmp_path):
    with pytest.raises(ValueError, match="'flats': expected 8 x 4 pixels.* received 8 x 5"):
        write_openraster(LAYERS[1:], tmp_path / "a.ora", merged=FLATS[:4])
    assert not list(tmp_path.iterdir())


def test_an_existing_file_is_kept(tmp_path):
    (tmp_path / "a.ora").write_text("mine")
    with pytest.raises(OutputExists):
        write_openraster(LAYERS, tmp_path / "a.ora", merged=FLATS)
    write_openraster(LAYERS, tmp_path / "a.ora", merged=FLATS, overwrite=True)
    assert zipfile.is_zipfile(tmp_path / "a.ora")
