"""python -m benchmarks.parity ckpt [artifact...]

Prove that exported models draw the picture that Keras draws. The validation drawings and the sample
drawings go through both from the same bytes. Without artifacts, everything that can be exported is:
into RUN/exports, except what stands there already and was made from this checkpoint.
"""

import functools
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import tyro

from benchmarks.agreement import (
    ArtifactParity,
    Parity,
    measure_artifact,
    require_made_from,
    write_parity,
)
from benchmarks.drawings import sample_drawings
from conversion.artifact import default_output
from conversion.errors import ArtifactError
from conversion.recipes import Format, recipes_of
from training.atomic import require_absent
from training.checkpoint import Checkpoint, find_checkpoint
from training.command import DONE, FAILED, run_command
from training.held_out import HeldOut, held_out
from training.table import print_table
from training.typed import typed_command

COLUMNS = (
    "artifact",
    "MB",
    "PSNR dB median",
    "worst",
    "worst drawing",
    "SSIM",
    "CIEDE2000",
    "p99",
    "max levels",
    "verdict",
)
CAPTION = (
    "Against Keras float32, on 8-bit pictures. SSIM and CIEDE2000 are means over the drawings; the "
    "gate holds for the worst drawing."
)


@dataclass(frozen=True, kw_only=True)
class Options:
    """What parity.py is told on the command line."""

    ckpt: tyro.conf.Positional[Path]  # checkpoint folder, or run folder for its newest
    artifacts: tyro.conf.Positional[tuple[Path, ...]] = ()  # default: export all formats, recipes
    data: Path | None = None  # folder written by training.prepare; default: what it was trained on
    json: Annotated[Path | None, tyro.conf.arg(metavar="FILE")] = None  # write the record here too
    overwrite: bool = False  # replace an existing record, and exports of another checkpoint


def measure(
    ckpt: Path,
    artifacts: Sequence[Path] = (),
    *,
    data: Path | None = None,
    command: str = "",
    overwrite: bool = False,
) -> Parity:
    """Compare artifacts (default: all that can be exported) with Keras float32.

    data: default: the data set that the run was trained on. command: what was typed, for the
    record. Raises CheckpointError, DataError, ArtifactError, ConversionError.
    """
    checkpoint = find_checkpoint(ckpt)
    for artifact in artifacts:
        require_made_from(checkpoint, artifact)
    validation = held_out(checkpoint, data)
    chosen = list(artifacts) or export_all(checkpoint, data=data, overwrite=overwrite)

    from training.checkpoint import load_generator
    from training.colorizer import colorize_pixels
    from training.progress import Progress

    lineart = parity_drawings(validation)
    painted = colorize_pixels(load_generator(checkpoint), np.stack(list(lineart.values())))
    reference = dict(zip(lineart, painted, strict=True))
    with Progress("parity", total=len(chosen) * len(lineart), unit="drawings") as progress:
        rows = [
            measure_artifact(path, lineart, reference=reference, after_each=progress.advance)
            for path in chosen
        ]
    return Parity(
        command=command,
        checkpoint=str(checkpoint.folder),
        checkpoint_sha256=checkpoint.sha256,
        epoch=checkpoint.epoch,
        data=validation.data,
        artifacts=rows,
    )


def parity_drawings(validation: HeldOut) -> dict[str, np.ndarray]:
    """Return every drawing to compare, by id: (H, W) uint8. Validation first, then samples."""
    pairs = validation.pairs
    drawings = {f"validation/{name}": pairs.lineart[n, ..., 0] for n, name in enumerate(pairs.ids)}
    samples = sample_drawings(pairs.lineart.shape[1])
    return drawings | {f"sample/{drawing.name}": drawing.lineart for drawing in samples}


def export_all(
    checkpoint: Checkpoint, *, data: Path | None = None, overwrite: bool = False
) -> list[Path]:
    """Export a checkpoint in every format and recipe into RUN/exports. Returns the paths.

    data: where drawings to calibrate on are; default: what the checkpoint was trained on.
    An artifact that stands there and was made from this checkpoint is kept, and said so.
    Raises ArtifactError for one of another checkpoint, unless `overwrite`.
    """
    from conversion import to_coreml, to_onnx, to_tflite

    convert: dict[Format, Callable[..., Path]] = {
        "coreml": functools.partial(to_coreml.convert, data=data),
        "tflite": to_tflite.convert,
        "onnx": to_onnx.convert,
    }
    paths = []
    for format in convert:
        for recipe in recipes_of(format).values():
            output = default_output(checkpoint, format=format, recipe=recipe)
            paths.append(output)
            if _is_made(checkpoint, output, overwrite=overwrite):
                print(f"measuring {output}, made from this checkpoint before", file=sys.stderr)
            else:
                convert[format](checkpoint.folder, output, recipe=recipe.name, overwrite=overwrite)
    return paths


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    work = functools.partial(_work, command=typed_command("benchmarks.parity", argv))
    return run_command(Options, work, argv=argv, description=__doc__)


def _work(options: Options, *, command: str) -> int:
    if options.json:
        require_absent(options.json, overwrite=options.overwrite)
    parity = measure(
        options.ckpt,
        options.artifacts,
        data=options.data,
        command=command,
        overwrite=options.overwrite,
    )
    print_table(
        f"{parity.drawings} drawings, {parity.checkpoint}",
        COLUMNS,
        rows=[_row(row) for row in parity.artifacts],
        caption=CAPTION,
    )
    if options.json:
        write_parity(parity, options.json, overwrite=options.overwrite)
        print(options.json)
    passed = sum(row.passed for row in parity.artifacts)
    print(f"{passed} of {len(parity.artifacts)} artifacts draw the same picture as Keras")
    return DONE if parity.passed else FAILED


def _is_made(checkpoint: Checkpoint, output: Path, *, overwrite: bool) -> bool:
    """Say whether `output` is there and was made from this checkpoint."""
    if not output.exists():
        return False
    try:
        require_made_from(checkpoint, output)
    except ArtifactError:
        if overwrite:
            return False
        raise
    return True


def _row(row: ArtifactParity) -> tuple[str, ...]:
    name, size = Path(row.artifact).name, f"{row.bytes / 1e6:.2f}"
    if row.summary is None:
        return (name, size, *[""] * 7, row.verdict)
    return (
        name,
        size,
        f"{row.summary.median.psnr_db:.1f}",
        f"{row.summary.worst.psnr_db:.1f}",
        row.summary.worst_id,
        f"{row.summary.mean.ssim:.5f}",
        f"{row.summary.mean.ciede2000_mean:.3f}",
        f"{row.summary.mean.ciede2000_p99:.2f}",
        f"{row.summary.max_levels:.0f}",
        row.verdict,
    )


if __name__ == "__main__":
    sys.exit(main())
