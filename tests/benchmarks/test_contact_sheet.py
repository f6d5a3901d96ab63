import numpy as np
import pytest
from PIL import Image

from benchmarks.contact_sheet import Options, contact_sheet, main, sampled
from training.data.records import PairRecord, encode_png
from training.data.shards import DataDescription
from training.data.writing import ShardWriter
from training.errors import ConfigError

SIZE = 16
GUTTER = 1  # a sixteenth of 16 pixels


def record(name, *, lines=1, layer=True):
    """A pair whose line drawings are 10, 20, ..., whose layer is green and whose colour is red."""
    grey = [encode_png(np.full((SIZE, SIZE), 10 * (n + 1), np.uint8)) for n in range(lines)]
    green, red = (np.full((SIZE, SIZE, 3), c, np.uint8) for c in ((0, 200, 0), (200, 0, 0)))
    return PairRecord(
        id=name,
        color=encode_png(red),
        lineart=tuple(grey),
        extractors=("drawn",) * lines,
        layer=encode_png(green) if layer else None,
    )


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    with ShardWriter(folder) as writer:
        for name in ("openmoji/1", "mine/sub/a.png"):
            writer.write(record(name), split="train")
        writer.write(record("openmoji/2"), split="validation")
        writer.write_manifest(
            DataDescription(
                size=SIZE,
                kind="color",
                source="numbers",
                licence="CC0-1.0",
                credit="the tests",
                extractors="drawn",
                variants=1,
                validation_share=0.5,
                seed=0,
                rejected=0,
            )
        )
    return folder


def test_a_row_is_a_pair_line_drawings_layer_and_colour():
    sheet = contact_sheet([record("a/1", lines=3), record("a/2", layer=False)])
    assert sheet.shape == (2 * (SIZE + GUTTER) + GUTTER, 5 * (SIZE + GUTTER) + GUTTER, 3)
    middles = sheet[GUTTER + SIZE // 2 :: SIZE + GUTTER, GUTTER + SIZE // 2 :: SIZE + GUTTER]
    white, red, green = (255,) * 3, (200, 0, 0), (0, 200, 0)
    np.testing.assert_array_equal(middles[0], [(10,) * 3, (20,) * 3, (30,) * 3, green, red])
    np.testing.assert_array_equal(middles[1], [(10,) * 3, white, white, white, red])


def test_the_folders_of_a_source_take_turns():
    names = ["p/x/1", "p/x/2", "p/x/3", "p/y/1", "q/1"]
    chosen = sampled([record(name) for name in names], 3)
    assert {k: [r.id for r in v] for k, v in chosen.items()} == {
        "p": ["p/x/1", "p/y/1", "p/x/2"],
        "q": ["q/1"],
    }


def test_the_command_writes_a_picture_for_each_source_once(data, tmp_path, capsys):
    words = [str(data), "-o", str(tmp_path / "out")]
    assert main(words) == 0
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert written == ["source-mine.png", "source-openmoji.png"]
    assert capsys.readouterr().out.splitlines()[-1].endswith("source-openmoji.png")
    assert Image.open(tmp_path / "out" / "source-mine.png").size == (52, 18)
    assert main(words) == 2
    assert "already exists" in capsys.readouterr().err


def test_no_rows_are_refused(tmp_path):
    with pytest.raises(ConfigError, match="rows: expected at least 1, received 0"):
        Options(data=tmp_path, output=tmp_path, rows=0)


def test_what_a_preset_shows_has_three_columns_twice_where_it_takes_hints(tiny_data, tmp_path):
    for preset, columns in (("mobile", 6), ("l1", 4)):
        assert main([str(tiny_data), "-o", str(tmp_path), "--preset", preset, "--rows", "3"]) == 0
        with Image.open(tmp_path / f"shown-{preset}.png") as sheet:
            assert sheet.size == (columns * (32 + 2) + 2, 3 * (32 + 2) + 2)


def test_an_unknown_preset_is_refused_with_the_list_of_known_ones(tmp_path):
    with pytest.raises(ConfigError, match="preset: expected one of l1, .*mobile, received 'moble'"):
        Options(data=tmp_path, output=tmp_path, preset="moble")
