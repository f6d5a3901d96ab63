import numpy as np

from benchmarks.quality.ways import COMPOSED, FLATS, SMOOTH, by_every_way
from training.picture.finishing.net import Net


def test_only_enlarging_the_composed_picture_touches_the_ink():
    lineart = np.full((128, 160), 255, np.uint8)
    lineart[30:34, 20:140] = lineart[90:94, 20:140] = 0
    lineart[30:94, 20:24] = lineart[30:94, 136:140] = 0
    net = Net(
        paint=lambda lines, hints: np.full((*lines.shape, 3), 120, np.uint8),
        size=(32, 32),
        learned=(1.0, 4.0),
        layer=True,
    )
    pictures = by_every_way(net, lineart, None)
    for name in (SMOOTH, FLATS):
        assert pictures[name][lineart == 0].max() == 0
        assert (pictures[name][40:84, 30:130] == 120).all()
    assert pictures[COMPOSED][lineart == 0].max() > 0
