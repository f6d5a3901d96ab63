import json
from pathlib import Path

import pytest

from benchmarks.cost import main


@pytest.fixture(scope="module")
def models(whole_run: Path) -> list[str]:
    return [
        str(whole_run / "exports" / f"tiny-fp16.{suffix}") for suffix in ("mlpackage", "tflite")
    ]


def test_the_table_names_its_convention_and_calls_an_estimate_an_estimate(
    models: list[str], capsys: pytest.CaptureFixture[str]
):
    assert main(models) == 0
    out = capsys.readouterr().out
    assert "a transposed convolution counted per input pixel" in out
    assert "tiny-fp16.mlpackage on Apple's Neural Engines: estimate" in out
    assert "ESTIMATES, not measurements" in out
    assert "tiny-fp16.tflite on Apple's" not in out
    assert "warning: tiny-fp16.mlpackage: instance_norm x" in out


def test_layers_are_listed_when_asked_for(models: list[str], capsys: pytest.CaptureFixture[str]):
    assert main([models[1], "--layers"]) == 0
    assert capsys.readouterr().out.count("TRANSPOSE_CONV") == 5


def test_json_holds_the_layers_that_add_up_to_the_sums(
    models: list[str], capsys: pytest.CaptureFixture[str]
):
    assert main([*models, "--json"]) == 0
    package, tflite = json.loads(capsys.readouterr().out)
    for cost in (package, tflite):
        for total in ("macs", "parameters", "weight_bytes"):
            assert cost[total] == sum(layer[total] for layer in cost["layers"]) > 0
    assert package["macs"] == tflite["macs"]
    assert [row["chip"] for row in package["estimates"]][:2] == ["A14", "A15"]
    assert tflite["estimates"] == tflite["warnings"] == []


@pytest.mark.slow
def test_the_pix2pix_u_net_has_the_published_size(tmp_path: Path):
    """Isola et al. 2017 at 256x256 (pix2pix, models.lua): 54.41 M parameters, 6.05 GMACs."""
    from benchmarks.costs.reader import cost_of
    from conversion.to_tflite import convert
    from training.config import TrainConfig
    from training.data.named import Credit
    from training.run.checkpoint import save_checkpoint
    from training.settings.networks import GeneratorConfig
    from training.trainers.builder import build_trainer

    config = TrainConfig(size=256, generator=GeneratorConfig(width=64))
    credit = Credit(source="none", licence="CC0-1.0", credit="untrained")
    trainer = build_trainer(config, steps_per_epoch=1)
    run = tmp_path / "pix2pix"
    save_checkpoint(run, trainer, config=config, epoch=1, data=credit)
    cost = cost_of(convert(run, recipe="fp32"))
    assert cost.parameters / 1e6 == pytest.approx(54.41, abs=0.02)
    # Line art has one channel where pix2pix takes three: two are missing in the first 4x4 layer.
    MISSING = 128 * 128 * 4 * 4 * 2 * 64
    assert (cost.macs + MISSING) / 1e9 == pytest.approx(6.05, abs=0.005)
