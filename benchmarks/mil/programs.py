"""Small ML Programs of every kind, for benchmarks.fuzz_mlprogram to damage."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Sample:
    """A package and inputs that it takes."""

    path: Path
    inputs: dict[str, np.ndarray]


def write_samples(folder: Path) -> list[Sample]:
    """Write all samples into `folder`: they need coremltools' converters, and a few seconds."""
    from coremltools.converters.mil.mil import Builder as mb
    from coremltools.converters.mil.mil import get_new_symbol, types

    rng = np.random.default_rng(0)
    picture = rng.normal(size=(1, 3, 8, 8)).astype(np.float32)
    row = rng.normal(size=(1, 4)).astype(np.float32)
    fixed = [mb.TensorSpec((1, 3, 8, 8))]
    samples: list[tuple[Callable[..., Any], list[Any], dict[str, np.ndarray], dict[str, Any]]] = [
        (_convolutions, fixed, {"x": picture}, {}),
        (_compressed, [mb.TensorSpec((1, 4))], {"x": row}, {}),
        (_branch, [mb.TensorSpec((1, 4))], {"x": row}, {}),
        (_loop, [mb.TensorSpec((1, 4))], {"x": row}, {}),
        (_list, [mb.TensorSpec((1, 4))], {"x": row}, {}),
        (_classes, [mb.TensorSpec((1, 4))], {"x": row}, _classifier()),
        (_sizes, [mb.TensorSpec((1, 3, get_new_symbol(), 8))], {"x": picture}, _range()),
        (
            _memory,
            [mb.TensorSpec((1, 4)), mb.StateTensorSpec((1, 4), dtype=types.fp16)],
            {"x": row},
            {},
        ),
    ]
    programs = [
        _save(folder, function, specs, inputs, options)
        for function, specs, inputs, options in samples
    ]
    second = _save(folder, _again, [mb.TensorSpec((1, 5))], {}, {})
    return [*programs, _pipeline(folder, programs[1], second)]


def _pipeline(folder: Path, first: Sample, second: Sample) -> Sample:
    import coremltools as ct

    models = [ct.models.MLModel(str(each.path), skip_model_load=True) for each in (first, second)]
    path = folder / "pipeline.mlpackage"
    ct.utils.make_pipeline(*models).save(str(path))
    return Sample(path, first.inputs)


def _again(y: Any) -> Any:
    """The second stage of a pipeline, with weights of its own."""
    from coremltools.converters.mil.mil import Builder as mb

    weight = np.random.default_rng(4).normal(size=(6, 5)).astype(np.float32)
    return mb.linear(x=y, weight=weight, name="z")


def _save(
    folder: Path,
    function: Callable[..., Any],
    specs: list[Any],
    inputs: dict[str, np.ndarray],
    options: dict[str, Any],
) -> Sample:
    import coremltools as ct
    from coremltools.converters.mil.mil import Builder as mb

    target = ct.target.iOS18
    model = ct.convert(
        mb.program(input_specs=specs, opset_version=target)(function),
        source="milinternal",
        convert_to="mlprogram",
        minimum_deployment_target=target,
        pass_pipeline=ct.PassPipeline.EMPTY,
        **options,
    )
    path = folder / f"{function.__name__.strip('_')}.mlpackage"
    model.save(str(path))
    return Sample(path, inputs)


def _classifier() -> dict[str, Any]:
    import coremltools as ct

    return {"classifier_config": ct.ClassifierConfig(["a", "b", "c", "d"])}


def _range() -> dict[str, Any]:
    import coremltools as ct

    return {"inputs": [ct.TensorType(name="x", shape=ct.Shape((1, 3, ct.RangeDim(4, 20, 8), 8)))]}


