"""One drawing as an artifact and Keras colour it, side by side, and where they differ."""

import itertools
import json
from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.agreement.record import ArtifactParity
from benchmarks.agreement.sheets import Sheet
from benchmarks.runtimes.isolated import isolated
from training.files.atomic import written_whole
from training.files.strict_json import to_json
from training.pixels import on_paper

STRIPS_FILE = "strips.json"  # what tells a folder of ours from anything else
# A difference of one grey level is invisible; eight times as much is not.
GAIN = 8


def strip(sheet: Sheet, candidate: np.ndarray) -> np.ndarray:
    """Lay line art, hints, Keras, artifact and difference side by side: uint8 (H, 4 W, 3).

    candidate: (H, W, 3) uint8, by the artifact. Where the network takes hints, on paper, it is
    (H, 5 W, 3).
    """
    drawing = np.repeat(sheet.lineart[..., np.newaxis], 3, axis=-1)
    hints = [] if sheet.hints is None else [on_paper(sheet.hints)]
    differing = difference(sheet.reference, candidate)
    return np.concatenate([drawing, *hints, sheet.reference, candidate, differing], axis=1)


def difference(reference: np.ndarray, candidate: np.ndarray) -> np.ndarray:
    """Return the difference of two pictures in each channel, times GAIN: black where they agree."""
    levels = np.abs(reference.astype(np.int16) - candidate)
    return np.minimum(levels * GAIN, 255).astype(np.uint8)


def write_strips(
    folder: Path,
    rows: Sequence[ArtifactParity],
    sheets: Mapping[str, Sheet],
    *,
    overwrite: bool,
) -> None:
    """Write NAME.png for each artifact: its worst drawing; strips.json says which one that is.

    sheets: drawing's id -> the sheet that it stands on, which is shown whole. An artifact that drew
    nothing is left out. Raises OutputExists.
    """
    from PIL import Image

    with written_whole(folder, overwrite=overwrite, marker=STRIPS_FILE) as partial:
        partial.mkdir()
        shown: dict[str, dict[str, Any]] = {}
        for row in rows:
            if row.summary is None:
                continue
            worst, name = row.summary.worst_id, _unused(Path(row.artifact).name, shown)
            sheet = sheets[worst]
            with isolated(Path(row.artifact)) as model:
                candidate = model.colorize(sheet.lineart, sheet.hints)
            Image.fromarray(strip(sheet, candidate)).save(partial / name)
            shown[name] = {"drawing": worst, "psnr_db": row.summary.worst.psnr_db}
        (partial / STRIPS_FILE).write_text(
            json.dumps(to_json(shown), indent=2, allow_nan=False) + "\n", encoding="utf-8"
        )


def _unused(name: str, shown: Container[str]) -> str:
    """Return NAME.png, numbered where models of one name stand in several folders."""
    files = itertools.chain([f"{name}.png"], (f"{name}-{n}.png" for n in itertools.count(2)))
    return next(file for file in files if file not in shown)
