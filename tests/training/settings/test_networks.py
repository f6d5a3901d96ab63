import pytest

from training.config import TrainConfig
from training.errors import ConfigError
from training.settings.networks import MOBILE_STRIDE, GeneratorConfig, stride_of

MOBILE = {"network": "mobile", "dropout": 0.0}


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"network": "resnet"}, "generator.network: expected unet or mobile"),
        ({**MOBILE, "depth": 4}, "generator.depth: expected None"),
        ({**MOBILE, "under_ink": True}, "generator.under_ink: expected False"),
        ({**MOBILE, "activation": "selu"}, "generator.activation: expected relu"),
    ],
)
def test_what_the_generator_for_phones_has_no_choice_of_is_refused(settings, field):
    with pytest.raises(ConfigError, match=field):
        GeneratorConfig(**settings)


def test_the_stride_of_a_unet_is_two_to_its_depth():
    assert stride_of(GeneratorConfig(depth=3), size=64) == 8
    assert stride_of(GeneratorConfig(), size=64) == 64


def test_the_stride_of_the_generator_for_phones_is_the_same_at_every_size():
    assert stride_of(GeneratorConfig(**MOBILE), size=96) == MOBILE_STRIDE == 16
    TrainConfig(size=96, generator=GeneratorConfig(**MOBILE))
    with pytest.raises(ConfigError, match="size: expected a multiple of 16"):
        TrainConfig(size=88, generator=GeneratorConfig(**MOBILE))
