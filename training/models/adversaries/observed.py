"""A discriminator or critic that returns its hidden layers' features too, for feature matching."""

import keras

from training.errors import ConfigError

ACTIVATION = "_act"  # how the names of all activations of our patch networks end


def observed(network: keras.Model, *, features: bool) -> keras.Model:
    """Return `network` itself, weights and all, with two outputs: a list of features, a verdict.

    features: whether the list holds the activation of every hidden layer, first to last,
    (N, h, w, C) each; otherwise it is empty, and nothing is computed that was not before.
    Raises ConfigError where features are asked for and no hidden layer is named so.
    """
    activations = [layer.output for layer in network.layers if layer.name.endswith(ACTIVATION)]
    if features and not activations:
        raise ConfigError(
            f"loss.feature_matching: expected layers whose names end in {ACTIVATION!r}, received "
            f"{network.name!r} with none. Set it to 0."
        )
    outputs = (activations if features else [], network.output)
    return keras.Model(network.inputs, outputs, name=f"{network.name}_observed")
