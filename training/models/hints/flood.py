"""Hints that flood the paper between the lines, and the page that floods it too.

What a bucket or a colorize mask does, in pools and products alone: a network can hold it, and every
phone run it. From coarse to fine: ink grows with each coarser level, so that wide fields fill
first and floods meet where it is narrow, as in a watershed that starts from the middle of each
field (Soille and Ansoult 1990). What a flood has reached keeps its colour, flat, as it was given.
Where two colours meet in the open, the finer levels settle which pixel is whose.
"""

from collections.abc import Sequence

import keras
import tensorflow as tf

from training.models.hints.page import HintedPage
from training.models.hints.pixels import doubled, narrowed, neighbourhood_mean, parts

# Pixels that a flood flows at the picture's own size and at each coarser one.
STEPS = (20, 10, 8, 8, 4)
UNDER_INK = 3  # pixels that colour spreads below a line from its sides
# Paper of this lightness, 0 to 1, lets a flood pass, and ink of that stops it. Between two values
# of 8 bits, so that no rounding of a runtime's decides.
OPEN, CLOSED = 200.5 / 255, 198.5 / 255
LEAST = 1e-3  # share of a neighbourhood that a flood has reached: where it has, it is a ninth
# Variance of the colours around a place, [-1, 1], all channels together: from that on they differ.
ALIKE, DIFFERENT = 0.1, 0.3


def flooded_hints(
    lineart: keras.KerasTensor, hints: keras.KerasTensor, *, levels: int
) -> list[keras.KerasTensor]:
    """Return the colour that flowed to each place, the share of it that is the page's, and all.

    lineart: (N, H, W, 1), hints: (N, H, W, 4). Returns (N, H, W, 5): RGB in [-1, 1] and 1 where the
    page came, both times the share in [0, 1] that is reached, and that; under the ink too. Then
    means of it, (N, H / 2^(level + 1), ..., 5) for each level.
    """
    paper = OpenPaper(name="paper")(lineart)
    seeds = HintedPage(name="page")([hints, paper])
    coarser = [(seeds, paper)]
    for level in range(levels):
        narrower = NarrowedPaper(name=f"paper_{level}")(coarser[-1][1])
        pulled = PulledFlood(name=f"flood_pulled_{level}")([coarser[-1][0], narrower])
        coarser.append((pulled, narrower))
    flood = None
    for level in reversed(range(levels + 1)):
        inputs = [*coarser[level], *([] if flood is None else [flood])]
        flood = Flood(STEPS[level], settled=not level, name=f"flood_{level}")(inputs)
    full = SpreadUnderInk(name="flood_under_ink")([flood, paper])
    floods = [full]
    for level in range(levels):
        floods.append(keras.layers.AveragePooling2D(2, name=f"flood_mean_{level}")(floods[-1]))
    return floods


@keras.saving.register_keras_serializable("nurie")
class OpenPaper(keras.layers.Layer):
    """lineart in [-1, 1] -> 1 where a flood passes, 0 where ink stops it."""

    def call(self, lineart: tf.Tensor) -> tf.Tensor:
        """lineart: (N, H, W, 1). Returns the same shape."""
        lightness = 0.5 * (lineart + 1.0)
        return tf.clip_by_value((lightness - CLOSED) / (OPEN - CLOSED), 0.0, 1.0)


@keras.saving.register_keras_serializable("nurie")
class NarrowedPaper(keras.layers.Layer):
    """(N, H, W, 1) -> (N, H/2, W/2, 1): as open as the least open of four pixels."""

    def call(self, paper: tf.Tensor) -> tf.Tensor:
        """paper: as `OpenPaper` returns it."""
        return narrowed(paper)


@keras.saving.register_keras_serializable("nurie")
class PulledFlood(keras.layers.Layer):
    """(N, H, W, C) -> (N, H/2, W/2, C): the mean of what is reached of four pixels, where open."""

    def call(self, inputs: tuple[tf.Tensor, tf.Tensor]) -> tf.Tensor:
        """A flood (N, H, W, C), its share last, and the coarser paper (N, H/2, W/2, 1)."""
        flood, paper = inputs
        total = 4.0 * tf.nn.avg_pool2d(flood, 2, 2, "VALID")
        _, count = parts(total)
        return paper * total / tf.maximum(count, 1.0)


@keras.saving.register_keras_serializable("nurie")
class Flood(keras.layers.Layer):
    """Let colours flow over open paper, a pixel a step, on from where the coarser level got."""

    def __init__(self, steps: int, *, settled: bool, **kwargs):  # type: ignore[no-untyped-def]
        super().__init__(**kwargs)  # name and dtype: what keras.layers.Layer takes
        self.steps, self.settled = steps, settled

    def call(self, inputs: Sequence[tf.Tensor], training: bool | None = None) -> tf.Tensor:
        """Where it begins (N, H, W, C), paper (N, H, W, 1), and the coarser flood, if there is one.

        Returns as the first: values times the share that is reached, and that. Unless it is
        `settled`, nothing where two colours met: finer levels decide there.
        """
        flood, paper, *coarser = inputs
        if coarser:
            _, here = parts(flood)
            flood += (1.0 - here) * paper * doubled(coarser[0])
        flood = _flowed(flood, paper, steps=self.steps, training=bool(training))
        return flood if self.settled else flood * (1.0 - _met(flood, training=bool(training)))

    def get_config(self) -> dict[str, object]:
        """Return the arguments of the constructor, as Keras asks."""
        return {**super().get_config(), "steps": self.steps, "settled": self.settled}


@keras.saving.register_keras_serializable("nurie")
class SpreadUnderInk(keras.layers.Layer):
    """Let a flood spread below the ink beside it, and from there no further.

    The edge of a line is grey: what lies below shows through.
    """

    def call(self, inputs: Sequence[tf.Tensor], training: bool | None = None) -> tf.Tensor:
        """A flood (N, H, W, C), as `Flood` returns it, and paper (N, H, W, 1)."""
        flood, paper = inputs
        return _flowed(flood, 1.0 - paper, steps=UNDER_INK, training=bool(training))


def _flowed(flood: tf.Tensor, paper: tf.Tensor, *, steps: int, training: bool) -> tf.Tensor:
    """Let a flood reach the open neighbours of where it is; what it has reached stays as it is.

    Its share goes apart from its values all the way: to part them anew at each step took a third of
    the net's time on a processor.
    """
    values, reached = parts(flood)
    for _ in range(steps):
        around = neighbourhood_mean(values, training=training)
        share = neighbourhood_mean(reached, training=training)
        more = tf.nn.relu(paper * tf.minimum(9.0 * share, 1.0) - reached)
        more /= tf.maximum(share, LEAST)
        values += more * around
        reached += more * share
    return tf.concat([values, reached], axis=-1)


def _met(flood: tf.Tensor, *, training: bool) -> tf.Tensor:
    """Return 1 where colours around differ, 0 where they are alike: (N, H, W, 1)."""
    values, reached = parts(flood)
    squares = values * values / tf.maximum(reached, LEAST)
    around = neighbourhood_mean(tf.concat([squares, flood], axis=-1), training=training)
    count = squares.shape[-1]
    squares, values, share = tf.split(around, [count, count, 1], axis=-1)
    share = tf.maximum(share, LEAST)
    variance = tf.reduce_sum(squares / share - tf.square(values / share), axis=-1, keepdims=True)
    return tf.clip_by_value((variance - ALIKE) / (DIFFERENT - ALIKE), 0.0, 1.0)
