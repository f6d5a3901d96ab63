import numpy as np

from training.picture.flats.cells import measure_cells
from training.picture.working.placement import Placement

RNG = np.random.default_rng(0)
LABELS = RNG.integers(0, 4, (11, 17)).astype(np.int32)
PLACED = Placement(scale=(3.3, 3.3), left=0.7, top=0.2)
CELLS = measure_cells(LABELS, (4, 6), placement=PLACED)


def test_every_pixel_is_counted_once_in_its_cell_and_region():
    expected = np.zeros((4, 24), int)
    rows, columns = PLACED.rows(11, of=4), PLACED.columns(17, of=6)
    for (y, x), label in np.ndenumerate(LABELS):
        expected[label, rows[y] * 6 + columns[x]] += 1
    found = np.zeros_like(expected)
    found[CELLS.region, CELLS.cell] = CELLS.area
    np.testing.assert_array_equal(found, expected)
    assert len(CELLS.area) == np.count_nonzero(expected)


def test_they_stand_by_region_and_then_by_cell():
    keys = CELLS.region * 24 + CELLS.cell
    np.testing.assert_array_equal(keys, np.unique(keys))


def test_groups_have_what_their_regions_have():
    into = np.array([0, 1, 1, 0])
    joined, direct = CELLS.joined(into), measure_cells(into[LABELS], (4, 6), placement=PLACED)
    for name in ("region", "cell", "area"):
        np.testing.assert_array_equal(getattr(joined, name), getattr(direct, name))
