"""Shards to batches for training, and to arrays for validation.

Whatever is random derives from (seed, epoch, index) through stateless operations: no batch
depends on a process-wide seed, on threads or on the batches before it. A training that goes on
at epoch k therefore sees what it would have seen, without any iterator's state being saved.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tensorflow as tf

from training.data.keys import fold, key_of
from training.data.records import decode_color, decode_lineart
from training.data.shards import ShardManifest, read_manifest, read_records, require_intact
from training.data.split import Split
from training.data.variation.batch import add_hints, vary_lines
from training.data.variation.geometry import augment_batch
from training.errors import DataError
from training.pixels import tensor_to_unit_range, tensor_under_ink
from training.settings.pictures import AugmentConfig, HintsConfig
from training.settings.sizes import Size, height_width

# Shards whose compressed records are shuffled as one: 20,480 pairs, 60 MB at 64 pixels and 1.1 GB
# at 256. Larger sets are shuffled within such groups of shards, which are drawn anew every epoch;
# then two groups are in memory, the one that is trained on and the next.
SHARDS_IN_MEMORY = 20

# One stream of random numbers for each purpose.
_SHARD_ORDER, _RECORD_ORDER, _VARIANT = range(3)
_LINES, _HINTS = 8, 9  # 3 to 7 are those of training/data/variation/geometry.py


@dataclass(frozen=True, kw_only=True)
class PicturePairs:
    """Pairs in memory: lineart (N, H, W, 1) and color (N, H, W, 3), uint8."""

    ids: tuple[str, ...]
    lineart: np.ndarray
    color: np.ndarray


def steps_per_epoch(manifest: ShardManifest, batch_size: int, *, batches: int = 1) -> int:
    """Return how many steps an epoch has, each of `batches` whole batches.

    Raises DataError if there is not one.
    """
    count = manifest.count("train")
    if count < batch_size * batches:
        raise DataError(
            f"expected at least {batches} x {batch_size} training pairs for one step, received "
            f"{count} pairs. Train with --batch-size {max(count // batches, 1)} or less, or "
            "prepare more pictures."
        )
    return count // (batch_size * batches)


def training_batches(
    data: Path,
    *,
    batch_size: int,
    seed: int,
    augment: AugmentConfig,
    hints: HintsConfig | None = None,
    first_epoch: int = 0,
    shards_in_memory: int = SHARDS_IN_MEMORY,
) -> tf.data.Dataset:
    """Yield (lineart, color) for ever, epoch after epoch from `first_epoch` on.

    lineart: (batch_size, H, W, 1), color: (batch_size, H, W, 3), float32 in [-1, 1].
    hints: for (lineart, hints, color), with hints (batch_size, H, W, 4) between the two.
    Every epoch shows each training pair once, in a new order, less the pairs that do not fill
    its last batch. Raises DataError if the data cannot be used or fill no batch.
    """
    manifest = read_manifest(data)
    steps = steps_per_epoch(manifest, batch_size)
    require_intact(data, manifest, split="train")
    files = [str(data / shard.file) for shard in manifest.shards_of("train")]

    def epoch_batches(epoch: tf.Tensor) -> tf.data.Dataset:
        key = key_of(seed, epoch)
        records = _shuffled_records(files, key, shards_in_memory=shards_in_memory)
        batches = records.take(steps * batch_size).batch(batch_size, drop_remainder=True)
        return batches.enumerate().map(lambda step, batch: (fold(key, step), batch))

    def decoded(key: tf.Tensor, serialized: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        lineart, color = _decode_batch(
            serialized, key, size=height_width(manifest.size), count=batch_size, augment=augment
        )
        return key, lineart, color

    def augmented(key: tf.Tensor, lineart: tf.Tensor, color: tf.Tensor) -> tuple[tf.Tensor, ...]:
        lineart, color = tensor_to_unit_range(lineart), tensor_to_unit_range(color)
        lineart, color = augment_batch(lineart, color, key=key, augment=augment)
        if hints is None:
            return lineart, color
        drawn, color = add_hints(lineart, color, key=fold(key, _HINTS), config=hints)
        return lineart, drawn, color

    options = tf.data.Options()
    # Several workers share each batch. Sharing files out would give each worker its own pictures.
    options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.DATA
    return (
        tf.data.Dataset.range(first_epoch, 2**31)
        .flat_map(epoch_batches)
        .map(decoded, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)
        .map(augmented)
        .prefetch(tf.data.AUTOTUNE)
        .with_options(options)
    )


def load_split(data: Path, split: Split, *, limit: int | None = None) -> PicturePairs:
    """Load a split, or its first `limit` pairs, in an order that never changes.

    The order is random in the pictures, so any first few are a fair sample. Where several line
    drawings of a picture are stored, the first one is taken. Nothing is augmented.
    Raises DataError if the data cannot be used or the split is empty.
    """
    manifest = read_manifest(data)
    require_intact(data, manifest, split=split)
    records = list(read_records(data, manifest, split=split, limit=limit))
    if not records:
        raise DataError(f"{data}: expected at least one pair in {split!r}, received none.")
    return PicturePairs(
        ids=tuple(record.id for record in records),
        lineart=np.stack([decode_lineart(record.lineart[0]) for record in records])[..., None],
        color=np.stack([decode_color(record.color) for record in records]),
    )


def _shuffled_records(
    files: list[str], key: tf.Tensor, *, shards_in_memory: int
) -> tf.data.Dataset:
    """Yield every serialized record of `files` once, in an order that `key` alone decides.

    Differs from Dataset.shuffle, which also depends on the process-wide seed.
    """
    order = tf.random.experimental.stateless_shuffle(
        tf.constant(files), seed=fold(key, _SHARD_ORDER)
    )

    def shuffled_group(number: tf.Tensor, group: tf.Tensor) -> tf.Tensor:
        everything = tf.data.TFRecordDataset(group).batch(2**31).get_single_element()  # (R,)
        return tf.random.experimental.stateless_shuffle(
            everything, seed=fold(fold(key, _RECORD_ORDER), number)
        )

    groups = tf.data.Dataset.from_tensor_slices(order).batch(shards_in_memory)
    # The next group is read while this one is trained on: no step waits for twenty shards.
    ahead = groups.enumerate().map(shuffled_group).prefetch(1)
    return ahead.flat_map(tf.data.Dataset.from_tensor_slices)


def _decode_batch(
    serialized: tf.Tensor, key: tf.Tensor, *, size: Size, count: int, augment: AugmentConfig
) -> tuple[tf.Tensor, tf.Tensor]:
    """Decode (N,) records, with one drawn lineart each, and the color that belongs to it.

    Returns lineart (N, H, W, 1) and color (N, H, W, 3), uint8. Where the layer below the ink is
    known, other pens than the first are drawn only if `augment.redrawn` asks for other pens at all.
    """
    parsed = tf.io.parse_example(
        serialized,
        {
            "color": tf.io.FixedLenFeature([], tf.string),
            "lineart": tf.io.RaggedFeature(tf.string),
            "layer": tf.io.RaggedFeature(tf.string),
        },
    )

    def decoded(png: tf.Tensor, channels: int) -> tf.Tensor:
        pictures = tf.map_fn(
            lambda one: tf.io.decode_png(one, channels=channels), png, fn_output_signature=tf.uint8
        )
        return tf.ensure_shape(pictures, (count, *size, channels))

    lineart = parsed["lineart"]
    variants = tf.cast(lineart.row_lengths(), tf.float32)
    drawn = tf.random.stateless_uniform((count,), seed=fold(key, _VARIANT)) * variants
    index, has_layer = tf.cast(drawn, tf.int32), parsed["layer"].row_lengths() > 0
    if not augment.redrawn:
        index = tf.where(has_layer, 0, index)
    lines = decoded(tf.gather(lineart, index, batch_dims=1), 1)
    color = decoded(parsed["color"], 3)
    if not augment.redrawn:
        return lines, color
    # The colours take the place of a layer that is not known, so that all have one shape.
    known = parsed["layer"].to_tensor(shape=(count, 1))[:, 0]
    layer = decoded(tf.where(has_layer, known, parsed["color"]), 3)
    # The first line drawing is the one that the colours were drawn with: they are exact as stored.
    anew = tf.reshape(has_layer & (index > 0), (count, 1, 1, 1))
    color = tf.where(anew, tensor_under_ink(layer, lines), color)
    return vary_lines(lines, color, layer, has_layer, key=fold(key, _LINES), augment=augment)
