"""How these tests run one operation, and the small packages that they read."""

import dataclasses
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from onnx import shape_inference

from conversion.mlprogram.binding import bind
from conversion.mlprogram.graph import Graph, Value
from conversion.mlprogram.registry import lookup
from conversion.mlprogram.types import TensorType

# Inputs that a program computes; all others are constants in the programs that Core ML takes.
COMPUTED = ("x", "y", "a", "b", "cond", "values")
TUPLES = ("values", "ref_tensors", "begins", "ends", "end_masks")


@pytest.fixture(scope="session")
def run_op() -> Callable[..., Any]:
    """run_op(name, opset=..., computed=..., **inputs): what one operation makes when it runs.

    computed: inputs that a program computes, beside those that always are.
    Returns one array, or a tuple of them where the operation makes several values.
    """

    def run(
        name: str, *, opset: str = "CoreML8", computed: Sequence[str] = (), **inputs: Any
    ) -> Any:
        graph, feeds, arguments = Graph(), {}, {}
        for key, given in inputs.items():
            several = isinstance(given, (list, tuple)) and key in TUPLES
            arrays = [np.asarray(item) for item in (given if several else [given])]
            arguments[key] = []
            for number, array in enumerate(arrays):
                if key in COMPUTED or key in computed:
                    feeds[f"{key}{number}"] = array
                    value = graph.input(f"{key}{number}", TensorType(array.dtype, array.shape))
                else:
                    value = graph.constant(array)
                arguments[key].append(value)
        operation = lookup(name, opset)
        results = operation.function(graph, **bind(operation.parameters, arguments))
        several = isinstance(results, tuple)
        arrays = _run(graph, results if several else (results,), feeds)
        return tuple(arrays) if several else arrays[0]

    return run


def _run(graph: Graph, results: Sequence[Value], feeds: dict[str, np.ndarray]) -> list[np.ndarray]:
    named = [graph.add("Identity", result) for result in results]
    model = shape_inference.infer_shapes(graph.to_model(), strict_mode=True)
    infos = {info.name: info for info in model.graph.value_info}
    model.graph.output.extend(infos[value.name] for value in named)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    used = {i.name for i in session.get_inputs()}
    return session.run(None, {name: data for name, data in feeds.items() if name in used})


@dataclasses.dataclass(frozen=True)
class Tiny:
    """A 32-pixel image-to-image model: the package and what TensorFlow makes of a drawing."""

    path: Path
    drawing: np.ndarray  # uint8 (32, 32)
    picture: np.ndarray  # float32 (32, 32, 3), 0 to 255, not rounded


@pytest.fixture(scope="session")
def drawing() -> np.ndarray:
    """Return lines on paper, with greys: uint8 (32, 32)."""
    rng = np.random.default_rng(3)
    pixels = np.full((32, 32), 255, np.uint8)
    pixels[5, 3:29], pixels[5:27, 3], pixels[20, ::2] = 0, 40, 128
    pixels[8:12, 8:20] = rng.integers(0, 256, (4, 12))
    return pixels


@pytest.fixture(scope="session")
def tiny_fp16(tmp_path_factory: pytest.TempPathFactory, drawing: np.ndarray) -> Tiny:
    return _export(_unet, tmp_path_factory.mktemp("fp16"), drawing, precision="FLOAT16")


@pytest.fixture(scope="session")
def tiny_fp32(tmp_path_factory: pytest.TempPathFactory, drawing: np.ndarray) -> Tiny:
    return _export(_unet, tmp_path_factory.mktemp("fp32"), drawing, precision="FLOAT32")


@pytest.fixture(scope="session")
def tiny_variety(tmp_path_factory: pytest.TempPathFactory, drawing: np.ndarray) -> Tiny:
    return _export(_variety, tmp_path_factory.mktemp("variety"), drawing, precision="FLOAT32")


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[Tiny], Path]:
    """Return a function that copies a package to where a test may damage it."""

    def copy(tiny: Tiny) -> Path:
        return Path(shutil.copytree(tiny.path, tmp_path / "copy.mlpackage"))

    return copy


