import numpy as np

from tests.training.ruled import ruled
from training.data.variation.pens import redraw
from training.pixels import under_ink
from training.settings.pictures import AugmentConfig


def test_a_redrawn_picture_is_its_layer_under_its_own_lines():
    rng, augment = np.random.default_rng(0), AugmentConfig(redrawn=1.0, gaps=0)
    lineart, layer = ruled(3), np.random.default_rng(1).integers(0, 256, (48, 48, 3), np.uint8)
    lines, color = redraw(lineart, under_ink(layer, lineart), layer, rng=rng, augment=augment)
    np.testing.assert_array_equal(color, under_ink(layer, lines))
    assert not np.array_equal(lines, lineart)


def test_ink_is_lightened_by_no_more_than_its_share():
    augment = AugmentConfig(redrawn=1.0, lighten=0.3, gaps=0, line_width_min=3, line_width_max=3)
    darkest = [
        redraw(ruled(3), ruled(3)[..., None].repeat(3, 2), None, rng=rng, augment=augment)[0].min()
        for rng in map(np.random.default_rng, range(20))
    ]
    assert 0 <= min(darkest) < max(darkest) <= 0.3 * 255 + 1


def test_gaps_lie_on_the_lines():
    plain = AugmentConfig(redrawn=1.0, lighten=0, gaps=0, line_width_min=3, line_width_max=3)
    gappy = AugmentConfig(redrawn=1.0, lighten=0, gaps=9, line_width_min=3, line_width_max=3)
    whole, broken = (
        redraw(
            ruled(3), np.zeros((48, 48, 3), np.uint8), None, rng=np.random.default_rng(3), augment=a
        )
        for a in (plain, gappy)
    )
    assert (broken[0] >= whole[0]).all()
    assert broken[0].sum() > whole[0].sum()
