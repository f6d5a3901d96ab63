import pytest

from training.config import (
    LossConfig,
    OptimizerConfig,
    TrainConfig,
)
from training.errors import ConfigError
from training.settings.networks import (
    CriticConfig,
    DiscriminatorConfig,
    GeneratorConfig,
    stride_of,
    unet_depth,
)
from training.settings.pictures import AugmentConfig


@pytest.mark.parametrize(
    ("build", "field"),
    [
        (lambda: TrainConfig(size=1), "size"),
        (lambda: TrainConfig(epochs=0), "epochs"),
        (lambda: TrainConfig(batch_size=0), "batch_size"),
        (lambda: TrainConfig(seed=-1), "seed"),
        (lambda: TrainConfig(keep_checkpoints=0), "keep_checkpoints"),
        (lambda: GeneratorConfig(width=0), "generator.width"),
        (lambda: GeneratorConfig(width=1_000_000), "generator.width"),
        (lambda: GeneratorConfig(depth=0), "generator.depth"),
        (lambda: GeneratorConfig(dropout=1.0), "generator.dropout"),
        (lambda: LossConfig(l1=0), "loss.l1"),
        (lambda: LossConfig(adversary="wasp"), "loss.adversary"),
        (lambda: LossConfig(penalty_axis="rows"), "loss.penalty_axis: expected image or columns"),
        (lambda: LossConfig(penalty_axis="columns"), "loss.penalty_axis: expected image where no"),
        (
            lambda: LossConfig(adversary="gan", penalty_axis="columns"),
            "loss.penalty_axis: expected image where no",
        ),
        (lambda: LossConfig(adversary="gan", label_smoothing=0.5), "loss.label_smoothing"),
        (lambda: LossConfig(label_smoothing=0.1), "loss.label_smoothing: expected 0 where no"),
        (lambda: LossConfig(adversary="gan", feature_matching=-1), "loss.feature_matching"),
        (lambda: LossConfig(feature_matching=10), "loss.feature_matching: expected 0 where there"),
        (lambda: OptimizerConfig(schedule="step"), "optimizer.schedule: expected linear or cosine"),
        (lambda: TrainConfig(ema=1.0), "ema"),
        (lambda: TrainConfig(early_stop=0), "early_stop"),
        (lambda: TrainConfig(precision="float16"), "precision: expected float32 or mixed_float16"),
        (lambda: TrainConfig(best_by="psnr"), "best_by"),
        (lambda: LossConfig(critic_steps=0), "loss.critic_steps"),
        (lambda: LossConfig(gradient_penalty=-1), "loss.gradient_penalty"),
        (lambda: GeneratorConfig(activation="elu"), "generator.activation: expected relu or selu"),
        (lambda: GeneratorConfig(initializer="fan-in"), "generator.initializer.*unless"),
        (lambda: GeneratorConfig(output_initializer="lecun"), "generator.output_initializer"),
        (lambda: GeneratorConfig(standardize=True), "generator.standardize.*unless"),
        (lambda: DiscriminatorConfig(initializer="fan-in"), "discriminator.initializer"),
        (lambda: DiscriminatorConfig(standardize=True), "discriminator.standardize"),
        (lambda: CriticConfig(norm="layer"), "critic.norm: expected none or plain or batch"),
        (lambda: CriticConfig(activation="selu", norm="plain"), "critic.norm"),
        (lambda: CriticConfig(width=0), "critic.width"),
        (lambda: CriticConfig(layers=7), "critic.layers"),
        (lambda: OptimizerConfig(adversary_rate=0), "optimizer.adversary_rate"),
        (lambda: OptimizerConfig(clip_norm=0), "optimizer.clip_norm"),
        (lambda: OptimizerConfig(learning_rate=0), "optimizer.learning_rate"),
        (lambda: OptimizerConfig(constant_share=1.1), "optimizer.constant_share"),
        (lambda: AugmentConfig(jitter=-0.1), "augment.jitter"),
    ],
)
def test_an_impossible_value_fails_on_construction(build, field):
    with pytest.raises(ConfigError, match=field):
        build()


@pytest.mark.parametrize("adversary", ["none", "gan"])
def test_numbers_of_a_network_that_does_not_play_wait_for_it(adversary):
    waiting = LossConfig(adversary=adversary, critic_steps=1, gradient_penalty=1.0)
    config = TrainConfig(loss=waiting, critic=CriticConfig(norm="batch"))
    assert config.batches_per_step == 1


def test_a_size_that_cannot_be_halved_so_often_is_refused():
    with pytest.raises(ConfigError, match="multiple of 64, .* received 96"):
        TrainConfig(size=96, generator=GeneratorConfig(depth=6))


@pytest.mark.parametrize(("size", "depth"), [(256, 8), (64, 6), (96, 5), (512, 8), (2, 1)])
def test_the_depth_follows_from_the_size_down_to_one_pixel_or_an_odd_number(size, depth):
    assert unet_depth(size, None) == depth


def test_of_a_rectangle_both_sides_are_halved_as_often():
    config = TrainConfig(size="192x128")
    assert config.height_width == (128, 192)
    assert stride_of(config.generator, size=64) == 64  # 128 = 2 x 64, 192 = 3 x 64
    for size, expected in (
        ("64x1", "at least 2 pixels"),
        ("160x1024", "halved down"),
        ("6x", "as"),
    ):
        with pytest.raises(ConfigError, match=expected):
            TrainConfig(size=size)
    with pytest.raises(ConfigError, match="received None"):
        _ = TrainConfig().height_width


@pytest.mark.parametrize("size", [49, 66, 100])
def test_a_size_that_would_silently_give_a_toy_net_is_refused_with_better_ones(size):
    with pytest.raises(ConfigError, match=f"such as {size // 32 * 32} or .* received {size}"):
        TrainConfig(size=size)


def test_an_explicit_depth_is_the_users_own_choice():
    assert TrainConfig(size=100, generator=GeneratorConfig(depth=2)).size == 100


def test_a_discriminator_that_leaves_no_patch_is_refused():
    gan = LossConfig(adversary="gan")
    with pytest.raises(ConfigError, match=r"discriminator\.layers"):
        TrainConfig(size=64, loss=gan, discriminator=DiscriminatorConfig(layers=5))
    TrainConfig(size=64, loss=gan, discriminator=DiscriminatorConfig(layers=4))


def test_a_critic_that_leaves_no_patch_is_refused():
    wgan_gp = LossConfig(adversary="wgan-gp", l1=0)
    with pytest.raises(ConfigError, match=r"critic\.layers"):
        TrainConfig(size=64, loss=wgan_gp, critic=CriticConfig(layers=5))
    TrainConfig(size=64, loss=wgan_gp, discriminator=DiscriminatorConfig(layers=5))


def test_a_critic_sees_a_batch_of_its_own_in_each_of_its_steps():
    wgan_gp = TrainConfig(batch_size=4, loss=LossConfig(adversary="wgan-gp", critic_steps=5))
    assert (wgan_gp.batches_per_step, wgan_gp.pairs_per_step) == (6, 24)
    gan = TrainConfig(batch_size=4, loss=LossConfig(adversary="gan"))
    assert (gan.batches_per_step, gan.pairs_per_step) == (1, 4)


@pytest.mark.parametrize("weight", [float("inf"), float("nan")])
def test_a_weight_that_is_no_number_is_refused(weight):
    with pytest.raises(ConfigError, match=r"loss\.l1"):
        LossConfig(l1=weight)
