"""What the exports of one generator share, each made once, when it is first needed."""

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from conversion.export.drawings import Drawings
from conversion.export.function import OpenSize
from conversion.export.plan import Export
from conversion.export.size import Size, said
from conversion.interface import Interface, Ports
from training.terminal.tensorflow_log import import_tensorflow_quietly

if TYPE_CHECKING:
    import keras
    import numpy as np


class Source:
    """The generator, and the drawings that quantization is calibrated on."""

    def __init__(self, export: Export) -> None:
        """export: any one of the exports; they differ only in recipe, target and output."""
        self.origin, self.sizes, self.data = export.origin, export.sizes, export.data

    @functools.cached_property
    def generator(self) -> "keras.Model":
        """The generator as trained; of any height and width where there are several sizes."""
        import_tensorflow_quietly()
        generator = self.origin.load()
        if len(self.sizes) == 1:
            return generator
        from conversion.export.origins.open_size import with_open_size

        return with_open_size(generator)

    @property
    def ports(self) -> Ports:
        """What it takes and paints."""
        return self.origin.ports

    @property
    def size(self) -> Size:
        """The first of the sizes."""
        return self.sizes[0]

    @property
    def open_size(self) -> OpenSize:
        """Height and width where there is one size; None and None where there are several."""
        return self.size if len(self.sizes) == 1 else (None, None)

    @property
    def drawings(self) -> Drawings:
        """Those at the first of the sizes. Raises DataError."""
        return self.drawings_by_size[self.size]

    @functools.cached_property
    def drawings_by_size(self) -> dict[Size, Drawings]:
        """Line drawings at each size, with hints for a generator that takes any.

        Raises DataError.
        """
        return {size: self.origin.calibration_drawings(self.data, size=size) for size in self.sizes}

    def samples(self, interface: Interface) -> Iterator[dict[str, "np.ndarray"]]:
        """Yield what a model's inputs take of each drawing, size after size. Raises DataError."""
        from conversion.export.feeds import feeds

        for size, drawings in self.drawings_by_size.items():
            at_size = interface.at(size)
            for lineart, hints in drawings:
                yield feeds(at_size, lineart, hints)

    @property
    def calibrated_on(self) -> dict[str, str]:
        """Say for a manifest which drawings they are."""
        said_of = self.origin.calibrated_on(self.data, self.drawings)
        if len(self.sizes) > 1:
            said_of |= {"calibrated at": f"{', '.join(map(said, self.sizes))} px"}
        return said_of
