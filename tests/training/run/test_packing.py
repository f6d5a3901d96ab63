import numpy as np
import pytest

from training.errors import CheckpointError
from training.files.json_text import parse_json
from training.run.checkpoint import PACKED_FILE, find_checkpoint
from training.run.packing import pack_checkpoint
from training.run.restoring import load_generator
from training.run.resuming import RUN_FILE


@pytest.fixture(scope="module")
def packed(tiny_trained, tmp_path_factory):
    folder = tmp_path_factory.mktemp("packed")
    pack_checkpoint(find_checkpoint(tiny_trained), folder)
    return folder


def test_the_weights_are_those_that_colour_rounded_to_half_precision(packed, tiny_trained):
    whole = load_generator(find_checkpoint(tiny_trained)).get_weights()
    half = load_generator(find_checkpoint(packed)).get_weights()
    for a, b in zip(whole, half, strict=True):
        np.testing.assert_array_equal(a.astype(np.float16).astype(np.float32), b)


def test_config_credit_epoch_and_metrics_are_kept(packed, tiny_trained):
    before, after = find_checkpoint(tiny_trained), find_checkpoint(packed)
    assert (after.config, after.data, after.epoch) == (before.config, before.data, before.epoch)
    metrics = "metrics.jsonl"
    assert (packed / metrics).read_bytes() == (tiny_trained / metrics).read_bytes()


def test_nothing_says_where_the_pictures_stood(packed, tiny_data):
    described = parse_json((packed / RUN_FILE).read_bytes())
    assert described["data"]["path"] == tiny_data.name


def test_the_same_checkpoint_gives_the_same_bytes(packed, tiny_trained, tmp_path):
    pack_checkpoint(find_checkpoint(tiny_trained), tmp_path)
    for file in packed.iterdir():
        assert (tmp_path / file.name).read_bytes() == file.read_bytes()


def test_what_is_packed_is_not_packed_again(packed, tmp_path):
    with pytest.raises(CheckpointError, match="is packed already"):
        pack_checkpoint(find_checkpoint(packed), tmp_path)


def test_a_changed_byte_is_noticed(packed, tmp_path):
    for file in packed.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    with (tmp_path / PACKED_FILE).open("ab") as file:
        file.write(b"x")
    with pytest.raises(CheckpointError, match="its hash differs"):
        find_checkpoint(tmp_path)
