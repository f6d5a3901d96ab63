import pytest

from benchmarks.costs.engines import ENGINES, Engine, Reached
from benchmarks.costs.layers import Cost, Layer
from benchmarks.costs.roofline import estimate, estimates, reached_by

ENGINE = Engine(
    chip="X1",
    tops_8_bit=20,
    tops_fp16=10,
    memory_gb_s=50,
    measured=Reached(tflops=5, memory_gb_s=10, overhead_us=200),
    source="made up",
)


def layer(**changes) -> Layer:
    usual = {
        "name": "c",
        "kind": "conv",
        "output": "float16[1, 8, 8, 8]",
        "macs": 0,
        "parameters": 0,
        "weight_bytes": 0,
        "read_bytes": 0,
        "written_bytes": 0,
        "largest_axis": 8,
    }
    return Layer(**(usual | changes))


def cost(*layers: Layer, precision: str = "float16", format: str = "coreml") -> Cost:
    return Cost(artifact="a", format=format, precision=precision, layers=layers)


def named(chip: str) -> Engine:
    (engine,) = (engine for engine in ENGINES if engine.chip == chip)
    return engine


def test_arithmetic_is_two_operations_a_multiplication():
    row = estimate(cost(layer(macs=10**10)), ENGINE)
    assert row.fast_ms == pytest.approx(2.0)  # 2 x 10^10 at 10^13 a second
    assert row.slow_ms == pytest.approx(4.0 + 0.2)  # at 5 x 10^12, and the call


def test_bytes_take_longer_where_they_are_many():
    row = estimate(cost(layer(weight_bytes=10**8, parameters=5 * 10**7)), ENGINE)
    assert row.fast_ms == pytest.approx(2.0)  # 10^8 at 50 GB/s
    assert row.slow_ms == pytest.approx(10.0 + 0.2)  # at 10 GB/s


def test_compressed_weights_are_small_at_best_and_expanded_at_worst():
    row = estimate(cost(layer(weight_bytes=10**7, parameters=5 * 10**7)), ENGINE)
    assert row.fast_ms == pytest.approx(0.2)
    assert row.slow_ms == pytest.approx(10.0 + 0.2)


def test_values_that_fit_stay_on_the_chip_at_best_and_never_at_worst():
    small = estimate(cost(layer(read_bytes=10**6, written_bytes=10**6)), ENGINE)
    large = estimate(cost(layer(read_bytes=10**7)), ENGINE)
    assert (small.fast_ms, large.fast_ms) == (0, pytest.approx(0.2))
    assert small.slow_ms == pytest.approx(0.2 + 0.2)


def test_eight_bits_are_computed_at_their_own_peak():
    row = estimate(cost(layer(macs=10**10), precision="int8"), ENGINE)
    assert row.fast_ms == pytest.approx(1.0)
    assert row.slow_ms == pytest.approx(2.0 + 0.2)


def test_layers_wait_for_one_another_at_worst():
    layers = layer(macs=10**10), layer(weight_bytes=10**8)
    row = estimate(cost(*layers), ENGINE)
    assert row.fast_ms == pytest.approx(2.0)
    assert row.slow_ms == pytest.approx(4.0 + 10.0 + 0.2)


def test_an_engine_that_nobody_measured_gets_the_shares_of_its_nearest():
    m1, a14 = named("M1"), reached_by(named("A14"))
    assert a14.tflops == pytest.approx(3.25)  # the same peak as M1's
    assert a14.memory_gb_s == pytest.approx(34 * 9 / m1.memory_gb_s)
    assert reached_by(m1) == m1.measured


def test_every_engine_from_a14_to_a19_and_m1_to_m5_has_a_range_and_a_source():
    rows = estimates(cost(layer(macs=10**9, weight_bytes=10**8, parameters=5 * 10**7)))
    chips = [row.chip for row in rows]
    assert chips[:6] == ["A14", "A15", "A16", "A17 Pro", "A18", "A19"]
    assert {"M1", "M2", "M3", "M4", "M5"} < set(chips)
    assert all(0 < row.fast_ms < row.slow_ms and row.source for row in rows)


def test_float32_gets_no_estimate():
    assert estimates(cost(layer(macs=10**9), precision="float32")) == []


# Apple's own measurements of ResNet50: coremltools' guide, source/opt-quantization-perf.html. The
# iPhone 14 Pro has an A16, the 15 Pro an A17 Pro.
@pytest.mark.parametrize(
    ("chip", "precision", "measured_ms"),
    [
        ("A16", "float16", 1.52),
        ("A16", "int8", 0.94),
        ("A17 Pro", "float16", 1.38),
        ("A17 Pro", "int8", 0.77),
    ],
)
def test_published_measurements_of_resnet50_lie_in_the_range(chip, precision, measured_ms):
    PARAMETERS, MACS, ACTIVATIONS = 25_600_000, 4_100_000_000, 11_100_000  # He et al. 2015
    width = 1 if precision == "int8" else 2
    layers = [  # 50 equal ones, since the sums alone are known here
        layer(
            macs=MACS // 50,
            parameters=PARAMETERS // 50,
            weight_bytes=PARAMETERS * width // 50,
            read_bytes=ACTIVATIONS * width // 50,
            written_bytes=ACTIVATIONS * width // 50,
        )
    ] * 50
    row = estimate(cost(*layers, precision=precision), named(chip))
    assert row.fast_ms < measured_ms < row.slow_ms
