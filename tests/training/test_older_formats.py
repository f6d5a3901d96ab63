import json

import pytest

from training.config import TrainConfig
from training.errors import ConfigError
from training.older_formats import from_format_1
from training.strict_json import from_json

# As training.train wrote it before there were critics and SELU.
FORMAT_1 = json.loads("""{"format": "nurie-run/1", "config": {
  "size": 64, "epochs": 60, "batch_size": 16, "seed": 0, "keep_checkpoints": 2,
  "generator": {"width": 24, "depth": null, "dropout": 0.0, "under_ink": true},
  "discriminator": {"width": 64, "layers": 3},
  "loss": {"adversary": "none", "l1": 100.0, "tv": 30.0},
  "optimizer": {"learning_rate": 0.002, "beta_1": 0.5, "beta_2": 0.999, "constant_share": 0.3},
  "augment": {"flip": true, "jitter": 0.1, "warp": 0.2}
}}""")


def test_a_config_of_format_1_is_read_as_what_it_did():
    raw = from_format_1(FORMAT_1, format="nurie-run/2")
    assert raw["format"] == "nurie-run/2"
    config = from_json(TrainConfig, raw["config"])
    assert (config.generator.width, config.generator.activation) == (24, "relu")
    assert (config.loss.tv, config.optimizer.clip_norm) == (30, None)


def test_what_stands_there_is_left_as_it_is_and_the_original_too():
    before = json.dumps(FORMAT_1)
    raw = from_format_1(FORMAT_1, format="nurie-run/2")
    assert json.dumps(FORMAT_1) == before
    for section, values in FORMAT_1["config"].items():
        if isinstance(values, dict):
            assert values.items() <= raw["config"][section].items()
        else:
            assert raw["config"][section] == values


def test_fields_that_no_format_knows_are_still_refused():
    raw = from_format_1({"config": FORMAT_1["config"] | {"gan": 1}}, format="nurie-run/2")
    with pytest.raises(ConfigError, match="unknown fields .'gan'."):
        from_json(TrainConfig, raw["config"])


@pytest.mark.parametrize("config", [None, [], "x", {"generator": 3}])
def test_a_broken_config_is_left_to_the_strict_reader(config):
    raw = from_format_1({"config": config}, format="nurie-run/2")
    with pytest.raises(ConfigError):
        from_json(TrainConfig, raw["config"])
