"""Tables for reports: one object, shown as real HTML and given away as CSV.

In: texts, or a data frame with the number format of each column. Out: a frozen :class:`Table` whose
HTML has a caption and headers with ``scope`` and no ids, and whose CSV is safe to open in a
spreadsheet. The table travels through a notebook as MIME type :data:`MIME`::

    {"id": "...", "caption": "...", "html": "<table>…", "csv": "…", "notes": ["…"]}

Signs follow official Japanese tables (:data:`SIGNS`); a negative is printed with △.
"""

from __future__ import annotations

import csv
import html
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from minato_analysis.numbers import one_value
from minato_analysis.numbers.facts import display

MIME = "application/vnd.minato.table+json"

SIGNS: Mapping[str, tuple[str, str]] = {
    "zero": ("0", "該当する数値が0のもの"),
    "not_applicable": ("-", "該当がないもの"),
    "missing": ("…", "数値が得られないもの"),
    "suppressed": ("x", "秘匿したもの"),
    "provisional": ("p", "暫定値"),
    "revised": ("r", "訂正値"),
}
"""Status of an observation → sign in a table, and its meaning."""

INSTEAD_OF_A_NUMBER = ("zero", "not_applicable", "missing", "suppressed")
"""Statuses whose sign stands alone; the other signs stand before the number."""

Format = Callable[[Any], str] | tuple[str, int]
"""How a column is printed: a function of the value, or unit and digits for ``facts.display``."""

_NUMBER = re.compile(
    r"(?:[pr] )?[△▲+\-]?[0-9][0-9,]*(?:\.[0-9]+)?(?:%|人|件|ポイント|倍)?(?:未満|超)?|[-…x]"
)
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9][0-9,]*(?:\.[0-9]+)?%?")
_UNBROKEN = re.compile(r"[!-~]{24,}")
"""What no browser breaks by itself and no column has room for: a checksum, the name of a fact."""

_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{3,}(?![A-Za-z0-9])")
"""What a voice that reads Japanese would spell: a name of a fact, a formula."""

MINUS = '<span role="img" aria-label="マイナス">△</span>'
"""The sign of a negative number, as a page holds it: voices leave a bare △ out, or say 三角."""

_MINUS = re.compile(r"△(?=\d)")
"""Printed for a negative, and spoken as one."""

PRINTED_ROWS = 6
"""Rows of a folded table on paper: the first year, a line that stands for older ones, the last years."""

WORTH_FOLDING = 8
"""Rows up to which a table is printed whole: the line that stands for older ones takes the room of two."""

FOLDED = "{first}から{last}までは、画面とCSVにあります"
FOLDED_EN = "{first} to {last}: on screen and in the CSV"
"""What stands on paper for the older years; a screen and the CSV have them all."""

SHORT = 16
"""Columns of texts up to this width, in half-width characters, are set on one line."""
_FORMULA_STARTS = tuple("=+-@\t\r＝＋－＠")


class Marked(str):
    """The text of a cell that a page shows with markup of its own, such as a link; a file has the text.

    >>> Marked("a & b", '<a href="#a">a &amp; b</a>').html
    '<a href="#a">a &amp; b</a>'
    """

    html: str

    def __new__(cls, text: str, html: str) -> Marked:
        """Return the text `text` that is shown as `html`."""
        made = super().__new__(cls, text)
        made.html = html
        return made


