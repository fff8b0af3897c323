"""Gives the numbers of a finished page an address, and a link to where they come from.

In: the HTML of a page and the facts it may show. Out: the page in which

- every fact in the text stands in a quiet link ``<a class="n" id="n-<fact>" …>`` to its row in the audit
  report (a second mention has the id ``n-<fact>-2``);
- every number in a table has the id ``<table>.<row>.<column>``, the row and column named by their headings,
  a year by its four digits; where the numbers of a whole column or row are those of one fact by year, each
  links to its row too;
- every table has a link to what its page was computed from.

No two numbers that merely look alike are joined: at least :data:`ENOUGH` cells must agree, year by year.
"""

from __future__ import annotations

import html as entities
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from minato_analysis.numbers.facts import Fact

AUDIT = "audit_report"
ENOUGH = 3
"""Cells of a row or column that have to be those of one fact by year."""

_FACT = re.compile(
    r"<(?P<skip>svg|a|summary|label|title|style|script)\b.*?</(?P=skip)>"
    r'|<(?P<tag>data|span) class="fact" data-fact="(?P<id>[^"]+)"[^>]*>.*?</(?P=tag)>',
    re.S,
)
_BLOCK = re.compile(r'<(?:figure|div class="table") id="([^"]+)"|<details class="facts">')
_TABLE = re.compile(r"<table>.*?</table>", re.S)
_ROW = re.compile(r"<tr\b[^>]*>.*?</tr>", re.S)
_CELL = re.compile(r"<(t[dh])\b([^>]*)>(.*?)</\1>", re.S)
_ID = re.compile(r'\sid="([^"]+)"')
_DOWNLOAD = re.compile(r'<p class="download">.*?(?=</p>)', re.S)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_UNIT = re.compile(r"[^\d.]+$")


@dataclass
class _Place:
    """A numeric cell: its row and column of the table, its text."""

    row: int
    column: int
    text: str


class _Ids:
    """Ids that are given once."""

    def __init__(self, html: str) -> None:
        self._given = Counter(_ID.findall(html))

    def new(self, wanted: str) -> str:
        self._given[wanted] += 1
        return wanted if self._given[wanted] == 1 else self.new(f"{wanted}-{self._given[wanted]}")


def addressed(html: str, name: str, facts: Iterable[Fact], origin: str = "") -> str:
    """Return the page with its numbers addressed.

    Parameters
    ----------
    html : str
    name : str
        Of the page, without ending.
    facts : iterable of Fact
        As the page shows them.
    origin : str
        Words of the link below each table.

    Examples
    --------
    >>> shown = '<main>割合は<data class="fact" data-fact="a.b" value="1.0">1%</data></main>'
    >>> addressed(shown, "02_trends", ()).partition("<data")[0]
    '<main>割合は<a class="n" id="n-a.b" href="audit_report.html#n-a.b">'
    """
    ids = _Ids(html)
    audit = "" if name == AUDIT else f"{AUDIT}.html"

    def linked(found: re.Match[str]) -> str:
        id = found["id"]
        if not id:
            return found[0]
        return f'<a class="n" id="{ids.new(f"n-{id}")}" href="{audit}#n-{id}">{found[0]}</a>'

    head, mark, body = html.partition("<main")
    body = _FACT.sub(linked, _tables(body, audit, ids, _series(facts)))
    if audit and origin:
        link = f'<a href="{audit}#t-{name}">{entities.escape(origin)}</a>'
        body = _DOWNLOAD.sub(rf"\g<0>　{link}", body)
    return head + mark + body


Series = Mapping[tuple[str, ...], Mapping[str, Fact]]
"""Facts that differ in a year only: their ids with a gap, then by year."""


def _series(facts: Iterable[Fact]) -> Series:
    found: dict[tuple[str, ...], dict[str, Fact]] = {}
    for fact in facts:
        parts = fact.id.split(".")
        for at, part in enumerate(parts):
            if _YEAR.fullmatch(part):
                found.setdefault((*parts[:at], "", *parts[at + 1 :]), {})[part] = fact
    return {key: by_year for key, by_year in found.items() if len(by_year) >= ENOUGH}


