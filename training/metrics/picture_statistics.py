"""Measure mean and spread of a data set, for networks that want standardised inputs."""

from pathlib import Path

import numpy as np

from training import pixels
from training.data.records import decode_color, decode_lineart
from training.data.shards import read_manifest, read_records, require_intact
from training.models.standardize import PictureStatistics

RECORDS_MEASURED = 2_000  # the first ones: their order is random in the pictures


def measure_statistics(data: Path, *, limit: int = RECORDS_MEASURED) -> PictureStatistics:
    """Measure the first `limit` training pairs, every line drawing of each, unaugmented.

    Raises DataError if the data cannot be used.
    """
    manifest = read_manifest(data)
    require_intact(data, manifest, split="train")
    sums = np.zeros((2, 4))  # of values and of their squares
    counts = np.zeros(4)
    for record in read_records(data, manifest, split="train", limit=limit):
        for first, pictures in (
            (0, [decode_lineart(png)[..., np.newaxis] for png in record.lineart]),
            (1, [decode_color(record.color)]),
        ):
            for picture in pictures:
                values = pixels.to_unit_range(picture).reshape(-1, picture.shape[-1])
                channels = slice(first, first + picture.shape[-1])
                sums[:, channels] += [values.sum(0, np.float64), (values**2).sum(0, np.float64)]
                counts[channels] += len(values)
    mean, square = sums / np.maximum(counts, 1)
    # Pictures of one shade have no spread to divide by: one grey level is the least that shows.
    deviation = np.maximum(np.sqrt(np.maximum(square - mean**2, 0)), pixels.SCALE)
    return PictureStatistics(mean=tuple(mean.tolist()), deviation=tuple(deviation.tolist()))
