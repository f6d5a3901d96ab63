"""python -m benchmarks.ranges ckpt [artifact]

Measure the range of every value of a Core ML model on real drawings: layer by layer, how far it is
from overflowing float16, and what share of it 8-bit activations clip. Without an artifact, the fp16
export of the checkpoint is measured, and exported first if it is missing. For a quantized .tflite
or .onnx only the clipping is measured.
"""

import functools
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import tyro

from benchmarks.agreement.counted import counted
from benchmarks.agreement.record import require_made_from
from benchmarks.agreement.saturation import saturation, share_beyond
from benchmarks.agreement.sheets import drawn_on_sheets
from benchmarks.drawing.compared import parity_drawings
from conversion.errors import ArtifactError
from conversion.export.drawings import Drawings
from conversion.export.origins.asked import NOTHING, Asked
from conversion.export.origins.find import find_origin
from conversion.export.plan import default_output
from conversion.export.size import Size, parsed_size
from conversion.interface import Interface
from conversion.manifest import read_manifest
from conversion.recipes import RECIPES
from training.files.atomic import require_absent, written_whole
from training.terminal.command import DONE, FAILED, run_command
from training.terminal.table import print_table
from training.terminal.typed import typed_command

FORMAT = "nurie-ranges/1"
FLOAT16_MAX = 65504.0
# A normalization squares what it is given: float16 ends at the square of 255.9. Core ML on a phone
# has returned zeros there, and right values on a Mac (coremltools issue 1380).
SQUARED_MAX = FLOAT16_MAX**0.5
SQUARING = ("instance_norm", "layer_norm", "l2_norm", "reduce_l2_norm", "reduce_sum_square")
LEAST_HEADROOM = 8.0  # below it we warn: other drawings may be that much louder
COLUMNS = ("value", "operation", "low", "high", "limit", "headroom", "clipped", "verdict")
CAPTION = (
    "limit: the largest float16, or its square root where a normalization squares the value. "
    "headroom: the limit divided by the largest magnitude. clipped: share of the values outside "
    "the 8-bit range."
)


@dataclass(frozen=True, kw_only=True)
class Options:
    """What ranges.py is told on the command line."""

    # checkpoint folder, run folder (its best checkpoint), or the word pretrained; or a Keras
    # generator of your own: a .keras or .h5 file, a SavedModel folder, or module:function
    ckpt: tyro.conf.Positional[Path]
    artifact: tyro.conf.Positional[Path | None] = None  # a model; default: its fp16 .mlpackage
    # data folder; default: the one that it was trained on. Of a generator of your own: a folder of
    # pictures
    data: Annotated[Path | None, tyro.conf.arg(aliases=["--drawings"])] = None
    size: str | None = None  # in pixels, of a generator of your own that takes any
    own: Annotated[Asked, tyro.conf.arg(name="")] = NOTHING
    json: Annotated[Path | None, tyro.conf.arg(metavar="FILE")] = None  # file for the figures
    overwrite: bool = False  # replace an existing record


@dataclass(frozen=True, kw_only=True)
class ValueRange:
    """One float16 value of a program, over all drawings."""

    value: str
    operation: str  # that computes it
    low: float
    high: float
    limit: float  # magnitude at which float16 overflows, here or in the operation that takes it
    cut_off: float | None  # share beyond the 8-bit range, where the value is quantized

    @property
    def headroom(self) -> float:
        """How often the largest magnitude fits below the limit."""
        from conversion.coreml.ranges import Range

        largest = Range(self.low, self.high).largest
        return self.limit / largest if largest else float("inf")

    def as_json(self) -> dict[str, Any]:
        """Return the row as JSON values: null for NaN and infinity, which JSON lacks."""
        fields = asdict(self) | {"verdict": self.verdict}
        return {
            name: None if isinstance(field, float) and not math.isfinite(field) else field
            for name, field in fields.items()
        }

    @property
    def verdict(self) -> str:
        """ok, or what is wrong."""
        if not self.headroom > 1:  # NaN too
            return "FAIL: overflows"
        return "ok" if self.headroom >= LEAST_HEADROOM else f"warning: below {LEAST_HEADROOM:g}x"


