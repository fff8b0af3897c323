"""Block 2: past values that are printed differently now, and the published numbers that moved with them.

In: the observations each edition knew, and its facts. Out: :class:`Revision` and :class:`Moved`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from minato_analysis import data
from minato_analysis.claims import checks
from minato_analysis.data.revisions import QUANTITY
from minato_analysis.difference import roles
from minato_analysis.difference.labels import labelled
from minato_analysis.difference.side import Side
from minato_analysis.numbers.facts import Fact

Cause = Literal[
    "document", "transcription", "collected", "reading", "known", "hidden", "late", "gone"
]

CAUSES: dict[Cause, str] = {
    "document": "後の資料での訂正",
    "transcription": "同じ資料の転記の訂正",
    "collected": "ほかの資料から集めた値の変更",
    "reading": "同じ表の読み取り方の変更",
    "known": "未公表・秘匿だった値の公表",
    "hidden": "示されなくなった値",
    "late": "前の版のあとに加わった過去の値",
    "gone": "今の版にない値",
}


@dataclass(frozen=True)
class Revision:
    """One quantity of a past year with its value in both editions.

    Attributes
    ----------
    cause : str
        Key of :data:`CAUSES`.
    label : str
        Table, row and column as printed.
    year : int or None
    unit : str
    old, new : float or None
        The value, none where there is none.
    old_status, new_status : str
    old_cell, new_cell : str
        Address of the printed cell.
    old_as_of, new_as_of : str
        Date of the document.
    reason : str
        The reason recorded in ``data/known_discrepancies.yaml``.
    """

    cause: Cause
    label: str
    year: int | None
    unit: str
    old: float | None
    new: float | None
    old_status: str
    new_status: str
    old_cell: str
    new_cell: str
    old_as_of: str
    new_as_of: str
    reason: str = ""


@dataclass(frozen=True)
class Moved:
    """A published number about a past year that is another one now."""

    before: Fact
    after: Fact


Reasons = Mapping[tuple[str, str], str]
KEYS = list(QUANTITY)
_TOLD = ["value", "status", "unit", "address", "label", "as_of"]


def revisions(before: Side, after: Side) -> list[Revision]:
    """Return the past values that changed, the revised ones first.

    A value of a year the first edition's table did not reach is new (block 3), not revised.
    """
    both = _joined(before.rows, after.rows)
    why = _reasons(after)
    found = [
        _revision(one, why, _cause(one, before, after))
        for one in both.itertuples(index=False)
        if _differs(one)
    ]
    reached = _newest(before.rows)
    late = both[both["value_old"].isna() & both["status_old"].isna()]
    found += [
        _revision(one, why, "late")
        for one in late.itertuples(index=False)
        if (one.series_id, one.table) in reached and _past(one, reached)
    ]
    gone = both[both["status_new"].isna()]
    found += [_revision(one, why, "gone") for one in gone.itertuples(index=False)]
    order = {cause: place for place, cause in enumerate(CAUSES)}
    return sorted(found, key=lambda one: (order[one.cause], one.new_cell or one.old_cell))


def moved(before: Side, after: Side) -> list[Moved]:
    """Return the numbers about years both editions know that are printed differently under the same id.

    Whatever made them move: a revision, code, or a method that looks at all years together.
    """
    last = before.edition.last_year
    found = []
    for pair in roles.pairs(before.facts, after.facts, before.names, after.names):
        years = [int(year) for year in re.findall(r"(?:19|20)\d{2}", pair.before.id)]
        past = bool(years) and max(years) <= last and not pair.before.id.startswith(roles.FORWARD)
        if pair.same_id and past and pair.before.display != pair.after.display:
            found.append(Moved(pair.before, pair.after))
    return found


def new_rows(before: Side, after: Side) -> pd.DataFrame:
    """Return the rows of the second edition whose year the first edition's table did not reach."""
    reached = _newest(before.rows)
    known = pd.MultiIndex.from_frame(before.rows[KEYS])
    fresh = after.rows[~pd.MultiIndex.from_frame(after.rows[KEYS]).isin(known)]
    past = pd.Series([_past(one, reached) for one in fresh.itertuples(index=False)], dtype=bool)
    return fresh[~past.to_numpy()]


def _reasons(side: Side) -> Reasons:
    """Return the recorded reasons by address within the series and measure."""
    known = checks.load(side.root)[1]
    return {
        (str(one["revision"]), str(measure)): str(one["reason"])
        for one in known
        if "revision" in one
        for measure in one["expect"]
    }


def _joined(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return one row a quantity with what each edition knows; what a document prints twice is counted off."""
    sides = [
        one[KEYS + _TOLD].assign(nth=one.groupby(KEYS, dropna=False).cumcount())
        for one in (labelled(before), labelled(after))
    ]
    return sides[0].merge(sides[1], on=[*KEYS, "nth"], how="outer", suffixes=("_old", "_new"))


def _newest(rows: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Return the newest year of each table."""
    years = rows[rows["year"].notna()].groupby(["series_id", "table"])["year"].max()
    return {(str(series), str(table)): int(year) for (series, table), year in years.items()}


def _past(one: Any, reached: dict[tuple[str, str], int]) -> bool:
    newest = reached.get((one.series_id, one.table))
    return newest is not None and not pd.isna(one.year) and int(one.year) <= newest


def _differs(one: Any) -> bool:
    if pd.isna(one.status_old) or pd.isna(one.status_new):
        return False
    old, new = _number(one.value_old), _number(one.value_new)
    if old is None and new is None:
        return bool(one.status_old != one.status_new)
    return old != new


def _cause(one: Any, before: Side, after: Side) -> Cause:
    """Return why a value is another one now.

    A transcription is mended where one document prints the same cell with the same date, and the table that
    copies it has changed. In a series collected from many documents the address says nothing of that.
    """
    old, new = _number(one.value_old), _number(one.value_new)
    if old is None and new is not None:
        return "known"
    if new is None and old is not None:
        return "hidden"
    address = _text(one.address_new)
    if _text(one.address_old) != address or _text(one.as_of_old) != _text(one.as_of_new):
        return "document"
    documents = data.descriptor(after.root).get("source_documents", {})
    if address.partition("/")[0] not in {*documents, after.edition.source_id}:
        return "collected"
    file = data.files(after.root).get(address.partition("!")[0], "")
    copies = before.manifest.files.get(file), after.manifest.files.get(file)
    return "reading" if copies[0] is not None and copies[0] == copies[1] else "transcription"


def _revision(one: Any, reasons: Reasons, cause: Cause) -> Revision:
    cells = _text(one.address_old), _text(one.address_new)
    side = "new" if cells[1] else "old"
    within = cells[1].partition("/")[2]
    return Revision(
        cause=cause,
        label=getattr(one, f"label_{side}"),
        year=None if pd.isna(one.year) else int(one.year),
        unit=str(getattr(one, f"unit_{side}")),
        old=_number(one.value_old),
        new=_number(one.value_new),
        old_status=_text(one.status_old),
        new_status=_text(one.status_new),
        old_cell=cells[0],
        new_cell=cells[1],
        old_as_of=_text(one.as_of_old),
        new_as_of=_text(one.as_of_new),
        reason=reasons.get((f"{one.series_id}/{within}", str(one.measure)), ""),
    )


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)
