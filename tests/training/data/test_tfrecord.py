import numpy as np
import pytest
import tensorflow as tf

from training.data.tfrecord import crc32c, example, features, framed


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"123456789", 0xE3069283),  # the check value of every catalogue of checksums
        (bytes(32), 0x8A9136AA),  # RFC 3720, B.4
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
        (b"", 0),
    ],
)
def test_checksums_are_those_of_the_standard(data, expected):
    assert crc32c(data) == expected


@pytest.mark.parametrize("length", [0, 1, 3, 4, 5, 2047, 2048, 2049, 2051, 2052, 10_000])
def test_tensorflow_reads_what_is_written_and_would_write_the_same(length, tmp_path):
    data = np.random.default_rng(length).bytes(length)
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.write_bytes(framed(data) + framed(data[::-1]))
    with tf.io.TFRecordWriter(str(theirs)) as writer:
        writer.write(data)
        writer.write(data[::-1])
    assert ours.read_bytes() == theirs.read_bytes()
    read = [record.numpy() for record in tf.data.TFRecordDataset(str(ours))]
    assert read == [data, data[::-1]]


@pytest.mark.parametrize("length", [0, 1, 127, 128, 70_000])
def test_an_example_is_what_protobuf_writes(length):
    lists = {
        "lineart": (b"a" * length, b"b"),
        "id": (b"x",),
        "layer": (),
        "color": (bytes(length),),
    }
    written = {
        name: tf.train.Feature(bytes_list=tf.train.BytesList(value=values))
        for name, values in lists.items()
    }
    theirs = tf.train.Example(features=tf.train.Features(feature=written))
    assert example(lists) == theirs.SerializeToString(deterministic=True)
    assert features(theirs.SerializeToString()) == lists


@pytest.mark.parametrize(
    "damaged",
    [
        example({"id": (b"x" * 300,)})[:-1],
        example({"id": (b"x" * 300,)})[:1],
        b"\x08\x01",  # a field of a number
        tf.train.Example(
            features=tf.train.Features(
                feature={"id": tf.train.Feature(int64_list=tf.train.Int64List(value=[1]))}
            )
        ).SerializeToString(),
    ],
)
def test_what_is_no_example_is_refused(damaged):
    with pytest.raises((ValueError, IndexError)):
        features(damaged)
