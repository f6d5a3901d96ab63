import sys
from dataclasses import replace

import pytest

from benchmarks import hostile_pictures
from benchmarks.hostile_pictures import Account, Options, faults, main, survive

FINE = Account(
    files=9,
    pairs=4,
    rejected=5,
    missing=(),
    lost=(),
    status=0,
    said="",
    seconds=1.0,
    worker_bytes=1_000_000_000,
)


def test_a_folder_of_every_kind_of_hostile_picture_is_accounted_for(tmp_path):
    account = survive(tmp_path, Options(hostile=110, good=8, large=False, workers=1))
    assert faults(account) == [], account.said
    assert account.files == 118
    assert account.pairs >= 8 and account.rejected >= 80
    if sys.platform == "linux":
        assert 50_000_000 < account.worker_bytes < 700_000_000, "the large ones were left out"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"missing": ("a.png",)}, "not accounted for: a.png"),
        ({"lost": ("good-1.png",)}, "good and rejected: good-1.png"),
        ({"status": 70, "said": "Traceback"}, "status 70: Traceback"),
        ({"worker_bytes": 1_600_000_000}, "at most 1.5 GB in a worker"),
        ({"seconds": 121.0}, "at most 120 s"),
    ],
)
def test_each_fault_is_told_and_fails(change, said, monkeypatch, capsys):
    account = replace(FINE, **change)
    monkeypatch.setattr(hostile_pictures, "survive", lambda work, options: account)
    assert main([]) == 1
    assert said in capsys.readouterr().err


def test_without_a_fault_the_last_line_says_what_became_of_the_files(monkeypatch, capsys):
    monkeypatch.setattr(hostile_pictures, "survive", lambda work, options: FINE)
    assert main([]) == 0
    out = capsys.readouterr().out
    assert out == "9 files: 4 in pairs, 5 rejected, 0 missing; 1 s, 1.00 GB in a worker at most\n"


@pytest.mark.parametrize("arguments", [["--hostile", "0"], ["--workers", "0"], ["--keep", "."]])
def test_impossible_options_are_refused(arguments, capsys):
    assert main(arguments) == 2
    assert "expected" in capsys.readouterr().err
