import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from training.picture.working.pooling import darkest_of_blocks, hints_of_blocks

RED, BLUE = (200, 30, 40, 255), (20, 60, 220, 255)


def nothing(height, width):
    return np.zeros((height, width, 4), np.uint8)


def test_the_darkest_of_each_block_remains():
    lineart = np.full((4, 6), 255, np.uint8)
    lineart[1, 2], lineart[3, 5] = 7, 9
    np.testing.assert_array_equal(
        darkest_of_blocks(lineart, (2, 3)), [[255, 7, 255], [255, 255, 9]]
    )


@given(st.integers(1, 20), st.integers(1, 20), st.integers(1, 20), st.integers(1, 20))
def test_no_dark_pixel_is_lost(height, width, rows, columns):
    rng = np.random.default_rng(height * width)
    lineart = np.where(rng.random((height, width)) < 0.1, 0, 255).astype(np.uint8)
    pooled = darkest_of_blocks(lineart, (rows, columns))
    assert pooled.shape == (min(height, rows), min(width, columns))
    for y, x in np.argwhere(lineart == 0):
        # The block that a pixel lies in, or itself where a side is not shrunk.
        row = next(r for r in range(len(pooled)) if y < (r + 1) * height // len(pooled))
        column = next(c for c in range(pooled.shape[1]) if x < (c + 1) * width // pooled.shape[1])
        assert pooled[row, column] == 0


def test_a_hint_of_one_pixel_remains():
    hints = nothing(400, 300)
    hints[317, 123] = RED
    pooled = hints_of_blocks(hints, (8, 6))
    assert np.argwhere(pooled[..., 3]).tolist() == [[317 * 8 // 400, 123 * 6 // 300]]
    assert tuple(pooled[6, 2]) == RED


def test_a_hairline_remains_as_a_line():
    hints = nothing(64, 64)
    hints[5, 2:62] = RED
    pooled = hints_of_blocks(hints, (8, 8))
    np.testing.assert_array_equal(pooled[0, :, 3], 255)
    assert pooled[1:].max() == 0


def test_a_broad_stroke_does_not_grow():
    hints = nothing(64, 64)
    hints[6:34] = RED  # a quarter of the first row of blocks, and of the fifth
    pooled = hints_of_blocks(hints, (8, 8))
    np.testing.assert_array_equal(pooled[:, 0, 3] > 0, [0, 1, 1, 1, 0, 0, 0, 0])


def test_a_dot_beside_a_stroke_of_another_colour_remains():
    hints = nothing(64, 64)
    hints[8:32] = RED
    hints[34, 20] = BLUE
    pooled = hints_of_blocks(hints, (8, 8))
    assert tuple(pooled[4, 2]) == BLUE


def test_a_hint_has_a_colour_that_was_drawn_and_no_mixture():
    hints = nothing(8, 8)
    hints[:, :5], hints[:, 5:] = RED, BLUE
    pooled = hints_of_blocks(hints, (1, 1))
    assert tuple(pooled[0, 0]) == RED  # the middle of the block


def test_what_is_less_than_half_opaque_is_no_hint():
    hints = nothing(8, 8)
    hints[..., :3], hints[..., 3] = 99, 127
    assert hints_of_blocks(hints, (2, 2)).max() == 0


def test_hints_that_grow_cover_the_same_share():
    hints = nothing(2, 3)
    hints[1, 2] = BLUE
    pooled = hints_of_blocks(hints, (4, 6))
    expected = nothing(4, 6)
    expected[2:, 4:] = BLUE
    np.testing.assert_array_equal(pooled, expected)


@settings(deadline=None)
@given(
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    st.tuples(st.integers(1, 12), st.integers(1, 12)),
    st.integers(0, 99),
)
def test_of_every_colour_that_was_drawn_something_remains_near_by(shape, smaller, seed):
    rng = np.random.default_rng(seed)
    hints = nothing(*shape)
    palette = np.array([(0, 0, 0), (255, 0, 0), (0, 0, 255)], np.uint8)
    given = rng.random(shape) < 0.05
    hints[given] = 255
    hints[given, :3] = palette[rng.integers(0, 3, given.sum())]
    pooled = hints_of_blocks(hints, smaller)
    assert pooled.shape == (*smaller, 4)
    assert set(np.unique(pooled[..., 3])) <= {0, 255}
    assert (pooled[pooled[..., 3] == 0] == 0).all()
    drawn = {tuple(color) for color in hints[given]}
    assert {tuple(color) for color in pooled[pooled[..., 3] > 0]} <= drawn
    blocks = [
        {y * rows // side for y in np.flatnonzero(given.any(axis=1 - axis))}
        for axis, (rows, side) in enumerate(zip(smaller, shape, strict=True))
    ]
    for axis, among in enumerate(blocks):
        kept = np.flatnonzero(pooled[..., 3].any(axis=1 - axis))
        assert all(min(abs(kept - block)) <= 1 + smaller[axis] // shape[axis] for block in among)
