"""Colour drawings one after the other, and write each with its layers, complete or not at all."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from training.files.atomic import written_whole
from training.files.printable import printable
from training.picture.finishing.jobs import Job, read_job, require_readable
from training.picture.finishing.net import Net
from training.picture.finishing.picture import Finished, finish
from training.picture.openraster import COMPRESSION, Layer, ink_layer, write_openraster
from training.terminal.progress import Progress

if TYPE_CHECKING:
    import numpy as np

_QUALITY = 95  # of JPEG, WebP and AVIF: at Pillow's 75 to 80, every line has a halo


def color_drawings(
    jobs: Sequence[Job], open_net: Callable[[], Net], *, smooth: bool, overwrite: bool
) -> Iterator[Path]:
    """Colour drawings; yields the output of each when it stands. Progress and notes go to stderr.

    open_net: loads the net, once all drawings are known to be readable. smooth: without regions.
    Raises PictureError and OutputExists, and what `open_net` does.
    """
    require_readable(jobs)
    net = open_net()
    with Progress("colouring", total=len(jobs), unit="drawings") as progress:
        for job in jobs:
            given = read_job(job)
            for note in given.notes:
                print(printable(f"{job.drawing}: {note}"), file=sys.stderr)
            finished = finish(net, given.lineart, given.hints, smooth=smooth)
            write_finished(finished, job, overwrite=overwrite)
            progress.advance(note=job.drawing.name)
            yield job.output


def write_finished(finished: Finished, job: Job, *, overwrite: bool) -> None:
    """Write a finished picture, and its layers where they are wanted: all of them or none.

    Layers are PNGs of the drawing's size, the ink as opaque as it is dark, and an OpenRaster file
    of them. Raises OutputExists.
    """
    picture = finished.picture
    with ExitStack() as stack:

        def partial(path: Path) -> Path:
            return stack.enter_context(written_whole(path, overwrite=overwrite))

        if job.layers is not None:
            layers = _layers(finished)
            # Written at their places first: only then do all of them get their names.
            for layer in layers:
                _save(layer.pixels, partial(job.layer(f"{layer.name}.png")))
            write_openraster(
                layers, partial(job.layer("layers.ora")), merged=picture, overwrite=True
            )
        _save(picture, partial(job.output))


def write_picture(pixels: "np.ndarray", path: Path, *, overwrite: bool) -> None:
    """Write a picture, uint8 (H, W, 3), whole or not at all. Raises OutputExists."""
    with written_whole(path, overwrite=overwrite) as partial:
        _save(pixels, partial)


def _layers(finished: Finished) -> list[Layer]:
    """Return the layers, the topmost first; below flats, the smooth one is hidden."""
    ink = ink_layer(finished.ink)
    if finished.flats is None:
        return [ink, Layer(name="smooth", pixels=finished.smooth)]
    return [
        ink,
        Layer(name="flats", pixels=finished.flats),
        Layer(name="smooth", pixels=finished.smooth, visible=False),
    ]


def _save(pixels: "np.ndarray", path: Path) -> None:
    from PIL import Image

    # What a format has no use for, Pillow passes over.
    Image.fromarray(pixels).save(path, compress_level=COMPRESSION, quality=_QUALITY)
