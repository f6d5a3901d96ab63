import json
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

from training.data.records import PairRecord, deserialize
from training.data.shards import (
    MANIFEST_FILE,
    DataDescription,
    naming_damage,
    read_manifest,
    read_records,
    require_intact,
)
from training.data.writing import ShardWriter
from training.errors import DataError
from training.files.hashes import file_sha256

DESCRIPTION = DataDescription(
    size=8,
    kind="color",
    source="noise",
    licence="CC0-1.0",
    credit="the tests, ☂",
    extractors="dilate",
    variants=1,
    validation_share=0.5,
    seed=0,
    rejected=2,
)


def record(number):
    return PairRecord(
        id=f"pair {number}",
        color=bytes(number),  # of every length
        lineart=(b"line",) * (number % 3 + 1),
        extractors=("dilate",) * (number % 3 + 1),
    )


@pytest.fixture
def data(tmp_path):
    """Five training records in shards of two, and one to validate on."""
    with ShardWriter(tmp_path, records_per_shard=2) as writer:
        for number in range(5):
            writer.write(record(number), split="train")
        writer.write(record(9), split="validation")
        writer.write_manifest(DESCRIPTION)
    return tmp_path


def edit_manifest(data, **changes):
    path = data / MANIFEST_FILE
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_the_manifest_describes_what_was_written(data):
    manifest = read_manifest(data)
    assert {name: getattr(manifest, name) for name in vars(DESCRIPTION)} == vars(DESCRIPTION)
    assert [shard.records for shard in manifest.shards_of("train")] == [2, 2, 1]
    assert (manifest.count("train"), manifest.count("validation")) == (5, 1)
    assert json.loads((data / MANIFEST_FILE).read_text())["counts"] == {"train": 5, "validation": 1}


def test_records_come_back_in_order(data):
    manifest = read_manifest(data)
    assert list(read_records(data, manifest, split="train")) == [record(n) for n in range(5)]
    assert list(read_records(data, manifest, split="validation")) == [record(9)]


@pytest.mark.parametrize("limit", [0, 1, 2, 3, 5, 50])
def test_a_limit_takes_the_first_records(data, limit):
    records = list(read_records(data, read_manifest(data), split="train", limit=limit))
    assert records == [record(number) for number in range(min(limit, 5))]


def test_tensorflow_reads_the_shards_and_the_index_points_at_their_records(data):
    for shard in read_manifest(data).shards:
        path = str(data / shard.file)
        serialized = [item.numpy() for item in tf.data.TFRecordDataset(path)]
        offsets = np.load(data / shard.index)
        whole = (data / shard.file).read_bytes()
        assert len(serialized) == shard.records
        assert offsets[-1] == len(whole)
        for item, begin in zip(serialized, offsets, strict=False):
            assert int.from_bytes(whole[begin : begin + 8], "little") == len(item)
            assert whole[begin + 12 : begin + 12 + len(item)] == item
            assert deserialize(item).id.startswith("pair")


def test_equal_records_give_equal_data_sets(data, tmp_path_factory):
    again = tmp_path_factory.mktemp("again")
    with ShardWriter(again, records_per_shard=2) as writer:
        for number in range(5):
            writer.write(record(number), split="train")
        writer.write(record(9), split="validation")
        writer.write_manifest(DESCRIPTION)
    assert read_manifest(again).sha256 == read_manifest(data).sha256


