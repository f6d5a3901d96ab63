import pytest

from benchmarks.picture_likeness import Options
from benchmarks.quality.likeness import drawing_files, of_versions, of_widths
from training.errors import ConfigError
from training.picture.finishing.net import Net


def test_a_net_that_paints_one_colour_paints_it_in_every_version_and_width():
    import numpy as np

    net = Net(
        paint=lambda lines, hints: np.full((*lines.shape, 3), 120, np.uint8),
        size=(32, 32),
        learned=(1.0, 4.0),
        layer=True,
    )
    (file,) = drawing_files(1)
    assert set(of_widths(net, file).values()) == {60.0}
    versions = of_versions(net, file)
    assert versions["rotated"] == versions["inverted"] == versions["transparent"] == 60.0
    assert min(versions.values()) > 25


def test_no_drawings_are_refused(tmp_path):
    with pytest.raises(ConfigError, match="drawings: expected at least 1, received 0"):
        Options(ckpt=tmp_path, drawings=0)
