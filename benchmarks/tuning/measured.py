"""How near nets come to the truth on held-out drawings, drawing by drawing."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from training.run.checkpoint import find_newest
from training.terminal.tensorflow_log import import_tensorflow_quietly

if TYPE_CHECKING:
    import numpy as np

DOTS = 8  # hints of each drawing, where it has some


def held_out_psnr_db(
    nets: Mapping[str, Path], data: Path
) -> dict[str, tuple["np.ndarray", "np.ndarray"]]:
    """Return the PSNR in dB of each validation drawing, without hints and with DOTS dots, by net.

    nets: run folders or checkpoints by name. data: data folder.
    """
    import_tensorflow_quietly()
    import numpy as np

    from training.data.pipeline import load_split
    from training.metrics.full_reference import psnr_db
    from training.metrics.hints.judging import dot_pictures
    from training.picture.colorizer import colorize_pixels
    from training.run.restoring import load_generator

    pairs = load_split(data, "validation")
    lineart = pairs.lineart[..., 0]
    dots = dot_pictures(lineart, pairs.color, count=DOTS, ids=pairs.ids)
    measured = {}
    for name, path in nets.items():
        generator = load_generator(find_newest(path))
        bare, hinted = (
            np.array([psnr_db(*pair) for pair in zip(pairs.color, painted, strict=True)])
            for painted in (
                colorize_pixels(generator, lineart),
                colorize_pixels(generator, lineart, dots),
            )
        )
        measured[name] = bare, hinted
    return measured
