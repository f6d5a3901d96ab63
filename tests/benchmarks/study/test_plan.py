import dataclasses

import pytest

from benchmarks.study.changes import ATTEMPTS
from benchmarks.study.plan import (
    COMPARED,
    FAILED,
    RATES,
    RELU_NET,
    RELU_NO_DROPOUT,
    REPAIRED,
    SEARCHED,
    SELU_NET,
    Budget,
    as_meant_row,
    attempt_rows,
    further_rate,
    in_order,
    large_rows,
    longer_rows,
    preset_rows,
    rate_rows,
    repair_rows,
)
from training.errors import ConfigError
from training.presets import PRESETS

BUDGET = Budget()
# What tests/training/test_presets.py repairs each failure into.
REPAIRED_INTO = {"2017-wgan": "wgan-gp", "2017-selu": "selu", "2017-selu-wgan": "selu-wgan-gp"}


def all_rows(budget: Budget = BUDGET):
    return [
        *preset_rows(budget, seeds=3).values(),
        *(row for chain in repair_rows(budget, seeds=1).values() for row in chain),
        as_meant_row(budget),
        *(r for net in SEARCHED for r in rate_rows(budget, net, RATES, seeds=3).values()),
        *(row for name in REPAIRED for row in attempt_rows(budget, name)),
    ]


def generator_steps(row) -> int:
    return BUDGET.pairs // row.config.pairs_per_step * row.config.epochs


def test_every_preset_but_the_demo_and_the_one_for_phones_is_compared():
    assert set(COMPARED) == set(PRESETS) - {"demo", "mobile"}


def test_every_generator_takes_the_same_steps_to_one_in_a_hundred():
    rows = [row for row in all_rows() if "twice the steps" not in row.label]
    for row in rows:
        assert generator_steps(row) == pytest.approx(BUDGET.steps, rel=0.012), row.name


def test_a_critic_has_batches_of_its_own_so_its_epochs_are_more():
    rows = preset_rows(BUDGET, seeds=1)
    # 1388 pairs in batches of 4: 347, 173 and 57 steps an epoch with 1, 2 and 6 batches a step.
    epochs = {name: rows[name].config.epochs for name in ("l1", "wgan-gp-l1", "wgan-gp")}
    assert epochs == {"l1": 2, "wgan-gp-l1": 4, "wgan-gp": 12}
    assert [generator_steps(rows[name]) for name in epochs] == [694, 692, 684]


def test_all_rows_have_one_size_batch_width_and_augmentation():
    for row in all_rows():
        config = row.config
        assert (config.size, config.batch_size, config.keep_checkpoints) == (64, 4, 1)
        assert {config.generator.width, config.discriminator.width, config.critic.width} == {16}
        assert config.augment == PRESETS["l1"].augment


def test_all_rates_of_the_presets_are_multiplied_alike():
    for name, row in preset_rows(BUDGET, seeds=1).items():
        assert row.config.optimizer.learning_rate == pytest.approx(
            5 * PRESETS[name].optimizer.learning_rate
        )


def test_a_row_is_trained_once_for_each_seed():
    row = preset_rows(BUDGET, seeds=3)["selu"]
    assert [cell.name for cell in row.cells] == ["selu.seed0", "selu.seed1", "selu.seed2"]
    assert [cell.config.seed for cell in row.cells] == [0, 1, 2]


@pytest.mark.parametrize("failed", FAILED)
def test_a_chain_of_repairs_begins_at_the_failure_and_ends_at_the_repaired_preset(failed: str):
    presets, chain = preset_rows(BUDGET, seeds=1), repair_rows(BUDGET, seeds=1)[failed]
    assert (chain[0].config, chain[0].name) == (presets[failed].config, failed)
    names = [row.name for row in chain]
    assert chain[names.index(REPAIRED_INTO[failed])].config == presets[REPAIRED_INTO[failed]].config
    beyond = ["wgan-gp", "wgan-gp-l1"] if failed == "2017-wgan" else [REPAIRED_INTO[failed]]
    assert names[-len(beyond) :] == beyond
    assert chain[-1].config == presets[beyond[-1]].config


@pytest.mark.parametrize("failed", FAILED)
def test_each_repair_changes_something_and_keeps_the_repairs_before_it(failed: str):
    chain = repair_rows(BUDGET, seeds=1)[failed]
    assert len({row.config for row in chain}) == len(chain)
    if failed == "2017-wgan":
        chain = chain[:-1]  # beyond wgan-gp another preset begins, whose critic takes one step
    ends, begins = flat(chain[-1].config), flat(chain[0].config)
    for before, after in zip(chain, chain[1:], strict=False):
        old, new = flat(before.config), flat(after.config)
        for name in old:
            if old[name] != begins[name] and name != "epochs":  # repaired before
                assert new[name] == old[name] == ends[name], (after.label, name)


