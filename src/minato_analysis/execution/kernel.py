"""What one kernel needs: its environment, a private folder, and the Jupyter classes that use them.

In: project folder, declared inputs, the kind of kernel. Out: a :class:`Home`, and a kernel manager and
client bound to it. Connections are files in the private folder where the system has them: no port that
another process may take, nothing that others can read.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from pathlib import Path
from queue import Empty
from tempfile import TemporaryDirectory
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from traitlets import Unicode

from minato_analysis.execution import stop
from minato_analysis.execution.environment import environment
from minato_analysis.execution.folder import temporary_folder
from minato_analysis.execution.forked import NoWarmKernel
from minato_analysis.execution.parents import Parent, parent, release
from minato_analysis.execution.warm import WarmProvisioner

PROVISIONER = "minato-warm"
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
"""What a notebook prints travels as messages; nothing else of it belongs on the user's terminal."""

SOCKET_PATH_BYTES = 100
"""Names of sockets may not be longer (104 bytes on macOS, 108 on Linux, with the end of the string)."""

RECONNECT_MILLISECONDS = 2
"""Until a socket that nobody listens to is tried again; 100 by default, and a fork listens after 40."""


@dataclass
class Home:
    """Where one kernel lives, and how it ended."""

    folder: Path
    root: Path
    environment: Mapping[str, str]
    parent: Parent | None
    exit_code: int | None = None
    lost_parent: bool = False


@contextmanager
def home(root: Path, inputs: Iterable[str], *, warm: bool) -> Iterator[Home]:
    """Make the private folder of one kernel, with an IPython profile that has nothing of the user's in it.

    Parameters
    ----------
    root : Path
        The project folder; the kernel works there.
    inputs : iterable of str
        Files, relative to `root`, which the notebook may read.
    warm : bool
        Fork the kernel from a process with the libraries loaded, where that is possible.
    """
    shared = environment(root)
    with _place(shared, root, warm) as (folder, source):
        startup = folder / "profile_default/startup"
        startup.mkdir(parents=True)
        (startup / "00-guard.py").write_text(
            "import logging\n"
            "logging.getLogger('matplotlib.font_manager').setLevel(logging.ERROR)\n"
            "from minato_analysis.execution.guard import install\n"
            f"install({str(root)!r}, {sorted(inputs)!r})\n"
            "del install, logging\n",
            encoding="utf-8",
        )
        own = {"IPYTHONDIR": str(folder), "JUPYTER_RUNTIME_DIR": str(folder)}
        yield Home(folder, root, {**shared, **own}, source)


@contextmanager
def _place(
    shared: Mapping[str, str], root: Path, warm: bool
) -> Iterator[tuple[Path, Parent | None]]:
    """Make a folder: inside the parent's, which is removed even if this process is killed, or alone."""
    try:
        source = parent(shared, root) if warm else None
    except NoWarmKernel:
        source = None
    if source is None:
        with temporary_folder() as folder:
            yield folder, None
        return
    try:
        with TemporaryDirectory(dir=source.folder, ignore_cleanup_errors=True) as name:
            yield Path(name), source
    finally:
        release(source)


class OwnKernel(KernelSpecManager):
    """The kernel of this interpreter, whatever a user registered under its name."""

    provisioner_name = Unicode()

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the one kernel there is."""
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python 3",
            language="python",
            metadata={"kernel_provisioner": {"provisioner_name": self.provisioner_name}},
        )


class Client(AsyncKernelClient):
    """The client without its pauses: 0.1 s where the kernel does not listen yet, 0.2 s when it answers.

    What arrives late belongs to no cell and is passed over.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.context.reconnect_ivl = RECONNECT_MILLISECONDS

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers and its output channel is connected."""
        end = time.monotonic() + (timeout or float("inf"))
        while time.monotonic() < end:
            self.kernel_info()
            try:
                reply = await self.shell_channel.get_msg(timeout=1)
                await self.iopub_channel.get_msg(timeout=0.2)
            except Empty:
                if not await self.is_alive():
                    raise RuntimeError("the kernel ended before it answered") from None
            else:
                self._handle_kernel_info_reply(reply)
                return
        raise RuntimeError(f"the kernel did not answer in {timeout} s")


def manager_for(one: Home) -> type[AsyncKernelManager]:
    """Return the class of kernel managers that start their kernel in `one`."""
    KernelProvisionerFactory.provisioners[PROVISIONER] = EntryPoint(
        PROVISIONER,
        f"{WarmProvisioner.__module__}:{WarmProvisioner.__name__}",
        KernelProvisionerFactory.GROUP_NAME,
    )

    class Manager(AsyncKernelManager):
        home = one

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            file = one.folder / "kernel.json"
            self.connection_file = str(file)
            if os.name == "posix" and len(os.fsencode(file)) < SOCKET_PATH_BYTES:
                self.transport = "ipc"
            self.kernel_spec_manager = OwnKernel(
                provisioner_name=PROVISIONER if one.parent else "local-provisioner"
            )
            self.client_factory = Client

        async def start_kernel(self, **kwargs: Any) -> None:  # type: ignore[override]
            """Start the kernel in its own environment and in the project folder."""
            await super().start_kernel(
                **{**kwargs, "env": dict(one.environment), "cwd": str(one.root), **QUIET}
            )
            stop.watch(self.provisioner.process)  # type: ignore[union-attr]

        async def cleanup_resources(self, restart: bool = False) -> None:  # type: ignore[override]
            """Note how a kernel ended that nobody asked to end; then clean up."""
            process = getattr(self.provisioner, "process", None)
            if process is not None:
                one.exit_code = process.poll()
                one.lost_parent = getattr(process, "lost_parent", False)
            await super().cleanup_resources(restart=restart)

    return Manager
