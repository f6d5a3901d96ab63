"""python -m training.pack ckpt -o FOLDER

Keep of a checkpoint what colours and is exported: its weights in half precision, its description,
and the metrics of its run. A packed checkpoint goes wherever a ckpt goes, but cannot be resumed.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from training.files.atomic import require_absent, written_whole
from training.run.checkpoint import DESCRIPTION_FILE, find_checkpoint
from training.terminal.command import DONE, run_command


@dataclass(frozen=True, kw_only=True)
class Options:
    """What pack.py is told on the command line."""

    ckpt: tyro.conf.Positional[Path]  # checkpoint folder, or run folder: its best checkpoint
    output: Annotated[Path, tyro.conf.arg(aliases=["-o", "--out"])]  # folder to write
    overwrite: bool = False  # replace an existing packed checkpoint


def pack(ckpt: Path, output: Path, *, overwrite: bool = False) -> Path:
    """Write the packed checkpoint `output`, whole or not at all. Returns it.

    Raises CheckpointError, also for what is packed already; OutputExists.
    """
    require_absent(output, overwrite=overwrite, marker=DESCRIPTION_FILE)
    checkpoint = find_checkpoint(ckpt)
    from training.run.packing import pack_checkpoint

    with written_whole(output, overwrite=overwrite, marker=DESCRIPTION_FILE) as partial:
        partial.mkdir()
        pack_checkpoint(checkpoint, partial)
    return output


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(Options, _work, argv=argv, description=__doc__)


def _work(options: Options) -> int:
    print(pack(options.ckpt, options.output, overwrite=options.overwrite))
    return DONE


if __name__ == "__main__":
    sys.exit(main())
