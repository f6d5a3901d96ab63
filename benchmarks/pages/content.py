"""Everything that a report says about one run, gathered from its records; no layout."""

import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import numpy as np

from benchmarks.agreement.record import PARITIES, ArtifactParity, Parity
from benchmarks.drawing.compared import parity_drawings
from benchmarks.pages.answers import Answer, Step, answers_to, next_steps
from benchmarks.pages.commands import (
    evaluation_command,
    export_command,
    latency_command,
    parity_command,
    preparation_command,
    report_command,
    training_command,
)
from benchmarks.pages.curves import curve_svg
from benchmarks.pages.gallery import Row, shown_smaller
from benchmarks.pages.hint_curves import hint_figures
from benchmarks.pages.pictures import (
    MOST_HINTS,
    open_painters,
    sample_rows,
    validation_rows,
    wish_rows,
    worst_rows,
)
from benchmarks.pages.speed import Note, Speed, figures, size_points, speed_of
from conversion.coreai import api
from conversion.export.origins.trained import Trained
from conversion.manifest import MANIFESTS, Manifest, manifest_path
from conversion.recipes import FORMAT_NAMES
from training.data.named import NamedData
from training.data.split import warning_of_few
from training.errors import DataError
from training.metrics.evaluation import EVALUATIONS, Evaluation
from training.run.checkpoint import PRETRAINED, PRETRAINED_FOLDER, Checkpoint, find_checkpoint
from training.run.held_out import held_out, recorded_data
from training.run.resuming import RUN_FILE, RUNS
from training.run.run_metrics import read_metrics
from training.terminal.typed import from_here

EVALUATION_FILE, PARITY_FILE, LATENCY_FILE = "evaluation.json", "parity.json", "latency.json"
PACKAGES = ("tensorflow", "keras", "coremltools", "ai-edge-litert", "onnxruntime", "numpy")
# Title -> what stands in metrics.jsonl -> what it is called in the legend.
CURVES = {
    "Mean absolute error, [-1, 1]": {"l1": "training", "validation_l1": "validation"},
    "Validation PSNR, dB": {"validation_psnr_db": "validation"},
    "Adversarial losses": {"generator_gan": "generator", "discriminator": "discriminator"},
}

