import pytest

from benchmarks.coreai_operations import page
from benchmarks.mil.runs import TestRecord
from conversion.coreai import api


@pytest.fixture(autouse=True)
def known(monkeypatch):
    monkeypatch.setattr(api, "known_operations", lambda: frozenset({"Mul", "Tanh"}))


def record(number: int, *, assets, details=(), **rest) -> TestRecord:
    details = details or ("",) * len(assets)
    usual = {"outcome": "passed", "operations": ("scaled_tanh",)} | rest
    return TestRecord(id=f"test-{number}", assets=assets, asset_details=details, **usual)


def test_the_share_is_of_tests_that_pass_here_and_every_program_must_agree():
    records = [
        record(0, assets=("agrees", "agrees")),
        record(1, assets=("agrees", "differs"), details=("", "31.0 dB")),
        record(2, assets=("no counterpart",), details=("no counterpart in Core AI: Loop",)),
        record(3, assets=("agrees",), outcome="failed"),  # fails in our own runtime
        record(4, assets=(), operations=()),  # runs no program
    ]
    text = page(records, sample=5, seed=7)
    assert "Of 3 tests of coremltools that pass in our runtime, 1 (33%) have programs" in text
    assert "--sample 5 --seed 7" in text
    for row in ("| agrees | 1 |", "| differs | 1 |", "| no counterpart | 1 |", "| 31.0 dB | 1 |"):
        assert row in text


def test_a_row_says_what_an_operation_becomes_and_what_has_no_counterpart():
    lowered = {"scaled_tanh": ("Loop", "Tanh", "Mul")}
    text = page(
        [
            record(0, assets=("agrees",), lowered=lowered, made=(("mul", "tanh", "cast"),)),
            record(1, assets=("differs",), lowered=lowered, made=(("mul", "tanh"),)),
        ],
        sample=2,
        seed=0,
    )
    assert "| `scaled_tanh` | **Loop**, Mul, Tanh | mul, tanh | 1 of 2 |" in text
