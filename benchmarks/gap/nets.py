"""The nets of the matrix: equal but for the lines that they are trained on."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.gap.ways import BOTH, DRAWN, MIX
from benchmarks.tuning import spent
from training.terminal.steps import Step

# The net for phones at half its width, small steps: what two cores train in minutes.
SMALL = ("--generator.width", "12", "--batch-size", "8", "--ema", "0")


@dataclass(frozen=True, kw_only=True)
class GapNet:
    """One row: a net by the lines that it is trained on."""

    name: str
    way: str  # of benchmarks.gap.ways.TRAINED
    pens: bool  # whether half of the lines are drawn anew with other pens: augment.redrawn

    @property
    def folder(self) -> str:
        """The name of its run."""
        return f"{self.way}-pens" if self.pens else self.way


NETS = (
    GapNet(name="dilate", way="dilate", pens=False),
    GapNet(name="divide", way="divide", pens=False),
    GapNet(name="xdog", way="xdog", pens=False),
    GapNet(name="mix of the three", way=MIX, pens=False),
    GapNet(name="mix, other pens", way=MIX, pens=True),
    GapNet(name="drawn", way=DRAWN, pens=False),
    GapNet(name="drawn, other pens", way=DRAWN, pens=True),
    GapNet(name="drawn and mix, other pens", way=BOTH, pens=True),
)


def training_step(net: GapNet, *, data: Path, run: Path, epochs: int) -> Step:
    """Return the command that trains a net, or trains it on."""
    pens = () if net.pens else ("--augment.redrawn", "0")
    return spent.training_step(run, ("mobile", *SMALL, *pens), data=data, epochs=epochs)
