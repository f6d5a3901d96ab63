"""Valid ML Programs with hostile values: sizes, counts, nesting, texts, flexible bounds.

Each is well formed, so that every reader comes as far as the value that asks for too much.
"""

import random
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.mil.writing import ARRAY_TYPES, Shape, Steps, Written

SIZES = (0, 1, 2, 3, 5, 8, 64, 1000, 2**14, 2**16 + 1, 2**20, 2**24, 2**28, 2**29, 2**31 - 1)
ODD = (*SIZES, -1, -2, -(2**31))
DIMENSIONS = (*SIZES, None, None, 2**32, 2**63 - 1, 2**63, 2**64 - 1)
TEXTS = (
    "", "\0", "a\0b", "ab,bc->ac", "ab->ba", "aa->a", "ab,ab->", "->", "a" * 1000, "é", "x\ny",
    "constant", "reflect", "same", "valid", "custom", "fp32", "int8", "bilinear", "DEFAULT",
    "OFFSET_CORNERS", "ALIGN_CORNERS", "\U0001f3a8", "{}", "%s", "../..",
)  # fmt: skip
# Operations of one input x: rank of the result minus that of x, whole numbers, vectors of them as
# long as x has axes (or as said), texts and yes-or-nos that they take.
OPERATIONS: dict[str, tuple[int, str, dict[str, int], str, str]] = {
    "sliding_windows": (1, "axis size stride", {}, "", ""),
    "tile": (0, "", {"reps": 4}, "", ""),
    "pad": (0, "", {"pad": 8}, "mode", ""),
    "max_pool": (0, "", {"kernel_sizes": 2, "strides": 2, "pad": 4}, "pad_type", "ceil_mode"),
    "avg_pool": (0, "", {"kernel_sizes": 2, "strides": 2, "pad": 4}, "pad_type", "ceil_mode"),
    "l2_pool": (0, "", {"kernel_sizes": 2, "strides": 2, "pad": 4}, "pad_type", "ceil_mode"),
    "resize_bilinear": (0, "target_size_height target_size_width", {}, "sampling_mode", ""),
    "resize_nearest_neighbor": (0, "target_size_height target_size_width", {}, "", ""),
    "upsample_nearest_neighbor": (0, "scale_factor_height scale_factor_width", {}, "", ""),
    "upsample_bilinear": (0, "scale_factor_height scale_factor_width", {}, "", "align_corners"),
    "resize": (0, "resized_dims", {"shape": 2}, "sampling_mode interpolation_mode", ""),
    "reshape": (0, "", {"shape": 4}, "", ""),
    "expand_dims": (1, "", {"axes": 1}, "", ""),
    "cumsum": (0, "axis", {}, "", "exclusive reverse"),
    "reverse": (0, "", {"axes": 2}, "", ""),
    "slice_by_index": (0, "", {"begin": 4, "end": 4, "stride": 4}, "", ""),
    "slice_by_size": (0, "", {"begin": 4, "size": 4}, "", ""),
    "gather": (0, "axis batch_dims", {"indices": 3}, "", ""),
    "band_part": (0, "lower upper", {}, "", ""),
    "space_to_batch": (0, "", {"block_shape": 2}, "", ""),
    "depth_to_space": (0, "block_size", {}, "", ""),
    "space_to_depth": (0, "block_size", {}, "", ""),
    "pixel_unshuffle": (0, "downscale_factor", {}, "", ""),
    "local_response_norm": (0, "size", {}, "", ""),
    "crop": (0, "", {"crop_height": 2, "crop_width": 2}, "", ""),
    "reduce_sum": (0, "", {"axes": 2}, "", "keep_dims"),
    "softmax": (0, "axis", {}, "", ""),
    "argsort": (0, "axis", {}, "", "ascending"),
    "transpose": (0, "", {"perm": 4}, "", ""),
    "fill_like": (0, "value", {}, "", ""),
    "gelu": (0, "", {}, "mode", ""),
    "cast": (0, "", {}, "dtype", ""),
    "einsum": (0, "", {}, "equation", ""),
    "random_categorical": (0, "size seed", {}, "mode", ""),
}  # fmt: skip


