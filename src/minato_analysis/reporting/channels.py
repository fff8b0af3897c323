"""Reads out of a page everything it tells: in goes HTML, out come texts with the place they stand in.

A number can leave a page by more ways than its visible text: cells, drawings, downloads, and
attributes that only a screen reader or a script reads. :func:`said` walks all of them.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote_to_bytes

from minato_analysis.reporting.ticks import Label, axis_ticks

SPOKEN = {"alt", "title", "placeholder", "label", "summary"}
"""Attributes that are read out or shown, besides ``aria-*`` and ``data-*``."""

STRUCTURE = {
    "aria-level", "aria-posinset", "aria-setsize", "aria-colcount", "aria-colindex",
    "aria-colspan", "aria-rowcount", "aria-rowindex", "aria-rowspan", "aria-valuemin",
    "aria-valuemax", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns",
    "data-fact", "data-fact-ref", "data-year", "data-years",
}  # fmt: skip
"""Attributes that hold ids or years, or say where an element stands and not what was counted."""

VALUED = {"meter", "progress", "input", "option", "li"}
"""Elements whose ``value`` is a number of their own; a ``<data>`` repeats the text inside it."""

PERSONS_KEY = re.compile(
    r"persons|people|reoffend|first_?time|arrest|count|^n$|人|者数", re.IGNORECASE
)
"""Names in scripts and JSON under which a number counts persons."""

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}
_INLINE = {
    "a", "abbr", "b", "bdi", "cite", "code", "data", "em", "i", "mark", "q", "rb", "rt", "ruby",
    "s", "small", "span", "strong", "sub", "sup", "time", "tspan", "u", "wbr",
}  # fmt: skip
_COLLECTED = {"td", "th", "caption", "title", "desc", "text", "data", "script", "style"}
_INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
_IN_STYLE = re.compile(r"""content\s*:\s*("[^"]*"|'[^']*')""")
_IN_CODE = re.compile(
    r"""([A-Za-z_]\w*|["'][^"']+["'])\s*[:=]\s*(\[[-\d\s.,]*\]|-?\d+(?:\.\d+)?)"""
)


@dataclass(frozen=True)
class Said:
    """One text of a page.

    Parameters
    ----------
    where : str
        Its place, in Japanese, for the message.
    text : str
        Normalised (NFKC): full-width digits are digits.
    bare : bool
        Whether a number without a unit may be a count of persons here. Not in running text.
    heads : tuple of str
        Headings of a cell's row and column.
    """

    where: str
    text: str
    bare: bool = False
    heads: tuple[str, ...] = ()


