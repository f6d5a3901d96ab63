import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from training.errors import OutputExists
from training.files.atomic import require_absent, require_own_folder, written_whole

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


def test_the_partial_has_the_name_of_the_output(tmp_path):
    with written_whole(tmp_path / "net.mlpackage", marker=MARKER) as partial:
        assert partial.name == "net.mlpackage"
        partial.mkdir()


def test_a_name_without_a_folder_is_written_where_one_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with written_whole(Path("out.txt")) as partial:
        partial.write_text("whole")
    assert names(tmp_path) == ["out.txt"]


def test_an_existing_output_is_refused_and_untouched(tmp_path):
    output = tmp_path / "model.bin"
    output.write_bytes(b"old")
    with pytest.raises(OutputExists, match="name another"), written_whole(output):
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


def interrupted(self, target, *, rename=Path.rename):
    """Rename a path, but be interrupted before a new folder gets its name."""
    if Path(target).name == "run" and self.name != "replaced":
        raise KeyboardInterrupt
    return rename(self, target)


def test_an_interruption_between_the_two_renames_brings_the_old_folder_back(tmp_path, monkeypatch):
    write_folder(tmp_path / "run", "old")
    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_folder(tmp_path / "run", "new", overwrite=True)
    assert names(tmp_path / "run") == [MARKER, "old"]
    assert names(tmp_path) == ["run"]


def test_a_folder_that_had_stepped_aside_when_its_process_was_killed_comes_back(tmp_path):
    write_folder(tmp_path / "run", "old")
    left = tmp_path / ".partial-0123abcd-run"
    (left / "run").mkdir(parents=True)
    (tmp_path / "run").rename(left / "replaced")
    with pytest.raises(OutputExists):
        write_folder(tmp_path / "run", "new")
    assert names(tmp_path / "run") == [MARKER, "old"]
    assert names(tmp_path) == ["run"]


def test_a_folder_that_was_being_deleted_does_not_come_back(tmp_path):
    half_deleted = tmp_path / ".partial-0123abcd-run" / "replaced"
    half_deleted.mkdir(parents=True)
    write_folder(tmp_path / "run", "new")
    assert names(tmp_path / "run") == [MARKER, "new"]
    assert names(tmp_path) == ["run"]


# Writes the output that it is told until it is killed, in other namespaces where it is told that.
WRITER = """
import sys, time
from pathlib import Path
from training.files.atomic import written_whole
with written_whole(Path(sys.argv[1])) as partial:
    partial.write_bytes(b"half")
    print(partial, flush=True)
    if len(sys.argv) == 2:
        time.sleep(60)
"""
# A process of this namespace has no number in it, as in another container.
ELSEWHERE = ("unshare", "--user", "--map-root-user", "--pid", "--fork")


def command(output, *more):
    return [sys.executable, "-c", WRITER, str(output), *more]


def can_unshare():
    return not subprocess.run([*ELSEWHERE, "true"], capture_output=True).returncode


@pytest.mark.parametrize(
    "where",
    [
        pytest.param((), id="here"),
        pytest.param(
            ELSEWHERE,
            id="in another container",
            marks=pytest.mark.skipif(
                shutil.which("unshare") is None or not can_unshare(),
                reason="needs unshare, and the right to use it",
            ),
        ),
    ],
)
def test_what_a_living_process_writes_is_left_alone_and_what_a_killed_one_left_is_cleared(
    tmp_path, where
):
    output = tmp_path / "out"
    with subprocess.Popen(command(output), stdout=subprocess.PIPE, text=True) as living:
        partial = Path(living.stdout.readline().strip())
        subprocess.run([*where, *command(tmp_path / "out", "at once")], check=True)
        assert partial.read_bytes() == b"half"
        living.kill()
    output.unlink()
    assert partial.exists()
    other = tmp_path / ".partial-0123abcd-out.txt"
    other.mkdir()
    subprocess.run([*where, *command(tmp_path / "out", "at once")], check=True)
    assert names(tmp_path) == [other.name, "out"]


