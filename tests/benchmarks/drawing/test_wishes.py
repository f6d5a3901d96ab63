import numpy as np
import pytest

from benchmarks.drawing.samples import sample_drawings
from benchmarks.drawing.wishes import WISHES, wished

SIZE = 256


@pytest.mark.parametrize("name", WISHES)
def test_every_dot_lies_beside_the_ink_of_its_drawing(name):
    (drawing,) = (one for one in sample_drawings(SIZE) if one.name == name)
    for dots in WISHES[name]:
        hints = wished(dots, size=SIZE)
        covered = drawing.lineart[hints[..., 3] > 0]
        assert (covered == 255).mean() > 0.9
        assert len(np.unique(hints[hints[..., 3] > 0], axis=0)) == len({dot[2] for dot in dots})


def test_a_dot_has_its_colour_at_its_place_and_at_least_a_pixel():
    hints = wished([(0.25, 0.5, "#0a14ff")], size=16)
    np.testing.assert_array_equal(hints[8, 4], (10, 20, 255, 255))
    assert (hints[..., 3] > 0).sum() > 1
    assert not hints[hints[..., 3] == 0].any()
