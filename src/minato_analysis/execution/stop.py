"""Stop all processes that work for this one, at once.

Notebooks run in threads here, and a thread cannot be interrupted; its kernel can.
"""

from __future__ import annotations

import threading
from typing import Protocol
from weakref import WeakSet


class Process(Protocol):
    """What can be stopped."""

    def kill(self) -> None:
        """End it without asking."""


_running: WeakSet[Process] = WeakSet()
_asked = threading.Event()


def watch(process: Process) -> None:
    """Let a process end when this one is asked to stop, even if it was asked before."""
    _running.add(process)
    if _asked.is_set():
        process.kill()


def everything() -> None:
    """Kill all watched processes; from now on what is started is killed, and nothing is tried again."""
    _asked.set()
    for process in list(_running):
        process.kill()


def asked() -> bool:
    """Tell whether this process was asked to stop."""
    return _asked.is_set()


def forget() -> None:
    """Work may begin again."""
    _asked.clear()
