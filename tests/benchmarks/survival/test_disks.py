import numpy as np
import pytest

from benchmarks.survival.disks import fill_under_outputs, small_disk, why_no_disk_can_be_filled


@pytest.fixture
def work(tmp_path):
    """A folder for the trials; skipped with the reason where nothing can be mounted."""
    (tmp_path / "work").mkdir()
    if reason := why_no_disk_can_be_filled(tmp_path / "work" / "tried"):
        pytest.skip(reason)
    return tmp_path / "work"


def filled(command, work):
    return fill_under_outputs(command, work, times=4, moments=np.random.default_rng(0))


def test_a_command_that_writes_whole_says_so_and_loses_nothing(command, work):
    tally = filled(command("whole"), work)
    assert (tally.trials, tally.faults) == (4, ())
    assert tally.cut_off > 0


def test_a_command_that_writes_in_place_is_found_out(command, work):
    assert any(
        "neither what was there" in fault for fault in filled(command("in place"), work).faults
    )


def test_a_small_disk_is_full_soon_and_gone_afterwards(work):
    with small_disk(work / "disk", size=8192), pytest.raises(OSError, match="No space left"):
        (work / "disk" / "file").write_bytes(bytes(10_000))
    assert not (work / "disk").exists()


def test_without_the_right_to_mount_the_reason_is_said(tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    mount = tmp_path / "bin" / "mount"
    mount.write_text("#!/bin/sh\necho mount: must be superuser >&2; exit 1\n")
    mount.chmod(0o755)
    monkeypatch.setenv("PATH", str(mount.parent), prepend=":")
    reason = why_no_disk_can_be_filled(tmp_path / "disk")
    assert reason == "no small file system can be mounted: mount: must be superuser"
    assert not (tmp_path / "disk").exists()
