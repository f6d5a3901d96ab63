import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.devices.faults import FORMAT, SCHEMAS, find_faults


@pytest.fixture
def report(synthetic_report):
    return copy.deepcopy(synthetic_report())


def test_a_whole_report_has_no_fault(report):
    assert find_faults(report) == []


def test_a_report_of_version_1_is_read_still(report, version_1):
    assert find_faults(version_1(report)) == []
    (fault,) = find_faults(version_1(report) | {"order": ["all"]})
    assert fault.startswith("$: expected no fields but") and fault.endswith("received ['order']")


@pytest.mark.parametrize("version", [1, 2])
def test_the_schema_is_a_schema(version):
    from jsonschema import Draft202012Validator

    schema = json.loads((SCHEMAS / f"device-report-{version}.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    assert schema["properties"]["schema"] == {"const": f"device-report/{version}"}


def test_what_a_device_cannot_read_may_be_null_or_left_out(report):
    (run,) = report["runs"]
    for holder, names in (
        (report["device"], ["ram_mb"]),
        (report, ["started", "finished"]),
        (report["env"], ["battery", "battery_after", "charging"]),
        (run["plan"], ["cost"]),
        (report["artifact"], ["spec", "gate_db"]),
        (run["load_ms"], ["compile", "first", "cached"]),
        (run, ["first_predict_ms", "e2e_p50_ms", "cool_down_s"]),
        (run, ["baseline_mem_mb", "peak_mem_mb", "plan"]),
    ):
        for name in names:
            holder[name] = None
            assert find_faults(report) == [], name
            del holder[name]
            assert find_faults(report) == [], name


# --- each fault has its path


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            lambda r: r["device"].pop("model"),
            "$.device: expected the fields ['model'], which are missing",
        ),
        (
            lambda r: r["device"].update(model=""),
            "$.device.model: expected some text, received none",
        ),
        (
            lambda r: r["device"].update(model=16),
            "$.device.model: expected string, received 16",
        ),
        (lambda r: r["env"].update(battery=-1), "$.env.battery: expected 0 or more, received -1"),
        (lambda r: r["env"].update(battery=80), "$.env.battery: expected 1 or less, received 80"),
        (
            lambda r: r["env"].update(low_power=0),
            "$.env.low_power: expected boolean, received 0",
        ),
        (
            lambda r: r["artifact"].update(sha256="A" * 64),
            "$.artifact.sha256: expected 64 hexadecimal digits in lower case, received",
        ),
        (
            lambda r: r["artifact"].update(gate_db=0),
            "$.artifact.gate_db: expected more than 0, received 0",
        ),
        (
            lambda r: r["artifact"].pop("width"),
            "$.artifact: expected the fields ['width'], which are missing",
        ),
        (
            lambda r: r.update(started="yesterday"),
            "$.started: expected a time as 2026-11-26T20:31:05Z, received 'yesterday'",
        ),
        (
            lambda r: r["runs"][0]["plan"]["cost"].update(ane=97),
            "$.runs[0].plan.cost.ane: expected 1 or less, received 97",
        ),
        (lambda r: r.update(order=[]), "$.order: expected one item or more, received []"),
        (
            lambda r: r["artifact"]["tools"].update(coremltools=9.0),
            "$.artifact.tools.coremltools: expected string, received 9.0",
        ),
        (lambda r: r.update(runs=[]), "$.runs: expected one item or more, received []"),
        (
            lambda r: r["runs"][0].update(compute_units="ane"),
            "$.runs[0].compute_units: expected one of all, cpuOnly, cpuAndGPU, "
            "cpuAndNeuralEngine, received 'ane'",
        ),
        (
            lambda r: r["runs"][0]["samples_ms"].__setitem__(7, 0),
            "$.runs[0].samples_ms[7]: expected more than 0, received 0",
        ),
        (
            lambda r: r["runs"][0]["samples_ms"].__setitem__(7, float("nan")),
            "$.runs[0].samples_ms[7]: expected a finite number, received nan",
        ),
        (
            lambda r: r["runs"][0].update(p50=float("inf")),
            "$.runs[0].p50: expected a finite number, received inf",
        ),
        (
            lambda r: r["runs"][0].update(p50="5"),
            "$.runs[0].p50: expected number, received '5'",
        ),
        (
            lambda r: r["runs"][0].update(p75=1.0),
            "$.runs[0]: expected no fields but [",
        ),
        (
            lambda r: r["runs"][0]["parity"][0].update(ssim=1.5),
            "$.runs[0].parity[0].ssim: expected 1 or less, received 1.5",
        ),
    ],
)
def test_a_wrong_field_is_named_with_its_path(report, change, fault):
    change(report)
    (received,) = find_faults(report)
    assert received.startswith(fault)


def test_an_unknown_field_is_named(report):
    report["runs"][0]["p75"] = 1.0
    (fault,) = find_faults(report)
    assert fault.endswith("received ['p75']")


def test_all_faults_come_at_once(report):
    report["env"]["battery"] = 80
    report["artifact"]["bytes"] = 0
    del report["runs"][0]["n"], report["runs"][0]["p50"]
    report["runs"][0]["thermal"] = ["hot"]
    paths = [fault.split(":")[0] for fault in find_faults(report)]
    assert sorted(paths) == [
        "$.artifact.bytes",
        "$.env.battery",
        "$.runs[0]",
        "$.runs[0].thermal[0]",
    ]


