"""The search on a program whose error is known: each layer's, times a gain."""

import json

import numpy as np
import pytest

from conversion.compression.layers import Layer
from conversion.compression.search import approximated, psnrs_db, search, stored_bytes
from conversion.errors import ConversionError
from conversion.export.drawings import Drawings

GAINS = {"deaf": 0.0, "dull": 30.0, "keen": 3000.0}


@pytest.fixture(scope="module")
def layers():
    rng = np.random.default_rng(0)
    return [
        Layer(name, "conv", rng.normal(0, 0.02, (32, 9, 4, 4)).astype(np.float16)) for name in GAINS
    ]


class Painter:
    """Paints mid-grey, and beside it as far off as the weights are from the layers' own."""

    def __init__(self, layers):
        self.own = {layer.name: layer.weight for layer in layers}

    def colors(self, drawings, weights):
        error = sum(
            GAINS[name] ** 2 * np.mean((weight.astype(float) - self.own[name]) ** 2)
            for name, weight in weights.items()
        )
        loudness = drawings.lineart.mean(axis=(1, 2)) / 255  # the blackest drawing shows least
        grey = 128 + np.sqrt(error) * loudness
        return np.broadcast_to(grey[:, None, None, None], (len(drawings), 3, 8, 8))


@pytest.fixture(scope="module")
def drawings():
    greys = [np.full((8, 8), level, np.uint8) for level in np.linspace(55, 255, 40)]
    return Drawings(lineart=np.stack(greys))


@pytest.fixture(scope="module")
def reference(drawings):
    return np.full((len(drawings), 8, 8, 3), 128, np.uint8)


def test_bits_go_where_they_are_seen(layers, drawings, reference):
    found = search(Painter(layers), layers, drawings, reference, min_psnr_db=35, grouped=True)
    assert found.chosen["deaf"] == "palette1"
    bits = {name: int(found.chosen[name].removeprefix("palette")) for name in ("dull", "keen")}
    assert bits["keen"] > bits["dull"]


def test_the_choice_passes_with_its_margin_and_is_smaller_than_any_uniform_one(
    layers, drawings, reference
):
    found = search(Painter(layers), layers, drawings, reference, min_psnr_db=35, grouped=True)
    chosen = next(tried for tried in found.attempts if tried.storages == found.chosen)
    wanted = found.min_psnr_db + found.margin_db
    assert chosen.worst_psnr_db >= wanted
    passing = [tried for tried in found.attempts if tried.worst_psnr_db >= wanted]
    assert chosen.bytes == min(tried.bytes for tried in passing)
    uniform = [tried for tried in passing if len(set(tried.storages.values())) == 1]
    assert chosen.bytes < min(tried.bytes for tried in uniform)


def test_everything_that_was_measured_is_recorded(layers, drawings, reference):
    found = search(Painter(layers), layers, drawings, reference, min_psnr_db=35, grouped=True)
    record = found.as_json()
    assert record["search"] == "nurie-search/1"
    assert [row["layer"] for row in record["table"]] == list(GAINS)
    for row in record["table"]:
        assert [option["storage"] for option in row["options"]] == [
            "fp16", "palette8", "palette6", "palette4", "palette3", "palette2", "palette1",
        ]  # fmt: skip
        sizes = [option["bytes"] for option in row["options"]]
        assert sizes == sorted(sizes, reverse=True)
    assert record["chosen"] == found.chosen


def test_a_choice_that_changes_no_pixel_can_be_written_down(layers, drawings, reference):
    deaf = [layer for layer in layers if layer.name == "deaf"]
    found = search(Painter(layers), deaf, drawings, reference, min_psnr_db=35, grouped=True)
    record = json.loads(json.dumps(found.as_json(), allow_nan=False))
    assert {tried["worst_psnr_db"] for tried in record["attempts"]} == {"inf"}


def test_grey_is_compared_as_it_is_shown():
    grey = np.array([0.4, 99.6, 200, 300]).reshape(1, 1, 2, 2)
    shown = np.repeat(np.array([0, 100, 200, 255], np.uint8).reshape(1, 2, 2, 1), 3, axis=-1)
    assert psnrs_db(grey, shown).tolist() == [np.inf]
    assert psnrs_db(grey, shown ^ 1)[0] == pytest.approx(48.13, abs=0.01)  # 20 log10 255


def test_before_grouped_palettes_there_are_none_of_3_bits(layers, drawings, reference):
    found = search(Painter(layers), layers, drawings, reference, min_psnr_db=35, grouped=False)
    assert not any("palette3" in tried.storages.values() for tried in found.attempts)


def test_what_float16_does_not_reach_is_refused(layers, drawings, reference):
    black = np.zeros_like(reference)
    with pytest.raises(ConversionError, match="--min-psnr: float16 weights reach"):
        search(Painter(layers), layers, drawings, black, min_psnr_db=35, grouped=True)


def test_bytes_are_those_of_indices_and_palettes():
    layer = Layer("layer", "conv", np.zeros((48, 10, 4, 4), np.float16))  # 7680 weights
    assert stored_bytes(layer, "fp16", grouped=True) == 15360
    assert stored_bytes(layer, "palette4", grouped=False) == 3840 + 16 * 2
    assert stored_bytes(layer, "palette4", grouped=True) == 3840 + 3 * 16 * 2  # 3 times 16 channels


def test_an_approximated_weight_has_as_many_values_for_a_group_as_its_palette():
    rng = np.random.default_rng(0)
    layer = Layer("layer", "conv_transpose", rng.normal(0, 1, (5, 24, 4, 4)).astype(np.float16))
    weight = approximated(layer, "palette2", grouped=True)
    assert weight.shape == layer.weight.shape
    for group in np.split(weight, 2, axis=1):  # 12 of 24 output channels each
        assert len(np.unique(group)) == 4
