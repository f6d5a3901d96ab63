"""How many drawings of one's own a network needs: the sets, and what is equal between them."""

from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from benchmarks import how_many
from benchmarks.how_many import Options, draw, part, preparing
from benchmarks.tuning import drawings
from benchmarks.tuning.drawings import STYLE
from training.errors import ConfigError, DataError


@pytest.fixture
def drawn(tmp_path, monkeypatch):
    monkeypatch.setattr(drawings, "DRAWN_AT", 32)
    draw(tmp_path / "drawings", 5)
    return tmp_path / "drawings"


def test_whatever_the_number_the_same_drawings_are_held_out(drawn, tmp_path):
    for number in (1, 3):
        part(drawn, tmp_path / str(number), number=number, held_out=2)
    names = {
        number: {
            part: sorted(file.name for file in (tmp_path / number / part).iterdir())
            for part in ("train", "val")
        }
        for number in "13"
    }
    assert names["1"]["val"] == names["3"]["val"] == [f"{STYLE}-00.png", f"{STYLE}-01.png"]
    assert names["1"]["train"] == [f"{STYLE}-02.png"]
    assert names["3"]["train"] == [f"{STYLE}-{n:02d}.png" for n in (2, 3, 4)]
    assert len({np.asarray(Image.open(file)).tobytes() for file in drawn.iterdir()}) == 5


def test_too_few_drawings_are_those_of_other_options(drawn, tmp_path):
    with pytest.raises(DataError, match="expected 6 drawings, received 5, of other options"):
        part(drawn, tmp_path / "more", number=4, held_out=2)
    assert not (tmp_path / "more").exists()


def test_they_are_prepared_as_pictures_in_colour_in_the_parts_that_they_lie_in(tmp_path):
    step = preparing(tmp_path / "in", tmp_path / "data")
    assert {"--kind", "color", "--keep-split"} <= set(step.arguments)


def test_each_training_sees_as_many_pictures_or_is_refused():
    with pytest.raises(ConfigError, match="multiple of every number, received 960 for 7"):
        Options(numbers=(60, 7))
    with pytest.raises(ConfigError, match="at least 1 and 10"):
        Options(held_out=3)


def test_each_number_is_trained_for_equal_pictures_and_measured_on_one_set(
    drawn, tmp_path, monkeypatch, capsys
):
    steps = []

    def trained(step, run, *, epochs):
        steps.append((run.name, epochs))
        return 0, how_many.Spent(cpu_s=2.0, killed=0)

    def measured(runs, data):
        assert data == tmp_path / "data-4"
        found = {name: (np.arange(10.0), np.arange(10.0) + 1) for name in runs}
        return SimpleNamespace(psnr_db=lambda: found)

    monkeypatch.setattr(how_many, "part", lambda *where, **how: None)
    monkeypatch.setattr(how_many, "run_steps", lambda steps, run: 0)
    monkeypatch.setattr(how_many, "train_apart", trained)
    monkeypatch.setattr(how_many, "paint_held_out", measured)
    words = ["--numbers", "2", "4", "--pictures", "8", "--held-out", "10", "-o", str(tmp_path)]
    assert how_many.main(words) == 0
    assert steps == [
        ("from-pretrained-2", 4),
        ("from-nothing-2", 4),
        ("from-pretrained-4", 2),
        ("from-nothing-4", 2),
    ]
    said = capsys.readouterr().out
    assert "10 held-out drawings of miniavs" in said and "4 from nothing" in said
