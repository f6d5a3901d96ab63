"""One pair as it stands in a shard: PNG pictures in a tf.train.Example.

id        bytes         the name of the pair
color     bytes         PNG, 8-bit RGB
lineart   bytes, 1..n   PNG, 8-bit grey, paper 255; several where they were extracted
extractor bytes, 1..n   how each line drawing came about
layer     bytes, 0..1   PNG, 8-bit RGB: the colours below the ink, where the source can say

The first line drawing is the one that fits color; color is layer x lineart[0] / 255.
"""

from dataclasses import dataclass

import numpy as np

from training.data.sources.candidate import Pair
from training.data.tfrecord import example, features


@dataclass(frozen=True, kw_only=True)
class PairRecord:
    """One encoded pair; the pictures are PNG files."""

    id: str
    color: bytes
    lineart: tuple[bytes, ...]
    extractors: tuple[str, ...]
    layer: bytes | None = None


def encode_pair(identifier: str, pair: Pair) -> PairRecord:
    """Compress the pictures of a pair, without loss."""
    return PairRecord(
        id=identifier,
        color=encode_png(pair.color),
        lineart=tuple(encode_png(lineart) for lineart in pair.lineart),
        extractors=pair.extractors,
        layer=None if pair.layer is None else encode_png(pair.layer),
    )


def encode_png(picture: np.ndarray) -> bytes:
    """Return a PNG file of (H, W) or (H, W, 3) uint8 RGB."""
    import cv2

    bgr = picture if picture.ndim == 2 else np.ascontiguousarray(picture[..., ::-1])
    # The lowest level that compresses: higher ones take twice the time for a tenth less.
    done, data = cv2.imencode(".png", bgr, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    assert done, "OpenCV refused to encode a picture of ours"
    return data.tobytes()


def decode_color(png: bytes) -> np.ndarray:
    """Return (H, W, 3) uint8 RGB; layers too."""
    import cv2

    return _present(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR_RGB))


def decode_lineart(png: bytes) -> np.ndarray:
    """Return (H, W) uint8."""
    import cv2

    return _present(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE))


def serialize(record: PairRecord) -> bytes:
    """Return the record as a serialized tf.train.Example."""
    return example(
        {
            "id": (record.id.encode(),),
            "color": (record.color,),
            "lineart": record.lineart,
            "extractor": (name.encode() for name in record.extractors),
            "layer": () if record.layer is None else (record.layer,),
        }
    )


def deserialize(serialized: bytes) -> PairRecord:
    """Read what `serialize` wrote. Raises ValueError, LookupError where it did not."""
    feature = features(serialized)
    return PairRecord(
        id=feature["id"][0].decode(),
        color=feature["color"][0],
        lineart=feature["lineart"],
        extractors=tuple(name.decode() for name in feature["extractor"]),
        layer=next(iter(feature.get("layer", ())), None),
    )


def _present(decoded: np.ndarray | None) -> np.ndarray:
    """Narrow what OpenCV returns: None means bytes that are no picture, and ours have hashes."""
    assert decoded is not None, "a PNG of ours does not decode"
    return decoded
