import numpy as np
import tensorflow as tf  # here, so that no example waits for the import
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from training.data.records import (
    PairRecord,
    decode_color,
    decode_lineart,
    deserialize,
    encode_pair,
    encode_png,
    serialize,
)
from training.data.sources.candidate import Pair


def test_pictures_are_stored_without_loss(tmp_path):
    rng = np.random.default_rng(0)
    color = rng.integers(0, 256, (9, 9, 3), dtype=np.uint8)
    lines = tuple(rng.integers(0, 256, (9, 9), dtype=np.uint8) for _ in range(2))
    record = encode_pair("x", Pair(color=color, lineart=lines, extractors=("dilate", "xdog")))
    np.testing.assert_array_equal(decode_color(record.color), color)
    for png, drawn in zip(record.lineart, lines, strict=True):
        np.testing.assert_array_equal(decode_lineart(png), drawn)
    # Another decoder agrees about the order of the channels.
    (tmp_path / "a.png").write_bytes(record.color)
    np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / "a.png")), color)


def test_a_view_of_an_array_can_be_encoded():
    picture = np.zeros((4, 8, 3), np.uint8)[:, ::2]
    assert decode_color(encode_png(picture)).shape == (4, 4, 3)


@given(
    st.text(),
    st.binary(),
    st.lists(st.tuples(st.binary(), st.text()), min_size=1, max_size=4),
    st.none() | st.binary(),
)
def test_a_record_comes_back(identifier, color, variants, layer):
    record = PairRecord(
        id=identifier,
        color=color,
        lineart=tuple(png for png, _ in variants),
        extractors=tuple(name for _, name in variants),
        layer=layer,
    )
    serialized = serialize(record)
    assert deserialize(serialized) == record
    assert serialize(record) == serialized
    assert set(tf.train.Example.FromString(serialized).features.feature) == {
        "id",
        "color",
        "lineart",
        "extractor",
        "layer",
    }


def test_a_layer_is_stored_without_loss_where_there_is_one():
    rng = np.random.default_rng(0)
    color, layer = rng.integers(0, 256, (2, 9, 9, 3), dtype=np.uint8)
    pair = Pair(color=color, lineart=(color[..., 0],), extractors=("drawn",), layer=layer)
    record = deserialize(serialize(encode_pair("x", pair)))
    assert record.layer is not None
    np.testing.assert_array_equal(decode_color(record.layer), layer)


def test_a_record_of_before_there_were_layers_has_none():
    record = PairRecord(id="x", color=b"c", lineart=(b"l",), extractors=("drawn",))
    example = tf.train.Example.FromString(serialize(record))
    del example.features.feature["layer"]
    assert deserialize(example.SerializeToString()) == record
