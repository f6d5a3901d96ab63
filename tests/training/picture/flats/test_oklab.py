import numpy as np
import pytest

from training.picture.flats.oklab import UNIT, distances, oklab

# Of Ottosson's own linear and conversion code, as others print it, to three digits.
KNOWN = {
    (255, 255, 255): (1.0, 0.0, 0.0),
    (0, 0, 0): (0.0, 0.0, 0.0),
    (255, 0, 0): (0.628, 0.225, 0.126),
    (0, 255, 0): (0.866, -0.234, 0.179),
    (0, 0, 255): (0.452, -0.032, -0.312),
}


@pytest.mark.parametrize(("rgb", "lab"), KNOWN.items())
def test_known_colors_are_where_ottosson_has_them(rgb, lab):
    np.testing.assert_allclose(oklab(np.array(rgb, np.uint8)) / UNIT, lab, atol=1e-3)


def test_distances_are_whole_numbers_rounded_down():
    assert distances(np.array([[0, 0, 0]]), np.array([[1, 1, 1], [3, 4, 0]])).tolist() == [1, 5]