Record = TypeVar("Record", Evaluation, Parity)


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What every page shows of exported models, whoever trained their generator."""

    name: str
    answers: list[Answer]
    next_steps: list[Step]
    parity: Parity | Note
    artifacts: dict[str, ArtifactParity]  # label -> what was measured; empty without a record
    worst_rows: list[Row]  # the worst drawing of each artifact
    smaller: str  # that pictures are shown smaller than they are; empty where they are not
    speed: Speed | Note
    costs: list[tuple[str, str]]  # quality against bytes and milliseconds: title, <svg>
    commands: list[str]
    versions: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Content(Compared):
    """What the page of a run shows."""

    checkpoint: Checkpoint
    parameters: int
    images_per_s: float | None
    evaluation: Evaluation | Note
    hint_figures: list[tuple[str, str]]  # title, <svg>; empty unless measured with hints
    validation_drawings: int
    few: str | None  # what to know where these are too few to judge by
    shown_drawings: int  # of those, in validation_rows
    most_hints: int | None  # on drawings that are shown with hints too; None: it takes none
    validation_rows: list[Row]
    sample_rows: list[Row]
    wish_rows: list[Row]  # the same drawing under different hints; empty unless it takes any
    curves: list[tuple[str, str]]  # title, <svg>
    data: NamedData


def gather(run: Path, *, output: Path, data: Path | None = None) -> Content:
    """Collect a report on the best checkpoint of `run` (or on the checkpoint folder `run`).

    output: where the report will stand, for the command in it. data: default: the data set that
    the run was trained on. Raises CheckpointError, DataError, and ArtifactError where an artifact
    is no longer the one that was measured.
    """
    checkpoint = find_checkpoint(run)
    origin = Trained(checkpoint)
    validation = held_out(checkpoint, data)
    records = checkpoint.exports.parent  # where parity and latency keep what they measure
    run = PRETRAINED if checkpoint.folder == PRETRAINED_FOLDER else checkpoint.run
    measured = (checkpoint.sha256, validation.data.sha256)
    evaluation = record_of(
        records / EVALUATION_FILE,
        EVALUATIONS.read,
        measured=measured,
        command=evaluation_command(
            run, records / EVALUATION_FILE, data=data, hints=checkpoint.config.generator.hints
        ),
    )
    parity = record_of(
        records / PARITY_FILE,
        PARITIES.read,
        measured=measured,
        command=parity_command(run, records / PARITY_FILE, data=data),
    )
    artifacts = labelled(parity.artifacts) if isinstance(parity, Parity) else {}
    timing = latency_command(run, records / LATENCY_FILE)
    speed, times = speed_of(records / LATENCY_FILE, checkpoint.sha256, artifacts, command=timing)

    generator = origin.load()
    hints = origin.ports.hints
    drawings = parity_drawings(origin.compared(data, size=origin.fitting_size()), hints=hints)
    painters = open_painters(origin, generator, artifacts)
    height, width = origin.fitting_size()
    shown = validation_rows(validation, drawings, painters, artifacts)
    metrics = read_metrics(checkpoint.run, until=checkpoint.epoch)
    speeds = [line["images_per_s"] for line in metrics]
    return Content(
        name=checkpoint.run.resolve().name,
        checkpoint=checkpoint,
        answers=answers_to(
            evaluation if isinstance(evaluation, Evaluation) else None,
            artifacts,
            latency=records / LATENCY_FILE,
            mac=sys.platform == "darwin",
        ),
        next_steps=next_steps(run, evaluation=evaluation, parity=parity, speed=speed),
        parameters=generator.count_params(),
        images_per_s=float(np.median(speeds)) if speeds else None,
        evaluation=evaluation,
        hint_figures=_hint_figures(evaluation),
        parity=parity,
        artifacts=artifacts,
        validation_drawings=len(validation.pairs.ids),
        few=warning_of_few(len(validation.pairs.ids)),
        shown_drawings=len(shown) // (2 if hints else 1),
        most_hints=MOST_HINTS if hints else None,
        validation_rows=shown,
        sample_rows=sample_rows(drawings, painters, artifacts),
        # What is wished for stands at places of a square.
        wish_rows=wish_rows(painters, side=height) if hints and height == width else [],
        worst_rows=worst_rows(drawings, painters, artifacts),
        smaller=shown_smaller(height, width),
        speed=speed,
        costs=figures(size_points(artifacts, FORMAT_NAMES), times),
        curves=_curves(metrics),
        commands=[
            *_making_commands(checkpoint, validation.folder),
            *(export_command(run, each) for each in manifests_of(artifacts)),
            evaluation.command,
            parity.command,
            *([speed.command] if isinstance(speed, Speed) else []),
            report_command(run, output, data=data),
        ],
        versions=versions(),
        data=validation.data,
    )


def record_of(
    path: Path, read: Callable[[Path], Record], *, measured: tuple[str, str], command: str
) -> Record | Note:
    """Return what `command` wrote to `path`, or why it is not shown: it must be of `measured`.

    measured: SHA-256 of what paints, and of the drawings.
    """
    if not path.exists():
        return Note(sentence="Not measured yet. Run:", command=command)
    record = read(path)
    checkpoint, data = measured
    if record.checkpoint_sha256 != checkpoint:
        what = f"another checkpoint ({_version(record)})"
    elif record.data.sha256 != data:
        what = f"other drawings ({from_here(Path(record.data.path))})"
    else:
        return record
    return Note(
        sentence=f"Measured on {what}, so not shown. Run:", command=f"{command} --overwrite"
    )


def labelled(rows: Sequence[ArtifactParity]) -> dict[str, ArtifactParity]:
    """Name each artifact by format and recipe, by its file where that names two, or by its path."""
    names = [
        (f"{FORMAT_NAMES[row.format]} {row.recipe}", Path(row.artifact).name, row.artifact)
        for row in rows
    ]
    labelled = {}
    for row, (label, file, path) in zip(rows, names, strict=True):
        if sum(other[0] == label for other in names) == 1:
            labelled[label] = row
        elif sum(other[1] == file for other in names) == 1:
            labelled[file] = row
        else:
            labelled[path] = row
    return labelled


def manifests_of(artifacts: Mapping[str, ArtifactParity]) -> list[Manifest]:
    """Return the manifests of the artifacts that still have one."""
    paths = [manifest_path(Path(row.artifact)) for row in artifacts.values()]
    return [MANIFESTS.read(path) for path in paths if path.exists()]


def versions() -> dict[str, str]:
    """Return the versions of what made the models: package -> its number."""
    ours = {"nurie": version("nurie"), "Python": platform.python_version()}
    others = (*PACKAGES, *(["coreai-core"] if api.installed() else []))
    return ours | {package: version(package) for package in others}


def _version(record: Evaluation | Parity) -> str:
    return record.version if isinstance(record, Parity) else f"epoch {record.epoch}"


def _hint_figures(evaluation: Evaluation | Note) -> list[tuple[str, str]]:
    hints = evaluation.hints if isinstance(evaluation, Evaluation) else None
    return hint_figures(hints) if hints else []


def _curves(metrics: Sequence[Mapping[str, float]]) -> list[tuple[str, str]]:
    """Draw what was recorded every epoch: title and <svg> of each figure."""
    figures = []
    for title, names in CURVES.items():
        if metrics and all(name in metrics[0] for name in names):
            series = {label: [line[name] for line in metrics] for name, label in names.items()}
            figures.append((title, curve_svg(title, series)))
    return figures


def _making_commands(checkpoint: Checkpoint, folder: Path) -> list[str]:
    """Return what to type to prepare the data and to train again.

    folder: of the data set that the report is about. Nothing of a training for a checkpoint that
    left its run behind.
    """
    from training.data.shards import read_manifest

    try:
        data, sha256 = recorded_data(checkpoint.run)
    except DataError:
        return []
    manifest, there = read_manifest(folder), from_here(data)
    known = [preparation_command(manifest, folder=there)] if manifest.sha256 == sha256 else []
    first = RUNS.read(checkpoint.run / RUN_FILE).init
    if first == find_checkpoint(PRETRAINED).sha256:
        first = str(PRETRAINED)
    run = str(checkpoint.run)
    return [*known, training_command(checkpoint.config, data=there, run=run, init=first)]
