"""The commands that repeat a run, its measurements and its report, read from its records."""

from pathlib import Path

from training.config import TrainConfig
from training.files.strict_json import to_json
from training.presets import PRESETS
from training.terminal.typed import python_command


def training_command(config: TrainConfig, *, data: str, run: str) -> str:
    """Return the command line that trains `config`: its nearest preset, and every difference."""
    preset, options = min(
        ((name, _differences(config, preset)) for name, preset in PRESETS.items()),
        key=lambda candidate: len(candidate[1]),
    )
    return python_command("training.train", preset, *options, "--data", data, "--out", run)


def evaluation_command(
    run: Path, record: Path, *, data: Path | None = None, hints: bool = False
) -> str:
    """Return the command line that writes the evaluation which the report reads.

    data: None for the data set that the run was trained on, which needs no name. hints: with hints
    too, for a network that takes them.
    """
    given = ["--hints"] if hints else []
    return python_command("training.evaluate", run, *_named(data), *given, "--json", record)


def parity_command(run: Path, record: Path, *, data: Path | None = None) -> str:
    """Return the command line that compares every export and writes what the report reads."""
    return python_command("benchmarks.parity", run, *_named(data), "--json", record)


def latency_command(run: Path, record: Path) -> str:
    """Return the command line that times Keras and every export for the report."""
    return python_command("benchmarks.latency", run, "--save", record)


def report_command(run: Path, output: Path, *, data: Path | None = None) -> str:
    """Return the command line that writes the report."""
    return python_command("benchmarks.report", run, *_named(data), "-o", output)


def _named(data: Path | None) -> list[str]:
    return [] if data is None else ["--data", str(data)]


def _differences(config: TrainConfig, preset: TrainConfig) -> list[str]:
    """Return the options that turn a preset into `config`."""
    words: list[str] = []
    theirs = dict(_fields(to_json(preset)))
    for name, value in _fields(to_json(config)):
        # A preset leaves the size to the data set, and so does whoever types this again.
        if value == theirs[name] or name == "size":
            continue
        group, _, option = name.replace("_", "-").rpartition(".")
        prefix = f"--{group}." if group else "--"
        if isinstance(value, bool):
            words.append(f"{prefix}{option}" if value else f"{prefix}no-{option}")
        else:
            words += [f"{prefix}{option}", str(value)]
    return words


def _fields(raw: dict[str, object], prefix: str = "") -> list[tuple[str, object]]:
    """Return (dotted name, value) of every field of a nested config."""
    fields: list[tuple[str, object]] = []
    for name, value in raw.items():
        if isinstance(value, dict):
            fields += _fields(value, f"{prefix}{name}.")
        else:
            fields.append((prefix + name, value))
    return fields
