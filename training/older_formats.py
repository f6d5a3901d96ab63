"""Read what earlier versions wrote: fields that a config lacks get the only value there was."""

from typing import Any

# Fields that came after format 1, and what a training of format 1 did.
_SINCE_1: dict[str, Any] = {
    "best_by": "validation_psnr_db",
    "early_stop": None,
    "ema": 0.0,
    "precision": "float32",
    "xla": False,
    "generator": {
        "activation": "relu",
        "initializer": "normal",
        "output_initializer": "normal",
        "standardize": False,
    },
    "discriminator": {"activation": "relu", "initializer": "normal", "standardize": False},
    "critic": {
        "width": 64,
        "layers": 3,
        "activation": "relu",
        "norm": "none",
        "initializer": "fan-in",
        "standardize": False,
    },
    "loss": {
        "gradient_penalty": 10.0,
        "penalty_axis": "image",
        "critic_steps": 5,
        "label_smoothing": 0.0,
    },
    "optimizer": {"adversary_rate": 1.0, "schedule": "linear", "clip_norm": None},
}


def from_format_1(raw: dict[str, Any], *, format: str) -> dict[str, Any]:
    """Return a description of format 1 as one of the newer `format`, by its `config`.

    A field that stands there already is left as it is: nothing of format 1 is overwritten, and
    what has no place in either format is still refused by strict_json.
    """
    config = raw.get("config")
    if isinstance(config, dict):
        config = _filled(config, _SINCE_1)
    return raw | {"config": config, "format": format}


def _filled(given: dict[str, Any], added: dict[str, Any]) -> dict[str, Any]:
    filled = dict(given)
    for name, value in added.items():
        if name not in given:
            filled[name] = value
        elif isinstance(value, dict) and isinstance(given[name], dict):
            filled[name] = _filled(given[name], value)
    return filled
