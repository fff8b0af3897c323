"""What follows from published facts: a small number that is not shown must not be their difference or sum.

In: the facts of an edition, all observations, the sources that are not public. Out: a sentence for each small
number of these sources that the facts give away together. The rule of what is small is that of
:mod:`minato_analysis.reporting.disclosure`: one to nine persons.

A fact counts as a sum or difference of printed counts where its value is one of those it names as its
origin; a share adds the count that it and another published count leave only one possibility for. Which
counts follow from all of these, and from the sums between the tables, is linear algebra: a count is given
away where it lies in the space their equations span. Persons less reoffenders are a count too, as are the
parts of a total that are left when others are known.

References
----------
A. Hundepool et al. (2012), Statistical Disclosure Control, chapter 4.4 (auditing of suppressed tables).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations, product
from typing import Any

import numpy as np
import numpy.typing as npt

from minato_analysis.claims.checks import Observed, Result
from minato_analysis.numbers.facts import FEW_PERSONS, Fact, display

Vector = npt.NDArray[np.float64]
FEW_CELLS = 5
"""Of so many counts every sum and difference is tried as the meaning of a fact."""

OF_WHOM = ("area_code", "station", "offence", "age_band", "year")
"""Columns that say whom a count counts; the measure says what of them."""


@dataclass(frozen=True)
class Printed:
    """A printed count of persons, and of whom."""

    value: float
    of_whom: tuple[Any, ...]


@dataclass(frozen=True)
class Row:
    """One equation a reader knows: whence, which counts it adds (+1) and takes off (-1), their sum."""

    name: str
    counts: Vector
    value: float


class Counts:
    """The counts facts may be made of; those of closed sources, numbered, are what a reader does not know.

    Parameters
    ----------
    printed : mapping of (address, measure) to Printed
    closed : collection of str
        Ids of sources.
    """

    def __init__(self, printed: Mapping[Observed, Printed], closed: Collection[str]) -> None:
        self.printed = printed
        self.hidden = [one for one in printed if one[0].partition("/")[0] in closed]
        self.number = {one: number for number, one in enumerate(self.hidden)}
        self.at: dict[str, list[Observed]] = {}
        self.of_whom: dict[tuple[Any, ...], list[Observed]] = {}
        for one in printed:
            self.at.setdefault(one[0], []).append(one)
        for one in self.hidden:
            self.of_whom.setdefault(printed[one].of_whom, []).append(one)

    def vector(self, terms: Mapping[Observed, int]) -> Vector:
        """Return the terms of closed sources as a vector; what is public everybody knows."""
        found = np.zeros(len(self.number))
        for one, sign in terms.items():
            if one in self.number:
                found[self.number[one]] += sign
        return found

    def total(self, terms: Mapping[Observed, int]) -> float:
        """Return the sum of the terms."""
        return sum(sign * self.printed[one].value for one, sign in terms.items())


def given_away(
    facts: Iterable[Fact],
    counts: Mapping[Observed, Printed],
    identities: Iterable[Result],
    closed: Collection[str],
) -> list[str]:
    """Return a sentence for each small number that follows from the facts together.

    Parameters
    ----------
    facts : iterable of Fact
        All that are published.
    counts : mapping of (address, measure) to Printed
        All printed counts of persons; see :func:`counts_of`.
    identities : iterable of Result
        Sums between tables that readers may know.
    closed : collection of str
        Ids of the sources that are not public.
    """
    known = Counts(counts, closed)
    touching = [
        one for one in facts if any(a.partition("/")[0] in closed for a in one.observations)
    ]
    rows = [row for one in touching if (row := _count(one, known)) is not None]
    rows += _shares(touching, rows, known)
    sums = [row for one in identities if (row := _identity(one, known)) is not None]
    if not rows:
        return []
    return list((_together(rows, sums, known) | _differences(rows, known)).values())


def _count(fact: Fact, known: Counts) -> Row | None:
    """Return what a fact adds up, by the first reading of its origin that gives its value."""
    if fact.unit != "persons" or fact.digits:
        return None
    for terms in _readings(fact.observations, known):
        if abs(known.total(terms) - fact.value) < 0.5:
            return _row(fact.id, terms, known)
    return None


def _row(name: str, terms: Mapping[Observed, int], known: Counts) -> Row:
    counts = known.vector(terms)
    own = {one: sign for one, sign in terms.items() if one in known.number}
    return Row(name, counts, known.total(own))


def _readings(addresses: Sequence[str], known: Counts) -> Iterable[dict[Observed, int]]:
    """Yield sums and differences of counts at these addresses, the plainest first."""
    there = [one for address in addresses for one in known.at.get(address, [])]
    groups = _by_measure(there)
    yield from (dict.fromkeys(group, 1) for group in groups.values())
    for more, less in permutations(groups.values(), 2):
        yield dict.fromkeys(more, 1) | dict.fromkeys(less, -1)
    if len(there) <= FEW_CELLS:
        signs = sorted(product((0, 1, -1), repeat=len(there)), key=lambda one: sum(map(abs, one)))
        for chosen in signs:
            yield {one: sign for one, sign in zip(there, chosen, strict=True) if sign}


def _by_measure(there: Iterable[Observed]) -> dict[str, list[Observed]]:
    groups: dict[str, list[Observed]] = {}
    for one in there:
        groups.setdefault(one[1], []).append(one)
    return groups


def _identity(one: Result, known: Counts) -> Row | None:
    cells = {
        cell.observation: sign
        for side, sign in ((one.left_cells, 1), (one.right_cells, -1))
        for cell in side
        if cell.observation in known.printed
    }
    if one.kind != "equal" or not one.holds:
        return None
    if len(cells) < len(one.left_cells) + len(one.right_cells):
        return None
    row = _row(one.identity, cells, known)
    return row if row.counts.any() else None


def _shares(facts: Iterable[Fact], rows: Sequence[Row], known: Counts) -> list[Row]:
    """Return the counts that published shares leave one possibility for, beside a published count."""
    published = {row.counts.tobytes() for row in rows}
    found = []
    for fact in facts:
        if fact.unit != "percent":
            continue
        there = [one for address in fact.observations for one in known.at.get(address, [])]
        groups = [dict.fromkeys(group, 1) for group in _by_measure(there).values()]
        groups += [{one: 1} for one in there] if len(there) <= FEW_CELLS else []
        for part, whole in permutations(groups, 2):
            k, n = known.total(part), known.total(whole)
            if not 0 < k <= n or not _same(k, n, fact):
                continue
            knows = [known.vector(one).tobytes() in published for one in (part, whole)]
            if knows[1] and sum(_same(one, n, fact) for one in range(int(n) + 1)) == 1:
                found.append(_row(fact.id, part, known))
            most = int(k * 200 / max(fact.value, 0.01)) + 2
            if knows[0] and sum(_same(k, one, fact) for one in range(int(k), most)) == 1:
                found.append(_row(fact.id, whole, known))
    return found


def _same(part: float, whole: float, fact: Fact) -> bool:
    return whole > 0 and display(100 * part / whole, "percent", fact.digits) == fact.display


def _differences(rows: Sequence[Row], known: Counts) -> dict[bytes, str]:
    """Return a sentence for each small number of persons that is the difference of two facts."""
    found = {}
    for one, other in combinations({row.counts.tobytes(): row for row in rows}.values(), 2):
        more, less = sorted((one, other), key=lambda row: -row.value)
        small = round(more.value - less.value)
        terms = more.counts - less.counts
        if 0 < small < FEW_PERSONS and _counts_persons(terms, known):
            told = [f"{row.name}（{row.value:.0f}人）" for row in (more, less)]
            found[terms.tobytes()] = f"数値 {told[0]} と {told[1]} の差が{small}人"
    return found


def _counts_persons(terms: Vector, known: Counts) -> bool:
    """Tell whether a difference counts persons: what is taken off is part of what is there."""

    def contained(number: int) -> bool:
        one = known.hidden[number]
        others = known.of_whom[known.printed[one].of_whom]
        return any(
            terms[known.number[other]] >= -terms[number] for other in others if other[1] != one[1]
        )

    return all(contained(int(number)) for number in np.flatnonzero(terms < 0))


def _together(rows: Sequence[Row], sums: Sequence[Row], known: Counts) -> dict[bytes, str]:
    """Return a sentence for each small number of persons that follows from all facts and sums."""
    matrix = np.unique(np.array([row.counts for row in (*rows, *sums)]), axis=0)
    spanned = np.linalg.pinv(matrix) @ matrix

    def follows(terms: Vector) -> bool:
        return np.allclose(terms @ spanned, terms, atol=1e-6)

    cells = [known.vector({one: 1}) for one in known.hidden]
    told = [follows(cell) for cell in cells]
    wanted = [(f"{one[0]} の", cell) for one, cell in zip(known.hidden, cells, strict=True)]
    for alike in known.of_whom.values():
        for one, other in permutations(alike, 2):
            if one[1] != other[1]:
                terms = known.vector({one: 1, other: -1})
                wanted.append((f"{one[0]} から {other[0]} を除いた", terms))
    for row in sums:
        left = [number for number in np.flatnonzero(row.counts) if not told[number]]
        if left:
            names = "、".join(known.hidden[number][0] for number in left)
            wanted.append((f"{names} を合わせた", np.sum([cells[one] for one in left], axis=0)))
    values = np.array([known.printed[one].value for one in known.hidden])
    return {
        terms.tobytes(): f"公表される数値と表どうしの関係から、{name}{value}人が分かる"
        for name, terms in wanted
        if 0 < (value := round(float(terms @ values))) < FEW_PERSONS and follows(terms)
    }


def counts_of(rows: Any) -> dict[Observed, Printed]:
    """Return the printed counts of persons among observations, a data frame."""
    kept = rows[(rows["unit"] == "persons") & rows["value"].notna()]
    return {
        (
            f"{one['source_id']}/{one['table']}!{one['row']}!{one['column']}",
            one["measure"],
        ): Printed(float(one["value"]), tuple(one[name] for name in OF_WHOM))
        for one in kept.to_dict("records")
    }
