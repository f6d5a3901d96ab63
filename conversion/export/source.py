"""What the exports of one checkpoint share, each made once, when it is first needed."""

import functools
from typing import TYPE_CHECKING

from conversion.export.calibration import calibrated_on, calibration_drawings
from conversion.export.drawings import Drawings
from conversion.export.function import ports_of
from conversion.export.plan import Export
from conversion.interface import Ports
from training.run.restoring import load_generator
from training.terminal.tensorflow_log import import_tensorflow_quietly

if TYPE_CHECKING:
    import keras


class Source:
    """The generator, and the drawings that quantization is calibrated on."""

    def __init__(self, export: Export) -> None:
        """export: any one of the exports; they differ only in recipe, target and output."""
        self.checkpoint, self.size, self.data = export.checkpoint, export.size, export.data

    @functools.cached_property
    def generator(self) -> "keras.Model":
        """The generator as trained."""
        import_tensorflow_quietly()
        return load_generator(self.checkpoint)

    @property
    def ports(self) -> Ports:
        """What it takes and paints."""
        return ports_of(self.generator)

    @functools.cached_property
    def drawings(self) -> Drawings:
        """Line drawings, with hints for a generator that takes any. Raises DataError."""
        return calibration_drawings(
            self.checkpoint, self.data, size=self.size, hints=self.ports.hints
        )

    @property
    def calibrated_on(self) -> dict[str, str]:
        """Say for a manifest which drawings they are."""
        return calibrated_on(self.checkpoint, self.data, self.drawings)
