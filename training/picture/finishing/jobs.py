"""Plan which drawings are coloured into which files, and read and clean each before it is painted.

All that can be refused is refused before a net is loaded: outputs that stand, formats that would
change the colours, pages that are blank, hints of another size.
"""

import functools
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.errors import ConfigError, PictureError
from training.files.atomic import require_absent
from training.picture.cleaning import clean
from training.picture.reading import read_drawing, read_hints
from training.picture.regions.labels import find_paper

# What Pillow writes in 24-bit colour at any size; PNG, BMP, TIFF and PPM without loss.
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".avif", ".bmp", ".tif", ".tiff", ".ppm")
LAYERS = ("ink.png", "flats.png", "smooth.png", "layers.ora")
_HELD = 4  # drawings that are kept in memory between the check and the painting; 6 MB of an iPad's
_INK, _PAPER = 64, 224  # uint8: what is darker is ink, what is lighter paper
_FILLED = 0.15  # share of a sheet in between: soft edges and pencil take less


@dataclass(frozen=True, kw_only=True)
class Job:
    """One drawing, and where its colours go."""

    drawing: Path
    hints: Path | None
    output: Path
    layers: Path | None  # folder; None: no layers are written

    def layer(self, name: str) -> Path:
        """Return the file of one of LAYERS."""
        assert self.layers is not None
        return self.layers / f"{self.drawing.stem}-{name}"


@dataclass(frozen=True, kw_only=True)
class Given:
    """A drawing as a net may be asked to colour it."""

    lineart: np.ndarray  # (H, W) uint8, clean
    hints: np.ndarray | None  # (H, W, 4) uint8 RGBA
    notes: tuple[str, ...]  # what was done to clean it, a line each


def plan_jobs(
    drawings: Sequence[Path],
    *,
    hints: Sequence[Path] = (),
    output: Path | None = None,
    layers: Path | None = None,
    overwrite: bool = False,
) -> list[Job]:
    """Say where the colours of each drawing go, and refuse what cannot be written.

    hints: none, or one file a drawing, in their order. output: None: beside each drawing; the file
    of one drawing, or the folder of several. layers: folder.
    Raises ConfigError for what contradicts itself and for another suffix, and OutputExists.
    """
    if not drawings:
        raise ConfigError("drawings: expected at least one picture file, received none.")
    for drawing in drawings:
        if drawing.is_dir():
            raise ConfigError(
                f"{drawing}: expected a picture file, received a folder. Name what is in it: "
                f"{shlex.quote(str(drawing))}/*.png"
            )
    if hints and len(hints) != len(drawings):
        raise ConfigError(
            f"hints: expected none, or one for each of {len(drawings)} drawings in their order, "
            f"received {len(hints)}."
        )
    several = len(drawings) > 1
    if several and output is not None and (output.suffix or output.is_file()):
        raise ConfigError(
            f"{output}: expected a folder, since {len(drawings)} drawings are coloured, received "
            "the name of a file. Name a folder, or leave -o out: then each stands by its drawing."
        )
    jobs = []
    for number, drawing in enumerate(drawings):
        name = f"{drawing.stem}-color.png"
        if output is None:
            into = drawing.with_name(name)
        else:
            into = output / name if several or output.is_dir() else output
        given = hints[number] if hints else None
        jobs.append(Job(drawing=drawing, hints=given, output=into, layers=layers))
    _require_writable(jobs, overwrite=overwrite)
    return jobs


def read_job(job: Job) -> Given:
    """Read and clean a drawing, and read its hints. Raises PictureError by name.

    Of the last few jobs, what was read is kept.
    """
    return _read(job)


def require_readable(jobs: Sequence[Job]) -> None:
    """Read every drawing, and raise PictureError with all that cannot be coloured, if any."""
    refused = []
    for job in reversed(jobs):  # so that those kept in memory are the first that are painted
        try:
            read_job(job)
        except PictureError as error:
            refused.append(str(error))
    if refused:
        raise PictureError("\n".join(reversed(refused)))


@functools.lru_cache(maxsize=_HELD)
def _read(job: Job) -> Given:
    drawn = read_drawing(job.drawing)
    try:
        cleaned = clean(drawn)
    except PictureError as error:
        raise PictureError(f"{job.drawing}: {error}") from error
    hints = None if job.hints is None else read_hints(job.hints, drawing=cleaned.lineart)
    notes = cleaned.notes + _notes_of_fields(cleaned.lineart)
    if hints is not None:
        notes += _notes_of(hints, cleaned.lineart, file=job.hints)
    return Given(lineart=cleaned.lineart, hints=hints, notes=notes)


def _notes_of_fields(lineart: np.ndarray) -> tuple[str, ...]:
    """Tell of a sheet of which much is neither paper nor ink: its fields stay grey."""
    tones = float(np.mean((lineart > _INK) & (lineart < _PAPER)))
    if tones < _FILLED:
        return ()
    return (f"{tones:.0%} of it is grey or coloured already and stays dark: give its lines alone",)


def _notes_of(hints: np.ndarray, lineart: np.ndarray, *, file: Path | None) -> tuple[str, ...]:
    """Tell of hints that colour nothing."""
    import cv2

    given = (hints[..., 3] > 0).astype(np.uint8)
    if not given.any():
        return (f"nothing in {file} is half opaque or more: coloured without hints",)
    count, number = cv2.connectedComponents(given, connectivity=8)
    on_paper = np.unique(number[find_paper(lineart)])
    ignored = count - len(np.union1d(on_paper, [0]))
    if not ignored:
        return ()
    return (f"{ignored} of {count - 1} hints of {file} lie on ink alone and colour nothing",)


def _require_writable(jobs: Sequence[Job], *, overwrite: bool) -> None:
    written: dict[Path, Path] = {}
    for job in jobs:
        if job.output.suffix.lower() not in SUFFIXES:
            raise ConfigError(
                f"{job.output}: expected the name of a picture in full colour "
                f"({', '.join(SUFFIXES)}) or a folder that exists, received the suffix "
                f"{job.output.suffix!r}."
            )
        layers = [] if job.layers is None else [job.layer(name) for name in LAYERS]
        if job.layers is not None and job.layers.exists() and not job.layers.is_dir():
            raise ConfigError(f"{job.layers}: expected a folder for layers, received a file.")
        for path in (job.output, *layers):
            if path.resolve() == job.drawing.resolve():
                raise ConfigError(f"{path} is the drawing itself: expected another output.")
            if path in written:
                raise ConfigError(
                    f"{path}: expected an output for each drawing, received one for "
                    f"{written[path]} and {job.drawing}. Colour them in two calls, with two "
                    "folders."
                )
            written[path] = job.drawing
            require_absent(path, overwrite=overwrite)
