"""python -m conversion.from_coreml model.mlpackage -o model.onnx

Turns a Core ML ML Program, or a pipeline of them, into one standalone ONNX model; with --list,
prints what it consists of instead: operations, shapes, weights, parameters and
multiply-accumulates.
"""

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro

from conversion.errors import ConversionError
from training.files.atomic import require_absent, written_whole
from training.files.printable import printable_lines
from training.terminal.command import DONE, run_command

if TYPE_CHECKING:
    from conversion.mlprogram.budget import Limits


@dataclass(frozen=True, kw_only=True)
class Options:
    """Options of the command."""

    package: Annotated[Path, tyro.conf.Positional]  # the ML Program or pipeline to read
    # ONNX file to write; default: NAME.mlpackage.onnx, beside the package
    output: Annotated[Path | None, tyro.conf.arg(aliases=["-o", "--out"])] = None
    # declared: round each result to the type that the program declares; float32: round nothing
    precision: Literal["declared", "float32"] = "declared"
    # which function of the model; default: the one that the model names as its default
    function_name: str | None = None
    # expand compressed weights; otherwise they stay compressed where ONNX has a form for them
    dense: bool = False
    # keep ONNX Runtime from computing products of compressed weights on 8-bit activations, which
    # costs 0.5 % of their result; the file stays small, the weights are expanded in memory
    float_activations: bool = False
    # give inputs of flexible shape their default sizes; for models that refuse symbolic sizes
    fixed: bool = False
    memory_gb: float = 8.0  # GiB that the program may take; more only if you know who made it
    list: bool = False  # print the program and write nothing
    overwrite: bool = False  # replace an existing output


def from_coreml(
    package: Path,
    output: Path,
    *,
    precision: Literal["declared", "float32"] = "declared",
    function_name: str | None = None,
    dense: bool = False,
    float_activations: bool = False,
    fixed: bool = False,
    memory_gb: float = 8.0,
    overwrite: bool = False,
) -> Path:
    """Write the ML Program `package` to `output` as ONNX and return `output`.

    precision, function_name, dense, float_activations, fixed: as mlprogram.model.to_onnx takes
    them; what ONNX Runtime will round is said on stderr. memory_gb: GiB that this may take.
    Raises InvalidProgram, OverBudget or UnsupportedOps (see conversion.errors), OutputExists, and
    ConversionError if the result is not valid ONNX or exceeds protobuf's 2 GB.
    """
    if output.suffix != ".onnx":
        raise ConversionError(f"{output}: expected a name that ends in .onnx.")
    require_absent(output, overwrite=overwrite)
    import onnx
    from google.protobuf.message import EncodeError

    from conversion.mlprogram.foreign import told_of
    from conversion.mlprogram.model import ROUNDED, to_onnx

    model = to_onnx(
        package,
        precision,
        function_name=function_name,
        dense=dense,
        float_activations=float_activations,
        fixed=fixed,
        limits=_limits(memory_gb),
    )
    with told_of(package):
        try:
            onnx.checker.check_model(model, full_check=True)
            data = model.SerializeToString()
        except (onnx.checker.ValidationError, EncodeError, ValueError) as error:
            raise ConversionError(f"{package}: the ONNX model is not valid: {error}") from error
    with written_whole(output, overwrite=overwrite) as partial:
        partial.write_bytes(data)
    for note in (prop.value for prop in model.metadata_props if prop.key == ROUNDED):
        print(f"{output}: {note}", file=sys.stderr)
    return output


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    if options.list:
        from conversion.mlprogram.listing import as_text, list_stages
        from training.terminal.table import width_to_fit

        name, limits = options.function_name, _limits(options.memory_gb)
        stages = list_stages(options.package, function_name=name, limits=limits)
        for number, listing in enumerate(stages, 1):
            if len(stages) > 1:
                print(f"{'' if number == 1 else chr(10)}stage {number} of {len(stages)}")
            print(printable_lines(as_text(listing, width=width_to_fit())))
        return DONE
    # Not demo-fp16.onnx: that is what conversion.to_onnx writes, with another interface.
    output = options.output or options.package.with_name(f"{options.package.name}.onnx")
    print(
        from_coreml(
            options.package,
            output,
            precision=options.precision,
            function_name=options.function_name,
            dense=options.dense,
            float_activations=options.float_activations,
            fixed=options.fixed,
            memory_gb=options.memory_gb,
            overwrite=options.overwrite,
        )
    )
    return DONE


def _limits(memory_gb: float) -> "Limits":
    from conversion.mlprogram.budget import Limits

    if not 0 < memory_gb < math.inf:
        raise ConversionError(f"memory_gb: expected a number above 0, received {memory_gb:g}.")
    return Limits(memory_bytes=int(memory_gb * 2**30))


if __name__ == "__main__":
    sys.exit(main())
