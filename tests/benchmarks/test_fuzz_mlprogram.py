"""Hostile packages: only our errors come out, quickly, and nothing outside is read."""

import os

import pytest

from benchmarks.fuzz_mlprogram import fuzz, hostile_verdict, verdict
from benchmarks.mil.hostile import hostile
from benchmarks.mil.mutate import mutate
from benchmarks.mil.programs import write_samples


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    return write_samples(tmp_path_factory.mktemp("samples"))


# Twenty-five to a test, so that a failure names few.
@pytest.mark.parametrize("start", range(0, 500, 25))
def test_a_damaged_package_is_refused_or_harmless(samples, tmp_path, start):
    for seed in range(start, start + 25):
        folder = tmp_path / str(seed)
        folder.mkdir()
        result = verdict(samples[seed % len(samples)], folder, seed=seed)
        assert not result.startswith("BROKEN"), f"seed {seed}: {result}"


@pytest.mark.parametrize("start", range(0, 300, 25))
def test_a_valid_program_of_hostile_values_is_refused_or_harmless(tmp_path, start):
    for seed in range(start, start + 25):
        folder = tmp_path / str(seed)
        folder.mkdir()
        result = hostile_verdict(folder, seed=seed)
        assert not result.startswith("BROKEN"), f"seed {seed}: {result}"


def test_the_same_seed_writes_the_same_hostile_program():
    for seed in range(30):
        one, other = (hostile(seed).model for _ in range(2))
        assert one == other


def test_hostile_programs_are_of_many_kinds():
    kinds = {hostile(seed).message.operations[0].type for seed in range(300)}
    assert len(kinds) > 30


def test_the_command_counts_verdicts_of_processes_that_keep_to_their_memory_and_time():
    verdicts = fuzz(count=20, seed=0)
    assert verdicts.total() == 20
    assert not [result for result in verdicts if result.startswith("BROKEN")]


def test_a_process_that_ends_is_one_more_verdict(monkeypatch):
    # A worker that finds no sample ends before it has tried anything.
    monkeypatch.setattr("benchmarks.fuzz_mlprogram.write_samples", lambda _folder: [])
    assert list(fuzz(count=1, seed=5)) == ["BROKEN: a crash, status 1 (seed 5)"]


def test_the_samples_run_undamaged(samples, tmp_path, monkeypatch):
    import shutil

    monkeypatch.setattr(
        "benchmarks.fuzz_mlprogram.mutate", lambda path, copy, *, seed: shutil.copytree(path, copy)
    )
    for number, sample in enumerate(samples):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert verdict(sample, folder, seed=0) == "ran"


def test_a_read_outside_of_the_package_is_noticed(samples, tmp_path, monkeypatch):
    def read_elsewhere(_path, **_):
        (tmp_path / "secret.txt").read_text()
        raise AssertionError("unreachable")

    monkeypatch.setattr("conversion.mlprogram.model.load", read_elsewhere)
    assert "it opened" in verdict(samples[0], tmp_path, seed=0)


def test_the_same_seed_makes_the_same_faults(samples, tmp_path):
    made = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        mutate(samples[0].path, folder / "copy", seed=3)
        files = sorted(file for file in (folder / "copy").rglob("*") if file.is_file())
        made.append([(os.fspath(f.relative_to(folder)), f.read_bytes()) for f in files])
    assert made[0] == made[1]
