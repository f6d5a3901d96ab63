import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import label

from tests.training.picture.drawn import ANY_DRAWING, WIDTH, box, painted, plain
from training.picture.flats.compose import flats, smooth_layer
from training.picture.flats.painted import Painted
from training.picture.regions.labels import label_regions
from training.picture.working.placement import place
from training.pixels import under_ink

RED, BLUE = (230, 20, 30), (20, 40, 220)


def halves():
    """Red on the left of the wall, blue on the right, blurred into one another."""
    layer = plain((12, 12), *RED)
    layer[:, 6:] = BLUE
    layer[:, 5], layer[:, 6] = (160, 26, 90), (90, 34, 160)
    return layer


def colored(lineart, layer, *, hints=None, line_width=WIDTH, scale=8.0, working=None):
    labels = label_regions(lineart, line_width=line_width)
    given = painted(layer, scale=scale, working=working)
    return flats(labels, given, lineart=lineart, hints=hints)


def test_rooms_are_flat_up_to_the_middle_of_their_lines():
    result = colored(box(), halves())
    assert (result[20:76, 20:46] == RED).all()
    assert (result[20:76, 51:76] == BLUE).all()


def test_a_smooth_region_follows_the_layer_and_no_color_crosses_its_line():
    layer = plain((12, 12), *BLUE)
    layer[:6, :6], layer[6:, :6] = (255, 0, 0), (255, 255, 0)
    room = colored(box(), layer)[20:76, 20:46]
    assert (room[..., 0] == 255).all()
    assert (room[..., 2] == 0).all()
    assert (np.diff(room[:, 5, 1].astype(int)) >= 0).all()
    assert (room[0, 5, 1], room[-1, 5, 1]) == (0, 255)


def yellow_in_blue(shape, net, box):
    """A room of slopes from red to yellow; all that the layer has beside its cells is blue.

    shape: of the drawing. net: pixels a side. Returns what is shown in the room.
    """
    rows, columns = box
    labels = np.zeros(shape, np.int32)
    labels[box] = 1
    placement = place(shape, (net, net))
    y = placement.rows(shape[0], of=net)[rows]
    x = placement.columns(shape[1], of=net)[columns]
    layer = plain((net, net), *BLUE)
    layer[y[0] : y[-1] + 1, x[0] : x[-1] + 1] = (255, 0, 0)
    layer[(y[0] + y[-1] + 1) // 2 : y[-1] + 1, x[0] : x[-1] + 1, 1] = 255
    blank = np.full((net, net), 255, np.uint8)
    layered = Painted(layer=layer, working=blank, placement=placement)
    # All ink: over paper, the room would join what is around it where their colours are alike.
    return flats(labels, layered, lineart=np.zeros(shape, np.uint8))[box]


@pytest.mark.parametrize("end", [219, 238, 295])
def test_a_region_ends_where_a_pixels_middle_lies_on_the_border_of_two_cells(end):
    """304 pixels are 32 cells of 9.5: the middles of columns 218, 237 and 294 lie on borders."""
    room = yellow_in_blue((600, 304), 64, np.s_[100:500, 155:end])
    assert (room[..., 0] == 255).all()
    assert (room[..., 2] == 0).all()
    assert {0, 255} <= set(room[..., 1].reshape(-1).tolist())


@settings(deadline=None, max_examples=60)
@given(st.tuples(st.integers(2, 300), st.integers(2, 300)), st.integers(1, 40), st.data())
def test_a_smooth_region_has_its_own_cells_in_a_drawing_of_any_size(shape, net, data):
    begins = [data.draw(st.integers(0, side - 1)) for side in shape]
    ends = [
        data.draw(st.integers(*ends))
        for ends in zip(np.add(begins, 1).tolist(), shape, strict=True)
    ]
    rows, columns = map(slice, begins, ends)
    room = yellow_in_blue(shape, net, (rows, columns))
    assert (room[..., 0] == 255).all()
    assert (room[..., 2] == 0).all()


def test_a_page_stays_plain_where_the_net_is_a_little_off():
    noise = np.random.default_rng(0).integers(250, 256, (12, 12, 3), np.uint8)
    assert (colored(box(), noise) == 255).all()


WEAK, STRONG = (200, 190, 160), (90, 60, 20)


def figure_on_a_page(*painted_cells):
    """A figure of three lines, open below, and a white layer of 12 x 12 cells, some painted."""
    lineart, layer = np.full((96, 96), 255, np.uint8), plain((12, 12), 255, 255, 255)
    lineart[16:24, 16:80] = 0
    lineart[16:80, 16:24] = lineart[16:80, 72:80] = 0
    for cells, color in painted_cells:
        layer[cells] = color
    return lineart, layer


INSIDE, BELOW = np.s_[3:10, 3:9], np.s_[11:12, 3:9]


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ([(INSIDE, STRONG)], 90),
        ([(INSIDE, WEAK)], 255),
        ([(BELOW, STRONG)], 255),  # nothing encloses it
        ([(INSIDE, (225, 215, 195)), (np.s_[3:5, 3:9], STRONG)], 255),  # it fades
    ],
    ids=["figure", "weak", "open", "fading"],
)
def test_a_smear_on_the_page_goes_and_a_figure_on_it_stays(cells, shown):
    lineart, layer = figure_on_a_page(*cells)
    row = 8 * cells[-1][0][0].start + 4
    assert colored(lineart, layer, working=lineart[4::8, 4::8])[row, 44, 0] == shown


