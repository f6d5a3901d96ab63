"""What training/data/pipeline.py shows a net, made in NumPy: one batch by its epoch and step.

The same config, the same shares and the same variations, from other random numbers. All is uint8:
line art, too, comes in whole grey levels, which TensorFlow's pipeline leaves between two.
"""

from dataclasses import dataclass

import numpy as np

from benchmarks.lent_gpu.geometry import augmented
from benchmarks.lent_gpu.pictures import Pictures
from training.config import TrainConfig
from training.data.variation.hints import hinted
from training.data.variation.pens import redraw
from training.pixels import under_ink
from training.settings.pictures import AugmentConfig, HintsConfig
from training.settings.sizes import square_side

_ORDER, _EXAMPLE = range(2)  # one stream of random numbers for each purpose
# What a batch consists of, in the order of a trainer's inputs, and its channels.
CHANNELS = {"lineart": 1, "hints": 4, "color": 3}


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """All that decides the batches of a training."""

    size: int
    count: int  # pictures of one batch
    seed: int
    epochs: int
    steps: int  # of an epoch
    augment: AugmentConfig
    hints: HintsConfig | None

    def shapes(self) -> dict[str, tuple[int, int, int, int]]:
        """Return the shape of each part of a batch."""
        return {
            name: (self.count, self.size, self.size, channels)
            for name, channels in CHANNELS.items()
            if name != "hints" or self.hints is not None
        }


def recipe_of(config: TrainConfig, *, steps: int) -> Recipe:
    """Return the batches of a config whose size is known, with so many steps in an epoch."""
    return Recipe(
        size=square_side(config.height_width),
        count=config.pairs_per_step,
        seed=config.seed,
        epochs=config.epochs,
        steps=steps,
        augment=config.augment,
        hints=config.hints if config.generator.hints else None,
    )


def epoch_order(recipe: Recipe, epoch: int, *, pictures: int) -> np.ndarray:
    """Return the order that an epoch shows all pictures in."""
    return np.random.default_rng([recipe.seed, epoch, _ORDER]).permutation(pictures)


def make_batch(
    recipe: Recipe,
    pictures: Pictures,
    indices: np.ndarray,
    *,
    epoch: int,
    into: dict[str, np.ndarray],
) -> None:
    """Draw the pictures of `indices` into the arrays of a batch, uint8."""
    for place, index in enumerate(indices):
        drawn = make_example(recipe, pictures, int(index), epoch=epoch)
        for name, array in into.items():
            array[place] = drawn[name]


def make_example(
    recipe: Recipe, pictures: Pictures, index: int, *, epoch: int
) -> dict[str, np.ndarray]:
    """Return one picture as an epoch shows it: lineart (H, W, 1), hints (H, W, 4) and color."""
    rng = np.random.default_rng([recipe.seed, epoch, _EXAMPLE, index])
    augment = recipe.augment
    lines, color, layer = _drawing(pictures, index, rng, augment=augment)
    if augment.redrawn and rng.random() < augment.redrawn:
        lines, color = redraw(lines, color, layer, rng=rng, augment=augment)
    both = np.concatenate([lines[..., np.newaxis], color], axis=-1).astype(np.float32)
    both = np.rint(augmented(both, rng=rng, augment=augment)).astype(np.uint8)
    lines, color = both[..., 0], both[..., 1:]
    if recipe.hints is None:
        return {"lineart": both[..., :1], "color": color}
    hints, color = hinted(lines, color, rng=rng, config=recipe.hints)
    return {"lineart": both[..., :1], "hints": hints, "color": color}


def _drawing(
    pictures: Pictures, index: int, rng: np.random.Generator, *, augment: AugmentConfig
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Choose one of a picture's line drawings. Returns it, its colours, and the layer if known."""
    first, last = pictures.first[index], pictures.first[index + 1]
    below = pictures.layer_of[index]
    layer = None if below < 0 else pictures.layers[below]
    variant = int(rng.random() * (last - first))
    if layer is not None and not augment.redrawn:
        variant = 0
    lines, color = pictures.lines[first + variant], pictures.colors[index]
    # The first line drawing is the one that the colours were drawn with: they are exact as stored.
    if layer is not None and variant:
        color = under_ink(layer, lines)
    return lines, color, layer
