"""Lower a package, and check the graph's types and shapes against program and description."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conversion.errors import InvalidProgram
from conversion.mlprogram.check import check_types
from conversion.mlprogram.estimate import Cost, cost_of
from conversion.mlprogram.foreign import told_of
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.interface import (
    ArrayFeature,
    DictionaryFeature,
    Feature,
    ImageFeature,
    Interface,
    LabelFeature,
)
from conversion.mlprogram.lowering import Precision, lower
from conversion.mlprogram.package import Package

Shapes = Mapping[str, tuple[int, ...]]


def is_flexible(package: Package) -> bool:
    """Say whether an input of the program has a size that the program leaves open."""
    types = (declared.type for declared in package.program.inputs)
    return any(declared is not None and None in declared.shape for declared in types)


def default_sizes(package: Package) -> Shapes:
    """Return the shapes that the description gives the inputs."""
    return {
        name: feature.shape
        for name, feature in package.interface.inputs.items()
        if feature.shape is not None
    }


@dataclass(frozen=True)
class Checked:
    """The graph of a package, its values by name, and what one run of it takes."""

    graph: Graph
    values: dict[str, Value]
    cost: Cost


def lower_package(
    package: Package, precision: Precision, extra: Sequence[str], *, sizes: Shapes
) -> tuple[Graph, dict[str, Value]]:
    """Return the graph of a package and its values by name, as lower_checked makes them."""
    checked = lower_checked(package, precision, extra, sizes=sizes)
    return checked.graph, checked.values


def lower_checked(
    package: Package,
    precision: Precision,
    extra: Sequence[str],
    *,
    sizes: Shapes,
    compressed: bool = False,
) -> Checked:
    """Lower a package, every contradiction refused, and whatever is over its budget.

    extra, sizes, compressed: as lowering.lower takes them.
    """
    with told_of(package.where):
        _check_interface(package.interface, package)
        graph, values = lower(
            package.program,
            precision=precision,
            extra_outputs=extra,
            sizes=sizes,
            compressed=compressed,
            budget=package.budget.again(),
        )
        inferred = check_types(graph.to_model_and_constants()[0], values)
        flexible = any(each.sizes for each in package.interface.inputs.values())
        for name, feature in package.interface.outputs.items():
            _check_output(feature, values[name], flexible=flexible)
        cost = cost_of(inferred)
        cost.require(graph.budget)
    return Checked(graph, values, cost)


def _check_interface(interface: Interface, package: Package) -> None:
    program = package.program
    types: dict[str, Any] = {declared.name: declared.type for declared in program.inputs}
    outputs_agree = interface.outputs and set(interface.outputs) <= set(program.outputs)
    states = {declared.name for declared in program.states}
    if set(types) != set(interface.inputs) or not outputs_agree or states != set(interface.states):
        raise InvalidProgram(
            f"the description speaks of inputs {sorted(interface.inputs)}, outputs "
            f"{sorted(interface.outputs)} and states {sorted(interface.states)}; the program has "
            f"{sorted(types)}, {sorted(program.outputs)} and {sorted(states)}. "
            "Export the model again."
        )
    for name, feature in interface.inputs.items():
        declared = types[name]
        takes = isinstance(feature, (ArrayFeature, ImageFeature))
        if declared is None or not takes or not _agree(feature.shape, declared.shape):
            raise InvalidProgram(
                f"input {name!r}: described as {feature}; the program takes {declared}"
            )
    for state in program.states:
        if state.type is None or None in state.type.shape:
            raise InvalidProgram(f"state {state.name!r}: expected a tensor of fixed shape")


def _check_output(feature: Feature, value: Value, *, flexible: bool) -> None:
    declared = value.declared
    if isinstance(feature, LabelFeature):
        agree = declared.rank == 0 and declared.dtype.kind in "iU"
    elif isinstance(feature, DictionaryFeature):
        agree = value.keys is not None
    else:
        wanted: tuple[int | None, ...] | None = feature.shape
        if feature.sizes is not None and wanted is not None:
            # The sizes are the run's; but a picture stays one, of its channels.
            picture = isinstance(feature, ImageFeature)
            wanted = (*wanted[:2], None, None) if picture else (None,) * len(wanted)
        elif flexible and isinstance(feature, ImageFeature) and None in declared.shape:
            raise InvalidProgram(
                f"output {feature.name!r}: described as {feature}, but its size follows that of a "
                "flexible input. Describe the output with sizes of its own: coremltools' "
                "flexible_shape_utils.update_image_size_range."
            )
        agree = declared.dtype.kind in "fiub" and _agree(wanted, declared.shape)
    if not agree:
        raise InvalidProgram(
            f"output {feature.name!r}: described as {feature}; the program makes {value.declared}"
        )


def _agree(shape: tuple[int | None, ...] | None, declared: tuple[int | None, ...]) -> bool:
    if shape is None:
        return True
    return len(shape) == len(declared) and all(
        None in (size, wanted) or size == wanted
        for size, wanted in zip(shape, declared, strict=True)
    )
