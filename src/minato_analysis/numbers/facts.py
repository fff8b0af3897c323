"""The registry of facts: every number a page prints is one entry here.

A notebook records facts while it runs and shows the registry in its last cell. The entries travel inside
the executed notebook (MIME type :data:`MIME`), are collected into ``reports/<edition>/facts.json``, and
are read back when prose says ``{{ fact("<id>") }}``. This module imports nothing of ours.

Format of one entry::

    {"id": "area.share.2022", "value": 49.002849002849, "display": "49.0%", "unit": "percent",
     "digits": 1, "formula": "100 * reoffenders / persons_arrested",
     "observations": ["<source>/<table>!<row>!<column>", ...], "notebook": "02_reoffender_trends"}
"""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

MIME = "application/vnd.minato.facts+json"

UNITS = {
    "percent": "%",
    "points": "ポイント",
    "persons": "人",
    "cases": "件",
    "year": "年",
    "number": "",
    "probability": "",
    "p_value": "",
}
"""Known units and what is printed behind the number."""

UNITS_EN = {
    "percent": ("%", "%"),
    "points": (" point", " points"),
    "persons": (" person", " persons"),
    "cases": (" case", " cases"),
    "number": ("", ""),
    "probability": ("", ""),
    "p_value": ("", ""),
}
"""What an English page prints behind a one and behind any other number."""

ERAS = (("令和", 2019), ("平成", 1989), ("昭和", 1926))
"""Eras and their first calendar years, the newest first."""

SIGNIFICANT_DIGITS = 9
"""Stored precision. Processors differ in the 15th digit of a sum and, seen on two of them, in the 12th of
a fitted model's p-value; no published number needs more than 6."""

UNKNOWN = {
    "missing": ("未公表", "not published"),
    "suppressed": ("秘匿のため不明", "withheld"),
    "not_applicable": ("該当なし", "not applicable"),
    "zero": ("0人で計算できない", "not defined: there was nobody"),
    "alone": ("署が一つで比べられない", "not defined: there is one station"),
}
"""Status of a printed cell without a number: what stands in the place of what cannot be computed for it. A
count of zero has a number, and a share of it none; a single station has no other beside it."""

FEW_PERSONS = 10
"""A count of persons above zero and below this is not shown to lay readers: it could point at somebody."""

_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")


class FactError(ValueError):
    """A fact that is recorded twice, unknown, without origin, or malformed."""


class UnknownError(FactError):
    """A text that depends on a number which nobody has published."""

    def __init__(self, fact: Fact) -> None:
        super().__init__(f"{fact.id}: {fact.display}（{'、'.join(fact.observations)}）")
        self.fact = fact


def stored(value: float) -> float:
    """Return `value` at the stored precision (see :data:`SIGNIFICANT_DIGITS`); a whole number as it is.

    >>> stored(100 * 516 / 1053), stored(1_234_567_891.0)
    (49.002849, 1234567891.0)
    """
    if value == round(value, 0):
        return float(value)
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")


def printed(value: float, digits: int) -> float:
    """Return `value` as it is printed: rounded half up to `digits` decimals.

    >>> printed(49.0028490028, 1), printed(46.25, 1)
    (49.0, 46.3)
    """
    return float(_rounded(value, digits))


def display(value: float, unit: str, digits: int) -> str:
    """Return the number as a page prints it: rounded half up, Japanese unit, △ for a negative.

    A year is printed in the Japanese calendar.

    Parameters
    ----------
    value : float
        In the unit named (a share of 49 % is ``49.0``).
    unit : str
        One of :data:`UNITS`.
    digits : int
        Decimal places.

    Examples
    --------
    >>> display(100 * 487 / 1053, "percent", 1)
    '46.2%'
    >>> display(1581, "persons", 0), display(-2.75, "points", 1), display(0.0004, "p_value", 3)
    ('1,581人', '△2.8ポイント', '0.001未満')
    >>> display(2022, "year", 0)
    '令和4(2022)年'
    """
    if unit not in UNITS:
        raise FactError(f"unit {unit!r} is not one of {', '.join(UNITS)}")
    if not math.isfinite(value):
        raise FactError(f"{value!r} cannot be printed as a number")
    rounded = _rounded(value, digits)
    if unit == "p_value" and rounded == 0:
        return f"{Decimal(1).scaleb(-digits)}未満"
    if unit == "year":
        return _year(int(rounded))
    sign = "△" if rounded < 0 else ""
    return f"{sign}{abs(rounded):,}{UNITS[unit]}"


def _year(year: int) -> str:
    era, first = next(one for one in ERAS if one[1] <= year)
    return f"{era}{'元' if year == first else year - first + 1}({year})年"


