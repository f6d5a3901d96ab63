"""Hints that flood the paper between the lines, and the page that floods it too.

What a bucket or a colorize mask does, in maxima and products alone: a network can hold it, and
every phone run it. From coarse to fine: ink grows with each coarser level, so that wide fields
fill first and floods meet where it is narrow, as in a watershed that starts from the middle of each
field (Soille and Ansoult 1990). What a flood has reached keeps its colour, flat, as it was given.
Where two colours meet in the open, the finer levels settle which pixel is whose.
"""

from collections.abc import Sequence

import keras
import tensorflow as tf

from training.models.hints.page import HintedPage
from training.models.hints.pixels import (
    doubled,
    narrowed,
    neighbourhood_maximum,
    neighbourhood_mean,
    parts,
    repeated,
)
from training.models.hints.raised import apart, lowered, reached

# Pixels that a flood flows at the picture's own size and at each coarser one.
STEPS = (20, 10, 8, 8, 4)
UNDER_INK = 3  # pixels that colour spreads below a line from its sides
CLOSED = 199  # lightness of 0 to 255: up to that ink stops a flood, from 200 on it is paper
# Colours around a place differ where their distances, squared, of all channels together come to
# more, of 13.
DIFFERENT = 0.9
LEAST = 1e-3  # share of colours below ink, at most a ninth of itself at each step


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
    floods = [SpreadUnderInk(name="flood_under_ink")([flood, paper])]
    for level in range(levels):
        floods.append(keras.layers.AveragePooling2D(2, name=f"flood_mean_{level}")(floods[-1]))
    return floods


@keras.saving.register_keras_serializable("nurie")
class OpenPaper(keras.layers.Layer):
    """lineart in [-1, 1] -> 1 where a flood passes, 0 where ink stops it."""

    def call(self, lineart: tf.Tensor) -> tf.Tensor:
        """lineart: (N, H, W, 1). Returns the same shape."""
        lightness = 127.5 * (lineart + 1.0)
        return tf.round(tf.clip_by_value(lightness - CLOSED, 0.0, 1.0))


@keras.saving.register_keras_serializable("nurie")
class NarrowedPaper(keras.layers.Layer):
    """(N, H, W, 1) -> (N, H/2, W/2, 1): as open as the least open of four pixels."""

    def call(self, paper: tf.Tensor) -> tf.Tensor:
        """paper: as `OpenPaper` returns it."""
        return narrowed(paper)


@keras.saving.register_keras_serializable("nurie")
class PulledFlood(keras.layers.Layer):
    """(N, H, W, C) -> (N, H/2, W/2, C): what four pixels hold, where open."""

    def call(self, inputs: tuple[tf.Tensor, tf.Tensor]) -> tf.Tensor:
        """A flood (N, H, W, C), raised, and the coarser paper (N, H/2, W/2, 1)."""
        flood, paper = inputs
        return repeated(paper, flood.shape[-1]) * tf.nn.max_pool2d(flood, 2, 2, "VALID")


@keras.saving.register_keras_serializable("nurie")
class Flood(keras.layers.Layer):
    """Let colours flow over open paper, a pixel a step, on from where the coarser level got."""

    def __init__(self, steps: int, *, settled: bool, **kwargs):  # type: ignore[no-untyped-def]
        super().__init__(**kwargs)  # name and dtype: what keras.layers.Layer takes
        self.steps, self.settled = steps, settled

    def call(self, inputs: Sequence[tf.Tensor], training: bool | None = None) -> tf.Tensor:
        """Where it begins (N, H, W, C), paper (N, H, W, 1), and the coarser flood, if there is one.

        Floods are raised. Returns as the first: unless it is `settled`, nothing where two colours
        met, since finer levels decide there.
        """
        flood, paper, *coarser = inputs
        paper = repeated(paper, flood.shape[-1])
        if coarser:
            flood += tf.nn.relu(paper - flood) * doubled(coarser[0])
        flood = _flowed(flood, paper, steps=self.steps, training=bool(training))
        return flood if self.settled else flood * _alike(flood, training=bool(training))

    def get_config(self) -> dict[str, object]:
        """Return the arguments of the constructor, as Keras asks."""
        return {**super().get_config(), "steps": self.steps, "settled": self.settled}


@keras.saving.register_keras_serializable("nurie")
class SpreadUnderInk(keras.layers.Layer):
    """Lower a flood, and let it spread below the ink beside it, and from there no further.

    The edge of a line is grey: what lies below shows through. Between two colours it is the mean,
    weighted by how much of each is around; their middle cost 0.9 dB of portraits with 16 dots.
    """

    def call(self, inputs: Sequence[tf.Tensor], training: bool | None = None) -> tf.Tensor:
        """A flood (N, H, W, 2 C), raised, and paper (N, H, W, 1).

        Returns (N, H, W, C + 1): values, and 1 where any came; 0 elsewhere.
        """
        held, paper = inputs
        here = reached(held)
        flood = tf.concat([lowered(held), here], axis=-1)
        free = tf.maximum(1.0 - paper, here)
        for _ in range(UNDER_INK):
            spread = free * neighbourhood_maximum(here, training=bool(training))
            # A mean over all neighbours, of which only some have a colour. Their share goes along.
            around = neighbourhood_mean(flood, training=bool(training))
            flood += repeated(spread - here, flood.shape[-1]) * around
            here = spread
        _, share = parts(flood)
        return flood / tf.maximum(repeated(share, flood.shape[-1]), LEAST)


def _flowed(flood: tf.Tensor, free: tf.Tensor, *, steps: int, training: bool) -> tf.Tensor:
    """Let a flood reach the neighbours of where it is, if free; what it has reached stays as it is.

    free: 1 or 0, in each channel.
    """
    for _ in range(steps):
        around = neighbourhood_maximum(flood, training=training)
        flood += tf.nn.relu(free - flood) * around  # what is reached is 1 and more
    return flood


def _alike(flood: tf.Tensor, *, training: bool) -> tf.Tensor:
    """Return 1 where colours around are alike, 0 where they differ, in each channel."""
    squares = tf.square(apart(neighbourhood_maximum(flood, training=training)))
    distance = tf.reduce_sum(squares * (0.5 / DIFFERENT), axis=-1, keepdims=True)
    return 1.0 - tf.round(tf.clip_by_value(repeated(distance, flood.shape[-1]), 0.0, 1.0))
