"""The smallest changes no check notices: none smaller, and truly unnoticed by the identities."""

from __future__ import annotations

from pathlib import Path

import pytest

from minato_analysis import data
from minato_analysis.audit import unseen
from minato_analysis.claims import checks
from minato_analysis.data import revisions


@pytest.fixture(scope="module")
def found(repository: Path) -> dict[str, unseen.Unseen]:
    return {one.table: one for one in unseen.smallest(repository)}


def broken(repository: Path, change: tuple[str, ...]) -> int:
    """Return how many identities do not hold after the changes of an example."""
    rows = revisions.current(data.frame(data.read_published(repository)))
    for one in change:
        place, measure, step = one.rsplit(" ", 2)
        row, column = place.split("!")
        wanted = (rows["row"] == row) & (rows["column"] == column) & (rows["measure"] == measure)
        wanted &= rows["table"] == "3-2"
        assert wanted.sum() == 1
        rows.loc[wanted, "value"] += int(step)
    return sum(not one.holds for one in checks.evaluate(rows, *checks.load(repository)))


def test_two_stations_exchange_a_person_unseen_and_one_alone_is_seen(
    repository: Path, found: dict[str, unseen.Unseen]
) -> None:
    one = found["3-2"]
    assert (one.size, len(one.example)) == (2, 2)
    before = broken(repository, ())
    assert broken(repository, one.example) == before
    assert broken(repository, one.example[:1]) > before


def test_a_table_without_sums_is_unseen_one_value_at_a_time(
    found: dict[str, unseen.Unseen],
) -> None:
    assert found["3-7"].size == 1
    assert found["2-10"].size == unseen.MOST
    told = unseen.lines([found["3-7"], unseen.Unseen("2-10", 0, 0, 0, ())])
    assert "1個の値を" in told[0]
    assert "すべて見つかる" in told[1]


def test_tables_that_are_sound_alone_are_unseen_together(
    repository: Path, found: dict[str, unseen.Unseen]
) -> None:
    one = found["2-10"]
    rows = revisions.current(data.frame(data.read_published(repository)))
    evaluated = checks.load(repository)
    before = sum(not each.holds for each in checks.evaluate(rows, *evaluated))
    for change in one.example:
        place, measure, step = change.rsplit(" ", 2)
        table, row, column = place.split("!")
        wanted = (rows["row"] == row) & (rows["column"] == column) & (rows["measure"] == measure)
        wanted &= rows["table"] == table
        assert wanted.sum() == 1
        rows.loc[wanted, "value"] += float(step)
        broken = sum(not each.holds for each in checks.evaluate(rows, *evaluated))
        assert (broken > before) == (change != one.example[-1])
    assert len({change.split("!")[0] for change in one.example}) > 1