def _rounded(value: float, digits: int) -> Decimal:
    exact = Decimal(f"{value:.{SIGNIFICANT_DIGITS}g}")
    return exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Fact:
    """One published number with its origin.

    Where a cell it needs holds no number, or a zero that nothing can be divided by, `value` is nan (null in
    JSON), `display` says why, and `observations` are these cells.
    """

    id: str
    value: float
    display: str
    unit: str
    digits: int
    formula: str
    observations: tuple[str, ...]
    notebook: str

    def __format__(self, spec: str) -> str:
        return format(self.display, spec)

    @property
    def known(self) -> bool:
        """Whether there is a number."""
        return not math.isnan(self.value)

    def __html__(self) -> str:
        if not self.known:
            shown = html.escape(self.display)
            return f'<span class="fact" data-fact="{html.escape(self.id)}">{shown}</span>'
        return (
            f'<data class="fact" data-fact="{html.escape(self.id)}" value="{self.value!r}">'
            f"{html.escape(self.display)}</data>"
        )


def display_en(fact: Fact) -> str:
    """Return the number as an English page prints it: rounded half up, English unit, a minus sign.

    Examples
    --------
    >>> gap = Fact("a.gap", -2.75, "△2.8ポイント", "points", 1, "a - b", ("s/t!r!c",), "n")
    >>> display_en(gap)
    '−2.8 points'
    """
    if not fact.known:
        return next((en for ja, en in UNKNOWN.values() if ja == fact.display), fact.display)
    rounded = _rounded(fact.value, fact.digits)
    if fact.unit == "p_value" and rounded == 0:
        return f"<{Decimal(1).scaleb(-fact.digits)}"
    if fact.unit == "year":
        return str(rounded)
    one, more = UNITS_EN[fact.unit]
    sign = "−" if rounded < 0 else ""
    return f"{sign}{abs(rounded):,}{one if abs(rounded) == 1 else more}"


def addresses(rows: Any) -> tuple[str, ...]:
    """Return the distinct addresses of observation rows, in order of appearance.

    `rows` is a data frame with the columns ``source_id, table, row, column``, an iterable of addresses,
    or an iterable of such frames.
    """
    if hasattr(rows, "itertuples"):
        # Four columns, not all: a page asks for thousands of origins.
        parts = (rows[name].tolist() for name in ("source_id", "table", "row", "column"))
        found = [
            f"{source}/{table}!{row}!{column}"
            for source, table, row, column in zip(*parts, strict=True)
        ]
    elif isinstance(rows, str):
        found = [rows]
    else:
        found = [address for part in rows for address in addresses(part)]
    return tuple(dict.fromkeys(found))


@dataclass
class FactBook:
    """The facts one notebook records.

    Parameters
    ----------
    notebook : str
        Name of the notebook, e.g. ``02_reoffender_trends``.
    known : FactBook, optional
        Facts of notebooks that ran before; read with :meth:`get`, not recorded again.
    closed : frozenset of str
        Ids of sources that are not public: what is computed from them is kept as it is printed, because
        further digits give the counts away.
    alone : bool
        Whether the area has one police station, so that nothing follows from its others.
    again : bool
        Whether a number recorded again takes the place of the first, as where somebody runs a cell again.
    """

    notebook: str
    facts: dict[str, Fact] = field(default_factory=dict)
    known: FactBook | None = None
    closed: frozenset[str] = frozenset()
    alone: bool = False
    again: bool = False

    def record(
        self, id: str, value: float, *, unit: str, digits: int, from_: Any, formula: str
    ) -> Fact:
        """Register one number and return it.

        Parameters
        ----------
        id : str
            Dotted lower-case name, unique in the edition.
        value : float
            Unrounded, in `unit`.
        unit, digits
            How it is printed (see :func:`display`).
        from_ : data frame, address, fact id(s), or iterable of these
            The observations the number is computed from. A fact computed from other facts passes the
            :class:`Fact` objects: their observations are taken over.
        formula : str
            How the value follows from the observations, in one line.

        A value of nan whose origin has cells without a number is recorded as not known, and so is one that
        is not finite because of a zero among them or of a station without others: pages say so in its place.

        Raises
        ------
        FactError
            Malformed or repeated id, no origin, or a value that is not finite although its cells are.
        """
        if not _ID.fullmatch(id):
            raise FactError(f"fact id {id!r}: lower-case words joined by dots are needed")
        known = self.known is not None and id in self.known.facts
        if known or (id in self.facts and not self.again):
            raise FactError(f"fact {id!r} is recorded twice; a number has one place of origin")
        origin = _origin(from_)
        if not origin:
            raise FactError(f"fact {id!r} has no observations; pass the rows it comes from")
        if not formula.strip():
            raise FactError(f"fact {id!r} has no formula")
        number = stored(float(value))
        lacking = [] if math.isfinite(number) else _lacking(from_, zeros=not math.isnan(number))
        if self.alone and not (lacking or math.isfinite(number)):
            lacking = [(address, "alone") for address in origin]
        if lacking:
            cells = tuple(dict.fromkeys(address for address, _ in lacking))
            shown, _ = UNKNOWN.get(lacking[0][1], UNKNOWN["missing"])
            fact = Fact(id, math.nan, shown, unit, digits, formula, cells, self.notebook)
            self.facts[id] = fact
            return fact
        if not math.isfinite(number):
            raise FactError(
                f"E3-UNDEFINED {id}: 「{formula}」は計算できません（{number}）。"
                f"まず、元のセル {origin[0]} など{len(origin)}個に、0人の年や区分がないかを確かめてください。"
                "割合の出せない表は空のままにすると、その節が省かれます。"
            )
        if self.closed & {address.partition("/")[0] for address in origin}:
            number = float(_rounded(number, digits))
        fact = Fact(
            id, number, display(number, unit, digits), unit, digits, formula, origin, self.notebook
        )
        self.facts[id] = fact
        return fact

    def get(self, id: str) -> Fact:
        """Return a recorded fact; an unknown id is refused with the nearest known names."""
        return look_up(self.all(), id)

    def all(self) -> dict[str, Fact]:
        """Return own and known facts by id."""
        return {**(self.known.facts if self.known else {}), **self.facts}

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        rows = [entry(fact) for fact in self.facts.values()]
        lines = [f"{one['id']} = {one['display']}" for one in rows]
        return {MIME: rows, "text/plain": "\n".join(lines)}

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts.values())


