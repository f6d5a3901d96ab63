import json
import math
from dataclasses import dataclass
from typing import Literal

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
        ({"main": [3, 4]}, r"config\.main: expected an object, received \[3, 4\]"),
        ({"main": 3}, r"config\.main: expected an object, received 3"),
    ],
)
def test_what_stands_for_a_dataclass_or_none_is_read_as_strictly(raw, message):
    with pytest.raises(ConfigError, match=message):
        from_json(Harbour, raw)


@dataclass(frozen=True, kw_only=True)
class Cargo:
    kg: float
    marks: list[Literal["dry", "wet", 1]]
    weighed: tuple[tuple[float | None, ...], ...]
    ports: dict[str, Port | None]
    crew: int | float | str
    kind: Literal["fish"] | None


finite = st.floats(allow_nan=False)
cargoes = st.builds(
    Cargo,
    kg=finite,
    marks=st.lists(st.sampled_from(["dry", "wet", 1])),
    weighed=st.lists(st.lists(st.none() | finite).map(tuple)).map(tuple),
    ports=st.dictionaries(
        st.text(),
        st.none()
        | st.builds(
            Port,
            shape=st.tuples(st.integers(), st.integers()),
            tools=st.dictionaries(st.text(), st.text()),
        ),
    ),
    crew=st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(min_size=5),
    kind=st.none() | st.just("fish"),
)


@given(cargoes)
def test_what_is_written_is_read_back_the_same(cargo: Cargo):
    text = json.dumps(to_json(cargo), allow_nan=False)
    assert from_json(Cargo, json.loads(text)) == cargo


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(
    cargo=cargoes,
    field=st.sampled_from(["kg", "marks", "weighed", "ports", "crew", "kind"]),
    value=json_values,
)
def test_any_json_in_any_field_is_read_or_refused_by_its_name(
    cargo: Cargo, field: str, value: object
):
    try:
        from_json(Cargo, to_json(cargo) | {field: value})
    except ConfigError as error:
        assert str(error).startswith(f"config.{field}")


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [
        ("kg", math.nan, "kg: expected float, received nan"),
        ("kg", True, "kg: expected float, received True"),
        ("kg", 10**400, "kg: expected float, received 1"),
        ("kg", "infinity", "kg: expected float"),
        ("marks", ["dry", True], r"marks\[1\]: expected one of 'dry', 'wet', 1, received True"),
        ("weighed", [[1.0], [None, "2"]], r"weighed\[1\]\[1\]: expected float"),
        ("ports", {"a b": 1}, r"ports\['a b'\]: expected an object"),
        ("kind", "fowl", "kind: expected one of 'fish', received 'fowl'"),
    ],
)
def test_a_fault_is_named_by_its_place(field: str, value: object, place: str):
    cargo = Cargo(kg=1.0, marks=[], weighed=(), ports={}, crew=1, kind=None)
    with pytest.raises(ConfigError, match=rf"config\.{place}"):
        from_json(Cargo, to_json(cargo) | {field: value})


def test_a_value_of_any_length_is_refused_in_a_short_sentence():
    with pytest.raises(ConfigError) as caught:
        from_json(Port, {"shape": ["x" * 10**6] * 10**5, "tools": {}} | {"y" * 10**6: 1})
    assert len(str(caught.value)) < 300


def test_infinity_is_a_text():
    assert to_json([math.inf, -math.inf, (1.0,)]) == ["inf", "-inf", [1.0]]
    assert from_json(tuple[float, ...], ["inf", "-inf", 1]) == (math.inf, -math.inf, 1.0)
