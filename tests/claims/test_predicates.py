"""Each word of the vocabulary over one series: a true world, a false one, and the edge between."""

from __future__ import annotations

import pytest

from minato_analysis.claims import predicates as p
from minato_analysis.claims.errors import NotPublished, StatementError
from minato_analysis.claims.series import Point, Series
from tests.claims.worlds import percents, persons, shares


def year(value: float) -> Series:
    return Series("", "number", (Point("", value, ()),), 0)


@pytest.mark.parametrize(
    ("values", "up", "down"),
    [((1, 2, 3), True, False), ((3, 2, 1), False, True), ((1, 2, 2), False, False), ((5,), False, False)],
)  # fmt: skip
def test_strictly_means_every_year_and_equal_is_not_higher(values, up, down) -> None:
    assert p.strictly_increasing(persons(*values)).holds is up
    assert p.strictly_decreasing(persons(*values)).holds is down


def test_the_years_that_break_a_strict_order_are_named() -> None:
    found = p.strictly_increasing(persons(10, 12, 11, 13, 13))
    assert found.numbers["exceptions"] == "令和2(2020)年、令和4(2022)年"
    assert "平成30(2018)年10人" in found.said
    assert found.cells == ("cell0", "cell1", "cell2", "cell3", "cell4")


@pytest.mark.parametrize(
    "predicate", [p.strictly_increasing, p.flat, lambda of: p.peak_at(of, year(2022))]
)
def test_a_year_without_a_value_leaves_every_year_undecided(predicate) -> None:
    whole = persons(1, 2, 3, 4, 5)
    gap = Series("x", "persons", whole.points[:2] + whole.points[3:])
    with pytest.raises(NotPublished, match=r"令和元.*令和3"):
        predicate(gap)


def test_a_trend_of_shares_needs_both_tests_below_the_limit() -> None:
    steady = shares(*((400 + 20 * step, 1000) for step in range(6)))
    assert p.trend_significant(steady, "up").holds
    assert not p.trend_significant(steady, "down").holds
    # Large and wild: the binomial p is tiny, the one with estimated spread is not.
    wild = shares((4000, 10000), (4600, 10000), (4100, 10000), (4700, 10000), (4300, 10000))
    found = p.trend_significant(wild, "up")
    assert not found.holds
    assert "0.001未満" in found.said


def test_a_trend_of_counts_allows_for_spread() -> None:
    assert p.trend_significant(persons(200, 180, 160, 140, 120), "down").holds
    assert not p.trend_significant(persons(200, 180, 160, 140, 120), "up").holds
    assert not p.trend_significant(persons(60, 67, 44, 46, 46), "down").holds


def test_a_trend_is_refused_without_counts_and_undecided_with_two_years() -> None:
    with pytest.raises(StatementError, match="人数が分からない"):
        p.trend_significant(percents(46.0, 47.0, 48.0), "up")
    with pytest.raises(NotPublished):
        p.trend_significant(shares((4, 10), (5, 10)), "up")


@pytest.mark.parametrize(
    ("last", "direction", "holds"),
    [(42.9, "up", True), (43.0, "up", False), (40.0, "up", False), (39.0, "up", False),
     (37.1, "down", True), (37.0, "down", False)],
)  # fmt: skip
def test_slightly_is_less_than_three_points(last, direction, holds) -> None:
    assert p.slightly(percents(40.0, last), direction).holds is holds


def test_slightly_is_less_than_ten_percent_for_counts() -> None:
    assert p.slightly(persons(100, 109), "up").holds
    assert not p.slightly(persons(100, 110), "up").holds


@pytest.mark.parametrize(
    ("values", "holds"),
    [((100, 114, 100), True), ((100, 116, 100), False), ((100, 105, 109), True),
     ((100, 105, 110), False), ((0, 0, 0), True), ((0, 5, 0), False),
     ((100, 115, 109), True)],
)  # fmt: skip
def test_flat_limits_the_whole_and_every_step(values, holds) -> None:
    assert p.flat(persons(*values)).holds is holds


@pytest.mark.parametrize(
    ("pairs", "half", "most", "over"),
    [
        (((45, 100), (55, 100)), True, False, False),
        (((44, 100), (50, 100)), False, False, False),
        (((56, 100), (60, 100)), False, False, True),
        (((2, 3), (70, 100)), False, True, True),
        (((66, 100), (70, 100)), False, False, True),
        (((50, 100),), True, False, False),
    ],
)
def test_half_majority_and_over_half_with_their_ends(pairs, half, most, over) -> None:
    of = shares(*pairs)
    assert p.about_half(of).holds is half
    assert p.majority(of).holds is most
    assert p.over_half(of).holds is over


def test_at_least_and_within_take_their_ends() -> None:
    assert p.at_least(percents(50.0), 50).holds
    assert not p.at_least(percents(49.9), 50).holds
    assert p.within(percents(1.0, 2.0), 1, 2).holds
    assert not p.within(percents(1.0, 2.1), 1, 2).holds


def test_a_peak_stands_alone() -> None:
    of = persons(1, 5, 3)
    assert p.peak_at(of, year(2019)).holds
    assert not p.peak_at(of, year(2018)).holds
    assert not p.peak_at(persons(5, 5, 3), year(2018)).holds
    assert p.lowest_at(of, year(2018)).holds
    assert "最も小さい年：平成30(2018)年1人" in p.lowest_at(of, year(2019)).said


def test_values_always_hold_and_a_long_series_is_told_by_its_ends_and_extremes() -> None:
    found = p.values(persons(5, 9, 7, 1, 6, 6, 6, 8))
    assert found.holds
    assert found.said.count("人") == 4 + 1  # four values, and the label
    assert "8年分のうち" in found.said
