"""Lay the experiment out as one HTML page and as a Markdown page with pictures; trains nothing.

Tables and pictures only: what they say is written by hand, in docs/experiment.md.
"""

import dataclasses
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.pages.commands import training_command
from benchmarks.pages.page import TEMPLATES as SHARED_TEMPLATES
from benchmarks.study.figures import (
    chain_figures,
    curve_figures,
    write_chains_png,
    write_curves_png,
)
from benchmarks.study.groups import Groups
from benchmarks.study.pictures import gallery_rows, painted_columns, write_pictures_png
from benchmarks.study.results import TOLERATED, best_presets
from benchmarks.study.tables import (
    Table,
    attempt_table,
    cost_table,
    large_table,
    longer_table,
    preset_table,
    rate_table,
    repair_table,
    selu_table,
)
from benchmarks.timing.machine import this_machine
from training.data.shards import read_manifest
from training.files.atomic import written_whole

PAGE_FILE, DOCS_FILE = "experiment.html", "experiment-tables.md"
TEMPLATES = Path(__file__).parent / "templates"
SMALL_DEMO_EPOCHS = 10  # passes over the pictures: they cost each preset about the same
PACKAGES = ("tensorflow", "keras", "numpy")
# What a reader who has not read the presets' file needs to know of each.
MEANINGS = {
    "l1": "L1 alone",
    "l1-gan-100": "patch GAN + L1 x 100 (pix2pix)",
    "l1-gan-10": "patch GAN + L1 x 10",
    "l1-gan-1": "patch GAN + L1 x 1",
    "wgan-gp": "WGAN-GP alone, five critic steps",
    "wgan-gp-l1": "WGAN-GP + L1 x 100, one critic step at twice the rate",
    "selu": "l1-gan-100 with SELU nets",
    "selu-wgan-gp": "wgan-gp-l1 with SELU nets",
    "2017-wgan": "WGAN as its code of 2017 was",
    "2017-selu": "SELU as its code of 2017 was",
    "2017-selu-wgan": "both",
}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the experiment and its data are, and what was typed."""

    out: Path
    data: Path
    large_data: Path | None
    command: str


@dataclass(frozen=True, kw_only=True)
class Painted:
    """What the nets paint, column by column, as painted_columns returns it."""

    presets: dict[str, np.ndarray]
    large: dict[str, np.ndarray]
    longer: dict[str, np.ndarray]


def paint(groups: Groups, place: Place) -> Painted:
    """Let the first seed of every preset paint, once for both pages."""
    large_data = place.large_data if groups.large else None
    return Painted(
        presets=painted_columns([*groups.presets.values()], place.out, data=place.data),
        large=painted_columns(groups.large, place.out, data=large_data) if large_data else {},
        longer=painted_columns(groups.longer, place.out, data=place.data),
    )


def write_page(groups: Groups, place: Place, painted: Painted) -> Path:
    """Write OUT/experiment.html, which needs no other file. Returns it."""
    page = _render(
        "page.html.j2",
        autoescape=True,
        **_content(groups, place),
        rows=gallery_rows(painted.presets),
        large_rows=gallery_rows(painted.large),
        longer_rows=gallery_rows(painted.longer),
        curves=curve_figures(groups),
        chains=chain_figures(groups),
        style=(SHARED_TEMPLATES / "report.css").read_text(encoding="utf-8"),
    )
    path = place.out / PAGE_FILE
    with written_whole(path, overwrite=True) as partial:
        partial.write_text(page, encoding="utf-8")
    return path


def write_docs(groups: Groups, place: Place, painted: Painted, docs: Path) -> Path:
    """Write a Markdown page into the folder `docs`, its pictures into DOCS/pictures.

    Returns the page.
    """
    pictures = docs / "pictures"
    pictures.mkdir(exist_ok=True)
    shown = {
        name: write_pictures_png(columns, pictures / f"experiment-{name}.png")
        for name, columns in (
            ("pictures", painted.presets),
            ("large", painted.large),
            ("longer", painted.longer),
        )
    }
    shown["curves"] = write_curves_png(groups, pictures / "experiment-curves.png")
    shown["repairs"] = write_chains_png(groups, pictures / "experiment-repairs.png")
    page = _render(
        "page.md.j2",
        autoescape=False,
        **_content(groups, place),
        shown=shown,
        markdown=_markdown,
    )
    path = docs / DOCS_FILE
    with written_whole(path, overwrite=True) as partial:
        partial.write_text(page, encoding="utf-8")
    return path


def _content(groups: Groups, place: Place) -> dict[str, Any]:
    """Return what both pages show."""
    rows = groups.all_rows()
    cells = [(row, seed) for row in rows for seed in row.row.seeds]
    over = [seed for row, seed in cells if seed in row.measured or seed in row.diverged]
    large = groups.large_budget
    return {
        "budget": groups.budget,
        "large_budget": large,
        "place": place,
        "machine": str(this_machine()),
        "versions": {package: version(package) for package in PACKAGES},
        "manifest": read_manifest(place.data),
        "meanings": MEANINGS,
        "cells": len(cells),
        "over": len(over),
        "cpu_hours": sum(s.cpu_s for row in rows for s in row.statuses.values()) / 3600,
        "steps": _range(groups),
        "tolerated": f"{100 * (TOLERATED - 1):.0f} %",
        "preset_table": preset_table(groups),
        "cost_table": cost_table([*groups.presets.values()]),
        "rate_tables": {net: rate_table(groups, net) for net in groups.rates},
        "selu_table": selu_table(groups),
        "repair_tables": {name: repair_table(chain) for name, chain in groups.repairs.items()},
        "as_meant": attempt_table([groups.as_meant], groups),
        "attempt_tables": {
            name: attempt_table(rows, groups) for name, rows in groups.attempts.items()
        },
        "large_table": large_table(groups),
        "large_names": [row.row.label for row in groups.large],
        "longer_table": longer_table(groups) if groups.longer else None,
        "longer_steps": groups.longer_steps,
        "best_command": best_command(groups, place),
    }


def best_command(groups: Groups, place: Place) -> str | None:
    """Return what trains the best preset longer, as a small demo; None before it is known."""
    names = best_presets(groups.presets)
    if not names:
        return None
    best = groups.presets[names[0]].row
    longer = dataclasses.replace(best.config, epochs=SMALL_DEMO_EPOCHS)
    return training_command(longer, data=str(place.data), run=f"runs/{best.label}")


def _range(groups: Groups) -> str:
    """Say how many steps the presets really take: as near to the budget as whole epochs allow."""
    steps = [
        groups.budget.pairs // result.row.config.pairs_per_step * result.row.config.epochs
        for result in groups.presets.values()
    ]
    low, high = min(steps), max(steps)
    return f"{low}" if low == high else f"{low} to {high}"


def _render(template: str, *, autoescape: bool, **content: Any) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader([TEMPLATES, SHARED_TEMPLATES]),
        autoescape=autoescape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(template).render(**content)


def _markdown(table: Table) -> str:
    """Write a table in Markdown: an interval stands in brackets behind its number."""
    lines = ["| | " + " | ".join(table.heads) + " |", "|---" * (len(table.heads) + 1) + "|"]
    for name, cells in table.rows:
        words = [f"{value} ({below})" if below else value for value, below in cells]
        lines.append(f"| {name} | " + " | ".join(words) + " |")
    return "\n".join(lines)
