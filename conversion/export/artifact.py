"""Write an exported model and its manifest, complete or not at all."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conversion.export.plan import Export, marker_of
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
from training.files.atomic import written_whole
from training.run.memory import peak_bytes


@dataclass(frozen=True, kw_only=True)
class Built:
    """A model that a converter made, not yet on disk."""

    save: Callable[[Path], object]  # write it to this path, which ends in the format's suffix
    interface: Interface
    tools: tuple[str, ...]  # packages that made it, for the manifest
    # How the recipe was carried out, in words for people: {"palettes": "one per 16 channels"}.
    details: Mapping[str, str] = field(default_factory=dict)
    any_batch: bool = False  # it takes several pictures at once
    gate_db: float | None = None  # PSNR that it was made to reach, where its recipe has no gate
    search: Mapping[str, Any] | None = None  # how it was found: written to NAME.search.json


def write(export: Export, built: Built, *, began: float) -> Path:
    """Write a model to its output, whole, with its manifest beside it. Returns the output.

    began: time.monotonic() when its building began. Says on stderr what was made.
    Raises OutputExists.
    """
    origin, output = export.origin, export.output
    # The model first, then its manifest, at once: if we are killed between the two renames, the old
    # manifest does not describe the new bytes, and readers refuse the pair.
    with (
        _search_written(built.search, search_path(output)),
        written_whole(manifest_path(output), overwrite=True) as partial_manifest,
        written_whole(
            output, overwrite=export.overwrite, marker=marker_of(export.format)
        ) as partial,
    ):
        built.save(partial)
        manifest = Manifest(
            artifact=output.name,
            format=export.format,
            recipe=export.recipe.name,
            target=export.target,
            bytes=artifact_bytes(partial),
            sha256=artifact_sha256(partial),
            checkpoint=origin.place,
            checkpoint_sha256=origin.sha256,
            interface=built.interface,
            sizes=export.sizes,
            any_batch=built.any_batch,
            line_width_px=origin.line_width_px,
            trained_px=origin.trained_px,
            stride_px=origin.stride_px,
            gate_db=built.gate_db,
            details=dict(built.details),
            conversion_s=round(time.monotonic() - began, 1),
            conversion_peak_mb=round(peak_bytes() / 1e6, 0),
            source=origin.credit.source,
            licence=origin.credit.licence,
            credit=origin.credit.credit,
            tools=tool_versions(*built.tools),
        )
        write_manifest(manifest, partial_manifest)
    print(_sentence(manifest, export), file=sys.stderr)
    return output


@contextmanager
def _search_written(record: Mapping[str, Any] | None, path: Path) -> Iterator[None]:
    """Write the record of auto's search once the model stands, or neither.

    Of another recipe, remove an earlier model's record.
    """
    if record is None:
        yield
        path.unlink(missing_ok=True)
        return
    with written_whole(path, overwrite=True) as partial:
        partial.write_text(json.dumps(record, indent=2, allow_nan=False) + "\n", encoding="utf-8")
        yield


def _sentence(manifest: Manifest, export: Export) -> str:
    details = "".join(f"; {name}: {value}" for name, value in manifest.details.items())
    return (
        f"{manifest.recipe} for {manifest.target or manifest.format}: {manifest.bytes / 1e6:.2f} "
        f"MB, {export.recipe.summary[manifest.format]}{details}; manifest "
        f"{manifest_path(export.output).name}"
    )
