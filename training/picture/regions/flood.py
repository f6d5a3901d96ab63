"""Flood labels outwards from seeds over all that is open, one pixel deeper each round.

The order, for a port that has to agree to the pixel. Each round has four turns: every pixel that
the round before labelled gives its label to the pixel on its left, then every one to that on its
right, then above, then below, wherever that one is open still. The first round begins at the seeds.
"""

import numpy as np

OPEN, CLOSED = 0, -1


def flood(labels: np.ndarray) -> np.ndarray:
    """Return labels in which every open pixel that a path of open ones joins to a seed has one.

    labels: (H, W) int32: 1 and more a seed, OPEN to be flooded, CLOSED never. Paths run over
    sides, not over corners. Returns the same shape and type; OPEN stays what no seed reaches.
    Takes time by the pixels that it floods, and a little by the rounds.
    """
    height, width = labels.shape
    framed = np.pad(labels, 1, constant_values=CLOSED)
    flat, row = framed.reshape(-1), width + 2
    front = _beside_open(framed)
    while len(front):
        taken = []
        for step in (-1, 1, -row, row):
            reached = front + step
            still_open = flat[reached] == OPEN
            reached = reached[still_open]
            flat[reached] = flat[front[still_open]]
            taken.append(reached)
        front = np.concatenate(taken)
    return framed[1:-1, 1:-1]


def _beside_open(framed: np.ndarray) -> np.ndarray:
    """Return the places of the seeds in the flattened picture that have an open pixel beside."""
    is_open = framed == OPEN
    beside = np.zeros_like(is_open)
    beside[:, :-1] |= is_open[:, 1:]
    beside[:, 1:] |= is_open[:, :-1]
    beside[:-1] |= is_open[1:]
    beside[1:] |= is_open[:-1]
    return np.flatnonzero(beside & (framed > 0))
