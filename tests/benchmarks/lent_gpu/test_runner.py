"""Needs JAX, which has an environment of its own: NURIE_JAX_PYTHON names its Python."""

import dataclasses
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.lent_gpu.batches import recipe_of
from benchmarks.lent_gpu.program import Program, write_program
from tests.training.tiny import TINY_MOBILE, TINY_STEP
from training.config import LossConfig, TrainConfig
from training.data.named import NamedData
from training.models import mobile

JAX_PYTHON = os.environ.get("NURIE_JAX_PYTHON") or (
    sys.executable if importlib.util.find_spec("jax") else None
)
pytestmark = pytest.mark.skipif(
    JAX_PYTHON is None, reason="no JAX here: NURIE_JAX_PYTHON names a Python that has it"
)

STEPS = 3
MOBILE = dataclasses.replace(TINY_MOBILE, size=32)
CONFIGS = {
    "l1": MOBILE,
    "gan": dataclasses.replace(MOBILE, loss=LossConfig(adversary="gan", l1=10.0)),
    "wgan-gp": dataclasses.replace(
        TINY_STEP, loss=LossConfig(adversary="wgan-gp", l1=10.0, critic_steps=2)
    ),
}
TAKE_STEPS = """
import sys
from pathlib import Path
import numpy as np
from benchmarks.lent_gpu.runner import Runner, put_batch
folder = Path(sys.argv[1])
runner = Runner(folder)
batches = np.load(folder / "batches.npz")
for step in range(int(sys.argv[2])):
    losses = runner.step(put_batch([batches[f"{step}/{n}"] for n in ("lineart", "hints", "color")
                                    if f"{step}/{n}" in batches]))
np.savez(folder / "moved.npz", **runner.variables())
np.savez(folder / "losses.npz", np.array(losses))
"""


def packed(config: TrainConfig, folder: Path):
    """Pack a trainer, then move it under TensorFlow. Returns its variables and losses."""
    from benchmarks.lent_gpu.exported import export_step, named_variables, whole_step
    from training.trainers.builder import build_trainer

    trainer = build_trainer(config, steps_per_epoch=2)
    recipe = recipe_of(config, steps=2)
    step = export_step(trainer, recipe=recipe, decay=config.ema)
    program = Program(
        config=config,
        data=NamedData(path="", sha256="", source="", licence="", credit=""),
        init=None,
        steps_per_epoch=2,
        losses=step.losses,
        taken=step.taken,
        given=step.given,
    )
    variables = {name: value.numpy() for name, value in named_variables(trainer).items()}
    write_program(folder, program, hlo=step.hlo, variables=variables, step=0)
    rng = np.random.default_rng(0)
    batches = [
        {name: rng.integers(0, 256, shape, np.uint8) for name, shape in recipe.shapes().items()}
        for _ in range(STEPS)
    ]
    flat = {f"{n}/{name}": part for n, batch in enumerate(batches) for name, part in batch.items()}
    np.savez(folder / "batches.npz", **flat)
    take = whole_step(trainer, recipe=recipe, decay=config.ema, xla=False)
    for batch in batches:
        losses = take(*batch.values())
    return {name: value.numpy() for name, value in named_variables(trainer).items()}, losses


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_steps_under_jax_are_those_under_tensorflow(config, tmp_path, monkeypatch):
    monkeypatch.setattr(mobile, "GATE_NOISE", 0.0)  # each version of XLA draws other numbers
    folder = tmp_path / "program"
    expected, losses = packed(config, folder)
    subprocess.run([JAX_PYTHON, "-c", TAKE_STEPS, str(folder), str(STEPS)], check=True)
    with np.load(folder / "moved.npz") as moved:
        assert set(moved.files) == set(expected)
        for name, array in expected.items():
            assert moved[name].dtype == array.dtype
            np.testing.assert_allclose(moved[name], array, rtol=1e-3, atol=1e-5, err_msg=name)
    with np.load(folder / "losses.npz") as told:
        np.testing.assert_allclose(told["arr_0"], np.array(losses), rtol=1e-4)