def _tables(body: str, audit: str, ids: _Ids, series: Series) -> str:
    blocks = [(one.start(), one[1]) for one in _BLOCK.finditer(body)]

    def one(found: re.Match[str]) -> str:
        before = [id for start, id in blocks if start <= found.start()]
        if not before or not before[-1] or ' id="n-' in found[0]:  # a list of facts: named by row
            return found[0]
        return _table(found[0], before[-1], audit, ids, series)

    return _TABLE.sub(one, body)


def _table(table: str, name: str, audit: str, ids: _Ids, series: Series) -> str:
    head, _, rest = table.partition("<tbody>")
    heads = [_words(one[3]) for one in _CELL.finditer(head.partition("<thead>")[2])]
    rows = [list(_CELL.finditer(one[0])) for one in _ROW.finditer(rest)]
    labels = [_words(row[0][3]) if row and row[0][1] == "th" else "" for row in rows]
    places = [
        _Place(at, column, _words(cell[3]))
        for at, row in enumerate(rows)
        for column, cell in enumerate(row)
        if 'class="num"' in cell[2] and re.search(r"\d", cell[3])
    ]
    facts = _matched(places, labels, heads, series)
    numeric = {(one.row, one.column) for one in places}
    row_at = iter(range(len(rows)))

    def in_row(found: re.Match[str]) -> str:
        at, column = next(row_at), iter(range(len(found[0])))

        def in_cell(cell: re.Match[str]) -> str:
            across = next(column)
            if (at, across) not in numeric:
                return cell[0]
            heading = heads[across] if across < len(heads) else ""
            keys = _key(labels[at], at + 1), _key(heading, across + 1)
            id = ids.new(".".join((name, *keys)))
            fact, shown = facts.get((at, across)), cell[3]
            if fact:
                shown = f'<a class="n" href="{audit}#n-{fact.id}">{shown}</a>'
            return f'<td{cell[2]} id="{entities.escape(id)}">{shown}</td>'

        return _CELL.sub(in_cell, found[0])

    return f"{head}<tbody>{_ROW.sub(in_row, rest)}"


def _matched(
    places: list[_Place], labels: list[str], heads: list[str], series: Series
) -> dict[tuple[int, int], Fact]:
    """Return the facts of those columns and rows that are one fact by year."""
    found: dict[tuple[int, int], Fact] = {}
    for line in _lines(places, labels, heads):
        known = [facts for facts in series.values() if _same(line, facts)]
        if known:
            found |= {(one.row, one.column): known[0][year] for year, one in line}
    return found


def _lines(
    places: list[_Place], labels: list[str], heads: list[str]
) -> Iterator[list[tuple[str, _Place]]]:
    by_column: dict[int, list[tuple[str, _Place]]] = {}
    by_row: dict[int, list[tuple[str, _Place]]] = {}
    for one in places:
        row = _YEAR.findall(labels[one.row])
        column = _YEAR.findall(heads[one.column]) if one.column < len(heads) else []
        if len(row) == 1:
            by_column.setdefault(one.column, []).append((row[0], one))
        if len(column) == 1:
            by_row.setdefault(one.row, []).append((column[0], one))
    yield from (one for one in (*by_column.values(), *by_row.values()) if len(one) >= ENOUGH)


def _same(line: list[tuple[str, _Place]], facts: Mapping[str, Fact]) -> bool:
    alike = len({one.text for _, one in line}) == 1
    return not alike and all(
        year in facts and one.text in (facts[year].display, _UNIT.sub("", facts[year].display))
        for year, one in line
    )


def _key(heading: str, number: int) -> str:
    year = _YEAR.findall(heading)
    words = re.sub(r"[^\w]+", "-", heading).strip("-")
    return year[0] if len(year) == 1 else words or str(number)


def _words(fragment: str) -> str:
    return " ".join(entities.unescape(re.sub(r"<[^>]*>", "", fragment)).split())
