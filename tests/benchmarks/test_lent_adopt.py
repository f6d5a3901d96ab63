import dataclasses

import numpy as np
import pytest

from benchmarks.lent_adopt import adopt
from benchmarks.lent_gpu.program import (
    PROGRAM_FILE,
    PROGRAMS,
    STATE_FOLDER,
    read_state,
    write_state,
)
from benchmarks.lent_pack import pack
from tests.training.tiny import TINY_RUN
from training.config import LossConfig
from training.errors import CheckpointError
from training.run.checkpoint import find_checkpoint
from training.run.restoring import load_generator
from training.run.run_metrics import read_metrics

CONFIG = dataclasses.replace(TINY_RUN, loss=LossConfig(adversary="none"))


@pytest.fixture(scope="module")
def packed(tiny_data, tmp_path_factory):
    return pack(CONFIG, tiny_data, out=tmp_path_factory.mktemp("lent") / "program")[0]


def test_a_state_that_came_back_is_a_run_that_colours_and_can_be_packed_again(
    packed, tiny_data, tmp_path
):
    program = PROGRAMS.read(packed / PROGRAM_FILE)
    _, variables = read_state(packed / STATE_FOLDER)
    moved = {name: array + np.ones_like(array) for name, array in variables.items()}
    losses = dict.fromkeys(program.losses, 0.25)
    row = {"epoch": 1, "step": program.steps_per_epoch, **losses, "images_per_s": 900.0}
    write_state(tmp_path / "state", moved, step=program.steps_per_epoch, epochs=(row,))
    run = adopt(packed, tmp_path / "state", out=tmp_path / "run")
    checkpoint = find_checkpoint(run)
    assert checkpoint.epoch == 1
    averages = [moved[name] for name in moved if name.startswith("average/")]
    averages = [array for array in averages if array.dtype == np.float32]  # not its dropout's seeds
    for weight, expected in zip(load_generator(checkpoint).get_weights(), averages, strict=True):
        np.testing.assert_array_equal(weight, expected)
    (line,) = read_metrics(run)
    assert (line["l1"], line["images_per_s"]) == (0.25, 900.0)
    again, _ = pack(checkpoint.config, tiny_data, out=tmp_path / "again", resume=run)
    state, variables = read_state(again / STATE_FOLDER)
    assert state.step == program.steps_per_epoch
    np.testing.assert_array_equal(variables["generator/0"], moved["generator/0"])


def test_a_state_of_less_than_an_epoch_is_refused(packed, tmp_path):
    with pytest.raises(CheckpointError, match="has 0 steps"):
        adopt(packed, packed / STATE_FOLDER, out=tmp_path / "run")