def measure(package: Path, drawings: Drawings, *, interface: Interface) -> list[ValueRange]:
    """Return the range of every float16 value of an ML Program, in the order of the program.

    interface: of its pictures. Raises ArtifactError for a program that has no such value.
    """
    from conversion.coreml.ranges import Range, computed_values, widen
    from conversion.mlprogram.package import read_package
    from training.terminal.progress import Progress

    program = read_package(package).program
    operations = {
        output.name: operation
        for operation in program.operations
        if operation.type != "const" and not operation.type.startswith("constexpr_")
        for output in operation.outputs
        if output.type is not None and output.type.dtype == np.float16
    }
    if not operations:
        raise ArtifactError(
            f"{package} computes nothing in float16, so nothing can overflow. Expected an export "
            "of another recipe than fp32."
        )
    squared = _names_taken_by(program, SQUARING)
    scales = _quantized(program)
    ranges: dict[str, Range] = {}
    beyond = dict.fromkeys(scales, 0.0)
    with Progress("ranges", total=len(drawings), unit="pictures") as progress:
        for values in computed_values(package, drawings, list(operations), interface=interface):
            widen(ranges, values)
            for name, scale in scales.items():
                share = share_beyond(
                    values[name], scale=scale.scale, zero=scale.zero, dtype=scale.dtype
                )
                beyond[name] += share / len(drawings)
            progress.advance()
    return [
        ValueRange(
            value=name,
            operation=operation.type,
            low=ranges[name].low,
            high=ranges[name].high,
            limit=SQUARED_MAX if name in squared else FLOAT16_MAX,
            cut_off=beyond.get(name),
        )
        for name, operation in operations.items()
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    work = functools.partial(_work, command=typed_command("benchmarks.ranges", argv))
    return run_command(Options, work, argv=argv, description=__doc__)


def _work(options: Options, *, command: str) -> int:
    if options.json:
        require_absent(options.json, overwrite=options.overwrite)
    size = parsed_size(options.size)
    origin = find_origin(options.ckpt, options.own, size=size)
    if options.artifact:
        require_made_from(origin, options.artifact)
    origin.require_drawings(options.data)  # before an export that may take long
    artifact = options.artifact or _float16_export(options, size)
    interface = read_manifest(artifact).interface
    held_out = origin.compared(options.data, size=interface.height_width)
    given = parity_drawings(held_out, hints=interface.takes_hints)
    drawings = drawn_on_sheets(list(given.values()), size=interface.height_width)
    if artifact.suffix != ".mlpackage":
        return _print_saturation(artifact, drawings, options, compared=counted(given))
    rows = measure(artifact, drawings, interface=interface)
    print_table(
        f"{artifact}, {counted(given)}",
        COLUMNS,
        rows=[_cells(row) for row in rows],
        caption=CAPTION,
    )
    if options.json:
        record = {
            "format": FORMAT,
            "command": command,
            "artifact": str(artifact),
            "checkpoint_sha256": origin.sha256,
            "drawings": len(drawings),
            "values": [row.as_json() for row in rows],
        }
        with written_whole(options.json, overwrite=options.overwrite) as partial:
            text = json.dumps(record, indent=2, allow_nan=False) + "\n"
            partial.write_text(text, encoding="utf-8")
        print(options.json)
    least = min(rows, key=lambda row: row.headroom)
    low = sum(row.headroom < LEAST_HEADROOM for row in rows)
    print(
        f"least headroom {least.headroom:.1f}x at {least.value}; {low} values below "
        f"{LEAST_HEADROOM:g}x"
    )
    return FAILED if any(row.verdict.startswith("FAIL") for row in rows) else DONE


def _print_saturation(
    artifact: Path, drawings: Drawings, options: Options, *, compared: str
) -> int:
    if options.json:
        raise ArtifactError(f"--json: expected a .mlpackage, received {artifact}. Leave it out.")
    shares = saturation(artifact, drawings)
    print_table(
        f"{artifact}, {compared}",
        ("value", "clipped"),
        rows=[(name, f"{100 * share:.2f} %") for name, share in shares.items()],
        caption="Share of the values at or beyond the ends of their quantized range.",
    )
    worst = max(shares, key=lambda name: shares[name], default=None)
    if worst is None:
        print("it computes in float: nothing is clipped")
    else:
        print(f"most clipped: {100 * shares[worst]:.2f} % of the values of {worst}")
    return DONE


@dataclass(frozen=True)
class _Scale:
    """Of a quantize operation."""

    scale: float
    zero: int
    dtype: np.dtype  # of its codes


def _float16_export(options: Options, size: Size | None) -> Path:
    from conversion import to_coreml

    origin = find_origin(options.ckpt, options.own, size=size)
    output = default_output(origin, format="coreml", recipe=RECIPES["fp16"])
    if not output.exists():
        sizes = () if size is None else (size,)
        return to_coreml.convert(options.ckpt, output, recipe="fp16", own=options.own, sizes=sizes)
    require_made_from(origin, output)
    return output


def _names_taken_by(program: Any, types: Sequence[str]) -> set[str]:
    """Return the names of the values that operations of some types take as `x`."""
    return {
        binding.name
        for operation in program.operations
        if operation.type in types
        for binding in operation.inputs["x"]
        if hasattr(binding, "name")
    }


def _quantized(program: Any) -> dict[str, _Scale]:
    """Return how each value that a quantize operation takes is quantized."""
    constants = {
        operation.outputs[0].name: operation.inputs["val"][0]
        for operation in program.operations
        if operation.type == "const"
    }
    found = {}
    for operation in program.operations:
        if operation.type != "quantize":
            continue
        given = {
            name: constants.get(getattr(binding, "name", None), binding)
            for name, (binding,) in operation.inputs.items()
        }
        found[given["input"].name] = _Scale(
            scale=float(given["scale"]),
            zero=int(given.get("zero_point", 0)),
            dtype=operation.outputs[0].type.dtype,
        )
    return found


def _cells(row: ValueRange) -> tuple[str, ...]:
    return (
        row.value,
        row.operation,
        f"{row.low:.3g}",
        f"{row.high:.3g}",
        f"{row.limit:.0f}",
        f"{row.headroom:.1f}x",
        "" if row.cut_off is None else f"{row.cut_off:.3%}",
        row.verdict,
    )


if __name__ == "__main__":
    sys.exit(main())
