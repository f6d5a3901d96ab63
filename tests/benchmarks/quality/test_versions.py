import numpy as np
import pytest

from benchmarks.drawing.samples import FOLDER, rasterise
from benchmarks.quality.versions import VERSIONS, write_version
from training.picture.cleaning import clean
from training.picture.reading import read_drawing


@pytest.mark.parametrize("name", VERSIONS)
def test_cleaned_every_version_is_about_the_drawing_again(tmp_path, name):
    lineart = rasterise(FOLDER / "cat.svg", 200)
    file = tmp_path / "version.png"
    write_version(VERSIONS[name], lineart, file, seed=0)
    cleaned = clean(read_drawing(file)).lineart
    A_TENTH = 0.1  # of the ink: a pencil's grain
    assert np.abs(cleaned.astype(float) - lineart).sum() < A_TENTH * (255.0 - lineart).sum()
