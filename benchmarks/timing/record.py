"""What one run of benchmarks.latency measured: every sample, the machine, and what they say."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from benchmarks.statistics.samples import bootstrap_median_interval, percentile
from conversion.runtimes.backends import ComputeUnits
from training.errors import DataError
from training.files.record_format import RecordFormat
from training.files.strict_json import to_json
from training.settings.sizes import SaidSize

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

    UNREAD: ClassVar = ("summary",)

    artifact: str  # path
    setting: str  # the runtime and how it was set
    format: str  # keras, coreml, tflite, onnx, coreai
    recipe: str
    target: str | None
    bytes: int
    sha256: str  # of the artifact, or of the checkpoint
    size: SaidSize  # of the drawings in pixels
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

    def __post_init__(self) -> None:
        for name in ("rounds_ms", "cpu_ms", "end_to_end_ms"):
            rounds = getattr(self, name)
            if not rounds or not all(
                block and 0 < min(block) <= max(block) < np.inf for block in rounds
            ):
                raise DataError(
                    f"{name}: expected rounds of times above 0, received {rounds!r:.80}."
                )
        if list(map(len, self.cpu_ms)) != list(map(len, self.rounds_ms)):
            raise DataError("cpu_ms: expected one time for each of rounds_ms, received others.")
        count, waited = len(self.rounds_ms), self.waited_ms
        if len(waited) != count or not all(ms is None or 0 <= ms < np.inf for ms in waited):
            raise DataError(
                f"waited_ms: expected {count} times from 0, or null, received {waited!r:.80}."
            )

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


LATENCIES = RecordFormat(
    kind=Latency,
    name="nurie-latency/2",  # 2 times rectangular pictures
    what="a record of latency",
    expected="a file written by benchmarks.latency --save",
    remedy="write it again with --overwrite",
)


def as_json(latency: Latency) -> str:
    """Return the record as JSON; each timing has its summary with it, for other readers."""
    return LATENCIES.text(_summarised(latency))


def write_latency(latency: Latency, path: Path, *, overwrite: bool = False) -> None:
    """Write the record as JSON. Raises OutputExists."""
    LATENCIES.write(_summarised(latency), path, overwrite=overwrite)


def _summarised(latency: Latency) -> dict[str, Any]:
    timings = [to_json(timing) | {"summary": timing.summary()} for timing in latency.timings]
    return to_json(latency) | {"timings": timings}
