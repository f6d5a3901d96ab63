"""Make coremltools' own `MLModel.predict`, and what is built on it, work where there is no Core ML.

    from conversion.enable_predict import enable_predict
    enable_predict()
    coremltools.models.MLModel("model.mlpackage").predict({...})

MLModelInspector, MLModelValidator and MLModelComparator work as well: coremltools' tools for
finding the operation that fails (coremltools.models.ml_program.experimental.debugging_utils).
On a system with Core ML, nothing is changed.
"""

import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from conversion.errors import ConversionError, InvalidInput
from conversion.mlprogram.interface import ArrayFeature
from conversion.mlprogram.kinds import in_words
from conversion.mlprogram.lowering import Precision
from conversion.mlprogram.model import LoadedPipeline, load
from conversion.mlprogram.running import LoadedModel


def enable_predict(*, precision: Precision = "declared") -> bool:
    """Replace `predict` and `make_state` of coremltools.models.MLModel for this process.

    Both keep coremltools' arguments and results: a dictionary or a list of them; PIL images,
    arrays of any numeric type, tensors. A model is lowered at its first prediction. Returns
    whether anything was replaced: False where Core ML itself is there.
    """
    with _quiet():
        from coremltools.models import model as coremltools_model
        from coremltools.models.ml_program.experimental import async_wrapper

    if coremltools_model._MLModelProxy is not None:
        return False
    runtime = _Runtime(precision)
    coremltools_model.MLModel.predict = lambda model, data, state=None: runtime.predict(
        model, data, state=state
    )
    coremltools_model.MLModel.make_state = lambda model: coremltools_model.MLState(
        runtime.load(model).make_state()
    )
    async_wrapper.LocalMLModelAsyncWrapper.load = runtime.loading(coremltools_model.MLModel)
    return True


@contextmanager
def _quiet() -> Iterator[None]:
    """Let coremltools not say of each part of Core ML that this system has none of it."""
    logger = logging.getLogger("coremltools")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


class _Runtime:
    """The loaded counterparts of coremltools' models, which live as long as those do."""

    def __init__(self, precision: Precision) -> None:
        self._precision = precision
        self._loaded: WeakKeyDictionary[Any, LoadedModel | LoadedPipeline] = WeakKeyDictionary()

    def predict(self, model: Any, data: Any, *, state: Any) -> Any:
        model._check_predict_data(data)
        if isinstance(data, list):
            if state is not None:
                raise ConversionError("state: expected none for a list of inputs, received one")
            return [self._predict_once(model, given, state=None) for given in data]
        return self._predict_once(model, data, state=state)

    def _predict_once(self, model: Any, data: Mapping[str, Any], *, state: Any) -> dict[str, Any]:
        given = dict(data)
        model._verify_input_dict(given)  # coremltools' own checks, in its own words
        loaded = self.load(model)
        for name, feature in loaded.inputs.items():
            if isinstance(feature, ArrayFeature) and name in given:
                given[name] = _converted(given[name], feature)
        return loaded.predict(given, None if state is None else state.__proxy__)

    def loading(self, models: Any) -> Callable[[Any], Awaitable[None]]:
        """Return LocalMLModelAsyncWrapper.load for `models`, the class, that run here.

        As coremltools' own, which asks for a proxy of Core ML. A model that cannot be loaded has to
        fail here and not as it predicts: the tools then ask for fewer outputs at once.
        """

        async def load(wrapper: Any) -> None:
            wrapper._model = models(
                wrapper.spec_or_path,
                weights_dir=wrapper.weights_dir,
                compute_units=wrapper.compute_units,
                function_name=wrapper.function_name,
                optimization_hints=wrapper.optimization_hints,
            )
            if not isinstance(wrapper.spec_or_path, str):  # a package of its own, to be removed
                wrapper.temp_asset_path = wrapper._model.package_path
            self.load(wrapper._model)

        return load

    def load(self, model: Any) -> LoadedModel | LoadedPipeline:
        if model not in self._loaded:
            if not model.is_package:
                raise ConversionError(
                    "predict: expected an ML Program (.mlpackage), received "
                    f"{in_words(model.get_spec().WhichOneof('Type'))}"
                )
            self._loaded[model] = load(
                Path(model.package_path), self._precision, function_name=model.function_name
            )
        return self._loaded[model]


def _converted(value: Any, feature: ArrayFeature) -> np.ndarray:
    """Return numbers of any type as those of `feature`: Core ML converts without asking."""
    try:
        # A tensor of PyTorch that remembers its gradient is no array before it forgets it.
        array = np.asarray(value.detach() if hasattr(value, "detach") else value)
    except (TypeError, ValueError, RuntimeError) as error:
        raise InvalidInput(f"input {feature.name!r}: {error}; expected {feature}") from error
    if array.dtype.kind not in "fiub":
        raise InvalidInput(
            f"input {feature.name!r}: expected {feature}, received {array.dtype.name}"
            f"{list(array.shape)}. Give numbers."
        )
    return array.astype(feature.dtype)
