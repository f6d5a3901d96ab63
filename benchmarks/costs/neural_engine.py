"""What Apple's Neural Engine is known to reject, or to leave to software: rules as data.

Known from reports and from others' measurements, not from Apple: where a device report exists, its
compute plan says what really happened.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.costs.layers import Cost, Layer

MAX_AXIS = 16384
FIRST_STRIDE_REFUSED = 4
RESIZES = (
    "resize",
    "resize_bilinear",
    "resize_nearest_neighbor",
    "upsample_bilinear",
    "upsample_nearest_neighbor",
    "crop_resize",
)
NORMALIZES = ("instance_norm", "layer_norm", "batch_norm", "l2_norm", "reduce_l2_norm")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What makes a layer suspect, and what to know and do about it."""

    name: str
    applies: Callable[[Layer, Cost], bool]
    sentence: str


RULES = (
    Rule(
        name="float32",
        applies=lambda layer, cost: cost.precision == "float32" and layer.macs > 0,
        sentence="the Neural Engine computes in 16 bits: Core ML runs float32 on the GPU or the "
        "CPU. Export with --recipe fp16 for the engine.",
    ),
    Rule(
        name="resize",
        applies=lambda layer, cost: layer.kind in RESIZES,
        sentence="runs in software on engines of the class of A14 and M1. Use depth_to_space.",
    ),
    Rule(
        name="reflect padding",
        applies=lambda layer, cost: layer.kind == "pad" and layer.mode == "reflect",
        sentence="runs in software on engines of the class of A14 and M1. Pad with zeros.",
    ),
    Rule(
        name="large stride",
        applies=lambda layer, cost: (
            layer.kind == "conv_transpose" and max(layer.strides, default=1) >= FIRST_STRIDE_REFUSED
        ),
        sentence=f"a transposed convolution of stride {FIRST_STRIDE_REFUSED} or more leaves the "
        "engine. Use several of stride 2.",
    ),
    Rule(
        name="large axis",
        applies=lambda layer, cost: layer.largest_axis > MAX_AXIS,
        sentence=f"an axis longer than {MAX_AXIS} leaves the engine. Scale drawings down.",
    ),
    Rule(
        name="8-bit transposed convolution",
        applies=lambda layer, cost: cost.precision == "int8" and layer.kind == "conv_transpose",
        sentence="coremltools gives it no 8-bit activations: it is computed in 16 bits. "
        "A convolution and depth_to_space takes them.",
    ),
    Rule(
        name="variance in fp16",
        applies=lambda layer, cost: layer.kind in NORMALIZES and layer.output.startswith("float16"),
        sentence="its variance overflows where values come near 512: zeros on a phone, right on a "
        "Mac (coremltools #1380). benchmarks.ranges measures those of real drawings.",
    ),
)


@dataclass(frozen=True, kw_only=True)
class EngineWarning:
    """One rule that layers of a model meet."""

    rule: str
    layers: tuple[str, ...]  # names
    kinds: str  # "conv_transpose x3"
    sentence: str

    def __str__(self) -> str:
        return f"{self.kinds}: {self.sentence}"


def warnings(cost: Cost) -> list[EngineWarning]:
    """Return every rule that layers of an ML Program meet; none for other formats.

    Another format reaches the engine through a delegate, which has rules of its own.
    """
    if cost.format != "coreml":
        return []
    found = []
    for rule in RULES:
        layers = [layer for layer in cost.layers if rule.applies(layer, cost)]
        if layers:
            kinds = Counter(layer.kind for layer in layers)
            found.append(
                EngineWarning(
                    rule=rule.name,
                    layers=tuple(layer.name for layer in layers),
                    kinds=", ".join(f"{kind} x{count}" for kind, count in kinds.most_common()),
                    sentence=rule.sentence,
                )
            )
    return found
