"""The pictures of a report: what each model makes of a drawing, painted while the page is made."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.agreement.record import ArtifactParity
from benchmarks.agreement.strips import GAIN, difference
from benchmarks.drawing.samples import sample_drawings
from benchmarks.pages.gallery import Row, decibels, gallery_row
from benchmarks.runtimes.backends import open_backend
from conversion.errors import ArtifactError
from training.metrics.full_reference import psnr_db
from training.run.held_out import HeldOut

if TYPE_CHECKING:
    import keras

VALIDATION_ROWS = 8
LINE_ART, TRUTH, KERAS, MODEL = "line art", "truth", "Keras", "model"
DIFFERENCE = f"difference x {GAIN}"

Painters = dict[str, Callable[[np.ndarray], np.ndarray]]


def open_painters(
    generator: "keras.Model", artifacts: Mapping[str, ArtifactParity], *, side: int
) -> Painters:
    """Return what colours one drawing (H, W) uint8, by label: Keras, then every artifact.

    side: of the drawings in pixels; a model that takes others is left out, as is a broken one.

    Raises ArtifactError where an artifact is no longer the one that was measured.
    """
    from training.picture.colorizer import colorize_pixels

    def by_keras(lineart: np.ndarray) -> np.ndarray:
        return colorize_pixels(generator, lineart[np.newaxis])[0]

    painters: Painters = {KERAS: by_keras}
    for label, row in artifacts.items():
        if row.summary is None:  # it returns no picture: its verdict says why
            continue
        backend = open_backend(Path(row.artifact))
        if backend.manifest.sha256 != row.sha256:
            raise ArtifactError(
                f"{row.artifact} is not the model that was measured: expected SHA-256 "
                f"{row.sha256[:12]}, received {backend.manifest.sha256[:12]}. Run "
                "benchmarks.parity again with --overwrite."
            )
        if backend.manifest.interface.input.height_width == (side, side):
            painters[label] = backend.colorize
    return painters


def validation_rows(
    validation: HeldOut, painters: Painters, artifacts: Mapping[str, ArtifactParity]
) -> list[Row]:
    """Return the first held-out drawings, with their true colours."""
    pairs, rows = validation.pairs, []
    # The order of a data set is random: its first pictures are a fair sample that nobody picked.
    for n, name in enumerate(pairs.ids[:VALIDATION_ROWS]):
        lineart = pairs.lineart[n, ..., 0]
        given = {LINE_ART: lineart, TRUTH: pairs.color[n]}
        painted = {kind: paint(lineart) for kind, paint in painters.items()}
        notes = _notes(artifacts, f"validation/{name}")
        notes[KERAS] = f"{psnr_db(pairs.color[n], painted[KERAS]):.1f} dB"
        rows.append(gallery_row(name, given | painted, notes=notes))
    return rows


def sample_rows(
    validation: HeldOut, painters: Painters, artifacts: Mapping[str, ArtifactParity]
) -> list[Row]:
    """Return the sample drawings, which have no true colours."""
    rows = []
    for drawing in sample_drawings(validation.pairs.lineart.shape[1]):
        painted = {kind: paint(drawing.lineart) for kind, paint in painters.items()}
        pictures = {LINE_ART: drawing.lineart} | painted
        notes = _notes(artifacts, f"sample/{drawing.name}")
        rows.append(gallery_row(drawing.name, pictures, notes=notes))
    return rows


def worst_rows(
    drawings: Mapping[str, np.ndarray],
    painters: Painters,
    artifacts: Mapping[str, ArtifactParity],
) -> list[Row]:
    """Return the worst drawing of each artifact, beside Keras, and where the two differ.

    drawings: id -> (H, W) uint8, as benchmarks.parity compared them.
    """
    rows = []
    for label, row in artifacts.items():
        if row.summary is None or row.summary.worst_id not in drawings:
            continue  # it drew nothing, or the samples have changed since
        worst = row.summary.worst_id
        lineart = drawings[worst]
        reference, candidate = painters[KERAS](lineart), painters[label](lineart)
        pictures = {
            LINE_ART: lineart,
            KERAS: reference,
            MODEL: candidate,
            DIFFERENCE: difference(reference, candidate),
        }
        name = f"{label}: {worst.rpartition('/')[2]}"
        rows.append(gallery_row(name, pictures, notes={MODEL: decibels(row.summary.worst)}))
    return rows


def _notes(artifacts: Mapping[str, ArtifactParity], drawing: str) -> dict[str, str]:
    return {kind: decibels(row.pictures.get(drawing)) for kind, row in artifacts.items()}
