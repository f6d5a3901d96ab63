import json

import pytest

from training.config import TrainConfig
from training.errors import ConfigError
from training.files.strict_json import from_json, to_json
from training.older_formats import CONFIG_VERSION, brought_up_to_date, format_name
from training.presets import PRESETS

# As training.train wrote it before there were critics and SELU.
FORMAT_1 = json.loads("""{"format": "nurie-run/1", "config": {
  "size": 64, "epochs": 60, "batch_size": 16, "seed": 0, "keep_checkpoints": 2,
  "generator": {"width": 24, "depth": null, "dropout": 0.0, "under_ink": true},
  "discriminator": {"width": 64, "layers": 3},
  "loss": {"adversary": "none", "l1": 100.0, "tv": 30.0},
  "optimizer": {"learning_rate": 0.002, "beta_1": 0.5, "beta_2": 0.999, "constant_share": 0.3},
  "augment": {"flip": true, "jitter": 0.1, "warp": 0.2}
}}""")


def read(raw):
    return brought_up_to_date(raw, kind="nurie-run")


def test_a_config_of_format_1_is_read_as_what_it_did():
    raw = read(FORMAT_1)
    assert raw["format"] == format_name("nurie-run") == f"nurie-run/{CONFIG_VERSION}"
    config = from_json(TrainConfig, raw["config"])
    assert (config.generator.width, config.generator.activation) == (24, "relu")
    assert (config.loss.tv, config.optimizer.clip_norm) == (30, None)
    assert config.loss.feature_matching == 0


@pytest.mark.parametrize("preset", PRESETS)
def test_a_config_of_format_2_is_read_as_the_preset_that_it_was(preset):
    config = to_json(PRESETS[preset])
    del config["loss"]["feature_matching"]
    raw = read({"format": "nurie-run/2", "config": config})
    assert from_json(TrainConfig, raw["config"]) == PRESETS[preset]


def test_a_format_holds_all_that_older_ones_hold():
    # Of format 2 only what came after it may be missing.
    config = to_json(TrainConfig())
    del config["loss"]["critic_steps"]
    with pytest.raises(ConfigError, match="missing fields .'critic_steps'."):
        from_json(TrainConfig, read({"format": "nurie-run/2", "config": config})["config"])


def test_this_format_is_read_as_it_stands():
    raw = {"format": format_name("nurie-run"), "config": {"size": 8}, "data": {}}
    assert read(raw) == raw


@pytest.mark.parametrize(
    "raw",
    [None, [], {}, {"format": "nurie-run/0"}, {"format": "nurie-checkpoint/2"}, {"format": 3}],
)
def test_another_format_is_refused_by_name(raw):
    with pytest.raises(ValueError, match=f"expected format 'nurie-run/{CONFIG_VERSION}', received"):
        read(raw)


def test_what_stands_there_is_left_as_it_is_and_the_original_too():
    before = json.dumps(FORMAT_1)
    raw = read(FORMAT_1)
    assert json.dumps(FORMAT_1) == before
    for section, values in FORMAT_1["config"].items():
        if isinstance(values, dict):
            assert values.items() <= raw["config"][section].items()
        else:
            assert raw["config"][section] == values


def test_fields_that_no_format_knows_are_still_refused():
    raw = read({"format": "nurie-run/1", "config": FORMAT_1["config"] | {"gan": 1}})
    with pytest.raises(ConfigError, match="unknown fields .'gan'."):
        from_json(TrainConfig, raw["config"])


@pytest.mark.parametrize("config", [None, [], "x", {"generator": 3}])
def test_a_broken_config_is_left_to_the_strict_reader(config):
    raw = read({"format": "nurie-run/1", "config": config})
    with pytest.raises(ConfigError):
        from_json(TrainConfig, raw["config"])