def test_where_somebody_gave_a_hint_everything_strong_stays():
    lineart, layer = figure_on_a_page((BELOW, STRONG))
    hints = np.zeros((96, 96, 4), np.uint8)
    hints[40, 40] = (*RED, 255)  # for the figure
    assert colored(lineart, layer, hints=hints, working=lineart[4::8, 4::8])[92, 44, 0] == 90


def test_a_page_that_is_hinted_in_its_own_colour_is_that_colour_everywhere():
    lineart = np.full((96, 96), 255, np.uint8)
    lineart[40:44, 20:60] = 0  # a stroke that bounds nothing
    layer = plain((12, 12), *BLUE)
    layer[:3, :3] = RED
    hints = np.zeros((96, 96, 4), np.uint8)
    hints[88, 88] = (22, 42, 218, 255)
    assert (colored(lineart, layer, hints=hints) == (22, 42, 218)).all()


def test_several_hints_in_one_room_part_it_half_way():
    hints = np.zeros((96, 96, 4), np.uint8)
    hints[22, 30], hints[72, 30] = (0, 200, 0, 255), (200, 0, 200, 255)
    room = colored(box(), halves(), hints=hints)[20:76, 20:46]
    assert (room[:26] == (0, 200, 0)).all()
    assert (room[29:] == (200, 0, 200)).all()


def test_the_smooth_layer_is_the_layer_enlarged():
    layer = halves()
    result = smooth_layer(painted(layer), (96, 96))
    assert result.shape == (96, 96, 3)
    np.testing.assert_array_equal(result[:, 8:32], plain((96, 24), *RED))
    assert not (result == layer[0, 0]).all()


@pytest.mark.parametrize("scale", [0.5, 1.0, 3.7])
def test_a_drawing_smaller_or_hardly_larger_than_the_working_picture_is_colored_too(scale):
    lineart = box()
    layer = np.repeat(np.repeat(halves(), 16, 0), 16, 1)
    assert colored(lineart, layer, scale=scale).shape == (96, 96, 3)


@settings(deadline=None, max_examples=60)
@given(ANY_DRAWING, st.integers(0, 2**32 - 1), st.sampled_from([0.4, 1.0, 2.5, 9.0]))
def test_any_drawing_is_colored_and_its_ink_is_left_as_it_is(lineart, seed, scale):
    rng = np.random.default_rng(seed)
    layer = rng.integers(0, 256, (*rng.integers(1, 9, 2), 3), np.uint8)
    hints = rng.integers(0, 256, (*lineart.shape, 4), np.uint8)
    hints[rng.random(lineart.shape) < 0.9] = 0
    before = lineart.copy()
    result = colored(lineart, layer, hints=hints, line_width=2.0, scale=scale)
    assert result.shape == (*lineart.shape, 3)
    assert result.dtype == np.uint8
    np.testing.assert_array_equal(lineart, before)
    assert (under_ink(result, lineart)[lineart == 0] == 0).all()


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32 - 1))
def test_no_color_crosses_a_closed_line(seed):
    """What lies in the rooms of the layer changes nothing in the other room."""
    rng = np.random.default_rng(seed)
    one = rng.integers(0, 256, (12, 12, 3), np.uint8)
    other = one.copy()
    other[:, 6:] = rng.integers(0, 256, (12, 6, 3), np.uint8)
    lineart = box()
    left = label(lineart >= 192)[0] == label(lineart >= 192)[0][48, 30]
    first, second = (colored(lineart, layer)[left] for layer in (one, other))
    np.testing.assert_array_equal(first, second)
