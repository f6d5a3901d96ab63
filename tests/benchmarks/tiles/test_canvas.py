import numpy as np
import pytest

from benchmarks.tiles.canvas import draw_canvas, on_paper
from training.errors import PictureError


def test_the_canvas_holds_every_drawing_in_its_own_place():
    canvas = draw_canvas(700, 1000)
    assert (canvas.shape, canvas.dtype) == ((700, 1000), np.uint8)
    cells = [
        canvas[row * 175 : (row + 1) * 175, column * 200 : (column + 1) * 200]
        for row in range(4)
        for column in range(5)
    ]
    assert all((cell < 128).mean() > 0.005 for cell in cells[:20])


def test_paper_is_added_below_and_to_the_right():
    padded = on_paper(np.zeros((5, 8), np.uint8), multiple=4)
    assert padded.shape == (8, 8)
    assert (padded[:5] == 0).all()
    assert (padded[5:] == 255).all()


def test_a_canvas_without_room_is_refused_with_the_least_size():
    with pytest.raises(PictureError, match="canvas of 40 x 32 pixels or more, received 30 x 100"):
        draw_canvas(100, 30)
