"""The most memory that a process has held so far, and what is said where it does not suffice."""

import re
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from training.config import TrainConfig
from training.errors import ConfigError

# Of addresses: libraries, and a stack and a heap for each thread. Measured with the smallest net on
# two cores: 4.1 GB suffice; with 3.2 the process is ended by an abort that nobody can catch.
LEAST_ADDRESSES = 4_000_000_000


def require_addresses() -> None:
    """Refuse to train under a limit on addresses (ulimit -v) that TensorFlow does not survive."""
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY and limit < LEAST_ADDRESSES:
        raise ConfigError(
            f"this process may use {limit / 1e9:.1f} GB of addresses (ulimit -v). Expected "
            f"{LEAST_ADDRESSES / 1e9:.1f} or more, since TensorFlow reserves them and touches few; "
            "lift the limit: ulimit -v unlimited."
        )


@contextmanager
def saying_what_needs_less(config: TrainConfig) -> Iterator[None]:
    """Raise ConfigError where the memory, or that of a GPU, does not suffice to train `config`."""
    import tensorflow as tf

    try:
        yield
    except (MemoryError, tf.errors.ResourceExhaustedError) as error:
        said = (str(error).splitlines() or ["the system gives no more"])[0]
        raise ConfigError(
            f"the training does not fit into memory: {said}. Expected it to; received batches of "
            f"{config.pairs_per_step} pairs at {config.size} pixels. Lower --batch-size or "
            "--generator.width, or try --precision mixed_bfloat16."
        ) from error


def peak_bytes() -> int:
    """Return the most memory that was ever resident in this process."""
    # Where it can be had, not getrusage: its maximum outlives exec on Linux, so it may be that of
    # the process that started us.
    if (told := peak_bytes_of("self")) is not None:
        return told
    unit = 1 if sys.platform == "darwin" else 1024  # getrusage(2): bytes on macOS, KiB on Linux
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def peak_bytes_of(process: int | Literal["self"]) -> int | None:
    """Return the same of any process by its number; None where /proc does not tell."""
    try:
        status = Path(f"/proc/{process}/status").read_bytes()
    except OSError:
        return None  # another system, or it has just ended
    found = re.search(rb"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    return None if found is None else int(found[1]) * 1024
