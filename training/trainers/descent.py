"""One optimizer step, the same on one device and on several, in 32-bit and in 16-bit precision."""

from collections.abc import Sequence

import keras
import tensorflow as tf


def scaled(loss: tf.Tensor, optimizer: keras.optimizers.Optimizer) -> tf.Tensor:
    """Return what to differentiate, inside the tape, for `descend`.

    Each replica has a share of the batch and gradients are summed: the loss is divided by their
    number. Under mixed_float16 it is multiplied, so that small gradients do not vanish.
    """
    return optimizer.scale_loss(loss / _replicas())


def descend(
    optimizer: keras.optimizers.Optimizer,
    gradients: Sequence[tf.Tensor],
    variables: Sequence[keras.Variable],
) -> tf.Tensor:
    """Apply the gradients of a `scaled` loss. Returns the norm of the whole batch's gradient.

    Gradients are summed over the replicas before the optimizer clips them, since the sum is what
    one device would clip. Keras then sums once more what is equal everywhere: hence the division
    here, and `clip_norm_per_replica`.
    The norm is 0 for a step that mixed_float16 skips because a gradient overflowed.
    """
    replicas = _replicas()
    if replicas > 1:
        context = tf.distribute.get_replica_context()
        summed = context.all_reduce(tf.distribute.ReduceOp.SUM, list(gradients))
        gradients = [gradient / replicas for gradient in summed]
    # What scale_loss does to 1 is what it did to the loss.
    factor = optimizer.scale_loss(tf.constant(1.0)) / replicas
    norm = tf.linalg.global_norm([tf.cast(g, tf.float32) for g in gradients]) / factor
    optimizer.apply(gradients, variables)
    return tf.where(tf.math.is_finite(norm), norm, 0.0)


def clip_norm_per_replica(clip_norm: float | None) -> float | None:
    """Return the clip norm to give an optimizer that is built in the scope of a strategy."""
    return (
        None if clip_norm is None else clip_norm / tf.distribute.get_strategy().num_replicas_in_sync
    )


def _replicas() -> int:
    context = tf.distribute.get_replica_context()
    return 1 if context is None else context.num_replicas_in_sync
