from pathlib import Path

import keras
import numpy as np
from keras import layers

from benchmarks.drawing.samples import sample_drawings
from benchmarks.ios.bundled_drawings import golden_sheets
from conversion.export.origins.asked import Asked
from conversion.export.origins.find import find_origin


def test_a_generator_of_the_users_gets_the_samples_at_the_size_of_its_model(tmp_path: Path):
    picture = keras.Input((None, None, 3))
    keras.Model(picture, layers.Rescaling(-1)(picture)).save(tmp_path / "gen.keras")
    asked = Asked(input_range=(-1, 1), output_range=(-1, 1))
    usual = find_origin(tmp_path / "gen.keras", asked, size=(48, 48))  # larger than the model's
    sheets = golden_sheets(usual, (32, 32), None)
    samples = {drawing.name: drawing.lineart for drawing in sample_drawings((32, 32))}
    assert list(sheets) == list(samples)
    for name, sheet in sheets.items():
        grey = np.repeat(samples[name][..., np.newaxis], 3, axis=-1)
        np.testing.assert_array_equal(sheet.lineart, grey)
        np.testing.assert_array_equal(sheet.reference, 255 - grey)
