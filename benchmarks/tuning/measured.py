"""What nets paint of held-out drawings, and how near to the truth that is, drawing by drawing."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from training.run.checkpoint import find_newest
from training.terminal.tensorflow_log import import_tensorflow_quietly

if TYPE_CHECKING:
    import numpy as np

DOTS = 8  # hints of each drawing, where it has some


@dataclass(frozen=True, kw_only=True)
class HeldOut:
    """Validation drawings, N of them, and what each net made of them; all uint8."""

    lineart: "np.ndarray"  # (N, H, W)
    dots: "np.ndarray"  # (N, H, W, 4), RGB and 255 where a hint is
    color: "np.ndarray"  # (N, H, W, 3), true
    # by net: (N, H, W, 3) without hints, and the same with DOTS dots
    painted: "dict[str, tuple[np.ndarray, np.ndarray]]"

    def psnr_db(self) -> "dict[str, tuple[np.ndarray, np.ndarray]]":
        """Return the PSNR in dB of each drawing, without hints and with dots, by net."""
        import numpy as np

        from training.metrics.full_reference import psnr_db

        def of(painted: "np.ndarray") -> "np.ndarray":
            return np.array([psnr_db(*pair) for pair in zip(self.color, painted, strict=True)])

        return {name: (of(bare), of(hinted)) for name, (bare, hinted) in self.painted.items()}


def paint_held_out(nets: Mapping[str, Path], data: Path) -> HeldOut:
    """Let nets paint the validation drawings of a data folder.

    nets: run folders or checkpoints by name.
    """
    import_tensorflow_quietly()
    from training.data.pipeline import load_split
    from training.metrics.hints.judging import dot_pictures
    from training.picture.colorizer import colorize_pixels
    from training.run.restoring import load_generator

    pairs = load_split(data, "validation")
    lineart = pairs.lineart[..., 0]
    dots = dot_pictures(lineart, pairs.color, count=DOTS, ids=pairs.ids)
    painted = {}
    for name, path in nets.items():
        generator = load_generator(find_newest(path))
        painted[name] = (
            colorize_pixels(generator, lineart),
            colorize_pixels(generator, lineart, dots),
        )
    return HeldOut(lineart=lineart, dots=dots, color=pairs.color, painted=painted)
