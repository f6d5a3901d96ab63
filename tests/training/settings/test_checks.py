from dataclasses import dataclass
from typing import Literal

import pytest

from training.errors import ConfigError
from training.settings.checks import require, require_choices


@dataclass(frozen=True)
class Pen:
    tip: Literal["round", "flat"] = "round"
    width: int = 1


def test_what_holds_passes():
    require(True, "pen.width", "at least 1", 1)
    require_choices(Pen(tip="flat"), "pen")


def test_a_refusal_names_the_setting_the_expectation_and_what_was_received():
    with pytest.raises(ConfigError, match=r"^pen\.width: expected at least 1, received 0\.$"):
        require(False, "pen.width", "at least 1", 0)


def test_a_word_that_is_none_of_the_choices_is_refused_with_all_of_them():
    with pytest.raises(ConfigError, match="pen.tip: expected round or flat, received 'soft'"):
        require_choices(Pen(tip="soft"), "pen")
