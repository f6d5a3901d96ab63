from dataclasses import replace
from hashlib import sha256

import pytest

from benchmarks.survival.outputs import OutputCommand, contents, leftovers, remove


@pytest.fixture(params=[None, "kind.json"], ids=["a file", "a folder"])
def written(request, tmp_path):
    """A command of each kind, and a function that writes what it is to write, or half of it."""
    marker = request.param
    output = tmp_path / "output"

    def write(content):
        if output.exists():
            remove(output)
        if marker is not None:
            output.mkdir()
            (output / marker).touch()
        (output if marker is None else output / "part").write_bytes(content)

    write(b"new")
    command = OutputCommand(
        name="a.command",
        arguments=(),
        suffix="",
        out="-o",
        marker=marker,
        expected=contents(output),
        bytes=3,
        start_s=1,
        work_s=1,
    )
    return command, output, write


def test_what_is_whole_or_as_before_is_no_fault(written):
    command, output, _ = written
    assert command.fault(output, had_old=True, complete=True) is None
    remove(output)
    assert command.fault(output, had_old=False) is None
    command.put_old(output)
    assert command.fault(output, had_old=True) is None


def test_what_is_half_written_lost_or_missing_in_the_end_is_one(written):
    command, output, write = written
    write(b"ne")
    assert "neither what was there before" in command.fault(output, had_old=False)
    remove(output)
    assert "nothing, neither" in command.fault(output, had_old=True)
    assert "nothing, neither" in command.fault(output, had_old=False, complete=True)
    command.put_old(output)
    assert command.fault(output, had_old=True, complete=True)


def test_what_had_stepped_aside_is_not_lost(written):
    command, output, _ = written
    remove(output)
    (output.parent / ".partial-0123abcd-output" / "replaced").mkdir(parents=True)
    assert len(leftovers(output.parent)) == 1
    assert command.fault(output, had_old=True) is None


def test_a_half_written_manifest_beside_it_is_a_fault(written):
    command, output, _ = written
    output.with_name("output.json").write_text('{"half":')
    assert command.fault(output, had_old=False) == "output.json is half written"


def test_the_random_names_in_a_package_are_not_compared(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "Manifest.json").write_text(name)
        (tmp_path / name / "weight.bin").write_bytes(b"equal")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert contents(tmp_path / "a")["weight.bin"] == sha256(b"equal").hexdigest()


def test_a_step_is_what_to_type(tmp_path, written):
    command = replace(written[0], name="a.b", arguments=("run",), out="--out")
    step = command.step(tmp_path / "x")
    assert (step.name, step.arguments) == (
        "a.b",
        ("run", "--out", str(tmp_path / "x"), "--overwrite"),
    )
