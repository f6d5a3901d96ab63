"""What --tolerance takes: how much slower than a baseline is no regression yet."""

import re

from training.errors import ConfigError


def parse_tolerance(text: str) -> float:
    """Return "10%" as 0.1. Raises ConfigError for anything but a percentage from 0 % up."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)%", text.strip())
    if not found:
        raise ConfigError(f"tolerance: expected a percentage such as 10%, received {text!r}.")
    return float(found[1]) / 100
