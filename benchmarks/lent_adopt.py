"""python -m benchmarks.lent_adopt PROGRAM STATE --out runs/x

Make of a state that benchmarks.lent_train sent back a run that every command takes: its newest
checkpoint, the metrics of its last epoch with the measures of validation pictures, and
lent-state.json, which has the losses of every epoch. training.train --resume goes on with it.
"""

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from training.errors import CheckpointError
from training.files.atomic import require_absent
from training.run.resuming import RUN_FILE, RUNS, RunDescription
from training.run.run_metrics import add_metrics, forget_after, read_metrics
from training.terminal.command import DONE, run_command
from training.terminal.tensorflow_log import import_tensorflow_quietly

EPOCHS_FILE = "lent-state.json"


@dataclass(frozen=True, kw_only=True)
class Options:
    """What lent_adopt.py is told on the command line."""

    program: Annotated[Path, tyro.conf.Positional]  # folder that benchmarks.lent_pack wrote
    state: Annotated[Path, tyro.conf.Positional]  # folder that came back: it holds state.json
    out: Annotated[Path, tyro.conf.arg(aliases=["-o", "--output"])]  # run folder
    data: Path | None = None  # data folder; default: where it was


def adopt(program_folder: Path, state_folder: Path, *, out: Path, data: Path | None = None) -> Path:
    """Write a run folder with one checkpoint: of the epochs that are complete. Returns it.

    Raises OutputExists, DataError, CheckpointError.
    """
    from benchmarks.lent_gpu.program import PROGRAM_FILE, PROGRAMS, STATE_FILE, read_state
    from training.data.shards import read_manifest

    require_absent(out)
    program = PROGRAMS.read(program_folder / PROGRAM_FILE)
    state, arrays = read_state(state_folder)
    data = Path(program.data.path) if data is None else data
    manifest = read_manifest(data)
    if manifest.sha256 != program.data.sha256:
        raise CheckpointError(f"{data} is not the data set that {program_folder} was packed with.")
    epoch = state.step // program.steps_per_epoch
    if not epoch or not state.epochs:
        raise CheckpointError(
            f"{state_folder} has {state.step} steps: expected a whole epoch of "
            f"{program.steps_per_epoch}. Train on, or begin again."
        )
    import_tensorflow_quietly()

    from benchmarks.lent_gpu.exported import named_variables
    from training.data.named import Credit
    from training.data.pipeline import load_split
    from training.run.fitting import VALIDATION_PICTURES
    from training.run.recording import EpochRecord
    from training.trainers.builder import build_trainer

    trainer = build_trainer(program.config, steps_per_epoch=program.steps_per_epoch)
    variables = named_variables(trainer)
    if variables.keys() != arrays.keys():
        raise CheckpointError(f"{state_folder} is of another network than {program_folder}.")
    for name, variable in variables.items():
        variable.assign(arrays[name])
    validation = load_split(data, "validation", limit=VALIDATION_PICTURES)
    out.mkdir(parents=True)
    RUNS.write(
        RunDescription(
            config=program.config, data=manifest.named(data.resolve()), init=program.init
        ),
        out / RUN_FILE,
    )
    shutil.copyfile(state_folder / STATE_FILE, out / EPOCHS_FILE)
    record = EpochRecord(
        out,
        trainer,
        config=program.config,
        data=Credit(source=manifest.source, licence=manifest.licence, credit=manifest.credit),
        validation=validation,
        painter=trainer.deployed,
    )
    last = state.epochs[-1]
    known = {name: last[name] for name in program.losses}
    record.on_epoch_begin(epoch - 1)
    record.on_epoch_end(epoch - 1, known)
    # What that took here is not how fast it was trained there.
    (line,) = read_metrics(out)
    forget_after(out, 0)
    add_metrics(out, {**line, "images_per_s": last["images_per_s"]})
    return out


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    print(adopt(options.program, options.state, out=options.out, data=options.data))
    return DONE


if __name__ == "__main__":
    sys.exit(main())
