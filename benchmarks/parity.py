"""python -m benchmarks.parity ckpt [artifact...]

Check that exported models paint the pictures that Keras paints. The validation drawings and the
sample drawings, or those of a folder that --drawings names, are given to both, as the same bytes;
where the net takes hints, with 0, 4 and 16 of them; at every size that a model serves. Without
artifacts, every model in RUN/exports is checked. Ends with status 1 where the worst drawing of a
model misses its gate.
"""

import dataclasses
import functools
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from benchmarks.agreement.layers import LayerAgreement, compare_layers, first_departure
from benchmarks.agreement.record import (
    PARITIES,
    ArtifactParity,
    Parity,
    measure_artifact,
    require_made_from,
)
from benchmarks.agreement.sheets import Sheet, painted_sheets
from benchmarks.agreement.strips import STRIPS_FILE, write_strips
from benchmarks.drawing.compared import own_compared, parity_drawings
from benchmarks.runtimes.exports import standing_exports
from conversion.export.origins.asked import NOTHING, Asked
from conversion.export.origins.find import find_origin
from conversion.export.origins.origin import Origin
from conversion.export.origins.trained import Trained
from conversion.export.size import Size, parsed_size
from training.errors import ConfigError
from training.files.atomic import require_absent
from training.terminal.command import DONE, FAILED, run_command
from training.terminal.table import print_table
from training.terminal.typed import typed_command

if TYPE_CHECKING:
    import keras

BATCH = 16  # drawings of the size of the training that Keras paints at once
COLUMNS = (
    "artifact",
    "MB",
    "PSNR dB median",
    "worst",
    "worst drawing",
    "SSIM",
    "CIEDE2000",
    "p99",
    "max diff",
    "verdict",
)
CAPTION = (
    "Against Keras float32, on 8-bit pictures; the gate holds for the worst picture. SSIM, "
    "CIEDE2000 and p99, its 99th percentile in a picture, are means over the pictures. max diff: "
    "the largest difference of any pixel, in grey levels of 255."
)


@dataclass(frozen=True, kw_only=True)
class Options:
    """What parity.py is told on the command line."""

    # checkpoint folder, run folder (its best checkpoint), or the word pretrained; or a Keras
    # generator of your own: a .keras or .h5 file, a SavedModel folder, or module:function
    ckpt: tyro.conf.Positional[Path]
    artifacts: tyro.conf.Positional[tuple[Path, ...]] = ()  # models; default: all in RUN/exports
    data: Path | None = None  # data folder; default: the one that it was trained on
    # compare only this many, held-out ones first; default: all. Or a folder of pictures to compare
    # on instead, which a generator of your own needs
    drawings: int | Path | None = None
    size: str | None = None  # in pixels, of a generator of your own that takes any
    layers: bool = False  # compare every layer too, and name the first that differs too much
    # write a picture of each model's worst drawing: line art, Keras, model, difference times 8
    strips: Annotated[Path | None, tyro.conf.arg(metavar="FOLDER")] = None
    json: Annotated[Path | None, tyro.conf.arg(metavar="FILE")] = None  # file for the figures
    own: Annotated[Asked, tyro.conf.arg(name="")] = NOTHING
    overwrite: bool = False  # replace an existing record and existing strips


