"""`kill -9` at every step at which a command changes files, in a fork of the test."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator

STEPS = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.copyfile", "shutil.rmtree")


def _changes(event: str, arguments: tuple[object, ...]) -> bool:
    """Whether an audit event of Python is about to change a file or folder."""
    if event != "open":
        return event in STEPS
    mode, flags = arguments[1], arguments[2]
    writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    return bool(writes) or (isinstance(mode, str) and any(one in mode for one in "wxa+"))


def killed_at(step: int, work: Callable[[], object]) -> bool:
    """Run `work` in a fork that kills itself before its n-th change; return whether it came that far."""
    child = os.fork()
    if child == 0:
        left = step

        def count(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal left
            if _changes(event, arguments):
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        try:
            work()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def at_every_step(work: Callable[[], object], start: Callable[[], object]) -> Iterator[None]:
    """Yield after a kill at each change `work` makes, beginning anew each time; the last run is complete."""
    step = 1
    start()
    while killed_at(step, work):
        yield
        step += 1
        start()
