"""Rebuild the page of a notebook whenever it is saved, and show it in the browser.

In: the project folder, and a notebook, or none for all. Out: the pages in ``build/<edition>/pages``, as
``minato report`` makes them; nothing is published. One process does it all: the libraries stay loaded.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import redirect_stdout, suppress
from pathlib import Path

from minato_analysis.project import editions, program
from minato_analysis.published.lock import alone
from minato_analysis.tasks.build import build
from minato_analysis.tasks.published import unchanged
from minato_analysis.tasks.served import News, served

LOOK_SECONDS = 0.2
Saved = dict[str, tuple[int, int]]


class WatchError(ValueError):
    """There is no such notebook."""


def watch(root: Path, notebook: str, tell: Callable[[str], object]) -> None:
    """Build the page of a notebook now and whenever it is saved, until interrupted.

    Parameters
    ----------
    root : Path
        The project folder.
    notebook : str
        Name of a notebook in ``notebooks/``, without suffix; empty for whichever is saved.
    tell : callable
        Receives sentences for the reader.

    Raises
    ------
    WatchError
        ``E3-WATCH``: there is no such notebook.
    KeyboardInterrupt
        Asked to stop.
    """
    before = _saved(root, notebook)
    if not before:
        known = "、".join(sorted(_saved(root, "")))
        raise WatchError(
            f"E3-WATCH notebooks/{notebook}.ipynb: ファイルがありません（ある名前: {known}）。"
        )
    edition, news = editions.newest(root).edition, News()
    waiting = [max(before, key=lambda name: before[name])]
    with served(root / "build" / edition / "pages", news) as address:
        tell(
            f"{address} をブラウザーで開いてください。保存すると作り直します。Ctrl-C で終わります。"
        )
        while True:
            for name in waiting:
                _rebuild(root, edition, name, news, tell)
            time.sleep(LOOK_SECONDS)
            now = _saved(root, notebook)
            waiting = [name for name in now if now[name] != before.get(name)]
            before = now


def _saved(root: Path, notebook: str) -> Saved:
    """Return when each notebook was saved, and its size."""
    found: Saved = {}
    for file in program.notebooks(root, f"{notebook or '[0-9a-z]*'}.ipynb"):
        with suppress(
            FileNotFoundError
        ):  # an editor that puts the new file in the place of the old
            found[file.stem] = (file.stat().st_mtime_ns, file.stat().st_size)
    return found


def _rebuild(
    root: Path, edition: str, name: str, news: News, tell: Callable[[str], object]
) -> None:
    news.tell(f"{name} を作り直しています…")
    start = time.monotonic()
    with (
        alone(root, tell),
        unchanged(root),
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
        redirect_stdout(nowhere),  # pytask's account of the build
    ):
        problems = build(root, edition, name)
    if any(one.startswith("E3-STOPPED") for one in problems):
        raise KeyboardInterrupt
    if problems:
        said = "\n".join(
            [*problems, "ページは前に作ったままです。直して保存すると、作り直します。"]
        )
    else:
        said = f"{name} のページを作り直しました（{time.monotonic() - start:.1f}秒）。"
    news.tell(said, name, problem=bool(problems))
    tell(said)
