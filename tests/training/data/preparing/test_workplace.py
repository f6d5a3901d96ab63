import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.training.data.preparing.pictures import contents, draw, options
from training.data import writing
from training.data.preparing import steps, workplace
from training.data.preparing.workplace import pictures_left
from training.data.shards import read_manifest
from training.errors import DataError, OutputExists
from training.files.lock import held_alone
from training.prepare import prepare

ROOT = Path(__file__).parents[4]
PICTURES = 40


class Killed(BaseException):
    """As abrupt as an end of the process can be within it."""


@pytest.fixture(scope="module", autouse=True)
def small_steps():
    """Shards of five records."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            writing.ShardWriter.__init__, "__kwdefaults__", {"records_per_shard": 5, "place": None}
        )
        yield


@pytest.fixture(scope="module")
def drawings(tmp_path_factory):
    return draw(tmp_path_factory.mktemp("in") / "drawings", range(PICTURES))


@pytest.fixture(scope="module")
def whole(drawings, tmp_path_factory):
    """What comes of them without interruption, by file."""
    return contents(prepare(options(drawings, tmp_path_factory.mktemp("out") / "data")))


def killed_after(monkeypatch, count):
    """Let the next preparation end when so many more pictures are drawn."""
    left = iter(range(count))

    def until(*arguments, **named):
        if next(left, None) is None:
            raise Killed
        return draw_one(*arguments, **named)

    draw_one = steps.prepare_candidate
    monkeypatch.setattr(steps, "prepare_candidate", until)


def cut_off(drawings, out, count, **changes):
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
        patch.setattr(steps, "COMMIT_EVERY_S", -1.0)  # after every picture
        killed_after(patch, count)
        prepare(options(drawings, out, **changes))


def test_cut_off_many_times_it_ends_with_the_same_bytes(drawings, whole, tmp_path):
    out = tmp_path / "data"
    for count in (1, 0, 3, 11, 2, 9, 8, 7):  # within shards, at their ends, and at once
        cut_off(drawings, out, count, resume=True)
        assert not out.exists()
    assert pictures_left(tmp_path / ".preparing-data") == 41
    assert contents(prepare(options(drawings, out, resume=True))) == whole
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_nothing_that_was_drawn_is_drawn_again(drawings, whole, tmp_path, monkeypatch):
    cut_off(drawings, tmp_path / "data", 30)
    left = sum(1 for _ in drawings.iterdir()) - 30
    killed_after(monkeypatch, left)  # one more would end it
    assert contents(prepare(options(drawings, tmp_path / "data", resume=True))) == whole


@pytest.mark.parametrize("moment", ["write_manifest", "reach_disk"])
def test_cut_off_while_it_writes_its_last_files_it_goes_on(
    moment, drawings, whole, tmp_path, monkeypatch
):
    out, work = tmp_path / "data", tmp_path / ".preparing-data"
    done = getattr(writing.ShardWriter, moment)

    def written_and_killed(*arguments):
        place = done(*arguments)
        if pictures_left(work) > 10 or moment == "write_manifest":
            raise Killed
        return place

    monkeypatch.setattr(steps, "COMMIT_EVERY_S", -1.0)
    monkeypatch.setattr(writing.ShardWriter, moment, written_and_killed)
    with pytest.raises(Killed):
        prepare(options(drawings, out))
    monkeypatch.undo()
    (work / "data" / ".partial-00000000-manifest.json").mkdir()
    assert contents(prepare(options(drawings, out, resume=True))) == whole


def test_without_a_word_what_was_cut_off_is_neither_gone_on_with_nor_lost(
    drawings, whole, tmp_path, capsys
):
    out = tmp_path / "data"
    cut_off(drawings, out, 20)
    assert "cut off; the first 20 pictures are kept: go on with --resume" in capsys.readouterr().err
    with pytest.raises(OutputExists, match="cut off after 20 pictures.*--resume.*--overwrite"):
        prepare(options(drawings, out))
    assert pictures_left(tmp_path / ".preparing-data") == 20
    prepare(options(drawings, out, variants=1, overwrite=True))
    assert read_manifest(out).variants == 1
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_replacement_that_was_cut_off_leaves_the_old_set_and_goes_on_to_replace_it(
    drawings, whole, tmp_path
):
    out = prepare(options(drawings, tmp_path / "data", variants=1))
    cut_off(drawings, out, 20, overwrite=True)
    assert read_manifest(out).variants == 1
    assert contents(prepare(options(drawings, out, resume=True))) == whole


def test_with_nothing_to_go_on_with_it_begins(drawings, whole, tmp_path):
    assert contents(prepare(options(drawings, tmp_path / "data", resume=True))) == whole
    with pytest.raises(OutputExists, match="already exists"):
        prepare(options(drawings, tmp_path / "data", resume=True))
    assert contents(tmp_path / "data") == whole
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"size": 48}, "size: 32 then, 48 now"),
        ({"seed": 1, "variants": 3}, "variants: 2 then, 3 now; seed: 0 then, 1 now"),
        ({"sources": ("openmoji",)}, "sources: .* now"),
    ],
)
def test_other_settings_are_refused_and_what_stands_is_kept(changes, said, drawings, tmp_path):
    cut_off(drawings, tmp_path / "data", 9)
    with pytest.raises(DataError, match=rf"{said}.*Repeat the command as it was"):
        prepare(options(drawings, tmp_path / "data", resume=True, **changes))
    assert pictures_left(tmp_path / ".preparing-data") == 9


def test_another_version_of_a_library_is_refused(drawings, tmp_path, monkeypatch):
    cut_off(drawings, tmp_path / "data", 9)
    from training.data.preparing import versions

    now = versions.versions() | {"pillow": "99"}
    monkeypatch.setattr(versions, "versions", lambda: now)
    with pytest.raises(DataError, match="'pillow': '99'"):
        prepare(options(drawings, tmp_path / "data", resume=True))


def test_sources_with_other_files_are_refused(drawings, whole, tmp_path):
    own = draw(tmp_path / "drawings", range(PICTURES))
    cut_off(own, tmp_path / "data", 9)
    draw(own, [99])
    with pytest.raises(DataError, match="expected the files of when this was begun"):
        prepare(options(own, tmp_path / "data", resume=True))
    (own / "099.png").unlink()
    again = contents(prepare(options(own, tmp_path / "data", resume=True)))
    shards = {name for name in whole if name.endswith(".tfrecord")}
    assert {name: again[name] for name in shards} == {name: whole[name] for name in shards}


def test_a_shard_that_was_harmed_meanwhile_is_refused(drawings, tmp_path):
    cut_off(drawings, tmp_path / "data", 30)
    shard = tmp_path / ".preparing-data" / "data" / "train-00001.tfrecord"
    shard.write_bytes(shard.read_bytes()[:-1])
    with pytest.raises(DataError, match="train-00001.tfrecord is not what was written; begin anew"):
        prepare(options(drawings, tmp_path / "data", resume=True))


def test_what_another_process_prepares_is_refused(drawings, tmp_path):
    cut_off(drawings, tmp_path / "data", 9)
    with held_alone(tmp_path / ".preparing-data", refusal=DataError("held")):
        for words in ({"resume": True}, {"overwrite": True}, {}):
            with pytest.raises(DataError, match="is being prepared by another process"):
                prepare(options(drawings, tmp_path / "data", **words))
    assert pictures_left(tmp_path / ".preparing-data") == 9


def test_a_kill_after_all_was_put_in_place_leaves_a_whole_set(
    drawings, whole, tmp_path, monkeypatch
):
    def killed(place):
        raise Killed

    monkeypatch.setattr(steps, "COMMIT_EVERY_S", -1.0)
    monkeypatch.setattr(workplace, "abandon", killed)
    with pytest.raises(Killed):
        prepare(options(drawings, tmp_path / "data"))
    monkeypatch.undo()
    assert contents(tmp_path / "data") == whole
    with pytest.raises(OutputExists, match="complete"):
        prepare(options(drawings, tmp_path / "data", resume=True))
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@pytest.fixture
def at_work(tmp_path):
    """A process that prepares OpenMoji and has written records."""
    out = tmp_path / "out" / "data"
    process = subprocess.Popen(
        [sys.executable, "-m", "training.prepare", "openmoji", "--out", out, "--workers", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"CUDA_VISIBLE_DEVICES": ""},
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not list(out.parent.glob(".preparing-data/data/*.tfrecord")):
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline
        time.sleep(0.01)
    yield process, out
    process.kill()
    process.communicate()


def test_ctrl_c_before_the_first_commit_leaves_nothing(at_work):
    process, out = at_work
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in stderr
    assert list(out.parent.iterdir()) == []


def test_a_kill_before_the_first_commit_leaves_no_data_folder_and_the_next_run_cleans_up(
    at_work, drawings, whole
):
    process, out = at_work
    process.kill()
    process.wait()
    assert not out.exists()
    assert contents(prepare(options(drawings, out))) == whole
    assert [path.name for path in out.parent.iterdir()] == ["data"]