@dataclass(frozen=True)
class Table:
    """One table of texts.

    Parameters
    ----------
    id : str
        Name of the table in the edition; never printed as an HTML id.
    caption : str
        May hold ``{{ fact("…") }}`` references, resolved by the report.
    columns : tuple of str
        Headers, the one above the row headers included (it may be empty).
    rows : tuple of tuple of str
        Plain text, one tuple a row.
    row_headers : bool
        Whether the first cell of each row is its header.
    notes : tuple of str
        Lines printed under the table; references allowed.
    fold : str
        Of a table with one row a year that may grow with the years: what stands on paper in place of its
        older years (:data:`FOLDED`). The first year stays, many things are measured against it.
    download : bool
        Whether the page carries the table as CSV too.

    Raises
    ------
    ValueError
        A row of another length than `columns`, or a cell with a reference in it.

    Examples
    --------
    >>> table = Table("t", "Persons arrested", ("Year", "Persons"), (("2022", "1,053"),))
    >>> print(table.csv(), end="")
    Year,Persons
    2022,1053
    """

    id: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    row_headers: bool = True
    notes: tuple[str, ...] = ()
    fold: str = ""
    download: bool = True

    def __post_init__(self) -> None:
        for number, row in enumerate((self.columns, *self.rows)):
            if len(row) != len(self.columns):
                raise ValueError(
                    f"table {self.id!r}, row {number}: {len(row)} cells under "
                    f"{len(self.columns)} columns"
                )
            for cell in row:
                if "{{" in cell:
                    raise ValueError(
                        f"table {self.id!r}, row {number}: {cell!r} holds a reference; "
                        "cells are plain text, pass the displayed value"
                    )

    def html(self) -> str:
        """Return the ``<table>`` element, one row of the table a line."""
        columns = [[row[column] for row in self.rows] for column in range(len(self.columns))]
        numeric = [
            bool(texts) and not (self.row_headers and column == 0) and all(map(is_number, texts))
            for column, texts in enumerate(columns)
        ]
        head = "".join(map(_header, self.columns, numeric))
        short = [all(width(text) <= SHORT for text in texts) for texts in columns]
        older = self._older()
        body = [
            f"<tr{_class('earlier' if number in older else '')}>"
            + "".join(
                _cell(text, header=self.row_headers and column == 0, short=short[column])
                for column, text in enumerate(row)
            )
            + "</tr>"
            for number, row in enumerate(self.rows)
        ]
        if older:
            text = self.fold.format(first=self.rows[older[0]][0], last=self.rows[older[-1]][0])
            line = f'<td colspan="{len(self.columns)}">{_escape(text)}</td>'
            body.insert(older[0], f'<tr class="elided">{line}</tr>')
        return "\n".join(
            [
                "<table>",
                f"<caption>{_escape(self.caption)}</caption>",
                f"<thead><tr>{head}</tr></thead>",
                "<tbody>",
                *body,
                "</tbody>",
                "</table>",
            ]
        )

    def _older(self) -> range:
        """Return the numbers of the rows that are left out on paper."""
        many = self.fold and len(self.rows) > WORTH_FOLDING
        return range(1, len(self.rows) - PRINTED_ROWS + 2) if many else range(0)

    def csv(self) -> str:
        """Return the table as CSV, one value a cell (see :mod:`minato_analysis.numbers.one_value`).

        Commas, line ends ``\\n``, formula starts made harmless.
        """
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        heads, rows = one_value.columns(self.columns, self.rows)
        writer.writerows([harmless(cell) for cell in row] for row in (heads, *rows))
        return out.getvalue()

    def text(self) -> str:
        """Return caption and rows as plain lines, cells apart by tabs."""
        return "\n".join([self.caption, *("\t".join(row) for row in (self.columns, *self.rows))])

    def json(self) -> dict[str, Any]:
        """Return the form that travels in a notebook (see the module docstring)."""
        return {
            "id": self.id,
            "caption": self.caption,
            "html": self.html(),
            "csv": self.csv() if self.download else "",
            "notes": list(self.notes),
        }

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {MIME: self.json(), "text/html": self.html(), "text/plain": self.text()}


def from_frame(
    df: pd.DataFrame,
    caption: str,
    formats: Mapping[str, Format] | None = None,
    *,
    id: str,
    row_headers: bool = True,
    notes: Iterable[str] = (),
    fold: str = "",
) -> Table:
    """Make a table of a data frame.

    Parameters
    ----------
    df : DataFrame
        Columns in printing order. The index becomes the first column when it has a name and is left
        out otherwise.
    caption : str
        See :class:`Table`.
    formats : mapping of column to Format, optional
        ``{"share": ("percent", 1)}`` or ``{"year": str}``. Texts need none. A number without one is
        refused, for its rounding would be nobody's decision.
    id, row_headers, notes, fold
        See :class:`Table`.

    Raises
    ------
    ValueError
        A number in a column without a format, or a format for an unknown column.

    Examples
    --------
    >>> frame = pd.DataFrame({"area": ["A", "B"], "change": [-2.75, None]})
    >>> from_frame(frame, "Change", {"change": ("number", 1)}, id="change").rows
    (('A', '△2.8'), ('B', '…'))
    """
    frame = df.reset_index() if df.index.name is not None else df
    columns = tuple(str(name) for name in frame.columns)
    known = dict(formats or {})
    unknown = sorted(set(known) - set(columns))
    if unknown:
        raise ValueError(f"formats for {', '.join(unknown)}: the frame has {', '.join(columns)}")
    rows = tuple(
        tuple(
            _formatted(value, known.get(name), name)
            for name, value in zip(columns, row, strict=True)
        )
        for row in frame.itertuples(index=False, name=None)
    )
    return Table(id, caption, columns, rows, row_headers, tuple(notes), fold)


