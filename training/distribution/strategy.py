"""One device, the devices of one machine, or several machines: who computes a training step.

All of it is tf.distribute; we write no scheduler of our own. Every replica computes its share of
each batch, and gradients are summed: the weights are those of one device, to rounding. Exceptions
are dropout masks, which every replica draws alike, and batch norm in the critic of 2017.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

from training.config import TrainConfig
from training.distribution.rendezvous import await_workers, ending_this_process_after
from training.errors import ConfigError, WorkerLost
from training.files.json_text import parse_json

if TYPE_CHECKING:
    import tensorflow as tf

StrategyName = Literal["one", "mirrored", "multiworker"]
_EXAMPLE = (
    '{"cluster": {"worker": ["10.0.0.1:2222", "10.0.0.2:2222"]}, '
    '"task": {"type": "worker", "index": 0}}'
)


def make_strategy(name: StrategyName) -> "tf.distribute.Strategy":
    """Make the strategy; call this before anything else of TensorFlow's, as its collectives need.

    one: a single device. mirrored: every GPU of this machine, or every logical CPU if it has none.
    multiworker: the workers that TF_CONFIG names, of which this process is one.
    Raises ConfigError for a TF_CONFIG that names none; WorkerLost where one of them does not come.
    """
    import tensorflow as tf

    if name == "one":
        return tf.distribute.get_strategy()
    # Asked for physical ones: logical devices would start TensorFlow before its collectives.
    kind = "GPU" if tf.config.list_physical_devices("GPU") else "CPU"
    if name == "mirrored":
        devices = [device.name for device in tf.config.list_logical_devices(kind)]
        if len(devices) < 2:
            raise ConfigError(
                f"strategy: expected two devices or more for mirrored, received {devices}. "
                "Train with --strategy one."
            )
        return tf.distribute.MirroredStrategy(devices)
    raw = require_cluster()
    workers = [worker for job in ("chief", "worker") for worker in raw["cluster"].get(job, [])]
    me = raw["cluster"][raw["task"]["type"]][raw["task"]["index"]]
    await_workers([worker for worker in workers if worker != me], me=me)
    communication = tf.distribute.experimental.CommunicationImplementation
    options = tf.distribute.experimental.CommunicationOptions(
        implementation=communication.AUTO if kind == "GPU" else communication.RING
    )
    with ending_this_process_after():  # one of them may go between the two meetings
        return tf.distribute.MultiWorkerMirroredStrategy(communication_options=options)


def is_chief(name: StrategyName) -> bool:
    """Return whether this process writes the run: with several workers, the first one does."""
    if name != "multiworker":
        return True
    task = require_cluster()["task"]
    return task["type"] == "chief" or ("chief" not in _cluster() and task["index"] == 0)


def require_cluster() -> dict[str, Any]:
    """Return TF_CONFIG. Raises ConfigError unless it names workers and which of them this is."""
    text = os.environ.get("TF_CONFIG", "")
    try:
        raw = parse_json(text.encode())
        task, workers = raw["task"], raw["cluster"][raw["task"]["type"]]
        if not 0 <= task["index"] < len(workers):
            raise ValueError(f"worker {task['index']} of {len(workers)}")
    except (ConfigError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"TF_CONFIG: expected the workers of --strategy multiworker, as {_EXAMPLE}, received "
            f"{text!r} ({error!r}). Set it for the process of every worker."
        ) from error
    return raw


def require_distributable(config: TrainConfig, strategy: "tf.distribute.Strategy") -> None:
    """Raise ConfigError for a config that this strategy cannot train."""
    import tensorflow as tf

    replicas = strategy.num_replicas_in_sync
    if config.batch_size % replicas:
        raise ConfigError(
            f"batch_size: expected a multiple of {replicas}, the number of devices that share a "
            f"batch, received {config.batch_size}."
        )
    if replicas > 1 and config.xla:
        raise ConfigError("xla: expected False where devices share a batch, received True.")
    several = isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy)
    if several and config.early_stop is not None:
        raise ConfigError(
            "early_stop: expected None with several workers, of which only the first measures, "
            f"received {config.early_stop}."
        )


@contextmanager
def losing_no_worker_silently(name: StrategyName) -> Iterator[None]:
    """Turn what a dead worker does to the others into one sentence. Raises WorkerLost."""
    import tensorflow as tf

    # A process that is killed closes its connections; a machine that is switched off does not, and
    # its heartbeats are missed for 10 seconds. Where it was the first worker, nobody can be asked.
    killed = (tf.errors.UnavailableError, tf.errors.AbortedError, tf.errors.CancelledError)
    silent = (tf.errors.DeadlineExceededError,)
    try:
        yield
    except (*killed, *silent, tf.errors.InternalError) as error:
        if name != "multiworker":
            raise
        aborted = re.search("Collective ops is aborted by: .*", str(error))
        if isinstance(error, tf.errors.InternalError) and not aborted:
            raise  # a fault of this machine's own: of a kernel, of its GPU
        reason = aborted[0] if aborted else str(error).splitlines()[0]
        raise WorkerLost(
            f"another worker of this training is gone: {reason}. Start every worker again with "
            "--resume: the training goes on from its newest checkpoint."
        ) from error


def _cluster() -> dict[str, Any]:
    return require_cluster()["cluster"]
