"""Each training runs in a process of its own: one that holds TensorFlow's threads must not fork."""

import subprocess
import sys

import numpy as np

# Pictures without a line, in the colour of their number; arguments: file, workers, first, hints.
PROGRAM = """
import sys
import numpy as np
from benchmarks.lent_gpu.batches import Recipe
from benchmarks.lent_gpu.pictures import Pictures
from benchmarks.lent_gpu.workers import BatchWorkers
from training.settings.pictures import AugmentConfig, HintsConfig

count, (file, workers, first, hints, size) = 9, sys.argv[1:]
pictures = Pictures(
    lines=np.full((count, 16, 16), 255, np.uint8),
    first=np.arange(count + 1),
    colors=np.repeat(10 * np.arange(count, dtype=np.uint8), 768).reshape(count, 16, 16, 3),
    layers=np.empty((0, 16, 16, 3), np.uint8),
    layer_of=np.full(count, -1),
)
recipe = Recipe(
    size=int(size), count=2, seed=1, epochs=3, steps=4,
    augment=AugmentConfig(flip=False, jitter=0), hints=HintsConfig(none=0.0) if int(hints) else None
)
with BatchWorkers(recipe, pictures, workers=int(workers), first=int(first)) as source:
    made = list(source.batches())
np.savez(file, **{name: np.stack([batch[name] for batch in made]) for name in made[0]})
"""


def run(file, *, workers, first=0, hints=1, size=16):
    arguments = [str(file), *map(str, (workers, first, hints, size))]
    command = [sys.executable, "-c", PROGRAM, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=100)


def batches(folder, **how):
    done = run(folder / "made.npz", **how)
    assert done.returncode == 0, done.stderr
    with np.load(folder / "made.npz") as made:
        return dict(made)


def test_neither_the_number_of_processes_nor_where_one_goes_on_changes_a_batch(tmp_path):
    alone = batches(tmp_path, workers=1)
    assert {name: array.shape for name, array in alone.items()} == {
        "lineart": (12, 2, 16, 16, 1),
        "hints": (12, 2, 16, 16, 4),
        "color": (12, 2, 16, 16, 3),
    }
    for first, others in (
        (0, batches(tmp_path, workers=3)),
        (5, batches(tmp_path, workers=2, first=5)),
    ):
        for name, array in alone.items():
            np.testing.assert_array_equal(array[first:], others[name])


def test_an_epoch_shows_each_picture_at_most_once_in_an_order_of_its_own(tmp_path):
    made = batches(tmp_path, workers=1, hints=0)
    assert made.keys() == {"lineart", "color"}
    orders = made["color"][..., 0, 0, 0].reshape(3, 8).tolist()
    assert [len(set(order)) for order in orders] == [8, 8, 8]
    assert orders[0] != orders[1]


def test_a_process_that_ends_is_told_of(tmp_path):
    assert "process 0 that makes batches ended" in run(tmp_path / "x", workers=1, size=15).stderr