def hostile(seed: int) -> Written:
    """Return a program; the same one for the same seed."""
    dice = random.Random(seed)
    return dice.choice((_operation, _operation, _operation, *_KINDS))(dice)


def _operation(dice: random.Random) -> Written:
    """One operation with a hostile value among sound ones."""
    name = dice.choice(tuple(OPERATIONS))
    more, numbers, vectors, texts, flags = OPERATIONS[name]
    program, shape = Written(), _shape(dice, 4)
    _input(program, "x", shape, dice)
    inputs: dict[str, Any] = {}
    for each in numbers.split():
        factor = each.startswith("scale")
        inputs[each] = (np.float32 if factor else np.int32)(_number(dice))
    for each, count in vectors.items():
        inputs[each] = np.array([_number(dice) for _ in range(count)], np.int32)
    for each in texts.split():
        inputs[each] = np.array(dice.choice(TEXTS) + "#")
    for each in flags.split():
        inputs[each] = np.bool_(dice.random() < 0.5)
    if name == "space_to_batch":
        inputs["paddings"] = np.array([[_number(dice)] * 2] * 2, np.int32)
    x: Any = {"values": ["x"]} if name == "einsum" else {"x": "x"}
    if name == "fill_like":
        x = {"ref_tensor": "x"}
    step = program.step(name, "y", "fp32", (None,) * (4 + more), **x, **inputs)
    for each in texts.split():  # NumPy drops NULs at the end of a text: put it in as it is
        value = step.inputs[each].arguments[0].value.immediateValue.tensor.strings.values
        value[0] = value[0][:-1]
    program.output("y", "fp32", (None,) * (4 + more))
    return program


def _sizes(dice: random.Random) -> Written:
    """Tensors made of sizes, some of which only running tells."""
    program, rank = Written(), dice.randrange(1, 4)
    _input(program, "x", (rank,), dice, of="int32")
    given = np.array([_number(dice) for _ in range(rank)], np.int32)
    sizes: Any = dice.choice(("x", given))
    kind = dice.choice(("fill", "random_uniform", "random_normal", "random_bernoulli"))
    program.step(kind, "y", "fp32", (None,) * rank, shape=sizes)
    _results(program, dice, rank)
    return program


def _ranges(dice: random.Random) -> Written:
    program = Written()
    _input(program, "x", (), dice, of="int32")
    bounds: list[Any] = [dice.choice(("x", np.int32(dice.choice(ODD)))) for _ in range(3)]
    program.step("range_1d", "y", "int32", (None,), start=bounds[0], end=bounds[1], step=bounds[2])
    program.output("y", "int32", (None,))
    return program


def _products(dice: random.Random) -> Written:
    """Broadcasting and products that make much of little."""
    program, n = Written(), dice.choice(SIZES[:12])
    _input(program, "x", (n, 1), dice)
    _input(program, "z", (1, dice.choice(SIZES[:12])), dice)
    kind = dice.choice(("add", "matmul", "maximum", "equal"))
    of = "bool" if kind == "equal" else "fp32"
    program.step(kind, "y", of, (None, None), x="x", y="z")
    _results(program, dice, 2, of=of)
    return program


def _pieces(dice: random.Random) -> Written:
    """Many names in one operation, or many values beside one another."""
    program, count = Written(), dice.choice((1, 2, 100, 1000))
    _input(program, "x", _shape(dice, 1), dice)
    kind = dice.choice(("stack", "concat", "split", "outputs"))
    if kind == "outputs":
        sizes = np.array([dice.choice(SIZES)], np.int32)
        for number in range(min(count, 100)):
            program.step("fill", f"y{number}", "fp32", (None,), shape=sizes, value=1.0)
            program.output(f"y{number}", "fp32", (None,))
        return program
    if kind == "split":
        parts = np.int32(dice.choice(ODD))
        program.step("split", "y", "fp32", (None,), x="x", axis=0, num_splits=parts)
    else:
        values, rank = ["x"] * count, 2 if kind == "stack" else 1
        program.step(kind, "y", "fp32", (None,) * rank, values=values, axis=np.int32(0))
        program.output("y", "fp32", (None,) * rank)
        return program
    program.output("y", "fp32", (None,))
    return program


