import numpy as np
from PIL import Image

from benchmarks.quality.timing import sheet, timed_steps
from training.picture.finishing.net import Net


def test_every_step_is_timed_and_the_picture_written(tmp_path):
    Image.fromarray(sheet(320, 240)).save(tmp_path / "a.png")
    net = Net(
        paint=lambda lines, hints: np.full((*lines.shape, 3), 120, np.uint8),
        size=(32, 32),
        learned=(1.0, 4.0),
        layer=True,
    )
    took = timed_steps(net, tmp_path / "a.png", tmp_path / "b.png")
    assert min(took.values()) >= 0
    assert list(took)[:4] == ["read", "clean", "fit", "model"]
    assert Image.open(tmp_path / "b.png").size == (320, 240)
