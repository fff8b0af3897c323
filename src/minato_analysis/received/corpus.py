"""How a reader fares with tables as they arrive: right, refused, or silently wrong.

``python -m minato_analysis.received.corpus FOLDER [MODULE:FUNCTION]`` gives every file of a corpus to a
reader and prints what came of it; without a reader, ours is tried. `FOLDER` holds ``cases.yaml``::

    tables:
      "2-6": {title: …, labels: [label, …]}
    cases:
      - {file: half_year.csv, table: "2-6", year: 2023, right: null}                # no value may be taken
      - {file: three_rows.xlsx, table: "2-6", year: 2023, right: {label: "61", …}}
      - {file: note.csv, text: "図表2-6 …", table: "2-6", year: 2023, right: null}  # the file's content here

A reader is a function of a file (:class:`~pathlib.Path`), the number, title and labels of a table, and
a year. It returns the texts of that year by label, or raises :class:`ValueError`: refused. A refusal is never
wrong. Values other than the right ones are silently wrong, and so are any where none may be taken.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from minato_analysis.cleaning.errors import CleaningError
from minato_analysis.cleaning.numbers import parse_number
from minato_analysis.project import yamls

Values = Mapping[str, str]
Reader = Callable[[Path, str, str, Sequence[str], int], Values]
Kind = Literal["right", "refused", "silently wrong"]


@dataclass(frozen=True)
class Outcome:
    """What a reader made of one file; `told` is its refusal, or the values it gave."""

    file: str
    kind: Kind
    told: str


def run(folder: Path, reader: Reader) -> list[Outcome]:
    """Give every case of a corpus to a reader."""
    corpus = yamls.parse((folder / "cases.yaml").read_text(encoding="utf-8"))
    outcomes = []
    with TemporaryDirectory() as written:
        for case in corpus["cases"]:
            file = (Path(written) if "text" in case else folder) / case["file"]
            if "text" in case:
                file.write_text(case["text"], encoding="utf-8")
            outcomes.append(_outcome(file, case, corpus["tables"][case["table"]], reader))
    return outcomes


def ours(file: Path, table: str, title: str, labels: Sequence[str], year: int) -> Values:
    """Read a file as ``minato new-year`` does, in the project folder this is run in."""
    from minato_analysis import data, received  # noqa: PLC0415 - another reader needs none
    from minato_analysis.project import editions  # noqa: PLC0415 - another reader needs none

    root = data.root()
    source = editions.newest(root).source_id
    found = received.read(file, data.descriptor(root), root, year, source=source)
    if found.refused or table not in found.tables:
        raise ValueError("\n".join(found.refused) or f"{file.name}: {table}")
    _, *body = found.tables[table]
    return {label: row[-1] for label, row in zip(labels, body, strict=True)}


def _outcome(
    file: Path, case: Mapping[str, Any], table: Mapping[str, Any], reader: Reader
) -> Outcome:
    name, right = case["file"], case["right"]
    try:
        found = reader(file, case["table"], table["title"], table["labels"], case["year"])
    except ValueError as refused:
        return Outcome(name, "right" if right is None else "refused", str(refused))
    same = right is not None and {label: _read(text) for label, text in found.items()} == {
        label: _read(str(text)) for label, text in right.items()
    }
    return Outcome(name, "right" if same else "silently wrong", str(dict(found)))


def _read(text: str) -> Any:
    try:
        return [(one.value, one.status) for one in parse_number(text).values]
    except CleaningError:
        return text


def main(arguments: Sequence[str]) -> int:
    """Print what came of every file, and how many there are of each kind; 1 when any is silently wrong."""
    folder, *given = arguments
    reader: Reader = ours
    if given:
        module, _, function = given[0].partition(":")
        reader = getattr(import_module(module), function)
    outcomes = run(Path(folder), reader)
    for one in outcomes:
        print(f"{one.kind:14}  {one.file}\n    {one.told.splitlines()[0]}")
    counted = Counter(one.kind for one in outcomes)
    print("、".join(f"{kind} {counted[kind]}" for kind in ("right", "refused", "silently wrong")))
    return int(counted["silently wrong"] > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
