"""What an exported model is made from: all that exports and benchmarks ask of it.

A checkpoint of ours is one (trained.py), and so is a Keras generator of anybody's (own.py).
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from conversion.export.drawings import Drawings
from conversion.export.size import Size
from conversion.interface import Ports
from training.data.named import Credit, NamedData, Terms

if TYPE_CHECKING:
    import keras
    import numpy as np


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Pictures that no quantization was calibrated on, for models to be compared with Keras on."""

    data: NamedData  # for a record
    lineart: Mapping[str, "np.ndarray"]  # id -> (H, W) uint8, or (H, W, C) where it takes colour
    color: Mapping[str, "np.ndarray"] | None  # id -> (H, W, 3) uint8: true colours; None: unknown


class Origin(ABC):
    """A generator and what belongs to it."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What its exports are called after: demo in demo-fp16.mlpackage."""

    @property
    @abstractmethod
    def exports(self) -> Path:
        """The folder that its exports are written to."""

    @property
    @abstractmethod
    def place(self) -> str:
        """What it is called in records and models: a name, never the folder of somebody."""

    @property
    @abstractmethod
    def location(self) -> Path:
        """Where it stands here, as it is typed: never for a record."""

    @property
    @abstractmethod
    def sha256(self) -> str:
        """Identify what paints."""

    @property
    @abstractmethod
    def version(self) -> str:
        """Say which of its kind it is, in a word or two."""

    @property
    @abstractmethod
    def does(self) -> str:
        """Say in a sentence what it does, for whom opens a model of it in Xcode."""

    @property
    @abstractmethod
    def terms(self) -> str:
        """Say in a sentence under which licence it stands, for the same."""

    @property
    @abstractmethod
    def credit(self) -> Credit:
        """Whom to name."""

    @abstractmethod
    def under(self, terms: Terms) -> "Origin":
        """Return the same with other terms of what it learned from. Raises ConfigError."""

    @property
    @abstractmethod
    def ports(self) -> Ports:
        """What it takes and paints."""

    @property
    @abstractmethod
    def line_width_px(self) -> tuple[float, float] | None:
        """Thinnest and thickest line that it learned; None: nobody knows."""

    @property
    @abstractmethod
    def trained_px(self) -> int:
        """Side of the pictures that it was trained on."""

    @property
    @abstractmethod
    def stride_px(self) -> int:
        """What the sides of its pictures must be multiples of."""

    @property
    @abstractmethod
    def weights_bytes(self) -> int:
        """How much its weights take on disk."""

    @abstractmethod
    def fitting_size(self, asked: Size | None = None) -> Size:
        """Return the size of an export's pictures: its own, or what is asked for.

        Raises ConversionError for a size that it cannot take.
        """

    @abstractmethod
    def load(self) -> "keras.Model":
        """Load the generator. Raises CheckpointError."""

    @abstractmethod
    def paint(
        self, generator: "keras.Model", drawings: Drawings, *, batch_size: int = 16
    ) -> "np.ndarray":
        """Return what its generator makes of drawings: finished pictures (N, H, W, 3) uint8 RGB."""

    @abstractmethod
    def require_drawings(self, data: Path | None) -> None:
        """Raise DataError unless there are drawings to look at. data: as named, or None."""

    @abstractmethod
    def calibration_drawings(self, data: Path | None, *, size: Size) -> Drawings:
        """Return drawings for quantization to be calibrated on. Raises DataError."""

    @abstractmethod
    def calibrated_on(self, data: Path | None, drawings: Drawings) -> dict[str, str]:
        """Say for a manifest which drawings those are."""

    @abstractmethod
    def compared(self, data: Path | None, *, size: Size) -> Compared:
        """Return pictures to compare models of this size on.

        Those of a checkpoint have the size of its training: a larger model gets several side by
        side. Raises DataError.
        """
