"""At which size a model of open height and width is counted: the shapes of its inputs there."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from conversion.errors import ArtifactError
from conversion.manifest import manifest_path, read_manifest
from training.settings.sizes import Size, said


def closed(
    artifact: Path, shapes: Mapping[str, Sequence[int | None]], *, size: Size | None
) -> dict[str, tuple[int, ...]]:
    """Return the shapes of a model's inputs, by name, with open axes, None, filled: one picture.

    Open are a batch, which is the first axis, and height and width, in this order. size: of the
    picture; default: the first that the model's manifest names, where it has one.
    Raises ArtifactError where none is known, for other open axes, and for a size where none is
    open.
    """
    is_open = any(length is None for shape in shapes.values() for length in shape[1:])
    if size is not None and not is_open:
        raise ArtifactError(
            f"{artifact}: every shape in it is fixed; received --size {said(size)}. Leave it out, "
            "or export the model at that size."
        )
    if size is None and is_open and manifest_path(artifact).exists():
        size = read_manifest(artifact).sizes[0]
    return {name: _filled(artifact, name, shape, size=size) for name, shape in shapes.items()}


def _filled(
    artifact: Path, name: str, shape: Sequence[int | None], *, size: Size | None
) -> tuple[int, ...]:
    sides = [axis for axis, length in enumerate(shape) if axis and length is None]
    if sides and (size is None or len(sides) != 2):
        remedy = (
            "Say at which size to count: --size 64, or --size 128x96 for width by height."
            if len(sides) == 2
            else "Expected a batch, or height and width, to be open: export it with fixed shapes."
        )
        raise ArtifactError(
            f"{artifact}: the shape of {name!r} is not fixed, so its cost is unknown. {remedy}"
        )
    filled = dict(zip(sides, size or (), strict=bool(sides)))
    return tuple(
        filled.get(axis, 1) if length is None else length for axis, length in enumerate(shape)
    )
