"""Take a trainer's whole step out of TensorFlow as one XLA program, with names for its variables.

Nothing is written anew: what is traced is the trainer's own train_step and AverageWeights. The
variables that TensorFlow captured become parameters, and those that it updated results; which is
which is read from the program (input_output_alias) and checked, not assumed.
"""

import re
from dataclasses import dataclass
from typing import Any

import keras
import tensorflow as tf

from benchmarks.lent_gpu.batches import Recipe
from benchmarks.lent_gpu.program import MEANS
from training.errors import ConfigError
from training.pixels import tensor_hints_to_unit_range, tensor_to_unit_range
from training.trainers.averaging import AverageWeights
from training.trainers.builder import Trainer

# Before XLA optimises, a program is the same for every device but for this name.
PLATFORM = "CPU"
_TYPES = {"f32": "float32", "f16": "float16", "bf16": "bfloat16", "u8": "uint8", "pred": "bool"}
_TYPES |= {f"{kind[0]}{bits}": f"{kind}{bits}" for kind in ("uint", "int") for bits in (32, 64)}
_TYPES |= {f"s{bits}": f"int{bits}" for bits in (32, 64)}


@dataclass(frozen=True, kw_only=True)
class ExportedStep:
    """A step as XLA takes it; the names are those of `named_variables`."""

    hlo: bytes  # a serialized HloModuleProto
    losses: tuple[str, ...]
    taken: tuple[str, ...]
    given: tuple[str, ...]


def named_variables(trainer: Trainer) -> dict[str, tf.Variable]:
    """Return all that a trainer changes or keeps, by names that a trainer built again has too."""
    groups = {
        **{name: network.variables for name, network in trainer.networks().items()},
        **{name: optimizer.variables for name, optimizer in trainer.optimizers().items()},
        **{f"seeds/{name}": [seed.state] for name, seed in trainer.seed_generators().items()},
        **{f"{MEANS}/{name}": mean.variables for name, mean in trainer.means.items()},
    }
    named: dict[str, tf.Variable] = {}
    seen = set()
    for group, variables in groups.items():
        for number, variable in enumerate(variables):
            value = variable.value if isinstance(variable, keras.Variable) else variable
            if id(value) not in seen:
                seen.add(id(value))
                named[f"{group}/{number}"] = value
    return named


def whole_step(trainer: Trainer, *, recipe: Recipe, decay: float, xla: bool) -> Any:
    """Return a tf.function of a batch in uint8: train_step, then the running average.

    It returns the means so far, in the order of their names.
    """
    average = None
    if trainer.average is not None:
        average = AverageWeights(
            trainer.average, trainer.generator, decay=decay, optimizer=trainer.optimizer
        )
    scale = {"hints": tensor_hints_to_unit_range}
    names = list(recipe.shapes())

    @tf.function(
        jit_compile=xla,
        input_signature=[tf.TensorSpec(shape, tf.uint8) for shape in recipe.shapes().values()],
    )
    def step(*parts: tf.Tensor) -> list[tf.Tensor]:
        batch = tuple(
            scale.get(name, tensor_to_unit_range)(part)
            for name, part in zip(names, parts, strict=True)
        )
        means = trainer.train_step(batch)
        if average is not None:
            average.on_train_batch_end(0)
        return [means[name] for name in sorted(means)]

    return step


def export_step(trainer: Trainer, *, recipe: Recipe, decay: float) -> ExportedStep:
    """Trace, lower and read back a trainer's step.

    Raises ConfigError where a variable has no name or a parameter is not what it should be.
    """
    step = whole_step(trainer, recipe=recipe, decay=decay, xla=True)
    traced = step.get_concrete_function()
    names = {id(value.handle): name for name, value in named_variables(trainer).items()}
    unnamed = [captured for captured in traced.captured_inputs if id(captured) not in names]
    if unnamed:
        raise ConfigError(
            f"the step captures what is no variable of the trainer: {unnamed[:3]}. Expected each "
            "among its networks, optimizers, means or seed generators."
        )
    taken = tuple(names[id(captured)] for captured in traced.captured_inputs)
    losses = tuple(sorted(trainer.means))
    lower = step.experimental_get_compiler_ir(*step.input_signature)
    header = lower(stage="hlo", platform_name=PLATFORM).split("\n", 1)[0]
    given = _given(header, taken, losses=len(losses), parts=len(recipe.shapes()))
    _require_types(header, taken, given, trainer=trainer, recipe=recipe, losses=len(losses))
    hlo = lower(stage="hlo_serialized", platform_name=PLATFORM)
    return ExportedStep(hlo=hlo, losses=losses, taken=taken, given=given)


def _given(header: str, taken: tuple[str, ...], *, losses: int, parts: int) -> tuple[str, ...]:
    """Return the variable of each result behind the losses, by the parameter it takes over."""
    alias = header.partition("input_output_alias={")[2].partition("}, entry_computation")[0]
    pairs = {int(a): int(b) for a, b in re.findall(r"\{(\d+)\}: \((\d+), \{\}", alias)}
    results = len(_arrays(header.partition("->")[2])) - losses
    if sorted(pairs) != list(range(losses, losses + results)):
        raise ConfigError(
            f"expected a variable for each of the {results} results behind {losses} losses, "
            f"received {len(pairs)}: TensorFlow lowers a step otherwise than it did (2.21)."
        )
    return tuple(taken[pairs[losses + i] - parts] for i in range(results))


def _require_types(
    header: str,
    taken: tuple[str, ...],
    given: tuple[str, ...],
    *,
    trainer: Trainer,
    recipe: Recipe,
    losses: int,
) -> None:
    """Compare every parameter and result with the variable that is meant to be it."""
    variables = named_variables(trainer)

    def types(names: tuple[str, ...]) -> list[tuple[str, tuple[int, ...]]]:
        return [(variables[name].dtype.name, tuple(variables[name].shape)) for name in names]

    given_in, given_back = header.split("entry_computation_layout=", 1)[1].split("->", 1)
    batch = [("uint8", shape) for shape in recipe.shapes().values()]
    expected_in = [*batch, *types(taken)]
    expected_back = [*(("float32", ()) for _ in range(losses)), *types(given)]
    for found, expected in ((given_in, expected_in), (given_back, expected_back)):
        if _arrays(found) != expected:
            raise ConfigError(
                "a parameter or result of the step has another type than its variable: TensorFlow "
                "orders them otherwise than it did (2.21)."
            )


def _arrays(signature: str) -> list[tuple[str, tuple[int, ...]]]:
    """Read the types and shapes of one side of an entry computation's layout."""
    found = re.findall(r"([a-z]+\d*)\[([\d,]*)\]", signature)
    return [(_TYPES[kind], tuple(int(n) for n in dims.split(",") if n)) for kind, dims in found]
