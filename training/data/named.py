"""Whose pictures a data set holds, and how runs and records name it."""

from dataclasses import dataclass, replace
from pathlib import PurePath

from training.errors import ConfigError

NOT_STATED = "not stated"  # of pictures whose licence or whom to name nobody told
OF_OTHERS = ("openmoji", "twemoji", "dicebear")  # in the names of sources that bring their terms
JOINED = " + "  # between sources that were mixed


@dataclass(frozen=True, kw_only=True)
class Credit:
    """Whose pictures a network learned from: it travels into every model."""

    source: str
    licence: str
    credit: str

    @property
    def is_stated(self) -> bool:
        """Whether both were told of all pictures."""
        return NOT_STATED not in self.licence and NOT_STATED not in self.credit

    def after(self, first: "Credit") -> "Credit":
        """Return what is owed by a network that began with weights which learned from `first`."""
        if self.source in first.source.split(" + "):
            return first  # these pictures are among those already
        return Credit(
            source=f"{self.source} + first weights: {first.source}",
            licence=f"{self.licence} + first weights: {first.licence}",
            credit=f"{self.credit} + first weights: {first.credit}",
        )

    def __post_init__(self) -> None:
        source, licence, credit = without_folders(self.source, self.licence, self.credit)
        object.__setattr__(self, "source", source)
        object.__setattr__(self, "licence", licence)
        object.__setattr__(self, "credit", credit)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What whoever ships a model may say of its pictures in place of what was said before."""

    licence: str | None = None  # of the training's pictures; default: as they were prepared
    credit: str | None = None  # whom to name for them; default: as they were prepared

    def of(self, credit: Credit) -> Credit:
        """Return what is said of the pictures, with these terms.

        They fill in what was not stated, of a mixture that alone; else they take its place. Raises
        ConfigError where they would take the place of what others ask for their pictures.
        """
        said = {}
        for name, text in vars(self).items():
            before = getattr(credit, name)
            if text is None:
                continue
            if NOT_STATED not in before and any(word in credit.source for word in OF_OTHERS):
                raise ConfigError(
                    f"--{name}: the pictures of {credit.source} have theirs already, {before!r}, "
                    "which a model of them must name. Leave it out; of a folder of yours among "
                    "them say it to training.prepare."
                )
            said[name] = before.replace(NOT_STATED, text) if NOT_STATED in before else text
        return replace(credit, **said)


AS_PREPARED = Terms()


@dataclass(frozen=True, kw_only=True)
class NamedData(Credit):
    """Enough to find a data set again, to know it, and to give credit."""

    path: str
    sha256: str


def folder_name(folder: str) -> str:
    """Return the name of a folder that somebody may have named by its path, or as a point."""
    return PurePath(folder).name or "pictures"


def without_folders(source: str, *texts: str) -> tuple[str, ...]:
    """Return what is said of pictures with the names of folders in place of their paths.

    source: names joined by JOINED; texts may begin with a name and a colon. What ships must not
    tell where somebody keeps their pictures, and what older versions wrote holds it.
    """
    names = source.split(JOINED)
    paths = [name for name in names if "/" in name]
    source = JOINED.join(folder_name(name) if name in paths else name for name in names)
    for path in paths:
        texts = tuple(text.replace(f"{path}: ", f"{folder_name(path)}: ") for text in texts)
    return source, *texts
