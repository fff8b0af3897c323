"""Figures and tables of a page by number: 図1, 表1, and on which sheet of paper each stands.

In: an executed notebook whose prose stands in Markdown cells. Out: :class:`Part` by id, in order of
appearance; the words of a reference to one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from minato_analysis.figures.figure import MIME as FIGURE
from minato_analysis.numbers.tables import MIME as TABLE

ASIDE = "remove_output"
"""Tag of a cell whose output is for whoever works with the notebook; nbconvert's own name for it."""

_FENCE = re.compile(r"^(```+|~~~+).*?^\1", re.M | re.S)
_HEADING = re.compile(r"^(#{1,6}) ", re.M)


@dataclass(frozen=True)
class Part:
    """One figure or table.

    Attributes
    ----------
    id : str
    what : {"figure", "table"}
    number : int
        Counted apart for figures and tables.
    title : str
        References unresolved.
    level : int
        Of the heading it would have: one below the last heading before it.
    sheet : int
        Headings of the second level up to it: on paper each begins a sheet of a lay page.
    """

    id: str
    what: str
    number: int
    title: str
    level: int
    sheet: int


def numbered(notebook: Mapping[str, Any]) -> dict[str, Part]:
    """Return the figures and tables of a notebook by id."""
    found: dict[str, Part] = {}
    counts = {"figure": 0, "table": 0}
    level, sheet = 1, 0

    def add(what: str, payload: Mapping[str, Any], title: str) -> None:
        counts[what] += 1
        words = str(payload.get(title, ""))
        id = str(payload.get("id", ""))
        part = Part(id, what, counts[what], words, min(level + 1, 6), max(sheet, 1))
        found[part.id] = part

    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            depths = [len(one) for one in _HEADING.findall(_FENCE.sub("", "".join(cell["source"])))]
            sheet += depths.count(2)
            level = depths[-1] if depths else level
        if ASIDE in cell.get("metadata", {}).get("tags", ()):
            continue
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if FIGURE in data:
                add("figure", data[FIGURE], "title")
                if data[FIGURE].get("table"):
                    add("table", data[FIGURE]["table"], "caption")
            elif TABLE in data:
                add("table", data[TABLE], "caption")
    return found


def referring(
    parts: Mapping[str, Part], words: Mapping[str, str], *, sheets: bool
) -> Callable[[str], str]:
    """Return the function ``ref("id")`` of the prose: 図1, as a link, on paper with its sheet.

    Where the data have no such figure the words say that it is not there.
    """

    def ref(id: str) -> str:
        part = parts.get(id)
        if part is None:
            return words["no_part"]
        label = words[part.what].format(number=part.number)
        sheet = Markup('<span class="on-paper">{}</span>').format(
            words["sheet"].format(sheet=part.sheet)
        )
        return Markup('<a href="#{}">{}</a>{}').format(id, label, sheet if sheets else "")

    return ref
