import numpy as np
import pytest

from training.errors import PictureError
from training.metrics.bleeding import LineContrast, line_contrast
from training.metrics.full_reference import ciede2000

WHITE, BLACK, RED, BLUE, PINK = (
    (255, 255, 255),
    (0, 0, 0),
    (255, 0, 0),
    (0, 0, 255),
    (255, 128, 128),
)


def divided(*, height: int = 24, width: int = 40, line: int = 2) -> np.ndarray:
    """Line art of one upright line in the middle."""
    lineart = np.full((height, width), 255, np.uint8)
    first = width // 2 - 1
    lineart[:, first : first + line] = 0
    return lineart


def painted(lineart: np.ndarray, left: tuple[int, ...], right: tuple[int, ...]) -> np.ndarray:
    """Two colours, one on each side of the line, and the ink on top."""
    picture = np.empty((*lineart.shape, 3), np.uint8)
    picture[:, : lineart.shape[1] // 2], picture[:, lineart.shape[1] // 2 :] = left, right
    picture[lineart < 128] = BLACK
    return picture


def difference(first: tuple[int, ...], second: tuple[int, ...]) -> float:
    one, other = (np.full((1, 1, 3), color, np.uint8) for color in (first, second))
    return float(ciede2000(one, other)[0, 0])


def test_the_truth_loses_nothing():
    lineart = divided()
    truth = painted(lineart, RED, WHITE)
    measured = line_contrast(truth, truth, lineart)
    assert measured.crossings == 24  # one in each row, none along columns
    assert measured.true == pytest.approx(difference(RED, WHITE))
    assert measured.lost == 0


def test_one_colour_on_both_sides_loses_everything():
    lineart = divided()
    measured = line_contrast(painted(lineart, PINK, PINK), painted(lineart, RED, WHITE), lineart)
    assert measured.lost == pytest.approx(measured.true) == pytest.approx(difference(RED, WHITE))


def test_a_colour_that_runs_over_the_line_in_a_quarter_of_its_length_loses_a_quarter():
    lineart = divided()
    truth = painted(lineart, RED, WHITE)
    bled = truth.copy()
    bled[:6, 20:26] = RED  # rows 0 to 5 of 24, behind the line
    bled[lineart < 128] = BLACK
    measured = line_contrast(bled, truth, lineart)
    assert measured.lost == pytest.approx(measured.true / 4)


def test_pale_colours_lose_what_they_lack():
    lineart = divided()
    measured = line_contrast(painted(lineart, PINK, WHITE), painted(lineart, RED, WHITE), lineart)
    assert measured.lost == pytest.approx(difference(RED, WHITE) - difference(PINK, WHITE))


def test_other_colours_that_differ_more_lose_nothing_and_make_up_for_nothing():
    lineart = divided()
    truth = painted(lineart, PINK, WHITE)
    other = painted(lineart, BLUE, WHITE)
    assert difference(BLUE, WHITE) > difference(PINK, WHITE)
    assert line_contrast(other, truth, lineart).lost == 0
    other[:12, 21:] = BLUE  # half of the rows lose all; the other half must not pay for it
    assert line_contrast(other, truth, lineart).lost == pytest.approx(difference(PINK, WHITE) / 2)


def test_the_sides_are_the_second_pixels_of_paper():
    lineart = divided()  # ink in columns 19 and 20
    truth = painted(lineart, RED, WHITE)
    half_covered = truth.copy()
    half_covered[:, [18, 21]] = (90, 90, 90)  # first pixels
    assert line_contrast(half_covered, truth, lineart).lost == 0
    beyond = truth.copy()
    beyond[:, [16, 23]] = (90, 90, 90)  # third pixels
    assert line_contrast(beyond, truth, lineart).lost == 0
    second = truth.copy()
    second[:, [17, 22]] = (90, 90, 90)
    assert line_contrast(second, truth, lineart).lost == pytest.approx(difference(RED, WHITE))


def test_columns_count_as_rows_do():
    lineart = divided()
    truth, pale = painted(lineart, RED, WHITE), painted(lineart, PINK, WHITE)
    upright = line_contrast(pale, truth, lineart)
    lying = line_contrast(pale.swapaxes(0, 1), truth.swapaxes(0, 1), lineart.T)
    assert lying == upright


def test_ink_longer_than_an_eighth_of_the_shorter_side_is_no_line():
    # 24 pixels: up to 3.
    for line, crossings in ((3, 24), (4, 0)):
        lineart = divided(line=line)
        truth = painted(lineart, RED, WHITE)
        assert line_contrast(truth, truth, lineart).crossings == crossings


def test_a_line_at_the_border_and_one_beside_another_have_no_two_sides():
    lineart = np.full((24, 40), 255, np.uint8)
    lineart[:, [0, 38]] = 0  # no paper beyond, or one pixel of it
    lineart[:, [10, 12]] = 0  # one pixel of paper between them
    truth = painted(lineart, RED, WHITE)
    assert line_contrast(truth, truth, lineart).crossings == 0
    lineart[:, 12] = 255
    truth = painted(lineart, RED, WHITE)
    assert line_contrast(truth, truth, lineart).crossings == 24


def test_every_line_of_a_row_is_a_crossing():
    lineart = np.full((24, 40), 255, np.uint8)
    lineart[:, [8, 16, 30]] = 0
    truth = painted(lineart, WHITE, WHITE)
    truth[:, :8] = RED
    measured = line_contrast(truth, truth, lineart)
    assert measured.crossings == 72
    assert measured.true == pytest.approx(difference(RED, WHITE) / 3)  # one line of three parts


def test_a_drawing_without_lines_has_nothing_to_lose():
    lineart = np.full((24, 40), 255, np.uint8)
    picture = painted(lineart, RED, WHITE)
    assert line_contrast(picture, picture, lineart) == LineContrast(crossings=0, true=0, lost=0)


def test_crossings_agree_with_a_search_pixel_by_pixel():
    lineart = np.where(np.random.default_rng(4).random((19, 26)) < 0.3, 0, 255).astype(np.uint8)
    found = 0
    for rows in (lineart, lineart.T):
        for row in rows:
            text = "".join("x" if value < 128 else "." for value in row)
            for start in range(len(text)):
                for length in (1, 2):  # 19 // 8 = 2
                    window = text[start - 2 : start + length + 2] if start >= 2 else ""
                    found += window == ".." + length * "x" + ".."
    truth = np.random.default_rng(5).integers(0, 256, (19, 26, 3), dtype=np.uint8)
    assert found > 10
    assert line_contrast(truth, truth, lineart).crossings == found


@pytest.mark.parametrize(
    ("lineart", "message"),
    [
        (divided(width=39), r"line art as uint8 \(24, 40\), received uint8 \(24, 39\)"),
        (divided().astype(np.float32), "received float32"),
        (divided()[..., np.newaxis], r"received uint8 \(24, 40, 1\)"),
    ],
)
def test_line_art_that_does_not_belong_to_the_pictures_is_refused(
    lineart: np.ndarray, message: str
):
    picture = painted(divided(), RED, WHITE)
    with pytest.raises(PictureError, match=message):
        line_contrast(picture, picture, lineart)
