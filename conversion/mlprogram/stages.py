"""A pipeline that runs here: its programs one after another, each given what those before it made.

What they give each other has a name and a kind, as the inputs and outputs of a model have. A
picture is one between them as well: rounded to whole numbers, and clipped.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PIL import Image

from conversion.errors import InvalidInput, InvalidProgram, OverBudget
from conversion.mlprogram.budget import MORE_TIME
from conversion.mlprogram.images import MODES
from conversion.mlprogram.interface import ArrayFeature, Feature, ImageFeature
from conversion.mlprogram.package import Pipeline
from conversion.mlprogram.running import Described, LoadedModel, State


def require_joins(pipeline: Pipeline) -> None:
    """Raise InvalidProgram unless every input of a stage, and every output of all, is there.

    It is there if the pipeline takes it or an earlier stage makes it, as a value of the same kind.
    """
    there: dict[str, Feature] = dict(pipeline.interface.inputs)
    for stage in pipeline.stages:
        for name, feature in stage.interface.inputs.items():
            if name in there:
                _require_same(there[name], feature, where=stage.where)
            elif not (isinstance(feature, ArrayFeature) and feature.optional):
                raise InvalidProgram(
                    f"{stage.where}: it takes {name!r}, which neither the pipeline's inputs nor "
                    f"the stages before it give; they give {sorted(there)}. Export it again."
                )
        there |= stage.interface.outputs
    for name, feature in pipeline.interface.outputs.items():
        if name not in there:
            raise InvalidProgram(
                f"{pipeline.path}: the pipeline returns {name!r}, which no stage makes; they make "
                f"{sorted(there)}. Export it again."
            )
        _require_same(there[name], feature, where=str(pipeline.path))


def _require_same(given: Feature, taken: Feature, *, where: str) -> None:
    if isinstance(given, ImageFeature) and isinstance(taken, ImageFeature):
        sizes = given.sizes or taken.sizes or given.shape[2:] == taken.shape[2:]
        fits = bool(sizes) and MODES[given.color] == MODES[taken.color]
    elif isinstance(given, ArrayFeature) and isinstance(taken, ArrayFeature):
        shapes = given.sizes or taken.sizes or None in (given.shape, taken.shape)
        fits = bool(shapes or given.shape == taken.shape)
        fits = fits and np.can_cast(given.dtype, taken.dtype, "same_kind")
    else:
        fits = type(given) is type(taken)
    if not fits:
        raise InvalidProgram(
            f"{where}: it takes {taken.name!r} as {taken}, and is given {given}. "
            "Export the stages so that they agree."
        )


class LoadedPipeline(Described):
    """A pipeline that runs here. Made by `load`; what a LoadedModel has, it has."""

    def __init__(
        self, pipeline: Pipeline, stages: Sequence[LoadedModel], *, extra_outputs: Sequence[str]
    ) -> None:
        """stages: of the pipeline, loaded. extra_outputs: of stages, which are returned as well.

        Raises InvalidInput for an output that no stage has.
        """
        super().__init__(pipeline.path, pipeline.interface, where=str(pipeline.path))
        self._limits = pipeline.budget.limits
        self._stages = tuple(stages)
        self._returned = tuple(dict.fromkeys((*self._interface.outputs, *extra_outputs)))
        made = {name for stage in self._stages for name in stage.outputs}
        unknown = sorted(set(extra_outputs) - made)
        if unknown:
            raise InvalidInput(
                f"{self.path}: outputs: the stages make no values named {unknown}; they make "
                f"{sorted(made)}."
            )

    @property
    def states(self) -> dict[str, Feature]:
        """Nothing: stages that keep states are refused when they are read."""
        return {}

    def make_state(self) -> State:
        """Return a state of nothing, as a LoadedModel without states does."""
        return State({})

    def predict(self, data: Mapping[str, Any], state: State | None = None) -> dict[str, Any]:
        """Run all stages once. Takes, returns and raises what LoadedModel.predict does."""
        if state is not None:
            raise InvalidInput(f"{self.path}: a pipeline has no states: expected predict(data)")
        self.require_names(data)
        end = time.monotonic() + self._limits.seconds
        values = dict(data)
        for number, stage in enumerate(self._stages, 1):
            left = end - time.monotonic()
            if left <= 0:
                raise OverBudget(
                    f"{self.path}: the stages before stage {number} take more than the "
                    f"{self._limits.seconds:g} seconds that a run is given. {MORE_TIME}"
                )
            given = {name: values[name] for name in stage.inputs if name in values}
            try:
                values |= stage.predict(_as_given(given, stage, data), seconds=left)
            except InvalidInput as error:
                if number == 1 or any(repr(name) in str(error) for name in set(data) & set(given)):
                    raise
                raise InvalidProgram(
                    f"{self.path}: what the stages before stage {number} make does not fit it: "
                    f"{error}"
                ) from error
        return {name: values[name] for name in self._returned}


def _as_given(
    values: Mapping[str, Any], stage: LoadedModel, data: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what a stage takes: a picture that another made without its opaqueness."""
    given = dict(values)
    for name, value in values.items():
        made_here = value is not data.get(name)
        if made_here and isinstance(value, Image.Image) and value.mode == "RGBA":
            given[name] = value.convert("RGB")
        feature = stage.inputs[name]
        if made_here and isinstance(feature, ArrayFeature) and isinstance(value, np.ndarray):
            given[name] = value.astype(feature.dtype, copy=False)
    return given
