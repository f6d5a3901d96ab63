"""8-bit activations and weights for an ML Program, calibrated on drawings on any machine.

coremltools' passes put the quantize and dequantize operations in; the ranges are ours. Convolutions
and linear layers are covered: they are where the time goes. Additions and pooling are not: a flood
of hints is fifty of them in turn, and would round as often. Nor are transposed convolutions, for
which Core ML documents no 8-bit arithmetic: those get int8 weights alone.
"""

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from conversion.coreml.layers import layers_of
from conversion.coreml.ranges import Range, activation_ranges, with_shared_ranges
from conversion.coreml.weights import quantized_linearly
from conversion.export.drawings import Drawings
from conversion.interface import Interface
from conversion.mlprogram.package import read_package
from conversion.mlprogram.program import Program, Reference
from training.terminal.progress import Progress

COVERED = ("conv", "linear")  # operations that are computed on 8-bit values
LEFT = ("add", "avg_pool", "max_pool")  # the others for which coremltools would insert pairs
# Of a value that was 0 in all drawings, as of hints that no wide area had: what pictures have.
UNSEEN = Range(-1.0, 1.0)


def quantize(
    model: Any, drawings: Sequence[Drawings], *, interface: Interface
) -> tuple[Any, dict[str, str]]:
    """Return a float16 model (iOS17 or newer) as one of 8-bit activations and weights.

    drawings: to take the ranges from, at each size of the model, as `interface` describes them.
    Returns what was done, in words, as well.
    """
    package, total = Path(model.package_path), sum(map(len, drawings))
    with Progress("calibrating", total=total, unit="drawings") as progress:
        ranges = activation_ranges(
            package,
            itertools.chain.from_iterable(drawings),
            interface=interface,
            after_each=progress.advance,
        )
    layers = layers_of(model)
    concats = _concats(read_package(Path(model.package_path)).program)
    model = with_quantized_activations(model, with_shared_ranges(ranges, concats))
    large = [layer for layer in layers if not layer.is_small]
    model = quantized_linearly(model, large)
    return model, {
        "activations": _coverage(read_package(Path(model.package_path)).program),
        "weights": f"{len(large)} of {len(layers)} layers int8, one scale per output channel",
    }


def with_quantized_activations(model: Any, ranges: dict[str, Range]) -> Any:
    """Return a model with quantize/dequantize pairs around its convolutions and linear layers.

    ranges: of every computed value, by name. As coremltools.optimize.coreml does in
    linear_quantize_activations once it has its own ranges, which it cannot be given.
    """
    import coremltools as ct
    import coremltools.optimize.coreml as cto
    from coremltools.converters.mil.frontend.milproto.load import load as load_program
    from coremltools.converters.mil.mil.passes.graph_pass import PassOption
    from coremltools.converters.mil.mil.passes.pass_registry import PASS_REGISTRY
    from coremltools.models.utils import _apply_graph_pass

    config = cto.OptimizationConfig(
        global_config=cto.OpLinearQuantizerConfig(mode="linear_symmetric"),
        op_type_configs=dict.fromkeys(LEFT),
    )
    usable = {name: seen if seen.largest else UNSEEN for name, seen in ranges.items()}
    stats = {name: {"rmin": seen.low, "rmax": seen.high} for name, seen in usable.items()}
    options = [PassOption("config", config), PassOption("activation_stats", stats)]
    passes = []
    for name in (
        "insert_prefix_quantize_dequantize_pair",
        "insert_suffix_quantize_dequantize_pair",
    ):
        passes.append(PASS_REGISTRY[f"compression::{name}"])
        passes[-1].set_options(options)
    passes.append(PASS_REGISTRY["common::dequantize_quantize_pair_elimination"])
    return _apply_graph_pass(
        model,
        passes,
        spec_version=ct.target.iOS17,
        pymil_load_func=load_program,
        skip_model_load=True,
    )


def _concats(program: Program) -> list[list[str]]:
    """Return the names of the inputs and the output of every concat."""
    return [
        [b.name for b in operation.inputs["values"] if isinstance(b, Reference)]
        + [output.name for output in operation.outputs]
        for operation in program.operations
        if operation.type == "concat"
    ]


def _coverage(program: Program) -> str:
    """Say how many layers of a program compute on 8-bit values."""
    made_by = {o.name: operation for operation in program.operations for o in operation.outputs}
    pairs = sum(operation.type == "quantize" for operation in program.operations)
    covered = total = others = 0
    for operation in program.operations:
        if operation.type == "conv_transpose":
            others += 1
        elif operation.type in COVERED:
            (x,) = operation.inputs["x"]
            total += 1
            covered += isinstance(x, Reference) and made_by[x.name].type == "dequantize"
    return (
        f"{pairs} quantize/dequantize pairs; {covered} of {total} convolutions take 8-bit values, "
        f"{others} transposed ones float16"
    )
