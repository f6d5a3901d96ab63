import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.training.data.preparing.pictures import contents, draw, options
from training.data.preparing import cluster, versions
from training.data.preparing.preparation import LIMITS
from training.errors import DataError
from training.prepare import prepare

ROOT = Path(__file__).parents[4]
PICTURES = 96
pytest.importorskip("distributed", reason="needs the extra [cluster]")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def started(*words, folder):
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]],
        stdout=subprocess.DEVNULL,
        stderr=(folder / f"{words[0]}.txt").open("a"),
        cwd=folder,  # not where the sources are: relative paths must find them
        env=os.environ | {"PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__DIAGNOSTICS__NVML": "false"},
        start_new_session=True,
    )


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A scheduler on 127.0.0.1."""
    address = f"tcp://127.0.0.1:{free_port()}"
    words = ("--host", "127.0.0.1", "--port", address.rpartition(":")[2], "--no-dashboard")
    process = started("dask_scheduler", *words, folder=tmp_path_factory.mktemp("scheduler"))
    yield address
    end(process)


@pytest.fixture
def nodes(address, tmp_path):
    """Two nodes of it, each a process with a nanny, as Dask starts them."""
    words = ("--nthreads", "1", "--host", "127.0.0.1", "--no-dashboard")
    nodes = [started("dask_worker", address, *words, folder=tmp_path) for _ in range(2)]
    yield nodes
    for node in nodes:
        end(node)


def end(process):
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture(scope="module")
def drawings(tmp_path_factory):
    return draw(tmp_path_factory.mktemp("in") / "drawings", range(PICTURES))


@pytest.fixture(scope="module")
def whole(drawings, tmp_path_factory):
    """What one process makes of them."""
    folder = tmp_path_factory.mktemp("out")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(drawings.parent)
        return contents(prepare(options("drawings", folder / "data")))


def test_a_cluster_one_of_whose_nodes_is_killed_midway_makes_the_same_bytes(
    address, nodes, drawings, whole, tmp_path, monkeypatch
):
    mapped = cluster.Cluster.mapped_in_order

    @contextmanager
    def killing_one(self, *arguments, **named):
        with mapped(self, *arguments, **named) as results:
            yield (end(nodes[0]) or r if n == 20 else r for n, r in enumerate(results))

    monkeypatch.setattr(cluster.Cluster, "mapped_in_order", killing_one)
    monkeypatch.setattr(cluster, "CHUNK", 8)
    monkeypatch.chdir(drawings.parent)
    data = prepare(options("drawings", tmp_path / "data", workers=None, cluster=address))
    assert nodes[0].poll() is not None
    assert nodes[1].poll() is None
    assert contents(data) == whole


def test_what_ends_a_process_costs_its_item_and_no_node(address, nodes):
    there = cluster.Cluster(address, sources=())
    with there.mapped_in_order(
        os._exit, [3, 4], limits=LIMITS, lost=lambda item, reason: f"{item}: {reason}"
    ) as results:
        assert list(results) == [f"{n}: its process ended with status {n}" for n in (3, 4)]
    assert [node.poll() for node in nodes] == [None, None]


def test_a_node_of_another_version_is_refused_before_anything_is_drawn(
    address, nodes, drawings, tmp_path, monkeypatch
):
    ours = versions.versions() | {"pillow": "99"}
    monkeypatch.setattr(cluster, "versions", lambda: ours)
    with pytest.raises(DataError, match=r"worker tcp.*pillow: \S+ there, 99 here"):
        prepare(options(drawings, tmp_path / "data", workers=None, cluster=address))
    assert not (tmp_path / "data").exists()


def test_a_scheduler_that_does_not_answer_and_one_without_workers_are_refused(address, monkeypatch):
    monkeypatch.setattr(cluster, "ANSWER_WITHIN_S", 2.0)
    nobody = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(DataError, match=f"--cluster {nobody}: expected the address of a Dask"):
        cluster.Cluster(nobody, sources=())
    with pytest.raises(DataError, match="expected workers, received none. Start some: dask worker"):
        cluster.Cluster(address, sources=())
