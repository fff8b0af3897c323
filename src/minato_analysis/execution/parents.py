"""The process from which warm kernels are forked: when there is one, and when it may be used.

In: an environment and the project folder. Out: a :class:`Parent`, in which the libraries are imported.

A parent process is used only as long as everything it read at import time is as it was: interpreter,
environment (hash seed, threads, locale, …), libraries, configuration files.
"""

from __future__ import annotations

import atexit
import importlib.util
import json
import logging
import os
import pkgutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from minato_analysis.execution.environment import environment
from minato_analysis.execution.folder import temporary_folder
from minato_analysis.execution.forked import START_SECONDS, ForkedProcess, NoWarmKernel
from minato_analysis.execution.forkserver import Stamp, stamp

LIBRARIES = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "ipykernel_launcher",
    "IPython.core.completerlib",
    "sqlite3",
    "numpy",
    "pandas",
    "scipy.stats",
    "statsmodels.api",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_svg",
    "pandera.pandas",
    "pandera.accessors.pandas_accessor",
    "pandera.strategies.pandas_strategies",
)
"""Imported in the parent, beside the package's own analyses; among them what these load only when used."""

ANALYSES = "minato_analysis.analyses"

OWN = (
    "minato_analysis.audit.take_away",
    "minato_analysis.claims.mutation",
    "minato_analysis.reporting.pages",
    "minato_analysis.claims.evaluate",
    "minato_analysis.tasks.sentences",
    "minato_analysis.tasks.tidy",
    "minato_analysis.tasks.withheld",
)
"""Of the package: what :func:`~minato_analysis.execution.apart.apart` calls."""

WARM_UP = "minato_analysis.execution.warm_up:everything"

OF_ONE_KERNEL = ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "PYTEST_CURRENT_TEST")
"""Environment variables that nothing reads at import time: they may differ from kernel to kernel."""

CAN_FORK = sys.platform == "linux"

# A file changed this shortly before the start may have been read before or after the change.
CLOCK_TICK_NS = 20_000_000

_log = logging.getLogger(__name__)


class Parent:
    """The process with the imported libraries, and the folder it shares with this one."""

    def __init__(self, environment: Mapping[str, str], root: str, imported: list[str]) -> None:
        if not CAN_FORK:
            raise NoWarmKernel(f"not on {sys.platform}")
        self.started_ns = time.time_ns()
        self.users = 0
        """Notebooks that work in its folder."""
        self._read: dict[str, Stamp | None] = {}
        self._resources = ExitStack()
        self.folder = self._resources.enter_context(temporary_folder())
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(START_SECONDS)
        self._resources.callback(self._control.close)
        command = [sys.executable, "-m", "minato_analysis.execution.forkserver"]
        with theirs:
            self.process = subprocess.Popen(
                [*command, str(theirs.fileno()), str(self.folder), root, *imported],
                env=dict(environment),
                cwd=root,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C reaches this process only, which then ends the other
            )

    def await_ready(self) -> None:
        """Wait until everything is imported.

        Raises
        ------
        NoWarmKernel
            With the parent's reason.
        """
        if self._read:
            return
        try:
            answer = self._control.recv(65536).decode()
        except OSError as error:
            answer = str(error)
        if answer != "ready":
            raise NoWarmKernel(answer or "the parent process ended")
        stamps = json.loads((self.folder / "read.json").read_text(encoding="utf-8"))
        self._read = {path: tuple(one) for path, one in stamps.items()}

    def is_fresh(self) -> bool:
        """Tell whether all that was read while importing is unchanged since before the start."""
        limit = self.started_ns - CLOCK_TICK_NS
        return self.process.poll() is None and all(
            stamp(path) == known and known and max(known[:2]) < limit
            for path, known in self._read.items()
        )

    def fork(self, environment: Mapping[str, str], cwd: str, **work: Any) -> ForkedProcess:
        """Return a fork of the process at work.

        Parameters
        ----------
        environment : mapping
        cwd : str
        **work
            ``kernel`` with its command-line arguments, or ``call``, see :mod:`~.apart`.

        Raises
        ------
        NoWarmKernel
            The parent process is gone.
        """
        ours, theirs = os.pipe2(os.O_CLOEXEC)
        request = {"environment": dict(environment), "cwd": cwd, **work}
        try:
            socket.send_fds(self._control, [json.dumps(request).encode()], [theirs])
        except OSError as error:
            os.close(ours)
            raise NoWarmKernel(str(error)) from None
        finally:
            os.close(theirs)
        return ForkedProcess(ours)

    def close(self) -> None:
        """End the process and its kernels; remove the folder."""
        self._control.close()
        if not self._read:  # still importing, for nobody
            self.process.kill()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._resources.close()


def modules() -> list[str]:
    """Return what a parent imports: the libraries, every analysis of the package, and what pages need."""
    # By name, not imported: notebooks load them here, and this room stands below theirs.
    found = importlib.util.find_spec(ANALYSES)
    places = found.submodule_search_locations if found else None
    own = (one.name for one in pkgutil.iter_modules(places, f"{ANALYSES}."))
    return [*LIBRARIES, *own, *OWN, WARM_UP]


_parents: dict[object, Parent] = {}
_one_at_a_time = threading.Lock()


def prepare(root: Path) -> None:
    """Let the libraries load in another process while this one does other work."""
    with suppress(NoWarmKernel):  # said in the log; the kernels will be ordinary ones
        parent(environment(root), root, ready=False)


def parent(environment: Mapping[str, str], root: Path, *, ready: bool = True) -> Parent:
    """Return the parent process for this environment; start one where there is none that is fresh.

    A parent that is no longer fresh ends when it has no users; the caller gives it back with :func:`release`.

    Parameters
    ----------
    environment : mapping
        The kernel's environment.
    root : Path
        The project folder.
    ready : bool
        Wait until it has imported everything; without it the libraries load while other work goes on.

    Raises
    ------
    NoWarmKernel
        With the reason. It is given again at once next time: two attempts are enough for one process.
    """
    shared = {name: value for name, value in environment.items() if name not in OF_ONE_KERNEL}
    imported = modules()
    key = os.getpid(), sys.executable, str(root), *imported, *sorted(shared.items())
    with _one_at_a_time:
        if key in _failed:
            raise NoWarmKernel(_failed[key])
        try:
            for _ in range(2):
                if not (found := _parents.get(key)):
                    found = _parents[key] = Parent(shared, str(root), imported)
                if not ready:
                    return found
                found.await_ready()
                if found.is_fresh():
                    found.users += 1
                    return found
                _retire(key)
                # The first import may have written compiled files just now: they lie before the second start.
                time.sleep(2 * CLOCK_TICK_NS / 1e9)
            raise NoWarmKernel("a library changes while it is imported")
        except NoWarmKernel as error:
            _retire(key)
            _failed[key] = str(error)
            _log.warning("ordinary kernels are used: %s", error)
            raise


_failed: dict[object, str] = {}
_retired: list[Parent] = []


def release(one: Parent) -> None:
    """Count a user of a parent out."""
    with _one_at_a_time:
        one.users -= 1


def _retire(key: object) -> None:
    """Forget a parent; end it now unless a notebook still uses it."""
    if found := _parents.pop(key, None):
        _retired.append(found)
    for one in [one for one in _retired if not one.users]:
        _retired.remove(one)
        one.close()


@atexit.register
def close_all() -> None:
    """End all parents of this process."""
    for one in [*_parents.values(), *_retired]:
        one.close()
    _parents.clear()
    _retired.clear()
    _failed.clear()
