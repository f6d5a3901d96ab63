import cv2
import numpy as np
import pytest

from training.picture.paper import divide_by_light, divide_by_tone, measure_paper

# Cells are smoothed over a twelfth of the sheet: where light changes within one, it is off by that.
SMOOTHED = 0.06


def sheet(light, height=120, width=180):
    """Paper of a given light, with lines upon it that take nine tenths of it."""
    drawn = np.ones((height, width), np.float32)
    for column in range(20, width, 40):
        cv2.line(drawn, (column, 10), (column + 12, height - 10), 0.1, 3)
    return np.uint8(np.round(drawn * light)), drawn


def falling_off(height=120, width=180):
    return np.linspace(250, 120, width)[np.newaxis] * np.ones((height, 1))


def test_the_light_of_the_paper_is_found_below_the_lines():
    picture, _ = sheet(falling_off())
    paper = measure_paper(picture)
    found = cv2.resize(paper.cells, (180, 120), interpolation=cv2.INTER_LINEAR)
    assert paper.uneven
    assert np.abs(found / falling_off() - 1).max() < SMOOTHED


def test_divided_by_its_light_a_sheet_is_white_and_its_lines_are_as_dark_as_they_were():
    picture, drawn = sheet(falling_off())
    divided = divide_by_light(picture, measure_paper(picture))
    np.testing.assert_allclose(divided / 255, drawn, atol=SMOOTHED)


def test_each_channel_has_its_own_light():
    picture, drawn = sheet(falling_off())
    colored = np.uint8(np.round(picture[..., np.newaxis] * (1.0, 0.9, 0.7)))
    paper = measure_paper(colored)
    divided = divide_by_light(colored, paper)
    np.testing.assert_allclose(divided / 255, np.dstack([drawn] * 3), atol=SMOOTHED)
    np.testing.assert_allclose(paper.lightest / paper.lightest[0], (1, 0.9, 0.7), atol=0.02)


@pytest.mark.parametrize("level", [255, 200, 40])
def test_evenly_lit_paper_has_one_tone(level):
    picture, _ = sheet(level)
    paper = measure_paper(picture)
    assert not paper.uneven
    assert paper.lightest.tolist() == [level]


def test_areas_of_a_few_tones_are_no_light_that_falls_off():
    picture, _ = sheet(255)
    picture[20:100, 30:90], picture[40:110, 110:160] = 150, 90
    assert not measure_paper(picture).uneven


def test_divided_by_its_tone_paper_is_white_and_areas_of_grey_remain():
    picture = np.uint8([[200, 100, 0, 255]])
    paper = measure_paper(np.full((9, 9), 200, np.uint8))
    np.testing.assert_array_equal(divide_by_tone(picture, paper), [[255, 128, 0, 255]])


def test_divided_by_its_colour_paper_is_white():
    tinted = np.uint8(np.broadcast_to((240, 200, 100), (9, 9, 3)))
    np.testing.assert_array_equal(divide_by_tone(tinted, measure_paper(tinted)), 255)


def test_what_is_darker_than_any_shadow_is_ink_and_not_divided_out():
    picture, _ = sheet(falling_off())
    picture[20:100, 40:120] = 8
    divided = divide_by_light(picture, measure_paper(picture))
    assert divided[30:90, 50:110].max() < 30
