"""A process that imports the libraries once and forks a fresh process for every notebook or call.

Started by :mod:`minato_analysis.execution.parents` as
``python -m minato_analysis.execution.forkserver SOCKET FOLDER ROOT MODULE…``. In: requests on the socket,
each with the write end of a pipe. Out: one fork of this process for each, a kernel or a single call; on its
pipe the lines ``pid …`` when it begins and ``exit …`` when it has ended. Nothing a fork does comes back here.

``FOLDER/read.json`` lists all that was read while importing, so that the other side sees when it changed.

When the other side is gone the forks are killed and `FOLDER` is removed. When this process is killed,
the system kills the forks (``PR_SET_PDEATHSIG``). Linux only.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from minato_analysis.execution import guard
from minato_analysis.execution.answer import answer

PR_SET_PDEATHSIG = 1
REQUEST_BYTES = 65536

Stamp = tuple[int, int, int, int]


def stamp(path: str) -> Stamp | None:
    """Return what changes when a file or folder is changed or replaced; none where it is missing."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def import_all(modules: Iterable[str], root: str) -> dict[str, Stamp]:
    """Import `modules` and return the stamps of everything that was read on the way.

    Of a name like ``module:function`` the function is called too.

    Raises
    ------
    PermissionError
        A module reads a file of the project while it is imported: only the notebook's own guard may
        decide about that.
    """
    read: set[str] = set()
    importing = True
    watched = guard.watched_folders(root)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if not importing or event != "open" or not isinstance(arguments[0], (str, bytes)):
            return
        path = os.path.realpath(os.fsdecode(arguments[0]))
        if path.startswith(watched):
            raise PermissionError(f"{path} is read while importing")
        if not arguments[2] & os.O_ACCMODE:
            read.add(path)

    sys.addaudithook(hook)
    for name in modules:
        module, _, function = name.partition(":")
        imported = importlib.import_module(module)
        if function:
            getattr(imported, function)()
    importing = False
    read.update(
        file for one in list(sys.modules.values()) if (file := getattr(one, "__file__", None))
    )
    read.update(sys.path)
    stamps = {
        path: stamp(path)
        for path in read
        if not path.startswith(("/proc/", "/dev/", "/sys/"))
        and "__pycache__" not in path  # follows from the source beside it
    }
    return {path: found for path, found in stamps.items() if found}


def serve(control: socket.socket, folder: Path) -> dict[str, Any]:
    """Fork for each request. Returns only in a fork: the request it has to serve."""
    owner = os.getppid()
    wake_read, wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(wake_write)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    pipes: dict[int, int] = {}
    while os.getppid() == owner:
        ready, _, _ = select.select([control.fileno(), wake_read], [], [], 1)
        if wake_read in ready:
            os.read(wake_read, REQUEST_BYTES)
            _report_ended(pipes)
        if control.fileno() in ready:
            try:
                message, (*received,), _, _ = socket.recv_fds(control, REQUEST_BYTES, 1)
            except ConnectionResetError:  # it ended without having read all
                break
            if not message:
                break
            pipe = received[0]
            server = os.getpid()
            if not (pid := os.fork()):
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                control.close()
                for number in (wake_read, wake_write, *pipes.values()):
                    os.close(number)
                _become_independent(server, pipe)
                request: dict[str, Any] = json.loads(message)
                return request
            pipes[pid] = pipe
    for pid in pipes:
        _kill_group(pid)
    for pid in pipes:
        os.waitpid(pid, 0)  # a kernel still dying could add to the folder
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def _report_ended(pipes: dict[int, int]) -> None:
    for pid in list(pipes):
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            _kill_group(pid)  # what the notebook started itself, while the id is still its own
            _, status = os.waitpid(pid, 0)
            pipe = pipes.pop(pid)
            with suppress(BrokenPipeError):
                os.write(pipe, b"exit %d\n" % os.waitstatus_to_exitcode(status))
            os.close(pipe)


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _become_independent(server: int, pipe: int) -> None:
    """Make the fork a session of its own that ends with the server; say that it lives."""
    os.setsid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server:  # it ended before the line above
        os._exit(1)
    os.write(pipe, b"pid %d\n" % os.getpid())
    os.close(pipe)


def enter(request: dict[str, Any]) -> None:
    """Take over environment and folder of a request."""
    import numpy as np  # noqa: PLC0415

    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["cwd"])
    np.random.seed()  # noqa: NPY002 - a new process would not share this state with the others


def run_kernel(arguments: list[str]) -> None:
    """Be a kernel with these command-line arguments."""
    import ipykernel_launcher  # type: ignore[import-untyped]  # noqa: PLC0415
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415

    sys.argv = [ipykernel_launcher.__file__, *arguments]
    # Set here: its default was read from the environment at the time of the import.
    kernel = IPKernelApp.instance(parent_handle=os.getppid())
    kernel.initialize(sys.argv[1:])
    kernel.start()


def main() -> None:
    """Import, say that all is ready or why not, then serve."""
    number, folder, root, *modules = sys.argv[1:]
    if sys.path and sys.path[0] in ("", os.getcwd()):  # as ipykernel_launcher does
        del sys.path[0]
    control = socket.socket(fileno=int(number))
    control.set_inheritable(False)
    gc.disable()  # nothing of an import is garbage; looking for it takes a seventh of the time
    try:
        stamps = import_all(modules, root)
        if (threads := len(os.listdir("/proc/self/task"))) != 1:
            raise RuntimeError(f"{threads} threads after importing: forking is not safe")
        Path(folder, "read.json").write_text(json.dumps(stamps), encoding="utf-8")
    except Exception as error:
        control.send(f"{type(error).__name__}: {error}".encode()[:REQUEST_BYTES])
        sys.exit(1)
    gc.freeze()  # keeps the imported pages shared: the collector of a fork leaves them alone
    gc.enable()
    with suppress(BrokenPipeError):  # nobody waits any more: `serve` sees it and cleans up
        control.send(b"ready")
    request = serve(control, Path(folder))
    enter(request)
    if "call" in request:
        answer(request["call"], request["folder"])
        os._exit(0)  # taking everything down would first copy it
    else:
        run_kernel(request["kernel"])


if __name__ == "__main__":
    main()
