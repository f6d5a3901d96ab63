"""What a report says about a generator that Nurie did not train: gathered, no layout."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.agreement.record import PARITIES, ArtifactParity, Parity
from benchmarks.costs.reader import cost_of
from benchmarks.drawing.compared import Given, parity_drawings
from benchmarks.ios.drawable import is_drawable
from benchmarks.pages.answers import answers_of_models, steps_of_models
from benchmarks.pages.commands import COMMANDS, PICTURES, recipe_words
from benchmarks.pages.content import (
    LATENCY_FILE,
    PARITY_FILE,
    Compared,
    labelled,
    manifests_of,
    record_of,
    versions,
)
from benchmarks.pages.gallery import Row, decibels, gallery_row, shown_smaller
from benchmarks.pages.pictures import Painters, open_painters, worst_rows
from benchmarks.pages.speed import Speed, figures, size_points, speed_of
from conversion.errors import ConversionError
from conversion.export.origins.asked import Asked
from conversion.export.origins.own import OwnGenerator, own_generator
from conversion.export.size import Size, said
from conversion.interface import End, times
from conversion.manifest import Manifest
from conversion.recipes import FORMAT_NAMES, recipe_named
from training.data.named import NOT_STATED
from training.terminal.typed import python_command

SHOWN = 8  # pictures
GIVEN = "picture"
COLORS = {"gray": "grey", "rgb": "RGB", "rgba": "RGB and transparency"}


@dataclass(frozen=True, kw_only=True)
class CostRow:
    """What one prediction of a model costs, in words."""

    label: str
    cells: tuple[str, ...]  # computed in, parameters, MACs in millions, MB of weights, MB moved


@dataclass(frozen=True, kw_only=True)
class OwnContent(Compared):
    """What the page shows."""

    place: str  # whose it is is its user's to say: the name of the file
    sha256: str
    does: str
    licences: list[str]  # that its models state
    folder: str  # of the pictures
    pictures: int
    rows: list[Row]
    cost_rows: list[CostRow]
    uncounted: list[str]  # why no cost is known of a model


def gather(
    ckpt: Path, own: Asked, *, size: Size | None, output: Path, drawings: Path | None = None
) -> OwnContent:
    """Collect a report on a generator of the user's.

    drawings: folder of pictures; default: those that benchmarks.parity compared last. output: where
    the report will stand. Raises CheckpointError, ConversionError, DataError, and ArtifactError
    where an artifact is no longer the one that was measured.
    """
    origin = own_generator(ckpt, own, size=size)
    parity_file, latency_file = origin.exports / PARITY_FILE, origin.exports / LATENCY_FILE
    if drawings is None and parity_file.exists():
        drawings = Path(PARITIES.read(parity_file).data.path)
    compared = origin.compared(drawings, size=origin.size)
    words = typed_for(origin)
    shown = ("--drawings", str(drawings))
    parity = record_of(
        parity_file,
        PARITIES.read,
        measured=(origin.sha256, compared.data.sha256),
        command=python_command("benchmarks.parity", *words, *shown, "--json", parity_file),
    )
    artifacts = labelled(parity.artifacts) if isinstance(parity, Parity) else {}
    timing = python_command("benchmarks.latency", *words, "--save", latency_file)
    speed, points = speed_of(latency_file, origin.sha256, artifacts, command=timing)
    manifests = manifests_of(artifacts)
    given = parity_drawings(compared, hints=False)
    painters = open_painters(origin, origin.load(), artifacts)
    costs, uncounted = _costs(artifacts)
    return OwnContent(
        name=origin.name,
        place=origin.place,
        sha256=origin.sha256,
        does=_does(origin),
        licences=sorted({_licence(each) for each in manifests}) or [NOT_STATED],
        folder=compared.data.source,
        pictures=len(given),
        answers=answers_of_models(artifacts, latency=latency_file, mac=sys.platform == "darwin"),
        next_steps=steps_of_models(words, parity=parity, speed=speed, app=is_drawable(origin)),
        parity=parity,
        artifacts=artifacts,
        rows=_rows(given, painters, artifacts),
        worst_rows=worst_rows(given, painters, artifacts, kind=GIVEN),
        smaller=shown_smaller(*times(origin.size, origin.ports.enlarged)),
        speed=speed,
        costs=figures(size_points(artifacts, FORMAT_NAMES), points),
        cost_rows=costs,
        uncounted=uncounted,
        commands=[
            *(export_command(origin, each) for each in manifests),
            parity.command,
            *([speed.command] if isinstance(speed, Speed) else []),
            python_command("benchmarks.report", *words, *shown, "-o", output),
        ],
        versions=versions(),
    )


def typed_for(origin: OwnGenerator, *, sizes: str = "") -> list[str]:
    """Return what is typed for a generator: its path first, then what only its user knows.

    sizes: default: its own.
    """
    asked, words = origin.asked, [str(origin.location)]
    for option, values in (("in", asked.input_range), ("out", asked.output_range)):
        assert values is not None  # asked for before
        words += [f"--{option}put-range", *(f"{value:g}" for value in values)]
    words += [] if origin.fixed else ["--size", sizes or said(origin.size)]
    words += ["--custom-objects", asked.custom_objects] if asked.custom_objects else []
    return [*words, *(["--trust"] if asked.trust else [])]


def export_command(origin: OwnGenerator, manifest: Manifest) -> str:
    """Return the command line that exports a model again, as its manifest describes it.

    What it was calibrated on is YOUR_PICTURES in it: no record holds that folder.
    """
    words = typed_for(origin, sizes=",".join(map(said, manifest.sizes)))
    words += recipe_words(manifest)
    if recipe_named(manifest.recipe, format=manifest.format).needs_drawings(manifest.format):
        words += ["--drawings", PICTURES]
    for name, text in (("licence", manifest.licence), ("credit", manifest.credit)):
        words += [] if text == NOT_STATED else [f"--{name}", text]
    return python_command(f"conversion.{COMMANDS[manifest.format]}", *words)


def _does(origin: OwnGenerator) -> str:
    def values(end: End) -> str:
        return f"{COLORS[end.colors]} ({end.low:g} to {end.high:g})"

    ports = origin.ports
    larger = times(origin.size, ports.enlarged)
    return (
        f"{said(origin.size)} pixels, {values(ports.taken)}, in; {said(larger)} pixels, "
        f"{values(ports.painted)}, out"
    )


def _licence(manifest: Manifest) -> str:
    credit = "" if manifest.credit == NOT_STATED else f", {manifest.credit}"
    return f"{manifest.licence}{credit}"


def _rows(
    given: Mapping[str, Given], painters: Painters, artifacts: Mapping[str, ArtifactParity]
) -> list[Row]:
    rows = []
    for name in list(given)[:SHOWN]:
        picture = given[name].lineart
        painted = {kind: paint(picture, None) for kind, paint in painters.items()}
        notes = {kind: decibels(row.pictures.get(name)) for kind, row in artifacts.items()}
        rows.append(gallery_row(name, {GIVEN: picture} | painted, notes=notes))
    return rows


def _costs(artifacts: Mapping[str, ArtifactParity]) -> tuple[list[CostRow], list[str]]:
    """Return what each model costs, and why that cannot be said of others."""
    rows, uncounted = [], []
    for label, row in artifacts.items():
        try:
            cost = cost_of(Path(row.artifact))
        except ConversionError as error:
            uncounted.append(f"{label}: {error}")
            continue
        cells = (
            cost.precision,
            f"{cost.parameters:,}",
            f"{cost.macs / 1e6:,.1f}",
            f"{cost.weight_bytes / 1e6:.2f}",
            f"{cost.moved_bytes / 1e6:.1f}",
        )
        rows.append(CostRow(label=label, cells=cells))
    return rows, uncounted
