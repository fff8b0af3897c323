"""A process forked by another one, seen from here.

In: the read end of the pipe on which :mod:`minato_analysis.execution.forkserver` says that the fork lives
and how it ended. Out: what Jupyter needs of a process.
"""

from __future__ import annotations

import os
import select
import signal
from contextlib import suppress

from minato_analysis.execution import stop

START_SECONDS = 60


class NoWarmKernel(RuntimeError):
    """This system or this parent process cannot fork a kernel; an ordinary one must do."""


class ForkedProcess:
    """A fork of the parent, with the methods of `subprocess.Popen` that Jupyter uses."""

    stdin = stdout = stderr = None

    def __init__(self, pipe: int) -> None:
        self.returncode: int | None = None
        self.lost_parent = False
        self._pipe = pipe
        self._lines = b""
        if not select.select([pipe], [], [], START_SECONDS)[0] or not self._read():
            os.close(pipe)
            raise NoWarmKernel("the parent process did not fork")
        began = self._lines.split(b"\n")[0].split()
        if began[0] != b"pid":
            os.close(pipe)
            raise NoWarmKernel("the fork ended at once")
        self.pid = int(began[1])
        stop.watch(self)

    def _read(self) -> bool:
        line = os.read(self._pipe, 64)
        self._lines += line
        return bool(line)

    def poll(self) -> int | None:
        """Return the exit code, none while the kernel runs."""
        while self.returncode is None and select.select([self._pipe], [], [], 0)[0]:
            if not self._read():  # the end of the pipe
                ended = self._lines.split(b"exit ")[1:]
                if not ended:  # the parent process is gone, and the kernel with it
                    self.lost_parent = True
                    self.send_signal(signal.SIGKILL, group=True)
                self.returncode = int(ended[0]) if ended else -signal.SIGKILL
                os.close(self._pipe)
        return self.returncode

    def wait(self) -> int | None:
        """Wait for the end; return the exit code."""
        while self.poll() is None:
            select.select([self._pipe], [], [])
        return self.returncode

    def send_signal(self, number: int, *, group: bool = False) -> None:
        """Send a signal to the kernel, or to all it has started as well."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                (os.killpg if group else os.kill)(self.pid, number)

    def kill(self) -> None:
        """Kill the kernel."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)
