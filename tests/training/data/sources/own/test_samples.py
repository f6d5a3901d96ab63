import io
import tarfile

import numpy as np
import pytest
from PIL import Image

from training.data.sources.candidate import DrawOptions
from training.data.sources.own.samples import archive_candidates
from training.data.sources.own.tags import Exclusion
from training.errors import DataError

AT_32 = DrawOptions(size=(32, 32), variants=1, seed=0)


def png(value=200):
    pixels = np.full((40, 40, 3), 255, np.uint8)
    pixels[8:-8, 8:-8] = 0
    pixels[11:-11, 11:-11] = (value, 40, 40)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def tar(path, files):
    with tarfile.open(path, "w") as out:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            out.addfile(info, io.BytesIO(data))
    return path


def test_samples_are_keyed_by_their_names_to_the_first_dot(tmp_path):
    files = {"a/0001.png": png(), "a/0001.json": b"{}", "a/0001.cls": b"3", "0002.PNG": png()}
    found = archive_candidates("s", [tar(tmp_path / "x.tar", files)], kind="color")
    assert [(c.id, c.group) for c in found.candidates] == [
        ("x.tar/a/0001", "a/0001"),
        ("x.tar/0002", "0002"),
    ]
    assert not found.rejections
    assert found.candidates[0].draw(AT_32).color.shape == (32, 32, 3)


def test_packed_otherwise_a_collection_is_split_alike(tmp_path):
    one = tar(tmp_path / "one.tar", {"1.png": png(), "2.png": png()})
    two = [tar(tmp_path / f"{n}.tar", {f"{n}.png": png()}) for n in (1, 2)]
    groups = [
        sorted(c.group for c in archive_candidates("s", archives, kind="color").candidates)
        for archives in ([one], two)
    ]
    assert groups[0] == groups[1] == ["1", "2"]


def test_pairs_are_seen_by_their_names(tmp_path):
    files = {"1.lineart.png": png(0), "1.color.png": png(), "1.txt": b"a sky"}
    found = archive_candidates("s", [tar(tmp_path / "x.tar", files)])
    assert found.kind == "pairs"
    (candidate,) = found.candidates
    pair = candidate.draw(AT_32)
    assert pair.extractors == ("drawn",)
    assert tuple(pair.color[16, 16]) == (200, 40, 40)
    assert pair.shape == (40, 40)


def test_what_is_neither_is_never_guessed(tmp_path):
    archive = tar(tmp_path / "x.tar", {"1.png": png()})
    with pytest.raises(DataError, match="--kind color .* --kind side-by-side"):
        archive_candidates("s", [archive])
    with pytest.raises(DataError, match="--line-side left or --line-side right"):
        archive_candidates("s", [archive], kind="side-by-side")
    with pytest.raises(DataError, match="expected a tar of pictures, received none"):
        archive_candidates("s", [tar(tmp_path / "empty.tar", {})])


def test_an_incomplete_sample_is_a_row(tmp_path):
    files = {"1.png": png(), "1.jpg": png(), "2.txt": b"x", "3.npy": b"x", "4.png": png()}
    found = archive_candidates("s", [tar(tmp_path / "x.tar", files)], kind="color")
    assert [c.group for c in found.candidates] == ["4"]
    reasons = {r.file.removeprefix(f"{tmp_path}/x.tar/"): r.reason for r in found.rejections}
    assert "received 2" in reasons["1.png"]
    assert "received 0" in reasons["2"]
    assert "received another name" in reasons["3.npy"]


def test_notes_exclude_a_sample_and_one_without_notes_is_left_out(tmp_path):
    files = {
        "1.png": png(),
        "1.json": b'{"tags": ["sky"]}',
        "2.png": png(),
        "2.txt": b"a Comic, sky",
        "3.png": png(),
        "4.png": png(),
        "4.json": b"[" * 90_000,
    }
    archive = tar(tmp_path / "x.tar", files)
    found = archive_candidates(
        "s", [archive], kind="color", exclusion=Exclusion(words=frozenset({"comic"}))
    )
    assert [c.group for c in found.candidates] == ["1"]
    reasons = [r.reason for r in sorted(found.rejections, key=lambda r: r.file)]
    assert "tags: comic" in reasons[0]
    assert "tags are not known" in reasons[1]
    assert "expected a JSON object" in reasons[2]
