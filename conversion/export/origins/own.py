"""A Keras generator that Nurie did not train, as exports and benchmarks see it."""

import functools
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conversion.errors import ConversionError
from conversion.export.drawings import Drawings
from conversion.export.feeds import decode, feeds
from conversion.export.origins import pictures
from conversion.export.origins.asked import CHOICES, Asked, ValueRange, remember, with_remembered
from conversion.export.origins.looked_at import Answered, as_image_to_image, fixed_size, tried
from conversion.export.origins.origin import Compared, Origin
from conversion.export.origins.reading import Kind, kind_of, read_generator
from conversion.export.size import Size, said
from conversion.interface import IMAGE, RESULT, Colors, End, Ports, tensor_interface
from conversion.manifest import artifact_bytes, artifact_sha256
from training.data.named import AS_PREPARED, NOT_STATED, Credit, Terms
from training.terminal.tensorflow_log import import_tensorflow_quietly

if TYPE_CHECKING:
    import keras
    import numpy as np

RUNS = Path("runs")
COLORS: dict[int, Colors] = {1: "gray", 3: "rgb", 4: "rgba"}  # by the number of channels


@dataclass(frozen=True, kw_only=True)
class OwnGenerator(Origin):
    """A generator of the user's."""

    path: Path  # of a file or folder; or module:function
    kind: Kind
    asked: Asked  # all answered, remembered ones included
    size: Size  # of its pictures where none is asked for
    fixed: bool  # it takes no other
    digest: str  # SHA-256 of the file, of the folder, or of what the function returned
    stored_bytes: int
    ends: Ports
    given: Terms = AS_PREPARED

    @property
    def sha256(self) -> str:
        """The hash of the file: its weights and architecture."""
        return self.digest

    @property
    def weights_bytes(self) -> int:
        """Of the file or folder."""
        return self.stored_bytes

    @property
    def ports(self) -> Ports:
        """As it was looked at, and as its user says."""
        return self.ends

    @property
    def name(self) -> str:
        """What the file is called, without its ending."""
        return str(self.path).replace(":", ".") if self.kind == "function" else self.path.stem

    @property
    def exports(self) -> Path:
        """The folder exports/FILE beside the file, which others may stand beside too.

        Below runs/ for a function.
        """
        if self.kind == "function":
            return RUNS / self.name / "exports"
        return self.path.parent / "exports" / self.path.name

    @property
    def place(self) -> str:
        """What the file is called: where it stands is the user's own affair."""
        return str(self.path) if self.kind == "function" else self.path.name

    @property
    def location(self) -> Path:
        """The file, the folder, or module:function."""
        return self.path

    @property
    def version(self) -> str:
        """What the file is called."""
        return self.place

    @property
    def does(self) -> str:
        """All that is known of it."""
        return f"Turns an image into another: {self.place}."

    @property
    def terms(self) -> str:
        """The licence that its user gave."""
        return f"Licence: {self.credit.licence}"

    @property
    def credit(self) -> Credit:
        """Whom its user named."""
        return self.given.of(Credit(source=self.place, licence=NOT_STATED, credit=NOT_STATED))

    def under(self, terms: Terms) -> "OwnGenerator":
        """Say its licence and whom to name."""
        return replace(self, given=terms)

    @property
    def line_width_px(self) -> None:
        """Nobody knows."""
        return None

    @property
    def trained_px(self) -> int:
        """Nobody knows: the shorter side of the pictures that it takes."""
        return min(self.size)

    @property
    def stride_px(self) -> int:
        """Nobody knows: it was tried at each size that was asked for."""
        return 1

    def fitting_size(self, asked: Size | None = None) -> Size:
        """Return its own size, or what is asked for, if it takes that."""
        if asked is None or asked == self.size:
            return self.size
        if self.fixed:
            raise ConversionError(
                f"--size: {self.place} takes pictures of {said(self.size)} pixels alone, received "
                f"{said(asked)}. Leave it out, or save the net with an input of (None, None, C)."
            )
        answered = tried(self.load(), self.place, size=asked, values=_range(self.asked.input_range))
        if answered.enlarged != self.ports.enlarged:
            raise ConversionError(
                f"--size: {self.place} enlarges pictures of {said(asked)} pixels "
                f"{answered.enlarged} times, others {self.ports.enlarged} times. Export one size."
            )
        return asked

    def load(self) -> "keras.Model":
        """Load it; the last one is kept."""
        return _loaded(self.path, self.kind, self.asked.custom_objects, self.asked.trust)

    def paint(
        self, generator: "keras.Model", drawings: Drawings, *, batch_size: int = 16
    ) -> "np.ndarray":
        """Return what it makes of pictures, one by one: not all nets take several."""
        import numpy as np

        height, width = drawings.lineart.shape[1:3]
        interface = tensor_interface((height, width), self.ports)
        painted = []
        for picture in drawings.lineart:
            (value,) = feeds(interface, picture).values()
            result = np.asarray(generator(value, training=False), np.float32)
            painted.append(decode(result, interface.output))
        return np.stack(painted)

    def require_drawings(self, data: Path | None) -> None:
        """Look for pictures in the folder that is named, and for no other files."""
        pictures.require_pictures(self._folder(data), colors=self.ports.taken.colors)

    def calibration_drawings(self, data: Path | None, *, size: Size) -> Drawings:
        """Return the first pictures of the folder that is named, fitted to the size."""
        import numpy as np

        read = pictures.fitted_pictures(
            self._folder(data), size=size, colors=self.ports.taken.colors, limit=pictures.COUNT
        )
        return Drawings(lineart=np.stack(list(read.values())))

    def calibrated_on(self, data: Path | None, drawings: Drawings) -> dict[str, str]:
        """Say how many pictures they are."""
        return {"calibrated on": f"{len(drawings)} pictures of the user's"}

    def compared(self, data: Path | None, *, size: Size) -> Compared:
        """Return the pictures of the folder that is named, fitted to the size."""
        folder = self._folder(data)
        read = pictures.fitted_pictures(folder, size=size, colors=self.ports.taken.colors)
        # At another size they are other pictures, and which is its usual one may change.
        beside = "" if self.fixed else f" at {said(size)}px"
        named = {f"{name}{beside}": picture for name, picture in read.items()}
        return Compared(data=pictures.named(folder), lineart=named, color=None)

    def _folder(self, data: Path | None) -> Path:
        if data is None:
            raise pictures.no_folder(self.place)
        return data


