"""What is made of the records of coremltools' operation tests, and the page of operations."""

import json

import pytest

from benchmarks import mil_operations
from benchmarks.mil.known_failures import UNEXPLAINED, explain
from benchmarks.mil.page import ABSENT, page
from benchmarks.mil.runs import (
    TestRecord,
    read_records,
    run_tests,
    tally,
    tally_by_operation,
    to_json,
)

RECORDS = [
    TestRecord(id="a", outcome="passed", operations=("conv", "relu")),
    TestRecord(id="b", outcome="failed", operations=("conv",), error="wrong numbers"),
    TestRecord(id="c", outcome="skipped"),
    TestRecord(id="d", outcome="passed"),  # of the builder alone: nothing ran here
]


def test_only_tests_that_ran_a_program_count():
    total = tally(RECORDS)
    assert (total.executed, total.passed, total.failed, total.share) == (2, 1, 1, 0.5)
    assert tally([]).share == 0


def test_a_test_counts_for_each_of_its_operations():
    counted = {name: (t.executed, t.passed) for name, t in tally_by_operation(RECORDS).items()}
    assert counted == {"conv": (2, 1), "relu": (1, 1)}


def test_the_json_holds_totals_operations_and_executed_tests():
    content = json.loads(to_json(RECORDS))
    assert (content["executed"], content["passed"], content["not_executed"]) == (2, 1, 2)
    assert content["operations"]["conv"] == {"executed": 2, "passed": 1, "failed": 1}
    assert [test["id"] for test in content["tests"]] == ["a", "b"]


def test_a_test_that_never_ended_has_failed(tmp_path):
    lines = [
        {"id": "a", "outcome": "started"},
        {"id": "a", "outcome": "passed", "operations": ["conv"], "error": "", "seconds": 0.1},
        {"id": "b", "outcome": "started"},
    ]
    path = tmp_path / "records.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    a, b = read_records(path)
    assert (a.outcome, b.outcome, b.error) == ("passed", "failed", "the process ended")
    assert b.executed
    assert read_records(tmp_path / "none.jsonl") == []


@pytest.mark.parametrize(("passed", "status"), [(19, 0), (18, 1)])
def test_less_than_95_percent_is_a_failure(monkeypatch, capsys, tmp_path, passed, status):
    records = [
        TestRecord(id=str(n), outcome="passed" if n < passed else "failed", operations=("conv",))
        for n in range(20)
    ]
    monkeypatch.setattr(mil_operations, "run_tests", lambda **_: records)
    path = tmp_path / "out.json"
    assert mil_operations.main(["--json", str(path)]) == status
    printed = capsys.readouterr().out
    assert f"{passed} of 20 executed tests passed: {passed * 5}.0%" in printed
    assert printed.count("failed: ") == 20 - passed
    assert json.loads(path.read_text())["passed"] == passed
    assert mil_operations.main(["--json", str(path)]) == 2  # never replaced unasked


def test_what_nobody_explained_says_so():
    assert explain(RECORDS[1]).startswith(UNEXPLAINED)
    known = TestRecord(id="t[precision='fp32'-dtype=<class 'numpy.float16'>]", outcome="failed")
    assert "float16" in explain(known)


def test_the_page_in_the_repository_is_current_and_lacks_no_reason():
    written = page()
    assert mil_operations.DOCS.read_text() == written
    assert "MISSING" not in written
    for name, reason in ABSENT.items():
        assert f"| `{name}` | iOS15 | absent: {reason} |" in written


@pytest.mark.slow
def test_a_sample_runs_and_does_not_change():
    first, again = (
        run_tests(sample=4, seed=3, processes=processes, precisions="fp16") for processes in (1, 2)
    )
    assert [record.id for record in first] == [record.id for record in again]
    assert len(first) == 4


@pytest.mark.slow
def test_the_tools_that_find_the_failing_operation_pass_their_own_tests():
    records = run_tests(sample=6, seed=0, processes=1, precisions="fp16", tests="debugging")
    assert [record.outcome for record in records] == ["passed"] * 6
    assert tally(records).executed >= 4
