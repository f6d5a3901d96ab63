"""What the hints say of a place, at every level of an encoder: around it, and between its lines.

A hint is a few pixels of many. Averaged down level by level, only over where there is one (pull),
and filled up again from coarse to fine (push), it reaches every place as the colour of the hints
near it (Gortler et al. 1996, The Lumigraph, 5.4). And it floods the paper between the lines, from
coarse to fine too, as a bucket does: ink grows with each coarser level, so that nothing flows over
a line there, and what is too narrow is reached at a finer one. Nothing here is learned.
"""

from collections.abc import Sequence

import keras
import tensorflow as tf

FEWEST = 1e-4  # share of hinted places: where there is one, it is more
# Steps of a flood at each level, finest first: each is a pixel of that level.
STEPS = (6, 6, 4, 2, 2)
# Paper of this lightness, 0 to 1, lets all of a flood pass, and of that none.
OPEN, CLOSED = 0.95, 0.75
LEAST = 1e-3  # share of a neighbourhood that a flood has reached: where it has, it is a ninth


def told_levels(inputs: Sequence[keras.KerasTensor]) -> list[keras.KerasTensor]:
    """Return for each level, (N, H / 2^(level + 1), ..., 8), what a decoder is told there.

    inputs: lineart (N, H, W, 1) and hints (N, H, W, 4). The colour around and the mask there, as
    `filled_hints`; the colour of a flood times where it is, and where it is, as `flooded_hints`.
    """
    lineart, hints = inputs
    pulled = pulled_hints(hints, levels=len(STEPS))
    around, floods = filled_hints(pulled), flooded_hints(lineart, pulled)
    return [
        keras.layers.Concatenate(name=f"told_{level}")([one, other])
        for level, (one, other) in enumerate(zip(around, floods, strict=True))
    ]


def pulled_hints(hints: keras.KerasTensor, *, levels: int) -> list[keras.KerasTensor]:
    """Return hints for each level, (N, H / 2^(level + 1), ..., 4), finest first.

    hints: (N, H, W, 4), RGB in [-1, 1] times the mask, and the mask.
    """
    pulled = []
    for level in range(levels):
        hints = PulledHints(name=f"hints_pulled_{level}")(hints)
        pulled.append(hints)
    return pulled


def filled_hints(pulled: Sequence[keras.KerasTensor]) -> list[keras.KerasTensor]:
    """Return for each level, as `pulled`: the colour of the hints around, and the mask there.

    Colours are 0 where the picture has no hint.
    """
    *finer, coarsest = pulled
    around = MeanHint(name="hints_mean")(coarsest)
    filled = [FillFromMean(name=f"hints_filled_{len(finer)}")([coarsest, around])]
    for level in reversed(range(len(finer))):
        filled.append(PushedHints(name=f"hints_filled_{level}")([pulled[level], filled[-1]]))
    return filled[::-1]


def flooded_hints(
    lineart: keras.KerasTensor, pulled: Sequence[keras.KerasTensor]
) -> list[keras.KerasTensor]:
    """Return for each level, as `pulled`: colour that flowed from the hints, and where to.

    lineart: (N, H, W, 1). The colour is times the share in [0, 1] that is reached.
    """
    papers = []
    paper = OpenPaper(name="paper")(lineart)
    for level in range(len(pulled)):
        paper = NarrowedPaper(name=f"paper_{level}")(paper)
        papers.append(paper)
    floods: list[keras.KerasTensor] = []
    for level in reversed(range(len(pulled))):
        coarser = floods[-1:]
        flood = Flood(STEPS[level], finest=level == 0, name=f"flood_{level}")
        floods.append(flood([pulled[level], papers[level], *coarser]))
    return floods[::-1]


@keras.saving.register_keras_serializable("nurie")
class PulledHints(keras.layers.Layer):
    """(N, H, W, 4) -> (N, H/2, W/2, 4): the mean of the hints among four pixels, where any is."""

    def call(self, hints: tf.Tensor) -> tf.Tensor:
        """The mask is 0 or 1 again where it was: colours are divided by the number of hints."""
        total = 4.0 * tf.nn.avg_pool2d(hints, 2, 2, "VALID")
        _, count = _parts(total)
        return total / tf.maximum(count, 1.0)


@keras.saving.register_keras_serializable("nurie")
class MeanHint(keras.layers.Layer):
    """(N, H, W, 4) -> (N, 1, 1, 4): the mean of all hints, and 1; 0 where there is none."""

    def call(self, hints: tf.Tensor) -> tf.Tensor:
        """hints: as `PulledHints` returns them."""
        mean = tf.reduce_mean(hints, axis=(1, 2), keepdims=True)
        _, share = _parts(mean)
        return mean / tf.maximum(share, FEWEST)


