"""What every command that colours drawings is told beside its net and the drawings."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from training.picture.finishing.jobs import Job, plan_jobs


@dataclass(frozen=True, kw_only=True)
class ColoringOptions:
    """The options of one call, for one drawing or several."""

    # transparent picture with colour where it is wished, for a net that takes hints; of several
    # drawings, once for each in their order
    hints: tyro.conf.UseAppendAction[tuple[Path, ...]] = ()
    # picture to write, or folder for several; default: beside each drawing
    output: Annotated[Path | None, tyro.conf.arg(aliases=["-o", "--out"])] = None
    # folder for ink, flats and smooth layer as PNG, and all of them as OpenRaster
    layers: Path | None = None
    smooth: bool = False  # what the net painted as it is, without regions
    overwrite: bool = False  # replace existing outputs

    def jobs(self, drawings: Sequence[Path]) -> list[Job]:
        """Plan what is coloured into what. Raises ConfigError and OutputExists as `plan_jobs`."""
        return plan_jobs(
            drawings,
            hints=self.hints,
            output=self.output,
            layers=self.layers,
            overwrite=self.overwrite,
        )