@pytest.mark.parametrize("schema", ["device-report/3", None, 1])
def test_another_version_is_refused_by_name_and_not_read_on(report, schema):
    report["schema"] = schema
    report["runs"] = "unknown to us"
    (fault,) = find_faults(report)
    assert fault.startswith(f"$.schema: expected {FORMAT!r} or an earlier one, received {schema!r}")


@pytest.mark.parametrize("raw", [None, [], "text", 1.5, {}])
def test_what_is_no_report_at_all_is_refused(raw):
    (fault,) = find_faults(raw)
    assert fault.startswith(f"$.schema: expected {FORMAT!r}")


def test_nesting_beyond_reason_is_a_fault_like_any_other(report):
    deep = []
    for _ in range(100_000):
        deep = [deep]
    report["env"]["extra"] = deep
    (fault,) = find_faults(report)
    assert fault.startswith("$.env: expected no fields but")
    while deep:  # Python cannot let go of it at once either
        deep = deep.pop()


# --- what fields say of each other


def test_n_is_the_number_of_samples(report):
    report["runs"][0]["n"] = 100
    (fault,) = find_faults(report)
    assert fault == "$.runs[0].n: expected 120, the number of samples_ms, received 100"


@pytest.mark.parametrize("name", ["p50", "p90", "p95", "p99"])
def test_percentiles_are_those_of_the_samples_within_rounding(report, name):
    run = report["runs"][0]
    run[name] = round(run[name], 3)
    assert find_faults(report) == []
    run[name] += 0.01
    (fault,) = find_faults(report)
    assert fault.startswith(f"$.runs[0].{name}: expected ")
    assert "percentile of samples_ms" in fault


def test_percentiles_worked_by_hand_are_taken(report):
    run = report["runs"][0]
    run |= {"samples_ms": [4.0, 1.0, 3.0, 2.0], "n": 4}
    run |= {"p50": 2.5, "p90": 3.7, "p95": 3.85, "p99": 3.97}
    assert find_faults(report) == []


def test_the_order_is_the_one_of_the_runs(synthetic_run, synthetic_report):
    runs = [synthetic_run(compute_units=units) for units in ("cpuOnly", "all")]
    report = synthetic_report(*runs)
    assert find_faults(report) == []
    report["order"].reverse()
    (fault,) = find_faults(report)
    assert fault.startswith("$.order: expected ['cpuOnly', 'all'], the order of the runs")


def test_times_are_samples_or_a_histogram(synthetic_run, synthetic_report):
    burst, sustained = synthetic_run(), synthetic_run(mode="sustained")
    assert find_faults(synthetic_report(burst, sustained)) == []
    both = burst | {"histogram": sustained["histogram"]}
    assert find_faults(synthetic_report(both)) == [
        "$.runs[0]: expected samples_ms or a histogram, received both"
    ]
    del burst["samples_ms"]
    assert find_faults(synthetic_report(burst)) == [
        "$.runs[0]: expected samples_ms or a histogram, received neither"
    ]


def test_one_setting_is_measured_once(synthetic_run, synthetic_report):
    runs = [synthetic_run(), synthetic_run(mode="sustained"), synthetic_run(seed=1)]
    (fault,) = find_faults(synthetic_report(*runs))
    assert fault == "$.runs[2]: coreml all burst was measured in $.runs[0] already"


def test_a_golden_drawing_is_compared_once(report):
    report["runs"][0]["parity"] *= 2
    (fault,) = find_faults(report)
    assert fault == "$.runs[0].parity[1].golden: 'apple' stands twice"


def test_identical_pictures_differ_nowhere(report):
    row = report["runs"][0]["parity"][0]
    row |= {"psnr_db": None, "max_abs": 0}
    assert find_faults(report) == []
    row["max_abs"] = 1
    (fault,) = find_faults(report)
    assert fault.startswith("$.runs[0].parity[0].psnr_db: null stands for identical pictures")
    row |= {"psnr_db": 60.0, "max_abs": 0}
    (fault,) = find_faults(report)
    assert fault.startswith("$.runs[0].parity[0].psnr_db: expected null, since max_abs is 0")


def test_psnr_is_never_below_what_the_largest_difference_allows(report):
    row = report["runs"][0]["parity"][0]
    row |= {"psnr_db": 48.13, "max_abs": 1}  # every value off by one level: 48.13 dB
    assert find_faults(report) == []
    row["psnr_db"] = 40.0
    (fault,) = find_faults(report)
    assert fault.startswith("$.runs[0].parity[0].psnr_db: expected 48.13 or more")


def test_where_values_are_not_finite_nothing_else_is_asked_of_the_parity(report):
    row = report["runs"][0]["parity"][0]
    row |= {"psnr_db": None, "max_abs": 255, "nonfinite": 3}
    assert find_faults(report) == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(max_examples=200, deadline=None)
@given(data=st.data(), value=json_values)
def test_any_value_in_any_place_is_judged_and_stops_nothing(synthetic_report, data, value):
    report = copy.deepcopy(synthetic_report())
    holder: object = report
    while True:
        key = data.draw(st.sampled_from(list(holder) if isinstance(holder, dict) else [0]))
        inner = holder[key]
        if not inner or not isinstance(inner, dict | list) or data.draw(st.booleans()):
            break
        holder = inner
    holder[key] = value
    assert all(fault.startswith("$") for fault in find_faults(report))
