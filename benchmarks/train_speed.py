"""python -m benchmarks.train_speed [--rounds 5]

Measure the training step of pix2pix in images/s, with our one-pass Adam and with Keras's own by
turns in one run, and the time that each takes to update the weights. Ends with status 1 if the gain
at 256 pixels is below 1.2x.
"""

import dataclasses
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from training.config import LossConfig, TrainConfig
from training.errors import ConfigError
from training.settings.networks import DiscriminatorConfig, GeneratorConfig
from training.terminal.command import DONE, FAILED, run_command

EXPECTED_GAIN_AT_256 = 1.2

_GAN = TrainConfig(loss=LossConfig(adversary="gan"))
SETTINGS = (
    dataclasses.replace(
        _GAN,
        size=64,
        batch_size=16,
        generator=GeneratorConfig(width=16),
        discriminator=DiscriminatorConfig(width=16),
    ),
    dataclasses.replace(
        _GAN,
        size=128,
        batch_size=1,
        generator=GeneratorConfig(width=32),
        discriminator=DiscriminatorConfig(width=32),
    ),
    dataclasses.replace(_GAN, size=256, batch_size=4),
    dataclasses.replace(_GAN, size=256, batch_size=1),  # the last: its gain is judged
)


@dataclass(frozen=True, kw_only=True)
class Options:
    """What train_speed.py is told on the command line."""

    rounds: int = 5  # timed rounds of each optimizer, by turns
    seconds: float = 4.0  # how long one round takes, about

    def __post_init__(self) -> None:
        if self.rounds < 1 or not self.seconds > 0:
            raise ConfigError(f"expected rounds and seconds above 0, received {self}.")


@dataclass(frozen=True, kw_only=True)
class Speed:
    """Images per second, the median over rounds, and the median gain of paired rounds."""

    setting: str
    stock: float
    one_pass: float
    gain: float
    stock_update_ms: float  # of both networks' weights, gradients given
    one_pass_update_ms: float


def measure(config: TrainConfig, *, rounds: int, seconds: float) -> Speed:
    """Time the same networks under both optimizers, in turn, so that noise meets both."""
    import keras

    from training.trainers.adam import OnePassAdam

    stock, one_pass = (_stepper(config, adam=kind) for kind in (keras.optimizers.Adam, OnePassAdam))
    began = time.perf_counter()
    one_pass(2)
    steps = max(2, round(2 * seconds / (time.perf_counter() - began)))
    rates: dict[str, list[float]] = {"stock": [], "one_pass": []}
    for _ in range(rounds):
        for name, run in (("stock", stock), ("one_pass", one_pass)):
            began = time.perf_counter()
            run(steps)
            rates[name].append(steps * config.batch_size / (time.perf_counter() - began))
    gains = [b / a for a, b in zip(rates["stock"], rates["one_pass"], strict=True)]
    return Speed(
        setting=f"{config.size}x{config.size}, width {config.generator.width}, "
        f"batch {config.batch_size}",
        stock=statistics.median(rates["stock"]),
        one_pass=statistics.median(rates["one_pass"]),
        gain=statistics.median(gains),
        stock_update_ms=_update_ms(config, adam=keras.optimizers.Adam, rounds=rounds),
        one_pass_update_ms=_update_ms(config, adam=OnePassAdam, rounds=rounds),
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    from training.terminal.tensorflow_log import import_tensorflow_quietly

    import_tensorflow_quietly()
    print(f"{'images/s':<28}{'Keras Adam':>11}{'one-pass':>9}{'gain':>7}  update of the weights")
    for config in SETTINGS:
        speed = measure(config, rounds=options.rounds, seconds=options.seconds)
        print(
            f"{speed.setting:<28}{speed.stock:>11.2f}{speed.one_pass:>9.2f}{speed.gain:>6.2f}x"
            f"  {speed.stock_update_ms:.1f} -> {speed.one_pass_update_ms:.1f} ms",
            flush=True,
        )
    return DONE if speed.gain >= EXPECTED_GAIN_AT_256 else FAILED


def _stepper(config: TrainConfig, *, adam: type) -> Callable[[int], None]:
    """Return a function that trains for so many steps; it is traced and warm already."""
    import numpy as np
    import tensorflow as tf

    from training.trainers.builder import build_trainer

    trainer = build_trainer(config, steps_per_epoch=1_000, adam=adam)
    rng = np.random.default_rng(0)
    shape = (config.batch_size, *config.height_width)
    pair = tuple(rng.uniform(-1, 1, (*shape, c)).astype(np.float32) for c in (1, 3))
    batches = iter(tf.data.Dataset.from_tensors(pair).repeat())
    trainer.make_train_function()

    def run(steps: int) -> None:
        # What `fit` calls for every batch, without what it does before and after an epoch: that
        # takes up to a second, in jumps, and would drown the difference in a short round.
        for _ in range(steps):
            losses = trainer.train_function(batches)
        float(losses["l1"])  # waits for the last step

    run(2)
    return run


def _update_ms(config: TrainConfig, *, adam: type, rounds: int) -> float:
    """Return the median time of one update of all weights by given gradients, in milliseconds."""
    import tensorflow as tf

    from training.trainers.builder import build_trainer

    trainer = build_trainer(config, steps_per_epoch=1_000, adam=adam)
    pairs = []
    for name, optimizer in trainer.optimizers().items():
        variables = trainer.networks()[name.removesuffix("_optimizer")].trainable_variables
        pairs.append((optimizer, [tf.fill(v.shape, 1e-3) for v in variables], variables))

    @tf.function
    def update() -> None:
        for optimizer, gradients, variables in pairs:
            optimizer.apply(gradients, variables)

    update()
    elapsed_s = []
    for _ in range(3 * rounds):
        began = time.perf_counter()
        update()
        elapsed_s.append(time.perf_counter() - began)
    return 1e3 * statistics.median(elapsed_s)


if __name__ == "__main__":
    sys.exit(main())
