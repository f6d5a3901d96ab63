"""What one run of benchmarks.latency measured: every sample, the machine, and what they say."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.runtimes.backends import ComputeUnits
from benchmarks.statistics.samples import bootstrap_median_interval, percentile
from training.errors import DataError
from training.files.atomic import written_whole

FORMAT = "nurie-latency/1"
# Of a round's time: where threads waited longer for a core, others were busy on this machine.
MOST_WAITING = 0.05


@dataclass(frozen=True, kw_only=True)
class Machine:
    """Where it was measured. Times of two machines are never compared."""

    cpu: str
    cores: int  # that the process may use
    system: str

    def __str__(self) -> str:
        return f"{self.cpu}, {self.cores} cores, {self.system}"


@dataclass(frozen=True, kw_only=True)
class Timing:
    """One model in one setting. Milliseconds, and MB of 10^6 bytes."""

    artifact: str  # path
    setting: str  # the runtime and how it was set
    format: str  # keras, coreml, tflite, onnx
    recipe: str
    target: str | None
    bytes: int
    sha256: str  # of the artifact, or of the checkpoint
    size: int  # side of the drawings in pixels
    threads: int | None
    compute_units: ComputeUnits | None  # of Core ML
    import_ms: float
    load_ms: float
    first_ms: float
    bare_mb: float
    peak_mb: float
    rounds_ms: tuple[tuple[float, ...], ...]  # predictions, round by round
    cpu_ms: tuple[tuple[float, ...], ...]  # what the processor spent on each prediction
    waited_ms: tuple[float | None, ...]  # in each round, all threads together, for a core
    end_to_end_ms: tuple[tuple[float, ...], ...]

    @property
    def samples_ms(self) -> list[float]:
        """All predictions, in the order in which they were made."""
        return [sample for block in self.rounds_ms for sample in block]

    @property
    def medians_ms(self) -> list[float]:
        """The median of each round.

        What disturbs one prediction disturbs its neighbours, so a round is one independent sample.
        """
        return [float(np.median(block)) for block in self.rounds_ms]

    @property
    def waited(self) -> list[float]:
        """The share of each round's time that its threads waited for a core; 0 if not known."""
        rounds = zip(self.waited_ms, self.rounds_ms, strict=True)
        return [(waited or 0.0) / sum(block) for waited, block in rounds]

    @property
    def undisturbed_ms(self) -> list[float]:
        """The time of each round, as far as it is known without what other processes took of it.

        What the processor spent is all that one thread needs. Several threads wait for one another
        too: of those, the calm rounds are left.
        """
        if self.threads == 1:
            return [float(np.median(block)) for block in self.cpu_ms]
        pairs = zip(self.medians_ms, self.waited, strict=True)
        return [median for median, waited in pairs if waited <= MOST_WAITING]

    def summary(self) -> dict[str, float]:
        """Return percentiles of all predictions, and the 95 % interval of the median."""
        samples, whole = self.samples_ms, [ms for block in self.end_to_end_ms for ms in block]
        spent = [ms for block in self.cpu_ms for ms in block]
        low, high = bootstrap_median_interval(self.medians_ms)
        return {
            "p50_ms": percentile(samples, 50),
            "low_ms": low,
            "high_ms": high,
            "p90_ms": percentile(samples, 90),
            "p99_ms": percentile(samples, 99),
            "end_to_end_p50_ms": percentile(whole, 50),
            "cpu_p50_ms": percentile(spent, 50),
            "waited": percentile(self.waited, 50),
        }


@dataclass(frozen=True, kw_only=True)
class Latency:
    """All that was timed in one run."""

    command: str  # what was typed
    machine: Machine
    tools: dict[str, str]  # package -> version
    load_average: tuple[float, float]  # of the last minute: before and after
    thermal: tuple[str, ...]  # before and after, where the system says so: a Mac
    warm_up: int  # predictions before the first round
    seed: int  # of the order of the rounds
    timings: tuple[Timing, ...]


def as_json(latency: Latency) -> str:
    """Return the record as JSON; each timing has its summary with it, for other readers."""
    raw = {"format": FORMAT} | asdict(latency)
    raw["timings"] = [asdict(row) | {"summary": row.summary()} for row in latency.timings]
    return json.dumps(raw, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def write_latency(latency: Latency, path: Path, *, overwrite: bool = False) -> None:
    """Write the record as JSON. Raises OutputExists."""
    with written_whole(path, overwrite=overwrite) as partial:
        partial.write_text(as_json(latency), encoding="utf-8")


def read_latency(path: Path) -> Latency:
    """Read what `write_latency` wrote. Raises DataError for anything else."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["format"] != FORMAT:
            raise ValueError(f"expected format {FORMAT!r}, received {raw['format']!r}")
        before, after = raw["load_average"]
        return Latency(
            command=raw["command"],
            machine=Machine(**raw["machine"]),
            tools=dict(raw["tools"]),
            load_average=(before, after),
            thermal=tuple(raw["thermal"]),
            warm_up=raw["warm_up"],
            seed=raw["seed"],
            timings=tuple(_timing(row) for row in raw["timings"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            f"{path} is not a record of latency ({error!r}). Expected a file written by "
            "benchmarks.latency --save; write it again with --overwrite."
        ) from error


def _timing(raw: Mapping[str, Any]) -> Timing:
    names = set(Timing.__dataclass_fields__) - {"rounds_ms", "cpu_ms", "waited_ms", "end_to_end_ms"}
    return Timing(
        rounds_ms=_rounds(raw["rounds_ms"]),
        cpu_ms=_rounds(raw["cpu_ms"], like=raw["rounds_ms"]),
        waited_ms=_waited(raw["waited_ms"], rounds=len(raw["rounds_ms"])),
        end_to_end_ms=_rounds(raw["end_to_end_ms"]),
        **{name: raw[name] for name in names},
    )


def _rounds(raw: Any, *, like: Any = None) -> tuple[tuple[float, ...], ...]:
    rounds = tuple(tuple(float(sample) for sample in block) for block in raw)
    if not rounds or not all(rounds) or not all(0 < ms < np.inf for row in rounds for ms in row):
        raise ValueError(f"expected rounds of times above 0, received {raw!r:.80}")
    if like is not None and [len(block) for block in rounds] != [len(block) for block in like]:
        raise ValueError("expected times of the processor for each prediction, and only those")
    return rounds


def _waited(raw: Any, *, rounds: int) -> tuple[float | None, ...]:
    waited = tuple(None if ms is None else float(ms) for ms in raw)
    if len(waited) != rounds or not all(ms is None or 0 <= ms < np.inf for ms in waited):
        raise ValueError(f"expected {rounds} times from 0, or null, received {raw!r:.80}")
    return waited
