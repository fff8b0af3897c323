"""Puts the finished pages of a run into the folder for readers: results in, a complete folder out.

Nothing is published before all pages are there. Then each file is put in place whole, ``index.html`` last.
What the run before had published and this one has not is removed; other files in the folder stay.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from minato_analysis.areas.inputs import OVERVIEW
from minato_analysis.areas.published import FILE as PUBLISHED
from minato_analysis.areas.state import Results
from minato_analysis.numbers.tables import harmless

MANIFEST = "manifest.json"
FACTS = "facts.json"
TABLE = "areas.csv"


def publish(
    results: Results, out: Path, codes: Sequence[str], lines: Iterable[Sequence[str]]
) -> None:
    """Put pages, facts, table and a manifest of all of them into `out`.

    Parameters
    ----------
    results : Results
        Holds the page of every area and the overview.
    out : Path
        Made if it is not there.
    codes : sequence of str
        Of all areas.
    lines : iterable
        The table of all areas, its header first.
    """
    out.mkdir(parents=True, exist_ok=True)
    before = _published(out)
    for code in codes:
        _place(results.page(code), out)
    _write(out / FACTS, _facts(results, [OVERVIEW, *codes]))
    _write(out / TABLE, [_csv(lines)])
    _place(results.page(OVERVIEW), out)
    names = [*(f"{code}.html" for code in (*codes, OVERVIEW)), FACTS, TABLE]
    names += [PUBLISHED] if (out / PUBLISHED).is_file() else []
    for name in before - set(names):
        (out / name).unlink(missing_ok=True)
    hashes = {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in sorted(names)}
    _write(out / MANIFEST, [json.dumps(hashes, indent=1) + "\n"])


def _published(out: Path) -> set[str]:
    """Return the names of the files the run before has published, of this folder and no other."""
    with suppress(OSError, ValueError):
        names = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        return {name for name in names if Path(name).name == name}
    return set()


def _facts(results: Results, codes: Iterable[str]) -> Iterator[str]:
    """Yield ``facts.json`` piece by piece: all of it would not fit a small memory."""
    start = "["
    for fact in results.facts(codes):
        yield f"{start}\n{json.dumps(fact, ensure_ascii=False)}"
        start = ","
    yield "\n]\n"


def _csv(lines: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([harmless(cell) for cell in line] for line in lines)
    return "\ufeff" + out.getvalue()  # without the mark, Excel under Japanese Windows misreads it


def _place(page: Path, out: Path) -> None:
    def link(target: Path) -> None:
        try:
            os.link(page, target)  # the same file under two names: no second copy of every page
        except OSError:
            shutil.copyfile(page, target)

    _whole(out / page.name, link)


def _write(file: Path, pieces: Iterable[str]) -> None:
    def write(target: Path) -> None:
        with target.open("w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(pieces)

    _whole(file, write)


def _whole(file: Path, make: Callable[[Path], None]) -> None:
    """Make a file beside `file` and move it into place."""
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    try:
        make(temporary)
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)
