"""What every export command is told on the command line."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from conversion.export.plan import Export, plan_exports
from conversion.export.size import parse_size
from conversion.recipes import Format, recipes_asked_for


@dataclass(frozen=True, kw_only=True)
class ExportOptions:
    """A checkpoint, and what to make of it."""

    # checkpoint folder, run folder (its newest checkpoint), or the word pretrained
    ckpt: tyro.conf.Positional[Path]
    recipe: str = "fp16"  # a recipe of the format: see the description of the command
    data: Path | None = None  # data folder, to calibrate on; default: that of the training
    size: str | None = None  # in pixels, such as 512 or 1024x704; default: that of the training
    output: Annotated[Path | None, tyro.conf.arg(aliases=["-o"])] = None  # default: RUN/exports
    overwrite: bool = False  # replace an existing output

    def exports(self, format: Format, *, target: str | None = None) -> list[Export]:
        """Plan what is asked for. Raises what `plan_exports` raises."""
        return plan_exports(
            self.ckpt,
            self.output,
            format=format,
            recipes=recipes_asked_for(self.recipe, format=format),
            target=target,
            size=None if self.size is None else parse_size(self.size),
            data=self.data,
            overwrite=self.overwrite,
        )
