"""python -m benchmarks.cost MODEL... [--layers] [--json]

Count what one prediction of an exported model costs: multiply-accumulates, parameters and bytes, by
layer, and how long Apple's Neural Engines may take: an estimate, as a range, never a measurement.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import tyro

from benchmarks.costs.layers import CONVENTION, Cost, Layer
from benchmarks.costs.neural_engine import warnings
from benchmarks.costs.roofline import Estimate, estimates
from conversion.export.size import parsed_size
from training.errors import DataError
from training.settings.sizes import Size
from training.terminal.command import DONE, run_command
from training.terminal.table import print_table

TOTALS = ("model", "computed in", "layers", "parameters", "MACs", "weights MB", "moved MB")
LAYERS = ("layer", "operation", "output", "parameters", "MACs", "weights", "read", "written")
TOTALS_CAPTION = (
    f"{CONVENTION}. Weights: as the file stores them. Moved: weights, and every value once written "
    "and once for each layer that reads it."
)
ESTIMATES_CAPTION = (
    "ESTIMATES, not measurements, if the engine takes every layer. Fast: published peaks, values "
    "that fit kept on the chip. Slow: what was reached on M1, M2 Pro and M5, all through memory."
)


@dataclass(frozen=True, kw_only=True)
class Options:
    """What cost.py is told on the command line."""

    models: tyro.conf.Positional[tuple[Path, ...]] = ()  # .mlpackage, .onnx, .tflite, .aimodel
    # at which an .onnx or .tflite of open height and width is counted, in pixels: 64, or 128x96 for
    # width by height; default: the first size of its manifest
    size: str | None = None
    layers: bool = False  # list every layer too
    json: bool = False  # print everything as JSON in place of tables


def count(models: Sequence[Path], *, size: Size | None = None) -> list[Cost]:
    """Return what each model costs. size: of open height and width; default: of its manifest.

    Raises ArtifactError, InvalidProgram; DataError for none.
    """
    from benchmarks.costs.reader import cost_of

    if not models:
        raise DataError("expected exported models to count, received none.")
    return [cost_of(model, size=size) for model in models]


def as_json(cost: Cost) -> dict[str, Any]:
    """Return a cost with its sums, warnings and estimates, for other readers."""
    return {
        "artifact": cost.artifact,
        "format": cost.format,
        "precision": cost.precision,
        "convention": CONVENTION,
        "macs": cost.macs,
        "parameters": cost.parameters,
        "weight_bytes": cost.weight_bytes,
        "moved_bytes": cost.moved_bytes,
        "warnings": [asdict(warning) for warning in warnings(cost)],
        "estimates": [asdict(row) for row in _estimates(cost)],
        "layers": [asdict(layer) for layer in cost.layers],
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    costs = count(options.models, size=parsed_size(options.size))
    if options.json:
        print(json.dumps([as_json(cost) for cost in costs], indent=2))
        return DONE
    if options.layers:
        for cost in costs:
            print_table(Path(cost.artifact).name, LAYERS, rows=[_row(row) for row in cost.layers])
    print_table(
        "Cost of one prediction", TOTALS, rows=list(map(_totals, costs)), caption=TOTALS_CAPTION
    )
    for cost in costs:
        _print_engine(cost)
    return DONE


def _estimates(cost: Cost) -> list[Estimate]:
    """Return estimates for ML Programs: other formats reach the engine through a delegate."""
    return estimates(cost) if cost.format == "coreml" else []


def _row(layer: Layer) -> tuple[str, ...]:
    numbers = (layer.parameters, layer.macs, layer.weight_bytes)
    moved = (layer.read_bytes, layer.written_bytes)
    return (
        layer.name,
        layer.kind,
        layer.output,
        *(f"{number:,}" if number else "" for number in (*numbers, *moved)),
    )


def _totals(cost: Cost) -> tuple[str, ...]:
    return (
        Path(cost.artifact).name,
        cost.precision,
        str(len(cost.layers)),
        f"{cost.parameters:,}",
        f"{cost.macs:,}",
        f"{cost.weight_bytes / 1e6:.2f}",
        f"{cost.moved_bytes / 1e6:.2f}",
    )


def _print_engine(cost: Cost) -> None:
    """Print what is known and guessed of the Neural Engine for an ML Program."""
    for warning in warnings(cost):
        print(f"warning: {Path(cost.artifact).name}: {warning}")
    rows = _estimates(cost)
    if rows:
        print_table(
            f"{Path(cost.artifact).name} on Apple's Neural Engines: estimate",
            ("engine", "ms", "source"),
            rows=[
                (row.chip, f"{row.fast_ms:.2g} to {row.slow_ms:.2g}", row.source) for row in rows
            ],
            caption=ESTIMATES_CAPTION,
        )


if __name__ == "__main__":
    sys.exit(main())
