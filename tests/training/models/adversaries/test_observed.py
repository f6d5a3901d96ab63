import numpy as np
import pytest

from training.models.adversaries.critic import no_norm, patch_critic
from training.models.adversaries.observed import observed
from training.models.adversaries.patch import patch_discriminator
from training.models.adversaries.selu_patch import selu_patch
from training.models.initializers import LEAKY_RELU_INITS, SELU_INITS

NETWORKS = {
    "discriminator": lambda: patch_discriminator(width=2, layers=2, seed=0),
    "critic": lambda: patch_critic(
        width=2, layers=2, size=32, seed=0, norm=no_norm, init=LEAKY_RELU_INITS["fan-in"]
    ),
    "selu": lambda: selu_patch(width=2, layers=2, size=32, seed=0, init=SELU_INITS["fan-in"]),
}


@pytest.fixture(params=NETWORKS)
def network(request):
    return NETWORKS[request.param]()


def pair(seed=0):
    rng = np.random.default_rng(seed)
    return [rng.uniform(-1, 1, (3, 32, 40, channels)).astype(np.float32) for channels in (1, 3)]


def test_every_hidden_layer_shows_its_activation_and_the_verdict_stays_what_it_was(network):
    features, verdict = observed(network, features=True)(pair())
    assert [tuple(layer.shape) for layer in features] == [
        (3, 16, 20, 2),
        (3, 8, 10, 4),
        (3, 7, 9, 8),
    ]
    np.testing.assert_array_equal(verdict, network(pair()))
    assert all(np.std(layer) > 0 for layer in features)


def test_a_feature_comes_after_its_activation(network):
    features, _ = observed(network, features=True)(pair())
    lowest = min(float(np.min(layer)) for layer in features)
    highest = max(float(np.max(layer)) for layer in features)
    assert lowest < 0  # leaky, or selu
    assert -lowest < highest  # what is below 0 was shortened


def test_the_weights_are_those_of_the_network(network):
    watched = observed(network, features=True)
    assert [id(weight) for weight in watched.weights] == [id(weight) for weight in network.weights]


def test_without_features_there_is_the_verdict_alone(network):
    features, verdict = observed(network, features=False)(pair())
    assert features == []
    np.testing.assert_array_equal(verdict, network(pair()))
