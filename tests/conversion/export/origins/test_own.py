import pickle
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from conversion.errors import ConversionError
from conversion.export.drawings import Drawings
from conversion.export.origins.asked import Asked
from conversion.export.origins.find import find_origin
from training.data.named import Terms
from training.errors import DataError

TOLD = Asked(input_range=(-1, 1), output_range=(0, 1))


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    """A net that takes any size and halves: -1 to 1 becomes 0 to 1; another that doubles sides."""
    path = tmp_path_factory.mktemp("own") / "gen.keras"
    picture = keras.Input((None, None, 3))
    keras.Model(picture, layers.Rescaling(0.5, 0.5)(picture)).save(path)
    larger = keras.Input((8, 12, 1))
    keras.Model(larger, layers.UpSampling2D(2)(larger)).save(path.with_name("larger.keras"))
    return path


def test_what_only_its_user_knows_is_asked_for(file: Path):
    with pytest.raises(
        ConversionError, match="--input-range.*: -1 1, 0 1 or 0 255.*--output-range"
    ):
        find_origin(file, size=(8, 8))
    with pytest.raises(ConversionError, match=r"gen\.keras takes pictures of any size.*--size 256"):
        find_origin(file, TOLD)
    with pytest.raises(ConversionError, match=r"Of a random picture it made 0\.\d+ to 0\.99"):
        find_origin(file, Asked(input_range=(-1, 1)), size=(8, 8))


def test_it_goes_by_the_name_of_its_file_and_no_folder(file: Path):
    origin = find_origin(file, TOLD, size=(8, 12))
    assert (origin.place, origin.name, origin.exports) == (
        "gen.keras",
        "gen",
        file.parent / "exports" / "gen.keras",
    )
    assert str(file.parent) not in origin.terms + origin.version + origin.does
    stated = origin.under(Terms(licence="MIT")).credit
    assert (stated.licence, stated.credit) == ("MIT", "not stated")


def test_its_ports_are_an_image_and_a_result_with_values_of_their_own(file: Path):
    ports = find_origin(file, TOLD, size=(8, 12)).ports
    assert (ports.taken.name, ports.taken.colors, ports.painted.name) == ("image", "rgb", "result")
    assert (ports.taken.low, ports.taken.high) == (-1, 1)
    assert (ports.painted.scale, ports.painted.bias) == (1 / 255, 0)


def test_it_paints_pixels_as_its_values_say(file: Path):
    origin = find_origin(file, TOLD, size=(8, 12))
    noise = np.random.default_rng(0).integers(0, 256, (2, 8, 12, 3), np.uint8)
    painted = origin.paint(origin.load(), Drawings(lineart=noise))
    np.testing.assert_array_equal(painted, noise)  # half of -1 to 1, and 0.5, is 0 to 1


def test_a_result_may_be_larger_and_grey_is_shown_in_three_channels(file: Path):
    told = Asked(input_range=(0, 1), output_range=(0, 1))
    origin = find_origin(file.with_name("larger.keras"), told)
    grey = np.arange(96, dtype=np.uint8).reshape(1, 8, 12)
    painted = origin.paint(origin.load(), Drawings(lineart=grey))
    assert origin.ports.enlarged == 2
    np.testing.assert_array_equal(painted[0, ::2, ::2], np.repeat(grey[0][..., None], 3, -1))
    with pytest.raises(ConversionError, match="takes pictures of 12x8 pixels alone, received 16"):
        origin.fitting_size((16, 16))


def test_a_size_that_is_remembered_is_the_usual_one(file: Path, tmp_path: Path):
    copy = tmp_path / "gen.keras"
    copy.write_bytes(file.read_bytes())
    find_origin(copy, Asked(**{**vars(TOLD), "remember": True}), size=(8, 12))
    origin = find_origin(copy, size=(16, 16))
    assert (origin.fitting_size(), origin.fitting_size((16, 16))) == ((8, 12), (16, 16))
    assert origin.sha256 == find_origin(file, TOLD, size=(8, 8)).sha256


def test_it_goes_to_another_process_without_its_net(file: Path):
    origin = find_origin(file, TOLD, size=(8, 12))
    origin.load()
    assert pickle.loads(pickle.dumps(origin)) == origin
    assert len(pickle.dumps(origin)) < 5000


def test_without_pictures_nothing_is_calibrated_or_compared(file: Path):
    origin = find_origin(file, TOLD, size=(8, 12))
    for look in (origin.require_drawings, lambda data: origin.compared(data, size=(8, 12))):
        with pytest.raises(DataError, match=r"gen\.keras: .*--drawings FOLDER"):
            look(None)
