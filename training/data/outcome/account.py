"""What a preparation has come to: drawings, how pictures were fitted, which of them are shown.

Its lines are the last that `training.prepare` says, its rows are the contact sheet. It can be noted
as JSON, to go on with.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from training.data.outcome.sheet import ROWS, SheetRow, fitted
from training.data.preparing.preparation import PreparedPair
from training.data.split import SPLITS, Split, warning_of_few
from training.files.printable import printable
from training.settings.sizes import Size


class Account:
    """Adds up usable pairs."""

    def __init__(self, *, sources: int, size: Size, noted: Mapping[str, Any] | None = None) -> None:
        """Begin with none, or with what was noted. sources: how many; size: of the pictures."""
        noted = noted or {}
        of_each = max(3, ROWS // sources)
        self._room = {"train": of_each - of_each // 3, "validation": of_each // 3}
        self._size = size
        self._shown = Counter(noted.get("shown", {}))
        self._drawings = int(noted.get("drawings", 0))
        self._fits = Counter(noted.get("fits", {}))
        self.extractors = set(noted.get("extractors", ()))

    def noted(self) -> dict[str, Any]:
        """Return everything as JSON."""
        return {
            "shown": dict(self._shown),
            "drawings": self._drawings,
            "fits": dict(self._fits),
            "extractors": sorted(self.extractors),
        }

    def add(self, pair: PreparedPair, split: Split, *, source: int) -> SheetRow | None:
        """Count a pair of the source of a number; returns its row where it is to be shown."""
        self._drawings += len(pair.record.lineart)
        self.extractors |= set(pair.record.extractors)
        if pair.shape is not None:
            self._fits[fitted(pair.shape, self._size)] += 1
        if self._shown[f"{source} {split}"] == self._room[split]:
            return None
        self._shown[f"{source} {split}"] += 1
        return SheetRow(record=pair.record, file=pair.file, split=split, shape=pair.shape)

    def lines(
        self,
        counts: Mapping[str, Mapping[Split, int]],
        *,
        rejected: int,
        held_out: int,
        grown: bool,
    ) -> Iterator[str]:
        """Yield what to tell, a sentence a line.

        counts: pairs of each source in each split. rejected: files that gave none. held_out:
        groups to validate on. grown: the pairs were added to a set.
        """
        total = {split: sum(of[split] for of in counts.values()) for split in SPLITS}
        rows = list(counts.items()) if len(counts) > 1 else []
        for name, of in [*rows, ("added" if grown else "all", total)]:
            kept = ", ".join(f"{count} {split}" for split, count in of.items())
            yield f"{printable(name)}: {kept} pairs"
        pairs = sum(total.values())
        yield (
            f"{pairs + rejected:,} pictures gave {pairs:,} pairs with {self._drawings:,} line "
            "drawings"
        )
        height, width = self._size
        if self._fits:
            ways = ", ".join(f"{count:,} {how}" for how, count in sorted(self._fits.items()))
            yield f"fitted into {width} x {height}, nothing cut off or squashed:"
            yield f"  {ways}"
        if warning := warning_of_few(held_out):
            yield warning
