import json
from pathlib import Path

import pytest

from training.evaluate import main
from training.evaluation import MEAN_COLOR, MODEL, PAPER, read_evaluation


def test_the_table_has_the_model_beside_both_baselines(
    tiny_run: Path, tiny_data: Path, capsys: pytest.CaptureFixture[str]
):
    assert main([str(tiny_run), "--data", str(tiny_data)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(any(name in line for line in lines) for name in (MODEL, MEAN_COLOR, PAPER))
    assert any("PSNR dB" in line and "SSIM" in line and "CIEDE2000" in line for line in lines)


def test_the_record_tells_what_was_measured_and_its_path_is_the_last_line(
    tiny_run: Path, tiny_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "evaluation.json"
    assert main([str(tiny_run), "--data", str(tiny_data), "--json", str(path)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(path)
    evaluation = read_evaluation(path)
    assert evaluation.epoch == 3
    assert evaluation.data["path"] == str(tiny_data)
    assert evaluation.command == (
        f"python -m training.evaluate {tiny_run} --data {tiny_data} --json {path}"
    )


def test_the_model_is_measured_on_every_validation_drawing(
    tiny_run: Path, tiny_data: Path, tmp_path: Path
):
    from training.checkpoint import find_checkpoint, load_generator
    from training.data.pipeline import load_split
    from training.metrics import psnr_db

    path = tmp_path / "evaluation.json"
    main([str(tiny_run), "--data", str(tiny_data), "--json", str(path)])
    row = read_evaluation(path).rows[MODEL]

    pairs = load_split(tiny_data, "validation")
    painted = load_generator(find_checkpoint(tiny_run))(pairs.lineart / 127.5 - 1).numpy()
    pictures = ((painted + 1) * 127.5).round().clip(0, 255).astype("uint8")
    by_id = {
        name: psnr_db(color, picture)
        for name, color, picture in zip(pairs.ids, pairs.color, pictures, strict=True)
    }
    # Another batch size may round a channel of a pixel the other way.
    ONE_ROUNDING_DB = 0.01
    assert row.drawings == len(by_id)
    assert row.mean.psnr_db == pytest.approx(sum(by_id.values()) / len(by_id), abs=ONE_ROUNDING_DB)
    assert row.worst.psnr_db == pytest.approx(min(by_id.values()), abs=ONE_ROUNDING_DB)


def test_an_existing_record_is_refused_before_any_work(
    tiny_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "evaluation.json"
    path.write_text("{}")
    # The checkpoint does not exist: had it been looked at first, that would be the complaint.
    arguments = [str(tmp_path / "none"), "--data", str(tiny_data), "--json", str(path)]
    assert main(arguments) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert json.loads(path.read_text()) == {}


def test_a_path_that_is_no_checkpoint_is_refused(
    tiny_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main([str(tmp_path), "--data", str(tiny_data)]) == 2
    assert "not a checkpoint" in capsys.readouterr().err
