"""Compare a training step with the same step written out, whatever rounds differently.

Adam divides a gradient by its own size: where one is near 0, its rounding error becomes a whole
step. Plain descent moves a weight by a rate times the gradient, and shows all of it.
"""

import keras
import numpy as np

RATE = 0.01
# A gradient is a sum over 2 pictures of 32 x 32 pixels, and float32 rounds each of its 2^11
# additions by up to 2^-24 of what is added: by so much, of the largest gradient, sums in another
# order differ at most.
ROUNDING = 2**-13


def descend_plainly(trainer):
    """Give every network of an untrained trainer plain descent in place of Adam."""
    optimizers = {name: keras.optimizers.SGD(RATE) for name in trainer.optimizers()}
    trainer.compile(optimizers.pop("generator_optimizer"), **optimizers)
    return trainer


def require_same_step(network, other, *, start):
    """Fail unless two networks that began with the weights `start` made the same step."""
    after, expected = network.get_weights(), other.get_weights()
    longest = max(np.abs(b - a).max() for a, b in zip(start, expected, strict=True))
    assert longest > 0
    for a, b in zip(after, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=ROUNDING * longest)
