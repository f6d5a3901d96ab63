"""Core AI assets damaged at random, and what comes of opening and running one."""

import hashlib
import math
import random
import shutil
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from conversion.coreai.runtime import HASH, METADATA, PROGRAM, LoadedAsset
from conversion.errors import ArtifactError, ConversionError
from conversion.runtimes.asked import RenewedProcess, answer_all

OPEN_S = 60.0  # for one asset to load and run
MOST = 50  # assets that one process opens: Apple's runtime keeps the memory of each
MOST_ELEMENTS = 2**24  # of inputs that are given to a damaged program
RAN, REFUSED, ENDED = "ran", "refused before Apple's runtime", "refused by Apple's runtime"


def damage(asset: Path, copy: Path, *, seed: int) -> None:
    """Write a copy of an asset with one fault; the same one for the same seed.

    Half of the copies whose program was changed have a hash that fits it again.
    """
    dice = random.Random(seed)
    shutil.copytree(asset, copy)
    program = copy / PROGRAM
    data = bytearray(program.read_bytes())
    kind = dice.randrange(8)
    if kind == 0:
        del data[dice.randrange(len(data)) :]
    elif kind == 1:
        data.clear()
    elif kind == 2:
        data = bytearray(dice.randbytes(dice.randrange(1, 5000)))
    elif kind in (3, 4):  # bits, of a program in which most bytes are weights
        for _ in range(dice.randrange(1, 200)):
            data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    elif kind == 5:  # bytes replaced, inserted or removed, whichever the lengths say
        place = dice.randrange(len(data))
        data[place : place + dice.randrange(65)] = dice.randbytes(dice.randrange(65))
    elif kind == 6:
        (copy / METADATA).write_bytes(dice.randbytes(dice.randrange(200)))
    else:
        (copy / dice.choice((PROGRAM, HASH, METADATA))).unlink()
        return
    program.write_bytes(data)
    if dice.random() < 0.5:
        (copy / HASH).write_bytes(hashlib.sha256(data).digest())


class Opener:
    """Opens one asset after the other in a process that may end, and is then begun again."""

    def __init__(self) -> None:
        self._process = RenewedProcess(_serve, ended=_ended, patience_s=OPEN_S, most=MOST)

    def verdict(self, asset: Path) -> str:
        """Open and run an asset: RAN, REFUSED, ENDED, or a text that begins with BROKEN."""
        try:
            said: str = self._process.ask(asset)
        except ArtifactError as error:  # the process has ended
            hung = "gave no answer" in str(error)
            return f"BROKEN: {error}" if hung else ENDED
        return said

    def close(self) -> None:
        """End the process."""
        self._process.close()


def _serve(connection: Connection) -> None:
    answer_all(connection, _open)


def _open(asset: Path) -> str:
    try:
        loaded = LoadedAsset(asset)
        if sum(math.prod(shape) for shape, _ in loaded.inputs.values()) <= MOST_ELEMENTS:
            given = {name: np.zeros(shape, dtype) for name, (shape, dtype) in loaded.inputs.items()}
            loaded.predict(given)
    except ConversionError as error:
        by_apple = "cannot be loaded" in str(error) or "cannot be run" in str(error)
        return ENDED if by_apple else REFUSED
    except Exception as error:  # what this looks for
        return f"BROKEN: {type(error).__name__}: {error}"
    return RAN


def _ended(how: str) -> ArtifactError:
    return ArtifactError(f"Apple's runtime {how}")
