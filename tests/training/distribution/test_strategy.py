"""Each training runs in processes of its own: logical devices and collectives are set up once."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from training.config import TrainConfig
from training.distribution.strategy import (
    is_chief,
    losing_no_worker_silently,
    make_strategy,
    require_cluster,
    require_distributable,
)
from training.errors import ConfigError, WorkerLost
from training.run.run_metrics import read_metrics

ENDS_WITHIN_S = 600  # a training of a few steps, on a machine that has much else to do
# TensorFlow misses heartbeats for 10 seconds before it calls a worker lost: 12 seconds here.
NOTICED_WITHIN_S = 90
# Sums of float32 in another order, over a few steps of Adam.
ROUNDING = 1e-5
PROGRAM = """
import sys
import tensorflow as tf
devices = [tf.config.LogicalDeviceConfiguration()] * int(sys.argv[1])
tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], devices)
from training.train import main
sys.exit(main(sys.argv[2:]))
"""
ROOT = Path(__file__).resolve().parents[3]


def command(data, run, *options, preset="wgan-gp-l1", devices=1):
    return [
        *(sys.executable, "-c", PROGRAM, str(devices), preset),
        *("--data", str(data), "--out", str(run), "--epochs", "2", "--batch-size", "4"),
        # A dropout mask is the same on every replica, hence another than that of one device.
        *("--generator.width", "2", "--generator.dropout", "0"),
        *("--discriminator.width", "2", "--discriminator.layers", "2"),
        *("--critic.width", "2", "--critic.layers", "2", "--optimizer.clip-norm", "0.5"),
        *options,
    ]


def train(*arguments, **settings):
    subprocess.run(
        command(*arguments, **settings),
        check=True,
        cwd=ROOT,
        capture_output=True,
        timeout=ENDS_WITHIN_S,
    )


def losses(run):
    timing = ("images_per_s",)
    lines = read_metrics(run)
    assert len(lines) == 2
    return [{k: v for k, v in line.items() if k not in timing} for line in lines]


def require_equal(one, many):
    for a, b in zip(losses(one), losses(many), strict=True):
        assert a.keys() == b.keys()
        for name, value in a.items():
            assert b[name] == pytest.approx(value, rel=ROUNDING, abs=ROUNDING), name


@pytest.mark.slow  # two processes that each load TensorFlow
@pytest.mark.parametrize("preset", ["l1-gan-10", "wgan-gp-l1"])
def test_two_devices_train_as_one_does(tiny_data, tmp_path, preset):
    options = ("--loss.feature-matching", "10")
    train(tiny_data, tmp_path / "one", *options, preset=preset)
    train(tiny_data, tmp_path / "two", "--strategy", "mirrored", *options, preset=preset, devices=2)
    require_equal(tmp_path / "one", tmp_path / "two")


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@pytest.fixture
def start_workers(tiny_data, tmp_path):
    """A function that starts two workers on one run; none of them outlives the test."""
    started = []

    def start(*options):
        cluster = {"worker": [f"127.0.0.1:{port}" for port in free_ports(2)]}
        for index in (0, 1):
            config = {"cluster": cluster, "task": {"type": "worker", "index": index}}
            started.append(
                subprocess.Popen(
                    command(tiny_data, tmp_path / "run", "--strategy", "multiworker", *options),
                    env=os.environ | {"TF_CONFIG": json.dumps(config)},
                    cwd=ROOT,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
        return started[-2:]

    yield start
    for worker in started:
        worker.kill()  # a stopped process, too; SIGTERM is not heeded inside TensorFlow
        worker.communicate()


def require_success(workers):
    for worker in workers:
        _, err = worker.communicate(timeout=ENDS_WITHIN_S)
        assert worker.returncode == 0, err


@pytest.mark.slow
def test_two_workers_train_as_one_device_does(tiny_data, tmp_path, start_workers):
    train(tiny_data, tmp_path / "one")
    require_success(start_workers())
    require_equal(tmp_path / "one", tmp_path / "run")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lost", "how"),
    [
        pytest.param(1, signal.SIGKILL, id="a worker is killed"),
        # As a machine that is switched off: its connections stay open, and nothing comes.
        pytest.param(0, signal.SIGSTOP, id="the first worker falls silent"),
    ],
)
def test_a_worker_that_is_lost_ends_the_training_with_a_sentence_and_both_resume(
    tmp_path, start_workers, lost, how
):
    run, long = tmp_path / "run", ("--epochs", "6")
    workers = start_workers(*long)
    until = time.monotonic() + ENDS_WITHIN_S
    while not (run / "checkpoints" / "epoch-0002").exists():
        assert time.monotonic() < until
        assert [worker.poll() for worker in workers] == [None, None]
        time.sleep(0.1)
    left = workers[1 - lost]
    workers[lost].send_signal(how)
    _, err = left.communicate(timeout=NOTICED_WITHIN_S)
    assert left.returncode == 2, err
    assert "another worker of this training is gone: Collective ops is aborted by" in err
    assert "--resume" in err
    workers[lost].kill()
    workers[lost].wait()
    reached = len(read_metrics(run))
    assert reached < 6
    require_success(start_workers(*long, "--resume"))
    lines = read_metrics(run)
    assert [line["epoch"] for line in lines] == list(range(1, 7))
    assert all(np.isfinite(line["l1"]) for line in lines)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"cluster": {"worker": ["a:1"]}}',
        '{"cluster": {"worker": ["a:1"]}, "task": {"type": "worker", "index": 1}}',
        '{"cluster": {"worker": ["a:1"]}, "task": {"type": "chief", "index": 0}}',
    ],
)
def test_workers_without_a_cluster_are_refused_with_an_example(monkeypatch, text):
    monkeypatch.setenv("TF_CONFIG", text)
    with pytest.raises(ConfigError, match='TF_CONFIG: expected .*"cluster"'):
        require_cluster()


def test_the_first_worker_writes_the_run(monkeypatch):
    cluster = {"worker": ["a:1", "b:1"]}
    for index, chief in ((0, True), (1, False)):
        task = {"type": "worker", "index": index}
        monkeypatch.setenv("TF_CONFIG", json.dumps({"cluster": cluster, "task": task}))
        assert is_chief("multiworker") is chief
        assert is_chief("one")
    cluster["chief"] = ["c:1"]
    for task, chief in (("chief", True), ("worker", False)):
        monkeypatch.setenv(
            "TF_CONFIG", json.dumps({"cluster": cluster, "task": {"type": task, "index": 0}})
        )
        assert is_chief("multiworker") is chief


@pytest.mark.parametrize(
    "kind",
    [
        *("UnavailableError", "AbortedError", "CancelledError", "DeadlineExceededError"),
        "InternalError",
    ],
)
def test_what_a_lost_worker_raises_in_the_others_becomes_one_sentence(kind):
    import tensorflow as tf

    said = "Graph execution error:\n\nCollective ops is aborted by: Reset by peer\nRestart."
    lost = getattr(tf.errors, kind)(None, None, said)
    with (
        pytest.raises(WorkerLost, match="is gone: Collective ops is aborted by: Reset by peer. St"),
        losing_no_worker_silently("multiworker"),
    ):
        raise lost
    with pytest.raises(type(lost)), losing_no_worker_silently("one"):
        raise lost


def test_a_fault_of_this_machines_own_is_not_blamed_on_another():
    import tensorflow as tf

    fault = tf.errors.InternalError(None, None, "cuDNN launch failure")
    with pytest.raises(tf.errors.InternalError), losing_no_worker_silently("multiworker"):
        raise fault


def test_one_device_needs_nothing():
    require_distributable(TrainConfig(batch_size=3, xla=True), make_strategy("one"))


def test_mirrored_on_one_device_is_refused():
    with pytest.raises(ConfigError, match="two devices or more"):
        make_strategy("mirrored")


class Strategy:
    num_replicas_in_sync = 2


@pytest.mark.parametrize(
    ("config", "field"),
    [
        (TrainConfig(batch_size=3), "batch_size.*multiple of 2"),
        (TrainConfig(batch_size=2, xla=True), "xla"),
    ],
)
def test_what_devices_cannot_share_is_refused(config, field):
    with pytest.raises(ConfigError, match=field):
        require_distributable(config, Strategy())
