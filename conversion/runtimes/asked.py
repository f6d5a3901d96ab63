"""A process of its own that answers questions through a pipe, and ends when the pipe does."""

import atexit
import functools
import multiprocessing
import os
import pickle
import shutil
import signal
import tempfile
import weakref
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from conversion.errors import ArtifactError
from training.errors import NurieError

CLOSE_S = 5.0  # for a process to end by itself
FOLDER_PREFIX = "nurie-apart-"  # of the folder for its temporary files
# For one answer: pix2pix's net takes a second a picture, and a minute where all is emulated. What
# takes longer is a runtime that will never return, as some do with damaged files.
PATIENCE_S = 600.0


class AskedProcess:
    """A process that waits for questions. Ask one at a time; none outlives its command.

    Its temporary files stand in a folder of its own, which goes however it ends: Apple's runtime
    copies the model there, and would leave it behind where it is killed.
    """

    def __init__(
        self,
        serve: Callable[..., None],
        *arguments: Any,
        ended: Callable[[str], NurieError],
        patience_s: float = PATIENCE_S,
    ) -> None:
        """Start `serve(connection, *arguments)`, which answers until the pipe is closed.

        An answer that is an exception is raised where it was asked for. ended: makes the error that
        says what became of the process: `ended with signal 9`. patience_s: seconds to wait for an
        answer, after which the process is ended.
        """
        # spawn: a fork would inherit the memory and the threads of this process.
        context = multiprocessing.get_context("spawn")
        self._ended, self._patience_s = ended, patience_s
        self._connection, theirs = context.Pipe()
        folder = tempfile.mkdtemp(prefix=FOLDER_PREFIX)
        self._remove_folder = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self._process = context.Process(
            target=_serve, args=(serve, theirs, folder, *arguments), daemon=True
        )
        self._process.start()
        theirs.close()

    def ask(self, *question: Any, patience_s: float | None = None) -> Any:
        """Ask, and return the answer. Raises what it is, or that the process has ended.

        patience_s: seconds to wait for this answer, where they are others.
        """
        try:
            self._connection.send(question)
        except OSError as error:
            raise self._end() from error
        return self.receive(patience_s=patience_s)

    def receive(self, *, patience_s: float | None = None) -> Any:
        """Return the next answer, as `ask` does."""
        try:
            seconds = self._patience_s if patience_s is None else patience_s
            if not self._connection.poll(seconds):
                self._process.kill()
                self._process.join()
                self._remove_folder()
                raise self._ended(f"gave no answer for {seconds:.0f} s and was ended")
            answer = self._connection.recv()
        except (EOFError, OSError) as error:
            raise self._end() from error
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def close(self) -> None:
        """End the process; does nothing if it has ended."""
        self._connection.close()
        self._process.join(CLOSE_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._remove_folder()

    def _end(self) -> NurieError:
        self._process.join(CLOSE_S)
        self._remove_folder()
        status = self._process.exitcode
        how = f"signal {-status}" if status is not None and status < 0 else f"status {status}"
        return self._ended(f"ended with {how}")


class RenewedProcess:
    """Such a process that is begun anew where it has ended, and after so many answers.

    For runtimes that end their process, or keep the memory of everything that they have opened.
    """

    def __init__(
        self,
        serve: Callable[..., None],
        *,
        ended: Callable[[str], NurieError],
        patience_s: float,
        most: int,
    ) -> None:
        """most: answers of one process. The others: as AskedProcess; none is started yet."""
        self._start = functools.partial(AskedProcess, serve, ended=ended, patience_s=patience_s)
        self._most, self._answers = most, 0
        self._process: AskedProcess | None = None

    def ask(self, *question: Any) -> Any:
        """Ask, and return the answer. Raises as AskedProcess; the next question finds a new one."""
        if self._process is None:
            self._process, self._answers = self._start(), 0
        try:
            answer = self._process.ask(*question)
        except BaseException:
            self.close()
            raise
        self._answers += 1
        if self._answers >= self._most:
            self.close()
        return answer

    def close(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            self._process.close()
            self._process = None


def answer_all(connection: Connection, answer: Callable[..., Any]) -> None:
    """Answer every question by `answer(*question)`, or by what that raises, until the pipe ends."""
    while True:
        try:
            question = connection.recv()
        except EOFError:
            return
        try:
            said = answer(*question)
        except Exception as error:  # the runtimes' errors share no class
            said = _sendable(error)
        try:
            connection.send(said)
        except BrokenPipeError:
            return


def _serve(
    serve: Callable[..., None], connection: Connection, folder: str, *arguments: Any
) -> None:
    # Control-C reaches every process of a terminal; the one that started us says what happens.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    # Here too, after whatever else is registered: where the other process is killed.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    serve(connection, *arguments)


def _sendable(error: Exception) -> Exception:
    """Return an error that survives a pipe, of the same class where that does."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # a class of C++, or one whose arguments are not its own
        return ArtifactError(f"{type(error).__name__}: {error}")
    return error
