"""Notebook 02's computations on a made-up city whose answers are known."""

from __future__ import annotations

import math

import pytest

from minato_analysis import data
from minato_analysis.analyses import causes, materiality, series, trends
from minato_analysis.data.study import Study
from tests import specimen
from tests.analyses import lines, worlds
from tests.analyses.worlds import GROUP_YEARS, NATION, PREFECTURE, YEARS

FLAT = dict.fromkeys(YEARS, 1000.0)
WAVE = (500.0, 510.0, 490.0, 490.0, 510.0, 500.0)
RISING = {year: 400.0 + 40 * step for step, year in enumerate(YEARS)}
GROUPS = {
    "violent": (dict.fromkeys(GROUP_YEARS, 300.0), dict.fromkeys(GROUP_YEARS, 120.0)),
    "larceny": (dict.fromkeys(GROUP_YEARS, 200.0), dict.fromkeys(GROUP_YEARS, 100.0)),
    "cannabis": (
        dict.fromkeys(GROUP_YEARS, 50.0),
        {year: 20.0 + 4 * step for step, year in enumerate(GROUP_YEARS)},
    ),
}


def world(reoffenders: dict[int, float] = RISING, persons: dict[int, float] = FLAT) -> Study:
    rows = worlds.city(persons, reoffenders)
    for table, (name, (n, k)) in enumerate(GROUPS.items()):
        rows += worlds.counts(f"2-{table}", n, k, offence=name)
    above = {"area_code": PREFECTURE, "offence": "penal_code", "definition": "above"}
    rows += worlds.counts(
        "3-1", dict.fromkeys(YEARS, 20000.0), dict.fromkeys(YEARS, 9000.0), **above
    )
    whole = {
        "area_code": NATION,
        "offence": "penal_code",
        "source_id": "national-penal-code",
        "series_id": "national-penal-code",
        "definition": "above",
    }
    rows += worlds.counts("series", {2021: 180000.0}, {2021: 90000.0}, **whole)
    printed = worlds.rows(
        "series", {2020: 48.5}, measure="reoffender_share", **(whole | {"unit": "percent"})
    )
    return worlds.study(rows + printed)


def test_shares_come_from_counts_and_only_else_from_print() -> None:
    study = world()
    area, _parent, nation = trends.record_shares(study)
    assert study.facts.get("city.share.2022").value == pytest.approx(60.0)
    assert study.facts.get("city.first_time.2022").value == 400
    assert study.facts.get("prefecture.penal.share.2019").value == 45.0
    assert study.facts.get("nation.penal.share.2021").value == 50.0
    assert study.facts.get("nation.penal.share.2020").value == 48.5
    assert "as printed" in study.facts.get("nation.penal.share.2020").formula
    assert nation.table.index.tolist() == [2020, 2021]
    # Wilson's interval of 600 in 1000, by its formula.
    z, p, n = 1.959963984540054, 0.6, 1000
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    assert study.facts.get("city.share.2022.low").value == pytest.approx(100 * (centre - half))
    assert area.table["high"][2022] == pytest.approx(100 * (centre + half))


def test_each_fact_points_to_its_own_cells() -> None:
    study = world()
    trends.record_shares(study)
    cells = study.facts.get("city.share.2020").observations
    assert cells == (
        "made-up/1-1!persons_arrestedpenal_code_and_drugs!2020",
        "made-up/1-1!reoffenderspenal_code_and_drugs!2020",
    ) or set(cells) == {
        "made-up/1-1!persons_arrested!2020",
        "made-up/1-1!reoffenders!2020",
    }


def test_a_clear_rise_is_found_and_a_flat_series_is_not() -> None:
    rising, flat = world(), world(reoffenders=dict(zip(YEARS, WAVE, strict=True)))
    for study in (rising, flat):
        area, *_ = trends.record_shares(study)
        lines.trend(study, area)
        trends.record_change(study, area)
    assert rising.facts.get("city.trend.p").value < 1e-6
    assert rising.facts.get("city.change.2017_2022.points").value == pytest.approx(20.0)
    assert rising.facts.get("city.change.2017_2022.low").value > 0
    assert flat.facts.get("city.trend.p").value == pytest.approx(1.0)
    assert flat.facts.get("city.change.2017_2022.points").value == 0
    assert flat.facts.get("city.change.2017_2022.low").value < 0


