"""Export a checkpoint: put the model that a format builds in its place, with its manifest."""

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conversion.errors import ConversionError
from conversion.export.size import Size, export_size, said
from conversion.interface import Interface
from conversion.manifest import (
    Manifest,
    artifact_bytes,
    artifact_sha256,
    manifest_path,
    search_path,
    tool_versions,
    write_manifest,
)
from conversion.recipes import Format, Recipe
from training.files.atomic import require_absent, written_whole
from training.run.checkpoint import Checkpoint, find_checkpoint

SUFFIXES: dict[Format, str] = {"coreml": ".mlpackage", "tflite": ".tflite", "onnx": ".onnx"}


@dataclass(frozen=True, kw_only=True)
class Built:
    """A model that a converter made, not yet on disk."""

    save: Callable[[Path], object]  # write it to this path, which ends in the format's suffix
    interface: Interface
    # How the recipe was carried out, in words for people: {"palettes": "one per 16 channels"}.
    details: Mapping[str, str] = field(default_factory=dict)
    gate_db: float | None = None  # PSNR that it was made to reach, where its recipe has no gate
    search: Mapping[str, Any] | None = None  # how it was found: written to NAME.search.json


def export_artifact(
    ckpt: Path,
    output: Path | None,
    *,
    format: Format,
    recipe: Recipe,
    build: Callable[[Checkpoint, Size], Built],
    tools: tuple[str, ...],
    target: str | None = None,
    size: Size | None = None,
    overwrite: bool = False,
) -> Path:
    """Build the model of a checkpoint and write it to `output`, whole, with its manifest beside it.

    output: default RUN/exports, see `default_output`. size: of its pictures; default: as trained,
    see `export_size`; `build` is told which. Says on stderr what was made.
    Raises CheckpointError, OutputExists, ConversionError.
    """
    checkpoint = find_checkpoint(ckpt)
    size = export_size(checkpoint, size)
    output = output or default_output(
        checkpoint, format=format, recipe=recipe, target=target, size=size
    )
    require_output(output, format=format, overwrite=overwrite)
    began = time.monotonic()
    built = build(checkpoint, size)
    # The model first, then its manifest, at once: if we are killed between the two renames, the old
    # manifest does not describe the new bytes, and readers refuse the pair.
    with (
        written_whole(manifest_path(output), overwrite=True) as partial_manifest,
        written_whole(output, overwrite=overwrite, marker=_marker(format)) as partial,
    ):
        built.save(partial)
        manifest = Manifest(
            artifact=output.name,
            format=format,
            recipe=recipe.name,
            target=target,
            bytes=artifact_bytes(partial),
            sha256=artifact_sha256(partial),
            checkpoint=str(checkpoint.folder),
            checkpoint_sha256=checkpoint.sha256,
            interface=built.interface,
            gate_db=built.gate_db,
            details=dict(built.details),
            conversion_s=round(time.monotonic() - began, 1),
            conversion_peak_mb=_peak_mb(),
            source=checkpoint.data.source,
            licence=checkpoint.data.licence,
            credit=checkpoint.data.credit,
            tools=tool_versions(*tools),
        )
        write_manifest(manifest, partial_manifest)
    _write_search(built.search, search_path(output))
    print(_sentence(manifest, recipe, output), file=sys.stderr)
    return output


def default_output(
    checkpoint: Checkpoint,
    *,
    format: Format,
    recipe: Recipe,
    target: str | None = None,
    size: Size | None = None,
) -> Path:
    """Return <run>/exports/<run>-<recipe>.<suffix>; a target or size of its own is named.

    So demo-palette4.mlpackage runs wherever that recipe does, and demo-palette4-iOS18.mlpackage and
    demo-palette4-512px.mlpackage are other models.
    """
    run = checkpoint.run
    suffix = "" if target in (None, recipe.oldest_target) else f"-{target}"
    suffix += "" if size in (None, export_size(checkpoint)) else f"-{said(size)}px"
    name = f"{run.resolve().name}-{recipe.name}{suffix}{SUFFIXES[format]}"
    return run / "exports" / name


def require_output(output: Path, *, format: Format, overwrite: bool) -> None:
    """Refuse a name of another format, or one that may not be replaced: before any work.

    Raises ConversionError, OutputExists.
    """
    if output.suffix != SUFFIXES[format]:
        raise ConversionError(f"{output}: expected a name that ends in {SUFFIXES[format]}.")
    require_absent(output, overwrite=overwrite, marker=_marker(format))


def _write_search(record: Mapping[str, Any] | None, path: Path) -> None:
    """Write how the model was found; for one that was not, remove what told of its predecessor."""
    if record is None:
        path.unlink(missing_ok=True)
        return
    with written_whole(path, overwrite=True) as partial:
        partial.write_text(json.dumps(record, indent=2, allow_nan=False) + "\n", encoding="utf-8")


def _marker(format: Format) -> str | None:
    """Return the file that every folder of a format holds; None where the format is a file."""
    return "Manifest.json" if format == "coreml" else None


def _peak_mb() -> float:
    """Return the most memory that this process has held so far, in MB."""
    unit = 1 if sys.platform == "darwin" else 1024  # getrusage(2): bytes on macOS, KiB on Linux
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6, 0)


def _sentence(manifest: Manifest, recipe: Recipe, output: Path) -> str:
    details = "".join(f"; {name}: {value}" for name, value in manifest.details.items())
    return (
        f"{recipe.name} for {manifest.target or manifest.format}: {manifest.bytes / 1e6:.2f} MB, "
        f"{recipe.summary[manifest.format]}{details}; manifest {manifest_path(output).name}"
    )
