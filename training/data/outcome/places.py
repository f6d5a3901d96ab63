"""Decide where each usable pair goes: train, validation, or nowhere as a near duplicate.

Everything that decides stands in the journal, so that what goes on after a kill, and what is added
to a set, decides alike.
"""

from training.data.preparing.duplicates import DuplicateFilter
from training.data.preparing.journal import Journal, Listed
from training.data.preparing.lists import KeptPicture
from training.data.preparing.preparation import PreparedPair
from training.data.sources.candidate import Rejection
from training.data.split import ENOUGH_TO_JUDGE, Split, split_of
from training.files.printable import printable


class Places:
    """Asked of one pair after the other, in the order of the journal."""

    def __init__(self, journal: Journal, *, validation_share: float, keep: bool) -> None:
        """Know what the journal has kept. keep: near duplicates stay, where their first is."""
        self._journal, self._share, self._keep = journal, validation_share, keep
        self._enough = False
        self._duplicates = DuplicateFilter()
        for picture in journal.kept():
            self._duplicates.remember(picture.hashes)

    def place(self, pair: PreparedPair, listed: Listed) -> Split | Rejection:
        """Return the split of a pair, and note it as kept; or return why it is left out."""
        twin, split = self._duplicates.twin(pair.hashes), pair.split
        if twin is not None:
            file, split_of_first = self._journal.file_of(twin[1])
            if not self._keep:
                reason = f"near duplicate: {twin[0]} as in {file}"
                return Rejection(file=pair.file, reason=reason)
            split = split or split_of_first
        split = split or self._of_group(pair.group, by_need=listed.by_need)
        self._journal.keep(
            KeptPicture(
                id=pair.record.id,
                file=printable(pair.file),
                split=split,
                group=pair.group,
                hashes=pair.hashes,
            ),
            compared=self._duplicates.remember(pair.hashes),
            source=listed.source,
        )
        return split

    def _of_group(self, group: str, *, by_need: bool) -> Split:
        """Return the split of a group: where it is, or by need, or by its name."""
        if split := self._journal.split_of(group):
            return split
        if by_need and not self._enough:
            if self._journal.held_out() < ENOUGH_TO_JUDGE:
                return "validation"
            self._enough = True
        return split_of(group, validation_share=self._share)
