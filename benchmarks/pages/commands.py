"""The commands that repeat a run, its measurements and its report, read from its records."""

from pathlib import Path
from typing import TYPE_CHECKING

from conversion.manifest import Manifest
from training.config import TrainConfig
from training.files.strict_json import to_json
from training.presets import PRESETS
from training.terminal.typed import python_command

if TYPE_CHECKING:
    from training.data.shards import DataDescription

# Sources that prepare knows by a word; all others are folders, whose names no record holds.
WORDS = ("openmoji", "portraits", "twemoji")
PICTURES = "YOUR_PICTURES"
# What prepare does unless it is told: see its options.
PREPARED = {"size": 64, "variants": 3, "validation_share": 0.1, "seed": 0}
COMMANDS = {"coreml": "to_coreml", "coreai": "to_coreai", "tflite": "to_tflite", "onnx": "to_onnx"}


def preparation_command(data: "DataDescription", *, folder: str) -> str:
    """Return the command line that prepares a data set again from the sources that it names.

    A folder of pictures is YOUR_PICTURES in it: where that lay is nobody else's business.
    """
    kinds = data.kind.split(" + ")
    words = [kind if kind in WORDS else PICTURES for kind in kinds]
    for name, usual in PREPARED.items():
        value = getattr(data, name)
        if value != usual:
            words += [f"--{name.replace('_', '-')}", str(value)]
    folders = [kind for kind in kinds if kind not in WORDS]
    if folders:
        words += ["--kind", folders[0]]
    if len(kinds) == len(folders):  # or they speak of all sources together
        words += ["--licence", data.licence, "--credit", data.credit]
    return python_command("training.prepare", *words, "--out", folder)


def export_command(run: Path, manifest: Manifest) -> str:
    """Return the command line that exports a model of `run` again, as its manifest describes it."""
    words = recipe_words(manifest)
    sizes = [f"{width}x{height}" for height, width in manifest.sizes]
    if manifest.sizes != ((manifest.trained_px, manifest.trained_px),):
        words += ["--size", ",".join(sizes)]
    return python_command(f"conversion.{COMMANDS[manifest.format]}", run, *words)


def recipe_words(manifest: Manifest) -> list[str]:
    """Return the options that name what a model was made by."""
    words = ["--recipe", manifest.recipe]
    if manifest.gate_db is not None:  # of the recipe auto
        words += ["--min-psnr", f"{manifest.gate_db:g}"]
    if manifest.target is not None:
        words += ["--target", manifest.target]
    return [*words, *(["--any-batch"] if manifest.any_batch else [])]


def training_command(config: TrainConfig, *, data: str, run: str, init: str | None = None) -> str:
    """Return the command line that trains `config`: its nearest preset, and every difference.

    init: the checkpoint whose weights it began with, or the SHA-256 of one that may lie anywhere.
    """
    preset, options = min(
        ((name, _differences(config, preset)) for name, preset in PRESETS.items()),
        key=lambda candidate: len(candidate[1]),
    )
    first = () if init is None else ("--init", init)
    return python_command("training.train", preset, *options, *first, "--data", data, "--out", run)


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
