from pathlib import Path

import pytest

from training.config import TrainConfig
from training.data.named import NamedData
from training.data.shards import read_manifest
from training.errors import DataError
from training.run.checkpoint import find_checkpoint
from training.run.held_out import data_of_run, held_out, recorded_data
from training.run.resuming import RUN_FILE, RUNS, RunDescription


def run_that_names(tmp_path: Path, data: Path, *, sha256: str) -> Path:
    named = NamedData(path=str(data), sha256=sha256, source="", licence="", credit="")
    RUNS.write(RunDescription(config=TrainConfig(), data=named, init=None), tmp_path / RUN_FILE)
    return tmp_path


def test_a_run_leads_to_its_data_set(tmp_path: Path, tiny_data: Path):
    run = run_that_names(tmp_path, tiny_data, sha256=read_manifest(tiny_data).sha256)
    assert data_of_run(run) == tiny_data


def test_what_a_run_names_is_known_though_it_is_gone(tmp_path: Path):
    run = run_that_names(tmp_path, tmp_path / "gone", sha256="0" * 64)
    assert recorded_data(run) == (tmp_path / "gone", "0" * 64)


def test_data_that_has_changed_since_is_refused(tmp_path: Path, tiny_data: Path):
    run = run_that_names(tmp_path, tiny_data, sha256="0" * 64)
    with pytest.raises(DataError, match="is not the data set .* expected SHA-256 000000000000"):
        data_of_run(run)


def test_data_that_has_moved_must_be_named(tmp_path: Path):
    run = run_that_names(tmp_path, tmp_path / "gone", sha256="0" * 64)
    with pytest.raises(DataError, match="not there.*--data"):
        data_of_run(run)


@pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"data": {"path": "x"}}'])
def test_a_run_that_does_not_say_is_refused(tmp_path: Path, text: str | None):
    if text is not None:
        (tmp_path / "config.json").write_text(text)
    with pytest.raises(DataError, match="does not say"):
        data_of_run(tmp_path)


def test_named_data_is_loaded_with_its_credit(tiny_run: Path, tiny_data: Path):
    validation = held_out(find_checkpoint(tiny_run), tiny_data)
    assert (validation.data.licence, validation.data.credit) == ("not stated", "not stated")
    assert validation.data.sha256 == read_manifest(tiny_data).sha256
    count = read_manifest(tiny_data).count("validation")
    assert count > 0
    assert validation.pairs.lineart.shape == (count, 32, 32, 1)


def test_data_of_another_size_is_refused(tiny_run: Path, tiny_data: Path):
    import dataclasses

    checkpoint = find_checkpoint(tiny_run)
    larger = dataclasses.replace(checkpoint.config, size=64)
    with pytest.raises(DataError, match="expected pictures of 64 pixels.*received 32.*--size 64"):
        held_out(dataclasses.replace(checkpoint, config=larger), tiny_data)
