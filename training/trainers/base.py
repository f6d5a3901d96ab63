"""What all trainers share: the generator, its running average, and the means that are reported."""

from collections.abc import Sequence

import keras
import tensorflow as tf

from training.config import LossConfig
from training.models.ink import finished
from training.picture.ports import as_inputs
from training.trainers.losses import l1_loss, l2_loss, tv_loss


class GeneratorTrainer(keras.Model):
    """A generator in training. Each kind of training is a subclass with a `train_step`.

    average: a second generator that training.trainers.averaging fills with the running average of
    the first one's weights; None: there is no average.
    """

    def __init__(
        self,
        generator: keras.Model,
        *,
        average: keras.Model | None,
        loss_config: LossConfig,
        means: Sequence[str],
        name: str,
    ) -> None:
        super().__init__(name=name)
        self.generator = generator
        self.average = average
        self.loss_config = loss_config
        # What has no weight is not computed: there is nothing to report.
        optional = [name for name in ("l2", "feature_matching") if getattr(loss_config, name)]
        self.means = {mean: keras.metrics.Mean(name=mean) for mean in (*means, *optional)}
        self._finished = finished(generator)
        self.built = True  # the networks are; a trainer is never called itself

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """What Keras resets when an epoch begins."""
        return list(self.means.values())

    @property
    def deployed(self) -> keras.Model:
        """The generator that is measured and exported: the average, if there is one."""
        return self.generator if self.average is None else self.average

    def networks(self) -> dict[str, keras.Model]:
        """Every network whose weights are part of the state, by the name of its file."""
        averages = {} if self.average is None else {"average": self.average}
        return {"generator": self.generator, **averages}

    def optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """Every optimizer whose moments are part of the state, by the name of its file."""
        return {"generator_optimizer": self.optimizer}

    def seed_generators(self) -> dict[str, keras.random.SeedGenerator]:
        """Every source of random numbers that no layer holds, by its name."""
        return {}

    def paint(self, inputs: Sequence[tf.Tensor]) -> tf.Tensor:
        """Return the finished picture (N, H, W, 3) of [lineart] or [lineart, hints]."""
        return self._finished(as_inputs(inputs), training=True)

    def distance(
        self, color: tf.Tensor, painted: tf.Tensor, lineart: tf.Tensor
    ) -> tuple[tf.Tensor, dict[str, tf.Tensor]]:
        """Return the weighted sum of what parts two pictures, and each of its terms by name."""
        terms = {"l1": l1_loss(color, painted), "tv": tv_loss(painted, lineart)}
        loss = self.loss_config.l1 * terms["l1"] + self.loss_config.tv * terms["tv"]
        if self.loss_config.l2:
            terms["l2"] = l2_loss(color, painted)
            loss += self.loss_config.l2 * terms["l2"]
        return loss, terms

    def _maybe_symbolic_build(self, iterator: object = None, data_batch: object = None) -> None:
        """Build nothing: it is done. A hook of Keras's `fit` (3.15), which calls the model there.

        With several workers its way of looking at a first batch fails before any step.
        """
