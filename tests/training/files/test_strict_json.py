import json
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.config import TrainConfig
from training.errors import ConfigError
from training.files.strict_json import from_json, to_json
from training.presets import PRESETS


@dataclass(frozen=True, kw_only=True)
class Port:
    shape: tuple[int, int]
    tools: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Harbour:
    main: Port | None


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_survives_the_round_trip_through_json(name):
    text = json.dumps(to_json(PRESETS[name]))
    assert from_json(TrainConfig, json.loads(text)) == PRESETS[name]


def test_an_unknown_field_is_refused_by_name():
    raw = to_json(TrainConfig()) | {"momentum": 0.9}
    with pytest.raises(ConfigError, match="momentum"):
        from_json(TrainConfig, raw)


def test_a_missing_field_is_refused_by_name():
    raw = to_json(TrainConfig())
    del raw["loss"]["l1"]
    with pytest.raises(ConfigError, match=r"config\.loss.*l1"):
        from_json(TrainConfig, raw)


@pytest.mark.parametrize("wrong", ["16", 1.5, None, True, [16]])
def test_a_value_of_another_type_is_refused_with_its_place(wrong):
    raw = to_json(TrainConfig()) | {"batch_size": wrong}
    with pytest.raises(ConfigError, match="config.batch_size"):
        from_json(TrainConfig, raw)


def test_a_whole_number_is_accepted_where_a_float_is_declared():
    raw = to_json(TrainConfig())
    raw["loss"]["l1"] = 100
    assert from_json(TrainConfig, raw) == TrainConfig()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_other_json_is_refused_by_a_config_error(raw):
    with pytest.raises(ConfigError):
        from_json(TrainConfig, raw)


def test_tuples_and_dictionaries_come_back_as_such():
    port = Port(shape=(3, 4), tools={"onnx": "1.23"})
    assert from_json(Port, json.loads(json.dumps(to_json(port)))) == port


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        ({"shape": [3], "tools": {}}, "config.shape"),
        ({"shape": [3, "4"], "tools": {}}, r"config.shape\[1\]"),
        ({"shape": [3, 4], "tools": {"onnx": 1}}, "config.tools.onnx"),
    ],
)
def test_a_wrong_item_is_refused_with_its_place(raw, place):
    with pytest.raises(ConfigError, match=place):
        from_json(Port, raw)


@pytest.mark.parametrize("main", [None, Port(shape=(3, 4), tools={})])
def test_a_dataclass_may_be_none(main: Port | None):
    harbour = Harbour(main=main)
    assert from_json(Harbour, json.loads(json.dumps(to_json(harbour)))) == harbour


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"main": {"shape": [3, 4]}}, r"config\.main: .*missing fields \['tools'\]"),
        ({"main": {"shape": [3], "tools": {}}}, r"config\.main\.shape"),
        ({"main": [3, 4]}, r"config\.main: expected .*Port | None"),
        ({"main": 3}, r"config\.main: expected .*Port | None"),
    ],
)
def test_what_stands_for_a_dataclass_or_none_is_read_as_strictly(raw, message):
    with pytest.raises(ConfigError, match=message):
        from_json(Harbour, raw)
