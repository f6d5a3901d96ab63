import pytest

from training.errors import ConfigError
from training.settings.pictures import AugmentConfig, HintsConfig


@pytest.mark.parametrize(
    ("build", "field"),
    [
        (lambda: AugmentConfig(shrink=0.9), "augment.shrink: expected 0 to 0.8"),
        (lambda: AugmentConfig(redrawn=1.1), "augment.redrawn: expected 0 to 1"),
        (lambda: AugmentConfig(line_width_min=0.1), "augment.line_width_min: expected at least"),
        (lambda: AugmentConfig(line_width_max=0.9), "augment.line_width_max: expected from"),
        (lambda: AugmentConfig(lighten=1.0), "augment.lighten"),
        (lambda: AugmentConfig(gaps=-1), "augment.gaps"),
        (lambda: HintsConfig(none=1.1), "hints.none: expected 0 to 1"),
        (lambda: HintsConfig(everywhere=-0.1), "hints.everywhere"),
        (lambda: HintsConfig(mean=0.5), "hints.mean: expected 1 to 1000"),
        (lambda: HintsConfig(strokes=2), "hints.strokes"),
        (lambda: HintsConfig(radius=0.3), "hints.radius"),
        (lambda: HintsConfig(shift=0.3), "hints.shift"),
        (lambda: HintsConfig(color_noise=100), "hints.color_noise"),
        (
            lambda: HintsConfig(recolored_alike=0.6, recolored_apart=0.6),
            "hints.recolored_apart: expected at least 0, and at most 1 with",
        ),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused_by_name(build, field):
    with pytest.raises(ConfigError, match=field):
        build()