def flat(config) -> dict[str, object]:
    raw = dataclasses.asdict(config)
    return {
        f"{section}.{name}" if isinstance(values, dict) else section: value
        for section, values in raw.items()
        for name, value in (values.items() if isinstance(values, dict) else [("", values)])
    }


def test_what_is_trained_alike_has_one_name_and_is_trained_once():
    rows = all_rows()
    configs = {row.name: row.config for row in rows}
    assert all(configs[row.name] == row.config for row in rows)
    assert len(set(configs.values())) == len(configs)
    cells = in_order(*([cell] for row in rows for cell in row.cells))
    assert len({cell.config for cell in cells}) == len(cells)


def test_a_net_at_its_own_rate_is_the_row_of_its_preset():
    for net in (RELU_NET, SELU_NET):
        rows = rate_rows(BUDGET, net, RATES, seeds=3)
        assert rows[1.0].cells == preset_rows(BUDGET, seeds=3)[net].cells
        rates = [row.config.optimizer.learning_rate for row in rows.values()]
        assert rates == pytest.approx([5e-4, 1e-3, 2e-3])


def test_the_nets_of_the_search_differ_in_nothing_but_the_nets():
    searched = [
        flat(rate_rows(BUDGET, net, [1.0], seeds=1)[1.0].config)
        for net in (RELU_NO_DROPOUT, SELU_NET)
    ]
    differing = {name for name in searched[0] if searched[0][name] != searched[1][name]}
    assert differing == {
        f"{net}.{field}"
        for net in ("generator", "discriminator")
        for field in ("activation", "initializer", "standardize")
    }


@pytest.mark.parametrize(
    ("tried", "best", "expected"),
    [
        ((0.5, 1, 2), 1, None),
        ((0.5, 1, 2), 2, 4),
        ((0.5, 1, 2, 4), 4, 8),
        ((0.5, 1, 2, 4), 2, None),
        ((0.5, 1, 2), 0.5, 0.25),
        ((0.5, 1, 2, 4, 8), 8, None),
    ],
    ids=["inside", "highest", "highest again", "inside now", "lowest", "enough"],
)
def test_a_best_rate_at_an_end_of_the_list_asks_for_one_beyond_it(tried, best, expected):
    assert further_rate(tried, best) == expected


@pytest.mark.parametrize("preset", REPAIRED)
def test_there_are_three_attempts_or_more_for_each_repaired_preset(preset: str):
    rows = attempt_rows(BUDGET, preset)
    own = preset_rows(BUDGET, seeds=1)[preset].config
    assert len(rows) == len(ATTEMPTS[preset]) >= 3
    assert len({own, *(row.config for row in rows)}) == len(rows) + 1


def test_twice_the_steps_are_twice_the_steps():
    (row,) = [row for row in attempt_rows(BUDGET, "selu") if "twice the steps" in row.label]
    assert generator_steps(row) == 2 * generator_steps(preset_rows(BUDGET, seeds=1)["selu"])


def test_large_rows_differ_from_their_presets_in_size_alone():
    (row,) = large_rows(Budget(size=128), ["selu"])
    small = preset_rows(BUDGET, seeds=1)["selu"]
    assert dataclasses.replace(row.config, size=64) == small.config
    assert row.name != small.name


def test_longer_rows_differ_from_their_presets_in_steps_alone_and_leave_the_failures_out():
    presets = preset_rows(BUDGET, seeds=1)
    rows = {row.label: row for row in longer_rows(BUDGET, times=4)}
    assert list(rows) == [name for name in COMPARED if name not in FAILED]
    for name, row in rows.items():
        assert generator_steps(row) == pytest.approx(4 * BUDGET.steps, rel=0.012), name
        own = presets[name]
        assert dataclasses.replace(row.config, epochs=own.config.epochs) == own.config
        assert row.name == f"{name}.2768steps"


def test_data_that_fill_no_step_are_refused_with_a_remedy():
    with pytest.raises(ConfigError, match="at least 4 training pairs.*received 3"):
        preset_rows(Budget(pairs=3), seeds=1)


@pytest.mark.parametrize(
    "impossible", [{"steps": 0}, {"batch_size": 0}, {"width": 0}, {"rate_factor": 0}]
)
def test_an_impossible_budget_is_refused(impossible):
    (name,) = impossible
    with pytest.raises(ConfigError, match=name):
        Budget(**impossible)
