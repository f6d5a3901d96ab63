"""The page around a figure, as white as a hint would say: a rival of the hints.

Lines of drawings are often open, and a flood runs out over the page. So the page floods the figure
as the hints do, and the two meet where it is narrow (training/models/hints/flood.py).
"""

import keras
import tensorflow as tf

from training.models.hints.pixels import doubled, narrowed, neighbourhood_maximum, parts, repeated
from training.models.hints.raised import raised

# The page is paper at the picture's border that has more paper around it, on all sides, than lies
# between the lines of most figures: so many pixels of half the size.
MARGIN = 4
# Pixels that it, and what is hinted of it, flows at half the picture's size, a quarter, an eighth.
STEPS = (8, 8, 16)


@keras.saving.register_keras_serializable("nurie")
class HintedPage(keras.layers.Layer):
    """Add to hints white ones wherever the page is, unless some hint colours the page itself."""

    def call(self, inputs: tuple[tf.Tensor, tf.Tensor], training: bool | None = None) -> tf.Tensor:
        """Hints (N, H, W, 4) and paper (N, H, W, 1), 1 where a flood passes.

        Returns (N, H, W, 8): colour, and 1 where it is the page's and nobody's hint, raised
        (training/models/hints/raised.py) where one or the other is.
        """
        hints, paper = inputs
        given = hints * repeated(paper, 4)
        _, mask = parts(given)
        # What is all paper. Beyond the border nothing is known, and nothing is in the way.
        wide = narrowed(paper)
        for _ in range(MARGIN):
            wide = -neighbourhood_maximum(-wide, training=bool(training))
        hinted = _flowed(tf.nn.max_pool2d(mask, 2, 2, "VALID") * wide, wide, training=training)
        left = wide - hinted
        page = doubled(_flowed(_border(wide) * left, left, training=training))
        page -= page * mask
        colors = given + tf.concat([page, page, page, page - mask], axis=-1)
        return raised(colors, mask + page)


def _flowed(start: tf.Tensor, paper: tf.Tensor, *, training: bool | None) -> tf.Tensor:
    """Let what begins at 1 flow over paper, first in large steps; both (N, h, w, 1)."""
    levels = [(start * paper, paper)]
    for _ in STEPS[1:]:
        start, paper = levels[-1]
        paper = narrowed(paper)
        levels.append((tf.nn.max_pool2d(start, 2, 2, "VALID") * paper, paper))
    reached = None
    for (start, paper), steps in reversed(list(zip(levels, STEPS, strict=True))):
        reached = start if reached is None else tf.maximum(start, doubled(reached))
        for _ in range(steps):
            reached = paper * neighbourhood_maximum(reached, training=bool(training))
    return reached


def _border(like: tf.Tensor) -> tf.Tensor:
    """Return 1 at the border of a picture, and 0 within: (N, h, w, 1)."""
    beyond = tf.pad(tf.zeros_like(like), [[0, 0], [1, 1], [1, 1], [0, 0]], constant_values=1.0)
    return tf.nn.max_pool2d(beyond, 3, 1, "VALID")
