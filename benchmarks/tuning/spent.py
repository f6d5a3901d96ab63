"""Train in a process of its own, go on after an interruption, and count processor time."""

from dataclasses import dataclass
from pathlib import Path

from training.files.record_format import RecordFormat
from training.run.checkpoint import checkpoint_folders, find_newest
from training.terminal.command import DONE
from training.terminal.steps import Step, run_apart, run_steps


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What a training has taken so far."""

    cpu_s: float  # seconds of processor of the sessions that came to their end
    killed: int  # sessions that did not, whose seconds nobody counted

    def __str__(self) -> str:
        """Say how many seconds of processor it took, as far as they were counted."""
        told = f"{self.cpu_s:.0f}"
        return told + (f", {self.killed} sessions uncounted" if self.killed else "")


SPENT = RecordFormat(
    kind=Spent,
    name="nurie-fine-tuning/1",
    what="what a training took",
    expected="what the benchmarks that train write",
    remedy="remove it",
)


def training_step(run: Path, words: tuple[str, ...], *, data: Path, epochs: int) -> Step:
    """Return the command that trains a run, or trains it on where it has begun."""
    resume = ("--resume",) if run.exists() else ()
    where = ("--data", str(data), "--out", str(run), "--epochs", str(epochs))
    return Step("training.train", (*words, *where, *resume))


def is_complete(run: Path, *, epochs: int) -> bool:
    """Say whether a run has so many epochs; one that was killed in its first has none."""
    return bool(checkpoint_folders(run)) and find_newest(run).epoch >= epochs


def train_apart(step: Step, run: Path, *, epochs: int) -> tuple[int, Spent]:
    """Train a run to so many epochs, or train it on; returns its status and its time."""
    import resource

    file = run.with_name(f"{run.name}.json")
    before = SPENT.read(file) if file.exists() else Spent(cpu_s=0.0, killed=0)
    if is_complete(run, epochs=epochs):
        return DONE, before
    SPENT.write(Spent(cpu_s=before.cpu_s, killed=before.killed + 1), file, overwrite=True)

    def children_s() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    begun = children_s()
    status = run_steps([step], run_apart)
    spent = Spent(cpu_s=before.cpu_s + children_s() - begun, killed=before.killed)
    SPENT.write(spent, file, overwrite=True)
    return status, spent