def own_generator(path: Path, asked: Asked, *, size: Size | None) -> OwnGenerator:
    """Return the generator at `path`, looked at and tried once on a random picture.

    size: for one that takes any. Raises CheckpointError for what is no image-to-image network, and
    ConversionError, with the question, for what its user must say.
    """
    kind = kind_of(path)
    assert kind is not None  # find.py asks for generators of the user's alone
    file = None if kind == "function" else path
    told, (asked, remembered) = asked, with_remembered(asked, file=file)
    generator = _loaded(path, kind, asked.custom_objects, asked.trust)
    name = str(path) if kind == "function" else path.name
    fixed = fixed_size(generator)
    usual = fixed or (size if told.remember else None) or remembered or size
    if usual is None:
        raise ConversionError(
            f"{name} takes pictures of any size. Which shall the model take? Say --size 256, or "
            "another, width by height such as 512x384."
        )
    answered = tried(generator, name, size=usual, values=_range(asked.input_range))
    _require_ranges(asked, name, answered)
    origin = OwnGenerator(
        path=path,
        kind=kind,
        asked=asked,
        size=usual,
        fixed=fixed is not None,
        digest=_function_sha256(generator) if file is None else artifact_sha256(file),
        stored_bytes=4 * generator.count_params() if file is None else artifact_bytes(file),
        ends=Ports(
            taken=_end(IMAGE, int(generator.inputs[0].shape[-1]), asked.input_range),
            painted=_end(RESULT, answered.channels, asked.output_range),
            enlarged=answered.enlarged,
        ),
    )
    if told.remember:
        remember(asked, None if fixed else size or usual, file=file)
    return origin


def _require_ranges(asked: Asked, name: str, answered: Answered) -> None:
    """Ask for ranges that were not told: a guess would give the wrong picture without complaint."""
    questions = []
    if asked.input_range is None:
        questions.append(
            "Which values does it take for black and white? Say --input-range with what its "
            f"training's pictures were scaled to: {CHOICES}."
        )
    if asked.output_range is None:
        tried_on = (
            ""
            if asked.input_range is None
            else f" (Of a random picture it made {answered.low:.3g} to {answered.high:.3g}.)"
        )
        questions.append(
            "Which values does it return for black and white? Say --output-range: "
            f"{CHOICES}.{tried_on}"
        )
    if questions:
        raise ConversionError(f"{name}: {' '.join(questions)} --remember keeps the answers.")


def _range(known: ValueRange | None) -> ValueRange:
    return known or (-1, 1)


def _end(name: str, channels: int, values: ValueRange | None) -> End:
    assert values is not None  # asked for before
    low, high = values
    return End(name=name, colors=COLORS[channels], low=low, high=high)


def _function_sha256(generator: "keras.Model") -> str:
    """Identify what a function returned: by its weights, in their order, and their shapes."""
    import hashlib

    digest = hashlib.sha256()
    for weight in generator.get_weights():
        digest.update(f"{weight.shape} {weight.dtype}\n".encode() + weight.tobytes())
    return digest.hexdigest()


@functools.lru_cache(maxsize=1)
def _loaded(path: Path, kind: Kind, custom_objects: str | None, trust: bool) -> Any:
    import_tensorflow_quietly()
    read = read_generator(path, kind, custom_objects=custom_objects, trust=trust)
    return as_image_to_image(read, str(path) if kind == "function" else path.name)
