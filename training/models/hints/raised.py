"""Colours that maxima alone carry on: each is held twice, above 0, and 0 is where none is.

A colour c in [-1, 1] is held as 2 + c and 2 - c, one after the other in depth. The maximum over a
neighbourhood passes by where no colour is; where several are, it holds the largest and the smallest
value of each channel, which is to say their middle and how far they are apart.
"""

import tensorflow as tf

from training.models.hints.pixels import repeated

MIDDLE = 2.0  # what stands for 0, which all colours keep above 1 with


def raised(colors: tf.Tensor, reached: tf.Tensor) -> tf.Tensor:
    """Raise colours (N, H, W, C), times what is reached of them: (N, H, W, 1), 0 or 1."""
    middle = MIDDLE * repeated(reached, colors.shape[-1])
    return tf.concat([middle + colors, middle - colors], axis=-1)


def lowered(held: tf.Tensor) -> tf.Tensor:
    """Return the middle of the colours that each place holds (N, H, W, C), 0 where none is."""
    largest, smallest = tf.split(held, 2, axis=-1)
    return 0.5 * (largest - smallest)


def reached(held: tf.Tensor) -> tf.Tensor:
    """Return 1 where a colour is held, 0 where none is: (N, H, W, 1)."""
    _, last = tf.split(held, [held.shape[-1] - 1, 1], axis=-1)
    return tf.minimum(last, 1.0)


def apart(held: tf.Tensor) -> tf.Tensor:
    """Return how far apart the colours are that each place holds: (N, H, W, C), 0 where none is."""
    largest, smallest = tf.split(held, 2, axis=-1)
    return tf.nn.relu(largest + smallest - 2 * MIDDLE)