@pytest.mark.parametrize("marker", [None, MARKER])
def test_of_two_that_write_one_output_the_second_is_refused_at_the_end(tmp_path, marker):
    def write(partial, name):
        if marker is None:
            partial.write_text(name)
        else:
            partial.mkdir()
            (partial / marker).write_text(name)

    output = tmp_path / "out"
    with (
        pytest.raises(OutputExists, match="already exists"),
        written_whole(output, overwrite=False, marker=marker) as slow,
    ):
        write(slow, "second")
        with written_whole(output, overwrite=False, marker=marker) as fast:
            write(fast, "first")
    assert (output if marker is None else output / marker).read_text() == "first"
    assert names(tmp_path) == ["out"]


def test_of_two_that_replace_one_folder_the_last_one_stays(tmp_path):
    write_folder(tmp_path / "run", "old")
    with written_whole(tmp_path / "run", overwrite=True, marker=MARKER) as slow:
        slow.mkdir()
        (slow / MARKER).touch()
        write_folder(tmp_path / "run", "fast", overwrite=True)
    assert names(tmp_path / "run") == [MARKER]
    assert names(tmp_path) == ["run"]


def test_what_came_between_the_two_renames_is_not_replaced(tmp_path, monkeypatch):
    def late(self, target, *, rename=Path.rename):
        if Path(target).name == "run" and self.name != "replaced":
            (tmp_path / "run").mkdir()
            (tmp_path / "run" / "theirs").touch()
        return rename(self, target)

    write_folder(tmp_path / "run", "old")
    monkeypatch.setattr(Path, "rename", late)
    with pytest.raises(OutputExists, match="another process meanwhile"):
        write_folder(tmp_path / "run", "new", overwrite=True)
    assert names(tmp_path / "run") == ["theirs"]


def test_an_option_is_named_only_to_those_who_have_it(tmp_path):
    (tmp_path / "old").touch()
    with pytest.raises(OutputExists, match="name another, or pass --overwrite"):
        require_absent(tmp_path / "old", overwrite=False)
    with pytest.raises(OutputExists, match=r"name another\.$"):
        require_absent(tmp_path / "old")


def test_what_cannot_be_written_is_refused_before_long_work(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError, match="file"):
        require_absent(tmp_path / "file" / "new" / "out")
    # Root may write anywhere but on what is mounted read-only: the system is asked, not the mode.
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path)
    with pytest.raises(PermissionError, match=str(tmp_path)):
        require_absent(tmp_path / "new" / "out")
    with pytest.raises(PermissionError, match=str(tmp_path)):
        require_absent(tmp_path / "file", overwrite=True)


def test_require_absent_allows_a_new_path_and_an_explicit_overwrite(tmp_path):
    require_absent(tmp_path / "new")
    (tmp_path / "old").touch()
    require_absent(tmp_path / "old", overwrite=True)
    with pytest.raises(OutputExists):
        require_absent(tmp_path / "old")


def test_a_folder_is_gone_on_with_where_it_is_of_its_kind_or_new(tmp_path):
    require_own_folder(tmp_path / "new", "*.seed[0-9]*")
    require_own_folder(tmp_path, "data")
    (tmp_path / "l1.seed0").mkdir()
    require_own_folder(tmp_path, "data", "*.seed[0-9]*")
    with pytest.raises(OutputExists, match="holds other things.*data in it"):
        require_own_folder(tmp_path, "data")
    (tmp_path / "file").touch()
    with pytest.raises(OutputExists, match="is a file"):
        require_own_folder(tmp_path / "file", "data")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "l1.seed0"]


def test_where_the_system_makes_nothing_is_refused_before_anything_is_written(
    tmp_path, monkeypatch
):
    def refuse(self, *args, **kwargs):
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(OSError, match="nothing can be made here .Disk quota exceeded"):
        require_absent(tmp_path / "out")
