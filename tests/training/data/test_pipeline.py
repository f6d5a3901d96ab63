import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from training.data.pipeline import load_split, steps_per_epoch, training_batches
from training.data.records import PairRecord, encode_png
from training.data.shards import DataDescription, read_manifest
from training.data.writing import ShardWriter
from training.errors import DataError
from training.pixels import to_uint8, under_ink
from training.settings.pictures import AugmentConfig, HintsConfig

PLAIN = AugmentConfig(flip=False, jitter=0)
SIZE, PAIRS, VARIANTS = 16, 23, 3
DESCRIPTION = DataDescription(
    size=SIZE,
    kind="color",
    source="numbers",
    licence="CC0-1.0",
    credit="the tests",
    extractors="dilate",
    variants=VARIANTS,
    validation_share=0.5,
    seed=0,
    rejected=0,
)


def numbered(number):
    """A pair whose colour says its number and whose line art says number and variant."""
    color = np.full((SIZE, SIZE, 3), number, np.uint8)
    lines = [np.full((SIZE, SIZE), number + 100 * v, np.uint8) for v in range(VARIANTS)]
    return PairRecord(
        id=f"pair {number}",
        color=encode_png(color),
        lineart=tuple(encode_png(line) for line in lines),
        extractors=("dilate",) * VARIANTS,
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """23 numbered training pairs in 6 shards, 5 to validate on."""
    folder = tmp_path_factory.mktemp("data")
    with ShardWriter(folder, records_per_shard=4) as writer:
        for number in range(PAIRS):
            writer.write(numbered(number), split="train")
        for number in range(30, 35):
            writer.write(numbered(number), split="validation")
        writer.write_manifest(DESCRIPTION)
    return folder


def batches(data, count, *, augment=PLAIN, batch_size=4, seed=1, **options):
    dataset = training_batches(data, batch_size=batch_size, seed=seed, augment=augment, **options)
    return [(x.numpy(), y.numpy()) for x, y in dataset.take(count)]


def levels(unit):
    """The uint8 grey level of each flat picture of a batch."""
    return np.round((unit[:, 0, 0, 0] + 1) * 127.5).astype(int)


def assert_equal_batches(ours, theirs):
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(a[0], b[0])
        np.testing.assert_array_equal(a[1], b[1])


def test_batches_are_pairs_in_the_unit_range(data):
    ((lineart, color),) = batches(data, 1, augment=AugmentConfig())
    assert (lineart.shape, lineart.dtype) == ((4, SIZE, SIZE, 1), np.float32)
    assert (color.shape, color.dtype) == ((4, SIZE, SIZE, 3), np.float32)
    np.testing.assert_array_equal(levels(lineart) % 100, levels(color))
    spec = training_batches(data, batch_size=4, seed=0, augment=PLAIN).element_spec
    assert spec[0].shape == (4, SIZE, SIZE, 1)  # static, as compiled functions need it


def test_an_epoch_shows_every_pair_once_less_the_remainder(data):
    steps = steps_per_epoch(read_manifest(data), 4)
    assert steps == 5  # 23 // 4
    shown = batches(data, 4 * steps)
    left_out = set()
    for epoch in range(4):
        colors = np.concatenate([levels(y) for _, y in shown[epoch * steps : (epoch + 1) * steps]])
        assert len(set(colors)) == len(colors) == 20
        assert set(colors) <= set(range(PAIRS))
        left_out |= set(range(PAIRS)) - set(colors)
    assert len(left_out) > 3, "the remainder is another one each epoch"


def test_the_order_is_a_permutation_of_the_whole_set(data):
    # Without regard to shards: the places of pair 0 over many epochs are even.
    shown = batches(data, 48 * PAIRS, batch_size=1)
    epochs = np.concatenate([levels(y) for _, y in shown]).reshape(48, PAIRS)
    assert (np.sort(epochs, axis=1) == np.arange(PAIRS)).all()
    places = np.argmax(epochs == 0, axis=1)
    # Mean of 48 uniform places 0..22: 11, standard error 0.96.
    assert abs(np.mean(places) - 11) < 4
    assert len(set(places)) > 12


def test_groups_of_shards_still_show_everything_once(data):
    colors = np.concatenate(
        [levels(y) for _, y in batches(data, 23, batch_size=1, shards_in_memory=2)]
    )
    assert sorted(colors) == list(range(PAIRS))
    # 2 shards of 4 records at a time: the first 7 or 8 come from two shards.
    assert len({color // 4 for color in colors[:7]}) == 2


@pytest.mark.parametrize("augment", [PLAIN, AugmentConfig()], ids=["plain", "augmented"])
def test_a_data_set_begun_at_a_later_epoch_is_the_rest_of_one_begun_at_the_start(data, augment):
    whole = batches(data, 20, augment=augment)
    for epoch in (1, 3):
        rest = batches(data, 20 - 5 * epoch, augment=augment, first_epoch=epoch)
        assert_equal_batches(rest, whole[5 * epoch :])


def test_hints_come_between_line_art_and_colours_and_begin_again_at_any_epoch(tiny_data):
    settings = {
        "batch_size": 4,
        "seed": 1,
        "augment": AugmentConfig(redrawn=0.5, shrink=0.3),
        "hints": HintsConfig(none=0.2),
    }
    whole = [x for x in training_batches(tiny_data, **settings).take(12).as_numpy_iterator()]
    lineart, hints, color = whole[0]
    assert (lineart.shape, hints.shape, color.shape) == (
        *((4, 32, 32, 1), (4, 32, 32, 4), (4, 32, 32, 3)),
    )
    steps = steps_per_epoch(read_manifest(tiny_data), 4)
    rest = training_batches(tiny_data, **settings, first_epoch=1).take(12 - steps)
    for expected, received in zip(whole[steps:], rest.as_numpy_iterator(), strict=True):
        for a, b in zip(expected, received, strict=True):
            np.testing.assert_array_equal(a, b)


def test_a_variant_of_the_lines_lies_on_the_stored_layer(tmp_path):
    layer, thin = np.full((SIZE, SIZE, 3), 90, np.uint8), np.full((SIZE, SIZE), 255, np.uint8)
    thick = thin.copy()
    thin[4:5], thick[3:6] = 0, 0
    record = PairRecord(
        id="exact",
        color=encode_png(under_ink(layer, thin)),
        lineart=(encode_png(thin), encode_png(thick)),
        extractors=("drawn", "drawn wider"),
        layer=encode_png(layer),
    )
    with ShardWriter(tmp_path) as writer:
        writer.write(record, split="train")
        writer.write_manifest(DESCRIPTION)
    # So small a share that none of these is drawn anew: the stored pens alone remain.
    pens = dataclasses.replace(PLAIN, redrawn=1e-9)
    for augment, inked in ((pens, {SIZE, 3 * SIZE}), (PLAIN, {SIZE})):
        seen = set()
        for lineart, color in batches(tmp_path, 12, batch_size=1, augment=augment):
            lines, colors = to_uint8(lineart[0, ..., 0]), to_uint8(color[0])
            np.testing.assert_array_equal(colors, under_ink(layer, lines))
            seen.add(int((lines == 0).sum()))
        assert seen == inked


def test_process_wide_seeds_change_nothing(data):
    before = batches(data, 7, augment=AugmentConfig())
    keras.utils.set_random_seed(123)
    tf.random.uniform((3,))
    assert_equal_batches(batches(data, 7, augment=AugmentConfig()), before)


def test_another_seed_gives_another_order_and_other_variants(data):
    one, other = batches(data, 5, seed=1), batches(data, 5, seed=2)
    assert [list(levels(y)) for _, y in one] != [list(levels(y)) for _, y in other]


def test_training_draws_among_the_variants(data):
    drawn = np.concatenate([levels(x) // 100 for x, _ in batches(data, 60)])
    counts = np.bincount(drawn, minlength=VARIANTS)
    # 240 draws: 80 each, standard deviation 7.3.
    assert (abs(counts - 80) < 37).all()


def test_a_split_that_fills_no_batch_is_refused_with_the_remedy(data):
    manifest = read_manifest(data)
    assert steps_per_epoch(manifest, PAIRS) == 1
    for refused in (
        lambda: steps_per_epoch(manifest, PAIRS + 1),
        lambda: training_batches(data, batch_size=PAIRS + 1, seed=0, augment=PLAIN),
    ):
        with pytest.raises(
            DataError, match="1 x 24 training pairs.* received 23 pairs.*--batch-size 23"
        ):
            refused()


def test_a_split_loads_whole_and_in_stored_order(data):
    pairs = load_split(data, "validation")
    assert pairs.ids == tuple(f"pair {number}" for number in range(30, 35))
    assert (pairs.lineart.shape, pairs.lineart.dtype) == ((5, SIZE, SIZE, 1), np.uint8)
    assert (pairs.color.shape, pairs.color.dtype) == ((5, SIZE, SIZE, 3), np.uint8)
    # Flat pictures of their number: the first variant of line art, nothing augmented.
    np.testing.assert_array_equal(pairs.lineart[:, 3, 4, 0], range(30, 35))
    np.testing.assert_array_equal(pairs.color[:, 3, 4, 2], range(30, 35))


def test_a_limited_split_is_the_beginning_of_the_whole(data):
    assert load_split(data, "train", limit=6).ids == load_split(data, "train").ids[:6]


def test_an_empty_split_is_refused(tmp_path):
    with ShardWriter(tmp_path) as writer:
        writer.write(numbered(1), split="train")
        writer.write_manifest(DESCRIPTION)
    with pytest.raises(DataError, match="at least one pair in 'validation', received none"):
        load_split(tmp_path, "validation")


def test_damaged_shards_are_refused_before_training(data, tmp_path):
    for file in data.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    shard = tmp_path / "train-00002.tfrecord"
    content = bytearray(shard.read_bytes())
    content[40] ^= 1
    shard.write_bytes(content)
    with pytest.raises(DataError, match="train-00002"):
        training_batches(tmp_path, batch_size=4, seed=0, augment=PLAIN)
