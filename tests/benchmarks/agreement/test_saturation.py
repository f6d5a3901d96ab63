import numpy as np
import pytest

from benchmarks.agreement.saturation import saturation, share_at_ends, share_beyond
from conversion import to_onnx, to_tflite
from conversion.export.drawings import Drawings


def test_a_value_is_beyond_if_its_code_does_not_exist():
    value = np.array([-1.0, -0.51, 0.0, 126.4, 200.0], np.float32)
    # zero point 1: codes -1, 0, 1, 254, 401 for bytes of 0 to 255
    assert share_beyond(value, scale=0.5, zero=1, dtype=np.dtype("uint8")) == pytest.approx(2 / 5)
    assert share_beyond(value, scale=2.0, zero=100, dtype=np.dtype("uint8")) == 0


def test_codes_at_both_ends_count_and_int16_is_symmetric():
    assert share_at_ends(np.array([-128, -127, 0, 127], np.int8)) == 0.5
    assert share_at_ends(np.array([0, 1, 254, 255], np.uint8), zero=100) == 0.5
    assert share_at_ends(np.array([-32767, 0, 1, 32767], np.int16)) == 0.5


def test_an_end_that_stands_for_zero_cuts_nothing_off():
    # What a fused ReLU or a square makes is never below zero.
    value = np.array([-9.0, 0.0, 5.0, 999.0], np.float32)
    assert share_beyond(value, scale=1.0, zero=0, dtype=np.dtype("uint8")) == 0.25
    assert share_at_ends(np.array([-128, -128, 5, 127], np.int8), zero=-128) == 0.25
    assert share_at_ends(np.array([0, 255, 255, 7], np.uint8), zero=255) == 0.25


@pytest.mark.parametrize(("suffix", "command"), [("tflite", to_tflite), ("onnx", to_onnx)])
def test_layers_are_named_and_drawings_like_the_calibration_are_hardly_cut_off(
    tiny_run, tiny_data, tmp_path, suffix, command
):
    from training.data.pipeline import load_split

    artifact = command.convert(tiny_run, tmp_path / f"a.{suffix}", recipe="w8a8", data=tiny_data)
    drawings = Drawings(lineart=load_split(tiny_data, "train").lineart[..., 0])
    shares = saturation(artifact, drawings)
    assert len(shares) >= 10
    assert any("down_1_conv" in name for name in shares)
    assert 0 <= min(shares.values()) <= max(shares.values()) < 0.1


def test_a_float_model_has_nothing_to_cut_off(exports, tiny_data):
    drawings = Drawings(lineart=np.full((1, 32, 32), 255, np.uint8))
    assert saturation(exports["tflite", "fp32"], drawings) == {}
    assert saturation(exports["onnx", "fp32"], drawings) == {}
