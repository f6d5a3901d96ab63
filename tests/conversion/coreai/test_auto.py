"""Recipe auto for Core AI: the search that Core ML has, on the ONNX model of the network."""

import pytest

from conversion import to_coreai
from conversion.manifest import read_manifest, search_path
from conversion.runtimes.backends import open_backend
from training.metrics.full_reference import psnr_db


@pytest.mark.usefixtures("coreai")
def test_it_holds_what_was_asked_for_in_fewer_bytes_than_16_bits(tiny_run, tiny_data, tmp_path):
    from conversion.export.calibration import calibration_drawings
    from training.picture.colorizer import colorize_pixels
    from training.run.checkpoint import find_checkpoint
    from training.run.restoring import load_generator

    options = {"data": tiny_data, "min_psnr_db": 40.0}
    asset = to_coreai.convert(tiny_run, tmp_path / "net.aimodel", recipe="auto", **options)
    manifest = read_manifest(asset)
    assert manifest.gate_db == 40.0
    assert search_path(asset).exists()
    checkpoint, backend = find_checkpoint(tiny_run), open_backend(asset)
    drawings = calibration_drawings(checkpoint, tiny_data)
    expected = colorize_pixels(load_generator(checkpoint), drawings.lineart, None)
    worst = min(
        psnr_db(picture, backend.colorize(lineart))
        for picture, (lineart, _) in zip(expected, drawings, strict=True)
    )
    assert worst >= 40.0  # Apple's runtime, not the one that searched
    stored = manifest.details["weights"]
    assert "palette" in stored
    plain = to_coreai.convert(tiny_run, tmp_path / "plain.aimodel", recipe="fp32")
    assert manifest.bytes < read_manifest(plain).bytes / 2
