"""Say what a data set is made of: what its manifest tells of sources and settings."""

from collections.abc import Sequence
from dataclasses import dataclass

from training.data.named import JOINED
from training.data.shards import DataDescription, ShardManifest
from training.data.sources.candidate import Found
from training.settings.sizes import SaidSize


@dataclass(frozen=True, kw_only=True)
class Words:
    """What the command line says of the pictures in folders."""

    licence: str
    credit: str


def describe(
    found: Sequence[Found],
    words: Words,
    *,
    size: SaidSize,
    variants: int,
    validation_share: float,
    seed: int,
    extractors: Sequence[str],
    rejected: int,
    older: ShardManifest | None,
) -> DataDescription:
    """Describe a set of these sources, or an older set with them added."""
    kinds = [source.kind for source in found]
    names = [source.name for source in found]
    licence = _of_each([source.licence or words.licence for source in found], found)
    credit = _of_each([source.credit or words.credit for source in found], found)
    if older is not None:
        licence = _added(licence, older.licence, names, older)
        credit = _added(credit, older.credit, names, older)
        kinds = [*older.kind.split(" + "), *kinds]
        names = [older.source, *(name for name in names if name not in older.source.split(JOINED))]
        extractors = [*(older.extractors.split(" + ")), *extractors]
    return DataDescription(
        size=size,
        kind=" + ".join(dict.fromkeys(kinds)),
        source=JOINED.join(names),
        licence=licence,
        credit=credit,
        extractors=" + ".join(sorted(set(extractors))),
        variants=variants,
        validation_share=validation_share,
        seed=seed,
        rejected=rejected,
    )


def _of_each(words: Sequence[str], found: Sequence[Found]) -> str:
    """Join what is said of each source: by its name, unless all say the same."""
    if len(set(words)) == 1:
        return words[0]
    names = [source.kind if source.licence else source.name for source in found]
    return JOINED.join(f"{name}: {said}" for name, said in zip(names, words, strict=True))


def _added(said: str, before: str, names: Sequence[str], older: ShardManifest) -> str:
    """Add what is said of new sources to what was said of those before."""
    if said == before or said in before.split(JOINED):
        return before
    return JOINED.join([f"{older.source}: {before}", f"{JOINED.join(names)}: {said}"])
