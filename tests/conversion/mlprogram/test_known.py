"""What is known before running: folded constants, inferred shapes, programs of flexible shape."""

import coremltools as ct
import numpy as np
import pytest
from coremltools.converters.mil.mil import Builder as mb
from PIL import Image

from conversion.errors import InvalidInput, UnknownShape
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.known import fold, infer
from conversion.mlprogram.model import load, to_onnx
from conversion.mlprogram.types import TensorType

FLOAT32 = np.dtype(np.float32)


def test_what_is_computed_of_constants_becomes_one():
    graph = Graph()
    total = graph.add("Add", graph.ints([1, 2]), graph.ints([10, 20]))
    np.testing.assert_array_equal(fold(graph, total).data, [11, 22])


def test_what_depends_on_an_input_or_on_chance_stays_computed():
    graph = Graph()
    x = graph.input("x", TensorType(FLOAT32, (2,)))
    assert fold(graph, graph.add("Abs", x)).data is None
    assert fold(graph, graph.add("RandomUniform", shape=[2])).data is None


def test_a_size_that_the_shapes_of_inputs_determine_is_inferred():
    graph = Graph()
    x = graph.input("x", TensorType(FLOAT32, (2, 3)))
    joined = graph.add("Concat", x, x, axis=1)
    made = infer(graph, Value(joined.name), TensorType(FLOAT32, (None, None)))
    assert made.shape == (2, 6)


def program(x):
    """Halve by a convolution, and reshape by a size computed of the input's."""
    height = mb.slice_by_index(x=mb.shape(x=x), begin=[2], end=[3])
    y = mb.conv(x=x, weight=np.ones((4, 3, 3, 3), np.float32), pad_type="same", strides=[2, 2])
    z = mb.reshape(x=x, shape=mb.concat(values=[[1], [24], height], axis=0))
    return mb.identity(x=y, name="y"), mb.identity(x=z, name="z")


@pytest.fixture
def flexible(save_program):
    from coremltools.converters.mil.mil import get_new_symbol

    def save(shape):
        specs = [mb.TensorSpec((1, 3, get_new_symbol(), 8))]
        return save_program(program, specs, inputs=[ct.TensorType(name="x", shape=shape)])

    return save


