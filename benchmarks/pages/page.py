"""Lay the content of a report out as one HTML page; measures nothing."""

import sys
from pathlib import Path

from benchmarks.agreement.record import ArtifactParity, Parity
from benchmarks.pages.content import Compared, Content
from benchmarks.pages.speed import Speed
from training.metrics.coloring_table import cell, columns_of, explanation
from training.metrics.evaluation import MEAN_COLOR, MODEL, PAPER, Evaluation
from training.metrics.hints.tables import HintTable, hint_tables
from training.terminal.typed import typed_here

TEMPLATES = Path(__file__).parent / "templates"
ROW_NAMES = {
    MODEL: "This model",
    MEAN_COLOR: "Mean training colour inside the lines",
    PAPER: "Uncoloured paper",
}


def render(content: Content) -> str:
    """Return the page of a run: styles and pictures inside, no scripts, nothing fetched."""
    return laid_out(
        "report.html.j2",
        content,
        evaluation=_evaluation_table(content),
        hint_tables=_hint_tables(content),
    )


def laid_out(template: str, content: Compared, **more: object) -> str:
    """Return a page of a template. more: what stands in it beside the content."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(
        content=content,
        typed=typed_here,
        compared=isinstance(content.parity, Parity),
        timed=isinstance(content.speed, Speed),
        parity_rows=_parity_rows(content),
        mac=sys.platform == "darwin",
        style=(TEMPLATES / "report.css").read_text(encoding="utf-8"),
        **more,
    )


def _evaluation_table(content: Content) -> dict[str, object]:
    """Return heads, rows of (name, cells) and sentences; empty without a record."""
    if not isinstance(content.evaluation, Evaluation):
        return {}
    evaluation = content.evaluation
    columns = columns_of(evaluation.colorings)
    return {
        "heads": [*(column.name for column in columns), "worst PSNR dB"],
        "rows": [
            (
                ROW_NAMES[name],
                [
                    *(cell(coloring, column) for column in columns),
                    (_decibels(evaluation.rows[name].worst.psnr_db), ""),
                ],
            )
            for name, coloring in evaluation.colorings.items()
        ],
        "sentences": explanation(evaluation.colorings, ms_ssim_scales=evaluation.ms_ssim_scales),
    }


def _hint_tables(content: Content) -> list[HintTable]:
    hints = content.evaluation.hints if isinstance(content.evaluation, Evaluation) else None
    return list(hint_tables(hints)) if hints else []


def _parity_rows(content: Compared) -> list[dict[str, object]]:
    largest = max((row.bytes for row in content.artifacts.values()), default=1)
    return [
        {
            "label": label,
            "file": Path(row.artifact).name,
            "megabytes": f"{row.bytes / 1e6:.2f}",
            "share": f"{100 * row.bytes / largest:.1f}",
            "cells": _parity_cells(row),
            "passed": row.passed,
            "verdict": row.verdict,
        }
        for label, row in content.artifacts.items()
    ]


def _parity_cells(row: ArtifactParity) -> list[tuple[str, str]]:
    """Return each number and what stands in small letters below it."""
    if row.summary is None:
        return [("", "")] * 6
    return [
        (_decibels(row.summary.median.psnr_db), ""),
        (_decibels(row.summary.worst.psnr_db), row.summary.worst_id.rpartition("/")[2]),
        (f"{row.summary.mean.ssim:.5f}", ""),
        (f"{row.summary.mean.ciede2000_mean:.3f}", ""),
        (f"{row.summary.mean.ciede2000_p99:.2f}", ""),
        (f"{row.summary.max_levels:.0f}", ""),
    ]


def _decibels(value: float) -> str:
    return "\N{INFINITY}" if value == float("inf") else f"{value:.1f}"
