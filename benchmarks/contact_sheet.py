"""python -m benchmarks.contact_sheet DATA -o docs/pictures

Draw what a data folder holds, a picture for each source: a row a pair, its line drawings, then the
layer below the ink, then the colours. With --preset, draw what that preset shows a network of it:
lines by other pens, hints, colours. To be looked at before training.
"""

import itertools
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import tyro

from training.config import TrainConfig
from training.errors import ConfigError
from training.files.atomic import require_absent, require_writable, written_whole
from training.picture.grid import picture_grid
from training.pixels import PAPER
from training.presets import PRESETS, require_preset
from training.terminal.command import DONE, run_command

if TYPE_CHECKING:
    from training.data.records import PairRecord

PALETTE = 128  # colours of a sheet: flat pictures and their soft edges need no more


@dataclass(frozen=True, kw_only=True)
class Options:
    """What contact_sheet.py is told on the command line."""

    data: tyro.conf.Positional[Path]  # folder written by training.prepare
    # folder to write source-NAME.png into
    output: Annotated[Path, tyro.conf.arg(aliases=["-o", "--out"])]
    preset: str | None = None  # draw shown-PRESET.png, the first pictures of a training, instead
    rows: int = 9  # pairs of each source, or of the training in each of two columns
    overwrite: bool = False  # replace existing pictures

    def __post_init__(self) -> None:
        if self.rows < 1:
            raise ConfigError(f"rows: expected at least 1, received {self.rows}.")
        if self.preset is not None:
            require_preset(self.preset)


def contact_sheet(records: "Sequence[PairRecord]") -> np.ndarray:
    """Return one picture of several pairs, uint8 (H, W, 3); what a pair lacks is paper."""
    from training.data.records import decode_color, decode_lineart

    colors = [decode_color(record.color) for record in records]
    blank = np.full_like(colors[0], PAPER)
    lines = [
        [np.repeat(decode_lineart(png)[..., np.newaxis], 3, axis=-1) for png in record.lineart]
        for record in records
    ]
    columns = {
        f"line art {number}": np.stack(column)
        for number, column in enumerate(itertools.zip_longest(*lines, fillvalue=blank))
    }
    layers = [blank if r.layer is None else decode_color(r.layer) for r in records]
    return picture_grid(columns | {"layer": np.stack(layers), "color": np.stack(colors)})


def shown_pictures(data: Path, config: TrainConfig, *, rows: int) -> np.ndarray:
    """Return the first pictures of a training as a grid, twice as many as rows, uint8 (H, W, 3).

    A column for the line art, the hints where there are any, and the colours; then these again.
    Raises DataError where the data set has too few pairs.
    """
    from training import pixels
    from training.data.pipeline import training_batches

    batches = training_batches(
        data,
        batch_size=2 * rows,
        seed=config.seed,
        augment=config.augment,
        hints=config.hints if config.generator.hints else None,
    )
    lineart, *hints, color = (tensor.numpy() for tensor in next(iter(batches)))
    given = [pixels.on_paper(pixels.hints_to_uint8(h)) for h in hints]
    columns = [np.repeat(pixels.to_uint8(lineart), 3, axis=-1), *given, pixels.to_uint8(color)]
    halves = {
        f"{half} {number}": column[half * rows :][:rows]
        for half in range(2)
        for number, column in enumerate(columns)
    }
    return picture_grid(halves)


def sampled(records: "Sequence[PairRecord]", rows: int) -> "dict[str, list[PairRecord]]":
    """Return the first `rows` records of each source, taking its folders in turn.

    The source is the first part of an id, and a folder all but the last, such as
    portraits/adventurer.
    """
    folders: dict[str, list[PairRecord]] = {}
    for record in records:
        folders.setdefault(record.id.rpartition("/")[0], []).append(record)
    sources: dict[str, list[list[PairRecord]]] = {}
    for name in sorted(folders):
        sources.setdefault(name.split("/")[0], []).append(folders[name])
    return {
        source: [
            record
            for turn in itertools.zip_longest(*of_source)
            for record in turn
            if record is not None
        ][:rows]
        for source, of_source in sources.items()
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    from training.data.shards import read_manifest, read_records, require_intact
    from training.terminal.tensorflow_log import import_tensorflow_quietly

    if options.preset is not None:
        output = options.output / f"shown-{options.preset}.png"
        require_absent(output, overwrite=options.overwrite)
        import_tensorflow_quietly()
        config = PRESETS[options.preset]
        _save(shown_pictures(options.data, config, rows=options.rows), output, options=options)
        return DONE
    require_writable(options.output / "source.png")
    manifest = read_manifest(options.data)
    require_intact(options.data, manifest, split="train")
    import_tensorflow_quietly()
    chosen = sampled(list(read_records(options.data, manifest, split="train")), options.rows)
    outputs = {source: options.output / f"source-{source}.png" for source in chosen}
    for output in outputs.values():
        require_absent(output, overwrite=options.overwrite)
    for source, records in chosen.items():
        _save(contact_sheet(records), outputs[source], options=options)
    return DONE


def _save(sheet: np.ndarray, output: Path, *, options: Options) -> None:
    from PIL import Image

    with written_whole(output, overwrite=options.overwrite) as partial:
        Image.fromarray(sheet).quantize(PALETTE).save(partial, optimize=True)
    print(output)


if __name__ == "__main__":
    sys.exit(main())
