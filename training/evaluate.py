"""python -m training.evaluate ckpt --data data/x

Colour the validation drawings and measure them against their true colours, beside two baselines:
uncoloured paper, and the mean training colour inside the lines. With --hints also with dots and
strokes of the true colours, beside what a classical fill makes of the same hints.
"""

import functools
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from training.data.split import warning_of_few
from training.files.atomic import require_absent
from training.metrics.coloring_table import cell, columns_of, explanation
from training.metrics.evaluation import (
    EVALUATIONS,
    MODEL,
    ROWS,
    Evaluation,
    evaluate_colorings,
    mean_rgb_of,
)
from training.metrics.full_reference import QualitySummary
from training.metrics.hints.curves import POINTS
from training.metrics.hints.evaluation import ROWS as HINT_ROWS
from training.metrics.hints.evaluation import HintEvaluation, evaluate_hints
from training.metrics.hints.tables import hint_tables
from training.metrics.kid.features import load_features, weights_file
from training.metrics.ms_ssim import scale_count
from training.run.checkpoint import find_checkpoint
from training.run.held_out import held_out
from training.terminal.command import DONE, run_command
from training.terminal.progress import Progress
from training.terminal.table import print_table
from training.terminal.typed import typed_command


@dataclass(frozen=True, kw_only=True)
class Options:
    """What evaluate.py is told on the command line."""

    # checkpoint folder, run folder (its best checkpoint), or the word pretrained
    ckpt: tyro.conf.Positional[Path]
    data: Path | None = None  # data folder; default: the one that it was trained on
    json: Annotated[Path | None, tyro.conf.arg(metavar="FILE")] = None  # file for the figures
    overwrite: bool = False  # replace an existing record
    hints: bool = False  # measure with hints too, beside a classical fill of the same
    kid: bool = False  # measure kernel inception distance too; needs the extra [kid]


def evaluate(
    ckpt: Path,
    data: Path | None = None,
    *,
    hints: bool = False,
    kid: bool = False,
    command: str = "",
) -> Evaluation:
    """Measure the generator of a checkpoint on the whole validation split of `data`.

    data: default: the data set that the run was trained on. hints: with hints too. kid: KID too.
    command: what was typed, for the record. Raises CheckpointError, also for hints of a generator
    that takes none; DataError; MissingExtra for KID without its weights.
    """
    checkpoint = find_checkpoint(ckpt)
    if hints:
        checkpoint.require_hints()
    if kid:
        weights_file()  # refuse before any work

    from training.picture.colorizer import colorize_pixels
    from training.run.restoring import load_generator

    validation = held_out(checkpoint, data)
    pairs, lineart = validation.pairs, validation.pairs.lineart[..., 0]
    mean_rgb = mean_rgb_of(validation.folder)
    generator = load_generator(checkpoint)
    painted = colorize_pixels(generator, lineart)
    with Progress("measuring", total=len(ROWS) * len(pairs.ids), unit="pictures") as progress:
        rows, colorings = evaluate_colorings(
            painted,
            pairs.color,
            lineart=lineart,
            ids=pairs.ids,
            mean_rgb=mean_rgb,
            features=load_features() if kid else None,
            measured=progress.advance,
        )
    hinted = None
    if hints:
        total = len(HINT_ROWS) * POINTS * len(pairs.ids)
        with Progress("measuring with hints", total=total, unit="pictures") as progress:
            hinted = evaluate_hints(
                functools.partial(colorize_pixels, generator),
                pairs.color,
                lineart=lineart,
                ids=pairs.ids,
                measured=progress.advance,
            )
    return Evaluation(
        command=command,
        checkpoint=str(checkpoint.folder),
        checkpoint_sha256=checkpoint.sha256,
        epoch=checkpoint.epoch,
        data=validation.data,
        rows=rows,
        colorings=colorings,
        ms_ssim_scales=scale_count(*pairs.color.shape[1:3]),
        hints=hinted,
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    work = functools.partial(_work, command=typed_command("training.evaluate", argv))
    return run_command(Options, work, argv=argv, description=__doc__)


def _work(options: Options, *, command: str) -> int:
    if options.json:
        require_absent(options.json, overwrite=options.overwrite)
    evaluation = evaluate(
        options.ckpt, options.data, hints=options.hints, kid=options.kid, command=command
    )
    _print(evaluation)
    if evaluation.hints:
        _print_hints(evaluation.hints)
    if options.json:
        EVALUATIONS.write(evaluation, options.json, overwrite=options.overwrite)
        print(options.json)
    return DONE


def _print(evaluation: Evaluation) -> None:
    if warning := warning_of_few(evaluation.rows[MODEL].drawings):
        print(warning, file=sys.stderr)
    colorings = evaluation.colorings
    columns = columns_of(colorings)
    print_table(
        f"{evaluation.rows[MODEL].drawings} validation drawings, {evaluation.checkpoint}",
        ("", *(column.name for column in columns)),
        rows=[
            (name, *(_with_interval(*cell(row, column)) for column in columns))
            for name, row in colorings.items()
        ],
        caption=" ".join(explanation(colorings, ms_ssim_scales=evaluation.ms_ssim_scales)),
    )
    print_table(
        "PSNR dB of single drawings",
        ("", "median", "worst", "worst drawing"),
        rows=[_singles(name, summary) for name, summary in evaluation.rows.items()],
    )


def _print_hints(measured: HintEvaluation) -> None:
    for table in hint_tables(measured):
        print_table(table.title, table.columns, rows=table.rows, caption=table.caption)


def _with_interval(value: str, interval: str) -> str:
    return f"{value} ({interval})" if interval else value


def _singles(name: str, summary: QualitySummary) -> tuple[str, ...]:
    median, worst = summary.median.psnr_db, summary.worst.psnr_db
    return name, f"{median:.2f}", f"{worst:.2f}", summary.worst_id


if __name__ == "__main__":
    sys.exit(main())
