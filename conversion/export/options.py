"""What every export command is told on the command line."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from conversion.errors import ConversionError
from conversion.export.origins.asked import NOTHING, Asked
from conversion.export.plan import Export, credited, plan_exports
from conversion.export.size import parse_sizes
from conversion.recipes import AUTO, Format, recipes_asked_for
from training.data.named import AS_PREPARED, Terms

# What ml-stable-diffusion asks of a converted model.
DEFAULT_MIN_PSNR_DB = 35.0
DEFAULT_AUTHOR = "made with Nurie"


@dataclass(frozen=True, kw_only=True)
class ExportOptions:
    """A checkpoint, and what to make of it."""

    # checkpoint folder, run folder (its best checkpoint), or the word pretrained; or a Keras
    # generator of your own: a .keras or .h5 file, a SavedModel folder, or module:function
    ckpt: tyro.conf.Positional[Path]
    recipe: str = "fp16"  # a recipe of the format: see the description of the command
    # data folder, to calibrate on; default: that of the training. Of a generator of your own: a
    # folder of pictures
    data: Annotated[Path | None, tyro.conf.arg(aliases=["--drawings"])] = None
    # in pixels, such as 512 or 1024x704, or several by commas: one model that serves each; default:
    # that of the training
    size: str | None = None
    # default: RUN/exports
    output: Annotated[Path | None, tyro.conf.arg(aliases=["-o", "--out"])] = None
    terms: Annotated[Terms, tyro.conf.arg(name="")] = AS_PREPARED
    own: Annotated[Asked, tyro.conf.arg(name="")] = NOTHING
    overwrite: bool = False  # replace an existing output

    def exports(self, format: Format, *, target: str | None = None) -> list[Export]:
        """Plan what is asked for. Raises what `plan_exports` raises."""
        exports = plan_exports(
            self.ckpt,
            self.output,
            format=format,
            recipes=recipes_asked_for(self.recipe, format=format),
            target=target,
            sizes=() if self.size is None else parse_sizes(self.size),
            data=self.data,
            own=self.own,
            overwrite=self.overwrite,
        )
        return credited(exports, self.terms)


def wanted_db(min_psnr_db: float | None, *, recipe: str) -> float:
    """Return what auto must reach, refused where it is no such number or nobody would use it.

    Raises ConversionError.
    """
    if min_psnr_db is None:
        return DEFAULT_MIN_PSNR_DB
    if recipe != AUTO.name:
        raise ConversionError(
            f"--min-psnr belongs to --recipe {AUTO.name}, received recipe {recipe}. Leave it out: "
            "benchmarks.parity holds every other recipe to a gate of its own."
        )
    if not 0 < min_psnr_db < math.inf:
        raise ConversionError(f"--min-psnr: expected dB above 0, received {min_psnr_db:g}.")
    return min_psnr_db