def said(html: str) -> list[Said]:
    """Return all texts of a page in order.

    >>> [one.text for one in said('<p title="9">a <b>7</b>人</p>')]
    ['9', 'a 7人']
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.finish()


@dataclass
class _Cell:
    text: str
    header: bool
    wide: int = 1
    tall: int = 1


@dataclass
class _Open:
    """An element whose text is collected."""

    tag: str
    given: dict[str, str] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Said] = []
        self._open = [_Open("")]
        self._tables: list[tuple[list[str], list[list[_Cell]]]] = []
        self._labels: list[Label] = []
        self._drawings = 0

    def finish(self) -> list[Said]:
        while len(self._open) > 1:
            self._close(self._open[-1].tag)
        self._flush()
        return self.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: (value or "").strip() for name, value in attrs}
        self._attributes(tag, given)
        if tag in {"td", "th", "tr"}:
            self._close("td", "th")
        if tag == "table":
            self._tables.append(([], []))
        elif tag == "tr" and self._tables:
            self._tables[-1][1].append([])
        elif tag == "svg":
            self._drawings += 1
        link = tag == "a" and given.get("href", "").startswith("data:")
        if tag in _COLLECTED or link:
            if tag not in _INLINE:
                self._flush()
            self._open.append(_Open(tag, given))
        elif tag not in _INLINE:
            self._flush()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if any(one.tag == tag for one in self._open[1:]):
            while self._open[-1].tag != tag:
                self._close(self._open[-1].tag)
            self._close(tag)
        elif tag == "table" and self._tables:
            self._close("td", "th")
            caption, rows = self._tables.pop()
            self.found += _cells(f"表「{' '.join(caption)}」", rows)
        elif tag == "svg" and self._drawings:
            self._drawings -= 1
            if not self._drawings:
                ticks = axis_ticks(self._labels)
                self.found += [
                    Said("図の文字", label.text, True)
                    for number, label in enumerate(self._labels)
                    if number not in ticks
                ]
                self._labels = []
        elif tag not in _INLINE:
            self._flush()

    def handle_data(self, data: str) -> None:
        self._open[-1].parts.append(data)

    def handle_comment(self, data: str) -> None:
        self._say("注釈（コメント）", data, bare=True)

    def _say(self, where: str, text: str, *, bare: bool = False) -> None:
        words = normal(text)
        if words:
            self.found.append(Said(where, words, bare))

    def _flush(self) -> None:
        """End a block of running text; inside a cell only a gap between words."""
        inner = self._open[-1]
        if inner.tag:
            inner.parts.append(" ")
        else:
            self._say("本文", "".join(inner.parts))
            inner.parts.clear()

    def _close(self, *tags: str) -> None:
        if self._open[-1].tag not in tags or len(self._open) == 1:
            return
        one = self._open.pop()
        text = "".join(one.parts)
        if one.tag == "data":
            self._repeated(one.given.get("value", ""), normal(text))
            self._open[-1].parts.append(text)
        elif one.tag in {"td", "th"}:
            self._cell(one, normal(text))
        elif one.tag == "text":
            place = [_number(one.given.get(name, "")) for name in ("x", "y")]
            self._labels.append(Label(normal(text), *place))
        elif one.tag == "script":
            self.found += _code("スクリプト", text)
        elif one.tag == "style":
            for shown in _IN_STYLE.findall(text):
                self._say("スタイルの content", shown[1:-1], bare=True)
        elif one.tag == "a":
            name = f"ダウンロード「{normal(text)}」"
            self.found += _link(name, one.given["href"])
            self._open[-1].parts.append(text)
        else:
            self._say(
                {"caption": "表の題", "title": "題"}.get(one.tag, "図の説明"), text, bare=True
            )
            if one.tag == "caption" and self._tables:
                self._tables[-1][0].append(normal(text))

    def _cell(self, one: _Open, text: str) -> None:
        if not self._tables:
            self._say("表", text, bare=True)
            return
        rows = self._tables[-1][1]
        if not rows:
            rows.append([])
        wide, tall = (int(_number(one.given.get(name, "1"))) for name in ("colspan", "rowspan"))
        rows[-1].append(_Cell(text, one.tag == "th", max(1, wide), max(1, tall)))

    def _repeated(self, value: str, text: str) -> None:
        """Read the unrounded value of a ``<data>`` with the unit of the text it stands behind."""
        unit = re.search(r"人|名|person|people|%", text)
        if unit and re.fullmatch(r"-?[\d.]+", value):
            self._say("<data> の value", f"{float(value):g} {unit[0]}")

    def _attributes(self, tag: str, given: dict[str, str]) -> None:
        lever = tag == "input" and given.get("type") == "range"
        for name, value in given.items():
            where = f"<{tag}> の {name}"
            spoken = name in SPOKEN or name.startswith(("aria-", "data-"))
            if (spoken and name not in STRUCTURE) or (
                name == "value" and tag in VALUED and not lever
            ):
                self._say(where, value, bare=True)
            elif name == "content":
                self._say(where, value)
            if value.startswith("data:") and (tag, name) != ("a", "href"):
                self.found += _link(f"<{tag}> の {name}", value)


def normal(text: str) -> str:
    """Return the text with one form for each digit and sign, single spaces, nothing invisible."""
    return " ".join(unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).split())


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _cells(where: str, rows: list[list[_Cell]]) -> Iterator[Said]:
    """Yield the cells of a table with the headings of their row and column."""
    grid: list[dict[int, _Cell]] = [{} for _ in rows]
    for down, row in enumerate(rows):
        across = 0
        for cell in row:
            while across in grid[down]:
                across += 1
            for line in grid[down : down + cell.tall]:
                line.update(dict.fromkeys(range(across, across + cell.wide), cell))
            across += cell.wide
    seen: set[int] = set()
    for down, line in enumerate(grid):
        for across, cell in line.items():
            if id(cell) in seen:
                continue
            seen.add(id(cell))
            above = [up[across] for up in grid[:down] if across in up]
            heads = [one.text for one in (*above, *line.values()) if one.header and one is not cell]
            # A number in a heading is a label, such as a rank, unless it has a unit.
            yield Said(where, cell.text, not cell.header, tuple(heads))


def _link(where: str, address: str) -> list[Said]:
    """Return what a ``data:`` link gives away; one that cannot be read is said to be so."""
    head, _, payload = address[5:].partition(",")
    raw = unquote_to_bytes(payload)
    if head.lower().endswith(";base64"):
        raw = base64.b64decode(raw + b"==")
    charset = re.search(r"charset=([\w-]+)", head, re.IGNORECASE)
    kind = head.split(";")[0].lower() or "text/plain"
    if not raw:
        return []
    if not (kind.startswith("text/") or kind in {"application/json", "image/svg+xml"}):
        return [Said(where, UNREADABLE.format(kind))]
    text = raw.decode(charset[1] if charset else "utf-8", errors="replace").lstrip("\ufeff")
    if kind in {"image/svg+xml", "text/html"}:
        return said(text)
    if kind == "application/json":
        return _code(where, text)
    return list(_csv(where, text))


UNREADABLE = "{}は中身を確かめられません"
"""Said of a download whose format is not text."""


def _csv(where: str, text: str) -> Iterator[Said]:
    delimiter = "\t" if text.count("\t") > text.count(",") else ","
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    cells = [
        [_Cell(normal(cell), header=not down) for cell in row] for down, row in enumerate(rows)
    ]
    for row in cells[1:]:
        if row and not re.search(r"\d", row[0].text):
            row[0].header = True
    return _cells(where, cells)


def _code(where: str, text: str) -> list[Said]:
    """Return strings and numbers of JSON, or of a script where it is not JSON."""
    try:
        return [Said(where, normal(one), bare) for one, bare in _json(json.loads(text), False)]
    except ValueError:
        pass
    named = [
        Said(where, normal(found[2]), True, (found[1],))
        for found in _IN_CODE.finditer(text)
        if PERSONS_KEY.search(found[1].strip("\"'"))
    ]
    return [Said(where, normal(text)), *named]


def _json(value: Any, counts: bool) -> Iterator[tuple[str, bool]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _json(one, counts or bool(PERSONS_KEY.search(key)))
    elif isinstance(value, list):
        for one in value:
            yield from _json(one, counts)
    elif not isinstance(value, bool) and value is not None:
        yield str(value), counts