def test_the_hash_changes_with_any_picture(data, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    with ShardWriter(other, records_per_shard=2) as writer:
        for number in (0, 1, 2, 3, 5):
            writer.write(record(number), split="train")
        writer.write(record(9), split="validation")
        writer.write_manifest(DESCRIPTION)
    assert read_manifest(other).sha256 != read_manifest(data).sha256


def test_reading_a_manifest_imports_no_tensorflow(data):
    program = (
        "import sys; from pathlib import Path; from training.data.shards import read_manifest; "
        "read_manifest(Path(sys.argv[1])); print('tensorflow' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program, data], capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr


def test_what_is_no_data_folder_is_refused_with_the_remedy(tmp_path):
    with pytest.raises(DataError, match=r"manifest\.json is missing.*training\.prepare"):
        read_manifest(tmp_path)
    with pytest.raises(DataError, match=r"nowhere does not exist.*training\.prepare"):
        read_manifest(tmp_path / "nowhere")


@pytest.mark.parametrize("content", ["", "[]", "null", "{", '{"format": "nurie-data/0"}', "\xff"])
def test_a_manifest_that_is_none_is_refused(data, content):
    (data / MANIFEST_FILE).write_bytes(content.encode("latin-1"))
    with pytest.raises(DataError, match=r"manifest\.json.*prepare it again"):
        read_manifest(data)


@pytest.mark.parametrize(
    "changes",
    [
        {"size": 8.5},
        {"shards": None},
        {"shards": [{}]},
        {"shards": []},
        {"counts": {"train": 4, "validation": 1}},
        {"author": "somebody"},
    ],
)
def test_a_manifest_of_another_shape_is_refused(data, changes):
    edit_manifest(data, **changes)
    with pytest.raises(DataError, match="is not the manifest of a data folder"):
        read_manifest(data)


@pytest.mark.parametrize("name", ["train-00001.tfrecord", "validation-00000.index.npy"])
def test_a_missing_file_is_named(data, name):
    (data / name).unlink()
    with pytest.raises(DataError, match=name):
        read_manifest(data)


def test_a_shard_that_lost_its_end_is_named(data):
    shard = data / "train-00000.tfrecord"
    shard.write_bytes(shard.read_bytes()[:-1])
    with pytest.raises(DataError, match=r"train-00000\.tfrecord: expected \d+ bytes, received"):
        read_manifest(data)


@pytest.mark.parametrize("name", ["train-00001.tfrecord", "train-00001.index.npy"])
def test_one_changed_bit_is_found_by_hash(data, name):
    content = bytearray((data / name).read_bytes())
    content[-3] ^= 1
    (data / name).write_bytes(content)
    manifest = read_manifest(data)
    require_intact(data, manifest, split="validation")
    with pytest.raises(DataError, match=rf"{name} is not the file that was written"):
        require_intact(data, manifest, split="train")


def objects(path):
    """An index that only pickle can read, and that could run code when it does."""
    np.save(path, np.array([print], object))


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("train-00000.index.npy", lambda path: path.write_bytes(b""), "the places of its records"),
        ("train-00000.index.npy", objects, "the places of its records"),
        ("train-00000.index.npy", lambda path: np.save(path, [0.0, 1, 2]), "float64 of shape"),
        ("train-00000.index.npy", lambda path: np.save(path, [0, 2**62, 9]), "do not follow"),
        ("train-00000.tfrecord", lambda path: path.write_bytes(b"?" * 999), "pairs of training"),
    ],
)
def test_what_means_nothing_is_refused_though_its_hash_was_mended(data, name, change, said):
    change(data / name)
    manifest = json.loads((data / MANIFEST_FILE).read_text())
    shard = manifest["shards"][0]
    for file, its_hash in (("file", "sha256"), ("index", "index_sha256")):
        shard[its_hash] = file_sha256(data / shard[file])
    size = (data / shard["file"]).stat().st_size
    if size != shard["bytes"]:
        shard["bytes"] = size
        np.save(data / shard["index"], [0, 500, size])
        shard["index_sha256"] = file_sha256(data / shard["index"])
    (data / MANIFEST_FILE).write_text(json.dumps(manifest))
    found = read_manifest(data)
    require_intact(data, found, split="train")
    with pytest.raises(DataError, match=rf"{name}: expected .*{said}.*Prepare the data again"):
        list(read_records(data, found, split="train"))


def test_batches_that_cannot_be_read_name_the_data_and_other_errors_of_tensorflow_stay(tmp_path):
    def error(message):
        return tf.errors.InvalidArgumentError(None, None, message)

    with pytest.raises(DataError, match=rf"{tmp_path}: expected pairs"), naming_damage(tmp_path):
        raise error("Could not parse example input\n\t [[IteratorGetNext]]")
    with pytest.raises(tf.errors.InvalidArgumentError), naming_damage(tmp_path):
        raise error("Incompatible shapes")
