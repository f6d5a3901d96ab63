"""A discriminator or critic that shows what it computes on its way to the verdict."""

import keras

ACTIVATION = "_act"  # how the names of all activations of our patch networks end


def observed(network: keras.Model, *, features: bool) -> keras.Model:
    """Return `network` itself, weights and all, with two outputs: a list of features, a verdict.

    features: whether the list holds the activation of every hidden layer, first to last,
    (N, h, w, C) each; otherwise it is empty, and nothing is computed that was not before.
    """
    activations = [layer.output for layer in network.layers if layer.name.endswith(ACTIVATION)]
    outputs = (activations if features else [], network.output)
    return keras.Model(network.inputs, outputs, name=f"{network.name}_observed")
