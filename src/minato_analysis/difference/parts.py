"""The parts a page of differences is made of: headings, sentences, lists and tables with their downloads."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from minato_analysis.numbers.tables import Table
from minato_analysis.reporting.outputs import csv_link


@dataclass(frozen=True)
class Shown:
    """One part of a block: any of its attributes may be empty."""

    heading: str = ""
    texts: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    table: dict[str, str] | None = None
    csv: dict[str, str] | None = None
    notes: tuple[str, ...] = ()


def tabled(
    id: str,
    caption: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    heading: str = "",
    texts: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> Shown:
    """Return a table with its download; see :class:`minato_analysis.numbers.tables.Table`."""
    made = Table(id, caption, tuple(columns), tuple(tuple(row) for row in rows))
    text = html.escape(caption, quote=False)
    table = {
        "id": id,
        "label": caption,
        "html": made.html().replace(
            f"<caption>{text}</caption>", f"<caption><span>{text}</span></caption>", 1
        ),
    }
    csv = {"href": csv_link(made.csv()), "name": f"{id}.csv", "kind": "csv", "label": caption}
    return Shown(heading, texts, (), table, csv, tuple(html.escape(one) for one in notes))