def _nesting(dice: random.Random) -> Written:
    """Branches and loops in one another, in bodies or in conditions."""
    program, depth = Written(), dice.choice((1, 2, 3, 8, 14, 15, 33))
    _input(program, "x", (), dice, of="int32")
    steps: Steps = program
    begun: list[tuple[Steps, int]] = []
    for level in range(depth):
        loop = steps.step("while_loop", f"y{level}", "int32", (), loop_vars=["x"])
        condition = steps.block(loop, {f"i{level}": ("int32", ())})
        body = steps.block(loop, {f"j{level}": ("int32", ())})
        begun.append((condition, level))
        body.step("add", f"k{level}", "int32", (), x=f"j{level}", y=np.int32(dice.choice((0, 1))))
        body.message.outputs.append(f"k{level}")
        steps = dice.choice((condition, body))
    for condition, level in begun:
        turns = np.int32(dice.choice((0, 3, 1000, 2**31 - 1)))
        condition.step("less", f"more{level}", "bool", (), x=f"i{level}", y=turns)
        condition.message.outputs.append(f"more{level}")
    program.output("y0", "int32", ())
    return program


def _lists(dice: random.Random) -> Written:
    program = Written()
    _input(program, "x", (), dice, of="int32")
    sizes = [np.int32(dice.choice(ODD)) for _ in range(2)]
    length: Any = dice.choice(("x", np.int32(dice.choice(ODD))))
    dtype = np.array(dice.choice(("fp32", "int32", "bool")))
    program.step("make_list", "l", "fp32", (None,) * 3, init_length=length, dtype=dtype)
    for size in sizes:
        value = program.message.operations[0].inputs["elem_shape"].arguments.add().value
        value.type.tensorType.dataType = 23
        value.immediateValue.tensor.ints.values.append(int(size))
    index: Any = dice.choice(("x", np.int32(dice.choice(ODD))))
    program.step("list_read", "y", "fp32", (None,) * 2, ls="l", index=index)
    program.output("y", "fp32", (None, None))
    return program


def _compressed(dice: random.Random) -> Written:
    """Weights that are said in few bytes."""
    program = Written(opset=dice.choice(("CoreML6", "CoreML8")))
    _input(program, "x", (1,), dice)
    rows, columns = (dice.choice((0, 1, 3, 1000, 2**14)) for _ in range(2))
    kind = dice.choice(("affine", "palette", "sparse", "blocks", "cast"))
    shape = np.array([dice.choice(ODD) for _ in range(2)], np.int32)
    if kind == "affine":
        scale, offset = np.ones(columns, np.float32), np.zeros(rows, np.uint8)
        data = np.zeros((dice.choice((1, rows)), 1), np.uint8)
        given = {"quantized_data": data, "zero_point": offset, "scale": scale, "axis": np.int32(1)}
        program.step("constexpr_affine_dequantize", "w", "fp32", (None, None), **given)
    elif kind == "palette":
        lut = np.ones(dice.choice((0, 1, 2, 3, 16, 256, 512)), np.float32)
        given = {"indices": np.zeros(rows, np.uint8), "lut": lut, "shape": shape}
        program.step("constexpr_lut_to_dense", "w", "fp32", (None, None), **given)
    elif kind == "sparse":
        given = {"nonzero_data": np.ones(2, np.float32), "mask": np.full(rows, 255, np.uint8)}
        program.step("constexpr_sparse_to_dense", "w", "fp32", (None, None), **given, shape=shape)
    elif kind == "blocks":
        given = {"data": np.zeros((rows, 1), np.uint8), "scale": np.ones((1, columns), np.float32)}
        program.step("constexpr_blockwise_shift_scale", "w", "fp32", (None, None), **given)
    else:
        given = {"source_val": np.ones((rows, 1), np.float32), "output_dtype": np.array("fp32")}
        program.step("constexpr_cast", "w", "fp32", (None, None), **given)
    program.step("add", "y", "fp32", (None, None), x="x", y="w")
    program.output("y", "fp32", (None, None))
    return program


