import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.data.sources.files import every_file, fault_of_name, list_files
from training.errors import DataError

NOT_UTF8 = os.fsdecode(b"\xff.png")


def write(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


def names(folder: Path) -> list[str]:
    return [file.relative_to(folder).as_posix() for file in list_files(folder).files]


def rejected(folder: Path) -> dict[str, str]:
    return {os.path.relpath(r.file, folder): r.reason for r in list_files(folder).rejections}


def test_files_at_any_depth_are_sorted_and_hidden_ones_left_out(tmp_path: Path):
    for name in ("b.png", "a/z.png", "a/b/c.txt", ".hidden.png", "a/.thumbnails/b.png"):
        write(tmp_path / name)
    assert names(tmp_path) == ["a/b/c.txt", "a/z.png", "b.png"]
    assert rejected(tmp_path) == {}


def test_a_linked_folder_is_read_like_any_other(tmp_path: Path):
    write(tmp_path / "elsewhere" / "deep" / "a.png")
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "linked").symlink_to(tmp_path / "elsewhere")
    assert names(tmp_path / "source") == ["linked/deep/a.png"]


def test_a_linked_file_is_a_file(tmp_path: Path):
    original = write(tmp_path / "a.png")
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "b.png").symlink_to(original)
    assert names(tmp_path / "source") == ["b.png"]


@pytest.mark.parametrize("target", [".", "..", "../.."], ids=["itself", "parent", "grandparent"])
def test_a_link_to_where_one_came_from_ends_there_by_name(tmp_path: Path, target: str):
    write(tmp_path / "source" / "sub" / "a.png")
    (tmp_path / "source" / "sub" / "again").symlink_to(target)
    found = names(tmp_path / "source")
    assert found == ["sub/a.png"]
    (name,) = rejected(tmp_path / "source")
    assert name.startswith("sub/again")
    assert "under another name" in rejected(tmp_path / "source")[name]


def test_a_folder_that_is_there_twice_is_read_under_its_own_name(tmp_path: Path):
    write(tmp_path / "real" / "a.png")
    (tmp_path / "a-link").symlink_to("real")
    (tmp_path / "another").symlink_to("real")
    assert names(tmp_path) == ["real/a.png"]
    assert sorted(rejected(tmp_path)) == ["a-link", "another"]


def test_links_to_nothing_and_to_themselves_are_named(tmp_path: Path):
    (tmp_path / "gone").symlink_to("nowhere.png")
    (tmp_path / "ring").symlink_to("ring")
    reasons = rejected(tmp_path)
    assert "nowhere.png, which does not exist" in reasons["gone"]
    assert "cannot be read" in reasons["ring"]


def test_a_name_that_is_not_utf_8_is_listed_with_its_bytes_and_stops_nothing(tmp_path: Path):
    write(tmp_path / "a.png")
    try:
        write(tmp_path / NOT_UTF8)
        write(tmp_path / os.fsdecode(b"d\xe9j\xe0") / "b.png")
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    assert names(tmp_path) == ["a.png"]
    reasons = rejected(tmp_path)
    assert sorted(reasons) == [r"\xff.png", r"d\xe9j\xe0"]
    assert all("UTF-8" in reason for reason in reasons.values())


def test_a_socket_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)  # a socket's path may have about 100 bytes only
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s")
        assert names(tmp_path) == []
        assert "device, pipe or socket" in rejected(tmp_path)["s"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path):
    write(tmp_path / "a.png")
    locked = write(tmp_path / "locked" / "b.png").parent
    locked.chmod(0)
    try:
        assert names(tmp_path) == ["a.png"]
        assert "Permission denied" in rejected(tmp_path)["locked"]
    finally:
        locked.chmod(0o700)


@given(st.binary(max_size=20).filter(lambda name: b"\0" not in name))
def test_utf_8_is_told_apart_from_other_bytes(name: bytes):
    try:
        name.decode()
    except UnicodeDecodeError:
        assert "another encoding" in fault_of_name(os.fsdecode(name))
    else:
        assert fault_of_name(os.fsdecode(name)) is None


def test_a_folder_of_which_every_file_is_wanted_is_refused_for_one_that_cannot_be_used(tmp_path):
    (tmp_path / "a.png").touch()
    assert every_file(tmp_path) == [tmp_path / "a.png"]
    (tmp_path / "b.png").symlink_to(tmp_path / "nowhere")
    with pytest.raises(DataError, match=r"received 1 that cannot, such as .*b\.png: a link to"):
        every_file(tmp_path)


def test_a_name_in_utf_8_is_not_blamed_for_the_locale_of_python(monkeypatch):
    monkeypatch.setattr(os, "fsencode", lambda name: name.encode("ascii", "surrogateescape"))
    received = "\u7d75.png".encode().decode("ascii", "surrogateescape")
    assert "PYTHONUTF8=1" in fault_of_name(received)
