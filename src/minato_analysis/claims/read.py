"""``data/statements.yaml``: read, and refused where it cannot be understood.

Top level::

    source: the source whose sentences are checked (a folder of data/published)
    sources: [the sources whose values the selectors may find]
    series: {name: operand}                         # see operands.py
    document: {name: {value, what, place, lines, unit}}   # counted or read in the text, not in a table
    statements: [statement, …]

One statement::

    id, section, lines, figure (optional)
    paraphrase     what it says, in our words
    reading        the reading that is tested
    population, period
    kind           claim (default) · unprinted · quotation · form
    test           predicates that must all hold (see predicates.py, document.py)
    weaker         [{reading, test, wording}, …] tried in order when the test does not hold
    show           predicates whose numbers are shown beside, without deciding
    figures, why   unprinted: charts whose numbers are missing, and what is missing; quotation: whose words
    suggestion     wording or advice where the verdict is not 一致 and no `weaker` holds
    note           what to add where it is 一致
    important      one of the few a reader should see first

Texts may hold ``{name.number}``: numbers computed by `show`, `test` or `weaker`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from minato_analysis.claims.call import Call, calls
from minato_analysis.claims.errors import StatementError
from minato_analysis.claims.series import Recorded, Spec
from minato_analysis.claims.words import dated
from minato_analysis.project import yamls

FILE = "data/statements.yaml"
KINDS = ("claim", "unprinted", "quotation", "form")
_TEXTS = ("paraphrase", "reading", "period", "why", "suggestion", "note")
_NEEDS = {"claim": "test", "unprinted": "why", "quotation": "why", "form": "suggestion"}


@dataclass(frozen=True)
class Weaker:
    """A reading that asks less, with the wording that would agree with it."""

    reading: str
    test: tuple[Call, ...]
    wording: str


@dataclass(frozen=True)
class Statement:
    """One checked statement; see the module docstring."""

    id: str
    section: str
    lines: str
    paraphrase: str
    reading: str
    population: str
    period: str
    kind: str = "claim"
    figure: str = ""
    test: tuple[Call, ...] = ()
    weaker: tuple[Weaker, ...] = ()
    show: tuple[Call, ...] = ()
    figures: tuple[str, ...] = ()
    why: str = ""
    suggestion: str = ""
    note: str = ""
    important: bool = False


@dataclass(frozen=True)
class Statements:
    """The whole file."""

    source: str
    sources: tuple[str, ...]
    series: Mapping[str, Spec]
    document: Mapping[str, Recorded]
    items: tuple[Statement, ...]


def load(folder: Path) -> Statements:
    """Read ``data/statements.yaml`` below the project folder."""
    return loads((folder / FILE).read_text(encoding="utf-8"))


def loads(text: str) -> Statements:
    """Read the text of ``statements.yaml``.

    Raises
    ------
    StatementError
        ``E4-READ``: a missing or unknown key, a repeated id, an unknown word.
    """
    whole = yamls.parse(text, FILE)
    try:
        source, rows = whole["source"], whole["statements"]
    except (TypeError, KeyError) as error:
        raise StatementError(f"E4-READ {FILE}: {error} がありません") from None
    items = tuple(_statement(one) for one in rows)
    ids = [one.id for one in items]
    twice = sorted({id for id in ids if ids.count(id) > 1})
    if twice:
        raise StatementError(f"E4-READ {FILE}: 番号が重なっています: {'、'.join(twice)}")
    document = {id: _recorded(id, one, source) for id, one in (whole.get("document") or {}).items()}
    sources = tuple(whole.get("sources") or [source])
    return Statements(source, sources, whole.get("series") or {}, document, items)


def text_address(source: str, lines: Any) -> str:
    """Return the address of lines of the document's text, in the manner of a printed cell."""
    return f"{source}/text!{lines}"


def _recorded(id: str, one: Mapping[str, Any], source: str) -> Recorded:
    try:
        address = text_address(source, one["lines"])
        what, unit = dated(one["what"]), one.get("unit", "number")
        return Recorded(id, one["value"], what, one["place"], address, unit)
    except KeyError as error:
        raise StatementError(f"E4-READ {FILE} document {id}: {error} がありません") from None


def _statement(one: Mapping[str, Any]) -> Statement:
    where = f"{FILE} {one.get('id', '?')}"
    known = {field.name for field in fields(Statement)}
    unknown = sorted(set(one) - known)
    if unknown:
        raise StatementError(f"E4-READ {where}: 「{'、'.join(unknown)}」という項目はありません")
    kind = one.get("kind", "claim")
    if kind not in KINDS:
        raise StatementError(f"E4-READ {where}: kind「{kind}」はありません（{', '.join(KINDS)}）")
    if _NEEDS[kind] not in one:
        raise StatementError(f"E4-READ {where}: {kind} には {_NEEDS[kind]} が要ります")
    made = dict(one)
    for name in ("test", "show"):
        if name in made:
            made[name] = calls(made[name], f"{where} {name}")
    made["weaker"] = tuple(_weaker(part, where) for part in _list(made.get("weaker")))
    made["figures"] = tuple(_list(made.get("figures")))
    made["lines"] = str(made.get("lines", ""))
    for name in _TEXTS:
        if name in made:
            made[name] = dated(made[name])
    try:
        return Statement(**made)
    except TypeError as error:
        raise StatementError(f"E4-READ {where}: {error}") from None


def _weaker(one: Mapping[str, Any], where: str) -> Weaker:
    try:
        test = calls(one["test"], f"{where} weaker")
        return Weaker(dated(one["reading"]), test, dated(one["wording"]))
    except KeyError as error:
        raise StatementError(f"E4-READ {where}: weaker に {error} がありません") from None


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
