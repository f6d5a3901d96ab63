"""Adam in one pass over each variable."""

import keras
import tensorflow as tf

from training.errors import ConfigError


@keras.saving.register_keras_serializable("nurie")
class OnePassAdam(keras.optimizers.Adam):
    """Keras's Adam, computed by TensorFlow's fused kernel.

    The same mathematics and the same slots as keras.optimizers.Adam without AMSGrad (Kingma & Ba
    2015, the form of section 2 with epsilon-hat), but each variable is read and written once:
    benchmarks/train_speed.py measures what that brings.
    """

    def __init__(  # type: ignore[no-untyped-def]
        self, learning_rate=1e-3, beta_1=0.9, beta_2=0.999, epsilon=1e-7, **settings
    ) -> None:
        """Take what keras.optimizers.Adam takes, except amsgrad."""
        if settings.get("amsgrad"):
            raise ConfigError("amsgrad: expected False, received True: one pass cannot do it.")
        super().__init__(learning_rate, beta_1, beta_2, epsilon, **settings)

    def update_step(
        self, gradient: tf.Tensor, variable: tf.Variable, learning_rate: tf.Tensor
    ) -> None:
        """Update one variable and its two moments in place."""
        index = self._get_variable_index(variable)
        momentum, velocity = self._momentums[index], self._velocities[index]
        dtype = variable.dtype
        beta_1, beta_2 = tf.cast(self.beta_1, dtype), tf.cast(self.beta_2, dtype)
        step = tf.cast(self.iterations + 1, dtype)
        tf.raw_ops.ResourceApplyAdam(
            var=_handle(variable),
            m=_handle(momentum),
            v=_handle(velocity),
            beta1_power=tf.pow(beta_1, step),
            beta2_power=tf.pow(beta_2, step),
            lr=tf.cast(learning_rate, dtype),
            beta1=beta_1,
            beta2=beta_2,
            epsilon=tf.cast(self.epsilon, dtype),
            grad=tf.cast(gradient, dtype),
            use_locking=True,
        )


def _handle(variable: tf.Variable | keras.Variable) -> tf.Tensor:
    """Return the resource handle; Keras keeps its tf.Variable in `value`."""
    return (variable.value if isinstance(variable, keras.Variable) else variable).handle
