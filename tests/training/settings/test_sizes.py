import pytest

from training.errors import ConfigError
from training.settings.sizes import as_said, height_width, parse_size, said


@pytest.mark.parametrize(
    ("text", "size", "recorded"),
    [("512", (512, 512), 512), ("1024x704", (704, 1024), "1024x704"), ("64x64", (64, 64), 64)],
)
def test_they_are_said_as_people_say_them_width_first(text, size, recorded):
    assert parse_size(text) == height_width(text) == height_width(recorded) == size
    assert parse_size(said(size)) == size and as_said(size) == recorded


@pytest.mark.parametrize(
    "text", ["", "big", "-64", "64x", "64x64x3", "64.5", "0", "64x0", "9" * 10]
)
def test_what_is_no_size_is_refused(text):
    with pytest.raises(ConfigError, match="such as 1024x704, received"):
        parse_size(text)
