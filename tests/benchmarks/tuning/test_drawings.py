from benchmarks.tuning.drawings import STYLE
from training.data.sources.portraits.styles import STYLES


def test_the_style_is_none_that_pretrained_has_seen():
    assert STYLE not in {style.name for style in STYLES}
