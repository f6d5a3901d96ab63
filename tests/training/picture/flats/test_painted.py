import numpy as np
import pytest

from training.picture.flats.painted import Painted
from training.picture.working.placement import Placement

PLACED = Placement(scale=(1, 1), left=0, top=0)


def test_a_cell_with_more_than_8_percent_of_ink_is_not_clean():
    working = np.array([[255, 235], [234, 0]], np.uint8)  # 0, 7.8, 8.2 and 100 %
    painted = Painted(layer=np.zeros((2, 2, 3), np.uint8), working=working, placement=PLACED)
    assert painted.clean().tolist() == [True, True, False, False]


def test_a_layer_of_another_size_is_refused():
    with pytest.raises(ValueError, match=r"received \(2, 3, 3\) and \(3, 2\)"):
        Painted(
            layer=np.zeros((2, 3, 3), np.uint8),
            working=np.zeros((3, 2), np.uint8),
            placement=PLACED,
        )
