import pytest

from training.errors import CheckpointError, OutputExists
from training.pack import main, pack
from training.run.checkpoint import find_checkpoint


def test_a_packed_checkpoint_goes_where_a_checkpoint_goes(tiny_trained, tmp_path, capsys):
    assert main([str(tiny_trained), "-o", str(tmp_path / "small")]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'small'}\n"
    assert find_checkpoint(tmp_path / "small").is_packed


def test_another_folder_is_never_replaced(tiny_trained, tmp_path):
    (tmp_path / "precious").mkdir()
    for overwrite in (False, True):
        with pytest.raises(OutputExists):
            pack(tiny_trained, tmp_path / "precious", overwrite=overwrite)


def test_a_refusal_leaves_nothing_behind(tiny_trained, tmp_path):
    small = pack(tiny_trained, tmp_path / "small")
    with pytest.raises(CheckpointError, match="packed already"):
        pack(small, tmp_path / "again")
    assert [path.name for path in tmp_path.iterdir()] == ["small"]
