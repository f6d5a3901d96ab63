"""From a package to what runs: `load` makes a model that predicts, `to_onnx` a standalone graph."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import onnx

from conversion.errors import InvalidInput, UnknownShape
from conversion.mlprogram.budget import Limits, Shares
from conversion.mlprogram.checked import Shapes, default_sizes, is_flexible, lower_checked
from conversion.mlprogram.foreign import told_of
from conversion.mlprogram.graph import Value
from conversion.mlprogram.interface import Feature, Interface
from conversion.mlprogram.joined import join
from conversion.mlprogram.kinds import in_words
from conversion.mlprogram.lowering import Precision
from conversion.mlprogram.package import Package, Pipeline, read_model
from conversion.mlprogram.products import rounded_products, with_float_activations
from conversion.mlprogram.running import LoadedModel, Runnable, State
from conversion.mlprogram.sessions import make_session
from conversion.mlprogram.stages import LoadedPipeline, require_joins

__all__ = ["Limits", "LoadedModel", "LoadedPipeline", "State", "load", "to_onnx"]


# A model holds its weights as bytes, and is written as bytes.
ONNX_COPIES = 2
# A note in the metadata of an ONNX model, and what it says.
ROUNDED = "nurie.8-bit activations"
ROUNDED_NOTE = (
    "ONNX Runtime computes {count} products of compressed weights on activations of 8 bits, about "
    "0.5 % off, unless the session has session.qdq_matmulnbits_accuracy_level = 1, or the model "
    "was written with --float-activations."
)


class CoremltoolsModel(Protocol):
    """What `load` uses of a coremltools.models.MLModel."""

    package_path: str
    function_name: str | None


def load(
    path: Path | str | CoremltoolsModel,
    precision: Precision = "declared",
    *,
    outputs: Sequence[str] = (),
    function_name: str | None = None,
    threads: int | None = None,
    limits: Limits | None = None,
) -> LoadedModel | LoadedPipeline:
    """Read an .mlpackage, or the one behind an MLModel, and make it ready to run on the CPU.

    precision: "declared" rounds each result to its declared type; "float32" is faster.
    outputs: names of intermediate values that `predict` returns as well; of a pipeline, of values
    that its stages give each other.
    function_name: of a model of several functions; if None, the one of the MLModel or the default.
    threads: of one prediction; one per core if None.
    limits: the memory and the time that the program may take, here and in each prediction.
    Raises InvalidProgram for a damaged package, UnsupportedOps for what the runtime lacks,
    OverBudget for what would take more than `limits`, InvalidInput for an unknown name in
    `outputs`.
    """
    model = _read(path, function_name, limits)
    if isinstance(model, Package):
        return _load_program(model, precision, outputs=outputs, threads=threads)
    require_joins(model)
    shares, stages = Shares(model.budget, stages=len(model.stages)), []
    for stage in model.stages:
        budget = shares.next()
        program = replace(stage, budget=budget)
        stages.append(_load_program(program, precision, outputs=(), threads=threads))
        shares.keep(budget, taken_bytes=stages[-1].taken_bytes)
    return LoadedPipeline(model, stages, extra_outputs=outputs)


def _load_program(
    package: Package, precision: Precision, *, outputs: Sequence[str], threads: int | None
) -> LoadedModel:
    extra = [name for name in dict.fromkeys(outputs) if name not in package.interface.outputs]
    _require_known(package, extra)

    def prepare(sizes: Shapes) -> Runnable:
        checked = lower_checked(package, precision, extra, sizes=sizes)
        graph, values = checked.graph, checked.values
        with told_of(package.where):
            names = graph.state_outputs()
            model, constants = graph.to_model_and_constants()
            described = {name: values[name] for name in (*package.interface.outputs, *extra)}
            keys = {name: v.keys for name, v in described.items() if v.keys is not None}
            # What only running can tell is returned in copies that no cap holds.
            left = graph.budget.left_bytes // (1 if checked.cost.exact else 2)
            session = make_session(
                model,
                constants,
                where=package.where,
                threads=threads,
                memory_bytes=left,
                folds=checked.cost.folds,
            )
        return Runnable(
            session,
            keys=keys,
            state_outputs=names,
            budget=graph.budget,
            cost=checked.cost,
            model=None if checked.cost.exact else model,
        )

    every_size: Runnable | None = None
    if is_flexible(package):
        try:
            every_size = prepare({})
        except UnknownShape:  # one graph for all sizes is not possible: one for each, then
            prepare(default_sizes(package))  # what else is wrong is said here and now
    else:
        every_size = prepare({})
    return LoadedModel(package, prepare=prepare, every_size=every_size, extra_outputs=extra)


def to_onnx(
    path: Path | str | CoremltoolsModel,
    precision: Precision = "declared",
    *,
    function_name: str | None = None,
    dense: bool = False,
    float_activations: bool = False,
    fixed: bool = False,
    limits: Limits | None = None,
) -> onnx.ModelProto:
    """Read an .mlpackage and return it as one standalone ONNX model.

    Inputs and outputs keep their names and are the program's tensors (an image is (1, C, H, W)
    of raw values, a dictionary the vector of its values, flexible sizes are symbolic, a state is
    an input and an output `<name>_out`); descriptions and metadata are kept.
    dense: expand compressed weights, which otherwise stay as small as ONNX can say them.
    float_activations: spell those so that ONNX Runtime does not round what they are multiplied by
    to 8 bits: see conversion/mlprogram/products.py. Where it may, the metadata say so.
    fixed: give flexible inputs the default sizes of the description.
    limits: the memory and the time that this may take.
    A pipeline becomes one graph: what a stage gives another is what `load` gives it, pictures
    rounded to whole numbers.
    Raises as `load` does, and UnknownShape where an operation needs a size that is flexible.
    """
    model = _read(path, function_name, limits)
    if isinstance(model, Package):
        made, _ = _program_to_onnx(model, precision, dense=dense, fixed=fixed)
        return _with_products(made, float_activations=float_activations)
    require_joins(model)
    shares, graphs = Shares(model.budget, stages=len(model.stages)), []
    for stage in model.stages:
        budget = shares.next()
        program = replace(stage, budget=budget)
        graph, taken_bytes = _program_to_onnx(program, precision, dense=dense, fixed=fixed)
        shares.keep(budget, taken_bytes=taken_bytes)
        graphs.append(graph)
    with told_of(model.path):
        made = _with_metadata(join(model, graphs), model.interface, keys={})
        return _with_products(made, float_activations=float_activations)


def _program_to_onnx(
    package: Package, precision: Precision, *, dense: bool, fixed: bool
) -> tuple[onnx.ModelProto, int]:
    """Return the graph of one program, and the bytes that it and what it is made from take."""
    sizes = default_sizes(package) if fixed else {}
    with told_of(package.where):
        try:
            checked = lower_checked(package, precision, [], sizes=sizes, compressed=not dense)
        except UnknownShape as error:
            raise UnknownShape(f"{error} fixed=True, --fixed, gives the default ones.") from error
        graph = checked.graph
        weights = sum(data.nbytes for data in graph.constants.values())
        graph.budget.require(weights * ONNX_COPIES, by="to write its weights as ONNX")
        graph.state_outputs()
        model = _described(graph.to_model(), package, checked.values)
        return model, graph.budget.held_bytes + weights * ONNX_COPIES


def _with_products(model: onnx.ModelProto, *, float_activations: bool) -> onnx.ModelProto:
    """Keep products in floats where that is asked for; else say which are rounded."""
    if float_activations:
        with_float_activations(model)
    rounded = rounded_products(model)
    if rounded:
        note = ROUNDED_NOTE.format(count=len(rounded))
        model.metadata_props.add(key=ROUNDED, value=note)
    return model


def _described(
    model: onnx.ModelProto, package: Package, values: Mapping[str, Value]
) -> onnx.ModelProto:
    interface = package.interface
    keys = {
        f"keys of {name}": "\n".join(map(str, keys.tolist()))
        for name in interface.outputs
        if (keys := values[name].keys) is not None
    }
    return _with_metadata(model, interface, keys=keys)


def _with_metadata(
    model: onnx.ModelProto, interface: Interface, *, keys: dict[str, str]
) -> onnx.ModelProto:
    features: dict[str, Feature] = {**interface.inputs, **interface.outputs}
    for info in (*model.graph.input, *model.graph.output):
        feature = features.get(info.name)
        if feature is not None:
            info.doc_string = f"{feature.description} ({feature})".strip()
    onnx.helper.set_model_props(model, interface.metadata | keys)
    model.doc_string = interface.metadata.get("short_description", "")
    return model


def _read(
    model: Path | str | CoremltoolsModel, function_name: str | None, limits: Limits | None
) -> Package | Pipeline:
    if isinstance(model, (str, Path)):
        return read_model(Path(model), function=function_name, limits=limits)
    path = getattr(model, "package_path", None)
    if not path:
        raise InvalidInput(
            f"expected the path of an .mlpackage, or an MLModel that was read from one; received "
            f"{_received(model)}"
        )
    chosen = function_name or getattr(model, "function_name", None)
    return read_model(Path(path), function=chosen, limits=limits)


def _received(model: CoremltoolsModel) -> str:
    """Say what has no package: another kind of Core ML model, or no model at all."""
    if not hasattr(model, "get_spec"):
        return f"{type(model).__name__}. Give the path of the package."
    return in_words(model.get_spec().WhichOneof("Type"))


def _require_known(package: Package, extra: Sequence[str]) -> None:
    produced = {o.name for step in package.program.operations for o in step.outputs}
    unknown = sorted(set(extra) - produced)
    if unknown:
        raise InvalidInput(
            f"{package.where}: outputs: the program computes no values named {unknown}. "
            "conversion.from_coreml --list prints those that it computes."
        )
