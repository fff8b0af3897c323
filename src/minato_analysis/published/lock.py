"""One command at a time may change a project."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

FILE = "build/.lock"


@contextmanager
def alone(root: Path, tell: Callable[[str], object]) -> Iterator[None]:
    """Hold the project's lock; where another command holds it, say so and wait for its end.

    The operating system frees the lock with the process, however that ends.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - only commands that write need it

    (root / FILE).parent.mkdir(exist_ok=True)
    lock = FileLock(root / FILE)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        tell("別の minato がこのフォルダで動いています。終わるのを待っています…")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
