"""Blocks 2 and 3: revised past values, the new year's values and what one year can bring."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from minato_analysis.difference import new_year, one_year, revised, side
from minato_analysis.statistics import jumps
from tests.difference import world


def sides(root: Path, last: int = 2022, **options: Any) -> tuple[side.Side, side.Side]:
    """Publish the edition 2025 from what is there and read both."""
    world.publish(root, "2025", "2025-02-01", last=last, **options)
    return side.load(root, "2024"), side.load(root, "2025")


def test_a_value_a_later_document_corrects_is_told_with_cells_and_dates(town: Path) -> None:
    world.deliver(town, "later", "2025-01-20", {2021: (60, 42)})
    found = {one.label: one for one in revised.revisions(*sides(town))}
    one = found["図表1-1 再犯者 令和3(2021)年"]
    assert (one.cause, one.old, one.new, one.year, one.unit) == (
        "document",
        40,
        42,
        2021,
        "persons",
    )
    assert (one.old_cell, one.new_cell) == (
        "made-up/1-1!再犯者!令和3(2021)年",
        "later/1-1!再犯者!令和3(2021)年",
    )
    assert (one.old_as_of, one.new_as_of, one.reason) == ("2023-12", "2025-01-20", "")
    # 102 persons are 102 persons: what is printed again without a change is no revision.
    assert set(found) == {"図表1-1 再犯者 令和3(2021)年", "図表1-1 初犯者 令和3(2021)年"}


def test_the_recorded_reason_of_a_revision_is_told(town: Path) -> None:
    world.deliver(town, "later", "2025-01-20", {2021: (60, 42)})
    entry = {
        "revision": "made-up/1-1!再犯者!令和3(2021)年",
        "expect": {"reoffenders": [40, 42]},
        "reason": "再集計のため。",
    }
    world.declare(town, "data/known_discrepancies.yaml", [entry])
    found = {one.label: one.reason for one in revised.revisions(*sides(town))}
    assert found["図表1-1 再犯者 令和3(2021)年"] == "再集計のため。"
    assert found["図表1-1 初犯者 令和3(2021)年"] == ""


def test_a_document_dated_after_the_edition_revises_nothing(town: Path) -> None:
    world.deliver(town, "later", "2025-06-01", {2021: (60, 42)})
    assert revised.revisions(*sides(town)) == []


def test_a_corrected_transcription_is_told_apart(town: Path, tmp_path: Path) -> None:
    other = world.town(tmp_path / "other")
    world.deliver(other, world.SERIES, "2023-12", {**world.YEARS, 2020: (58, 24)})
    world.publish(other, "2025", "2025-02-01")
    before, after = side.load(town, "2024"), side.load(other, "2025")
    found = [(one.cause, one.label, one.old, one.new) for one in revised.revisions(before, after)]
    assert ("transcription", "図表1-1 再犯者 令和2(2020)年", 42, 24) in found
    assert len(found) == 2  # the sum of the column too


def test_a_past_year_that_comes_late_and_one_that_goes_are_named(
    town: Path, tmp_path: Path
) -> None:
    other = world.town(tmp_path / "other")
    years = {2018: (70, 50), **{year: pair for year, pair in world.YEARS.items() if year != 2019}}
    world.deliver(other, world.SERIES, "2023-12", years)
    world.publish(
        other, "2025", "2025-02-01", parameters={"first_year": 2020, "groups_first_year": 2020}
    )
    found = revised.revisions(side.load(town, "2024"), side.load(other, "2025"))
    assert {(one.cause, one.year) for one in found} == {("late", 2018), ("gone", 2019)}
    assert len(found) == 6


def test_published_numbers_about_past_years_that_moved_are_listed(town: Path) -> None:
    world.deliver(town, "later", "2025-01-20", {2021: (60, 42), 2023: (50, 50)})
    found = revised.moved(*sides(town, last=2023))
    assert [(one.after.id, one.before.display, one.after.display) for one in found] == [
        ("town.first_time.2021", "62人", "60人"),
        ("town.reoffenders.2021", "40人", "42人"),
        ("town.share.2021", "39.2%", "41.2%"),
    ]


@pytest.mark.parametrize(
    ("again", "verdict"), [(43, "within"), (63, "within"), (73, "outside"), (13, "outside")]
)
def test_a_new_value_is_within_one_years_chance_or_not(
    town: Path, again: int, verdict: str
) -> None:
    world.deliver(town, "later", "2025-01-20", {2023: (57, again)})
    found = {one.label: one for one in new_year.new_year(*sides(town, last=2023)).values}
    one = found["図表1-1 再犯者 令和5(2023)年"]
    # Nelson's limits after 43 (two Poisson counts of one rate): 26 to 64.
    assert (one.value, one.last, one.low, one.high, one.basis) == (again, 43, 26, 64, "chance")
    assert one.verdict == verdict
    assert set(found) == {f"図表1-1 {row} 令和5(2023)年" for row in world.ROWS}


RULE = {
    "id": "E2-499", "kind": "change", "title": "再犯者の割合", "by": ["area_code"], "spread": 0.0,
    "of": {"table": "1-1", "measure": "reoffenders"},
    "per": {"table": "1-1", "measure": "persons_arrested"}, "part": True,
}  # fmt: skip


def test_a_declared_rule_goes_before_chance_alone(town: Path) -> None:
    rules = {"levels": {"warning": 0.001, "error": 1e-6}, "rules": [RULE]}
    world.declare(town, "data/plausibility.yaml", rules)
    world.deliver(town, "later", "2025-01-20", {2023: (55, 45)})
    found = {one.label: one for one in new_year.new_year(*sides(town, last=2023)).values}
    one = found["図表1-1 再犯者 令和5(2023)年"]
    assert (one.basis, one.rule, one.verdict) == ("rule", "再犯者の割合", "within")
    assert found["図表1-1 検挙人員 令和5(2023)年"].basis == "chance"
    wide = {"levels": rules["levels"], "rules": [{**RULE, "spread": 0.3}]}
    world.declare(town, "data/plausibility.yaml", wide)
    wider = {one.label: one for one in new_year.new_year(*sides(town, last=2023)).values}
    assert wider["図表1-1 再犯者 令和5(2023)年"].low < one.low  # ordinary movement widens the range


def test_a_long_series_is_held_against_its_own_movement(town: Path) -> None:
    past = {year: (1000 + 200 * (year % 2), 500) for year in range(2010, 2019)}
    world.deliver(town, "older", "2023-12", past)
    world.deliver(town, "later", "2025-01-20", {2023: (57, 43)})
    found = {one.label: one for one in new_year.new_year(*sides(town, last=2023)).values}
    assert {one.basis for one in found.values()} == {"series"}


def test_values_without_a_year_before_and_shares_are_not_judged(town: Path, tmp_path: Path) -> None:
    world.deliver(town, "later", "2025-01-20", {2024: (57, 43)})
    world.publish(town, "2025", "2025-02-01", last=2022)
    found = new_year.new_year(side.load(town, "2024"), side.load(town, "2025"))
    assert {one.verdict for one in found.values} == {"first"}
    assert (found.judged, found.outside, found.expected) == ([], [], 0.0)


def test_the_new_indicator_is_held_against_what_the_last_edition_expected(town: Path) -> None:
    numbers = {
        "projection.{next}.pool.low95": (35.0, "percent", 1),
        "projection.{next}.pool.high95": (50.0, "percent", 1),
    }
    world.publish(town, "2024", "2024-01-05", numbers=numbers)
    for again, inside in ((45, True), (55, False)):
        world.deliver(town, "later", "2025-01-20", {2023: (100 - again, again)})
        found = new_year.new_year(*sides(town, last=2023)).forecast
        assert found is not None
        assert (found.found.id, found.within) == ("town.share.2023", inside)
    assert new_year.new_year(*sides(town, last=2022)).forecast is None


def test_without_new_data_there_is_no_new_value(town: Path) -> None:
    assert new_year.new_year(*sides(town)).values == ()


@given(st.integers(0, 3000), st.sampled_from([0.05, 0.1, 0.2]))
def test_prediction_limits_are_those_of_the_conditional_test(last: int, level: float) -> None:
    low, high = one_year.prediction_limits(last, level)

    def within(count: int) -> bool:
        below = stats.binom.cdf(count, last + count, 0.5)
        above = stats.binom.sf(count - 1, last + count, 0.5)
        return min(below, above) >= level / 2

    assert within(low)
    assert within(high)
    assert not within(high + 1)
    assert low == 0 or not within(low - 1)
    assert low <= last <= high


@given(st.integers(0, 400), st.integers(0, 400), st.floats(0, 0.4), st.sampled_from([0.05, 0.001]))
def test_limits_are_exactly_the_counts_whose_change_is_probable_enough(
    last: int, more: int, spread: float, level: float
) -> None:
    whole, whole_now = last + more + 1, last + more + 3

    def jump(count: int) -> jumps.Jump:
        counts = [count, whole_now, last, whole]
        return jumps.jump(counts, [1, -1, -1, 1], [1, -1, 1, -1], spread)

    low, high = one_year.limits(jump, level, whole_now)
    inside = [count for count in range(whole_now + 1) if jump(count).p_value >= level]
    if 1 not in inside and last > 1:
        inside = [count for count in inside if count]  # see the note on zero in the code
    assert not inside or (low, high) == (inside[0], inside[-1])


def test_the_conditional_test_of_two_counts() -> None:
    # 10 against 22: P(X <= 10 | 32, 1/2) = 0.02505, twice that is 0.0501.
    exact = 2 * sum(math.comb(32, k) for k in range(11)) / 2**32
    assert one_year.conditional_p(10, 22) == pytest.approx(exact)
    assert one_year.conditional_p(0, 0) == 1.0


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"value_old": None}, "known"),
        ({"value_new": None}, "hidden"),
        ({"as_of_new": "2025-01-20"}, "document"),
        ({"address_new": "later/1-1!a!b"}, "document"),
        ({"address_old": "series/x!a!b", "address_new": "series/x!a!b"}, "collected"),
        ({}, "transcription"),
    ],
)
def test_only_a_mended_copy_is_called_a_transcription(
    town: Path, changed: dict[str, object], cause: str
) -> None:
    own = {f"address_{side}": f"{world.SERIES}/1-1!a!b" for side in ("old", "new")}
    dates = {f"as_of_{side}": "2023-12" for side in ("old", "new")}
    one = SimpleNamespace(**{**own, **dates, "value_old": 1.0, "value_new": 2.0, **changed})
    after = side.load(town, "2024")
    before = replace(after, manifest=replace(after.manifest, stages=()))
    assert revised._cause(one, before, after) == cause
