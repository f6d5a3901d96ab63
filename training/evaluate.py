"""python -m training.evaluate ckpt --data data/x

Colour the validation drawings and measure them against their true colours, beside two baselines:
uncoloured paper, and the mean training colour inside the lines.
"""

import functools
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from training.atomic import require_absent
from training.checkpoint import find_checkpoint
from training.command import DONE, run_command
from training.evaluation import (
    Evaluation,
    evaluate_colorings,
    mean_rgb_of,
    write_evaluation,
)
from training.held_out import held_out
from training.metrics import QualitySummary
from training.table import print_table
from training.typed import typed_command

COLUMNS = ("", "PSNR dB", "median", "worst", "SSIM", "CIEDE2000", "p99", "worst drawing")
CAPTION = "Means over the drawings. PSNR and SSIM: higher is better; CIEDE2000: lower is better."


@dataclass(frozen=True, kw_only=True)
class Options:
    """What evaluate.py is told on the command line."""

    ckpt: tyro.conf.Positional[Path]  # checkpoint folder, or run folder for its newest
    data: Path | None = None  # folder written by training.prepare; default: what it was trained on
    json: Annotated[Path | None, tyro.conf.arg(metavar="FILE")] = None  # write the record here too
    overwrite: bool = False  # replace an existing record


def evaluate(ckpt: Path, data: Path | None = None, *, command: str = "") -> Evaluation:
    """Measure the generator of a checkpoint on the whole validation split of `data`.

    data: default: the data set that the run was trained on. command: what was typed, for the
    record. Raises CheckpointError, DataError.
    """
    checkpoint = find_checkpoint(ckpt)

    from training.checkpoint import load_generator
    from training.colorizer import colorize_pixels

    validation = held_out(checkpoint, data)
    pairs, lineart = validation.pairs, validation.pairs.lineart[..., 0]
    mean_rgb = mean_rgb_of(validation.folder)
    painted = colorize_pixels(load_generator(checkpoint), lineart)
    return Evaluation(
        command=command,
        checkpoint=str(checkpoint.folder),
        checkpoint_sha256=checkpoint.sha256,
        epoch=checkpoint.epoch,
        data=validation.data,
        rows=evaluate_colorings(
            painted, pairs.color, lineart=lineart, ids=pairs.ids, mean_rgb=mean_rgb
        ),
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    work = functools.partial(_work, command=typed_command("training.evaluate", argv))
    return run_command(Options, work, argv=argv, description=__doc__)


def _work(options: Options, *, command: str) -> int:
    if options.json:
        require_absent(options.json, overwrite=options.overwrite)
    evaluation = evaluate(options.ckpt, options.data, command=command)
    rows = list(evaluation.rows.values())
    print_table(
        f"{rows[0].drawings} validation drawings, {evaluation.checkpoint}",
        COLUMNS,
        rows=[_row(name, summary) for name, summary in evaluation.rows.items()],
        caption=CAPTION,
    )
    if options.json:
        write_evaluation(evaluation, options.json, overwrite=options.overwrite)
        print(options.json)
    return DONE


def _row(name: str, summary: QualitySummary) -> tuple[str, ...]:
    return (
        name,
        f"{summary.mean.psnr_db:.2f}",
        f"{summary.median.psnr_db:.2f}",
        f"{summary.worst.psnr_db:.2f}",
        f"{summary.mean.ssim:.3f}",
        f"{summary.mean.ciede2000_mean:.2f}",
        f"{summary.mean.ciede2000_p99:.1f}",
        summary.worst_id,
    )


if __name__ == "__main__":
    sys.exit(main())
