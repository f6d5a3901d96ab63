"""What `training.prepare` is told on the command line."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro

from training.data.named import NOT_STATED
from training.errors import DataError
from training.settings.checks import as_typed
from training.settings.sizes import SaidSize, height_width

# Options that change no byte of the set.
OF_THIS_RUN = ("out", "workers", "cluster", "resume", "overwrite")


@dataclass(frozen=True, kw_only=True)
class Options:
    """What prepare.py is told on the command line."""

    sources: tyro.conf.Positional[tuple[str, ...]]  # openmoji, portraits, twemoji, folders, tars
    out: Annotated[Path, tyro.conf.arg(aliases=["-o", "--output"])]  # data folder to write
    # of the pictures in pixels: 64 is a square, 192x128 is 192 wide and 128 high; multiples of 16,
    # of which powers of two suit every network
    size: SaidSize = 64
    # what the folders hold. color: colour pictures; pairs: lineart/ and color/, or A/ and B/ (seen
    # without this option); side-by-side: line art and colour in one picture, as pix2pix has them
    kind: Literal["color", "pairs", "side-by-side"] | None = None
    # half of a side-by-side picture that holds the line art
    line_side: Literal["left", "right"] | None = None
    # which of the folders A/ and B/ holds the line art
    line_folder: Literal["A", "B"] | None = None
    # keep the parts that the folders or tars train, val and test divide the pictures into; test is
    # left out
    keep_split: bool = False
    # text file of tags, one a line: pictures that have one of them are left out. The tags of a
    # picture come from --metadata, or from the .json and .txt members of a tar
    exclude: Path | None = None
    # file or folder of JSON lines as Danbooru has them: id (the name of a picture without its
    # suffix), tags, rating
    metadata: Path | None = None
    # of animations and files of several pages take the first picture; else they are refused
    first_picture: bool = False
    # of pictures that are nearly the same, drop all but the first, or keep all, either to train on
    # or to validate on, where the first is
    near_duplicates: Literal["drop", "keep"] = "drop"
    # of the pictures in the folders, such as "CC BY 4.0" or "mine"; goes into every model
    licence: str = NOT_STATED
    credit: str = NOT_STATED  # whom to name for the pictures in the folders; goes into every model
    variants: int = 3  # line drawings extracted from each colour picture of a folder
    portraits: int = 3000  # characters that the source portraits draws
    # share of the groups that is held out to validate on; of 50 groups or more at least 10. A group
    # is one drawing: pictures of one name, variants of an emoji, one portrait
    validation_share: float = 0.1
    seed: int = 0  # of the extraction of line art
    # processes that draw, each of which takes up to 1.5 GB; default: one for each core. 0: draw in
    # the command itself, which a picture made to do harm may then end
    workers: int | None = None
    # address of a Dask scheduler, such as tcp://10.0.0.1:8786, whose workers draw instead
    cluster: str | None = None
    resume: bool = False  # go on where a preparation of this data folder was cut off, if one was
    append: bool = False  # add to an existing data folder the pictures that it does not have
    overwrite: bool = False  # replace an existing data folder, and what one that was cut off left

    def __post_init__(self) -> None:
        sides = height_width(self.size)
        for name, valid, expected in (
            ("sources", len(self.sources) > 0, "at least one"),
            ("sources", len(set(self.sources)) == len(self.sources), "each once"),
            ("size", all(s % 16 == 0 < s <= 4096 for s in sides), "multiples of 16, up to 4096"),
            ("variants", self.variants >= 1, "at least 1"),
            ("portraits", self.portraits >= 1, "at least 1"),
            ("licence", bool(self.licence.strip()), "some words, or leave it out"),
            ("credit", bool(self.credit.strip()), "some words, or leave it out"),
            ("validation-share", 0 < self.validation_share < 1, "above 0, below 1"),
            ("seed", self.seed >= 0, "at least 0"),
            ("workers", self.workers is None or self.workers >= 0, "at least 0"),
            ("metadata", not self.metadata or bool(self.exclude), "with --exclude"),
            ("workers", not (self.workers and self.cluster), "none of one's own with --cluster"),
            ("overwrite", not (self.overwrite and self.resume), "it or --resume, not both"),
            ("overwrite", not (self.overwrite and self.append), "it or --append, not both"),
        ):
            if not valid:
                received = getattr(self, name.replace("-", "_"))
                raise DataError(f"{name}: expected {expected}, received {as_typed(received)}.")
