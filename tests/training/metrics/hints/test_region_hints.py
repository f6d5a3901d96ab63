import zlib

import numpy as np
import pytest

from training.metrics.hints.region_hints import SHARES, hint_auc, region_hints


def shapes() -> np.ndarray:
    """(64, 64): six rounded, leaning shapes on paper, none of them symmetric."""
    rows, columns = np.mgrid[:64, :64]
    color = np.full((64, 64, 3), 255, np.uint8)
    for top, left, height, width, rgb in (
        (5, 4, 25, 21, (200, 40, 30)),
        (9, 30, 13, 30, (40, 90, 200)),
        (28, 33, 31, 14, (60, 170, 70)),
        (36, 5, 14, 22, (240, 200, 60)),
        (12, 9, 11, 12, (90, 30, 120)),
        (38, 52, 12, 11, (20, 20, 20)),
    ):
        down = np.abs(rows - top - height / 2) / (height / 2)
        right = np.abs(columns - left - width / 2 - (rows - top) / 7) / (width / 2)
        color[down**3 + right**3 < 1] = rgb
    return color


def test_scribbles_are_those_of_hintauc():
    # hintauc 0.3.3: generate_hints(bgr, size=64, path_method="geodesic"), then
    # at_ratio(share, "scribble", tie_break="stable") for each share; as RGBA.
    pictures = region_hints(shapes())
    assert [int((picture[..., 3] > 0).sum()) for picture in pictures] == [
        *(0, 0, 0, 0, 0),
        *(108, 156, 194),
    ]
    assert [zlib.crc32(picture.tobytes()) for picture in pictures[-3:]] == [
        3_494_851_372,
        939_290_790,
        1_768_556_912,
    ]


def test_the_area_under_the_curve_is_that_of_hintauc():
    values = [15, 15.5, 16.25, 17, 18.5, 20, 22, 24]
    assert hint_auc(values) == pytest.approx(21.3275)  # hintauc.hint_auc, 0.3.3


def test_the_area_under_a_constant_is_that_constant():
    assert hint_auc([7.0] * len(SHARES)) == pytest.approx(7)


def test_the_largest_regions_keep_their_scribbles():
    pictures = region_hints(shapes())
    hinted = pictures[..., 3] > 0
    for fewer, more in zip(pictures[:-1], pictures[1:], strict=True):
        covered = fewer[..., 3] > 0
        assert (more[covered] == fewer[covered]).all()
    assert not hinted[0].any()
    # 7 regions: the paper, the largest, is the only one of a quarter of them.
    assert (pictures[5][hinted[5]][:, :3] == 255).all()


def test_a_scribble_has_the_mean_colour_of_its_region_cut_off():
    color = np.zeros((40, 30, 3), np.uint8)
    color[20:] = 201
    color[20:, ::5] = 200  # one region, whose mean is 200.8
    last = region_hints(color)[-1]
    assert {tuple(rgb) for rgb in last[last[..., 3] > 0].tolist()} == {
        (0, 0, 0, 255),
        (200, 200, 200, 255),
    }
