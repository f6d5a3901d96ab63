import numpy as np

from benchmarks.agreement.sheets import drawn_on_sheets, painted_sheets
from benchmarks.drawing.compared import Given
from conversion.export.origins.find import find_origin
from training.run.checkpoint import find_checkpoint
from training.run.restoring import load_generator


def given(count: int) -> Given:
    rng = np.random.default_rng(count)
    return Given(
        lineart=rng.integers(0, 256, (32, 32), np.uint8),
        hints=rng.integers(0, 256, (32, 32, 4), np.uint8),
        count=count,
    )


def test_hints_stay_with_their_drawing_on_a_sheet_of_several(hinted_runs):
    drawings = {f"cat {count}": given(count) for count in (4, 16, 5)}
    generator = load_generator(find_checkpoint(hinted_runs["mobile"]))
    sheets = painted_sheets(
        find_origin(hinted_runs["mobile"]), generator, drawings, size=(32, 64), batch=2
    )
    assert [list(sheet.counts.values()) for sheet in sheets] == [[4, 16], [5]]
    for sheet in sheets:
        assert sheet.reference.shape == (32, 64, 3)
        for name, place in sheet.places.items():
            drawing = drawings[name.removesuffix(" on 64x32px")]
            np.testing.assert_array_equal(sheet.lineart[place], drawing.lineart)
            np.testing.assert_array_equal(sheet.hints[place], drawing.hints)
    assert not sheets[1].hints[:, 32:].any()  # nothing is asked for on empty paper


def test_without_hints_a_sheet_has_none():
    bare = [Given(lineart=np.zeros((32, 32), np.uint8))]
    assert drawn_on_sheets(bare, size=(64, 64)).hints is None