def number_cell(
    value: float | None, status: str = "ok", *, unit: str = "number", digits: int
) -> str:
    """Return one number as a table prints it: △ for a negative, signs of :data:`SIGNS`.

    Parameters
    ----------
    value : float or None
        Not looked at where the status stands instead of a number.
    status : str
        Status of the observation: ``ok`` or a key of :data:`SIGNS`.
    unit, digits
        See :func:`minato_analysis.numbers.facts.display`.

    Raises
    ------
    ValueError
        Unknown status, or a status that needs a value without one.

    Examples
    --------
    >>> number_cell(-1234.5, digits=0), number_cell(None, "suppressed", digits=0)
    ('△1,235', 'x')
    >>> number_cell(49.0028, "provisional", unit="percent", digits=1)
    'p 49.0%'
    """
    if status != "ok" and status not in SIGNS:
        raise ValueError(f"status {status!r} is not one of ok, {', '.join(SIGNS)}")
    if status in INSTEAD_OF_A_NUMBER:
        return SIGNS[status][0]
    if value is None or pd.isna(value):
        raise ValueError(f"status {status!r} needs a value; use the status 'missing' for none")
    sign = f"{SIGNS[status][0]} " if status in SIGNS else ""
    return sign + display(float(value), unit, digits)


def signs_note(rows: Iterable[Iterable[str]]) -> str:
    """Return the legend of the signs that occur in the cells; empty when there are none.

    Examples
    --------
    >>> signs_note([("A", "x"), ("B", "p 3")])
    '「x」は秘匿したもの、「p」は暫定値。'
    """
    cells = [cell for row in rows for cell in row]
    found = [
        f"「{sign}」は{meaning}"
        for status, (sign, meaning) in SIGNS.items()
        if any(
            cell == sign if status in INSTEAD_OF_A_NUMBER else cell.startswith(f"{sign} ")
            for cell in cells
        )
    ]
    return "、".join(found) + "。" if found else ""


def is_number(text: str) -> bool:
    """Tell whether a cell is a number or a sign in place of one, so that it is set to the right.

    >>> [is_number(text) for text in ("1,053人", "△2.8", "p 49.0%", "1%未満", "…", "令和4(2022)年")]
    [True, True, True, True, True, False]
    """
    return _NUMBER.fullmatch(text) is not None


def width(text: str) -> int:
    """Return the width of a text in half-width characters.

    >>> width("C013"), width("大麻以外のすべて")
    (4, 16)
    """
    return sum(2 if unicodedata.east_asian_width(one) in "WFA" else 1 for one in text)


def harmless(text: str) -> str:
    """Return a CSV cell that no spreadsheet takes for a formula.

    A cell that begins like a formula gets an apostrophe before it, unless it is a plain number or
    the sign ``-``. Full-width starts count too: Japanese spreadsheets read them as formulas.

    References
    ----------
    OWASP, "CSV Injection".

    Examples
    --------
    >>> harmless("=SUM(A1)"), harmless("-3.5"), harmless("-")
    ("'=SUM(A1)", '-3.5', '-')
    """
    plain = _PLAIN_NUMBER.fullmatch(text) or text == SIGNS["not_applicable"][0]
    return f"'{text}" if text.startswith(_FORMULA_STARTS) and not plain else text


def _formatted(value: Any, format_: Format | None, column: str) -> str:
    if isinstance(value, str) and format_ is None:
        return value
    if value is None or pd.isna(value):
        return SIGNS["missing"][0]
    if format_ is None:
        raise ValueError(f"column {column!r} holds the number {value!r}: say how it is printed")
    if callable(format_):
        return format_(value)
    unit, digits = format_
    return number_cell(float(value), unit=unit, digits=digits)


def _escape(text: str) -> str:
    # Quotes stay: they mean nothing between tags, and references in captions hold them.
    return html.escape(text, quote=False)


def _header(text: str, numeric: bool) -> str:
    # An empty header cell would be announced as a header without a name.
    if not text:
        return "<td></td>"
    return f'<th scope="col"{_class("num" if numeric else "")}>{_escape(text)}</th>'


def _cell(text: str, *, header: bool, short: bool) -> str:
    kind = "short" if short else "long" if _UNBROKEN.search(text) else ""
    lang = ' lang="en"' if text.isascii() and _WORD.search(text) else ""
    shown = text.html if isinstance(text, Marked) else _escape(text)
    if header:
        return f'<th scope="row"{_class(kind)}{lang}>{shown}</th>'
    shown = _MINUS.sub(MINUS, shown)
    return f"<td{_class('num' if is_number(text) else kind)}{lang}>{shown}</td>"


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""
