"""Drawings of one's own as golden drawings: made clean and fitted as an app fits what is drawn."""

import re
import sys
import unicodedata
from pathlib import Path

from benchmarks.drawing.samples import Drawing
from training.data.sources.files import every_file
from training.errors import DataError, PictureError
from training.files.printable import printable

MOST = 24  # each is shipped with the app, up to seven pictures of it
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


def own_drawings(
    folder: Path, *, size: tuple[int, int], learned: tuple[float, float], shipped: bool = True
) -> list[Drawing]:
    """Read every picture of `folder`, by name, as a working picture of `size`: height and width.

    learned: the thinnest and the thickest line that the network learned, in pixels. shipped: with
    an app, which is given MOST at most, each of the name of its file, or drawing-3 where that is no
    plain word of Latin letters; stderr says so.
    Raises DataError for a folder without pictures or with too many, PictureError for one that
    cannot be read or is blank.
    """
    from training.picture.cleaning import clean
    from training.picture.reading import read_drawing
    from training.picture.working.fitting import fit

    files = _files(folder, most=MOST if shipped else None)
    names = [unicodedata.normalize("NFC", file.stem) for file in files]
    drawings = []
    for number, (file, name) in enumerate(zip(files, names, strict=True), 1):
        try:
            lineart = clean(read_drawing(file)).lineart
        except PictureError as error:
            said = str(error) if str(file) in str(error) else f"{file}: {error}"
            raise PictureError(f"{said} Take it out of the folder.") from error
        fitted = fit(lineart, size=size, learned=learned)
        if names.count(name) > 1:
            name = unicodedata.normalize("NFC", file.relative_to(folder).as_posix())
        if shipped and _PLAIN.fullmatch(name) is None:
            name = f"drawing-{number}"
            print(f"{printable(str(file))}: {name} in the bundle", file=sys.stderr)
        drawings.append(Drawing(name=name, lineart=fitted.lineart))
    return drawings


def _files(folder: Path, *, most: int | None) -> list[Path]:
    if not folder.is_dir():
        raise DataError(f"{folder}: expected a folder of drawings, and there is none of that name.")
    files = every_file(folder)
    if not files:
        raise DataError(
            f"{folder}: expected drawings, received a folder without any. Put line art there, as "
            "files that training.colorize reads."
        )
    if most is not None and len(files) > most:
        raise DataError(
            f"{folder}: expected 1 to {most} drawings, since each is shipped with the app, "
            f"received {len(files)} files. Put those that you choose into a folder of their own."
        )
    return files
