import numpy as np

from conversion.export.sheets import on_sheets


def drawings(count, side):
    return np.arange(count, dtype=np.uint8)[:, None, None] + np.zeros((1, side, side), np.uint8)


def test_drawings_stand_in_rows_in_the_middle_of_the_paper():
    (sheet,) = on_sheets(drawings(3, 2), size=(5, 5))
    paper = 255
    np.testing.assert_array_equal(
        sheet,
        [
            [0, 0, 1, 1, paper],
            [0, 0, 1, 1, paper],
            [2, 2, paper, paper, paper],
            [2, 2, paper, paper, paper],
            [paper] * 5,
        ],
    )


def test_what_has_no_room_begins_another_sheet():
    sheets = on_sheets(drawings(5, 2), size=(4, 4))
    assert sheets.shape == (2, 4, 4)
    assert (sheets[1, :2, :2] == 4).all()
    assert (sheets[1, 2:] == 255).all()


def test_a_drawing_as_large_as_its_sheet_is_unchanged():
    given = np.random.default_rng(0).integers(0, 256, (3, 4, 4), np.uint8)
    np.testing.assert_array_equal(on_sheets(given, size=(4, 4)), given)


def test_hints_stand_where_their_drawing_does_on_a_transparent_background():
    hints = np.arange(1, 4, dtype=np.uint8)[:, None, None, None] + np.zeros((1, 2, 2, 4), np.uint8)
    (sheet,) = on_sheets(hints, size=(4, 4), background=0)
    np.testing.assert_array_equal(
        sheet[..., 3], [[1, 1, 2, 2], [1, 1, 2, 2], [3, 3, 0, 0], [3, 3, 0, 0]]
    )


def test_a_sheet_may_be_wider_than_high():
    (sheet,) = on_sheets(drawings(2, 2), size=(2, 4))
    np.testing.assert_array_equal(sheet, [[0, 0, 1, 1], [0, 0, 1, 1]])
