"""Layers that no converter knows, of a generator that is not ours."""

from pathlib import Path

import keras
import pytest
from keras import layers, ops

from conversion import to_onnx
from conversion.export.origins.followed import followed
from conversion.export.plan import plan_exports
from conversion.recipes import recipe_named

TOLD = ("--input-range", "0", "1", "--output-range", "0", "1")


def test_what_a_converter_cannot_follow_is_a_sentence_and_nothing_is_written(
    tmp_path: Path, capsys
):
    picture = keras.Input((8, 12, 3))
    spectrum, _ = ops.fft((layers.ReLU()(picture), ops.zeros_like(picture)))
    keras.Model(picture, spectrum).save(tmp_path / "gen.keras")
    assert to_onnx.main([str(tmp_path / "gen.keras"), *TOLD]) == 2
    said = capsys.readouterr().err
    assert "error: gen.keras cannot be converted to" in said
    assert "as fp16" in said
    assert "another recipe or format" in said
    assert "Traceback" not in said
    assert not [path for path in (tmp_path / "exports").rglob("*") if path.is_file()]


def test_a_net_of_ours_that_cannot_be_followed_is_our_mistake(tiny_run: Path):
    recipe = recipe_named("fp16", format="onnx")
    (export,) = plan_exports(tiny_run, Path("new.onnx"), format="onnx", recipes=[recipe])
    with pytest.raises(NotImplementedError), followed(export):
        raise NotImplementedError