def measure(
    ckpt: Path,
    artifacts: Sequence[Path] = (),
    *,
    data: Path | None = None,
    drawings: Path | None = None,
    limit: int | None = None,
    layers: bool = False,
    strips: Path | None = None,
    own: Asked = NOTHING,
    size: Size | None = None,
    command: str = "",
    overwrite: bool = False,
) -> Parity:
    """Compare artifacts (default: all in RUN/exports) with Keras float32.

    data: default: the data set that the run was trained on. drawings: a folder of pictures to
    compare on in place of the held-out ones and the samples. limit: so many drawings; default: all,
    which is what a gate asks for. layers: compare the layers for each artifact's worst drawing too.
    strips: folder for pictures of it. own, size: what the user says of a generator of their own.
    command: what was typed, for the record.
    Raises CheckpointError, DataError, ArtifactError, ConversionError, OutputExists.
    """
    if limit is not None and limit < 1:
        raise ConfigError(f"drawings: expected at least 1, received {limit}.")
    if data is not None and drawings is not None:
        raise ConfigError(
            f"data: expected none where {drawings} is compared on, received {data}. Leave out "
            "--data, or --drawings."
        )
    origin = find_origin(ckpt, own, size=size)
    chosen = list(artifacts) or standing_exports(origin)
    sizes = {path: require_made_from(origin, path).sizes for path in chosen}
    every = sorted({size for served in sizes.values() for size in served})
    if drawings is not None and isinstance(origin, Trained):
        compared = dict.fromkeys(every, own_compared(drawings, origin))
    else:
        compared = {size: origin.compared(drawings or data, size=size) for size in every}

    from training.terminal.progress import Progress

    generator = origin.load()
    sheets = {
        size: painted_sheets(
            origin,
            generator,
            parity_drawings(given, hints=origin.ports.hints, samples=drawings is None, limit=limit),
            size=size,
            batch=BATCH,
        )
        for size, given in compared.items()
    }
    sheet_of = {
        name: sheet for drawn in sheets.values() for sheet in drawn for name in sheet.places
    }
    total = sum(
        len(sheet.places) for served in sizes.values() for size in served for sheet in sheets[size]
    )
    with Progress("parity", total=total, unit="pictures") as progress:
        rows = [
            measure_artifact(
                path,
                [sheet for size in served for sheet in sheets[size]],
                after_each=progress.advance,
            )
            for path, served in sizes.items()
        ]
    if layers:
        rows = [
            dataclasses.replace(
                row, layers=_layers(row, sheet_of[row.summary.worst_id], origin, generator)
            )
            if row.summary
            else row
            for row in rows
        ]
    if strips:
        write_strips(strips, rows, sheet_of, overwrite=overwrite)
    return Parity(
        command=command,
        checkpoint=origin.place,
        checkpoint_sha256=origin.sha256,
        version=origin.version,
        data=next(iter(compared.values())).data,
        artifacts=rows,
    )


def _layers(
    row: ArtifactParity, sheet: Sheet, origin: Origin, generator: "keras.Model"
) -> list[LayerAgreement]:
    return compare_layers(Path(row.artifact), generator, origin.ports, sheet.lineart, sheet.hints)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    work = functools.partial(_work, command=typed_command("benchmarks.parity", argv))
    return run_command(Options, work, argv=argv, description=__doc__)


def _work(options: Options, *, command: str) -> int:
    if options.json:
        require_absent(options.json, overwrite=options.overwrite)
    if options.strips:
        require_absent(options.strips, overwrite=options.overwrite, marker=STRIPS_FILE)
    parity = measure(
        options.ckpt,
        options.artifacts,
        data=options.data,
        drawings=options.drawings if isinstance(options.drawings, Path) else None,
        limit=options.drawings if isinstance(options.drawings, int) else None,
        layers=options.layers,
        strips=options.strips,
        own=options.own,
        size=parsed_size(options.size),
        command=command,
        overwrite=options.overwrite,
    )
    print_table(
        f"{parity.checkpoint}, {parity.counted}",
        COLUMNS,
        rows=[_row(row) for row in parity.artifacts],
        caption=CAPTION,
    )
    _print_by_hints(parity)
    if options.layers:
        for row in parity.artifacts:
            _print_layers(row)
    if options.strips:
        print(options.strips)
    if options.json:
        PARITIES.write(parity, options.json, overwrite=options.overwrite)
        print(options.json)
    passed = sum(row.passed for row in parity.artifacts)
    print(f"{passed} of {len(parity.artifacts)} artifacts draw the same picture as Keras")
    return DONE if parity.passed else FAILED


def _print_by_hints(parity: Parity) -> None:
    """Print the worst drawing of each number of hints, where models take any."""
    rows = [row for row in parity.artifacts if row.worst_db_by_hints]
    if rows:
        print_table(
            "Worst PSNR dB by number of hints",
            ("artifact", *rows[0].worst_db_by_hints),
            rows=[
                (Path(row.artifact).name, *(f"{db:.1f}" for db in row.worst_db_by_hints.values()))
                for row in rows
            ],
        )


def _print_layers(row: ArtifactParity) -> None:
    """Print the layers of one artifact, and the first that falls below the gate of its picture."""
    name = Path(row.artifact).name
    if row.summary is None:
        print(f"{name}: no layers compared: {row.verdict}")
        return
    print_table(
        f"{name}, {row.summary.worst_id}",
        ("layer", "PSNR dB", "value in the artifact"),
        rows=[(layer.layer, f"{layer.psnr_db:.1f}", layer.value) for layer in row.layers],
        caption="Against the same layer of Keras float32; the peak is its largest value there.",
    )
    if not row.layers:
        print(f"{name}: no layer of Keras was recognised in it")
        return
    departure = first_departure(row.layers, gate_db=row.gate_db)
    print(
        f"{name}: every layer stays above {row.gate_db:g} dB"
        if departure is None
        else f"{name}: {departure.layer} is the first layer below {row.gate_db:g} dB, "
        f"{departure.psnr_db:.1f} dB"
    )


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
