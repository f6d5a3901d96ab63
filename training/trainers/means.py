"""The means over an epoch that every trainer reports."""

import keras
import tensorflow as tf


def update_means(means: dict[str, keras.metrics.Mean], **values: tf.Tensor) -> dict[str, tf.Tensor]:
    """Add to each mean the value of its name, and leave others; return all means so far.

    Every replica returns its own; Keras takes the mean of these, for several workers along an
    axis (Keras 3.15, `reduce_per_replica`), which is therefore given to them.
    """
    for name, mean in means.items():
        mean.update_state(values[name])
    several = isinstance(tf.distribute.get_strategy(), tf.distribute.MultiWorkerMirroredStrategy)
    shape = (1,) if several else ()
    return {name: tf.reshape(mean.result(), shape) for name, mean in means.items()}
