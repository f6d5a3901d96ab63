import os
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.data.sources.candidate import DrawOptions
from training.data.sources.folders import folder_candidates
from training.errors import DataError, PictureError

AT_32 = DrawOptions(size=(32, 32), variants=3, seed=0)


def save(path, pixels):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.asarray(pixels, np.uint8)).save(path)
    return path


def picture(height=40, width=40, color=(200, 40, 40)):
    """A coloured box with a black outline on white."""
    pixels = np.full((height, width, 3), 255, np.uint8)
    pixels[8:-8, 8:-8] = 0
    pixels[11:-11, 11:-11] = color
    return pixels


def test_what_a_folder_holds_is_never_guessed(tmp_path):
    save(tmp_path / "a.png", picture())
    with pytest.raises(DataError, match="--kind color .* --kind side-by-side"):
        folder_candidates(str(tmp_path))
    with pytest.raises(DataError, match="--line-side left or --line-side right"):
        folder_candidates(str(tmp_path), kind="side-by-side")


def test_pairs_need_both_folders(tmp_path):
    save(tmp_path / "color" / "a.png", picture())
    with pytest.raises(DataError, match="lineart/ is not"):
        folder_candidates(str(tmp_path), kind="pairs")


def test_colour_pictures_are_found_at_any_depth_without_hidden_files(tmp_path):
    for name in ("b.png", "sub/a.jpg", "sub/deep/c.PNG"):
        save(tmp_path / name, picture())
    (tmp_path / "notes.txt").write_text("not a picture, and said to be none when it is read")
    save(tmp_path / ".thumbnails" / "b.png", picture())
    (tmp_path / ".DS_Store").write_bytes(b"x")
    found = folder_candidates(str(tmp_path), kind="color")
    names = [candidate.id.removeprefix(f"{tmp_path.name}/") for candidate in found.candidates]
    assert sorted(names) == ["b.png", "notes.txt", "sub/a.jpg", "sub/deep/c.PNG"]


def test_a_source_whose_name_is_not_utf_8_is_refused(tmp_path):
    folder = tmp_path / os.fsdecode(b"\xff")
    try:
        save(folder / "a.png", picture())
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    with pytest.raises(DataError, match=r"\\xff: expected a name in UTF-8"):
        folder_candidates(str(folder), kind="color")


@pytest.mark.parametrize("kind", ["color", "side-by-side", "pairs"])
def test_every_kind_of_folder_follows_links_and_lists_what_it_cannot_read(tmp_path, kind):
    source = tmp_path / "source"
    source.mkdir()
    roles = ("lineart", "color") if kind == "pairs" else (".",)
    for role in roles:
        save(tmp_path / "elsewhere" / role / "a.png", picture(40, 80))
        (source / role).mkdir(exist_ok=True)
        (source / role / "linked").symlink_to(tmp_path / "elsewhere" / role)
        (source / role / "gone.png").symlink_to("nowhere")
    found = folder_candidates(str(source), kind=kind, line_side="left")
    assert [candidate.group for candidate in found.candidates] == ["linked/a"]
    assert {os.path.relpath(r.file, source) for r in found.rejections} == {
        str(Path(role) / "gone.png") for role in roles
    }


def test_the_group_outlives_a_move_and_another_format(tmp_path):
    save(tmp_path / "one" / "Sub" / "a.png", picture())
    save(tmp_path / "two" / "sub" / "A.jpg", picture())
    groups = {
        folder_candidates(str(tmp_path / name), kind="color").candidates[0].group
        for name in ("one", "two")
    }
    assert groups == {"sub/a"}


def test_line_art_is_extracted_in_seeded_variants(tmp_path):
    save(tmp_path / "a.png", picture(120, 120))
    (candidate,) = folder_candidates(str(tmp_path), kind="color").candidates
    pair = candidate.draw(AT_32)
    assert pair.color.shape == (32, 32, 3)
    assert len(pair.lineart) == len(pair.extractors) == 3
    assert len({lineart.tobytes() for lineart in pair.lineart}) == 3
    again, other = (
        candidate.draw(AT_32),
        candidate.draw(DrawOptions(size=(32, 32), variants=3, seed=1)),
    )
    assert [a.tobytes() for a in again.lineart] == [a.tobytes() for a in pair.lineart]
    assert [a.tobytes() for a in other.lineart] != [a.tobytes() for a in pair.lineart]


