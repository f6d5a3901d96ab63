import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from conversion.colorize import Options, colorize, main
from conversion.errors import ArtifactError
from training.errors import PictureError

FORMATS = ("coreml", "tflite", "onnx")


@pytest.fixture
def drawing(tmp_path):
    """A drawing whose sides are no multiple of anything: 45 wide, 37 high."""
    picture = np.full((37, 45), 255, np.uint8)
    picture[5:30, 10] = picture[5:30, 40] = picture[5, 10:40] = picture[29, 10:40] = 0
    Image.fromarray(picture).save(tmp_path / "drawing.png")
    return tmp_path / "drawing.png"


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_colours_a_drawing_of_any_size_without_tensorflow_or_keras(
    hinted_exports, drawing, tmp_path, format
):
    output = tmp_path / "out.png"
    program = (
        "import sys\n"
        "from conversion.colorize import main\n"
        "assert main(sys.argv[1:]) == 0\n"
        "heavy = {'tensorflow', 'keras', 'jax', 'torch'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    model = hinted_exports["mobile", format]
    done = subprocess.run(
        [sys.executable, "-c", program, str(model), str(drawing), "-o", str(output)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{output}\n"
    color = np.asarray(Image.open(output))
    assert color.shape == (37, 45, 3)
    assert color[np.asarray(Image.open(drawing)) == 0].max() == 0


def test_it_colours_as_the_checkpoint_does_that_the_model_was_made_of(
    hinted_exports, hinted_runs, drawing, tmp_path
):
    from training.colorize import main as by_keras

    given = [str(drawing), "--smooth", "-o"]
    assert by_keras([str(hinted_runs["mobile"]), *given, str(tmp_path / "keras.png")]) == 0
    assert main([str(hinted_exports["mobile", "onnx"]), *given, str(tmp_path / "onnx.png")]) == 0
    THREE_GREY_LEVELS = 3  # float16
    np.testing.assert_allclose(
        np.asarray(Image.open(tmp_path / "onnx.png")).astype(int),
        Image.open(tmp_path / "keras.png"),
        atol=THREE_GREY_LEVELS,
    )


def test_what_can_be_refused_is_refused_before_the_model_is_loaded(
    hinted_exports, whole_run, drawing, tmp_path, monkeypatch
):
    monkeypatch.setattr(
        "conversion.runtimes.backends.load_backend", lambda *_, **__: pytest.fail("loaded")
    )
    blank = tmp_path / "blank.png"
    Image.fromarray(np.full((40, 40), 255, np.uint8)).save(blank)
    with pytest.raises(PictureError, match=r"blank\.png: blank page"):
        list(colorize(Options(model=hinted_exports["mobile", "onnx"], drawings=(drawing, blank))))
    with pytest.raises(ArtifactError, match="does not exist"):
        list(colorize(Options(model=tmp_path / "no.onnx", drawings=(drawing,))))
    plain = whole_run / "exports" / "tiny-fp32.onnx"
    with pytest.raises(ArtifactError, match="takes no hints"):
        list(colorize(Options(model=plain, drawings=(drawing,), hints=(drawing,))))
    assert not (tmp_path / "drawing-color.png").exists()
