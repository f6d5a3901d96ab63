"""Put an exported model in its place, whole, with its manifest beside it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conversion.errors import ConversionError
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
from training.atomic import require_absent, written_whole
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
    # The model first, then its manifest, at once: if we are killed between the two renames, the old
    # manifest does not describe the new bytes, and readers refuse the pair.
    with (
        written_whole(manifest_path(output), overwrite=True) as partial_manifest,
        written_whole(output, overwrite=overwrite, marker=_marker(format)) as partial,
    ):
        yield partial
        manifest = Manifest(
            artifact=output.name,
            format=format,
            recipe=recipe.name,
            target=target,
            bytes=artifact_bytes(partial),
            sha256=artifact_sha256(partial),
            checkpoint=str(checkpoint.folder),
            checkpoint_sha256=checkpoint.sha256,
            interface=interface,
            source=checkpoint.data.source,
            licence=checkpoint.data.licence,
            credit=checkpoint.data.credit,
            tools=tool_versions(*tools),
        )
        write_manifest(manifest, partial_manifest)
    print(
        f"{recipe.name} for {target or format}: {manifest.bytes / 1e6:.2f} MB, "
        f"{recipe.summary}; manifest {manifest_path(output).name}",
        file=sys.stderr,
    )


def require_output(output: Path, *, format: Format, overwrite: bool) -> None:
    """Refuse a name of another format, or one that may not be replaced: before any work.

    Raises ConversionError, OutputExists.
    """
    if output.suffix != SUFFIXES[format]:
        raise ConversionError(f"{output}: expected a name that ends in {SUFFIXES[format]}.")
    require_absent(output, overwrite=overwrite, marker=_marker(format))


def _marker(format: Format) -> str | None:
    """Return the file that every folder of a format holds; None where the format is a file."""
    return "Manifest.json" if format == "coreml" else None
