"""Keys of random numbers: each is derived from another and a number, and decides what is drawn."""

import tensorflow as tf


def uniform(key: tf.Tensor, purpose: int, shape: tuple[int, ...]) -> tf.Tensor:
    """Draw from U[0, 1), float32, by a key and a purpose."""
    return tf.random.stateless_uniform(shape, seed=fold(key, purpose))


def key_of(seed: int, number: tf.Tensor) -> tf.Tensor:
    """Return the key of a seed and a number: (2,) int64."""
    return fold(tf.constant([seed, 0], tf.int64), number)


def fold(key: tf.Tensor, number: tf.Tensor | int) -> tf.Tensor:
    """Derive a new key from a key and a number; both (2,) int64."""
    return tf.random.fold_in(key, tf.cast(number, tf.int64))
