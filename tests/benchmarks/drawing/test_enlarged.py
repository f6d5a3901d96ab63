import numpy as np
import pytest
from PIL import Image

from benchmarks.drawing.enlarged import write_enlarged
from training.errors import OutputExists


def test_each_pixel_becomes_a_square_and_a_picture_is_written_once(tmp_path):
    output = tmp_path / "a.png"
    picture = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    write_enlarged(picture, output, zoom=2, overwrite=False)
    written = np.asarray(Image.open(output))
    np.testing.assert_array_equal(written, np.kron(picture, np.ones((2, 2, 1), np.uint8)))
    with pytest.raises(OutputExists):
        write_enlarged(picture, output, zoom=1, overwrite=False)