def test_leave_one_out_has_a_row_a_year_and_names_the_extremes() -> None:
    study = world()
    area, *_ = trends.record_shares(study)
    table = lines.leave_one_out(study, area)
    assert table.index.tolist() == list(YEARS)
    weakest = int(study.facts.get("city.trend.without_weakest.year").value)
    assert table["p"].idxmax() == weakest
    assert study.facts.get("city.trend.without_one.significant").value == (table["p"] < 0.05).sum()


def test_the_parts_of_the_change_close() -> None:
    study = world()
    area, *_ = trends.record_shares(study)
    trends.record_change(study, area)
    lines.shapley(study, area)
    groups_table = causes.record_kitagawa(study, area)
    assert groups_table is not None

    def fact(name: str) -> float:
        return study.facts.get(f"city.{name}").value

    parts = fact("shapley.2017_2022.reoffenders") + fact("shapley.2017_2022.first_time")
    assert parts == pytest.approx(fact("change.2017_2022.points"))
    total = fact("kitagawa.2018_2022.total")
    assert total == pytest.approx(60.0 - 44.0)
    assert fact("kitagawa.2018_2022.composition") + fact(
        "kitagawa.2018_2022.rate"
    ) == pytest.approx(total)
    groups = [*causes.GROUPS, "rest"]
    assert sum(fact(f"kitagawa.2018_2022.rate.{one}") for one in groups) == pytest.approx(
        fact("kitagawa.2018_2022.rate")
    )
    # Cannabis: weight 5 % at both dates, share from 40 % to 72 %.
    assert fact("kitagawa.2018_2022.rate.cannabis") == pytest.approx(0.05 * 32)
    assert groups_table.loc["rest", "persons_first"] == 1000 - 300 - 200 - 50


def test_rest_is_what_the_printed_groups_leave() -> None:
    study = world()
    area, *_ = trends.record_shares(study)
    table, _ = causes.offence_groups(study, area)
    for year in GROUP_YEARS:
        assert table.loc[year]["persons_arrested"].sum() == 1000
        assert table.loc[year]["reoffenders"].sum() == RISING[year]


def test_areas_with_unequal_definitions_are_modelled_with_an_offset_only() -> None:
    study = world()
    area, parent, _ = trends.record_shares(study)
    joint = lines.joint(study, area, parent)
    assert not joint.same_definition
    assert study.facts.get("city.joint.difference.p").value < 0.001


def test_a_year_without_a_value_is_refused() -> None:
    study = world()
    gap = worlds.study(study.rows[study.rows["year"] != 2019].to_dict("records"))
    with pytest.raises(data.DataError, match=r"E0-YEARS 指標の\[2019\]年"):
        series.indicator(gap)


def test_the_published_edition_says_what_the_plan_prints(published: Study) -> None:
    """Shares recomputed by hand from 図表2-10: 730 of 1,581 and 516 of 1,053."""
    trends.record_shares(published)
    facts = published.facts
    assert facts.get("minato.share.2017").display == "46.2%"
    assert facts.get("minato.share.2022").value == pytest.approx(100 * 516 / 1053)
    assert facts.get("nation.penal.share.2022").display == "47.9%"
    assert facts.get("tokyo.penal.share.2022").display == "49.7%"


def test_a_year_that_is_not_there_cannot_be_left_out() -> None:
    counts = trends.record_shares(world())[0]
    assert YEARS[1] not in counts.without([YEARS[1]]).table.index
    wrong = rf"left_out=\[2031\]: 2031は、この系列の年（{YEARS[0]}〜{YEARS[-1]}）"
    with pytest.raises(LookupError, match=wrong):
        counts.without([2031])


def test_groups_of_a_year_the_edition_does_not_know_are_left_out() -> None:
    """An edition may be begun before a new year is accepted: its years are those of its parameters."""
    earlier = specimen.study(last_year=2021)
    area, _, _ = trends.record_shares(earlier)
    groups, rows = causes.offence_groups(earlier, area)
    assert rows["year"].max() == groups.index.get_level_values("year").max() == 2021
    materiality.record_without(earlier, area)
