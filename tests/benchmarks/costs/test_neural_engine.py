import dataclasses

import pytest

from benchmarks.costs.layers import Cost, Layer
from benchmarks.costs.neural_engine import warnings

CONV = Layer(
    name="c",
    kind="conv",
    output="float16[1, 8, 8, 8]",
    macs=100,
    parameters=10,
    weight_bytes=20,
    read_bytes=8,
    written_bytes=8,
    largest_axis=8,
    strides=(2, 2),
)


def found(*layers: Layer, precision: str = "float16", format: str = "coreml") -> list[str]:
    cost = Cost(artifact="a", format=format, precision=precision, layers=layers)
    return [warning.rule for warning in warnings(cost)]


def like(**changes) -> Layer:
    return dataclasses.replace(CONV, **changes)


def test_a_convolution_in_fp16_is_no_cause_for_a_warning():
    assert found(CONV, like(kind="pixel_shuffle"), like(kind="conv_transpose")) == []


@pytest.mark.parametrize(
    ("suspect", "harmless", "rule"),
    [
        ({"kind": "upsample_nearest_neighbor"}, {"kind": "depth_to_space"}, "resize"),
        ({"kind": "resize_bilinear"}, {"kind": "reshape"}, "resize"),
        (
            {"kind": "pad", "mode": "reflect"},
            {"kind": "pad", "mode": "constant"},
            "reflect padding",
        ),
        (
            {"kind": "conv_transpose", "strides": (2, 4)},
            {"kind": "conv_transpose", "strides": (3, 3)},
            "large stride",
        ),
        ({"largest_axis": 16385}, {"largest_axis": 16384}, "large axis"),
        (
            {"kind": "instance_norm"},
            {"kind": "instance_norm", "output": "float32[1, 8]"},
            "variance in fp16",
        ),
    ],
)
def test_a_rule_names_what_it_is_about_and_spares_its_neighbour(suspect, harmless, rule):
    assert found(like(**suspect)) == [rule]
    assert found(like(**harmless)) == []


def test_a_convolution_of_large_stride_is_no_transposed_one():
    assert found(like(strides=(4, 4))) == []


def test_only_8_bit_models_hear_that_a_transposed_convolution_stays_at_16():
    transposed = like(kind="conv_transpose")
    assert found(CONV, transposed, precision="int8") == ["8-bit transposed convolution"]


def test_float32_is_named_once_with_what_it_multiplies():
    cost = Cost(
        artifact="a",
        format="coreml",
        precision="float32",
        layers=(CONV, CONV, like(kind="relu", macs=0)),
    )
    (warning,) = warnings(cost)
    assert (warning.rule, warning.kinds) == ("float32", "conv x2")
    assert "--recipe fp16" in str(warning)


@pytest.mark.parametrize("format", ["onnx", "tflite"])
def test_other_formats_reach_the_engine_through_rules_of_their_own(format: str):
    assert found(like(kind="resize_bilinear"), format=format) == []
