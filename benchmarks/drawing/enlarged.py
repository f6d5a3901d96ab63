"""Write a picture of small pictures so large that one sees their pixels."""

from pathlib import Path

import numpy as np

from training.files.atomic import written_whole


def write_enlarged(picture: np.ndarray, output: Path, *, zoom: int, overwrite: bool) -> None:
    """Write a picture, (H, W, 3) uint8 RGB, with `zoom` x `zoom` pixels for each of its own.

    Raises OutputExists.
    """
    from PIL import Image

    enlarged = picture.repeat(zoom, axis=0).repeat(zoom, axis=1)
    with written_whole(output, overwrite=overwrite) as partial:
        Image.fromarray(enlarged).save(partial, optimize=True)
