"""A loaded ML Program: `predict` takes and returns what coremltools.models.MLModel.predict does."""

import math
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import onnx

from conversion.errors import InvalidInput
from conversion.mlprogram.budget import Budget
from conversion.mlprogram.estimate import Cost, cost_at
from conversion.mlprogram.foreign import told_of
from conversion.mlprogram.images import to_picture, to_tensor
from conversion.mlprogram.interface import (
    ArrayFeature,
    DictionaryFeature,
    Feature,
    ImageFeature,
    Interface,
    LabelFeature,
)
from conversion.mlprogram.package import Package
from conversion.mlprogram.sessions import run_session
from conversion.mlprogram.together import require_together

# Of a number of any type.
NUMBER_BYTES = 8
# Graphs that are kept at the same time for a program that needs one for each size.
KEPT_SIZES = 8
# Sizes whose cost is remembered, of a program that has one graph for all of them.
KEPT_COSTS = 1000


@dataclass(frozen=True)
class Runnable:
    """A session, the keys of its dictionaries, and the outputs that are the next states."""

    session: Any
    keys: dict[str, np.ndarray]
    state_outputs: dict[str, str]
    budget: Budget
    cost: Cost
    model: onnx.ModelProto | None  # of a program whose cost only the sizes of its inputs tell
    costs: dict[Any, Cost] = field(default_factory=dict)  # by these sizes

    def run(
        self, names: Sequence[str], feeds: Mapping[str, np.ndarray], *, seconds: float | None
    ) -> list[Any]:
        """Run once, within the budget, and within `seconds`. Raises OverBudget, InvalidProgram."""
        given = {i.name: feeds[i.name] for i in self.session.get_inputs()}
        cost = self._cost({name: array.shape for name, array in given.items()})
        limits = self.budget.limits
        if seconds is not None:
            limits = replace(limits, seconds=min(seconds, limits.seconds))
        clock = cost.clock(limits)
        return run_session(self.session, names, given, limits=limits, seconds=clock)

    def _cost(self, sizes: Mapping[str, tuple[int, ...]]) -> Cost:
        if self.model is None:
            return self.cost
        key = tuple(sizes.items())
        if key not in self.costs:
            cost = cost_at(self.model, sizes)
            cost.require(self.budget)
            if len(self.costs) >= KEPT_COSTS:
                self.costs.clear()
            self.costs[key] = cost
        return self.costs[key]


class State:
    """Tensors that a model remembers between predictions. Made by `LoadedModel.make_state`."""

    def __init__(self, tensors: Mapping[str, np.ndarray]) -> None:
        self._tensors = dict(tensors)

    def read_state(self, name: str) -> np.ndarray:
        """Return a copy of one tensor. Raises InvalidInput for an unknown name."""
        return self._known(name).copy()

    def write_state(self, name: str, value: Any) -> None:
        """Replace one tensor. Raises InvalidInput for an unknown name or another shape."""
        known, array = self._known(name), np.asarray(value)
        if array.shape != known.shape or not np.can_cast(array.dtype, known.dtype, "same_kind"):
            raise InvalidInput(
                f"state {name!r}: expected {known.dtype.name} of shape {known.shape}, "
                f"received {array.dtype.name} of shape {array.shape}"
            )
        self._tensors[name] = np.array(array, known.dtype, order="C")

    def _known(self, name: str) -> np.ndarray:
        if name not in self._tensors:
            raise InvalidInput(f"state {name!r}: expected one of {sorted(self._tensors)}")
        return self._tensors[name]


class Described:
    """What a loaded model says of itself, and the inputs that it asks for by name."""

    def __init__(self, path: Path, interface: Interface, *, where: str) -> None:
        """where: what messages call it."""
        self.path = path
        self._where = where
        self._interface = interface

    @property
    def inputs(self) -> dict[str, Feature]:
        """Kind, size and type of every input, by name."""
        return dict(self._interface.inputs)

    @property
    def outputs(self) -> dict[str, Feature]:
        """Kind, size and type of every described output, by name."""
        return dict(self._interface.outputs)

    @property
    def states(self) -> dict[str, Feature]:
        """Size and type of every state, by name."""
        return dict(self._interface.states)

    @property
    def metadata(self) -> dict[str, str]:
        """Author, license, version, short_description and what the exporter added."""
        return dict(self._interface.metadata)

    def require_names(self, data: Mapping[str, Any]) -> None:
        """Raise InvalidInput for an unknown input, and for one that is missing and not optional."""
        required = {
            name
            for name, feature in self.inputs.items()
            if not (isinstance(feature, ArrayFeature) and feature.optional)
        }
        unknown, missing = set(data) - set(self.inputs), required - set(data)
        if unknown or missing:
            raise InvalidInput(
                f"{self._where}: inputs {sorted(unknown)} are unknown and {sorted(missing)} are "
                f"missing; expected exactly {sorted(self.inputs)}"
            )


