"""Begin a training with the weights of another net: all of them, or those of layers that fit."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import keras

from training.errors import ConfigError
from training.trainers.averaging import begin_average
from training.trainers.base import GeneratorTrainer

LISTED = 6  # layers that an error names; more are counted


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of the weights of another net, by the names of layers."""

    layers: tuple[str, ...]  # have its weights now
    anew: tuple[str, ...]  # begin at random
    unused: tuple[str, ...]  # of the other net, without a place in this one
    weights: int  # numbers that were taken


def begin_with(
    trainer: GeneratorTrainer, other: keras.Model, *, anew: Collection[str] = ()
) -> Taken:
    """Let a trainer's generator, and its average, begin where another generator ended.

    anew: layers that keep the weights they were built with; `other` may then be another network.
    Raises ConfigError for a layer that does not fit and is not named, and for a name of no layer.
    """
    here, there = _by_layer(trainer.generator), _by_layer(other)
    unknown = sorted(set(anew) - here.keys())
    if unknown:
        raise ConfigError(
            f"init_partly: expected layers of the generator, received {', '.join(unknown)}. It has "
            f"{', '.join(here)}."
        )
    unused = tuple(name for name in there if name not in here)
    misfits = {
        name: fault
        for name, weights in here.items()
        if name not in anew and (fault := _misfit(weights, there.get(name)))
    }
    if misfits or (unused and not anew):
        raise ConfigError(_said(misfits, unused))
    taken = tuple(name for name in here if name not in anew)
    count = 0
    for name in taken:
        for weight, given in zip(here[name], there[name], strict=True):
            weight.assign(given)
            count += int(given.shape.num_elements() or 0)
    if trainer.average is not None:
        begin_average(trainer.average, trainer.generator)
    kept = tuple(name for name in here if name in anew)
    return Taken(layers=taken, anew=kept, unused=unused, weights=count)


def _by_layer(network: keras.Model) -> dict[str, list[keras.Variable]]:
    """Return the weights of each layer that has any, in the order of the network."""
    layers: dict[str, list[keras.Variable]] = {}
    for weight in network.weights:
        layers.setdefault(weight.path.rpartition("/")[0], []).append(weight)
    return layers


def _misfit(wanted: Sequence[keras.Variable], given: Sequence[keras.Variable] | None) -> str | None:
    """Say how the weights of a layer differ from those that it is to take; None: they fit."""
    if given is None:
        return "it has none of that name"
    shapes, others = ({w.name: "x".join(map(str, w.shape)) for w in of} for of in (wanted, given))
    if shapes == others:
        return None
    names = [name for name in (shapes | others) if shapes.get(name) != others.get(name)]
    return ", ".join(
        f"{name} is {others.get(name, 'absent')} there, {shapes.get(name, 'absent')} here"
        for name in names
    )


def _said(misfits: dict[str, str], unused: Sequence[str]) -> str:
    rows = [f"{name}: {fault}" for name, fault in misfits.items()]
    rows += [f"{name}: only the other net has it" for name in unused]
    more = f"\n  and {len(rows) - LISTED} more" if len(rows) > LISTED else ""
    listed = "".join(f"\n  {row}" for row in rows[:LISTED])
    remedy = f" --init-partly {' '.join(misfits)}" if misfits else " --init-partly and a layer"
    return (
        f"init: {len(rows)} layers do not fit:{listed}{more}\nTrain the same network, or let "
        f"layers begin at random by name:{remedy}"
    )
