import numpy as np
import tensorflow as tf

from tests.training.data.variation.test_hints import quarters
from training import pixels
from training.data.variation.batch import add_hints, vary_lines
from training.settings.pictures import AugmentConfig, HintsConfig

KEY = tf.constant([3, -7], tf.int64)


def pictures(count):
    lineart, color = quarters()
    lines = np.repeat(lineart[None, ..., None], count, axis=0)
    return tf.constant(lines), tf.constant(np.repeat(color[None], count, axis=0))


def unit(count):
    return tuple(tf.constant(pixels.to_unit_range(p.numpy())) for p in pictures(count))


def test_a_picture_gets_the_same_hints_whatever_stands_beside_it():
    hints, color = add_hints(*unit(4), key=KEY, config=HintsConfig())
    fewer, first = add_hints(*unit(2), key=KEY, config=HintsConfig())
    np.testing.assert_array_equal(hints[:2], fewer)
    np.testing.assert_array_equal(color[:2], first)


def test_another_key_gives_other_hints():
    config = HintsConfig(none=0.0)
    hints, _ = add_hints(*unit(2), key=KEY, config=config)
    others, _ = add_hints(*unit(2), key=KEY + 1, config=config)
    assert not np.array_equal(hints, others)


def test_hints_are_0_outside_the_mask_and_keep_their_shape_in_a_graph():
    config = HintsConfig(none=0.0)
    drawn = tf.function(lambda a, b: add_hints(a, b, key=KEY, config=config))
    hints, color = drawn(*unit(2))
    assert hints.shape == (2, 33, 33, 4)
    assert color.shape == (2, 33, 33, 3)
    assert set(np.unique(hints[..., 3])) == {0.0, 1.0}
    assert not hints.numpy()[hints[..., 3] == 0].any()


def varied(*, redrawn, known=True):
    lineart, color = pictures(6)
    layer = tf.fill(color.shape, tf.constant(90, tf.uint8))
    augment = AugmentConfig(redrawn=redrawn, line_width_min=3.0)
    return (
        lineart,
        color,
        *vary_lines(lineart, color, layer, tf.fill((6,), known), key=KEY, augment=augment),
    )


def test_only_a_share_of_the_pictures_is_redrawn():
    lineart, _, lines, _ = varied(redrawn=0.5)
    same = [np.array_equal(a, b) for a, b in zip(lineart, lines, strict=True)]
    assert True in same
    assert False in same


def test_a_known_layer_is_what_lies_below_the_new_lines():
    _, _, lines, colors = varied(redrawn=1.0)
    layer = np.full(colors.shape, 90, np.uint8)
    np.testing.assert_array_equal(colors, pixels.under_ink(layer, lines.numpy()[..., 0]))


def test_an_unknown_layer_is_guessed_from_the_colours():
    _, color, lines, colors = varied(redrawn=1.0, known=False)
    clean = lines.numpy()[..., 0] == 255
    seen = clean & (color.numpy() > 0).any(axis=-1)
    np.testing.assert_array_equal(colors.numpy()[seen], color.numpy()[seen])
