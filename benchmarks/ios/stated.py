"""Whether models that an app is to carry say whose pictures they learned from."""

from collections.abc import Sequence
from pathlib import Path

from conversion.manifest import read_manifest
from training.data.named import NOT_STATED, Credit
from training.errors import ConfigError


def require_stated(ours: Credit, *, artifacts: Sequence[Path], exporting: bool) -> None:
    """Refuse to give on what does not say whose pictures it learned from. Raises ConfigError."""
    silent = ["the models to be exported"] if exporting and not ours.is_stated else []
    for path in artifacts:
        manifest = read_manifest(path)
        its = Credit(source=manifest.source, licence=manifest.licence, credit=manifest.credit)
        if not its.is_stated:
            silent.append(str(path))
    if silent:
        raise ConfigError(
            f"expected the licence of the training's pictures and whom to name for them, received "
            f"{NOT_STATED!r} in {', '.join(silent)}. Say so with --licence and --credit, here for "
            "models that this command exports and to conversion.to_coreml --overwrite for others; "
            "or pass --unstated."
        )
