"""Regressions in samples that a busy 2-core machine gave: LiteRT, one thread, demo-fp32.tflite.

Two runs of the same model, 20 rounds each, while eight other processes wanted the cores.
"""

import dataclasses

import pytest

from benchmarks.statistics.ratio import parse_tolerance
from benchmarks.timing.baseline import compare, not_compared
from benchmarks.timing.record import Latency, Machine, Timing
from training.errors import ConfigError, DataError

# What the processor spent on a prediction of each round, and what the clock said: milliseconds.
FIRST = (6.2, 6.78, 6.99, 5.68, 6.49, 5.77, 5.77, 5.76, 5.89, 5.71)
FIRST += (6.42, 6.28, 5.75, 5.55, 6.43, 5.68, 5.55, 5.62, 5.92, 5.82)
FIRST_WALL = (17.87, 21.75, 18.94, 21.41, 15.9, 18.49, 7.33, 25.63, 16.97, 13.78)
FIRST_WALL += (25.79, 14.35, 10.03, 14.45, 13.35, 13.68, 12.94, 17.46, 44.2, 14.3)
SECOND = (5.22, 6.19, 6.55, 5.88, 6.22, 5.83, 5.94, 5.99, 6.33, 6.21)
SECOND += (4.01, 5.96, 6.02, 6.23, 6.19, 6.12, 5.76, 6.21, 6.14, 5.99)
SECOND_WALL = (25.91, 24.34, 19.76, 15.95, 19.56, 13.83, 24.53, 30.1, 10.74, 16.98)
SECOND_WALL += (21.02, 17.95, 21.34, 37.99, 24.17, 32.81, 5.78, 20.61, 33.95, 13.51)

TIMING = Timing(
    artifact="exports/demo-fp32.tflite",
    setting="LiteRT, 1 thread",
    format="tflite",
    recipe="fp32",
    target=None,
    bytes=1,
    sha256="0",
    size=64,
    threads=1,
    compute_units=None,
    import_ms=1.0,
    load_ms=1.0,
    first_ms=1.0,
    bare_mb=1.0,
    peak_mb=2.0,
    rounds_ms=((1.0,),),
    cpu_ms=((1.0,),),
    waited_ms=(0.0,),
    end_to_end_ms=((1.0,),),
)


def timing(wall, *, cpu=None, waits_known=True, **changes):
    """Rounds of one prediction each; what is no time of the processor was waiting for a core."""
    cpu = cpu or wall
    waits = tuple(max(0.0, a - b) if waits_known else None for a, b in zip(wall, cpu, strict=True))
    rounds, spent = (tuple((ms,) for ms in times) for times in (wall, cpu))
    return dataclasses.replace(TIMING, rounds_ms=rounds, cpu_ms=spent, waited_ms=waits, **changes)


def latency(*timings, **machine):
    return Latency(
        command="python -m benchmarks.latency",
        machine=Machine(**({"cpu": "AMD EPYC", "cores": 2, "system": "Linux x86_64"} | machine)),
        tools={},
        load_average=(8.0, 8.0),
        thermal=(),
        warm_up=10,
        seed=0,
        timings=timings,
    )


def compared(now, before, tolerance=0.1):
    (row,) = compare(latency(now), latency(before), tolerance=tolerance)
    return row


def slower(wall, factor):
    return [ms * factor for ms in wall]


# --- what passes


@pytest.mark.parametrize(("now", "before"), [(FIRST, SECOND), (SECOND, FIRST), (FIRST, FIRST)])
def test_the_same_model_measured_twice_is_no_regression(now, before):
    row = compared(timing(now), timing(before))
    assert row.passed and row.verdict.startswith("pass: ")


def test_what_is_slower_within_the_tolerance_passes():
    row = compared(timing(slower(SECOND, 1.05)), timing(SECOND))
    assert row.passed
    assert row.speed.ratio == pytest.approx(1.05)


def test_what_is_surely_faster_is_called_faster():
    assert compared(timing(slower(SECOND, 0.7)), timing(FIRST)).verdict.startswith("faster: 0.7")


def test_few_noisy_rounds_are_no_proof_of_a_regression():
    now, before = FIRST_WALL[:6], SECOND_WALL[8:14]
    row = compared(timing(slower(now, 1.1), threads=2), timing(before, threads=2))
    assert row.passed and row.speed.interval[0] < 1.1 < row.speed.interval[1]
    assert row.verdict.startswith("pass, unsure: ")


