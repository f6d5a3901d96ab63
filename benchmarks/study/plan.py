"""What the experiment trains: every row of its tables as a config, on one budget for all.

A row is a preset with named changes; rows whose configs are equal are one row, trained once. Rows
that depend on what others measured (a further learning rate, attempts to mend, the large ones) come
from functions that are told what was measured.
"""

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.study.changes import AS_MEANT, ATTEMPTS, REPAIRS, Changes
from training.config import TrainConfig
from training.errors import ConfigError
from training.presets import PRESETS

COMPARED = (
    *("l1", "l1-gan-100", "l1-gan-10", "l1-gan-1"),
    *("wgan-gp", "wgan-gp-l1", "selu", "selu-wgan-gp"),
    *("2017-wgan", "2017-selu", "2017-selu-wgan"),
)
FAILED = ("2017-wgan", "2017-selu", "2017-selu-wgan")
REPAIRED = ("wgan-gp", "wgan-gp-l1", "selu", "selu-wgan-gp")
RELU_NET, RELU_NO_DROPOUT, SELU_NET = "l1-gan-100", "l1-gan-100 without dropout", "selu"
# Whose rates are searched: preset and changes. The preset `selu` has no dropout, so that the second
# and the third differ in activation, normalization, initializer and standardised inputs alone.
SEARCHED: dict[str, tuple[str, Changes]] = {
    RELU_NET: (RELU_NET, {}),
    RELU_NO_DROPOUT: (RELU_NET, {"generator.dropout": 0.0}),
    SELU_NET: (SELU_NET, {}),
}
RATES = (0.5, 1.0, 2.0)  # times the preset's own
MOST_RATES = 5  # how far a search whose best rate is at an end of its list goes on


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What every row has alike."""

    steps: int = 692  # updates of the generator, as near as whole epochs allow
    batch_size: int = 4
    width: int = 16  # of generator, discriminator and critic
    # The presets' rates are meant for width 64 and 200 epochs: all are multiplied alike.
    rate_factor: float = 5.0
    size: int = 64  # pixels
    pairs: int = 1388  # training pairs of the data set

    def __post_init__(self) -> None:
        for name in ("steps", "batch_size", "width"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name}: expected at least 1, received {getattr(self, name)}.")
        if not self.rate_factor > 0:
            raise ConfigError(f"rate_factor: expected above 0, received {self.rate_factor}.")


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One training: a row with one seed."""

    name: str  # of its folder
    config: TrainConfig  # size and seed included


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a table: a config, trained with one seed or several."""

    label: str  # what a reader sees
    name: str  # equal for rows that are trained alike
    config: TrainConfig
    seeds: tuple[int, ...] = field(default=(0,))

    @property
    def cells(self) -> list[Cell]:
        """Return one training for each seed."""
        return [
            Cell(name=f"{self.name}.seed{seed}", config=dataclasses.replace(self.config, seed=seed))
            for seed in self.seeds
        ]


def in_order(*groups: Iterable[Cell]) -> list[Cell]:
    """Return the cells of all groups, each once, where it stands first."""
    return list({cell.name: cell for group in groups for cell in group}.values())


def preset_rows(budget: Budget, *, seeds: int) -> dict[str, Row]:
    """Return the presets of the comparison, by name."""
    return {
        name: make_row(budget, name, preset=name, changes={}, seeds=range(seeds))
        for name in COMPARED
    }


def rate_rows(budget: Budget, net: str, rates: Iterable[float], *, seeds: int) -> dict[float, Row]:
    """Return one of SEARCHED at each rate, in times of its own, lowest first."""
    preset, net_changes = SEARCHED[net]
    own = PRESETS[preset].optimizer.learning_rate
    rows = {}
    for rate in sorted(rates):
        rate_changes = {} if rate == 1 else {"optimizer.learning_rate": own * rate}
        label = f"{net} at {own * rate * budget.rate_factor:g}"
        changes = {**net_changes, **rate_changes}
        rows[rate] = make_row(budget, label, preset=preset, changes=changes, seeds=range(seeds))
    return rows


def further_rate(tried: Sequence[float], best: float) -> float | None:
    """Return the rate to try next where the best is at an end of what was tried; None to stop."""
    if len(tried) >= MOST_RATES:
        return None
    if best == max(tried):
        return best * 2
    return best / 2 if best == min(tried) else None


def repair_rows(budget: Budget, *, seeds: int) -> dict[str, list[Row]]:
    """Return each failure of 2017 as it was, then with one cause after the other repaired."""
    chains = {}
    for failed, repairs in REPAIRS.items():
        changes: dict[str, object] = {}
        chain = [make_row(budget, f"as in 2017: {failed}", preset=failed, changes={})]
        for n, (label, repair) in enumerate(repairs, start=1):
            changes |= repair
            row = make_row(budget, f"+ {label}", preset=failed, changes=changes)
            named = row.name in COMPARED  # the end of the chain: a preset
            name = row.name if named else f"{failed}.repaired{n}"
            chain.append(dataclasses.replace(row, name=name))
        chains[failed] = [dataclasses.replace(row, seeds=tuple(range(seeds))) for row in chain]
    return chains


def as_meant_row(budget: Budget) -> Row:
    """Return the SELU net of 2017 with the initializer that its code defined and never used."""
    return make_row(
        budget, "2017-selu with Keras's LeCun normal", preset="2017-selu", changes=AS_MEANT
    )


def attempt_rows(budget: Budget, preset: str) -> list[Row]:
    """Return the attempts to make a repaired preset converge, one seed each."""
    rows = []
    for label, changes in ATTEMPTS[preset]:
        share = changes.get("steps", 1)
        assert isinstance(share, int)
        longer = dataclasses.replace(budget, steps=budget.steps * share)
        settings = {name: value for name, value in changes.items() if name != "steps"}
        row = make_row(longer, f"{preset}, {label}", preset=preset, changes=settings)
        name = f"{row.name}+steps={longer.steps}" if share > 1 else row.name
        rows.append(dataclasses.replace(row, name=name))
    return rows


def large_rows(budget: Budget, presets: Sequence[str]) -> list[Row]:
    """Return these presets at the size of `budget`, once each."""
    rows = (make_row(budget, name, preset=name, changes={}) for name in presets)
    return [dataclasses.replace(row, name=f"{row.name}.{budget.size}px") for row in rows]


def longer_rows(budget: Budget, *, times: int) -> list[Row]:
    """Return the presets that are meant to work, with `times` as many steps, once each."""
    longer = dataclasses.replace(budget, steps=budget.steps * times)
    names = [name for name in COMPARED if name not in FAILED]
    rows = (make_row(longer, name, preset=name, changes={}) for name in names)
    return [dataclasses.replace(row, name=f"{row.name}.{longer.steps}steps") for row in rows]


def make_row(
    budget: Budget, label: str, *, preset: str, changes: Changes, seeds: Sequence[int] = (0,)
) -> Row:
    """Return a preset with changes on a budget. Equal configs get equal names.

    changes: rates among them are multiplied by the budget's factor, as the presets' own are.
    Raises ConfigError where an epoch of the data has no whole step.
    """
    config = _on_budget(_changed(PRESETS[preset], changes), budget)
    same = [name for name in COMPARED if config == _on_budget(PRESETS[name], budget)]
    name = same[0] if same else _slug(preset, changes)
    return Row(label=label, name=name, config=config, seeds=tuple(seeds))


def _changed(config: TrainConfig, changes: Changes) -> TrainConfig:
    """Return a config with single fields changed, as the options of a command change them."""
    sections: dict[str, dict[str, object]] = {}
    for name, value in changes.items():
        section, _, option = name.partition(".")
        sections.setdefault(section, {})[option] = value
    replaced: dict[str, Any] = {
        section: dataclasses.replace(getattr(config, section), **options)
        for section, options in sections.items()
    }
    return dataclasses.replace(config, **replaced)


def _on_budget(config: TrainConfig, budget: Budget) -> TrainConfig:
    rate = config.optimizer.learning_rate * budget.rate_factor
    config = dataclasses.replace(
        config,
        size=budget.size,
        batch_size=budget.batch_size,
        keep_checkpoints=1,
        generator=dataclasses.replace(config.generator, width=budget.width),
        discriminator=dataclasses.replace(config.discriminator, width=budget.width),
        critic=dataclasses.replace(config.critic, width=budget.width),
        # Ten digits: 0.0002 x 5 is to be typed as 0.001.
        optimizer=dataclasses.replace(config.optimizer, learning_rate=float(f"{rate:.10g}")),
    )
    steps_per_epoch = budget.pairs // config.pairs_per_step
    if steps_per_epoch == 0:
        raise ConfigError(
            f"expected at least {config.pairs_per_step} training pairs for a step, received "
            f"{budget.pairs}. Prepare more pictures, or lower --batch-size."
        )
    return dataclasses.replace(config, epochs=max(1, round(budget.steps / steps_per_epoch)))


def _slug(preset: str, changes: Changes) -> str:
    """Name a folder after what was changed: 2017-wgan+loss.penalty_axis=image."""
    return "+".join([preset, *(f"{name}={_short(value)}" for name, value in changes.items())])


def _short(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
