"""Put an exported model in its place, whole, with its manifest beside it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conversion.interface import Interface
from conversion.manifest import (
    Manifest,
    artifact_bytes,
    artifact_sha256,
    manifest_path,
    tool_versions,
    write_manifest,
)
from conversion.recipes import Format, Recipe
from training.atomic import written_whole
from training.checkpoint import Checkpoint

SUFFIXES: dict[Format, str] = {"coreml": ".mlpackage", "tflite": ".tflite", "onnx": ".onnx"}


def default_output(checkpoint: Checkpoint, *, format: Format, recipe: Recipe) -> Path:
    """Return <run>/exports/<run>-<recipe>.<suffix>."""
    run = checkpoint.run
    return run / "exports" / f"{run.resolve().name}-{recipe.name}{SUFFIXES[format]}"


@contextmanager
def artifact_written(
    checkpoint: Checkpoint,
    output: Path,
    *,
    format: Format,
    recipe: Recipe,
    interface: Interface,
    tools: tuple[str, ...],
    target: str | None = None,
    overwrite: bool = False,
) -> Iterator[Path]:
    """Yield a path to save the model to; when the block ends, put it and its manifest in place.

    Raises OutputExists if `output` exists and `overwrite` is false. Says on stderr what was made.
    """
    with written_whole(output, overwrite=overwrite) as partial:
        yield partial
        # An old manifest must not describe the new model if we are killed right after the rename.
        manifest_path(output).unlink(missing_ok=True)
    manifest = Manifest(
        artifact=output.name,
        format=format,
        recipe=recipe.name,
        target=target,
        bytes=artifact_bytes(output),
        sha256=artifact_sha256(output),
        checkpoint=str(checkpoint.folder),
        checkpoint_sha256=checkpoint.sha256,
        interface=interface,
        source=checkpoint.data["source"],
        licence=checkpoint.data["licence"],
        credit=checkpoint.data["credit"],
        tools=tool_versions(*tools),
    )
    write_manifest(manifest, output)
    print(
        f"{recipe.name} for {target or format}: {manifest.bytes / 1e6:.2f} MB, "
        f"{recipe.summary}; manifest {manifest_path(output).name}",
        file=sys.stderr,
    )
