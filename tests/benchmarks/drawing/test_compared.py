import numpy as np
import pytest

from benchmarks.drawing.compared import parity_drawings, with_hints
from benchmarks.drawing.samples import sample_drawings
from conversion.export.origins.find import find_origin


@pytest.fixture(scope="module")
def validation(tiny_run, tiny_data):
    return find_origin(tiny_run).compared(tiny_data, size=(32, 32))


def test_held_out_drawings_come_first_then_the_samples(validation):
    drawings = parity_drawings(validation, hints=False)
    names = list(validation.lineart)
    assert list(drawings) == names + [f"sample/{d.name}" for d in sample_drawings(32)]
    assert all(given.hints is None for given in drawings.values())
    assert list(parity_drawings(validation, hints=False, limit=2)) == names[:2]


def test_where_hints_are_taken_each_drawing_comes_with_none_a_few_and_many(validation):
    bare = parity_drawings(validation, hints=False)
    drawings = parity_drawings(validation, hints=True)
    assert len(drawings) == 3 * len(bare)
    for name, given in bare.items():
        same = [drawings[with_hints(name, count)] for count in (0, 4, 16)]
        assert [each.count for each in same] == [0, 4, 16]
        marked = [int((each.hints[..., 3] > 0).sum()) for each in same]
        assert marked[0] == 0 and (marked[1] > 0 or name.startswith("sample/"))
        for each in same:
            np.testing.assert_array_equal(each.lineart, given.lineart)


def test_a_limit_counts_drawings_and_not_their_hints(validation):
    assert len(parity_drawings(validation, hints=True, limit=2)) == 6
