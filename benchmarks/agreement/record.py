"""Hold artifacts to Keras: the same drawings through both, compared as 8-bit pictures; a record."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.agreement.gates import gate_of, judge
from benchmarks.agreement.layers import LayerAgreement
from benchmarks.agreement.sheets import Sheet
from benchmarks.runtimes.backends import open_backend
from conversion.errors import ArtifactError
from conversion.manifest import Manifest, read_manifest
from training.errors import DataError, NurieError, PictureError
from training.files.atomic import written_whole
from training.metrics.full_reference import (
    PictureQuality,
    QualitySummary,
    compare_pictures,
    summarise,
)
from training.run.checkpoint import Checkpoint

FORMAT = "nurie-parity/1"


@dataclass(frozen=True, kw_only=True)
class ArtifactParity:
    """One artifact against Keras float32."""

    artifact: str  # path
    format: str
    recipe: str
    target: str | None
    bytes: int
    sha256: str
    gate_db: float  # what its worst drawing is held to
    passed: bool
    verdict: str
    summary: QualitySummary | None  # None: it returned no usable picture for some drawing
    pictures: dict[str, PictureQuality]  # by drawing
    layers: list[LayerAgreement]  # for the worst drawing; empty if not asked for


@dataclass(frozen=True, kw_only=True)
class Parity:
    """All artifacts of one checkpoint against Keras float32."""

    command: str  # what was typed
    checkpoint: str
    checkpoint_sha256: str
    epoch: int
    data: dict[str, str]  # path, sha256, source, licence, credit
    artifacts: list[ArtifactParity]

    @property
    def drawings(self) -> int:
        """How many drawings were compared; 0 if no artifact returned any picture."""
        return max((len(row.pictures) for row in self.artifacts), default=0)

    @property
    def passed(self) -> bool:
        """Whether every artifact reaches its gate on every drawing."""
        return all(row.passed for row in self.artifacts)


def require_made_from(checkpoint: Checkpoint, artifact: Path) -> Manifest:
    """Return the manifest of an artifact of this very checkpoint, for whose recipe a gate exists.

    Raises ArtifactError where it was made from another one; UnsupportedTarget without a gate.
    """
    manifest = read_manifest(artifact)
    if manifest.checkpoint_sha256 != checkpoint.sha256:
        raise ArtifactError(
            f"{artifact} was made from another checkpoint: expected {checkpoint.sha256[:12]} "
            f"({checkpoint.folder}), received {manifest.checkpoint_sha256[:12]} "
            f"({manifest.checkpoint}). Export it again with --overwrite."
        )
    gate_of(manifest)
    return manifest


def measure_artifact(
    artifact: Path,
    sheets: Sequence[Sheet],
    *,
    after_each: Callable[[], None] = lambda: None,
) -> ArtifactParity:
    """Run sheets of drawings through an artifact and compare its pictures with Keras's.

    after_each is called after every drawing. An artifact that stops, or returns what is no picture
    of the drawing's size, has failed. Raises ArtifactError, InvalidProgram if it cannot be loaded.
    """
    backend = open_backend(artifact)
    manifest = backend.manifest
    pictures: dict[str, PictureQuality] = {}
    broken = ""
    for sheet in sheets:
        try:
            painted = _of_its_size(backend.colorize(sheet.lineart), sheet.reference)
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
        layers=[],
    )


def write_parity(parity: Parity, path: Path, *, overwrite: bool = False) -> None:
    """Write the record as JSON. Raises OutputExists."""
    artifacts = [
        asdict(row)
        | {
            "summary": row.summary.as_json() if row.summary else None,
            "pictures": {name: quality.as_json() for name, quality in row.pictures.items()},
            "layers": [layer.as_json() for layer in row.layers],
        }
        for row in parity.artifacts
    ]
    raw = {"format": FORMAT} | asdict(parity) | {"artifacts": artifacts}
    with written_whole(path, overwrite=overwrite) as partial:
        text = json.dumps(raw, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        partial.write_text(text, encoding="utf-8")


def read_parity(path: Path) -> Parity:
    """Read what `write_parity` wrote. Raises DataError for anything else."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["format"] != FORMAT:
            raise ValueError(f"expected format {FORMAT!r}, received {raw['format']!r}")
        names = set(Parity.__dataclass_fields__) - {"artifacts"}
        rows = [_artifact_parity(row) for row in raw["artifacts"]]
        return Parity(artifacts=rows, **{name: raw[name] for name in names})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            f"{path} is not a parity record ({error!r}). Expected a file written by "
            "benchmarks.parity --json; write it again with --overwrite."
        ) from error


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


def _artifact_parity(raw: Mapping[str, Any]) -> ArtifactParity:
    names = set(ArtifactParity.__dataclass_fields__) - {"summary", "pictures", "layers"}
    return ArtifactParity(
        summary=QualitySummary.from_json(raw["summary"]) if raw["summary"] else None,
        pictures={name: PictureQuality.from_json(row) for name, row in raw["pictures"].items()},
        layers=[LayerAgreement.from_json(layer) for layer in raw["layers"]],
        **{name: raw[name] for name in names},
    )