def _convolutions(x: Any) -> Any:
    from coremltools.converters.mil.mil import Builder as mb

    rng = np.random.default_rng(1)
    down = rng.normal(size=(8, 3, 4, 4)).astype(np.float32)
    up = rng.normal(size=(8, 3, 4, 4)).astype(np.float16)
    h = mb.conv(x=x, weight=down, strides=[2, 2], pad_type="custom", pad=[1, 1, 1, 1])
    h = mb.leaky_relu(x=h, alpha=0.2)
    h = mb.conv_transpose(x=mb.cast(x=h, dtype="fp16"), weight=up, strides=[2, 2], pad_type="same")
    h = mb.concat(values=[mb.cast(x=h, dtype="fp32"), x], axis=1)
    h = mb.slice_by_index(x=h, begin=[0, 1, 0, 0], end=[1, 4, 8, 8])
    return mb.tanh(x=mb.reshape(x=h, shape=[1, 3, 64]), name="y")


def _compressed(x: Any) -> Any:
    """Weights in 4 bits, in a palette, and sparse: as coremltools.optimize writes them."""
    from coremltools.converters.mil.mil import Builder as mb
    from coremltools.converters.mil.mil import types

    rng = np.random.default_rng(2)
    places = rng.integers(0, 16, (8, 4)).astype(types.np_uint4_dtype)
    lut = rng.normal(size=(1, 1, 16, 1)).astype(np.float32)
    h = mb.linear(x=x, weight=mb.constexpr_lut_to_dense(indices=places, lut=lut))
    whole = rng.integers(-8, 8, (6, 8)).astype(types.np_int4_dtype)
    scale = rng.normal(size=(6, 2)).astype(np.float32)
    h = mb.linear(x=h, weight=mb.constexpr_blockwise_shift_scale(data=whole, scale=scale))
    mask = (rng.random((5, 6)) < 0.5).astype(types.np_uint1_dtype)
    kept = rng.normal(size=int(mask.astype(np.uint8).sum())).astype(np.float32)
    sparse = mb.constexpr_sparse_to_dense(nonzero_data=kept, mask=mask)
    return mb.linear(x=h, weight=sparse, name="y")


def _branch(x: Any) -> Any:
    from coremltools.converters.mil.mil import Builder as mb

    positive = mb.greater(x=mb.reduce_sum(x=x, axes=[0, 1], keep_dims=False), y=0.0)
    y = mb.cond(
        pred=positive,
        _true_fn=lambda: mb.mul(x=x, y=2.0),
        _false_fn=lambda: mb.sub(x=x, y=1.0),
    )
    return mb.identity(x=y, name="y")


def _loop(x: Any) -> Any:
    from coremltools.converters.mil.mil import Builder as mb

    start = mb.reduce_argmax(x=x, axis=1, keep_dims=False)
    _, y = mb.while_loop(
        _cond=lambda i, y: mb.less(x=mb.reduce_max(x=i, axes=[0], keep_dims=False), y=6),
        _body=lambda i, y: (mb.add(x=i, y=1), mb.mul(x=y, y=0.5)),
        loop_vars=(start, x),
    )
    return mb.identity(x=y, name="y")


def _list(x: Any) -> Any:
    from coremltools.converters.mil.mil import Builder as mb

    ls = mb.make_list(init_length=1, dtype="fp32", elem_shape=[1, 4], dynamic_length=True)
    ls = mb.list_write(ls=ls, index=1, value=x)
    return mb.list_gather(ls=ls, indices=[1, 0], name="y")


def _classes(x: Any) -> Any:
    from coremltools.converters.mil.mil import Builder as mb

    return mb.softmax(x=x, axis=-1, name="y")


def _sizes(x: Any) -> Any:
    from coremltools.converters.mil.mil import Builder as mb

    height = mb.slice_by_index(x=mb.shape(x=x), begin=[2], end=[3])
    return mb.reshape(x=x, shape=mb.concat(values=[[1], [24], height], axis=0), name="y")


def _memory(x: Any, total: Any) -> Any:
    from coremltools.converters.mil.mil import Builder as mb

    added = mb.add(x=mb.cast(x=x, dtype="fp16"), y=mb.read_state(input=total))
    new = mb.coreml_update_state(state=total, value=added)
    return mb.cast(x=new, dtype="fp32", name="y")
