"""From a clean drawing to its finished picture: fit, paint, part into regions, colour, compose.

The one way that every command takes, whatever runs the net: docs/decisions/0021.
"""

from dataclasses import dataclass

import numpy as np

from training.picture.beneath import layer_beneath
from training.picture.finishing.net import Net
from training.picture.flats.compose import flats, smooth_layer
from training.picture.flats.painted import Painted
from training.picture.regions.labels import label_regions
from training.picture.strokes import line_width_of_large
from training.picture.working.fitting import fit
from training.pixels import under_ink


@dataclass(frozen=True, kw_only=True)
class Finished:
    """A coloured drawing at its own size, in layers."""

    ink: np.ndarray  # (H, W) uint8, the drawing as it was given
    smooth: np.ndarray  # (H, W, 3) uint8, what the net painted, enlarged
    flats: np.ndarray | None  # (H, W, 3) uint8, a colour a region; None: not asked for

    @property
    def picture(self) -> np.ndarray:
        """The finished picture, (H, W, 3) uint8: flats, or else the smooth layer, under the ink."""
        return under_ink(self.smooth if self.flats is None else self.flats, self.ink)


def finish(
    net: Net, lineart: np.ndarray, hints: np.ndarray | None = None, *, smooth: bool = False
) -> Finished:
    """Colour a drawing of any size.

    lineart: (H, W) uint8, clean: paper 255. hints: (H, W, 4) uint8 RGBA, a hint where at least
    half opaque; None: none, as for a net that takes none. smooth: leave out regions and flats.
    """
    painted = paint(net, lineart, hints)
    return Finished(
        ink=lineart,
        smooth=smooth_layer(painted, (lineart.shape[0], lineart.shape[1])),
        flats=None if smooth else flat_colors(painted, lineart, hints),
    )


def paint(net: Net, lineart: np.ndarray, hints: np.ndarray | None = None) -> Painted:
    """Let a net paint the working picture of a drawing. Takes what `finish` takes."""
    fitted = fit(lineart, size=net.size, learned=net.learned, hints=hints)
    painted = net.paint(fitted.lineart, fitted.hints)
    layer = painted if net.layer else layer_beneath(painted, fitted.lineart)
    return Painted(layer=layer, working=fitted.lineart, placement=fitted.placement)


def flat_colors(
    painted: Painted, lineart: np.ndarray, hints: np.ndarray | None = None
) -> np.ndarray:
    """Colour the regions of a drawing from what a net painted: (H, W, 3) uint8, without its ink."""
    return flats(find_regions(lineart), painted, lineart=lineart, hints=hints)


def find_regions(lineart: np.ndarray) -> np.ndarray:
    """Part a drawing by its lines, whose width is measured: (H, W) int32, the number of each."""
    return label_regions(lineart, line_width=line_width_of_large(lineart) or 1.0)
