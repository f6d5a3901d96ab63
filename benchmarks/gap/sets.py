"""Write a data set for each way that lines come about, of the same drawings throughout.

A drawing that cannot be used in one of the ways is left out of all, so that nets see equally many
pictures, and every validation set but the portraits' shows the same drawings.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

import numpy as np

from benchmarks.gap.ways import (
    BOTH,
    DRAWN,
    JUDGED,
    MIX,
    PORTRAITS,
    TRAINED,
    VARIANTS,
    simulated_pairs,
    trained_pairs,
)
from training.data.lineart import EXTRACTORS
from training.data.preparing.duplicates import DuplicateFilter
from training.data.quality import keep_usable, perceptual_hash
from training.data.records import encode_pair
from training.data.shards import DataDescription, read_manifest
from training.data.sources.candidate import Candidate, DrawOptions, Pair
from training.data.sources.openmoji import (
    OpenMojiDrawing,
    openmoji_drawings,
    openmoji_licence,
    openmoji_source,
)
from training.data.sources.portraits.drawing import (
    portraits,
    portraits_licence,
    portraits_source,
)
from training.data.sources.portraits.styles import STYLES
from training.data.split import Split, split_of, stable_order_key
from training.data.writing import ShardWriter
from training.errors import DataError, PictureError
from training.files.atomic import written_whole
from training.settings.sizes import square_side
from training.terminal.progress import Progress
from training.terminal.tensorflow_log import import_tensorflow_quietly

SHARE = 0.1  # of the drawings is held out, as by training.prepare
PORTRAITS_CAST = 1500  # of which the held-out ones in styles with ink of their own are drawn
# Training drawings of a set that no net is trained on: training.evaluate takes their mean colour.
FEW = 48
WAYS = tuple(dict.fromkeys((*TRAINED, *JUDGED)))


def write_sets(folder: Path, *, size: int, drawings: int | None, seed: int = 0) -> None:
    """Write folder/WAY for every way, all of them or none. Raises DataError, OutputExists.

    drawings: how many of OpenMoji's are tried; None: all.
    """
    import_tensorflow_quietly()
    candidates = sorted(openmoji_drawings(), key=lambda drawing: stable_order_key(drawing.id))
    candidates = candidates[:drawings]
    with written_whole(folder) as partial, ExitStack() as stack:
        partial.mkdir()
        writers = {}
        for way in WAYS:
            (partial / way).mkdir()
            writers[way] = stack.enter_context(ShardWriter(partial / way))
        options = DrawOptions(size=(size, size), variants=VARIANTS, seed=seed)
        rejected = _write_emoji(writers, candidates, options)
        _write_portraits(writers[PORTRAITS], options)
        for way, writer in writers.items():
            writer.write_manifest(_describe(way, options, rejected=rejected))
            if not all(read_manifest(partial / way).counts.values()):
                raise DataError(f"{folder / way} has no pair in a split. Take more --drawings.")


def _write_emoji(
    writers: dict[str, ShardWriter], candidates: Sequence[OpenMojiDrawing], options: DrawOptions
) -> int:
    """Write what is usable in every way; returns the number of the others."""
    duplicates, rejected, few = DuplicateFilter(), 0, 0
    with Progress("drawing lines", total=len(candidates), unit="drawings") as progress:
        for candidate in candidates:
            progress.advance()
            split = split_of(candidate.group, validation_share=SHARE)
            simulated = split == "validation" or few < FEW
            try:
                pairs = _usable(candidate, options, simulated=simulated)
            except PictureError:
                pairs = None
            if pairs is None or _is_duplicate(pairs[DRAWN], duplicates):
                rejected += 1
                continue
            few += simulated and split == "train"
            for way, pair in pairs.items():
                writers[way].write(encode_pair(candidate.id, pair), split=split)
    return rejected


def _usable(
    candidate: OpenMojiDrawing, options: DrawOptions, *, simulated: bool
) -> dict[str, Pair] | None:
    """Return a drawing in all ways; None where its layer is not known. Raises PictureError."""
    identity = int.from_bytes(stable_order_key(candidate.id)[:8], "big")
    rng = np.random.default_rng([options.seed, identity])
    pairs = trained_pairs(candidate, options, rng)
    if pairs is None:
        return None
    if simulated:
        pairs |= simulated_pairs(candidate, options, rng)
    return {way: keep_usable(pair) for way, pair in pairs.items()}


def _is_duplicate(pair: Pair, duplicates: DuplicateFilter) -> bool:
    """Say whether one like it was seen before; else remember it."""
    hashes = perceptual_hash(pair.color), perceptual_hash(pair.lineart[0])
    if duplicates.twin(hashes):
        return True
    duplicates.remember(hashes)
    return False


def _write_portraits(writer: ShardWriter, options: DrawOptions) -> None:
    for candidate, split in _inked_portraits():
        with suppress(PictureError):  # almost black, as training.prepare has it
            pair = keep_usable(candidate.draw(options))
            writer.write(encode_pair(candidate.id, pair), split=split)


def _inked_portraits() -> Iterator[tuple[Candidate, Split]]:
    """Yield the held-out portraits that have ink of their own, and few of the others."""
    inked = {style.name for style in STYLES if style.own_line is not None}
    few = 0
    for portrait in portraits(PORTRAITS_CAST, validation_share=SHARE):
        if portrait.cast.style not in inked:
            continue
        split = split_of(portrait.group, validation_share=SHARE)
        if split == "validation" or few < FEW:
            few += split == "train"
            yield portrait, split


def _describe(way: str, options: DrawOptions, *, rejected: int) -> DataDescription:
    drawn = way == PORTRAITS
    licence, credit = portraits_licence() if drawn else openmoji_licence()
    source = portraits_source(PORTRAITS_CAST) if drawn else openmoji_source()
    extracted = {DRAWN: ("drawn",), MIX: EXTRACTORS, BOTH: ("drawn", *EXTRACTORS)}
    return DataDescription(
        size=square_side(options.size),
        kind=f"{'portraits' if drawn else 'openmoji'}, lines: {way}",
        source=source,
        licence=licence,
        credit=credit,
        extractors=" + ".join(extracted.get(way, (way,))),
        variants=options.variants if way in (*EXTRACTORS, MIX, BOTH) else 1,
        validation_share=SHARE,
        seed=options.seed,
        rejected=0 if drawn else rejected,
    )
