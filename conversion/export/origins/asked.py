"""What only the user knows of a generator of their own: told on the command line, or remembered.

What is remembered stands beside the file, gen.keras.nurie.json beside gen.keras. Neither a module
to import nor trust is: a file from elsewhere may bring such a neighbour along.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from conversion.errors import ConversionError
from conversion.export.size import Size
from training.files.record_format import RecordFormat

ValueRange = tuple[float, float]  # the values of black and white
RANGES: tuple[ValueRange, ...] = ((-1, 1), (0, 1), (0, 255))


@dataclass(frozen=True, kw_only=True)
class Asked:
    """For a Keras generator of your own in place of a checkpoint: docs/own-generators.md."""

    # the values that it takes for black and white: -1 1, 0 1 or 0 255
    input_range: tuple[float, float] | None = None
    # the values that it returns for black and white: -1 1, 0 1 or 0 255
    output_range: tuple[float, float] | None = None
    custom_objects: str | None = None  # Python module that defines its layers and functions
    # run code that the file brings along, such as Lambda layers: only for a file that you made
    trust: bool = False
    remember: bool = False  # write ranges and size to FILE.nurie.json beside it

    def __post_init__(self) -> None:
        for option in ("input_range", "output_range"):
            received = getattr(self, option)
            if received is not None and received not in RANGES:
                raise ConversionError(
                    f"--{option.replace('_', '-')}: expected {CHOICES}, received "
                    f"{received[0]:g} {received[1]:g}."
                )

    def require_nothing(self, ckpt: Path) -> None:
        """Raise ConversionError where anything was told of what is a checkpoint."""
        told = [f"--{name.replace('_', '-')}" for name in vars(self) if self._told(name)]
        if told:
            raise ConversionError(
                f"{ckpt} is a checkpoint of Nurie's, which knows this by itself: expected no "
                f"{', '.join(told)}, which belong to a Keras generator of your own. Leave them out."
            )

    def _told(self, name: str) -> bool:
        return getattr(self, name) != getattr(Asked, name)


CHOICES = "-1 1, 0 1 or 0 255"
NOTHING = Asked()


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """What stands beside the file of a generator."""

    input_range: ValueRange | None = None
    output_range: ValueRange | None = None
    size: Size | None = None  # height and width, of one that takes any


REMEMBERED = RecordFormat(
    kind=Remembered,
    name="nurie-own-generator/1",
    what="what was remembered of a generator",
    expected="what --remember writes",
    remedy="delete it, and answer again",
    error=ConversionError,
)


def remembered_path(file: Path) -> Path:
    """Return where it is remembered what only the user knows of a file or folder."""
    return file.with_name(f"{file.name}.nurie.json")


def with_remembered(asked: Asked, *, file: Path | None) -> tuple[Asked, Size | None]:
    """Return what was told, the rest as it is remembered beside `file`, and the size from there.

    file: None for a Python function, which has no neighbours. Raises ConversionError.
    """
    if file is None or not remembered_path(file).is_file():
        return asked, None
    known = REMEMBERED.read(remembered_path(file))
    names = ("input_range", "output_range")
    untold = {name: getattr(known, name) for name in names if getattr(asked, name) is None}
    return replace(asked, **untold), known.size


def remember(asked: Asked, size: Size | None, *, file: Path | None) -> None:
    """Write what was told beside `file`, in place of what was remembered before."""
    if file is None:
        raise ConversionError(
            "--remember writes beside a file: expected one, received a Python function. Leave it "
            "out, and save the net with save('gen.keras')."
        )
    known = Remembered(
        input_range=asked.input_range,
        output_range=asked.output_range,
        size=size,
    )
    REMEMBERED.write(known, remembered_path(file), overwrite=True)
