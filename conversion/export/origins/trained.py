"""A checkpoint of a training of ours, as exports and benchmarks see it."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from conversion.export.calibration import calibrated_on, calibration_drawings
from conversion.export.drawings import Drawings
from conversion.export.origins.origin import Compared, Origin
from conversion.export.size import Size, export_size, size_of
from conversion.interface import Ports
from training.data.named import Credit, Terms
from training.run.checkpoint import Checkpoint
from training.run.held_out import fitting_data, held_out
from training.run.restoring import load_generator
from training.settings.networks import stride_of
from training.settings.sizes import common_side

if TYPE_CHECKING:
    import keras
    import numpy as np


@dataclass(frozen=True)
class Trained(Origin):
    """A checkpoint."""

    checkpoint: Checkpoint

    @property
    def name(self) -> str:
        """The name of its run."""
        return self.checkpoint.run.resolve().name

    @property
    def exports(self) -> Path:
        """The folder exports/ of its run."""
        return self.checkpoint.exports

    @property
    def place(self) -> str:
        """Its run and epoch: where they stand is their owner's affair."""
        return self.checkpoint.name

    @property
    def location(self) -> Path:
        """Its folder."""
        return self.checkpoint.folder

    @property
    def sha256(self) -> str:
        """The hash of all that colours."""
        return self.checkpoint.sha256

    @property
    def version(self) -> str:
        """How long it was trained."""
        return f"epoch {self.checkpoint.epoch}"

    @property
    def does(self) -> str:
        """What every net of ours does."""
        return "Colours line art."

    @property
    def terms(self) -> str:
        """What its training pictures ask for."""
        return f"Trained on {self.credit.source} ({self.credit.licence})"

    @property
    def credit(self) -> Credit:
        """Of its training pictures."""
        return self.checkpoint.data

    def under(self, terms: Terms) -> "Trained":
        """Say other terms of its training pictures."""
        return Trained(replace(self.checkpoint, data=terms.of(self.credit)))

    @property
    def ports(self) -> Ports:
        """As its config says, without building it."""
        generator = self.checkpoint.config.generator
        return Ports(hints=generator.hints, layer=generator.network == "mobile")

    @property
    def line_width_px(self) -> tuple[float, float] | None:
        """Of its training's pens."""
        return self.checkpoint.config.augment.learned_lines

    @property
    def trained_px(self) -> int:
        """The shorter side, as its config says."""
        return min(size_of(self.checkpoint))

    @property
    def stride_px(self) -> int:
        """As its net asks."""
        return stride_of(
            self.checkpoint.config.generator, size=common_side(size_of(self.checkpoint))
        )

    @property
    def weights_bytes(self) -> int:
        """Of the file with what colours."""
        return self.checkpoint.weights_file.stat().st_size

    def fitting_size(self, asked: Size | None = None) -> Size:
        """Return that of the training, or a larger one that fits its stride."""
        return export_size(self.checkpoint, asked)

    def load(self) -> "keras.Model":
        """Build the generator with the weights that colour."""
        return load_generator(self.checkpoint)

    def paint(
        self, generator: "keras.Model", drawings: Drawings, *, batch_size: int = 16
    ) -> "np.ndarray":
        """Colour drawings, a layer laid under the ink."""
        from training.picture.colorizer import colorize_pixels

        return colorize_pixels(generator, drawings.lineart, drawings.hints, batch_size=batch_size)

    def require_drawings(self, data: Path | None) -> None:
        """Look for the data set of the training, or the one that is named."""
        fitting_data(self.checkpoint, data)

    def calibration_drawings(self, data: Path | None, *, size: Size) -> Drawings:
        """Return training drawings, with hints for a net that takes any."""
        return calibration_drawings(self.checkpoint, data, size=size, hints=self.ports.hints)

    def calibrated_on(self, data: Path | None, drawings: Drawings) -> dict[str, str]:
        """Say how many training drawings they are."""
        return calibrated_on(self.checkpoint, data, drawings)

    def compared(self, data: Path | None, *, size: Size) -> Compared:
        """Return the drawings that it was not trained on, in the size of the training."""
        validation = held_out(self.checkpoint, data)
        pairs = validation.pairs
        names = [f"validation/{name}" for name in pairs.ids]
        return Compared(
            data=validation.data,
            lineart=dict(zip(names, pairs.lineart[..., 0], strict=True)),
            color=dict(zip(names, pairs.color, strict=True)),
        )
