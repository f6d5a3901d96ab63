import numpy as np

from training.picture.flats.cells import Cells
from training.picture.flats.medoid import find_medoids

RNG = np.random.default_rng(0)


def test_it_is_the_color_that_the_others_are_least_far_from_by_area():
    lab = RNG.integers(-500, 4096, (40, 3)).astype(np.int32)
    cells = Cells(
        region=np.sort(RNG.integers(0, 4, 40)),
        cell=RNG.permutation(40),
        area=RNG.integers(1, 99, 40),
    )
    found = find_medoids(cells, lab, regions=5)
    for region in range(4):
        own = np.flatnonzero(cells.region == region)
        costs = [
            sum(
                int(np.linalg.norm(lab[cells.cell[i]] - lab[cells.cell[j]])) * cells.area[j]
                for j in own
            )
            for i in own
        ]
        assert found.cell[region] == cells.cell[own[np.argmin(costs)]]
        assert found.spread[region] == min(costs) // cells.area[own].sum()


def test_a_region_without_a_cell_has_none():
    nothing = np.zeros(0, np.int64)
    found = find_medoids(
        Cells(region=nothing, cell=nothing, area=nothing), np.zeros((1, 3), np.int32), regions=2
    )
    assert found.cell.tolist() == [-1, -1]


def test_of_two_colors_it_takes_the_larger_and_nothing_between():
    lab = np.array([[0, 0, 0], [4000, 0, 0]], np.int32)
    cells = Cells(region=np.zeros(2, int), cell=np.arange(2), area=np.array([49, 51]))
    assert find_medoids(cells, lab, regions=1).cell.tolist() == [1]


def test_of_very_many_cells_an_even_sample_is_compared():
    lab = np.zeros((5000, 3), np.int32)
    lab[:1500] = 4000
    every = Cells(region=np.zeros(5000, int), cell=np.arange(5000), area=np.ones(5000, int))
    assert find_medoids(every, lab, regions=1).cell[0] >= 1500
