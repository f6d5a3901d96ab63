import dataclasses

import numpy as np
import pytest

from tests.training.tiny import TINY_STEP
from training.config import LossConfig
from training.errors import ConfigError
from training.trainers.beginning import begin_with
from training.trainers.builder import build_generator, build_trainer

PLAIN = dataclasses.replace(TINY_STEP, loss=LossConfig(adversary="none"))
# Takes 4 channels more: only its first kernel has another shape, 4x4x5x2 and not 4x4x1x2.
HINTED = dataclasses.replace(PLAIN, generator=dataclasses.replace(PLAIN.generator, hints=True))


@pytest.fixture
def trainer():
    return build_trainer(HINTED, steps_per_epoch=1)


@pytest.fixture(scope="module")
def ones():
    """A net without hints whose weights are all 1."""
    generator = build_generator(PLAIN)
    generator.set_weights([np.ones_like(weight) for weight in generator.get_weights()])
    return generator


def by_path(network):
    return {weight.path: weight.numpy() for weight in network.weights}


def test_all_weights_are_taken_by_the_generator_and_its_average(ones):
    trainer = build_trainer(PLAIN, steps_per_epoch=1)
    taken = begin_with(trainer, ones)
    for network in (trainer.generator, trainer.average):
        assert all((weight == 1).all() for weight in network.get_weights())
    assert (taken.anew, taken.unused) == ((), ())
    assert taken.weights == ones.count_params()


def test_a_layer_that_does_not_fit_is_refused_with_both_shapes_and_the_option(trainer, ones):
    before = by_path(trainer.generator)
    with pytest.raises(ConfigError) as refused:
        begin_with(trainer, ones)
    said = str(refused.value)
    assert "down_0_conv: kernel is 4x4x1x2 there, 4x4x5x2 here" in said
    assert said.endswith("--init-partly down_0_conv")
    for path, weight in by_path(trainer.generator).items():
        np.testing.assert_array_equal(weight, before[path])


def test_a_named_layer_begins_as_it_was_built_and_all_others_are_taken(trainer, ones):
    before = by_path(trainer.generator)
    taken = begin_with(trainer, ones, anew=["down_0_conv"])
    for network in (trainer.generator, trainer.average):
        for path, weight in by_path(network).items():
            expected = before[path] if path.startswith("down_0_conv/") else 1
            np.testing.assert_array_equal(weight, expected, err_msg=path)
    assert taken.anew == ("down_0_conv",)
    assert "last_conv" in taken.layers
    assert "down_0_conv" not in taken.layers
    # Its kernel has 4x4x5x2 numbers and its offsets 2.
    assert taken.weights == trainer.generator.count_params() - 162


def test_a_named_layer_that_fits_begins_at_random_too(ones):
    trainer = build_trainer(PLAIN, steps_per_epoch=1)
    begin_with(trainer, ones, anew=["last_conv"])
    kernels = by_path(trainer.generator)
    assert not (kernels["last_conv/kernel"] == 1).any()
    assert (kernels["down_0_conv/kernel"] == 1).all()


def test_a_name_of_no_layer_is_refused_with_those_there_are(trainer, ones):
    with pytest.raises(ConfigError, match="received last_cnv.*down_0_conv.*last_conv"):
        begin_with(trainer, ones, anew=["last_cnv"])


def test_the_remedy_of_a_refusal_names_every_layer_and_what_has_no_place_is_told(ones):
    shallow = dataclasses.replace(PLAIN, generator=dataclasses.replace(PLAIN.generator, depth=4))
    trainer = build_trainer(shallow, steps_per_epoch=1)
    with pytest.raises(ConfigError, match="(?s)11 layers do not fit.*and 5 more") as refused:
        begin_with(trainer, ones)
    anew = str(refused.value).partition("--init-partly ")[2].split()
    taken = begin_with(trainer, ones, anew=anew)
    assert taken.layers[0] == "down_0_conv"
    assert set(taken.anew) == set(anew)
    deeper = {weight.path.rpartition("/")[0] for weight in ones.weights}
    assert set(taken.unused) == deeper - set(taken.layers) - set(anew) != set()
