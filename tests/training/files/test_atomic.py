import os
import subprocess
import sys
from pathlib import Path

import pytest

from training.errors import OutputExists
from training.files.atomic import require_absent, written_whole

MARKER = "kind.json"


def write_folder(output, name, *, overwrite=False):
    with written_whole(output, overwrite=overwrite, marker=MARKER) as partial:
        partial.mkdir()
        (partial / MARKER).touch()
        (partial / name).touch()


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_when_the_block_ends_and_not_before(tmp_path):
    output = tmp_path / "new" / "model.bin"
    with written_whole(output) as partial:
        partial.write_bytes(b"whole")
        assert not output.exists()
    assert output.read_bytes() == b"whole"
    assert names(output.parent) == ["model.bin"]


def test_the_partial_name_keeps_the_suffix(tmp_path):
    with written_whole(tmp_path / "net.mlpackage", marker=MARKER) as partial:
        assert partial.suffix == ".mlpackage"
        partial.mkdir()


def test_a_name_without_a_folder_is_written_where_one_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with written_whole(Path("out.txt")) as partial:
        partial.write_text("whole")
    assert names(tmp_path) == ["out.txt"]


def test_an_existing_output_is_refused_and_untouched(tmp_path):
    output = tmp_path / "model.bin"
    output.write_bytes(b"old")
    with pytest.raises(OutputExists, match="--overwrite"), written_whole(output):
        raise AssertionError("the block must not run")
    assert output.read_bytes() == b"old"


def test_a_failed_replacement_of_a_file_leaves_the_old_one(tmp_path):
    output = tmp_path / "output"
    output.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt), written_whole(output, overwrite=True) as partial:
        partial.write_bytes(b"half")
        raise KeyboardInterrupt
    assert output.read_bytes() == b"old"
    assert names(tmp_path) == ["output"]


def test_a_folder_of_its_kind_is_replaced_whole(tmp_path):
    write_folder(tmp_path / "run", "stale")
    write_folder(tmp_path / "run", "fresh", overwrite=True)
    assert names(tmp_path / "run") == ["fresh", MARKER]
    assert names(tmp_path) == ["run"]


def test_somebodys_folder_is_never_replaced(tmp_path):
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "wedding.jpg").touch()
    with pytest.raises(OutputExists, match=f"expected a folder that holds {MARKER}"):
        write_folder(photos, "fresh", overwrite=True)
    with pytest.raises(OutputExists, match="is a folder"), written_whole(photos, overwrite=True):
        raise AssertionError("the block must not run")
    assert names(photos) == ["wedding.jpg"]


def test_a_file_is_never_replaced_by_a_folder_nor_a_link_followed(tmp_path):
    (tmp_path / "file").write_bytes(b"precious")
    with pytest.raises(OutputExists, match="expected a folder"):
        write_folder(tmp_path / "file", "fresh", overwrite=True)
    (tmp_path / "link").symlink_to(tmp_path / "file")
    with pytest.raises(OutputExists, match="is a link"):
        require_absent(tmp_path / "link", overwrite=True)
    assert (tmp_path / "file").read_bytes() == b"precious"


def test_an_interruption_between_the_two_renames_brings_the_old_folder_back(tmp_path, monkeypatch):
    write_folder(tmp_path / "run", "old")
    rename = Path.rename

    def interrupted(self, target):
        if self.name.endswith("-run") and Path(target).name == "run" and "old" not in self.name:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_folder(tmp_path / "run", "new", overwrite=True)
    assert names(tmp_path / "run") == [MARKER, "old"]
    assert names(tmp_path) == ["run"]


def test_a_folder_that_had_stepped_aside_when_its_process_was_killed_comes_back(tmp_path):
    write_folder(tmp_path / "run", "old")
    (tmp_path / "run").rename(tmp_path / ".partial-old-run")
    with pytest.raises(OutputExists):
        write_folder(tmp_path / "run", "new")
    assert names(tmp_path / "run") == [MARKER, "old"]


def test_what_a_killed_process_left_is_cleared_and_a_living_ones_is_not(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    dead, living = tmp_path / f".partial-{int(ended.stdout)}-out", tmp_path / ".partial-1-out"
    other = tmp_path / f".partial-{int(ended.stdout)}-out.txt"
    for path in (dead, living, other):
        path.write_bytes(b"half")
    with written_whole(tmp_path / "out") as partial:
        partial.write_bytes(b"whole")
        assert str(os.getpid()) in partial.name
    assert names(tmp_path) == sorted([living.name, other.name, "out"])


def test_require_absent_allows_a_new_path_and_an_explicit_overwrite(tmp_path):
    require_absent(tmp_path / "new")
    (tmp_path / "old").touch()
    require_absent(tmp_path / "old", overwrite=True)
    with pytest.raises(OutputExists):
        require_absent(tmp_path / "old")
