import pytest

from training.models.ink import finished, under_ink
from training.models.mobile import mobile
from training.models.unet import unet
from training.picture.ports import as_inputs, paints_layer, takes_hints


@pytest.mark.parametrize("hints", [False, True])
def test_a_generator_says_whether_it_takes_hints(hints):
    for net in (
        mobile(width=2, hints=hints, dropout=0.0, seed=0),
        unet(width=2, depth=3, dropout=0, hints=hints, seed=0),
        under_ink(unet(width=2, depth=3, dropout=0, hints=hints, seed=0)),
    ):
        assert takes_hints(net) == hints


def test_only_the_generator_for_phones_paints_a_layer():
    assert paints_layer(mobile(width=2, hints=False, dropout=0.0, seed=0))
    net = unet(width=2, depth=3, dropout=0, seed=0)
    assert not paints_layer(net)
    assert not paints_layer(under_ink(net))


def test_what_is_finished_is_left_as_it_is():
    net = unet(width=2, depth=3, dropout=0, seed=0)
    assert finished(net) is net
    assert not paints_layer(finished(mobile(width=2, hints=True, dropout=0.0, seed=0)))


def test_a_single_picture_is_given_without_a_list():
    assert as_inputs(["lineart"]) == "lineart"
    assert as_inputs(("lineart", "hints")) == ["lineart", "hints"]
