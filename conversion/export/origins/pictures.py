"""A folder of the user's pictures, fitted to a model: to calibrate on, and to compare on."""

from pathlib import Path

import numpy as np

from conversion.export.size import Size
from conversion.interface import Colors
from training.data.named import NOT_STATED, NamedData
from training.data.sources.files import every_file
from training.errors import DataError, PictureError
from training.files.hashes import files_sha256
from training.picture.decoding.formats import formats_of
from training.picture.decoding.vector import SUFFIX
from training.picture.reading import read_drawing, read_picture, to_grey

COUNT = 128  # that calibrate: as many as of a data set of ours


def no_folder(name: str) -> DataError:
    """Return the refusal of what looks at pictures where none were named."""
    return DataError(
        f"{name}: expected pictures of the kind that it takes, received none. Name a folder of "
        "them: --drawings FOLDER."
    )


def files_in(folder: Path) -> list[Path]:
    """Return the files of a folder, and of those below it, by name. Raises DataError for none."""
    if not folder.is_dir():
        raise DataError(f"{folder} is no folder. Expected one of pictures.")
    files = every_file(folder)
    if not files:
        raise DataError(
            f"{folder}: expected pictures, received a folder without any. Put some there, such as "
            "PNG or JPEG files."
        )
    return files


def require_pictures(folder: Path, *, colors: Colors) -> None:
    """Raise DataError for a folder without files, PictureError for a file that is no picture.

    By its first bytes alone: one that is damaged shows when it is read.
    """
    for file in files_in(folder):
        if colors == "rgba" and file.suffix.lower() == SUFFIX:
            continue
        with file.open("rb") as stream:
            formats_of(stream, file)


def fitted_pictures(
    folder: Path, *, size: Size, colors: Colors, limit: int | None = None
) -> dict[str, np.ndarray]:
    """Return pictures by their path in the folder, scaled and cropped about the middle to `size`.

    Each (H, W) uint8 for colors gray, transparency on white paper; (H, W, 3) RGB for rgb; (H, W, 4)
    for rgba. Raises PictureError for one that cannot be read, or has no transparency for rgba.
    """
    files = files_in(folder)[:limit]
    return {
        file.relative_to(folder).as_posix(): _fitted(_read(file, colors), size) for file in files
    }


def named(folder: Path) -> NamedData:
    """Return what a record says of a folder of pictures: not whose they are, which nobody knows."""
    return NamedData(
        path=str(folder),
        sha256=files_sha256(folder, files_in(folder)),
        source=folder.name,
        licence=NOT_STATED,
        credit=NOT_STATED,
    )


def _read(file: Path, colors: Colors) -> np.ndarray:
    if colors == "gray":
        return to_grey(read_picture(file))
    if colors == "rgb":
        return read_picture(file)
    picture = read_drawing(file)
    if picture.shape[-1] != 4:
        raise PictureError(
            f"{file}: expected a picture with transparency, since the net takes four channels, "
            "received one without. Save it as PNG with an alpha channel."
        )
    return picture


def _fitted(picture: np.ndarray, size: Size) -> np.ndarray:
    """Scale a picture until it covers `size`, and cut off what stands over, evenly."""
    import cv2

    (height, width), (rows, columns) = size, picture.shape[:2]
    scale = max(height / rows, width / columns)
    covering = max(width, round(columns * scale)), max(height, round(rows * scale))
    if covering != (columns, rows):
        smaller = scale < 1
        how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
        picture = cv2.resize(picture, covering, interpolation=how)
    top, left = (covering[1] - height) // 2, (covering[0] - width) // 2
    return np.ascontiguousarray(picture[top : top + height, left : left + width])
