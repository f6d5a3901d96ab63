"""Hold artifacts to Keras: the same drawings through both, compared as 8-bit pictures; a record."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.agreement.counted import counted
from benchmarks.agreement.gates import gate_of, judge
from benchmarks.agreement.layers import LayerAgreement
from benchmarks.agreement.sheets import Sheet
from benchmarks.runtimes.isolated import Painter, isolated
from conversion.errors import ArtifactError
from conversion.export.origins.origin import Origin
from conversion.manifest import Manifest, read_manifest
from conversion.recipes import Format
from training.data.named import NamedData
from training.errors import NurieError, PictureError
from training.files.record_format import RecordFormat
from training.metrics.full_reference import (
    PictureQuality,
    QualitySummary,
    compare_pictures,
    summarise,
)


@dataclass(frozen=True, kw_only=True)
class ArtifactParity:
    """One artifact against Keras float32."""

    artifact: str  # path
    format: Format
    recipe: str
    target: str | None
    bytes: int
    sha256: str
    gate_db: float  # what its worst drawing is held to
    passed: bool
    verdict: str
    summary: QualitySummary | None  # None: it returned no usable picture for some drawing
    pictures: dict[str, PictureQuality]  # by drawing, which with hints on it is another one
    # Where the model takes hints: how many the worst drawing has, and the worst PSNR in dB of the
    # drawings with so many. Else None and empty.
    worst_hints: int | None
    worst_db_by_hints: dict[str, float]
    layers: list[LayerAgreement]  # for the worst drawing; empty if not asked for


@dataclass(frozen=True, kw_only=True)
class Parity:
    """All artifacts of one checkpoint against Keras float32."""

    command: str  # what was typed
    checkpoint: str
    checkpoint_sha256: str
    version: str  # of the checkpoint: its epoch
    data: NamedData
    artifacts: list[ArtifactParity]

    @property
    def counted(self) -> str:
        """What was compared: how many pictures of which drawings."""
        most: Mapping[str, PictureQuality] = max(
            (row.pictures for row in self.artifacts), key=len, default={}
        )
        return counted(most)

    @property
    def passed(self) -> bool:
        """Whether every artifact reaches its gate on every drawing."""
        return all(row.passed for row in self.artifacts)


PARITIES = RecordFormat(
    kind=Parity,
    name="nurie-parity/4",  # 4 is of generators of the user's too, which have no epoch
    what="a parity record",
    expected="a file written by benchmarks.parity --json",
    remedy="write it again with --overwrite",
)


def require_made_from(origin: Origin, artifact: Path) -> Manifest:
    """Return the manifest of an artifact of this very generator, for whose recipe a gate exists.

    Raises ArtifactError where it was made from another one, or for other values than are told;
    UnsupportedTarget without a gate.
    """
    manifest = read_manifest(artifact)
    if manifest.checkpoint_sha256 != origin.sha256:
        raise ArtifactError(
            f"{artifact} was made from another checkpoint: expected {origin.sha256[:12]} "
            f"({origin.location}), received {manifest.checkpoint_sha256[:12]} "
            f"({manifest.checkpoint}). Name the checkpoint that it was made from, or export this "
            "one to another file: conversion.to_coreml ... -o NAME.mlpackage"
        )
    _require_told_ends(origin, manifest, artifact)
    gate_of(manifest)
    return manifest


def _require_told_ends(origin: Origin, manifest: Manifest, artifact: Path) -> None:
    """Refuse a model whose values of black and white are others than those of its origin.

    Of pixels, as of Core ML, nothing can be said: the values stand inside the model.
    """
    interface, ports = manifest.interface, origin.ports
    if interface.colors_line_art:  # its values are one definition's: a wrong manifest is measured
        return
    for port, end in ((interface.inputs[0], ports.taken), (interface.output, ports.painted)):
        if port.dtype == "float32" and (port.scale, port.bias) != (end.scale, end.bias):
            white = port.scale * 255 + port.bias
            raise ArtifactError(
                f"{artifact} was exported for values of {port.bias:g} to {white:g} at "
                f"{port.name!r}, received {end.low:g} to {end.high:g}. Say the same range, or "
                "export it again with --overwrite."
            )


def measure_artifact(
    artifact: Path,
    sheets: Sequence[Sheet],
    *,
    after_each: Callable[[], None] = lambda: None,
) -> ArtifactParity:
    """Run sheets of drawings through an artifact and compare its pictures with Keras's.

    The model runs in a process of its own. after_each is called after every drawing. An artifact
    that stops, ends its process, or returns what is no picture of the drawing's size, has failed.
    Raises ArtifactError, InvalidProgram if it cannot be loaded.
    """
    with isolated(artifact) as painter:
        return compare(painter, artifact, sheets, after_each=after_each)


def compare(
    painter: Painter,
    artifact: Path,
    sheets: Sequence[Sheet],
    *,
    after_each: Callable[[], None] = lambda: None,
) -> ArtifactParity:
    """Compare the pictures of a loaded artifact with Keras's, as measure_artifact does."""
    manifest = painter.manifest
    pictures: dict[str, PictureQuality] = {}
    counts = {name: count for sheet in sheets for name, count in sheet.counts.items()}
    broken = ""
    for sheet in sheets:
        try:
            painted = _of_its_size(painter.colorize(sheet.lineart, sheet.hints), sheet.reference)
        except Exception as error:  # the runtimes' errors share no class
            broken = broken or f"FAIL: {next(iter(sheet.places))}: {_first_line(error)}"
        else:
            for name, place in sheet.places.items():
                pictures[name] = compare_pictures(sheet.reference[place], painted[place])
        for _ in sheet.places:
            after_each()
    summary = None if broken else summarise(pictures)
    gate = gate_of(manifest)
    verdict = judge(summary, gate=gate) if summary else None
    return ArtifactParity(
        artifact=str(artifact),
        format=manifest.format,
        recipe=manifest.recipe,
        target=manifest.target,
        bytes=manifest.bytes,
        sha256=manifest.sha256,
        gate_db=gate,
        passed=verdict.passed if verdict else False,
        verdict=verdict.sentence if verdict else broken,
        summary=summary,
        pictures=pictures,
        worst_hints=counts.get(summary.worst_id) if summary else None,
        worst_db_by_hints=_worst_by_hints(pictures, counts),
        layers=[],
    )


def _worst_by_hints(
    pictures: Mapping[str, PictureQuality], counts: Mapping[str, int]
) -> dict[str, float]:
    worst: dict[str, float] = {}
    for name, quality in pictures.items():
        if name in counts:
            count = str(counts[name])
            worst[count] = min(worst.get(count, math.inf), quality.psnr_db)
    return worst


def _of_its_size(painted: np.ndarray, reference: np.ndarray) -> np.ndarray:
    if painted.shape != reference.shape:
        raise PictureError(f"expected a picture of {reference.shape}, received {painted.shape}")
    return painted


def _first_line(error: Exception) -> str:
    """Say in one line what went wrong; the class where it says nothing, or is all that it says."""
    said = str(error).strip()
    if isinstance(error, NurieError) and said:
        return said.splitlines()[0]
    return ": ".join([type(error).__name__, *said.splitlines()[:1]])
