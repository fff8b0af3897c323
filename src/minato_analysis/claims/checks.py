"""Identities between published tables: declared in ``data/identities.yaml``, evaluated here.

In: observations (a data frame), the declared identities, the known discrepancies.
Out: one :class:`Result` for every identity and key. :func:`enforce` stops the build on a broken one.

Where a value is withheld or missing an identity cannot be checked (:func:`open_ones`). The rest of a sum must
still not be larger than its total: if it is, the identity is broken.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from minato_analysis import data
from minato_analysis.cleaning.numbers import percent
from minato_analysis.data import needs
from minato_analysis.project import yamls

Key = tuple[Any, ...]
Observed = tuple[str, str]
"""Address and measure of one observation."""
IDENTITIES = "data/tidy/identities.csv"
WHICH_TABLE = ("table", "source_id", "series_id")
"""Columns by which a selector names tables; the first it has says which."""
NEAR_CELLS = 3
"""How many cells an error message names to look at first."""


SIDES = {True: ("numerator", "denominator", "printed"), False: ("left", "right")}
"""What an identity about a percentage is made of, and any other."""


class BrokenIdentity(ValueError):
    """One or more identities do not hold; the message is one sentence for each."""


@dataclass(frozen=True)
class Printed:
    """One cell taking part in an identity."""

    address: str
    label: str
    measure: str
    value: Decimal
    as_of: str = ""
    """Date at which it became known."""

    @property
    def observation(self) -> Observed:
        """Which observation it is: one cell may print two, told apart by their measure."""
        return self.address, self.measure


@dataclass(frozen=True)
class Open:
    """One identity at one key that cannot be checked, because these cells have no value."""

    identity: str
    title: str
    key: tuple[tuple[str, Any], ...]
    without: tuple[str, ...]
    """Labels of the cells without a value."""
    range: str
    """What the values that are there allow, in words."""

    def sentence(self) -> str:
        """Return which cells are empty, and what is certain all the same."""
        where = " ".join(str(value) for _, value in self.key)
        return (
            f"{self.identity} {where}: {self.title}は、{'、'.join(self.without)} の値が"
            f"公表されていないため照合できません。{self.range}"
        )


@dataclass(frozen=True)
class Result:
    """One identity at one key, e.g. the stations' sum of one year."""

    identity: str
    title: str
    kind: str
    key: tuple[tuple[str, Any], ...]
    left: Decimal
    right: Decimal
    holds: bool
    groups: tuple[tuple[Printed, ...], ...]
    digits: int = 0
    reason: str = ""

    @property
    def left_cells(self) -> tuple[Printed, ...]:
        """Cells the left side is computed from: of a share, numerator and denominator."""
        return tuple(cell for group in self.groups[:-1] for cell in group)

    @property
    def right_cells(self) -> tuple[Printed, ...]:
        """Cells of the right side."""
        return self.groups[-1]

    @property
    def known(self) -> bool:
        """Whether a broken identity has a recorded reason."""
        return bool(self.reason)


