"""Mutation coverage of the data: would a slip of transcription be noticed?

In: the published tables as printed, their identities and plausibility rules. Out: one row for every cell
and kind of slip, with how many wrong values each step of the ladder stops. Checksums are left out: they
stop every change of a known table and none of a table keyed in for the first time.

Every number of a cell is changed in all these ways, one at a time:

- ``substituted``: one digit by each of the nine others,
- ``transposed``: two neighbouring digits exchanged (the decimal point stays in its place),
- ``dropped``, ``doubled``: one digit left out, or typed twice,
- ``swapped``: the whole cell exchanged with its neighbour to the right, or below.

A cell without a value has no digits to slip; exchanged with its neighbour it takes that value away.

Separators are left out of a changed number, so that no misplaced comma gives the slip away. A slip that
yields the same value is no slip. The steps are asked in the order of ``minato check``: the format of the
cell, the identities, the plausibility; each counts what the ones before it let pass.

Notes
-----
The idea is that of mutation analysis of programs: R. A. DeMillo, R. J. Lipton and F. G. Sayward (1978),
"Hints on test data selection", Computer 11(4), 34-41.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from minato_analysis import data
from minato_analysis.claims import checks, plausibility
from minato_analysis.claims.checks import Observed
from minato_analysis.cleaning import tables
from minato_analysis.cleaning.errors import CleaningError
from minato_analysis.cleaning.text import normalise
from minato_analysis.data import revisions

MUTATION = "data/tidy/mutation.csv"
KINDS = ("substituted", "transposed", "dropped", "doubled", "swapped")
STEPS = ("format", "identities", "plausibility", "missed")
"""What becomes of a slip: stopped by a step of the ladder, or missed."""

Values = tuple[tuple[Observed, Decimal | None], ...]
"""Observations and their values; None where a sign stands for one."""

_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")


@dataclass(frozen=True)
class Target:
    """One published table whose cells are changed."""

    source_id: str
    table: str
    file: str
    layout: Mapping[str, Any]
    cells: tuple[tables.TableCell, ...]

    def address(self, cell: tables.TableCell) -> str:
        """Return the address of a cell as observations have it."""
        return f"{self.source_id}/{self.table}!{cell.row}!{cell.column}"

    def values(self, cell: tables.TableCell) -> Values:
        """Return the observations of a cell.

        Raises
        ------
        CleaningError
            The cell is refused: its format is not certain.
        """
        return tuple(
            ((self.address(cell), one["measure"]), one["value"])
            for one in tables.read_cell(cell, self.layout, self.file)
        )


def targets(folder: Path) -> list[Target]:
    """Return the numbered tables (図表) of the published sources."""
    return [
        Target(
            source_id=one["source_id"],
            table=data.table_id(one),
            file=f"data/{one['path']}",
            layout=one["reading"],
            cells=tuple(
                tables.wide_cells(data.read_cells(one, folder), one["reading"], one["path"])
            ),
        )
        for one in data.published(data.descriptor(folder))
        # How many slips a number allows tells how many digits it has.
        if one["figure"] and not one.get("not_public")
    ]


@cache
def slips(number: str) -> tuple[tuple[str, str], ...]:
    """Return kind and text of every slip of one printed number, each text once a kind.

    Parameters
    ----------
    number : str
        Digits, with or without separators, with or without decimals.

    Examples
    --------
    >>> [text for kind, text in slips("1,20") if kind != "substituted"]
    ['210', '102', '20', '10', '12', '1120', '1220', '1200']
    >>> [text for kind, text in slips("46.2") if kind == "transposed"]
    ['64.2', '42.6']
    """
    plain = number.replace(",", "")
    places = [place for place, character in enumerate(plain) if character.isdigit()]
    found: dict[tuple[str, str], None] = {}
    for place in places:
        for digit in "0123456789":
            found["substituted", plain[:place] + digit + plain[place + 1 :]] = None
    for here, there in pairwise(places):
        between = plain[here + 1 : there]
        found[
            "transposed", plain[:here] + plain[there] + between + plain[here] + plain[there + 1 :]
        ] = None
    for place in places:
        found["dropped", plain[:place] + plain[place + 1 :]] = None
    for place in places:
        found["doubled", plain[: place + 1] + plain[place:]] = None
    return tuple((kind, text) for kind, text in found if text != plain)


def mutants(target: Target) -> Iterator[tuple[str, tuple[tables.TableCell, ...]]]:
    """Return kind and changed cells of every slip in one table, the cell it begins at first."""
    by_position = {cell.position: cell for cell in target.cells}
    for cell in target.cells:
        text = normalise(cell.text)
        for number in _NUMBER.finditer(text):
            for kind, slip in slips(number.group()):
                changed = text[: number.start()] + slip + text[number.end() :]
                yield kind, (replace(cell, text=changed),)
        down, across = cell.position
        for neighbour in ((down, across + 1), (down + 1, across)):
            if neighbour in by_position:
                other = by_position[neighbour]
                yield "swapped", (replace(cell, text=other.text), replace(other, text=cell.text))


class Guard:
    """The identities and plausibility rules on the published values, ready to be asked about a slip.

    Only what contains a changed observation is evaluated again.
    """

    def __init__(
        self,
        results: Sequence[checks.Result],
        changes: Sequence[plausibility.Change],
        rules: plausibility.Rules,
    ) -> None:
        self._rules = rules
        self._results: dict[Observed, list[_Sums]] = {}
        for result in results:
            sums = _Sums(result)
            for observed in sums.group_of:
                self._results.setdefault(observed, []).append(sums)
        self._changes = plausibility.by_observation(changes)

    @property
    def values(self) -> dict[Observed, Decimal]:
        """The published value of everything an identity contains."""
        sums = {id(one): one for some in self._results.values() for one in some}
        return {
            observed: value
            for one in sums.values()
            for observed, (_, value) in one.group_of.items()
        }

    def identities_of(self, observed: Observed) -> int:
        """Return how many identities contain an observation."""
        return len(self._results.get(observed, ()))

    def is_exact(self, observed: Observed) -> bool:
        """Return whether any other value would break an identity: a sum, or a printed share."""
        return any(one.is_exact(observed) for one in self._results.get(observed, ()))

    def changes_of(self, observed: Observed) -> int:
        """Return how many yearly changes contain an observation."""
        return len(self._changes.get(observed, ()))

    def stopped_by(self, new: Mapping[Observed, Decimal | None]) -> str:
        """Return the step that stops these new values, or ``missed``."""
        sums = {id(one): one for observed in new for one in self._results.get(observed, ())}
        if any(one.notices(new) for one in sums.values()):
            return "identities"
        changes = {id(one): one for observed in new for one in self._changes.get(observed, ())}
        if any(self._implausible(one, new) for one in changes.values()):
            return "plausibility"
        return "missed"

    def repairs(
        self, new: Mapping[Observed, Decimal | None]
    ) -> list[tuple[Observed, Decimal]] | None:
        """Return single further steps that bring the first identity that notices nearer to holding.

        None where no identity notices. A step is one in the last printed digit.
        """
        sums = {id(one): one for observed in new for one in self._results.get(observed, ())}
        first = next((one for one in sums.values() if one.notices(new)), None)
        return None if first is None else first.steps(new)

    def _implausible(
        self, change: plausibility.Change, new: Mapping[Observed, Decimal | None]
    ) -> bool:
        # A recorded reason holds for the recorded values only: any other value is noticed.
        if change.reason:
            return True
        values = [
            value
            for term in change.terms
            if (value := new.get(term.cell.observation, term.cell.value)) is not None
        ]
        if len(values) < len(change.terms):
            return False
        jump = plausibility.score(change.kind, change.terms, values, change.spread)
        return plausibility.level(jump.p_value, self._rules) != "ok"


class _Sums:
    """One identity with the sums of its groups of cells."""

    def __init__(self, result: checks.Result) -> None:
        self.result = result
        self.totals = [sum((cell.value for cell in group), Decimal(0)) for group in result.groups]
        self.group_of = {
            cell.observation: (number, cell.value)
            for number, group in enumerate(result.groups)
            for cell in group
        }

    def is_exact(self, observed: Observed) -> bool:
        kind, last = self.result.kind, len(self.totals) - 1
        return kind == "equal" or (kind == "percent" and self.group_of[observed][0] == last)

    def steps(self, new: Mapping[Observed, Decimal | None]) -> list[tuple[Observed, Decimal]]:
        """Return other cells one step up or down; of a sum, or a limit, only towards the other side."""
        left, right, _ = checks.compare(self.result.kind, self._totals(new), self.result.digits)
        towards = 1 if left < right else -1
        found = []
        for observed, (number, value) in self.group_of.items():
            if observed not in new:
                one = Decimal(1).scaleb(int(value.as_tuple().exponent))
                percent = self.result.kind == "percent" and number < len(self.totals) - 1
                sign = -towards if number == len(self.totals) - 1 else towards
                found += [
                    (observed, value + each * one) for each in ((1, -1) if percent else (sign,))
                ]
        return found

    def _totals(self, new: Mapping[Observed, Decimal | None]) -> list[Decimal]:
        totals = list(self.totals)
        for observed, value in new.items():
            if observed in self.group_of:
                number, old = self.group_of[observed]
                totals[number] += (value or 0) - old
        return totals

    def notices(self, new: Mapping[Observed, Decimal | None]) -> bool:
        totals = self._totals(new)
        withheld = {
            self.group_of[observed][0]
            for observed, value in new.items()
            if value is None and observed in self.group_of
        }
        if withheld:
            return checks.too_large(self.result.kind, totals, withheld) or self.result.known
        try:
            left, right, holds = checks.compare(self.result.kind, totals, self.result.digits)
        except CleaningError:
            return True
        if self.result.known:
            # A recorded reason holds for the recorded sums only.
            return (left, right) != (self.result.left, self.result.right)
        return not holds


def coverage(found: Sequence[Target], guard: Guard) -> pd.DataFrame:
    """Return how many slips of every cell each step stops.

    Returns
    -------
    pandas.DataFrame
        One row a cell and kind of slip: ``source_id, table, row, column, values`` (numbers the cell
        prints); ``identities_on`` and ``changes_on`` (checks that contain the least protected of them);
        ``exact`` (any other value would break an identity, for each of them); ``kind, mutants`` and one
        count for each of :data:`STEPS`.
    """
    rows = []
    for target in found:
        printed = {cell.position: target.values(cell) for cell in target.cells}
        counts = {
            (cell.position, kind): dict.fromkeys(STEPS, 0)
            for cell in target.cells
            for kind in KINDS
        }
        for kind, changed in mutants(target):
            old = dict(value for cell in changed for value in printed[cell.position])
            try:
                new = dict(value for cell in changed for value in target.values(cell))
                step = "" if new == old else guard.stopped_by(new)
            except CleaningError:
                step = "format"
            if step:
                counts[changed[0].position, kind][step] += 1
        for cell in target.cells:
            observed = [one for one, _ in printed[cell.position]]
            for kind in KINDS:
                steps = counts[cell.position, kind]
                rows.append(
                    {
                        "source_id": target.source_id,
                        "table": target.table,
                        "row": cell.row,
                        "column": cell.column,
                        "values": len(observed),
                        "identities_on": min(map(guard.identities_of, observed)),
                        "changes_on": min(map(guard.changes_of, observed)),
                        "exact": all(map(guard.is_exact, observed)),
                        "kind": kind,
                        "mutants": sum(steps.values()),
                        **steps,
                    }
                )
    return pd.DataFrame(rows)


def measure(folder: Path) -> pd.DataFrame:
    """Return :func:`coverage` of the published tables of a project folder."""
    rows = revisions.current(data.frame(data.read_published(folder)))
    identities, known = checks.load(folder)
    rules = plausibility.load(folder)
    guard = Guard(
        checks.evaluate(rows, identities, known), plausibility.evaluate(rows, rules, known), rules
    )
    return coverage(targets(folder), guard)


def dumps(found: pd.DataFrame) -> str:
    """Return ``mutation.csv``."""
    text: str = found.to_csv(index=False, lineterminator="\n")
    return text


def text(folder: Path) -> str:
    """Return ``mutation.csv`` of a project folder."""
    return dumps(measure(folder))


def load(folder: Path) -> pd.DataFrame:
    """Read ``mutation.csv`` back."""
    names = dict.fromkeys(["source_id", "table", "row", "column", "kind"], "str")
    return pd.read_csv(folder / MUTATION, dtype=names)


def stopped(found: pd.DataFrame) -> float:
    """Return the share of slips that are stopped, in percent.

    Examples
    --------
    >>> stopped(pd.DataFrame({"mutants": [10, 30], "missed": [0, 1]}))
    97.5
    """
    return float(100 * (1 - found["missed"].sum() / found["mutants"].sum()))
