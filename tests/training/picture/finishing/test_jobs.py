import numpy as np
import pytest
from PIL import Image

from training.errors import ConfigError, OutputExists, PictureError
from training.picture.finishing.jobs import LAYERS, plan_jobs, read_job, require_readable


def drawing(path, *, tone=0):
    picture = np.full((40, 50), 255, np.uint8)
    picture[10:30, 10] = picture[10:30, 40] = picture[10, 10:41] = picture[29, 10:41] = tone
    path.parent.mkdir(exist_ok=True)
    Image.fromarray(picture).save(path)
    return path


def test_outputs_stand_beside_their_drawings_or_in_the_folder_that_is_named(tmp_path):
    drawings = [tmp_path / "a.jpg", tmp_path / "sub" / "b.png"]
    beside = [job.output for job in plan_jobs(drawings)]
    assert beside == [tmp_path / "a-color.png", tmp_path / "sub" / "b-color.png"]
    inside = [job.output for job in plan_jobs(drawings, output=tmp_path / "out")]
    assert inside == [tmp_path / "out" / "a-color.png", tmp_path / "out" / "b-color.png"]


def test_one_drawing_goes_into_the_file_or_the_folder_that_is_named(tmp_path):
    one = [tmp_path / "a.png"]
    assert plan_jobs(one, output=tmp_path / "x.jpg")[0].output == tmp_path / "x.jpg"
    assert plan_jobs(one, output=tmp_path)[0].output == tmp_path / "a-color.png"


@pytest.mark.parametrize(
    ("drawings", "options", "said"),
    [
        ([], {}, "expected at least one picture file"),
        (["a.png", "b.png"], {"output": "out.png"}, r"out\.png: expected a folder, since 2"),
        (["a.png", "b.png"], {"hints": ["h.png"]}, "one for each of 2 drawings.*received 1"),
        (["a.png", "s/a.png"], {"output": "o"}, "expected an output for each drawing"),
        (["a.png", "s/a.png"], {"layers": "l"}, "expected an output for each drawing"),
        (["a-color.png"], {"output": "a-color.png"}, "is the drawing itself"),
        (
            ["a.png"],
            {"output": "a"},
            r"expected the name of a picture in full colour.*received the suffix ''",
        ),
        (["a.png"], {"output": "a.gif"}, r"received the suffix '\.gif'"),
    ],
)
def test_what_contradicts_itself_is_refused(tmp_path, drawings, options, said):
    named = {
        name: [tmp_path / each for each in value] if name == "hints" else tmp_path / value
        for name, value in options.items()
    }
    with pytest.raises(ConfigError, match=said):
        plan_jobs([tmp_path / each for each in drawings], **named)


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_that_stands_is_refused_unless_it_may_be_replaced(tmp_path, name):
    (tmp_path / f"a-{name}").write_bytes(b"precious")
    with pytest.raises(OutputExists, match=f"a-{name} already exists"):
        plan_jobs([tmp_path / "a.png"], layers=tmp_path)
    assert plan_jobs([tmp_path / "a.png"], layers=tmp_path, overwrite=True)


def test_layers_go_into_a_folder(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ConfigError, match="expected a folder for layers, received a file"):
        plan_jobs([tmp_path / "a.png"], layers=tmp_path / "file")


def test_a_drawing_is_read_clean_with_a_note_for_what_was_done(tmp_path):
    (job,) = plan_jobs([drawing(tmp_path / "pencil.png", tone=150)])
    given = read_job(job)
    assert (given.lineart.shape, given.lineart[20, 10], given.hints) == ((40, 50), 0, None)
    assert given.notes == ("ink: set to black from 150",)


@pytest.mark.parametrize(("alpha", "told"), [(0, True), (127, True), (128, False)])
def test_hints_too_transparent_to_count_are_told(tmp_path, alpha, told):
    given = np.zeros((40, 50, 4), np.uint8)
    given[18:22, 20:24] = 200, 0, 0, alpha
    Image.fromarray(given).save(tmp_path / "h.png")
    (job,) = plan_jobs([drawing(tmp_path / "a.png")], hints=[tmp_path / "h.png"])
    assert any("h.png is half opaque" in note for note in read_job(job).notes) == told


def test_hints_that_lie_on_ink_alone_are_told(tmp_path):
    given = np.zeros((40, 50, 4), np.uint8)
    for rows, columns in (
        (slice(18, 22), slice(20, 24)),
        (slice(10, 11), slice(20, 24)),  # both on a line
        (slice(15, 17), slice(40, 41)),
    ):
        given[rows, columns] = 200, 0, 0, 255
    Image.fromarray(given).save(tmp_path / "h.png")
    (job,) = plan_jobs([drawing(tmp_path / "a.png")], hints=[tmp_path / "h.png"])
    (note,) = read_job(job).notes
    assert note.startswith("2 of 3 hints of") and note.endswith("on ink alone and colour nothing")


def test_a_folder_is_refused_with_what_to_name(tmp_path):
    with pytest.raises(ConfigError, match=rf"received a folder\. Name what is in it: {tmp_path}/"):
        plan_jobs([tmp_path])


def test_all_drawings_that_cannot_be_read_are_named_at_once(tmp_path):
    drawings = [tmp_path / f"missing{n}.png" for n in (1, 2)]
    jobs = plan_jobs([drawing(tmp_path / "fine.png"), *drawings])
    with pytest.raises(PictureError, match=r"missing1.png does.*\n.*missing2.png does"):
        require_readable(jobs)


def test_a_sheet_that_is_filled_already_is_told(tmp_path):
    path = drawing(tmp_path / "a.png")
    assert not read_job(plan_jobs([path])[0]).notes
    filled = np.asarray(Image.open(path)).copy()
    filled[11:29, 11:40] = 150  # 522 of 2,000 pixels
    Image.fromarray(filled).save(tmp_path / "b.png")
    (note,) = read_job(plan_jobs([tmp_path / "b.png"])[0]).notes
    assert note.startswith("26% of it is grey or coloured already")
