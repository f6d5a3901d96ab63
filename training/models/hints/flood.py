"""Hints that flood the paper between the lines, as a bucket does, at every level of an encoder.

From coarse to fine: ink grows with each coarser level, so that nothing flows over a line there,
and what is too narrow is reached at a finer one. A hint grows at full size first, where no line is
thinner than a pixel: it begins to flow on its own side.

Where lines are open a flood runs out over the page. So the page, too, floods the paper, from the
picture's border, and shares with the hints what both reach: in a figure that is almost closed it
gets little, around it almost all (the probabilities of Grady 2006, Random walks for image
segmentation, with fewer steps).
"""

from collections.abc import Sequence

import keras
import tensorflow as tf

from training.models.hints.around import pulled_hints
from training.models.hints.pixels import doubled, neighbourhood_mean, parts

# Steps of a flood, each a pixel there: at first and at last at full size, and at each level.
GROWN, LAST, STEPS = 3, 1, (6, 6, 4, 2, 2)
UNDER_INK = 2  # pixels that colour spreads below a line from its sides
# Paper of this lightness, 0 to 1, lets all of a flood pass, and of that none.
OPEN, CLOSED = 0.95, 0.75
LEAST = 1e-3  # share of a neighbourhood that a flood has reached: where it has, it is a ninth


def flooded_hints(
    lineart: keras.KerasTensor, hints: keras.KerasTensor, *, levels: int
) -> list[keras.KerasTensor]:
    """Return colour that flowed from the hints, times the share in [0, 1] that is reached, and it.

    lineart: (N, H, W, 1), hints: (N, H, W, 4). Returns (N, H, W, 4), under the ink too, and then
    (N, H / 2^(level + 1), ..., 6) for each level, between the lines: two channels more, what of it
    is the page's and not the hints', and what either reached.
    """
    paper = OpenPaper(name="paper")(lineart)
    grown = Flood(GROWN, name="hints_grown")([hints, paper])
    papers, narrowed = [], paper
    for level in range(levels):
        narrowed = NarrowedPaper(name=f"paper_{level}")(narrowed)
        papers.append(narrowed)
    pulled = pulled_hints(grown, levels=levels, name="flood_pulled")
    floods: list[keras.KerasTensor] = []
    pages: list[keras.KerasTensor] = []
    for level in reversed(range(levels)):
        steps, here, narrowed = STEPS[level], pulled[level], papers[level]
        floods.append(Flood(steps, name=f"flood_{level}")([here, narrowed, *floods[-1:]]))
        rivals = PageAndHints(name=f"page_and_hints_{level}")([here, narrowed])
        pages.append(Flood(steps, name=f"page_{level}")([rivals, narrowed, *pages[-1:]]))
    full = Flood(LAST, name="flood_full")([grown, paper, floods[-1]])
    full = SpreadUnderInk(name="flood_under_ink")([full, paper])
    both = [
        keras.layers.Concatenate(name=f"flood_and_page_{levels - 1 - i}")(pair)
        for i, pair in enumerate(zip(floods, pages, strict=True))
    ]
    return [full, *both[::-1]]


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
    """Let hints flow over open paper, a pixel a step, on from where the coarser level got."""

    def __init__(self, steps: int, **kwargs):  # type: ignore[no-untyped-def]
        super().__init__(**kwargs)  # name and dtype: what keras.layers.Layer takes
        self.steps = steps

    def call(self, inputs: Sequence[tf.Tensor], training: bool | None = None) -> tf.Tensor:
        """Hints (N, H, W, C + 1), paper (N, H, W, 1), and the coarser flood, if there is one.

        Returns as the first: colour times what share is reached, and that share.
        """
        hints, paper, *coarser = inputs
        # A pixel that holds ink as well lies on both sides of it: nothing flows from there.
        hinted, here = parts(hints * paper)
        reached, color = here, hinted
        if coarser:
            flowed, flood = parts(doubled(coarser[0]))
            reached = tf.maximum(here, flood * paper)
            color = hinted + (1.0 - here) * flowed / tf.maximum(flood, LEAST)
        for _ in range(self.steps):
            state = tf.concat([color * reached, reached], axis=-1)
            flowed, share = parts(neighbourhood_mean(state, training=bool(training)))
            color = hinted + (1.0 - here) * flowed / tf.maximum(share, LEAST)
            reached = tf.maximum(here, tf.minimum(9.0 * share, 1.0) * paper)
        return tf.concat([color * reached, reached], axis=-1)

    def get_config(self) -> dict[str, object]:
        """Return the arguments of the constructor, as Keras asks."""
        return {**super().get_config(), "steps": self.steps}


@keras.saving.register_keras_serializable("nurie")
class PageAndHints(keras.layers.Layer):
    """Where two floods begin: 1 where it is the page's, and 1 where it is any."""

    def call(self, inputs: tuple[tf.Tensor, tf.Tensor]) -> tf.Tensor:
        """Pulled hints (N, H, W, 4) and paper (N, H, W, 1). Returns (N, H, W, 2)."""
        hints, paper = inputs
        _, hinted = parts(hints)
        beyond = tf.pad(tf.zeros_like(paper), [[0, 0], [1, 1], [1, 1], [0, 0]], constant_values=1.0)
        border = tf.nn.max_pool2d(beyond, 3, 1, "VALID")
        page = border * (1.0 - hinted)
        return tf.concat([page, page + hinted], axis=-1)


@keras.saving.register_keras_serializable("nurie")
class SpreadUnderInk(keras.layers.Layer):
    """Let a flood spread below the ink beside it, and from there no further.

    The edge of a line is grey: what lies below shows through.
    """

    def call(self, inputs: Sequence[tf.Tensor], training: bool | None = None) -> tf.Tensor:
        """A flood (N, H, W, 4), as `Flood` returns it, and paper (N, H, W, 1)."""
        flood, paper = inputs
        for _ in range(UNDER_INK):
            around = neighbourhood_mean(flood, training=bool(training))
            _, share = parts(around)
            _, reached = parts(flood)
            dry = (1.0 - paper) * (1.0 - reached)
            flood += dry * around * tf.minimum(9.0 * share, 1.0) / tf.maximum(share, LEAST)
        return flood
