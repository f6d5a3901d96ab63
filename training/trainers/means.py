"""The means over an epoch that every trainer reports."""

import keras
import tensorflow as tf


def update_means(means: dict[str, keras.metrics.Mean], **values: tf.Tensor) -> dict[str, tf.Tensor]:
    """Add each value to the mean of its name; return all means of the epoch so far."""
    for name, mean in means.items():
        mean.update_state(values[name])
    return {name: mean.result() for name, mean in means.items()}