def _export(network: Any, folder: Path, drawing: np.ndarray, *, precision: str) -> Tiny:
    import coremltools as ct
    import tensorflow as tf

    weights = np.random.default_rng(7)

    def constant(*shape: int) -> Any:
        return tf.constant(weights.normal(0, 0.3, shape).astype(np.float32))

    function = tf.function(
        lambda lineart: network(lineart, constant),
        input_signature=[tf.TensorSpec((1, 32, 32, 1), tf.float32, name="lineart")],
    ).get_concrete_function()
    output = function.outputs[0].op.name
    grey, rgb = ct.colorlayout.GRAYSCALE, ct.colorlayout.RGB
    picture = ct.ImageType(
        name="lineart", shape=(1, 32, 32, 1), color_layout=grey, scale=1 / 127.5, bias=-1
    )
    model = ct.convert(
        [function],
        source="tensorflow",
        convert_to="mlprogram",
        inputs=[picture],
        outputs=[ct.ImageType(name=output, color_layout=rgb)],
        minimum_deployment_target=ct.target.iOS17,
        compute_precision=getattr(ct.precision, precision),
    )
    spec = model.get_spec()
    ct.utils.rename_feature(spec, output, "color")
    model = ct.models.MLModel(spec, weights_dir=model.weights_dir)
    model.author, model.license, model.version = "A. Nurie", "Apache-2.0", "7"
    model.short_description = "Colours tiny drawings"
    model.input_description["lineart"] = "ink on paper"
    path = folder / "tiny.mlpackage"
    model.save(str(path))
    unit = drawing[np.newaxis, :, :, np.newaxis].astype(np.float32) / 127.5 - 1
    color = np.asarray(function(tf.constant(unit)))  # (1, 3, H, W)
    return Tiny(path, drawing, np.moveaxis(color[0], 0, 2))


def _unet(x: Any, constant: Any) -> Any:
    """A pix2pix U-Net of depth 4, with both normalizations and an RGB picture at its end."""
    import tensorflow as tf

    def batch_norm(h: Any) -> Any:
        c = h.shape[-1]
        moments = constant(c), tf.abs(constant(c)) + 0.5
        return tf.nn.batch_normalization(h, *moments, constant(c), constant(c) + 1, 1e-3)

    def instance_norm(h: Any) -> Any:
        c = h.shape[-1]
        moments = tf.nn.moments(h, [1, 2], keepdims=True)
        return tf.nn.batch_normalization(h, *moments, constant(c), constant(c) + 1, 1e-3)

    h, skips = x, []
    for level, filters in enumerate((4, 8, 12, 16)):
        h = tf.nn.leaky_relu(h, 0.2) if level else h
        h = tf.nn.conv2d(h, constant(4, 4, h.shape[-1], filters), 2, "SAME")
        h = (tf.nn.bias_add(h, constant(filters)), batch_norm(h), instance_norm(h), h)[level]
        skips.append(h)
    for level, skip in enumerate(reversed(skips[:-1])):
        shape, weight = skip.shape, constant(4, 4, skip.shape[-1], h.shape[-1])
        h = tf.nn.conv2d_transpose(tf.nn.relu(h), weight, shape, 2, "SAME")
        h = tf.concat([(batch_norm, instance_norm)[level % 2](h), skip], -1)
    weight = constant(4, 4, 3, h.shape[-1])
    h = tf.nn.conv2d_transpose(tf.nn.relu(h), weight, [1, 32, 32, 3], 2, "SAME")
    return _picture(tf.tanh(h + constant(3)))


