"""Prepare any number of portraits, drawn or as stand-ins, and note what it costs on the way.

A few thousand portraits that differ, again and again in other colours: for measuring alone. A
stand-in is one of a few that were drawn, under another name and with hashes of its own. It costs
all that a picture costs but the drawing, which no picture before it makes dearer.
"""

import functools
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from training import prepare
from training.data.preparing import steps, workers
from training.data.preparing.cluster import Cluster
from training.data.preparing.preparation import PreparedPair, prepare_candidate
from training.data.sources import catalogue
from training.data.sources.candidate import Candidate, DrawOptions, Found
from training.data.sources.catalogue import SourceOptions
from training.data.sources.portraits.casting import cast_portraits
from training.data.sources.portraits.drawing import Portrait, portraits_licence
from training.data.split import stable_order_key
from training.run.memory import peak_bytes

WORD = "crowd"  # the source, to training.prepare; --portraits says how many
DIFFERENT = 1000  # portraits that are put together each in its own way
MODELS = 8  # that are drawn for the stand-ins


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What was used when so many pictures were dealt with by this process."""

    pictures: int
    seconds: float
    own_cpu_s: float  # of the process that filters and writes
    workers_cpu_s: float
    own_mb: float  # resident, at most so far
    now_mb: float  # resident


def main(argv: Sequence[str] | None = None) -> int:
    """Run training.prepare with what follows: a file for the samples, drawn or stand-ins."""
    file, kind, every, *options = argv or ()
    catalogue.SOURCES[WORD] = _crowd
    if kind == "stand-ins":
        steps.prepare_candidate = _stand_in
    with Path(file).open("a", encoding="utf-8") as samples:

        def note(sample: Sample) -> None:
            print(json.dumps(asdict(sample)), file=samples, flush=True)

        in_pool, on_cluster = workers.mapped_in_order, Cluster.mapped_in_order
        workers.mapped_in_order = _sampled(in_pool, note, int(every))
        Cluster.mapped_in_order = _sampled(on_cluster, note, int(every))  # type: ignore[method-assign]
        return prepare.main(options)


def crowd(count: int, *, validation_share: float) -> Iterator[Portrait]:
    """Yield the first so many of the crowd."""
    casts = cast_portraits(min(count, DIFFERENT), validation_share=validation_share)
    for number in range(count):
        yield Portrait(cast=replace(casts[number % DIFFERENT], index=number))


def _crowd(options: SourceOptions) -> Found:
    licence, credit = portraits_licence()
    return Found(
        name=f"{options.portraits} portraits of a crowd",
        kind=WORD,
        candidates=crowd(options.portraits, validation_share=options.validation_share),
        licence=licence,
        credit=credit,
    )


def _stand_in(candidate: Candidate, options: DrawOptions) -> PreparedPair:
    seed = int.from_bytes(stable_order_key(candidate.id)[:8], "big")
    model = _models(options)[seed % MODELS]
    color, lineart = np.random.default_rng(seed).integers(0, 2**63, (2, 4), np.uint64)
    record = replace(model.record, id=candidate.id)
    return replace(
        model, record=record, group=candidate.group, file=candidate.file, hashes=(color, lineart)
    )


@functools.cache
def _models(options: DrawOptions) -> list[PreparedPair]:
    drawn: list[PreparedPair] = []
    for portrait in crowd(DIFFERENT, validation_share=0.1):
        pair = prepare_candidate(portrait, options)
        if isinstance(pair, PreparedPair):
            drawn.append(pair)
        if len(drawn) == MODELS:
            break
    return drawn


def _sampled(mapped: Callable[..., Any], note: Callable[[Sample], None], every: int) -> Any:
    """Return mapped_in_order that notes a sample each time so many results were taken."""

    @contextmanager
    def noting(*arguments: Any, **named: Any) -> Iterator[Iterator[Any]]:
        with mapped(*arguments, **named) as results:
            yield passed_on(results)

    def passed_on(results: Iterator[Any]) -> Iterator[Any]:
        began = time.monotonic()
        for count, result in enumerate(results):
            if count % every == 0:
                note(_sample(count, time.monotonic() - began))
            yield result

    return noting


def _sample(pictures: int, seconds: float) -> Sample:
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    ticks = [
        Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split() for child in children
    ]
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return Sample(
        pictures=pictures,
        seconds=seconds,
        own_cpu_s=time.process_time(),
        workers_cpu_s=sum(int(t[11]) + int(t[12]) for t in ticks) / os.sysconf("SC_CLK_TCK"),
        own_mb=peak_bytes() / 1e6,
        now_mb=pages * os.sysconf("SC_PAGE_SIZE") / 1e6,
    )
