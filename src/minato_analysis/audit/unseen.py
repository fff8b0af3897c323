"""What the checks of the tables cannot see: the smallest changes that keep every identity and bound.

    python -m minato_analysis.audit.unseen

In: the published tables with their identities and plausibility rules. Out: for each table how many values of
one year must be changed together (each by one, up or down) so that no check notices, in how many ways, and
one of them. A column with the total of all years of each row would notice all of these; what it would leave
needs two rows and two years, four values. Changes of several tables together are not tried.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path

from minato_analysis import data
from minato_analysis.claims import checks, mutation, plausibility
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


def smallest(folder: Path) -> list[Unseen]:
    """Return the smallest unseen change of every numbered table, in the last year it prints."""
    rows = revisions.current(data.frame(data.read_published(folder)))
    identities, known = checks.load(folder)
    rules = plausibility.load(folder)
    guard = mutation.Guard(
        checks.evaluate(rows, identities, known), plausibility.evaluate(rows, rules, known), rules
    )
    return [_of_table(one, guard) for one in mutation.targets(folder)]


def _of_table(target: mutation.Target, guard: mutation.Guard) -> Unseen:
    by_columns = target.layout["columns"] == "year"
    last = target.cells[-1].column if by_columns else target.cells[-1].row
    held = [
        (observed, value)
        for cell in target.cells
        if last == (cell.column if by_columns else cell.row)
        for observed, value in target.values(cell)
        if value is not None and value == value.to_integral_value()
    ]
    tried = 0
    for size in range(1, MOST + 1):
        found = []
        for chosen in combinations(held, size):
            for steps in product((1, -1), repeat=size):
                new = {one: value + step for (one, value), step in zip(chosen, steps, strict=True)}
                tried += 1
                if min(new.values()) >= 0 and guard.stopped_by(new) == "missed":
                    found.append((chosen, steps))
        if found:
            chosen, steps = found[0]
            told = tuple(
                f"{address.partition('!')[2]} {measure} {step:+d}"
                for ((address, measure), _), step in zip(chosen, steps, strict=True)
            )
            return Unseen(target.table, tried, size, len(found), told)
    return Unseen(target.table, tried, 0, 0, ())


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
