"""How long a Neural Engine may take for a model: a range, from its peak and from what was reached.

A roofline (Williams, Waterman and Patterson 2009): no layer is faster than its arithmetic or than
its bytes. The fast end has the peak of both, all activations that fit kept on the chip, and weights
as small as the file stores them. The slow end has what was measured with real networks, every
value through memory, weights expanded to 16 bits, and the cost of calling the engine.
"""

from dataclasses import dataclass

from benchmarks.costs.engines import ENGINES, Engine, Reached
from benchmarks.costs.layers import Cost, Layer

ON_CHIP_BYTES = 2_000_000  # about 2 MB, measured by others
EXPANDED_BYTES = 2  # of a weight in fp16


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A range in milliseconds: an estimate, never a measurement."""

    chip: str
    fast_ms: float
    slow_ms: float
    source: str


def estimate(cost: Cost, engine: Engine) -> Estimate:
    """Return the range of one prediction on one engine, if it takes every layer."""
    reached = reached_by(engine)
    eight_bits = cost.precision == "int8"
    peak_tops = engine.tops_8_bit if eight_bits else engine.tops_fp16
    # 8-bit arithmetic reached the same share of its peak, for want of another number.
    reached_tops = reached.tflops * peak_tops / engine.tops_fp16
    fast_s = max(
        2e-12 * cost.macs / peak_tops,
        1e-9 * sum(_least_bytes(layer) for layer in cost.layers) / engine.memory_gb_s,
    )
    slow_s = sum(
        max(
            2e-12 * layer.macs / reached_tops,
            1e-9 * _most_bytes(layer, eight_bits=eight_bits) / reached.memory_gb_s,
        )
        for layer in cost.layers
    )
    return Estimate(
        chip=engine.chip,
        fast_ms=1e3 * fast_s,
        slow_ms=1e3 * slow_s + 1e-3 * reached.overhead_us,
        source=engine.source if engine.measured else f"{engine.source}; reached: as {engine.like}",
    )


def estimates(cost: Cost) -> list[Estimate]:
    """Return the range for every engine of the table; none for float32.

    The engine computes in 16 or 8 bits: Core ML gives a float32 program to the GPU or the CPU.
    """
    return [] if cost.precision == "float32" else [estimate(cost, engine) for engine in ENGINES]


def reached_by(engine: Engine) -> Reached:
    """Return what was measured on an engine, or what its nearest measured one lets expect."""
    if engine.measured:
        return engine.measured
    (nearest,) = (other for other in ENGINES if other.chip == engine.like)
    assert nearest.measured is not None
    return Reached(
        tflops=engine.tops_fp16 * nearest.measured.tflops / nearest.tops_fp16,
        memory_gb_s=engine.memory_gb_s * nearest.measured.memory_gb_s / nearest.memory_gb_s,
        overhead_us=nearest.measured.overhead_us,
    )


def _least_bytes(layer: Layer) -> int:
    activations = [size for size in (layer.read_bytes, layer.written_bytes) if size > ON_CHIP_BYTES]
    return layer.weight_bytes + sum(activations)


def _most_bytes(layer: Layer, *, eight_bits: bool) -> int:
    expanded = layer.parameters * (1 if eight_bits else EXPANDED_BYTES)
    return max(layer.weight_bytes, expanded) + layer.read_bytes + layer.written_bytes
