"""Hint-AUC: how well a colouring uses the hints of 0 to 100 % of the regions, as one number.

Madono et al., TVCG 2026, DOI 10.1109/TVCG.2026.3738401; like hintauc 0.3.3 with the path method
`geodesic` and stable ties, on pictures of the data's own size:

- regions of the true picture by Felzenszwalb and Huttenlocher 2004, its pieces apart;
- one scribble a region, the longest path of its skeleton, in the region's mean colour;
- the largest a % of the regions keep theirs, a = 0, 1, 3, 5, 10, 25, 50, 100;
- the area under the curve of a metric over a, by trapezoids.

Departs from it: PSNR at the data's own size, not at 256 pixels.
"""

from collections.abc import Sequence

import numpy as np

from training.metrics.hints.longest_path import longest_path

SHARES = (0.0, 0.01, 0.03, 0.05, 0.1, 0.25, 0.5, 1.0)  # of the regions: more of them early
SCALE, SIGMA, MIN_SIZE = 100, 0.5, 100  # of the segmentation, as published; the last in pixels


def region_hints(color: np.ndarray, *, shares: Sequence[float] = SHARES) -> np.ndarray:
    """Scribble on the largest regions of a true picture.

    color: (H, W, 3) uint8. Returns (len(shares), H, W, 4) uint8: RGB where alpha is 255, else 0.
    """
    regions = sorted(_regions(color), key=lambda mask: -int(mask.sum()))
    pictures = np.zeros((len(shares), *color.shape[:2], 4), np.uint8)
    for n, mask in enumerate(regions):
        rows, columns = longest_path(mask).T
        mean = color[mask].mean(axis=0).astype(np.uint8)  # cut off, not rounded, as in hintauc
        for picture, share in zip(pictures, shares, strict=True):
            if n < int(len(regions) * share):
                picture[rows, columns] = (*mean, 255)
    return pictures


def hint_auc(values: Sequence[float], *, shares: Sequence[float] = SHARES) -> float:
    """Return the area under a metric's curve: its mean over the share of hinted regions."""
    return float(np.trapezoid(values, shares))


def _regions(color: np.ndarray) -> list[np.ndarray]:
    """Return the connected regions of a picture as masks, in reading order."""
    from skimage.measure import label
    from skimage.segmentation import felzenszwalb

    segments = felzenszwalb(color, scale=SCALE, sigma=SIGMA, min_size=MIN_SIZE)
    labels = label(segments, background=-1, connectivity=1)
    return [labels == n for n in range(1, labels.max() + 1)]