def _texts(dice: random.Random) -> Written:
    """A list of texts, one of which is long."""
    program, count = Written(), dice.choice((1, 3, 1000, 20_000))
    _input(program, "x", (max(count, 1),), dice)
    texts = ["y"] * (count - 1) + ["x" * dice.choice((0, 3, 10**4, 10**6))]
    step = program.step("classify", "label", "string", (), probabilities="x", classes=np.array("a"))
    step.outputs.add(name="p").type.CopyFrom(program.function.inputs[0].type)
    value = step.inputs["classes"].arguments[0].value
    value.type.tensorType.rank = 1
    value.type.tensorType.dimensions.add().constant.size = count
    del value.immediateValue.tensor.strings.values[:]
    value.immediateValue.tensor.strings.values.extend(texts)
    program.message.outputs.append("label")
    program.model.description.output.add(name="label").type.stringType.SetInParent()
    return program


def _picture(dice: random.Random) -> Written:
    """A picture of channels and sizes that no picture has."""
    program = Written()
    shape = tuple(dice.choice((0, 1, 2, 3, 4, 8, None)) for _ in range(4))
    _input(program, "x", shape, dice)
    program.step("relu", "y", "fp32", shape, x="x")
    program.message.outputs.append("y")
    image = program.model.description.output.add(name="y").type.imageType
    image.colorSpace = dice.choice((10, 20, 30, 40))
    image.width, image.height = dice.choice((1, 8, 2**20)), dice.choice((1, 8, 2**40))
    if dice.random() < 0.5:
        image.imageSizeRange.widthRange.lowerBound = dice.choice((0, 1, 8))
        image.imageSizeRange.heightRange.upperBound = dice.choice((-1, 8, 2**62))
    return program


_KINDS: tuple[Callable[[random.Random], Written], ...] = (
    _sizes, _ranges, _products, _pieces, _nesting, _lists, _compressed, _texts, _picture,
)  # fmt: skip


def _number(dice: random.Random) -> int:
    return dice.choice((0, 1, 1, 2, 2, 3)) if dice.random() < 0.6 else dice.choice(ODD)


def _shape(dice: random.Random, rank: int) -> Shape:
    hostile_axis = dice.randrange(3 * rank)  # often none
    small = (1, 2, 3, 4, 8)
    return tuple(
        dice.choice(DIMENSIONS) if axis == hostile_axis else dice.choice(small)
        for axis in range(rank)
    )


def _input(
    program: Written, name: str, shape: Shape, dice: random.Random, *, of: str = "fp32"
) -> None:
    array = program.input(name, of, shape).type.multiArrayType
    if None in shape:
        for size in shape:
            low, high = (
                (size, size)
                if size is not None
                else dice.choice(
                    ((1, -1), (0, -1), (1, 2**40), (2**40, -1), (5, 2), (2**20, 2**20))
                )
            )
            array.shapeRange.sizeRanges.add(
                lowerBound=min(low, 2**63 - 1), upperBound=min(high, 2**63 - 1)
            )
    if dice.random() < 0.2:
        program.model.description.input[-1].type.isOptional = True
        array.floatDefaultValue = dice.choice((0.0, 1e38, float("inf"), float("nan")))


def _results(program: Written, dice: random.Random, rank: int, *, of: str = "fp32") -> None:
    program.output("y", of, (None,) * rank)
    if dice.random() < 0.3:  # described as another type than it has
        array = program.model.description.output[-1].type.multiArrayType
        array.dataType = dice.choice(tuple(ARRAY_TYPES.values()))
