"""What follows from published facts: an attacker's arithmetic, tried on made-up counts of a closed source."""

from __future__ import annotations

from decimal import Decimal

import pytest

from minato_analysis.claims import checks
from minato_analysis.numbers.facts import FactBook, stored
from minato_analysis.reporting.derivable import Printed, given_away

PERSONS, AGAIN = "persons_arrested", "reoffenders"
STATIONS = {"A": (60, 40), "B": (33, 20), "C": (7, 2), "D": (25, 18), "all": (125, 80)}
YEARS = {2021: (120, 70), 2022: (104, 61), 2023: (125, 80)}


def address(row: object, year: int = 2023) -> str:
    return f"letter/1!{row}!{year}"


def world() -> dict[checks.Observed, Printed]:
    """Return persons and reoffenders, both in one cell, of four stations and of three years."""
    counts = {}
    for row, pair in STATIONS.items():
        for measure, value in zip((PERSONS, AGAIN), pair, strict=True):
            counts[address(row), measure] = Printed(value, ("13103", row, "cannabis", "all", 2023))
    for year, pair in YEARS.items():
        for measure, value in zip((PERSONS, AGAIN), pair, strict=True):
            counts[address("sum", year), measure] = Printed(
                value, ("13103", "all", "x", "all", year)
            )
    counts["plan/1!all!2023", PERSONS] = Printed(125, ("13103", "all", "cannabis", "all", 2023))
    return counts


def identity(total: str, measure: str = PERSONS) -> checks.Result:
    counts = world()
    cells = {
        one: checks.Printed(one[0], one[0], one[1], Decimal(int(counts[one].value)))
        for one in counts
    }
    parts = tuple(cells[address(one), measure] for one in STATIONS if one != "all")
    right = cells[total, measure]
    return checks.Result("E2-1", "", "equal", (), right.value, right.value, True, (parts, (right,)))


SUMS = [identity(address("all")), identity(address("all"), AGAIN)]


def told(
    *facts: tuple[float, str, list[str]], sums: list[checks.Result] | None = None
) -> list[str]:
    book = FactBook("n", closed=frozenset({"letter"}))
    for number, (value, unit, origin) in enumerate(facts):
        digits = int(unit == "percent")
        book.record(f"a.n{number}", value, unit=unit, digits=digits, from_=origin, formula="x")
    return given_away(book, world(), SUMS if sums is None else sums, {"letter"})


def test_persons_less_reoffenders() -> None:
    found = told((25, "persons", [address("D")]), (18, "persons", [address("D")]))
    assert found == ["数値 a.n0（25人） と a.n1（18人） の差が7人"]
    assert told((60, "persons", [address("A")]), (40, "persons", [address("A")])) == []


def test_the_station_that_is_left() -> None:
    parts = [
        (60, "persons", [address("A")]),
        (33, "persons", [address("B")]),
        (25, "persons", [address("D")]),
    ]
    total = (125, "persons", [address("all")])
    assert any("letter/1!C!2023 の7人" in one for one in told(*parts, total))
    assert told(*parts[:2], total) == []
    # The total need not be a fact: the others print it.
    public = [identity("plan/1!all!2023")]
    assert any("letter/1!C!2023" in one for one in told(*parts, sums=public))
    assert told(*parts, sums=[]) == []


def test_the_stations_that_are_left_together() -> None:
    counts = (
        (18, "persons", [address("D")]),
        (40, "persons", [address("A")]),
        (20, "persons", [address("B")]),
    )
    total = (80, "persons", [address("all")])
    assert any("letter/1!C!2023" in one and "2人が分かる" in one for one in told(*counts, total))
    two = told((60, "persons", [address("A")]), (33, "persons", [address("B")]), total)
    assert two == []


def test_a_sum_of_years_and_a_shorter_one() -> None:
    world_years = [address("sum", year) for year in YEARS]
    longer = (349, "persons", world_years)
    assert told(longer, (224, "persons", world_years[:2])) == []
    counts = world()
    counts[world_years[2], PERSONS] = Printed(5, counts[world_years[2], PERSONS].of_whom)
    book = FactBook("n")
    book.record("a.all", 229, unit="persons", digits=0, from_=world_years, formula="x")
    book.record("a.first", 224, unit="persons", digits=0, from_=world_years[:2], formula="x")
    found = given_away(book, counts, [], {"letter"})
    assert "数値 a.all（229人） と a.first（224人） の差が5人" in found


def test_a_share_and_the_persons_it_is_of() -> None:
    share = (72.0, "percent", [address("D")])
    assert any("7人" in one for one in told((25, "persons", [address("D")]), share))
    assert any("7人" in one for one in told((18, "persons", [address("D")]), share))
    assert told(share) == []
    # Of 125 persons 64.0 % leaves one count only, and nothing small.
    assert told((125, "persons", [address("all")]), (64.0, "percent", [address("all")])) == []


@pytest.mark.parametrize("sums", [SUMS, []])
def test_what_is_no_count_is_not_held_against_the_facts(sums: list[checks.Result]) -> None:
    years = (125, "persons", [address("sum", 2023)]), (120, "persons", [address("sum", 2021)])
    change = (5, "points", [address("sum", 2023), address("sum", 2021)])
    assert told(*years, change, sums=sums) == []


def test_facts_of_public_sources_give_nothing_away() -> None:
    book = FactBook("n")
    book.record("a.b", 125, unit="persons", digits=0, from_="plan/1!all!2023", formula="x")
    assert given_away(book, world(), SUMS, {"letter"}) == []
    assert given_away(book, world(), SUMS, set()) == []


def test_facts_of_a_closed_source_are_kept_as_they_are_printed() -> None:
    book = FactBook("n", closed=frozenset({"letter"}))
    open_ = book.record(
        "a.open", 100 / 7, unit="percent", digits=1, from_="plan/1!a!b", formula="x"
    )
    closed = book.record(
        "a.closed",
        100 / 7,
        unit="percent",
        digits=1,
        from_=["plan/1!a!b", address("A")],
        formula="x",
    )
    again = book.record("a.again", 1 / 7, unit="number", digits=3, from_=closed, formula="x")
    assert (open_.value, closed.value, again.value) == (stored(100 / 7), 14.3, 0.143)
    assert "14.28" not in closed.__html__()