def test_a_rectangle_holds_the_whole_picture_as_large_as_fits(tmp_path):
    save(tmp_path / "a.png", picture(120, 120))
    (candidate,) = folder_candidates(str(tmp_path), kind="color").candidates
    square = candidate.draw(AT_32)
    wide = candidate.draw(DrawOptions(size=(32, 64), variants=3, seed=0))
    np.testing.assert_array_equal(wide.color[:, 16:48], square.color)
    for lineart in wide.lineart:
        assert lineart.shape == (32, 64) and lineart[:, 16:48].min() < 255
        assert lineart[:, :16].min() == lineart[:, 48:].min() == 255  # paper beside it


def test_more_variants_keep_the_first_ones(tmp_path):
    save(tmp_path / "a.png", picture(120, 120))
    (candidate,) = folder_candidates(str(tmp_path), kind="color").candidates
    few = candidate.draw(DrawOptions(size=(32, 32), variants=2, seed=0))
    many = candidate.draw(DrawOptions(size=(32, 32), variants=5, seed=0))
    assert [a.tobytes() for a in many.lineart[:2]] == [a.tobytes() for a in few.lineart]


def test_the_edge_of_the_picture_is_no_line(tmp_path):
    wide = np.full((40, 80, 3), (90, 120, 60), np.uint8)  # darker than the paper beside it
    wide[18:22, 10:70] = 0
    save(tmp_path / "a.png", wide)
    (candidate,) = folder_candidates(str(tmp_path), kind="color").candidates
    for lineart in candidate.draw(DrawOptions(size=(40, 40), variants=6, seed=0)).lineart:
        assert lineart[:16].min() > 250, "paper, the edge at row 10 and the flat field below"
        assert lineart[20, 20] < 250, "the line itself"


def test_a_picture_too_small_is_named(tmp_path):
    save(tmp_path / "a.png", picture(31, 30))
    (candidate,) = folder_candidates(str(tmp_path), kind="color").candidates
    with pytest.raises(PictureError, match="too small: expected 32 .* received 30 x 31"):
        candidate.draw(AT_32)


def test_pairs_are_matched_by_stem_and_orphans_are_listed(tmp_path):
    save(tmp_path / "lineart" / "a.png", picture()[..., 0])
    save(tmp_path / "color" / "a.jpg", picture())
    save(tmp_path / "lineart" / "sub" / "b.png", picture()[..., 0])
    save(tmp_path / "color" / "sub" / "b.png", picture())
    save(tmp_path / "color" / "b.png", picture())  # another folder: not the partner of sub/b
    save(tmp_path / "lineart" / "c.png", picture()[..., 0])
    save(tmp_path / "lineart" / "d.png", picture()[..., 0])
    for suffix in ("png", "jpg"):
        save(tmp_path / "color" / f"d.{suffix}", picture())
    found = folder_candidates(str(tmp_path))
    assert found.kind == "pairs"
    assert [c.id for c in found.candidates] == [f"{tmp_path.name}/{n}" for n in ("a", "sub/b")]
    rejected = {os.path.relpath(r.file, tmp_path): r.reason for r in found.rejections}
    assert sorted(rejected) == [
        "color/b.png",
        "color/d.jpg",
        "color/d.png",
        "lineart/c.png",
        "lineart/d.png",
    ]
    assert "'c' in each folder, received 1 in lineart/ and 0 in color/" in rejected["lineart/c.png"]
    assert "1 in lineart/ and 2 in color/" in rejected["color/d.jpg"]


ACCENTED = (
    "pok\u00e9mon",
    "\u30d7\u30ea\u30ad\u30e5\u30a2",
    "\uac00\ub098/\u00c5ngstr\u00f6m",
    "plain",
)


def spelled(form, name):
    return unicodedata.normalize(form, name)


def test_pairs_match_across_the_spellings_of_a_name(tmp_path):
    for name in ACCENTED:
        save(tmp_path / "lineart" / f"{spelled('NFD', name)}.png", picture()[..., 0])
        save(tmp_path / "color" / f"{spelled('NFC', name)}.png", picture())
    if len(list((tmp_path / "color").iterdir())) != len(ACCENTED):
        pytest.skip("this file system has one spelling of its own")
    found = folder_candidates(str(tmp_path))
    assert not found.rejections
    assert {c.group for c in found.candidates} == {name.casefold() for name in ACCENTED}
    assert all(c.draw(AT_32).color.shape == (32, 32, 3) for c in found.candidates)