@keras.saving.register_keras_serializable("nurie")
class FillFromMean(keras.layers.Layer):
    """Give places without a hint the colour of the mean; the mask stays."""

    def call(self, inputs: tuple[tf.Tensor, tf.Tensor]) -> tf.Tensor:
        """Pulled hints (N, H, W, 4) and `MeanHint` (N, 1, 1, 4). Returns as the first."""
        return _filled(*inputs)


@keras.saving.register_keras_serializable("nurie")
class PushedHints(keras.layers.Layer):
    """Give places without a hint the colour of the coarser level; the mask stays."""

    def call(self, inputs: tuple[tf.Tensor, tf.Tensor]) -> tf.Tensor:
        """Pulled hints (N, H, W, 4) and the coarser level, filled: half as large."""
        pulled, coarser = inputs
        return _filled(pulled, _doubled(coarser))


@keras.saving.register_keras_serializable("nurie")
class OpenPaper(keras.layers.Layer):
    """lineart in [-1, 1] -> 1 where a flood passes, 0 where ink stops it, between by lightness."""

    def call(self, lineart: tf.Tensor) -> tf.Tensor:
        """lineart: (N, H, W, 1). Returns the same shape."""
        lightness = 0.5 * (lineart + 1.0)
        return tf.clip_by_value((lightness - CLOSED) / (OPEN - CLOSED), 0.0, 1.0)


@keras.saving.register_keras_serializable("nurie")
class NarrowedPaper(keras.layers.Layer):
    """(N, H, W, 1) -> (N, H/2, W/2, 1): as open as the least open of four pixels."""

    def call(self, paper: tf.Tensor) -> tf.Tensor:
        """paper: as `OpenPaper` returns it."""
        return 1.0 - tf.nn.max_pool2d(1.0 - paper, 2, 2, "VALID")


@keras.saving.register_keras_serializable("nurie")
class Flood(keras.layers.Layer):
    """Let hints flow over open paper, a pixel a step, on from where the coarser level got.

    finest: let those flow, too, whose pixel holds ink.
    """

    def __init__(self, steps: int, *, finest: bool, **kwargs):  # type: ignore[no-untyped-def]
        super().__init__(**kwargs)  # name and dtype: what keras.layers.Layer takes
        self.steps, self.finest = steps, finest

    def call(self, inputs: Sequence[tf.Tensor]) -> tf.Tensor:
        """Pulled hints (N, H, W, 4), paper (N, H, W, 1), and the coarser flood, if there is one.

        Returns as the first: colour times what share is reached, and that share.
        """
        hints, paper, *coarser = inputs
        if not self.finest:
            # A coarse pixel that holds ink as well lies on both sides of it.
            hints = hints * paper
        hinted, here = _parts(hints)
        reached = here
        color = hinted
        if coarser:
            flowed, flood = _parts(_doubled(coarser[0]))
            reached = tf.maximum(here, flood * paper)
            color = hinted + (1.0 - here) * flowed / tf.maximum(flood, LEAST)
        for _ in range(self.steps):
            around = tf.nn.avg_pool2d(tf.concat([color * reached, reached], axis=-1), 3, 1, "SAME")
            flowed, share = _parts(around)
            color = hinted + (1.0 - here) * flowed / tf.maximum(share, LEAST)
            reached = tf.maximum(here, tf.minimum(9.0 * share, 1.0) * paper)
        return tf.concat([color * reached, reached], axis=-1)

    def get_config(self) -> dict[str, object]:
        """Return the arguments of the constructor, as Keras asks."""
        return {**super().get_config(), "steps": self.steps, "finest": self.finest}


@keras.saving.register_keras_serializable("nurie")
class DepthToSpace(keras.layers.Layer):
    """(N, H, W, 4 C) -> (N, 2 H, 2 W, C): the sub-pixel layout of Shi et al. 2016."""

    def call(self, x: tf.Tensor) -> tf.Tensor:
        """x: channels of the upper left, upper right, lower left, lower right pixel in turn."""
        return tf.nn.depth_to_space(x, 2)


def _doubled(x: tf.Tensor) -> tf.Tensor:
    """Repeat each pixel to four: copies side by side in depth become neighbours."""
    return tf.nn.depth_to_space(tf.concat(4 * [x], axis=-1), 2)


def _filled(hints: tf.Tensor, behind: tf.Tensor) -> tf.Tensor:
    color, mask = _parts(hints)
    color += (1.0 - mask) * _parts(behind)[0]
    return tf.concat([color, mask], axis=-1)


def _parts(hints: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Part colours (N, H, W, 3) from the mask (N, H, W, 1)."""
    # Not by slices: coremltools moves no transpose through one, and would leave 26 of them.
    color, mask = tf.split(hints, [3, 1], axis=-1)
    return color, mask
