"""Draw what is left to draw, leave out near duplicates, write the rest: committed as it goes.

The order depends on the names alone, and so does which of several duplicates is kept: not on how
many processes draw, nor where, nor how often the work was cut off.
"""

import functools
import itertools
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from training.data.outcome.account import Account
from training.data.outcome.places import Places
from training.data.preparing.journal import Journal
from training.data.preparing.preparation import PreparedPair, prepare_candidate
from training.data.sources.candidate import Candidate, DrawOptions, Rejection
from training.data.split import SPLITS, Split
from training.data.writing import ShardWriter
from training.errors import DataError
from training.terminal.progress import Progress

COMMIT_EVERY_S = 10.0  # so much work a kill costs; a commit takes some milliseconds

Draw = Callable[[Candidate], PreparedPair | Rejection]


class Engine(Protocol):
    """What applies a function to candidates: this process, several, or a cluster."""

    def __call__(
        self, function: Draw, items: Iterable[Candidate]
    ) -> AbstractContextManager[Iterator[PreparedPair | Rejection]]:
        """Return what yields the results in the order of the items."""
        ...


def prepare_candidates(
    journal: Journal,
    writer: ShardWriter,
    *,
    draw: DrawOptions,
    account: Account,
    places: Places,
    engine: Engine,
) -> None:
    """Deal with every candidate of the journal that was not dealt with."""
    count, committed = journal.count(), time.monotonic()
    listed, same = itertools.tee(journal.candidates())
    candidates = (each.candidate for each in listed)
    with (
        engine(functools.partial(prepare_candidate, options=draw), candidates) as results,
        Progress("preparing", total=journal.total(), unit="pictures", done=count) as progress,
    ):
        for each, result in zip(same, results, strict=True):
            split = result if isinstance(result, Rejection) else places.place(result, each)
            if isinstance(split, Rejection):
                journal.reject([split])
            else:
                assert isinstance(result, PreparedPair)
                writer.write(result.record, split=split)
                if row := account.add(result, split, source=each.source):
                    journal.show(row)
            count += 1
            progress.advance()
            if time.monotonic() - committed > COMMIT_EVERY_S:
                _commit(journal, writer, key=each.key, count=count, account=account)
                committed = time.monotonic()
    if count > journal.count():
        _commit(journal, writer, key=each.key, count=count, account=account)


def require_pairs(
    counts: Collection[Mapping[Split, int]], rejections: Iterator[Rejection], *, grows: bool
) -> None:
    """Raise DataError where a split would be empty, or a set that was to grow would not.

    counts: the pairs of each source in each split.
    """
    total = {split: sum(of[split] for of in counts) for split in SPLITS}
    if any(total.values()) if grows else all(total.values()):
        return
    first = list(itertools.islice(rejections, 5))
    reasons = "".join(f"\n  {r.file}: {r.reason}" for r in first)
    count = len(first) + sum(1 for _ in rejections)
    listed = f" {count} files were rejected, such as:{reasons}" if first else ""
    if not count and not any(total.values()):
        raise DataError(
            "expected pictures, found none where they were looked for. Name a folder that holds "
            "picture files, or one of the sources in --help."
        )
    if not any(total.values()):
        raise DataError(
            "expected pairs to train and to validate on, received none: no file can be used."
            f"{listed}"
        )
    raise DataError(
        f"expected pairs to train and to validate on, received {total['train']} and "
        f"{total['validation']}. Add pictures, or set --validation-share.{listed}"
    )


def _commit(
    journal: Journal, writer: ShardWriter, *, key: bytes, count: int, account: Account
) -> None:
    journal.done(key, count)
    journal.put("account", account.noted())
    journal.set_place(writer.reach_disk())
    journal.commit()