def _variety(x: Any, constant: Any) -> Any:
    """A chain of the other operations that colouring networks use, each at least once."""
    import tensorflow as tf

    h = tf.nn.conv2d(x, constant(3, 3, 1, 8), 1, "SAME", dilations=2)
    h = tf.nn.depthwise_conv2d(h, constant(3, 3, 8, 1), [1, 1, 1, 1], "SAME")
    h = tf.nn.gelu(h, approximate=True) + tf.nn.selu(h) + tf.sigmoid(h) + tf.nn.elu(h)
    h = h + tf.nn.relu6(h) + tf.nn.softplus(h) + tf.nn.silu(h)
    h = tf.maximum(h, 0.0) + constant(8) * tf.minimum(h, 0.0)
    h = tf.nn.avg_pool2d(h, 2, 2, "SAME") + tf.nn.max_pool2d(h, 3, 2, "SAME")
    gate = tf.nn.conv2d(tf.reduce_mean(h, [1, 2], keepdims=True), constant(1, 1, 8, 8), 1, "VALID")
    h = tf.nn.relu(tf.nn.conv2d(h * tf.sigmoid(gate), constant(3, 3, 8, 16), 1, "VALID"))
    h = tf.pad(h, [[0, 0], [1, 1], [1, 1], [0, 0]], "REFLECT")
    h = tf.pad(h, [[0, 0], [2, 1], [0, 1], [0, 0]], constant_values=0.5)
    h = tf.nn.depth_to_space(h, 2)
    h = tf.image.resize(tf.image.resize(h, [40, 44], "bilinear"), [80, 88], "nearest")
    first, second = tf.split(tf.nn.space_to_depth(h, 2), 2, -1)
    h = tf.concat([first[:, 1:33, 2:34], second[:, ::-1][:, :32, :32]], -1)
    y = tf.matmul(tf.nn.softmax(tf.reshape(h, [1, -1, 16])), constant(16, 3))
    y = tf.matmul(y, tf.matmul(y, y, transpose_a=True) / 1024.0)
    y = tf.reshape(tf.squeeze(tf.expand_dims(y, 1), 1), [1, 32, 32, 3])
    y = y + tf.reduce_max(y, -1, keepdims=True) - tf.reduce_sum(y, [1], keepdims=True) / 64.0
    y = tf.sqrt(tf.abs(y)) + tf.square(y) + tf.math.rsqrt(y * y + 1.0) - tf.pow(tf.abs(y), 1.5)
    y = tf.exp(-y) * tf.math.log(tf.abs(y) + 1.0)
    y = tf.stack([y[..., 0], tf.where(y > 0.3, y, 2.0 * y)[..., 1], -y[..., 2]], -1)
    return _picture(y)


def _picture(unit: Any) -> Any:
    import tensorflow as tf

    pixels = tf.clip_by_value((unit + 1.0) * 127.5, 0.0, 255.0)
    return tf.transpose(pixels, [0, 3, 1, 2])


@pytest.fixture
def save_program(tmp_path: Path) -> Callable[..., Path]:
    """save_program(a function of MIL values, specs, target="iOS17", **convert's): a package.

    specs: {name: shape}, or those of MIL's builder. Nothing is rounded or optimized away.
    """

    def save(function: Callable[..., Any], specs: Any, *, target: str = "iOS17", **more: Any):
        import coremltools as ct
        from coremltools.converters.mil.mil import Builder as mb

        if isinstance(specs, dict):
            specs = [mb.TensorSpec(shape) for shape in specs.values()]
        opset = getattr(ct.target, target)
        program = mb.program(input_specs=specs, opset_version=opset)(function)
        model = ct.convert(
            program,
            source="milinternal",
            convert_to="mlprogram",
            minimum_deployment_target=opset,
            compute_precision=ct.precision.FLOAT32,
            **{"pass_pipeline": ct.PassPipeline.EMPTY, **more},
        )
        path = tmp_path / f"{function.__name__}.mlpackage"
        model.save(str(path))
        return path

    return save
