"""Each word of the vocabulary over several series: a true world, a false one, and the edge between."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from minato_analysis.claims import comparisons as c
from minato_analysis.claims.errors import NotPublished, StatementError
from minato_analysis.claims.series import Point, Series
from tests.claims.worlds import percents, persons, shares


def one(value: float, label: str = "x", unit: str = "persons") -> Series:
    return Series(label, unit, (Point("", value, ("cell",)),))


def test_exceeding_means_every_year_and_the_others_are_named() -> None:
    assert c.exceeds_every_year(persons(2, 3), persons(1, 2)).holds
    found = c.exceeds_every_year(persons(2, 2, 3), persons(1, 2, 4))
    assert not found.holds
    assert found.numbers["exceptions"] == "令和元(2019)年、令和2(2020)年"


def test_only_years_both_have_are_compared() -> None:
    late = Series("y", "persons", persons(0, 0, 9).points[2:])
    assert c.exceeds_every_year(late, persons(99, 99, 8)).holds
    with pytest.raises(NotPublished):
        c.exceeds_every_year(late, Series("z", "persons", persons(1, 2).points))


def test_unequal_definitions_are_refused_unless_the_difference_is_named() -> None:
    here = replace(shares((50, 100)), definitions=frozenset({"adults"}))
    there = replace(shares((40, 100)), definitions=frozenset({"all-ages"}))
    for compare in (
        c.exceeds_every_year,
        partial(c.higher_beyond_chance, tried=1),
        c.higher_in_number,
        c.ratio_at_least,
    ):
        with pytest.raises(StatementError, match="adultsとall-ages"):
            compare(here, there)
        assert "比べるものの違い：年齢" in compare(here, there, difference="年齢").said
    with pytest.raises(StatementError):
        c.same_growth(here, there)


@pytest.mark.parametrize(("mine", "holds"), [((13, 26), True), ((12.9, 26), False)])
def test_much_is_one_point_three_times_in_every_year(mine, holds) -> None:
    assert c.ratio_at_least(percents(*mine), percents(10, 20)).holds is holds


def test_a_ratio_may_be_asked_for_explicitly() -> None:
    assert c.ratio_at_least(percents(9), percents(10), times=0.9).holds
    assert not c.ratio_at_least(percents(8.9), percents(10), times=0.9).holds


def test_largest_means_above_every_other_in_each_year() -> None:
    others = [persons(1, 9, label="a"), persons(2, 3, label="b")]
    assert c.largest_every_year(persons(3, 10), others).holds
    found = c.largest_every_year(persons(3, 9), others)
    assert not found.holds
    assert found.numbers["exceptions"] == "令和元(2019)年（a9人）"


def test_the_top_in_a_year_is_above_each_of_the_rest() -> None:
    rest = [persons(3, label="c"), persons(4, label="d")]
    assert c.top_in_year([persons(5, label="a"), persons(9, label="b")], rest).holds
    assert not c.top_in_year([persons(4, label="a"), persons(9, label="b")], rest).holds
    with pytest.raises(StatementError, match="1つの数ではありません"):
        c.top_in_year([persons(5, 6)], rest)


def test_same_direction_needs_all_to_move_alike() -> None:
    found = c.same_direction([persons(100, 120), percents(40, 42)])
    assert found.holds
    assert (found.numbers["change1"], found.numbers["change2"]) == ("20.0%増加", "2.0ポイント上昇")
    assert not c.same_direction([persons(100, 120), persons(100, 90)]).holds
    assert not c.same_direction([persons(100, 100), persons(90, 90)]).holds


@pytest.mark.parametrize(
    ("mine", "holds"), [(125, True), (126, False), (115, True), (114, False), (85, False)]
)
def test_alike_is_growth_within_a_quarter_of_the_other(mine, holds) -> None:
    assert c.same_growth(persons(100, mine), persons(100, 120)).holds is holds


def test_higher_than_first_tells_how_much_chance_says() -> None:
    near = c.higher_than_first(shares((46, 100), (49, 100)))
    assert near.holds
    assert "この人数ではまだ分かりません" in near.said
    far = c.higher_than_first(shares((300, 1000), (500, 1000)))
    assert far.holds
    assert "まだ分かりません" not in far.said
    assert not c.higher_than_first(shares((49, 100), (46, 100))).holds
    counts = c.higher_than_first(persons(862, 930))
    assert counts.numbers["p"] == "0.113"


def test_beyond_chance_needs_a_small_p_enough_persons_and_the_right_way_round() -> None:
    high, low = shares((50, 100)), shares((30, 100))
    assert c.higher_beyond_chance(high, low, tried=1).holds
    assert not c.higher_beyond_chance(low, high, tried=1).holds
    assert not c.higher_beyond_chance(shares((50, 100)), shares((45, 100)), tried=1).holds
    few = c.higher_beyond_chance(shares((28, 29)), low, tried=1)
    assert not few.holds
    assert "30人未満" in few.said
    assert c.higher_beyond_chance(shares((29, 30)), low, tried=1).holds


def test_a_comparison_picked_from_several_needs_a_smaller_p() -> None:
    high, low = shares((50, 100)), shares((35, 100))
    assert c.higher_beyond_chance(high, low, tried=1).holds
    picked = c.higher_beyond_chance(high, low, tried=5)
    assert not picked.holds
    assert "5通りから選んだ" in picked.said


def test_how_many_comparisons_this_one_was_picked_from_must_be_said() -> None:
    with pytest.raises(StatementError, match="tried: か among:"):
        c.higher_beyond_chance(shares((50, 100)), shares((35, 100)))


def test_a_set_picked_as_the_highest_is_held_against_the_highest_of_all_sets() -> None:
    groups = [shares(one) for one in ((65, 119), (32, 64), (15, 28), (10, 34), (13, 34), (19, 42))]
    two, four = shares((97, 183)), shares((57, 138))
    assert c.higher_beyond_chance(two, four, tried=1).holds
    picked = c.higher_beyond_chance(two, four, among=groups, together=2)
    assert not picked.holds
    assert 0.15 < float(picked.numbers["p"]) < 0.25
    assert picked.numbers["tried"] == "15通り"
    assert "この人数ではまだ分かりません" in picked.said


def test_in_number_asks_only_which_is_larger_but_tells_chance() -> None:
    found = c.higher_in_number(shares((50, 100)), shares((45, 100)))
    assert found.holds
    assert "この人数ではまだ分かりません" in found.said
    assert not c.higher_in_number(shares((45, 100)), shares((45, 100))).holds


def test_shares_without_counts_cannot_be_tested() -> None:
    with pytest.raises(StatementError, match="人数が分からない"):
        c.higher_in_number(percents(50.0), shares((45, 100)))


def test_equal_and_exceeding_numbers() -> None:
    assert c.equals(one(5), one(5)).holds
    assert not c.equals(one(5), one(6)).holds
    assert c.exceeds(one(6), one(5)).holds
    assert not c.exceeds(one(5), one(5)).holds
    assert c.equals(one(5, "数"), one(0, "")).said == "数：5人（比べる値0人）"


@pytest.mark.parametrize(
    ("value", "holds"), [(46.15, True), (46.149, False), (46.2499, True), (46.25, False)]
)
def test_a_number_prints_as_stated_when_rounded_half_up(value, holds) -> None:
    assert c.prints_as(one(value, unit="percent"), 46.2, 1).holds is holds
