import numpy as np
import pytest

from benchmarks import tiling_agreement
from benchmarks.tiles.canvas import draw_canvas, on_paper
from benchmarks.tiles.tiling import blend_tiles, cut_tiles, plan_tiles
from benchmarks.tiling_agreement import Agreement, join_centres, main, painted_once


def by_itself(tiles: np.ndarray) -> np.ndarray:
    """Paint each pixel by its own grey: where a tile begins changes nothing."""
    return np.stack([tiles, 255 - tiles, tiles // 3], axis=-1)


def by_its_neighbours(tiles: np.ndarray) -> np.ndarray:
    """Paint the darkest of 3 x 3 pixels, paper beyond the edge: a network that sees 1 pixel far."""
    padded = np.pad(tiles, ((0, 0), (1, 1), (1, 1)), constant_values=255)
    height, width = tiles.shape[1:]
    seen = [padded[:, y : y + height, x : x + width] for y in range(3) for x in range(3)]
    return by_itself(np.min(seen, axis=0))


@pytest.mark.parametrize("tile", [64, 128, 256])
def test_a_canvas_of_1000_x_700_is_tiled_to_the_bit_by_what_looks_at_each_pixel_alone(tile: int):
    canvas = draw_canvas(700, 1000)
    plan = plan_tiles(700, 1000, tile=tile)
    tiled = blend_tiles(by_itself(cut_tiles(canvas, plan)), plan)
    np.testing.assert_array_equal(tiled, by_itself(canvas[np.newaxis])[0])


def test_what_looks_one_pixel_far_is_tiled_to_the_bit_away_from_seams_and_in_the_centres():
    canvas = draw_canvas(700, 1000)
    plan = plan_tiles(700, 1000, tile=64)
    painted = by_its_neighbours(cut_tiles(canvas, plan))
    untiled = by_its_neighbours(canvas[np.newaxis])[0]
    tiled, away = blend_tiles(painted, plan), painted_once(plan)
    assert 0.3 < away.mean() < 0.5
    np.testing.assert_array_equal(tiled[away], untiled[away])
    assert (tiled != untiled).any()  # at the rim of a tile, which sees paper where there is ink
    np.testing.assert_array_equal(join_centres(painted, plan), untiled)


def test_pixels_that_one_tile_paints_are_away_from_seams():
    # Rows: one tile of 4 over 3 pixels. Columns: tiles at 0 and 3 of 7, so pixel 3 has both.
    assert (
        painted_once(plan_tiles(3, 7, tile=4, overlap=1)).tolist()
        == [[True, True, True, False, True, True, True]] * 3
    )


def test_the_tiny_network_is_measured_with_its_control_and_fails_honestly(tiny_run, capsys):
    # Random weights under instance normalization: tiles cannot agree with the whole.
    assert main([str(tiny_run), "--height", "96", "--width", "128"]) == 1
    out = capsys.readouterr().out
    assert out.splitlines()[-1].startswith("FAIL: ")
    assert "< 45 dB away from seams" in out
    assert "untiled, moved down by 1 and right by 1" in out
    assert "one pass at 32 pixels, enlarged" in out


def test_statistics_of_the_whole_drawing_change_nothing_for_the_whole_drawing(tiny_run):
    from benchmarks.tiles.whole_statistics import with_statistics_of
    from training.picture.colorizer import colorize_pixels
    from training.run.checkpoint import find_checkpoint, load_generator

    generator = load_generator(find_checkpoint(tiny_run))
    canvas = on_paper(draw_canvas(90, 120), multiple=32)
    held = with_statistics_of(canvas, generator)
    whole = colorize_pixels(generator, canvas[np.newaxis]).astype(int)
    assert np.abs(colorize_pixels(held, canvas[np.newaxis]) - whole).max() <= 1
    # Of another drawing they do: its own statistics are not used.
    paper = np.full_like(canvas, 255)
    own, shared = (colorize_pixels(net, paper[np.newaxis]) for net in (generator, held))
    assert np.abs(own.astype(int) - shared).max() > 1


def agreement(away_db: float | None) -> Agreement:
    return Agreement(
        way="made up",
        tiles=1,
        aligned=True,
        away_db=away_db,
        away_share=0.5,
        everywhere_db=30.0,
        centres_db=30.0,
    )


@pytest.mark.parametrize(("db", "status"), [(45.0, 0), (44.9, 1), (float("inf"), 0)])
def test_the_gate_is_45_db_where_the_app_tiles(monkeypatch, capsys, db: float, status: int):
    rows = [agreement(db), agreement(99.0), agreement(99.0)]
    monkeypatch.setattr(tiling_agreement, "measure", lambda *_, **__: rows)
    assert main(["any"]) == status
    assert capsys.readouterr().out.splitlines()[-1].startswith("pass" if status == 0 else "FAIL")


def test_where_every_pixel_is_a_seam_nothing_is_judged(monkeypatch, capsys):
    monkeypatch.setattr(tiling_agreement, "measure", lambda *_, **__: [agreement(None)] * 3)
    assert main(["any"]) == 2
    assert "no pixel is away from a seam" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [(["--overlap", "17"], "expected 0 to 16"), (["--width", "30"], "expected a canvas of 40 x")],
)
def test_impossible_options_are_refused(tiny_run, capsys, options: list[str], said: str):
    assert main([str(tiny_run), *options]) == 2
    assert said in capsys.readouterr().err