@pytest.mark.parametrize("kind", ["color", "side-by-side"])
def test_a_copy_through_a_mac_changes_no_key(tmp_path, kind):
    keys = []
    for form in ("NFC", "NFD"):
        folder = tmp_path / form / spelled(form, "dessins d'été")
        for name in ACCENTED:
            save(folder / f"{spelled(form, name)}.png", picture())
        found = folder_candidates(str(folder), kind=kind, line_side="left")
        keys.append(sorted((c.id, c.group) for c in found.candidates))
    assert keys[0] == keys[1]
    # What has always been the key of a name that is NFC already.
    assert {group for _, group in keys[0]} == {name.casefold() for name in ACCENTED}


def test_two_spellings_of_one_name_in_one_folder_are_rejected_by_that_name(tmp_path):
    for form in ("NFC", "NFD"):
        save(tmp_path / f"{spelled(form, ACCENTED[0])}.png", picture())
    save(tmp_path / "plain.png", picture())
    if len(list(tmp_path.iterdir())) != 3:
        pytest.skip("this file system holds one spelling only")
    found = folder_candidates(str(tmp_path), kind="color")
    assert [c.group for c in found.candidates] == ["plain"]
    assert len(found.rejections) == 2
    assert all("'pokémon.png' in 2 Unicode spellings" in r.reason for r in found.rejections)


def test_a_drawn_pair_is_kept_as_drawn(tmp_path):
    line = np.full((32, 32), 255, np.uint8)
    line[16] = 7
    save(tmp_path / "lineart" / "a.png", line)
    save(tmp_path / "color" / "a.png", picture(32, 32))
    (candidate,) = folder_candidates(str(tmp_path)).candidates
    pair = candidate.draw(AT_32)
    assert pair.layer is None, "nobody drew what lies below the ink"
    np.testing.assert_array_equal(pair.lineart[0], line)
    np.testing.assert_array_equal(pair.color, picture(32, 32))
    assert pair.extractors == ("drawn",)


def test_a_pair_of_one_shape_in_two_sizes_fits(tmp_path):
    save(tmp_path / "lineart" / "a.png", picture(101, 67)[..., 0])
    save(tmp_path / "color" / "a.png", picture(50, 33))
    (candidate,) = folder_candidates(str(tmp_path)).candidates
    assert candidate.draw(AT_32).lineart[0].shape == (32, 32)


def test_a_pair_of_two_shapes_is_rejected(tmp_path):
    save(tmp_path / "lineart" / "a.png", picture(40, 60)[..., 0])
    save(tmp_path / "color" / "a.png", picture(40, 50))
    (candidate,) = folder_candidates(str(tmp_path)).candidates
    with pytest.raises(PictureError, match="same shape, received 60 x 40 and 50 x 40"):
        candidate.draw(AT_32)


@pytest.mark.parametrize("side", ["left", "right"])
def test_side_by_side_pictures_are_cut_in_the_middle(tmp_path, side):
    color, line = picture(32, 32), np.repeat(picture(32, 32)[..., :1], 3, axis=-1)
    line[:] = 255
    line[5] = 0
    save(tmp_path / "a.png", np.hstack([line, color] if side == "left" else [color, line]))
    (candidate,) = folder_candidates(str(tmp_path), kind="side-by-side", line_side=side).candidates
    pair = candidate.draw(AT_32)
    np.testing.assert_array_equal(pair.color, color)
    np.testing.assert_array_equal(pair.lineart[0], line[..., 0])


def test_a_side_by_side_picture_of_odd_width_is_rejected(tmp_path):
    save(tmp_path / "a.png", picture(40, 81))
    (candidate,) = folder_candidates(
        str(tmp_path), kind="side-by-side", line_side="left"
    ).candidates
    with pytest.raises(PictureError, match="equal width, received 81 pixels"):
        candidate.draw(AT_32)


def test_a_broken_file_is_a_picture_error_when_it_is_drawn(tmp_path):
    (tmp_path / "a.png").write_text("no picture")
    (candidate,) = folder_candidates(str(tmp_path), kind="color").candidates
    with pytest.raises(PictureError, match="expected a picture"):
        candidate.draw(AT_32)
