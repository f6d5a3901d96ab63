"""The page of all recipes: a table for each run, from its records of parity and latency."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.agreement.record import PARITIES, ArtifactParity, Parity
from benchmarks.timing.record import LATENCIES, Latency
from conversion.recipes import FORMAT_NAMES, FORMATS
from training.errors import DataError
from training.run.checkpoint import Checkpoint, find_checkpoint
from training.terminal.typed import python_command

HEAD = """# Every recipe, measured

One row a model: its bytes beside those of the same net in float32, its distance from the picture
that Keras draws in float32 (8-bit pictures; the gate holds for the worst drawing), and the time of
one prediction on one thread of the machine below, as its processor counts it. Palettes are expanded
when a model is loaded here, so they take the time of fp16: a phone measures its own times. Core AI
has no time here: Apple's runtime for Linux is an interpreter, which says nothing of a phone.
"""
UNTIMED = ("coreai",)  # formats


@dataclass(frozen=True, kw_only=True)
class BookRun:
    """One run and what was measured of it."""

    run: Path
    checkpoint: Checkpoint
    parity: Parity
    latency: Latency | None  # None: none of its models is of a format that is timed

    @classmethod
    def read(cls, run: Path, *, parity: Path, latency: Path) -> "BookRun":
        """Read both records. Raises DataError where one is missing or of another checkpoint."""
        checkpoint = find_checkpoint(run)
        _require_measured(run, parity)
        compared = PARITIES.read(parity)
        if compared.checkpoint_sha256 != checkpoint.sha256:
            raise DataError(
                f"{parity}: expected a record of {checkpoint.folder}, received one of "
                f"{compared.checkpoint}. Measure again without --page-only."
            )
        if all(row.format in UNTIMED for row in compared.artifacts):
            return cls(run=run, checkpoint=checkpoint, parity=compared, latency=None)
        _require_measured(run, latency)
        timed = LATENCIES.read(latency)
        made = {row.sha256 for row in compared.artifacts}
        if not made & {timing.sha256 for timing in timed.timings}:
            raise DataError(
                f"{latency}: expected times of the models of {checkpoint.folder}, received others. "
                "Measure again without --page-only."
            )
        return cls(
            run=run,
            checkpoint=checkpoint,
            parity=compared,
            latency=timed,
        )


def page(runs: Sequence[BookRun]) -> str:
    """Return the page as Markdown."""
    return "\n".join([HEAD, *(_section(run) for run in runs)])


def _require_measured(run: Path, record: Path) -> None:
    if not record.exists():
        raise DataError(
            f"{record} does not exist. Expected what was measured of {run}; measure it without "
            "--page-only."
        )


def _section(run: BookRun) -> str:
    checkpoint, config = run.checkpoint, run.checkpoint.config
    full = next((r.bytes for r in run.parity.artifacts if r.recipe == "fp32"), None)
    times = {
        timing.sha256: timing.summary()["cpu_p50_ms"]
        for timing in (run.latency.timings if run.latency else ())
        if timing.threads == 1
    }
    passed = sum(row.passed for row in run.parity.artifacts)
    machine = (
        f" {run.latency.machine}, load average {run.latency.load_average[1]:.1f}."
        if run.latency
        else ""
    )
    lines = [
        f"## {checkpoint.run.resolve().name}: {config.size} pixels, "
        f"width {config.generator.width}, epoch {checkpoint.epoch}",
        "",
        f"{run.parity.counted}; {passed} of {len(run.parity.artifacts)} models pass.",
        f"{machine} Measured by".strip(),
        f"`{_measured_by(run)}`.",
        "",
        "| model | target | MB | of fp32 | PSNR dB, median | worst | gate | SSIM | CIEDE2000 "
        "| p50 CPU ms | verdict |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
        *(_row(row, full=full, ms=times.get(row.sha256)) for row in run.parity.artifacts),
        "",
    ]
    return "\n".join(lines)


def _measured_by(run: BookRun) -> str:
    """Return the command that measures a run as it was measured: formats, data, drawings."""
    words = shlex.split(run.parity.command)
    measured = {row.format for row in run.parity.artifacts}
    formats = [format for format in FORMATS if format in measured]
    chosen = ["--formats", *formats] if len(formats) < len(FORMATS) else []
    for option in ("--data", "--drawings"):
        if option in words:
            chosen += words[words.index(option) :][:2]
    return python_command("benchmarks.recipe_book", run.run, *chosen, "--fresh", "--overwrite")


def _row(row: ArtifactParity, *, full: int | None, ms: float | None) -> str:
    name = f"{FORMAT_NAMES[row.format]} {row.recipe}"
    share = f"{100 * row.bytes / full:.1f} %" if full else ""
    time = "" if ms is None else f"{ms:.1f}"
    cells = [name, row.target or "", f"{row.bytes / 1e6:.2f}", share]
    if row.summary is None:
        cells += ["", "", f"{row.gate_db:g}", "", "", time, row.verdict]
    else:
        cells += [
            _decibels(row.summary.median.psnr_db),
            _decibels(row.summary.worst.psnr_db),
            f"{row.gate_db:g}",
            f"{row.summary.mean.ssim:.4f}",
            f"{row.summary.mean.ciede2000_mean:.3f}",
            time,
            "pass" if row.passed else "**fails**",
        ]
    return f"| {' | '.join(cells)} |"


def _decibels(value: float) -> str:
    return "identical" if value == float("inf") else f"{value:.1f}"