def load(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return declared identities and known discrepancies."""
    identities = yamls.read(folder / "data/identities.yaml")
    known = yamls.read(folder / "data/known_discrepancies.yaml") or []
    for number, one in enumerate(known, 1):
        if (
            not isinstance(one, dict)
            or not one.get("reason")
            or not isinstance(one.get("expect"), dict)
        ):
            raise yamls.SlipError(
                f"E0-YAML data/known_discrepancies.yaml: {number}番目の項目に expect か reason がありません。"
                "まずこの項目の字下げを確かめ、前の項目と同じ形で書いてください。"
            )
    return identities, known


def evaluate(
    rows: pd.DataFrame,
    identities: Iterable[Mapping[str, Any]],
    known: Sequence[Mapping[str, Any]] = (),
) -> list[Result]:
    """Evaluate all identities; one between tables of which the data have none does not apply.

    Raises
    ------
    BrokenIdentity
        ``E2-EMPTY``: an identity finds no key at all on which it could be tested though its tables are
        there, or ``E2-EXPECT``: a known discrepancy is no longer there as recorded.
    """
    results = [
        one
        for declared in identities
        for one in _evaluate_one(rows, declared)
        if isinstance(one, Result)
    ]
    return _with_reasons(results, known)


def open_ones(rows: pd.DataFrame, identities: Iterable[Mapping[str, Any]]) -> list[Open]:
    """Return the sums that cannot be checked because a value is withheld or missing."""
    without = rows[rows["value"].isna()]
    return [
        one
        for declared in identities
        if any(not data.matching(without, one).empty for one in _selectors(declared))
        for one in _evaluate_one(rows, declared)
        if isinstance(one, Open)
    ]


def _selectors(declared: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    sides = [declared[name] for name in SIDES[declared["kind"] == "percent"]]
    return [one for side in sides for one in (side if isinstance(side, list) else [side])]


def _evaluate_one(rows: pd.DataFrame, one: Mapping[str, Any]) -> list[Result | Open]:
    by = one["by"]
    names = SIDES[one["kind"] == "percent"]
    sides = [_cells(rows, one[name], by) for name in names]
    keys = [key for key in sides[0] if all(key in side for side in sides)]
    if not keys and any(lacks_table(rows, one[name]) for name in names):
        return []
    if not keys:
        raise BrokenIdentity(
            f"E2-EMPTY {one['id']} {one['title']}: 両辺に共通する{'・'.join(by)}がありません。"
            "data/identities.yaml の条件を確かめてください。"
        )
    results: list[Result | Open] = []
    for key in keys:
        cells = [side[key] for side in sides]
        there = [[cell for cell in group if cell.value.is_finite()] for group in cells]
        totals = [sum((cell.value for cell in group), Decimal(0)) for group in there]
        digits = one.get("digits", 0)
        named = tuple(zip(by, key, strict=True))
        withheld = {number for number, group in enumerate(cells) if group != there[number]}
        if one["kind"] == "percent" and withheld:
            continue  # a series may print shares without their counts for years: no loss to report
        if withheld and not too_large(one["kind"], totals, withheld):
            results.append(_open(one, named, cells, totals))
            continue
        left, right, holds = compare(one["kind"], totals, digits)
        results.append(
            Result(
                identity=one["id"],
                title=one["title"],
                kind=one["kind"],
                key=named,
                left=left,
                right=right,
                holds=holds,
                groups=tuple(map(tuple, there)),
                digits=digits,
            )
        )
    return results


def too_large(kind: str, totals: Sequence[Decimal], withheld: Collection[int]) -> bool:
    """Tell whether what is there of one side is more than all of the other, whatever is missing.

    Parameters
    ----------
    kind, totals
        As of :func:`compare`.
    withheld : collection of int
        Numbers of the groups that lack a value.

    Examples
    --------
    >>> [too_large("equal", [Decimal(left), Decimal(58)], {0}) for left in (54, 60)]
    [False, True]
    """
    if kind == "percent":
        return False  # a slip that takes a value away is not noticed
    more_left = 1 not in withheld and totals[0] > totals[1]
    return more_left or (kind == "equal" and 0 not in withheld and totals[1] > totals[0])


def _open(
    one: Mapping[str, Any],
    key: tuple[tuple[str, Any], ...],
    cells: Sequence[Sequence[Printed]],
    totals: Sequence[Decimal],
) -> Open:
    without = [cell for group in cells for cell in group if not cell.value.is_finite()]
    sides = [
        f"{total}" + ("" if all(cell.value.is_finite() for cell in group) else "以上")
        for group, total in zip(cells, totals, strict=True)
    ]
    known = f"ほかの値から左辺は {sides[0]}、右辺は {sides[1]} で、矛盾はありません。"
    labels = tuple(dict.fromkeys(cell.label for cell in without))
    return Open(one["id"], one["title"], key, labels, known)


def compare(kind: str, totals: Sequence[Decimal], digits: int = 0) -> tuple[Decimal, Decimal, bool]:
    """Return both sides of one identity and whether it holds.

    Parameters
    ----------
    kind : {"equal", "at_most", "percent"}
    totals : sequence of Decimal
        Sums of the groups of cells: left and right, or numerator, denominator and printed share.
    digits : int
        Decimals of a printed share.

    Raises
    ------
    CleaningError
        A share whose denominator is not above 0.

    Examples
    --------
    >>> compare("percent", [Decimal(516), Decimal(1053), Decimal("49.0")], 1)
    (Decimal('49.0'), Decimal('49.0'), True)
    >>> compare("at_most", [Decimal(3), Decimal(2)])
    (Decimal('3'), Decimal('2'), False)
    """
    if kind == "percent":
        left, right = percent(int(totals[0]), int(totals[1]), digits), totals[2]
        return left, right, left == right
    left, right = totals
    return left, right, left <= right if kind == "at_most" else left == right


def _cells(rows: pd.DataFrame, selectors: Any, by: Sequence[str]) -> dict[Key, list[Printed]]:
    """Return the selected cells by key; with several selectors only keys all of them have."""
    groups: list[dict[Key, list[Printed]]] = []
    for selector in selectors if isinstance(selectors, list) else [selectors]:
        found: dict[Key, list[Printed]] = {}
        for row in _one_series(data.matching(rows, selector), by).to_dict("records"):
            key = tuple(int(row[name]) if name == "year" else row[name] for name in by)
            found.setdefault(key, []).append(printed(row))
        groups.append(found)
    return {
        key: [cell for group in groups for cell in group[key]]
        for key in groups[0]
        if all(key in group for group in groups)
    }


def _one_series(rows: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return the rows; values of two series in one sum are a mistake of the declaration."""
    if len(set(rows["series_id"])) < 2:  # nearly always; grouping costs twenty times as much
        return rows
    series = rows.groupby(list(by), dropna=False)["series_id"].nunique()
    if (series > 1).any():
        both = "、".join(sorted(set(rows["series_id"])))
        raise BrokenIdentity(
            f"E2-MIXED data/identities.yaml: {rows['table'].iloc[0]}の値が2つの系列から選ばれています"
            f"（{both}）。条件に series_id を加えてください。"
        )
    return rows


def printed(row: Mapping[str, Any]) -> Printed:
    """Return one observation as a cell of a check."""
    return Printed(
        address=f"{row['source_id']}/{row['table']}!{row['row']}!{row['column']}",
        label=f"{row['row']} {row['column']}",
        measure=row["measure"],
        value=Decimal(f"{row['value']:.12g}"),  # NaN where there is none
        as_of=row["as_of"],
    )


def lacks_table(rows: pd.DataFrame, selectors: Any) -> bool:
    """Return whether a selector, or one of a list of them, names a table an area may lack, and it does.

    >>> lacks_table(pd.DataFrame({"table": ["2-4"]}), {"table": ["3-4", "3-5"], "offence": "violent"})
    True
    >>> lacks_table(pd.DataFrame({"table": ["2-4"]}), {"table": "2-4", "offence": "no such offence"})
    False
    >>> lacks_table(pd.DataFrame({"table": ["2-4"]}), {"table": "no such table"})
    False
    """
    for selector in selectors if isinstance(selectors, list) else [selectors]:
        named = {name: selector[name] for name in WHICH_TABLE if name in selector}
        wanted: str | list[str] = next(iter(named.values()), [])
        ids = {wanted} if isinstance(wanted, str) else set(wanted)
        # A text repeats what it likes: of its numbers any may be missing, of a table's none.
        asked = selector if ids == {needs.PROSE} else named
        if ids and ids <= needs.OPTIONAL and data.matching(rows, asked).empty:
            return True
    return False


def _with_reasons(results: list[Result], known: Sequence[Mapping[str, Any]]) -> list[Result]:
    reasons: dict[int, str] = {}
    for entry in (one for one in known if "identity" in one):
        matching = [
            index
            for index, result in enumerate(results)
            if result.identity == entry["identity"] and dict(result.key) == entry["key"]
        ]
        expected = (Decimal(str(entry["expect"]["left"])), Decimal(str(entry["expect"]["right"])))
        for index in matching:
            if (results[index].left, results[index].right) == expected and not results[index].holds:
                reasons[index] = entry["reason"]
        if not any(index in reasons for index in matching):
            raise BrokenIdentity(
                f"E2-EXPECT data/known_discrepancies.yaml {entry['identity']} {entry['key']}: "
                f"記録された食い違い（{expected[0]} と {expected[1]}）は今はありません。"
                "元の資料が訂正されたのなら、この項目を削除してください。"
            )
    return [replace(one, reason=reasons.get(index, "")) for index, one in enumerate(results)]


def enforce(results: Sequence[Result], files: Mapping[str, str]) -> None:
    """Raise on broken identities without a recorded reason.

    Parameters
    ----------
    results : sequence of Result
    files : mapping
        File of a table by its address prefix ``<source>/<table>``, for the message.
    """
    broken = [one for one in results if not one.holds and not one.known]
    if broken:
        raise BrokenIdentity("\n".join(sentence(one, results, files) for one in broken))


def sentence(broken: Result, results: Sequence[Result], files: Mapping[str, str]) -> str:
    """Return the sentence for one broken identity: file, cell, both numbers, what to look at first."""
    where = " ".join(str(value) for _, value in broken.key)
    difference = broken.left - broken.right
    relation = {
        "equal": f"左辺の合計 {broken.left} ≠ 右辺 {broken.right}",
        "percent": f"計算した {broken.left}% ≠ 印刷された {broken.right}%",
        "at_most": f"{broken.left} が {broken.right} を超えています",
    }[broken.kind]
    file = files[broken.left_cells[0].address.split("!")[0]]
    first = "、".join(f"{cell.label}（{cell.value}）" for cell in suspects(broken, results))
    return (
        f"{broken.identity} {file} {where}: {broken.title}が成り立ちません。"
        f"{relation}（差 {difference:+}）。まず {first} の転記を確かめてください。"
        "印刷された表そのものが食い違う場合は、data/known_discrepancies.yaml に理由を書くと警告になります。"
    )


def suspects(broken: Result, results: Sequence[Result]) -> list[Printed]:
    """Return the cells to look at first.

    Ordered by the number of broken identities a cell stands in (less those it stands in that hold),
    then cells in which one slip of transcription explains the difference.
    """
    score: Counter[str] = Counter()
    for one in results:
        for cell in (*one.left_cells, *one.right_cells):
            score[cell.address] += -1 if one.holds else 2
    difference = broken.left - broken.right
    should_be = {cell.address: cell.value - difference for cell in broken.left_cells}
    should_be |= {cell.address: cell.value + difference for cell in broken.right_cells}
    cells = (*broken.left_cells, *broken.right_cells)
    ranked = sorted(
        cells,
        key=lambda cell: (-score[cell.address], should_be[cell.address] not in _slips(cell.value)),
    )
    return ranked[:NEAR_CELLS]


def _slips(value: Decimal) -> set[Decimal]:
    """Return the values one slip away: a digit substituted, or two neighbours swapped."""
    text = str(value)
    places = [index for index, char in enumerate(text) if char.isdigit()]
    found = {text[:at] + digit + text[at + 1 :] for at in places for digit in "0123456789"}
    found |= {
        text[:at] + text[at + 1] + text[at] + text[at + 2 :] for at in places if at + 1 in places
    }
    return {Decimal(one) for one in found} - {value}


def without(results: Iterable[Result], sources: Collection[str]) -> list[Result]:
    """Return the results in which no cell of the given sources takes part."""
    return [
        one
        for one in results
        if not any(
            cell.address.partition("/")[0] in sources for group in one.groups for cell in group
        )
    ]


def table(results: Sequence[Result]) -> pd.DataFrame:
    """Return results as a data frame: identity, title, key, left, right, holds, reason, known_from.

    ``known_from`` is the date at which the last of the cells became known: before, nobody could check it.
    """
    return pd.DataFrame(
        {
            "identity": [one.identity for one in results],
            "title": [one.title for one in results],
            "key": [" ".join(str(value) for _, value in one.key) for one in results],
            "left": [str(one.left) for one in results],
            "right": [str(one.right) for one in results],
            "holds": [one.holds for one in results],
            "reason": [one.reason for one in results],
            "known_from": [
                max(cell.as_of for group in one.groups for cell in group) for one in results
            ],
        }
    )


def known(folder: Path, as_of: str) -> list[dict[str, str]]:
    """Return the lines of ``identities.csv`` that could be checked at a date; none before the first build."""
    file = folder / IDENTITIES
    if not file.is_file():
        return []
    with file.open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["known_from"] <= as_of]


def dumps(results: Sequence[Result]) -> str:
    """Return ``identities.csv``: every identity at every key with both sides."""
    text: str = table(results).to_csv(index=False, lineterminator="\n")
    return text
