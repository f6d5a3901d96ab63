import numpy as np

from benchmarks.lent_gpu.pictures import load_pictures, pack_pictures
from training.pixels import under_ink

RNG = np.random.default_rng(0)


def drawn(*shape):
    return RNG.integers(0, 256, (*shape, 8, 8), np.uint8)


def colors():
    return RNG.integers(0, 256, (8, 8, 3), np.uint8)


def test_pictures_come_back_with_their_lines_layers_and_colours(tmp_path):
    layer, lines = colors(), list(drawn(3))
    pairs = [
        (under_ink(layer, lines[0]), lines, layer),
        (colors(), list(drawn(1)), None),
        (colors(), list(drawn(2)), colors()),  # not exactly its layer under its lines
    ]
    pack_pictures(iter(pairs), tmp_path / "packed", sha256="0")
    pictures = load_pictures(tmp_path / "packed")
    assert len(pictures) == 3
    for i, (color, lines, layer) in enumerate(pairs):
        np.testing.assert_array_equal(pictures.colors[i], color)
        first, last = pictures.first[i : i + 2]
        np.testing.assert_array_equal(pictures.lines[first:last], lines)
        below = pictures.layer_of[i]
        assert (below < 0) == (layer is None)
        if layer is not None:
            np.testing.assert_array_equal(pictures.layers[below], layer)