# --- what fails


@pytest.mark.parametrize("before", [FIRST, SECOND])
def test_what_is_slower_beyond_tolerance_and_doubt_fails(before):
    row = compared(timing(slower(SECOND, 1.3)), timing(before))
    assert not row.passed
    assert row.verdict.startswith("FAIL: 1.") and row.verdict.endswith("> 1.10x")
    assert compared(timing(slower(SECOND, 1.3)), timing(before), tolerance=0.5).passed


# --- what other processes take is not the model's


def test_waiting_for_a_core_is_no_regression_of_one_thread():
    row = compared(timing(SECOND_WALL, cpu=SECOND), timing(FIRST))
    assert row.verdict.startswith("pass: ")
    assert row.speed.ratio < 1.1  # its wall time was 3 times as long


def test_a_regression_of_one_thread_is_found_on_a_busy_machine_too():
    now = timing(slower(SECOND_WALL, 1.3), cpu=slower(SECOND, 1.3))
    assert compared(now, timing(FIRST_WALL, cpu=FIRST)).verdict.startswith("FAIL: 1.")


def test_several_threads_on_a_busy_machine_are_not_judged():
    busy = timing(SECOND_WALL, cpu=SECOND, threads=2)
    row = compared(busy, timing(FIRST, threads=2))
    assert row.passed and row.speed is None
    assert row.verdict == (
        "not judged: 1 calm rounds now and 20 in the baseline, expected 5; measure on an idle "
        "machine"
    )


def test_calm_rounds_of_several_threads_are_judged_without_the_others():
    mixed = timing((*FIRST[:12], *FIRST_WALL[12:]), cpu=FIRST, threads=2)
    row = compared(mixed, timing(SECOND, threads=2))
    assert row.calm == (12, 20)
    assert row.verdict.startswith("pass: ")


def test_where_waiting_is_not_known_every_round_counts():
    now, before = (
        timing(slower(FIRST, factor), cpu=FIRST, waits_known=False, threads=None)
        for factor in (2, 1)
    )
    row = compared(now, before)
    assert row.calm == (20, 20) and not row.passed


# --- what cannot be compared


def test_another_machine_is_refused():
    with pytest.raises(DataError, match="another machine: expected AMD EPYC, 2 .*Apple M2, 8"):
        compare(
            latency(timing(FIRST)), latency(timing(FIRST), cpu="Apple M2", cores=8), tolerance=0.1
        )


def test_drawings_of_another_size_are_refused():
    with pytest.raises(DataError, match="drawings of 256 pixels, this run of 64"):
        compared(timing(FIRST), timing(FIRST, size=256))


def test_a_baseline_of_nothing_that_was_timed_is_refused_with_both_lists():
    with pytest.raises(DataError, match=r"holds other.onnx in LiteRT, 1 .*run, demo-fp32.tflite"):
        compared(timing(FIRST), timing(FIRST, artifact="other.onnx"))


def test_what_only_one_run_timed_is_said_and_the_rest_compared():
    new = timing(FIRST, artifact="new.onnx")
    now, before = latency(timing(FIRST), new), latency(timing(SECOND), timing(FIRST, threads=2))
    assert [row.artifact for row in compare(now, before, tolerance=0.1)] == [TIMING.artifact]
    assert not_compared(now, before) == ["new.onnx in LiteRT, 1 thread: not in the baseline"]


def test_models_are_the_same_by_name_wherever_they_stand():
    moved = timing(FIRST, artifact="elsewhere/demo-fp32.tflite", sha256="1")
    assert compared(moved, timing(SECOND)).artifact == "elsewhere/demo-fp32.tflite"


@pytest.mark.parametrize(("text", "value"), [("10%", 0.1), ("0%", 0.0), ("2.5%", 0.025)])
def test_a_tolerance_is_a_percentage(text, value):
    assert parse_tolerance(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["10", "0.1", "-5%", "ten%", "", "nan%"])
def test_a_tolerance_that_is_no_percentage_is_refused(text):
    with pytest.raises(ConfigError, match="such as 10%, received"):
        parse_tolerance(text)