def test_a_range_of_shapes_runs_at_each_of_them(flexible):
    model = load(flexible(ct.Shape((1, 3, ct.RangeDim(4, 20, 8), 8))))
    rng = np.random.default_rng(0)
    for height in (4, 7, 20, 4):
        x = rng.normal(size=(1, 3, height, 8)).astype(np.float32)
        made = model.predict({"x": x})
        np.testing.assert_array_equal(made["z"], x.reshape(1, 24, height))
        assert made["y"].shape == (1, 4, -(-height // 2), 4)


def test_other_sizes_than_the_described_ones_are_refused(flexible):
    model = load(flexible(ct.EnumeratedShapes(shapes=[(1, 3, 4, 8), (1, 3, 6, 8)])))
    assert model.predict({"x": np.zeros((1, 3, 6, 8), np.float32)})["z"].shape == (1, 24, 6)
    with pytest.raises(InvalidInput, match=r"one of the shapes \(1, 3, 4, 8\), \(1, 3, 6, 8\)"):
        model.predict({"x": np.zeros((1, 3, 5, 8), np.float32)})
    ranged = load(flexible(ct.Shape((1, 3, ct.RangeDim(4, 20, 8), 8))))
    with pytest.raises(InvalidInput, match=r"a shape in \(1, 3, 4..20, 8\)"):
        ranged.predict({"x": np.zeros((1, 3, 21, 8), np.float32)})


def test_flexible_sizes_are_symbolic_in_onnx(save_program):
    from coremltools.converters.mil.mil import get_new_symbol

    def double(x):
        return mb.mul(x=mb.relu(x=x), y=2.0, name="y")

    path = save_program(
        double,
        [mb.TensorSpec((1, get_new_symbol()))],
        inputs=[ct.TensorType(name="x", shape=ct.Shape((1, ct.RangeDim(1, 9, 3))))],
    )
    sizes = to_onnx(path).graph.input[0].type.tensor_type.shape.dim
    assert sizes[0].dim_value == 1 and sizes[1].dim_param
    made = load(path).predict({"x": np.float32([[-1, 2, 3, 4]])})["y"]
    np.testing.assert_array_equal(made, [[0, 4, 6, 8]])


@pytest.mark.parametrize("size", [7, 10])
def test_convolutions_of_flexible_size_are_one_onnx_graph(save_program, size):
    import onnxruntime
    import tensorflow as tf
    from coremltools.converters.mil.mil import get_new_symbol

    rng = np.random.default_rng(2)
    down = rng.normal(size=(4, 3, 3, 3)).astype(np.float32)
    up = rng.normal(size=(4, 2, 4, 4)).astype(np.float32)

    def there_and_back(x):
        h = mb.conv(x=x, weight=down, pad_type="same", strides=[2, 2])
        return mb.conv_transpose(x=h, weight=up, pad_type="same", strides=[2, 2], name="y")

    path = save_program(
        there_and_back,
        [mb.TensorSpec((1, 3, get_new_symbol(), get_new_symbol()))],
        inputs=[
            ct.TensorType(name="x", shape=(1, 3, ct.RangeDim(4, 20, 8), ct.RangeDim(4, 20, 8)))
        ],
    )
    x = rng.normal(size=(1, 3, size, 9)).astype(np.float32)
    h = tf.nn.conv2d(np.moveaxis(x, 1, 3), np.transpose(down, (2, 3, 1, 0)), 2, "SAME")
    shape = (1, 2 * h.shape[1], 2 * h.shape[2], 2)
    y = tf.nn.conv2d_transpose(h, np.transpose(up, (2, 3, 1, 0)), shape, 2, "SAME")
    expected = np.moveaxis(np.asarray(y), 3, 1)
    session = onnxruntime.InferenceSession(to_onnx(path).SerializeToString())
    for made in (session.run(None, {"x": x})[0], load(path).predict({"x": x})["y"]):
        np.testing.assert_allclose(made, expected, atol=1e-4, rtol=0)  # sums of 64 in float32


def test_a_program_that_needs_sizes_is_exported_with_the_default_ones_on_request(save_program):
    from coremltools.converters.mil.mil import get_new_symbol

    def halve(x):
        return mb.max_pool(
            x=x, kernel_sizes=[2, 2], strides=[2, 2], pad_type="valid", ceil_mode=True, name="y"
        )

    path = save_program(
        halve,
        [mb.TensorSpec((1, 3, get_new_symbol(), 8))],
        inputs=[ct.TensorType(name="x", shape=ct.Shape((1, 3, ct.RangeDim(4, 20, 8), 8)))],
    )
    for height in (5, 8):  # the runtime makes a graph for each size
        made = load(path).predict({"x": np.ones((1, 3, height, 8), np.float32)})["y"]
        assert made.shape == (1, 3, -(-height // 2), 4)
    with pytest.raises(UnknownShape, match="--fixed"):
        to_onnx(path)
    dims = to_onnx(path, fixed=True).graph.input[0].type.tensor_type.shape.dim
    assert [size.dim_value for size in dims] == [1, 3, 8, 8]


def test_a_picture_may_have_each_of_the_described_sizes(save_program):
    from coremltools.converters.mil.mil import get_new_symbol

    def invert(x):
        return mb.add(x=mb.mul(x=x, y=-1.0), y=255.0, name="y")

    shape = ct.EnumeratedShapes(shapes=[(1, 3, 4, 6), (1, 3, 8, 6)])
    path = save_program(
        invert,
        [mb.TensorSpec((1, 3, get_new_symbol(), 6))],
        inputs=[ct.ImageType(name="x", shape=shape, color_layout=ct.colorlayout.RGB)],
    )
    model = load(path)
    for height in (4, 8):
        picture = Image.new("RGB", (6, height), (1, 2, 3))
        inverse = model.predict({"x": picture})["y"]
        np.testing.assert_array_equal(inverse[0, :, height - 1, 5], [254, 253, 252])
    with pytest.raises(InvalidInput, match="received 6x5"):
        model.predict({"x": Image.new("RGB", (6, 5))})


def _pool(kind, **more):
    return lambda x: getattr(mb, kind)(x=x, kernel_sizes=[3, 2], strides=[2, 1], name="y", **more)


def _upsample(kind, **more):
    return lambda x: getattr(mb, f"upsample_{kind}")(
        x=x, scale_factor_height=1.7, scale_factor_width=2.0, name="y", **more
    )


# Every one computes sizes from the size of x.
SIZED = {
    "max_valid": _pool("max_pool", pad_type="valid"),
    "max_same": _pool("max_pool", pad_type="same"),
    "avg_same": _pool("avg_pool", pad_type="same", exclude_padding_from_average=True),
    "avg_lower": _pool("avg_pool", pad_type="same_lower"),
    "avg_custom": _pool("avg_pool", pad_type="custom", pad=[1, 0, 1, 1]),
    "l2_valid": _pool("l2_pool", pad_type="valid"),
    "nearest": _upsample("nearest_neighbor"),
    "corners": _upsample("bilinear", align_corners=True),
    "centers": _upsample("bilinear", align_corners=False),
    "resize": lambda x: mb.resize_bilinear(
        x=x, target_size_height=5, target_size_width=8, sampling_mode="DEFAULT", name="y"
    ),
    "smaller": lambda x: mb.resize_nearest_neighbor(
        x=x, target_size_height=5, target_size_width=3, name="y"
    ),
    "kept": lambda x: mb.resize(
        x=x, shape=[0, 11], resized_dims=np.uint32(2), interpolation_mode="LINEAR", name="y"
    ),
}


@pytest.mark.parametrize("kind", SIZED)
def test_pools_and_resizes_of_flexible_size_are_one_onnx_graph(save_program, kind):
    """Each size is as the program of that fixed size makes it, which has tests of its own."""
    import onnxruntime
    from coremltools.converters.mil.mil import get_new_symbol

    def run(x):
        return SIZED[kind](x)

    flexible = [mb.TensorSpec((1, 2, get_new_symbol(), get_new_symbol()))]
    shape = (1, 2, ct.RangeDim(3, 20, 8), ct.RangeDim(3, 20, 8))
    path = save_program(run, flexible, inputs=[ct.TensorType(name="x", shape=shape)])
    symbolic = onnxruntime.InferenceSession(to_onnx(path).SerializeToString())
    model = load(path)
    for size in ((7, 9), (10, 4)):
        x = np.random.default_rng(3).normal(size=(1, 2, *size)).astype(np.float32)
        fixed = load(save_program(run, {"x": x.shape})).predict({"x": x})["y"]
        for made in (symbolic.run(None, {"x": x})[0], model.predict({"x": x})["y"]):
            np.testing.assert_allclose(made, fixed, atol=1e-6, rtol=0)  # a step of float32 near 4
