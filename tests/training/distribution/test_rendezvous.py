import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack

import pytest

from training.distribution.rendezvous import await_workers
from training.errors import ConfigError, WorkerLost


def free_addresses(count):
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [f"127.0.0.1:{one.getsockname()[1]}" for one in sockets]


def test_workers_that_start_at_different_times_all_meet():
    addresses, met = free_addresses(3), []

    def start(me, delay_s):
        time.sleep(delay_s)
        await_workers([other for other in addresses if other != me], me=me, wait_s=30)
        met.append(me)
        host, port = me.split(":")
        # What TensorFlow does next: answer where the worker has answered.
        servers.append(socket.create_server((host, int(port))))

    servers = []
    threads = [threading.Thread(target=start, args=(me, 0.4 * n)) for n, me in enumerate(addresses)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    for server in servers:
        server.close()
    assert sorted(met) == sorted(addresses)


def test_a_worker_that_never_comes_is_named_after_the_stated_time(capsys):
    me, never = free_addresses(2)
    began = time.monotonic()
    with pytest.raises(WorkerLost, match=f"{never}: no worker .* within 0.2 seconds.*TF_CONFIG"):
        await_workers([never], me=me, wait_s=0.2)
    assert time.monotonic() - began < 10
    assert capsys.readouterr().err == f"waiting for {never}\n"


def test_callers_who_are_no_workers_take_nobodys_place():
    me, other = free_addresses(2)
    host, port = me.split(":")

    def knock_often():
        time.sleep(0.2)
        for _ in range(20):  # health probes, port scans, workers that were started again
            socket.create_connection((host, int(port)), timeout=5).close()
        servers.append(socket.create_server((host, int(other.split(":")[1]))))

    servers = []
    thread = threading.Thread(target=knock_often)
    thread.start()
    await_workers([other], me=me, wait_s=30)
    thread.join(timeout=30)
    socket.create_server((host, int(port))).close()  # free for TensorFlow
    for server in servers:
        server.close()


def test_a_worker_alone_waits_for_nobody():
    await_workers([], me=free_addresses(1)[0], wait_s=0)


def test_a_port_that_is_taken_is_refused():
    with socket.create_server(("", 0)) as taken:
        me = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ConfigError, match=f"port .* free, received '{me}'"):
            await_workers([], me=me, wait_s=0)


@pytest.mark.parametrize("address", ["host", "host:", "host:port"])
def test_an_address_without_a_port_is_refused(address):
    with pytest.raises(ConfigError, match=f"host:port, received '{address}'"):
        await_workers([], me=address, wait_s=0)


def test_a_call_that_holds_the_interpreter_ends_with_the_process():
    # int(...) of so many digits takes minutes, in C, without letting another thread run.
    program = """
import sys
from training.distribution.rendezvous import ending_this_process_after
sys.set_int_max_str_digits(0)
with ending_this_process_after(60):
    pass
with ending_this_process_after(0.5):
    int("7" * 30_000_000)
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60)
    assert ended.returncode == 1
    assert b"Timeout (0:00:00.5" in ended.stderr
