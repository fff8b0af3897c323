"""Makes the pages of many areas on other machines, through a Dask scheduler that already runs.

In: address, codes, and the input of each page. Out: finished pages as they come. Each batch is one task: it
carries its inputs and the notebooks, and brings its pages back, so workers need the package and nothing
else: no shared folder. A task lost with its worker is given to another by Dask; only what arrives here
counts, and it counts once.

On a worker the batch is made by the same warm process as on one machine.
"""

from __future__ import annotations

import atexit
import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from minato_analysis.areas.errors import AreasError
from minato_analysis.areas.inputs import input_of
from minato_analysis.areas.kinds import NOTEBOOKS
from minato_analysis.areas.making import Made
from minato_analysis.areas.pool import BATCH, Maker, maker
from minato_analysis.areas.state import fingerprint
from minato_analysis.execution.folder import temporary_folder
from minato_analysis.project import program

WAIT_SECONDS = 60
"""Longest time until the scheduler and a first worker answer."""

RETRIES = 2


def there(
    address: str, root: Path, run: str, codes: Sequence[str], expected: str
) -> Iterator[Made]:
    """Make pages on the workers of a scheduler; yield each when it has arrived.

    Only a few batches for each processor are under way at once, so that neither this process nor the
    scheduler holds more than these.

    Parameters
    ----------
    address : str
        Of the scheduler, e.g. ``tcp://127.0.0.1:8786``.
    root : Path
        The project folder, with the inputs of the run.
    run : str
    codes : sequence of str
    expected : str
        Fingerprint of this machine's package and notebooks; a worker with another one refuses to work.

    Raises
    ------
    AreasError
        ``E8-DASK``: no scheduler, no worker, or Dask is not installed.
    """
    try:
        from distributed import Client, as_completed  # noqa: PLC0415 - optional
    except ImportError:
        raise AreasError(
            "E8-DASK distributed が入っていません。pip install 'minato-analysis[cluster]' で加えてください。"
        ) from None
    notebooks = {one: program.at(root, one).read_text(encoding="utf-8") for one in NOTEBOOKS}
    with ExitStack() as stack:
        try:
            client = stack.enter_context(
                Client(address, timeout=WAIT_SECONDS, set_as_default=False)
            )
            client.wait_for_workers(1, timeout=WAIT_SECONDS)
        except (OSError, TimeoutError) as error:
            raise AreasError(
                f"E8-DASK {address}: スケジューラーかワーカーが応答しません"
                f"（{str(error) or type(error).__name__}）。"
                "dask scheduler と dask worker が動いているか、アドレスが正しいかを確かめてください。"
            ) from None
        size = max(1, min(BATCH, -(-len(codes) // (4 * _processors(client)))))
        waiting = [list(codes[start : start + size]) for start in range(0, len(codes), size)]
        waiting.reverse()

        def submit() -> Any:
            batch = waiting.pop()
            texts = {one: (root / input_of(run, one)).read_text(encoding="utf-8") for one in batch}
            name = hashlib.sha256(f"{expected} {texts}".encode()).hexdigest()[:16]
            future = client.submit(
                make_batch,
                run,
                expected,
                notebooks,
                texts,
                key=f"minato-areas-{run}-{batch[0]}-{name}",
                retries=RETRIES,
            )
            under_way[future.key] = batch
            return future

        under_way: dict[str, list[str]] = {}
        first = [submit() for _ in range(min(len(waiting), 3 * _processors(client)))]
        arriving = as_completed(first, loop=client.loop)
        for future in arriving:
            batch = under_way.pop(future.key)
            yield from _results(future, batch)
            future.release()
            while waiting and len(under_way) < 3 * _processors(client):
                arriving.add(submit())


def _processors(client: Any) -> int:
    return max(1, sum(client.nthreads().values()))


def _results(future: Any, batch: list[str]) -> Iterator[Made]:
    try:
        yield from future.result()
    except AreasError:
        raise
    except Exception as error:  # whatever Dask reports is about this batch
        for code in batch:
            yield Made(code, problem=f"E8-DASK {code}: {type(error).__name__}: {error}")


def make_batch(
    run: str, expected: str, notebooks: dict[str, str], texts: dict[str, str]
) -> list[Made]:
    """Make the pages of a batch on this machine; what Dask calls on a worker.

    Raises
    ------
    AreasError
        ``E8-CHANGED``: this machine's package or libraries are not those of the one that asks.
    """
    own = _own_maker(run, notebooks)
    found = fingerprint(own.root)
    if found != expected:
        raise AreasError(
            "E8-CHANGED ワーカーのパッケージかライブラリーの版が、指示を出した機械と違います。"
            "すべての機械に同じ requirements.lock から入れてください。"
        )
    files = {own.root / input_of(run, code): text for code, text in texts.items()}
    try:
        for file, text in files.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return list(own.maker.make(list(texts)))
    finally:
        # Those of the last batch stay: its process may still warm up with one of them.
        for file in own.left - set(files):
            file.unlink(missing_ok=True)
        own.left = set(files)


class _Own:
    """The warm process of one thread of a worker, and its folder."""

    def __init__(self, run: str, notebooks: dict[str, str]) -> None:
        self._resources = ExitStack()
        self.left: set[Path] = set()
        self.root: Path = self._resources.enter_context(temporary_folder())
        for name, text in notebooks.items():
            file = self.root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        self.maker: Maker = maker(self.root, run)
        self._resources.callback(self.maker.close)

    def close(self) -> None:
        with suppress(OSError):
            self._resources.close()


_of_thread = threading.local()
_all: list[_Own] = []


def _own_maker(run: str, notebooks: dict[str, str]) -> _Own:
    """Return this thread's warm process for these notebooks; end the one for others."""
    wanted = run, tuple(sorted(notebooks.items()))
    if getattr(_of_thread, "wanted", None) != wanted:
        if known := getattr(_of_thread, "own", None):
            known.close()
            _all.remove(known)
        _of_thread.own, _of_thread.wanted = _Own(run, notebooks), wanted
        _all.append(_of_thread.own)
    found: _Own = _of_thread.own
    return found


@atexit.register
def close_all() -> None:
    """End the warm processes of this worker."""
    for one in _all:
        one.close()
    _all.clear()
