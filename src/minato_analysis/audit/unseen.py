"""What the checks of the tables cannot see: the smallest changes that keep every identity and bound.

    python -m minato_analysis.audit.unseen

In: the published tables with their identities and plausibility rules. Out: for each table how many values of
one year must be changed together (each by one, up or down) so that no check notices, in how many ways, and
one of them. A column with the total of all years of each row would notice all of these; what it would leave
needs two rows and two years, four values. Where no change of one table is that small, changes of several
tables together are looked for: from each value on, whatever identity notices is repaired by one more value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, product
from pathlib import Path

from minato_analysis import data
from minato_analysis.claims import checks, mutation, plausibility
from minato_analysis.claims.checks import Observed
from minato_analysis.data import revisions

MOST = 4
"""Values changed together that are tried."""


@dataclass(frozen=True)
class Unseen:
    """The smallest unseen change of a table: `size` values in `ways` ways; none found where `size` is 0."""

    table: str
    tried: int
    size: int
    ways: int
    example: tuple[str, ...]


New = dict[Observed, Decimal | None]


def smallest(folder: Path) -> list[Unseen]:
    """Return the smallest unseen change of every numbered table, in the last year it prints.

    Of a table alone; where there is none, of the table together with those an identity ties to it.
    """
    rows = revisions.current(data.frame(data.read_published(folder)))
    identities, known = checks.load(folder)
    rules = plausibility.load(folder)
    guard = mutation.Guard(
        checks.evaluate(rows, identities, known), plausibility.evaluate(rows, rules, known), rules
    )
    found = []
    for one in mutation.targets(folder):
        held = _last_year(one)
        alone = _of_table(one.table, held, guard)
        found.append(alone if alone.size else _together(one.table, held, guard))
    return found


def _last_year(target: mutation.Target) -> list[tuple[Observed, Decimal]]:
    by_columns = target.layout["columns"] == "year"
    last = target.cells[-1].column if by_columns else target.cells[-1].row
    return [
        (observed, value)
        for cell in target.cells
        if last == (cell.column if by_columns else cell.row)
        for observed, value in target.values(cell)
        if value is not None and value == value.to_integral_value()
    ]


def _of_table(table: str, held: list[tuple[Observed, Decimal]], guard: mutation.Guard) -> Unseen:
    tried = 0
    for size in range(1, MOST + 1):
        found: list[New] = []
        for chosen in combinations(held, size):
            for steps in product((1, -1), repeat=size):
                new: New = {
                    one: value + step for (one, value), step in zip(chosen, steps, strict=True)
                }
                tried += 1
                if min(map(_number, new.values())) >= 0 and guard.stopped_by(new) == "missed":
                    found.append(new)
        if found:
            return Unseen(table, tried, size, len(found), _told(found[0], dict(held)))
    return Unseen(table, tried, 0, 0, ())


def _together(table: str, held: list[tuple[Observed, Decimal]], guard: mutation.Guard) -> Unseen:
    before = guard.values
    for size in range(1, MOST + 1):
        found = {
            frozenset(new.items()): new
            for observed, value in held
            for step in (1, -1)
            for new in _repaired({observed: value + step}, size - 1, guard)
        }
        if found:
            new = next(iter(found.values()))
            return Unseen(table, 0, size, len(found), _told(new, before, tables=True))
    return Unseen(table, 0, 0, 0, ())


def _repaired(new: New, left: int, guard: mutation.Guard) -> Iterator[New]:
    """Yield the unseen changes that contain this one and at most so many values more."""
    steps = guard.repairs(new) if min(map(_number, new.values())) >= 0 else []
    if steps is None:
        if guard.stopped_by(new) == "missed":
            yield new
    elif left:
        for observed, value in steps:
            yield from _repaired({**new, observed: value}, left - 1, guard)


def _number(value: Decimal | None) -> Decimal:
    return value or Decimal(0)


def _told(new: New, before: Mapping[Observed, Decimal], *, tables: bool = False) -> tuple[str, ...]:
    return tuple(
        f"{address.partition('/' if tables else '!')[2]} {measure} "
        f"{_number(value) - before[address, measure]:+}"
        for (address, measure), value in new.items()
    )


def lines(found: list[Unseen]) -> list[str]:
    """Return one line a table."""
    return [
        f"図表{one.table}: {one.size}個の値を{one.ways}通り（例 {'、'.join(one.example)}）"
        if one.size
        else f"図表{one.table}: {MOST}個までの値では、すべて見つかる"
        for one in found
    ]


if __name__ == "__main__":
    print("\n".join(lines(smallest(data.root()))))
