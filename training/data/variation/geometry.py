"""Mirror, enlarge, shrink and warp pairs at random, line art and colours alike."""

import tensorflow as tf

from training.data.keys import uniform
from training.pixels import PAPER_UNIT
from training.settings.pictures import AugmentConfig

# One stream of random numbers for each purpose; the others are those of training/data/pipeline.py.
_FLIP, _ZOOM, _PLACE, _WARP, _SHIFT = range(3, 8)


def augment_batch(
    lineart: tf.Tensor, color: tf.Tensor, *, key: tf.Tensor, augment: AugmentConfig
) -> tuple[tf.Tensor, tf.Tensor]:
    """Mirror, enlarge and warp each pair at random, line art and colours alike.

    lineart: (N, H, W, 1), color: (N, H, W, 3), float32. key: (2,) int64, decides everything.
    Drawing f times as large, f in [1 - shrink, 1 + jitter], is sampling a box of 1 / f of the
    picture; what lies beside it is paper. Without shrink and jitter pixels stay exact.
    """
    both = tf.concat([lineart, color], axis=-1)
    if augment.flip or augment.jitter or augment.shrink:
        both = _mirrored_and_enlarged(both, key, augment=augment)
    if augment.warp:
        both = _warped(both, key, share=augment.warp)
    return both[..., :1], both[..., 1:]


def _mirrored_and_enlarged(
    pictures: tf.Tensor, key: tf.Tensor, *, augment: AugmentConfig
) -> tf.Tensor:
    count, height, width, _ = pictures.shape
    zoom = (augment.jitter + augment.shrink) * uniform(key, _ZOOM, (count, 1))
    extent = 1.0 / (1.0 - augment.shrink + zoom)  # (N, 1)
    top_left = uniform(key, _PLACE, (count, 2)) * (1.0 - extent)  # (N, 2)
    boxes = tf.concat([top_left, top_left + extent], axis=1)  # y1, x1, y2, x2
    if augment.flip:
        # A box whose right side comes first is sampled mirrored.
        mirrored = tf.gather(boxes, [0, 3, 2, 1], axis=1)
        boxes = tf.where(uniform(key, _FLIP, (count, 1)) < 0.5, mirrored, boxes)
    return tf.image.crop_and_resize(
        pictures, boxes, tf.range(count), (height, width), extrapolation_value=PAPER_UNIT
    )


def _warped(pictures: tf.Tensor, key: tf.Tensor, *, share: float) -> tf.Tensor:
    """Sample each picture through a random affine map about its centre; paper beyond its edge.

    Every entry of the 2x2 matrix is off the identity by up to `share`, and the centre by up to
    `share` of half its side.
    """
    count, height, width, _ = pictures.shape
    centre = tf.constant([[(width - 1) / 2], [(height - 1) / 2]])  # (2, 1), in x, y order
    off = share * (2.0 * uniform(key, _WARP, (count, 2, 2)) - 1.0)
    matrix = tf.eye(2) + off  # (N, 2, 2), in x, y order
    shift = share * centre * (2.0 * uniform(key, _SHIFT, (count, 2, 1)) - 1.0)
    # Where output pixel p reads the input: matrix (p - centre) + centre + shift.
    offset = centre - matrix @ centre + shift  # (N, 2, 1)
    rows = tf.reshape(tf.concat([matrix, offset], axis=2), (count, 6))
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=pictures,
        transforms=tf.concat([rows, tf.zeros((count, 2))], axis=1),
        output_shape=(height, width),
        fill_value=PAPER_UNIT,
        interpolation="BILINEAR",
        fill_mode="CONSTANT",
    )
