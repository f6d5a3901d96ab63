"""Draw an SVG as pixels, for whom it is the drawing to be coloured."""

import re
import tempfile
from pathlib import Path
from typing import BinaryIO

from training.errors import PictureError

SUFFIX = ".svg"
LONGER_SIDE = 1024  # pixels: about what a tablet shows
_ELSEWHERE = re.compile(r"""\bhref\s*=\s*["'](?!\s*(?:#|data:|https?:))""")
LARGEST_BYTES = 16 << 20  # of the file: drawings have a few thousand


def rendered(file: Path) -> BinaryIO:
    """Return the PNG of an SVG file, transparent where nothing is drawn, LONGER_SIDE long.

    An SVG that shows other files is refused. Raises PictureError, and OSError of the file.
    """
    import resvg_py

    if file.stat().st_size > LARGEST_BYTES:
        raise PictureError(
            f"{file}: expected an SVG of up to {LARGEST_BYTES >> 20} MB. Save it as PNG."
        )
    try:
        text = file.read_text(encoding="utf-8")
        if _ELSEWHERE.search(text):  # resvg would read it, wherever it is
            raise PictureError(
                f"{file}: expected an SVG that is whole by itself, received one that shows another "
                "file. Save it as PNG."
            )
        # Of width and height the tighter one holds, so that neither side is longer.
        png = resvg_py.svg_to_bytes(
            svg_string=text, width=LONGER_SIDE, height=LONGER_SIDE, skip_system_fonts=True
        )
    except ValueError as error:  # which wrong UTF-8 is, too
        raise PictureError(f"{file}: cannot be drawn as SVG: {error}. Save it as PNG.") from error
    # A file, since readers ask for its size; whoever reads it closes it.
    stream = tempfile.TemporaryFile()  # noqa: SIM115
    stream.write(png)
    stream.seek(0)
    return stream