def _lacking(from_: Any, *, zeros: bool = False) -> list[tuple[str, str]]:
    """Return the cells without a number among those of an origin, with their status; else those of zero."""
    if isinstance(from_, Fact):
        if from_.known:
            return [(one, "zero") for one in from_.observations] if from_.value == 0 else []
        status = next((one for one, (ja, _) in UNKNOWN.items() if ja == from_.display), "missing")
        return [(address, status) for address in from_.observations]
    if hasattr(from_, "itertuples") and "value" in from_:
        rows, nothing = from_[from_["value"].isna()], from_[from_["value"] == 0]
        if rows.empty or zeros:
            return [(address, "zero") for address in addresses(nothing)]
        return list(zip(addresses(rows), rows["status"], strict=False))
    if isinstance(from_, str) or hasattr(from_, "itertuples") or not isinstance(from_, Iterable):
        return []
    found = [one for part in from_ for one in _lacking(part, zeros=zeros)]
    blank = [one for one in found if one[1] != "zero"]
    return blank or found


def _origin(from_: Any) -> tuple[str, ...]:
    if isinstance(from_, Fact):
        return from_.observations
    if (
        isinstance(from_, Iterable)
        and not isinstance(from_, str)
        and not hasattr(from_, "itertuples")
    ):
        return tuple(dict.fromkeys(address for part in from_ for address in _origin(part)))
    return addresses(from_)


def look_up(facts: Mapping[str, Fact], id: str) -> Fact:
    """Return ``facts[id]``; an unknown id is refused with the nearest known names."""
    import difflib  # noqa: PLC0415 - needed only to word an error

    if id in facts:
        return facts[id]
    near = difflib.get_close_matches(id, list(facts), n=3)
    hint = f"; nearest: {', '.join(near)}" if near else ""
    raise FactError(f"fact {id!r} is not recorded{hint}")


def entry(fact: Fact) -> dict[str, Any]:
    """Return the JSON form of one fact."""
    row = asdict(fact)
    row["observations"] = list(fact.observations)
    row["value"] = fact.value if fact.known else None
    return row


def from_entry(row: Mapping[str, Any]) -> Fact:
    """Read one fact back from its JSON form."""
    value = math.nan if row["value"] is None else row["value"]
    return Fact(**{**row, "value": value, "observations": tuple(row["observations"])})


def dumps(facts: Iterable[Fact]) -> str:
    """Return ``facts.json``: sorted by id, one key a line, a newline at the end."""
    rows = [entry(fact) for fact in sorted(facts, key=lambda fact: fact.id)]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def loads(text: str) -> FactBook:
    """Read ``facts.json``."""
    rows = [from_entry(row) for row in json.loads(text)]
    return FactBook(notebook="", facts={fact.id: fact for fact in rows})


def collect(notebook: Mapping[str, Any]) -> list[Fact]:
    """Return the facts an executed notebook carries in its outputs."""
    return [
        from_entry(row)
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        for row in output.get("data", {}).get(MIME, [])
    ]


def read_notebook(file: Path) -> list[Fact]:
    """Return the facts of an executed notebook file."""
    return collect(json.loads(file.read_text(encoding="utf-8")))


def merge(groups: Iterable[Iterable[Fact]]) -> list[Fact]:
    """Return all facts of several notebooks; an id two of them record is refused."""
    found: dict[str, Fact] = {}
    for fact in (one for group in groups for one in group):
        if fact.id in found:
            raise FactError(
                f"fact {fact.id!r} is recorded in {found[fact.id].notebook} and in {fact.notebook}; "
                "a number has one place of origin"
            )
        found[fact.id] = fact
    return list(found.values())
