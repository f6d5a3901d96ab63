import pytest

from training.atomic import require_absent, written_whole
from training.errors import OutputExists


def test_a_file_appears_when_the_block_ends_and_not_before(tmp_path):
    output = tmp_path / "new" / "model.bin"
    with written_whole(output) as partial:
        partial.write_bytes(b"whole")
        assert not output.exists()
    assert output.read_bytes() == b"whole"
    assert [path.name for path in output.parent.iterdir()] == ["model.bin"]


def test_the_partial_name_keeps_the_suffix(tmp_path):
    with written_whole(tmp_path / "net.mlpackage") as partial:
        assert partial.suffix == ".mlpackage"
        partial.mkdir()


def test_an_existing_output_is_refused_and_untouched(tmp_path):
    output = tmp_path / "model.bin"
    output.write_bytes(b"old")
    with pytest.raises(OutputExists, match="--overwrite"), written_whole(output):
        raise AssertionError("the block must not run")
    assert output.read_bytes() == b"old"


@pytest.mark.parametrize("folder", [False, True])
def test_a_failed_replacement_leaves_the_old_output(tmp_path, folder):
    output = tmp_path / "output"
    contents = output / "part" if folder else output
    contents.parent.mkdir(exist_ok=True)
    contents.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt), written_whole(output, overwrite=True) as partial:
        if folder:
            partial.mkdir()
        else:
            partial.write_bytes(b"half")
        raise KeyboardInterrupt
    assert contents.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["output"]


def test_a_folder_is_replaced_whole(tmp_path):
    output = tmp_path / "run"
    output.mkdir()
    (output / "stale").touch()
    with written_whole(output, overwrite=True) as partial:
        partial.mkdir()
        (partial / "fresh").touch()
    assert [path.name for path in output.iterdir()] == ["fresh"]
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_what_a_killed_run_left_beside_the_output_is_cleared(tmp_path):
    (tmp_path / ".partial-out").write_bytes(b"half")
    with written_whole(tmp_path / "out") as partial:
        assert not partial.exists()
        partial.write_bytes(b"whole")
    assert (tmp_path / "out").read_bytes() == b"whole"


def test_require_absent_allows_a_new_path_and_an_explicit_overwrite(tmp_path):
    require_absent(tmp_path / "new")
    require_absent(tmp_path, overwrite=True)
    with pytest.raises(OutputExists):
        require_absent(tmp_path)
