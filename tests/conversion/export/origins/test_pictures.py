import numpy as np
import pytest
from PIL import Image

from conversion.export.origins.pictures import (
    files_in,
    fitted_pictures,
    named,
    require_pictures,
)
from training.errors import DataError, PictureError


@pytest.fixture
def folder(tmp_path):
    picture = np.zeros((4, 8, 3), np.uint8)
    picture[:, 2:6] = (255, 0, 0)  # what the middle square holds
    (tmp_path / "sub").mkdir()
    Image.fromarray(picture).save(tmp_path / "sub" / "wide.png")
    return tmp_path


def test_pictures_are_cut_about_the_middle_and_scaled(folder):
    (picture,) = fitted_pictures(folder, size=(2, 2), colors="rgb").values()
    np.testing.assert_array_equal(picture, np.broadcast_to((255, 0, 0), (2, 2, 3)))


def test_names_are_paths_in_the_folder_and_grey_is_luma(folder):
    read = fitted_pictures(folder, size=(4, 4), colors="gray")
    assert list(read) == ["sub/wide.png"]
    np.testing.assert_array_equal(read["sub/wide.png"], np.full((4, 4), 76))  # 0.299 * 255


def test_a_picture_of_that_size_stays_as_it_is(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (6, 5, 4), np.uint8)
    noise[0, 0, 3] = 0  # transparent somewhere
    Image.fromarray(noise).save(tmp_path / "a.png")
    (picture,) = fitted_pictures(tmp_path, size=(6, 5), colors="rgba").values()
    np.testing.assert_array_equal(picture, noise)


def test_a_picture_without_transparency_is_refused_by_a_net_of_four_channels(folder):
    with pytest.raises(PictureError, match=r"wide\.png: .*transparency.*alpha channel"):
        fitted_pictures(folder, size=(4, 4), colors="rgba")


def test_a_folder_without_pictures_is_refused(tmp_path):
    with pytest.raises(DataError, match="received a folder without any. Put some there"):
        files_in(tmp_path)
    with pytest.raises(DataError, match="is no folder"):
        files_in(tmp_path / "nowhere")


def test_a_file_that_is_no_picture_is_found_without_reading_the_pictures(folder):
    require_pictures(folder, colors="rgb")
    (folder / "sub" / "wide.png").write_bytes(b"\x89PNG\r\n\x1a\n and nothing more")
    require_pictures(folder, colors="rgb")
    (folder / "drawn.svg").write_text("<svg/>")
    require_pictures(folder, colors="rgba")
    with pytest.raises(PictureError, match=r"drawn\.svg: expected a picture \(PNG"):
        require_pictures(folder, colors="rgb")


def test_a_folder_is_known_by_its_names_and_bytes(folder):
    before = named(folder).sha256
    (folder / "sub" / "wide.png").rename(folder / "sub" / "other.png")
    assert named(folder).sha256 != before
