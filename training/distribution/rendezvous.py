"""Wait, for a stated time, until every worker of a training is there.

TensorFlow waits without end and without a word for a worker that never comes, and meanwhile heeds
neither Ctrl-C nor SIGTERM. So the workers look for one another before it starts.
"""

import faulthandler
import socket
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from training.errors import ConfigError, WorkerLost

WAIT_S = 600.0  # workers are started by hand, or by a queue
_BETWEEN_LOOKS_S = 0.5


def await_workers(others: Sequence[str], *, me: str, wait_s: float = WAIT_S) -> None:
    """Return when every address of `others` answers; answer for `me` until then.

    Addresses are host:port. Whoever has met all others goes on to TensorFlow, which answers at
    the same address: it stays to be found.
    Raises WorkerLost naming those that did not come; ConfigError where `me` cannot be served.
    """
    missing, said, until = list(others), False, time.monotonic() + wait_s
    with _answering(me):
        while missing := [address for address in missing if not _answers(address)]:
            if time.monotonic() > until:
                raise WorkerLost(
                    f"{', '.join(missing)}: no worker of this training answered within {wait_s:g} "
                    "seconds. Expected every worker of TF_CONFIG; start all of them, and see that "
                    "they reach one another's ports."
                )
            if not said:
                print(f"waiting for {', '.join(missing)}", file=sys.stderr, flush=True)
                said = True
            time.sleep(_BETWEEN_LOOKS_S)


@contextmanager
def ending_this_process_after(wait_s: float = WAIT_S) -> Iterator[None]:
    """End the process with status 1 and a traceback if what is inside takes longer.

    For calls into TensorFlow that no Python code can interrupt: they hold the interpreter.
    """
    print(
        f"meeting the other workers in TensorFlow, for {wait_s:g} seconds at most. Should this "
        "process end then, start every worker again, with --resume if the run folder is there.",
        file=sys.stderr,
        flush=True,
    )
    faulthandler.dump_traceback_later(wait_s, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


@contextmanager
def _answering(me: str) -> Iterator[None]:
    both = socket.has_dualstack_ipv6()
    try:
        listener = socket.create_server(
            ("", _host_and_port(me)[1]),
            family=socket.AF_INET6 if both else socket.AF_INET,
            dualstack_ipv6=both,
        )
    except OSError as error:
        raise ConfigError(
            f"TF_CONFIG: expected a port of this machine that is free, received {me!r} ({error}). "
            "Choose another for this worker, in the TF_CONFIG of all."
        ) from error
    met = threading.Event()
    doorman = threading.Thread(target=_let_in, args=(listener, met), daemon=True)
    with listener:
        doorman.start()
        try:
            yield
        finally:
            met.set()
            doorman.join()  # the port is free for TensorFlow only when nobody accepts there


def _let_in(listener: socket.socket, met: threading.Event) -> None:
    """Accept whoever calls: a queue that nobody empties would be full some day."""
    listener.settimeout(_BETWEEN_LOOKS_S)
    while not met.is_set():
        with suppress(OSError):
            connection = listener.accept()[0]
            with connection:
                connection.settimeout(_BETWEEN_LOOKS_S)
                connection.recv(1)  # the caller hangs up first, so that the port stays free


def _answers(address: str) -> bool:
    try:
        socket.create_connection(_host_and_port(address), timeout=5).close()
    except OSError:
        return False
    return True


def _host_and_port(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    try:
        return host.strip("[]"), int(port)
    except ValueError as error:
        raise ConfigError(f"TF_CONFIG: expected host:port, received {address!r}.") from error
