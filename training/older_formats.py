"""Read what earlier versions wrote: fields that a config lacks get the only value there was.

A run and its checkpoints carry the version of their config: nurie-run/3, nurie-checkpoint/3.
Whoever adds a field counts `CONFIG_VERSION` up and adds its old meaning here.
"""

from typing import Any

CONFIG_VERSION = 3

# Fields that came after a version, and what a training of that version did.
_ADDED_AFTER: dict[int, dict[str, Any]] = {
    1: {
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
    },
    2: {"loss": {"feature_matching": 0.0}},
}


def format_name(kind: str) -> str:
    """Return the format that this version writes: kind nurie-run -> nurie-run/3."""
    return f"{kind}/{CONFIG_VERSION}"


def brought_up_to_date(raw: object, *, kind: str) -> dict[str, Any]:
    """Return a description of any version of `kind` as one of this version, by its `config`.

    A field that stands there already is left as it is: nothing of an older format is overwritten,
    and what has no place in any format is still refused by strict_json.
    Raises ValueError for what is no description of this kind.
    """
    found = raw.get("format") if isinstance(raw, dict) else raw
    versions = {f"{kind}/{version}": version for version in (*_ADDED_AFTER, CONFIG_VERSION)}
    if not isinstance(raw, dict) or not isinstance(found, str) or found not in versions:
        raise ValueError(f"expected format {format_name(kind)!r}, received {found!r}")
    config = raw.get("config")
    for version in range(versions[found], CONFIG_VERSION):
        if isinstance(config, dict):
            config = _filled(config, _ADDED_AFTER[version])
    return raw | {"config": config, "format": format_name(kind)}


def _filled(given: dict[str, Any], added: dict[str, Any]) -> dict[str, Any]:
    filled = dict(given)
    for name, value in added.items():
        if name not in given:
            filled[name] = value
        elif isinstance(value, dict) and isinstance(given[name], dict):
            filled[name] = _filled(given[name], value)
    return filled