class LoadedModel(Described):
    """An ML Program that runs here. Made by `load`; safe to use from several threads."""

    def __init__(
        self,
        package: Package,
        *,
        prepare: Callable[[Mapping[str, tuple[int, ...]]], Runnable],
        every_size: Runnable | None,
        extra_outputs: Sequence[str],
    ) -> None:
        super().__init__(package.path, package.interface, where=package.where)
        self._extra_outputs = tuple(extra_outputs)
        self._input_types = {i.name: i.type for i in package.program.inputs}
        self._state_types = {s.name: s.type for s in package.program.states}
        self._budget = package.budget
        self._prepare = prepare
        self._every_size = every_size
        self._by_size: OrderedDict[Any, Runnable] = OrderedDict()
        self._lock = Lock()

    @property
    def taken_bytes(self) -> int | None:
        """What its constants and one run take together; None where sizes tell it in each run."""
        kept = self._every_size
        if kept is None or not kept.cost.exact:
            return None
        return kept.budget.held_bytes + kept.cost.peak_bytes

    def make_state(self) -> State:
        """Return what the model remembers before its first prediction: zeros."""
        return State(
            {
                name: np.zeros(declared.fixed_shape(), declared.dtype)
                for name, declared in self._state_types.items()
                if declared is not None  # `load` has checked it
            }
        )

    def predict(
        self,
        data: Mapping[str, Any],
        state: State | None = None,
        *,
        seconds: float | None = None,
    ) -> dict[str, Any]:
        """Run the model once.

        data: for each input a PIL image of its size and mode (or uint8 pixels), or an array of
        its shape; optional ones may be absent. state: of a model that has states, from
        make_state; it is updated. seconds: that it may take, where the limits give it more.
        Returns PIL images, arrays, class labels and dictionaries by name; extra outputs are arrays.
        Raises InvalidInput for wrong names, shapes or types.
        """
        if (state is not None) != bool(self._state_types):
            raise InvalidInput(
                f"{self._where}: the model has the states {sorted(self._state_types)}: expected "
                f"predict(data, state={'model.make_state()' if self._state_types else 'None'})"
            )
        feeds = self._feeds(data)
        require_together(self.inputs, {name: feeds[name].shape for name in data})
        runnable = self._every_size or self._for_sizes({n: a.shape for n, a in feeds.items()})
        if state is not None:
            feeds |= {name: state.read_state(name) for name in self._state_types}
        names = [*self.outputs, *self._extra_outputs]
        with told_of(self._where):
            wanted = [*names, *runnable.state_outputs.values()]
            tensors = runnable.run(wanted, feeds, seconds=seconds)
            if state is not None:
                written = tensors[len(names) :]
                for name, tensor in zip(runnable.state_outputs, written, strict=True):
                    state.write_state(name, tensor)
            self._require_described(dict(zip(names, tensors, strict=False)))
            return {
                name: _result(self.outputs.get(name), tensor, keys=runnable.keys.get(name))
                for name, tensor in zip(names, tensors, strict=False)
            }

    def _require_described(self, made: Mapping[str, np.ndarray]) -> None:
        """Count results that are described as another type than they have, before they are cast."""
        for name, tensor in made.items():
            feature = self.outputs.get(name)
            if isinstance(feature, ArrayFeature) and feature.dtype != tensor.dtype:
                # Beside the result itself, which ONNX Runtime holds and has returned a copy of.
                wanted = tensor.size * feature.dtype.itemsize + 2 * tensor.nbytes
                self._budget.require(wanted, by=f"output {name!r} as {feature.dtype.name}")

    def _feeds(self, data: Mapping[str, Any]) -> dict[str, np.ndarray]:
        self.require_names(data)
        absent = [f.shape for f in self.inputs.values() if f.name not in data and f.shape]
        with told_of(self._where):
            self._budget.require(
                NUMBER_BYTES * sum(map(math.prod, absent)),
                by=f"the default values of {len(absent)} inputs that are absent",
            )
            return {
                name: self._tensor(feature, data.get(name)) for name, feature in self.inputs.items()
            }

    def _tensor(self, feature: Feature, value: Any) -> np.ndarray:
        declared = self._input_types[feature.name]
        assert declared is not None  # `load` has checked it
        if isinstance(feature, ImageFeature):
            return to_tensor(value, feature=feature).astype(declared.dtype, copy=False)
        absent = value is None and isinstance(feature, ArrayFeature) and feature.optional
        if absent and feature.shape is not None:
            return np.full(feature.shape, feature.default, declared.dtype)
        try:
            array = np.asarray(value)
        except Exception as error:  # whatever the object that was given raises when it is asked
            raise InvalidInput(f"input {feature.name!r}: {error}; expected {feature}") from error
        fits = len(array.shape) == declared.rank and all(
            wanted in (None, size) for size, wanted in zip(array.shape, declared.shape, strict=True)
        )
        if feature.sizes is not None:
            fits = fits and feature.sizes.allow(array.shape)
        if not fits or not np.can_cast(array.dtype, declared.dtype, "same_kind"):
            raise InvalidInput(
                f"input {feature.name!r}: expected {feature.sizes or declared}, received "
                f"{array.dtype.name}{list(array.shape)}. Reshape or convert it first."
            )
        # ascontiguousarray makes a vector of a scalar.
        flat = np.ascontiguousarray(array.astype(declared.dtype, copy=False))
        return flat.reshape(array.shape)

    def _for_sizes(self, shapes: dict[str, tuple[int, ...]]) -> Runnable:
        key = tuple(sorted(shapes.items()))
        with self._lock:
            if key not in self._by_size:
                self._by_size[key] = self._prepare(shapes)
                # Each keeps what it once took: together, no more than one program may.
                while len(self._by_size) > 1 and (
                    len(self._by_size) > KEPT_SIZES
                    or sum(kept.cost.peak_bytes for kept in self._by_size.values())
                    > self._budget.left_bytes
                ):
                    self._by_size.popitem(last=False)
            self._by_size.move_to_end(key)
            return self._by_size[key]


def _result(feature: Feature | None, tensor: np.ndarray, *, keys: np.ndarray | None) -> Any:
    if isinstance(feature, ImageFeature):
        return to_picture(tensor, feature=feature)
    if isinstance(feature, ArrayFeature):
        return tensor.astype(feature.dtype, copy=False)
    if isinstance(feature, LabelFeature):
        return tensor.item()
    if isinstance(feature, DictionaryFeature):
        assert keys is not None  # `load` has checked it
        return dict(zip(keys.tolist(), tensor.reshape(-1).tolist(), strict=True))
    return tensor
