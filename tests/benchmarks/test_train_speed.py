import pytest

from benchmarks import train_speed
from benchmarks.train_speed import Speed, measure
from training.config import LossConfig, TrainConfig
from training.settings.networks import DiscriminatorConfig, GeneratorConfig

TINY = TrainConfig(
    size=32,
    batch_size=2,
    generator=GeneratorConfig(width=2),
    discriminator=DiscriminatorConfig(width=2, layers=2),
    loss=LossConfig(adversary="gan"),
)


@pytest.mark.slow
def test_both_optimizers_are_timed_on_the_same_nets():
    speed = measure(TINY, rounds=1, seconds=0.1)
    assert speed.setting == "32x32, width 2, batch 2"
    assert speed.stock > 0
    assert speed.one_pass > 0
    assert speed.stock_update_ms > 0
    assert speed.one_pass_update_ms > 0
    assert speed.gain == speed.one_pass / speed.stock  # one round: the medians are its values


def test_the_command_fails_below_the_expected_gain_at_256(monkeypatch, capsys):
    for gain, status in ((1.3, 0), (1.1, 1)):
        speed = Speed(
            setting="256x256",
            stock=1.0,
            one_pass=gain,
            gain=gain,
            stock_update_ms=2.0,
            one_pass_update_ms=1.0,
        )
        monkeypatch.setattr(train_speed, "measure", lambda *_, speed=speed, **__: speed)
        assert train_speed.main([]) == status
        assert f"{gain:.2f}x" in capsys.readouterr().out


def test_no_rounds_and_no_time_are_refused(capsys):
    assert train_speed.main(["--rounds", "0"]) == 2
    assert train_speed.main(["--seconds", "0"]) == 2
    assert "above 0" in capsys.readouterr().err
