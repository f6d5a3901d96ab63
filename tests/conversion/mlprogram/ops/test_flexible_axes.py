"""Every operation with each axis of its input flexible in turn: no size is asked for in vain.

A program that cannot be lowered without a size is lowered anew for each, and no ONNX is made of it.
"""

import numpy as np
import onnxruntime
import pytest

from benchmarks.mil.writing import Written
from conversion.errors import UnknownShape
from conversion.mlprogram.binding import bind
from conversion.mlprogram.graph import Graph
from conversion.mlprogram.model import load, to_onnx
from conversion.mlprogram.registry import lookup
from conversion.mlprogram.types import TensorType

FOUR, ZEROS = np.ones(4, np.float32), np.zeros(4, np.float32)
STATE, WEIGHTS = np.zeros((2, 3), np.float32), np.ones((3, 4), np.float32)
RECURRENT = {"initial_h": STATE, "weight_ih": WEIGHTS, "weight_hh": np.ones((3, 3), np.float32)}
LSTM = {
    "initial_h": STATE,
    "initial_c": STATE,
    "weight_ih": np.ones((12, 4), np.float32),
    "weight_hh": np.ones((12, 3), np.float32),
}
GRU = {
    "initial_h": STATE,
    "weight_ih": np.ones((9, 4), np.float32),
    "weight_hh": np.ones((9, 3), np.float32),
}
FILTERS = np.ones((4, 4, 3, 3), np.float32)
POOL = {"kernel_sizes": [2, 2], "strides": [2, 2], "pad_type": "valid"}
NORM = {"gamma": FOUR, "beta": ZEROS}
SAMPLED = {
    "sampling_mode": "bilinear",
    "padding_mode": "border",
    "padding_value": 0.0,
    "coordinates_mode": "normalized_minus_one_to_one",
    "align_corners": True,
}
PICTURE = (2, 4, 6, 8)
# fmt: off
UNARY = (
    "abs", "acos", "argsort", "asin", "atan", "atanh", "ceil", "cos", "cosh", "cumsum", "erf",
    "exp", "exp2", "floor", "gelu", "identity", "inverse", "l2_norm", "log", "non_zero", "relu",
    "relu6", "reverse", "round", "rsqrt", "scaled_tanh", "shape", "sigmoid", "sigmoid_hard", "sign",
    "silu", "sin", "sinh", "softmax", "softplus", "softsign", "sqrt", "square", "squeeze", "tan",
    "tanh", "topk",
)
BINARY = (
    "add", "equal", "floor_div", "greater", "greater_equal", "less", "less_equal", "maximum",
    "minimum", "mod", "mul", "not_equal", "pow", "real_div", "sub",
)
REDUCED = (
    "l1_norm", "l2_norm", "log_sum", "log_sum_exp", "max", "mean", "min", "prod", "sum",
    "sum_square",
)
# fmt: on

