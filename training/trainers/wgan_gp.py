"""A generator against a critic whose gradient norm is held at 1, with or without L1: WGAN-GP."""

from collections.abc import Sequence

import keras
import tensorflow as tf

from training.config import LossConfig
from training.models.adversaries.observed import observed
from training.models.layers import seed_stream
from training.trainers.base import GeneratorTrainer
from training.trainers.descent import descend, scaled
from training.trainers.losses import (
    COLUMNS,
    WHOLE_IMAGE,
    critic_loss,
    feature_matching_loss,
    gradient_penalty,
)
from training.trainers.means import update_means

PENALTY_AXES = {"image": WHOLE_IMAGE, "columns": COLUMNS}  # names of config.LossConfig


class WganGpTrainer(GeneratorTrainer):
    """Gulrajani et al. 2017, Algorithm 1, conditional on the line art, plus L1.

    A step takes critic_steps + 1 batches: the critic moves on each of the first, the generator on
    the last. The penalty acts on the picture only: the critic may depend on the line art as it
    likes. The critic computes in float32 always: squares of gradients do not fit 16 bits.
    """

    def __init__(
        self,
        generator: keras.Model,
        critic: keras.Model,
        *,
        average: keras.Model | None,
        loss_config: LossConfig,
        seed: int,
    ) -> None:
        super().__init__(
            generator,
            average=average,
            loss_config=loss_config,
            means=(
                *("l1", "tv", "critic", "penalty", "generator_score"),
                *("generator_gradient", "critic_gradient"),
            ),
            name="wgan_gp_trainer",
        )
        self.critic = critic
        self.observed = observed(critic, features=loss_config.feature_matching > 0)
        self.mix_seeds = keras.random.SeedGenerator(next(seed_stream(seed, network="mix")))

    def compile(
        self,
        optimizer: keras.optimizers.Optimizer,
        *,
        critic_optimizer: keras.optimizers.Optimizer,
        jit_compile: bool = False,
    ) -> None:
        """Take one optimizer for the generator and one for the critic."""
        super().compile(optimizer=optimizer, jit_compile=jit_compile)
        self.critic_optimizer = critic_optimizer

    def train_step(self, batch: tuple[tf.Tensor, ...]) -> dict[str, tf.Tensor]:
        """lineart (N, H, W, 1)[, hints (N, H, W, 4)], color (N, H, W, 3), in [-1, 1].

        N: critic_steps + 1 batches. Returns the epoch's means, those of the critic from its last
        step.
        """
        *critic_batches, generator_batch = split_batches(batch, self.loss_config.critic_steps + 1)
        # Unrolled: tf.range would be slower, and five times slower under XLA.
        for *inputs, color in critic_batches:
            of_critic = self._improve_critic(inputs, color)
        *inputs, color = generator_batch
        return update_means(self.means, **of_critic, **self._improve_generator(inputs, color))

    def networks(self) -> dict[str, keras.Model]:
        """Every network whose weights are part of the state, by the name of its file."""
        return {**super().networks(), "critic": self.critic}

    def optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """Every optimizer whose moments are part of the state, by the name of its file."""
        return {**super().optimizers(), "critic_optimizer": self.critic_optimizer}

    def seed_generators(self) -> dict[str, keras.random.SeedGenerator]:
        """Every source of random numbers that no layer holds, by its name."""
        return {"mix": self.mix_seeds}

    def _improve_critic(
        self, inputs: Sequence[tf.Tensor], color: tf.Tensor
    ) -> dict[str, tf.Tensor]:
        lineart, painted = inputs[0], self.paint(inputs)
        # Algorithm 1: epsilon ~ U[0, 1], one per image.
        mix = draw_share(tf.shape(color)[0], seeds=self.mix_seeds)
        with tf.GradientTape() as tape:
            real_score = self.critic([lineart, color], training=True)
            fake_score = self.critic([lineart, painted], training=True)
            distance = critic_loss(real_score, fake_score)
            penalty = gradient_penalty(
                lambda picture: self.critic([lineart, picture], training=True),
                color,
                painted,
                mix=mix,
                axes=PENALTY_AXES[self.loss_config.penalty_axis],
            )
            loss = distance + self.loss_config.gradient_penalty * penalty
            target = scaled(loss, self.critic_optimizer)
        variables = self.critic.trainable_variables
        norm = descend(self.critic_optimizer, tape.gradient(target, variables), variables)
        return {"critic": distance, "penalty": penalty, "critic_gradient": norm}

    def _improve_generator(
        self, inputs: Sequence[tf.Tensor], color: tf.Tensor
    ) -> dict[str, tf.Tensor]:
        lineart = inputs[0]
        with tf.GradientTape() as tape:
            painted = self.paint(inputs)
            fake_features, scores = self.observed([lineart, painted], training=True)
            # Nothing but the features needs the true picture to be judged.
            real_features = self._features(lineart, color) if fake_features else []
            score = tf.reduce_mean(scores)
            distance, terms = self.distance(color, painted, lineart)
            matching = feature_matching_loss(real_features, fake_features)
            loss = distance + self.loss_config.feature_matching * matching - score
            target = scaled(loss, self.optimizer)
        variables = self.generator.trainable_variables
        norm = descend(self.optimizer, tape.gradient(target, variables), variables)
        return {
            **terms,
            "feature_matching": matching,
            "generator_score": score,
            "generator_gradient": norm,
        }

    def _features(self, lineart: tf.Tensor, color: tf.Tensor) -> list[tf.Tensor]:
        features, _ = self.observed([lineart, color], training=True)
        return features


def draw_share(count: tf.Tensor, *, seeds: keras.random.SeedGenerator) -> tf.Tensor:
    """Draw `count` numbers from U[0, 1) for the images of this replica: (count, 1, 1, 1).

    Every replica draws those of all and keeps its own: together they have what one device has.
    """
    replicas, replica = 1, 0
    context = tf.distribute.get_replica_context()
    if context is not None:
        replicas, replica = context.num_replicas_in_sync, context.replica_id_in_sync_group
    drawn = keras.random.uniform((replicas * count, 1, 1, 1), seed=seeds)
    return drawn[replica * count :][:count]


def split_batches(batch: tuple[tf.Tensor, ...], count: int) -> list[tuple[tf.Tensor, ...]]:
    """Deal the pairs of one batch out to `count` batches: pair i goes to batch i % count.

    A strategy cuts a batch into consecutive pieces, one for each replica. Dealt out like this,
    replicas together see in each step what a single device sees.
    """
    return [tuple(tensor[first::count] for tensor in batch) for first in range(count)]
