"""The pictures of a report: what each model makes of a drawing, painted while the page is made."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.agreement.record import ArtifactParity
from benchmarks.agreement.strips import GAIN, difference
from benchmarks.drawing.compared import Given, with_hints
from benchmarks.drawing.samples import sample_drawings
from benchmarks.drawing.wishes import WISHES, wished
from benchmarks.pages.gallery import Row, decibels, gallery_row, shrunk_to_largest
from conversion.errors import ArtifactError
from conversion.export.drawings import HINT_COUNTS, Drawings
from conversion.export.origins.origin import Origin
from conversion.runtimes.backends import open_backend
from training.metrics.full_reference import psnr_db
from training.pixels import on_paper, under_ink
from training.run.held_out import HeldOut

if TYPE_CHECKING:
    import keras

VALIDATION_ROWS = 8
WISH_ROWS = 6
NO_HINT, WISHED = "without a hint", ("usual colours", "other colours")
LINE_ART, HINTS, TRUTH, KERAS, MODEL = "line art", "hints", "truth", "Keras", "model"
DIFFERENCE = f"difference x {GAIN}"
MOST_HINTS = max(HINT_COUNTS)  # on drawings that are shown with hints, for a model that takes any

Painters = dict[str, Callable[[np.ndarray, np.ndarray | None], np.ndarray]]


def open_painters(
    origin: Origin, generator: "keras.Model", artifacts: Mapping[str, ArtifactParity]
) -> Painters:
    """Return what colours a drawing (H, W) uint8 with its hints, by label: Keras, then artifacts.

    A model of pictures of another size than its origin's is left out, as is a broken one.

    Raises ArtifactError where an artifact is no longer the one that was measured.
    """

    def by_keras(lineart: np.ndarray, hints: np.ndarray | None) -> np.ndarray:
        several = None if hints is None else hints[np.newaxis]
        drawings = Drawings(lineart=lineart[np.newaxis], hints=several)
        return origin.paint(generator, drawings)[0]

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
        if origin.fitting_size() in backend.manifest.sizes:
            painters[label] = backend.colorize
    return painters


def validation_rows(
    validation: HeldOut,
    drawings: Mapping[str, Given],
    painters: Painters,
    artifacts: Mapping[str, ArtifactParity],
) -> list[Row]:
    """Return the first held-out drawings, with their true colours.

    drawings: by id, as benchmarks.parity compared them, here as below. Where they have hints,
    each stands there without and with MOST_HINTS.
    """
    pairs, rows = validation.pairs, []
    # The order of a data set is random: its first pictures are a fair sample that nobody picked.
    for n, name in enumerate(pairs.ids[:VALIDATION_ROWS]):
        for shown in _shown(f"validation/{name}", drawings):
            given = drawings[shown]
            painted = _painted(given, painters)
            notes = _notes(artifacts, shown)
            notes[KERAS] = f"{psnr_db(pairs.color[n], painted[KERAS]):.1f} dB"
            pictures = _given(given) | {TRUTH: pairs.color[n]} | painted
            rows.append(gallery_row(shown.removeprefix("validation/"), pictures, notes=notes))
    return rows


def sample_rows(
    drawings: Mapping[str, Given], painters: Painters, artifacts: Mapping[str, ArtifactParity]
) -> list[Row]:
    """Return the sample drawings, which have no true colours."""
    rows = []
    for name in (name for name, each in drawings.items() if _is_plain_sample(name, each)):
        for shown in _shown(name, drawings):
            pictures = _given(drawings[shown]) | _painted(drawings[shown], painters)
            notes = _notes(artifacts, shown)
            rows.append(gallery_row(shown.removeprefix("sample/"), pictures, notes=notes))
    return rows


def wish_rows(painters: Painters, *, side: int) -> list[Row]:
    """Return sample drawings under different hints: none, those expected, and quite others."""
    rows = []
    for drawing in sample_drawings(side):
        if drawing.name not in WISHES:
            continue
        pictures = {NO_HINT: painters[KERAS](drawing.lineart, wished((), size=side))}
        for kind, dots in zip(WISHED, WISHES[drawing.name], strict=True):
            hints = wished(dots, size=side)
            pictures[f"{kind}: {HINTS}"] = under_ink(on_paper(hints), drawing.lineart)
            pictures[kind] = painters[KERAS](drawing.lineart, hints)
        rows.append(gallery_row(drawing.name, pictures, notes={}))
    return rows[:WISH_ROWS]


def worst_rows(
    drawings: Mapping[str, Given],
    painters: Painters,
    artifacts: Mapping[str, ArtifactParity],
    *,
    kind: str = LINE_ART,
) -> list[Row]:
    """Return the worst drawing of each artifact, beside Keras, and where the two differ.

    kind: what the net is given.
    """
    rows = []
    for label, row in artifacts.items():
        if row.summary is None or row.summary.worst_id not in drawings:
            continue  # it drew nothing, or the samples have changed since
        worst = row.summary.worst_id
        given = drawings[worst]
        reference, candidate = (
            paint(given.lineart, given.hints) for paint in (painters[KERAS], painters[label])
        )
        pictures = _given(given, kind) | {
            KERAS: reference,
            MODEL: candidate,
            DIFFERENCE: shrunk_to_largest(difference(reference, candidate)),
        }
        name = f"{label}: {worst.rpartition('/')[2]}"
        rows.append(gallery_row(name, pictures, notes={MODEL: decibels(row.summary.worst)}))
    return rows


def _is_plain_sample(name: str, given: Given) -> bool:
    return name.startswith("sample/") and not given.count


def _shown(name: str, drawings: Mapping[str, Given]) -> list[str]:
    """Return the ids under which a drawing is shown: without hints, and with the most."""
    return [each for each in (name, with_hints(name, MOST_HINTS)) if each in drawings]


def _given(given: Given, kind: str = LINE_ART) -> dict[str, np.ndarray]:
    hints = {} if given.hints is None else {HINTS: on_paper(given.hints)}
    return {kind: given.lineart} | hints


def _painted(given: Given, painters: Painters) -> dict[str, np.ndarray]:
    return {kind: paint(given.lineart, given.hints) for kind, paint in painters.items()}


def _notes(artifacts: Mapping[str, ArtifactParity], drawing: str) -> dict[str, str]:
    return {kind: decibels(row.pictures.get(drawing)) for kind, row in artifacts.items()}
