import numpy as np
from PIL import Image

from benchmarks.fine_tuning import Options, draw, training_steps
from benchmarks.tuning import drawings


def test_both_sides_differ_in_preset_and_first_weights_alone(tmp_path):
    tuned, fresh = training_steps(Options(out=tmp_path, epochs=7)).values()
    only = set(tuned.arguments) ^ set(fresh.arguments)
    runs = {str(tmp_path / "from-pretrained"), str(tmp_path / "from-nothing")}
    assert only == {"demo", "mobile", "--init", "pretrained", *runs}
    assert "7" in tuned.arguments


def test_a_side_that_was_interrupted_goes_on_with_the_same_words(tmp_path):
    before = {name: step.arguments for name, step in training_steps(Options(out=tmp_path)).items()}
    (tmp_path / "from-pretrained").mkdir()
    after = training_steps(Options(out=tmp_path))
    assert after["from-pretrained"].arguments == (*before["from-pretrained"], "--resume")
    assert after["from-nothing"].arguments == before["from-nothing"]


def test_pairs_are_drawn_as_a_folder_that_prepare_takes(tmp_path, monkeypatch):
    monkeypatch.setattr(drawings, "DRAWN_AT", 32)
    draw(tmp_path / "drawings", drawings=3)
    names = {
        part: sorted(path.name for path in (tmp_path / "drawings" / part).iterdir())
        for part in ("lineart", "color")
    }
    assert names["lineart"] == names["color"]
    assert len(names["color"]) == 3
    pictures = {
        np.asarray(Image.open(tmp_path / "drawings" / "color" / name)).tobytes()
        for name in names["color"]
    }
    assert len(pictures) == 3
