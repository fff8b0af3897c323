"""``minato report --areas FILE``: prepare, make what is missing, publish, say what it cost."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from minato_analysis.areas import kinds, pool, published, publishing, remote, settings, state
from minato_analysis.areas.errors import AreasError, machine
from minato_analysis.areas.inputs import OVERVIEW, input_of
from minato_analysis.areas.making import Made
from minato_analysis.areas.preparing import prepare
from minato_analysis.execution.environment import processors

TOLD = 20
"""Problems that are spelled out; the others are counted."""

resource: Any = None
with suppress(ImportError):  # Windows has none: the cost is told without processor time and memory
    resource = import_module("resource")

Say = Callable[[str], None]


def report(
    root: Path,
    table: Path,
    *,
    out: Path | None = None,
    dask: str | None = None,
    jobs: int | None = None,
    say: Say = print,
) -> Path:
    """Make the pages of all areas of a table and publish them.

    Parameters
    ----------
    root : Path
        The project folder.
    table : Path
        See :mod:`minato_analysis.areas.table`; a YAML file beside it may hold the settings.
    out : Path, optional
        Folder for the pages; by default ``build/areas/<name>/pages``.
    dask : str, optional
        Address of a Dask scheduler; without it all is done on this machine.
    jobs : int, optional
        Processes at once on this machine; by default one for each processor.
    say : callable
        Receives what the reader is told.

    Returns
    -------
    Path
        The page to open.

    Raises
    ------
    AreasError, EditionError
        What is wrong with table or settings, or which pages could not be made. What was published before
        stays then. A :class:`~minato_analysis.areas.errors.MachineError` if it is the machine that fails.
    """
    chosen = settings.load(table)
    folder = root / "build/areas" / chosen.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=0):
            return _report(root, table, chosen, folder, out or folder / "pages", dask, jobs, say)
    except Timeout:
        raise AreasError(
            f"E8-BUSY build/areas/{chosen.name}: 同じ名前の作成が動いています。終わるのを待ってください。"
        ) from None
    except OSError as error:
        raise machine(error, out or folder) from None


def _report(
    root: Path,
    table: Path,
    chosen: settings.Settings,
    folder: Path,
    out: Path,
    dask: str | None,
    jobs: int | None,
    say: Say,
) -> Path:
    start, run, before = time.monotonic(), chosen.name, _used()
    earlier = published.read(published.folders(root, out), chosen.population)
    prepared = prepare(root, table, chosen, earlier)
    _writable(out)
    prepared_at = time.monotonic()
    results = state.Results(folder / "results")
    results.folder.mkdir(exist_ok=True)
    print_of_code = state.fingerprint(root)
    keys = {code: state.key(print_of_code, known) for code, known in prepared.inputs.items()}
    missing = [code for code, key in keys.items() if not results.has(code, key)]
    say(f"{len(prepared.codes):,}地域。作る必要のあるページは{len(missing):,}。")
    if missing:
        if dask:
            making = remote.there(dask, root, run, missing, print_of_code)
        else:
            making = pool.here(root, run, missing, jobs or processors())
        _make(making, results, keys, len(missing), say)
    if state.fingerprint(root) != print_of_code:
        raise AreasError(
            "E8-CHANGED 作成中にパッケージかノートブックが変わりました。もう一度実行してください。"
        )
    results.forget_others(prepared.codes)
    text = (root / input_of(run)).read_text(encoding="utf-8")
    kind = kinds.of(text)
    if prepared.published:
        for where in (folder, out):
            published.add(where, prepared.published)
    lines = kind.lines(kind.overview.model_validate_json(text))
    publishing.publish(results, out, prepared.codes, lines)
    making_took = time.monotonic() - prepared_at
    used = None if dask or resource is None else _used() - before
    say(_cost(len(missing), prepared_at - start, making_took, used))
    return out / f"{OVERVIEW}.html"


def _writable(out: Path) -> None:
    """Make the folder for the pages and write into it once: hours of work should not end here.

    Raises
    ------
    OSError
    """
    new = not out.exists()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=out, prefix=".") as file:
        file.write(b"1")
    if new:  # pages come all at once, or none does
        out.rmdir()


def _make(
    making: Iterator[Made], results: state.Results, keys: dict[str, str], count: int, say: Say
) -> None:
    problems, told = [], 0
    for done, made in enumerate(making, 1):
        if made.problem:
            problems.append(made.problem)
        else:
            results.put(made, keys[made.code])
        if 10 * done // count > told:
            told = 10 * done // count
            say(f"  {done:,}/{count:,}")
    if problems:
        more = len(problems) - TOLD
        rest = [f"ほかに{more:,}ページあります。"] if more > 0 else []
        raise AreasError("\n".join([*problems[:TOLD], *rest]))


def _used() -> float:
    """Return the processor seconds of this process and of those it has ended, 0 where nobody counts them."""
    if resource is None:
        return 0.0
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return float(sum(one.ru_utime + one.ru_stime for one in both))


def _cost(made: int, preparing: float, making: float, used: float | None) -> str:
    text = f"集計 {preparing:.1f} 秒、ページ {making:.1f} 秒"
    if not made:
        return f"{text}。作り直したページはありません。"
    text += f"（1ページあたり {making / made:.3f} 秒"
    if used is not None:
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        text += f"、集計を含むプロセッサー {used / made:.3f} 秒"
        text += f"、プロセスの最大メモリー {memory:.0f} MB"
    return f"{text}）"
