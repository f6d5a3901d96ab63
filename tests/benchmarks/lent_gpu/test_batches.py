import numpy as np

from benchmarks.lent_gpu.batches import Recipe, make_example
from benchmarks.lent_gpu.pictures import Pictures
from tests.training.data.variation.test_hints import quarters
from training.pixels import under_ink
from training.settings.pictures import AugmentConfig, HintsConfig

PLAIN = AugmentConfig(flip=False, jitter=0)


def pictures():
    """One picture with a layer and two line drawings: black ink, and grey."""
    lines, layer = quarters()
    layer[lines == 0] = 200
    both = np.stack([lines, np.maximum(lines, 100)])
    return Pictures(
        lines=both,
        first=np.array([0, 2]),
        colors=under_ink(layer, lines)[None],
        layers=layer[None],
        layer_of=np.array([0]),
    )


def examples(augment, *, hints=None, count=20):
    recipe = Recipe(size=33, count=1, seed=0, epochs=1, steps=1, augment=augment, hints=hints)
    return [make_example(recipe, pictures(), 0, epoch=epoch) for epoch in range(count)]


def test_without_other_pens_the_first_lines_are_drawn_with_the_colours_as_stored():
    known = pictures()
    for drawn in examples(PLAIN):
        np.testing.assert_array_equal(drawn["lineart"][..., 0], known.lines[0])
        np.testing.assert_array_equal(drawn["color"], known.colors[0])


def test_with_other_pens_every_line_drawing_is_shown_with_colours_of_its_own():
    known = pictures()
    redrawn = AugmentConfig(flip=False, jitter=0, redrawn=1e-9)
    shown = set()
    for drawn in examples(redrawn):
        lines = drawn["lineart"][..., 0]
        shown.add(int(lines.min()))
        np.testing.assert_array_equal(drawn["color"], under_ink(known.layers[0], lines))
    assert shown == {0, 100}


def test_hints_are_drawn_and_differ_from_epoch_to_epoch():
    first, second, *_ = examples(PLAIN, hints=HintsConfig(none=0.0))
    assert set(np.unique(first["hints"][..., 3])) == {0, 255}
    assert not np.array_equal(first["hints"], second["hints"])