# What is given beside the first input, and the name and the shape of that, unless x of PICTURE.
CASES = {
    **{name: {} for name in UNARY},
    **{name: {"y": np.float32(2)} for name in BINARY},
    **{f"reduce_{name}": {"axes": [1, 2], "keep_dims": False} for name in REDUCED},
    "reduce_argmax": {"axis": 1},
    "reduce_argmin": {"axis": 1},
    "affine": {
        "transform_matrix": np.ones((1, 6), np.float32),
        "output_height": 3,
        "output_width": 5,
        **SAMPLED,
    },
    "avg_pool": POOL,
    "max_pool": POOL,
    "l2_pool": POOL,
    "band_part": {"lower": 1, "upper": 0},
    "batch_norm": {"mean": ZEROS, "variance": FOUR, **NORM},
    "batch_to_space": {"x": (8, 4, 6, 8), "block_shape": [2, 2], "crops": np.zeros((2, 2), int)},
    "cast": {"dtype": "int32"},
    "clamped_relu": {"alpha": 0.5, "beta": 1.0},
    "clip": {"alpha": 0.0, "beta": 0.5},
    "conv": {"weight": FILTERS, "strides": [2, 2], "pad_type": "same"},
    "conv_transpose": {"weight": FILTERS, "strides": [2, 2], "pad_type": "same"},
    "crop": {"crop_height": [1, 1], "crop_width": [2, 0]},
    "crop_resize": {"boxes": np.ones((2, 4), np.float32), "target_height": 3, "target_width": 2},
    "depth_to_space": {"block_size": 2},
    "einsum": {"values": PICTURE, "equation": "abcd->acdb"},
    "elu": {"alpha": 1.0},
    "expand_dims": {"axes": [1]},
    "fill_like": {"ref_tensor": PICTURE},
    "flatten2d": {"axis": 2},
    "gather": {"indices": np.array([1, 0]), "axis": 1},
    "gather_along_axis": {"indices": np.zeros((2, 4, 1, 8), int), "axis": 2},
    "gather_nd": {"indices": np.array([[1, 0]])},
    "gru": {"x": (5, 2, 4), **GRU},
    "instance_norm": NORM,
    "instance_norm without gamma": {},
    "layer_norm": {"axes": [1], "gamma": FOUR, "beta": ZEROS},
    "leaky_relu": {"alpha": 0.2},
    "linear": {"x": (2, 5, 4), "weight": WEIGHTS},
    "linear_activation": {"alpha": 2.0},
    "local_response_norm": {"size": 3},
    "lstm": {"x": (5, 2, 4), **LSTM},
    "matmul": {"y": np.ones((8, 3), np.float32)},
    "pad": {"pad": [1, 1, 2, 0], "constant_val": 1.0},
    "pixel_shuffle": {"upscale_factor": 2},
    "pixel_unshuffle": {"downscale_factor": 2},
    "prelu": {"alpha": FOUR},
    "quantize": {"input": PICTURE, "scale": np.float32(0.1), "output_dtype": "int8"},
    "random_categorical": {"x": (2, 4), "size": 3, "seed": 1},
    "resample": {"coordinates": np.zeros((2, 3, 5, 2), np.float32), **SAMPLED},
    "reshape": {"shape": [2, -1, 8]},
    "resize": {"shape": [3, 5], "resized_dims": 2},
    "resize_bilinear": {"target_size_height": 3, "target_size_width": 5},
    "resize_nearest_neighbor": {"target_size_height": 3, "target_size_width": 5},
    "reverse_sequence": {"lengths": [1, 2], "seq_axis": 2, "batch_axis": 0},
    "rnn": {"x": (5, 2, 4), **RECURRENT},
    "scaled_dot_product_attention": {
        "query": (2, 5, 4),
        "key": np.ones((2, 3, 4), np.float32),
        "value": np.ones((2, 3, 6), np.float32),
    },
    "scatter": {"data": PICTURE, "indices": [1], "updates": np.ones((1, 4, 6, 8), np.float32)},
    "select": {"a": PICTURE, "cond": np.bool_(True), "b": np.float32(1)},
    "slice_by_index": {"begin": [0, 1, 0, 2], "end": [2, 4, 5, 8]},
    "slice_by_size": {"begin": [0, 1, 0, 2], "size": [2, -1, 3, 2]},
    "slice_update": {
        "update": np.ones((1, 4, 6, 8), np.float32),
        "begin": [0, 0, 0, 0],
        "end": [1, 4, 6, 8],
    },
    "sliding_windows": {"axis": 2, "size": 3, "stride": 2},
    "softplus_parametric": {"alpha": FOUR, "beta": FOUR},
    "space_to_batch": {"block_shape": [2, 2], "paddings": np.zeros((2, 2), int)},
    "space_to_depth": {"block_size": 2},
    "split": {"axis": 1, "num_splits": 2},
    "threshold": {"alpha": 0.5},
    "thresholded_relu": {"alpha": 0.5},
    "tile": {"reps": [1, 2, 1, 3]},
    "transpose": {"perm": [3, 0, 2, 1]},
    "upsample_bilinear": {"scale_factor_height": 2.0, "scale_factor_width": 1.5},
    "upsample_nearest_neighbor": {"scale_factor_height": 2.0, "scale_factor_width": 1.5},
}
# Axes without whose size there are no weights of ones and zeros to make.
NEEDED = {"instance_norm without gamma": {1}}


def first_input(case):
    given = {name: shape for name, shape in case.items() if isinstance(shape, tuple)}
    return next(iter(given.items()), ("x", PICTURE))


def made(name, case, x, *, flexible=None):
    """Return what an operation makes of x, one axis of which was not known when it was lowered."""
    key, shape = first_input(case)
    sizes = tuple(None if axis == flexible else size for axis, size in enumerate(shape))
    graph, operation = Graph(), lookup(name.split()[0], "CoreML8")
    value = graph.input(key, TensorType(x.dtype, sizes))
    constants = {n: [graph.constant(np.asarray(c))] for n, c in case.items() if n != key}
    results = operation.function(graph, **bind(operation.parameters, {key: [value], **constants}))
    names = []
    for result in results if isinstance(results, tuple) else (results,):
        if result.data is not None:
            return [result.data]
        names.append(result.name)
    model = graph.to_model()
    model.graph.output.extend(type(model.graph.input[0])(name=name) for name in names)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return session.run(names, {i.name: x for i in session.get_inputs()})


@pytest.mark.parametrize("name", CASES)
def test_an_operation_makes_the_same_of_a_size_that_only_running_tells(name):
    case = CASES[name]
    _, shape = first_input(case)
    x = np.random.default_rng(1).uniform(0.1, 0.9, shape).astype(np.float32)
    fixed, needed = made(name, case, x), set()
    for axis in range(len(shape)):
        try:
            flexible = made(name, case, x, flexible=axis)
        except UnknownShape:
            needed.add(axis)
            continue
        for one, other in zip(fixed, flexible, strict=True):
            np.testing.assert_array_equal(one, other)
    assert needed == NEEDED.get(name, set())


def test_a_program_of_flexible_batch_is_one_graph_for_all_sizes(tmp_path):
    program = Written()
    array = program.input("x", "fp32", (None, 4, 3)).type.multiArrayType
    for low, high in ((1, -1), (4, 4), (3, 3)):
        array.shapeRange.sizeRanges.add(lowerBound=low, upperBound=high)
    program.step("batch_norm", "y", "fp32", (None, 4, 3), x="x", mean=ZEROS, variance=FOUR, **NORM)
    program.output("y", "fp32", (None, 4, 3))
    path = program.save(tmp_path / "flexible.mlpackage")
    session = onnxruntime.InferenceSession(to_onnx(path).SerializeToString())
    model = load(path)
    for batch in (1, 5):
        x = np.ones((batch, 4, 3), np.float32)
        np.testing.assert_array_equal(model.predict({"x": x})["y"], session.run(None, {"x": x})[0])
