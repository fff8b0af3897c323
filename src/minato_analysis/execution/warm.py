"""Warm kernels: a fresh fork of a process in which the libraries are already imported.

In: what a Jupyter kernel manager gives its provisioner. Out: a running kernel, the same as
``python -m ipykernel_launcher`` would be, two seconds earlier. The provisioner is Jupyter's own extension
point; where no fork can be had it starts the ordinary kernel.
"""

from __future__ import annotations

import asyncio
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from minato_analysis.execution.forked import NoWarmKernel


class WarmProvisioner(LocalProvisioner):
    """Jupyter's kernel provisioner that forks; where it cannot, it starts the ordinary kernel."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel with the arguments of `cmd` after ``python -m ipykernel_launcher``."""
        environment, cwd = kwargs["env"], kwargs["cwd"]
        try:
            self.process = self.parent.home.parent.fork(environment, cwd, kernel=cmd[3:])
        except NoWarmKernel:
            return await super().launch_kernel(cmd, **kwargs)
        self.pid = self.pgid = self.process.pid
        self.cwd = cwd
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel and see its end, which Jupyter would look for a tenth of a second later."""
        await super().kill(restart)
        for _ in range(50):
            if await self.poll() is not None:
                break
            await asyncio.sleep(0.002)
