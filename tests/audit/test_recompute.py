"""The second reckoning: right where it reads a formula, silent where it does not."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from statsmodels.stats.proportion import proportion_confint

from minato_analysis.audit.recompute import recompute
from minato_analysis.audit.verify_min import wilson
from minato_analysis.cleaning.tables import Observation
from minato_analysis.numbers.facts import Fact, display
from minato_analysis.published.cells import Cell


def cell(row: str, year: int, measure: str, value: int) -> Cell:
    rest = (
        "00000",
        "all",
        "all",
        "all",
        year,
        measure,
        Decimal(value),
        "persons",
        "ok",
        "d",
        "s",
        "2024-12",
    )
    address = f"s/1!{row}!{year}"
    return Cell(address, "f.csv", 1, 1, str(value), (Observation("s", "1", row, str(year), *rest),))


CELLS = [
    cell("all", 2020, "persons_arrested", 200),
    cell("all", 2021, "persons_arrested", 250),
    cell("re", 2020, "reoffenders", 90),
    cell("re", 2021, "reoffenders", 120),
]


def second(
    formula: str, cells: list[Cell], value: float, unit: str = "percent", digits: int = 1
) -> bool | None:
    addresses = tuple(one.address for one in cells)
    shown = display(value, unit, digits)
    fact = Fact("a.b", value, shown, unit, digits, formula, addresses, "n")
    return recompute(fact, {one.address: one for one in cells}, 0.95).agrees


@pytest.mark.parametrize(
    ("formula", "which", "value"),
    [
        ("100 * reoffenders / persons_arrested", [0, 2], 45.0),
        ("100 * reoffenders / persons_arrested", [0, 1, 2, 3], 100 * 210 / 450),
        ("100 * reoffenders / persons arrested of 2 years together", [0, 1, 2, 3], 100 * 210 / 450),
        ("100 * (1 - persons_arrested 2020 / persons_arrested 2021)", [0, 1], 20.0),
        ("100 * (2021 / 2020 - 1)", [0, 1], 25.0),
        ("100 * reoffenders / persons_arrested, last year", [0, 1, 2, 3], 48.0),
        ("100 * reoffenders / persons_arrested, first year", [0, 1, 2, 3], 45.0),
    ],
)
def test_a_formula_it_reads(formula: str, which: list[int], value: float) -> None:
    cells = [CELLS[one] for one in which]
    assert second(formula, cells, value) is True
    assert second(formula, cells, value + 0.1) is False


@pytest.mark.parametrize(
    ("formula", "which", "value"),
    [
        ("reoffenders as printed", [2], 90),
        ("as printed", [2], 90),
        ("reoffenders, sum of the years", [2, 3], 210),
        ("persons_arrested 2021 - persons_arrested 2020", [0, 1], 50),
    ],
)
def test_a_count_it_reads(formula: str, which: list[int], value: float) -> None:
    cells = [CELLS[one] for one in which]
    assert second(formula, cells, value, "persons", 0) is True
    assert second(formula, cells, value + 1, "persons", 0) is False


@pytest.mark.parametrize(
    "formula",
    [
        "reoffenders",  # two years, nothing says which
        "reoffenders as printed",
        "p of the slope, binomial GLM",
        "largest of the years",
        "100 * unknown / persons_arrested",
        "__import__('os')",
        "100 *",
    ],
)
def test_what_could_mean_two_things_is_not_read(formula: str) -> None:
    assert second(formula, CELLS, 1.0) is None


def test_a_fact_without_printed_cells_is_not_read() -> None:
    fact = Fact("a.b", 1, "1", "number", 0, "count of tables", ("s/1",), "n")
    assert recompute(fact, {}, 0.95).agrees is None


@pytest.mark.parametrize(("part", "whole"), [(0, 12), (1, 12), (90, 200), (516, 1053), (12, 12)])
@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_wilson_agrees_with_statsmodels(part: int, whole: int, confidence: float) -> None:
    expected = proportion_confint(part, whole, alpha=1 - confidence, method="wilson")
    assert wilson(Fraction(part), Fraction(whole), confidence) == pytest.approx(expected, abs=1e-12)


def test_wilson_of_a_published_example() -> None:
    """R. G. Newcombe, Statistics in Medicine 17 (1998) 857, table I, 81 of 263 at 95 %."""
    ends = wilson(Fraction(81), Fraction(263), 0.95)
    assert [round(end, 4) for end in ends] == [0.2553, 0.3662]


def test_an_interval_takes_its_own_level_or_that_of_the_edition() -> None:
    cells = [CELLS[0], CELLS[2]]
    low = 100 * wilson(Fraction(90), Fraction(200), 0.95)[0]
    assert second(
        "low end of the Wilson interval of 100 * reoffenders / persons_arrested", cells, low
    )
    high = 100 * wilson(Fraction(90), Fraction(200), 0.8)[1]
    named = "high end of the 80 % Wilson interval of 100 * reoffenders / persons_arrested"
    assert second(named, cells, high) is True
    assert second(named, cells, low) is False
