"""Trends, projections and figures of a made-up city whose law changed."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from minato_analysis.analyses import (
    cannabis,
    context,
    law_changes,
    outlook,
    outlook_backtest,
    series,
    trends,
    trends_shown,
)
from minato_analysis.data.breaks import Break, BreakError, Bridge, Law
from minato_analysis.data.study import Study
from tests.analyses import lines, worlds
from tests.analyses.worlds import NATION, PREFECTURE

INDICATOR = "penal_code_and_drugs"
LAW = Law("架空の刑法の一部を改正する法律", "令和2年法律第999号", "架空の法改正", "made-up law")
YEARS = range(2013, 2023)


def change(
    day: str,
    *offences: str,
    bridged: bool = False,
    name: str = "made-up",
    parts: tuple[str, ...] = (),
) -> Break:
    bridge = Bridge("rule", "同じものを数える") if bridged else None
    date = datetime.date.fromisoformat(day)
    return Break(name, date, LAW, {"offence": list(offences)}, "変わりました。", bridge, parts)


def world(*breaks: Break, last: int = 2022) -> Study:
    """A city whose share jumps in 2019 and is flat before and after; its region without change."""
    years = range(2013, last + 1)
    persons = dict.fromkeys(years, 1000.0)
    again = {year: 400.0 + (year > 2018) * 150 + year % 2 for year in years}
    rows = worlds.city(persons, again)
    for table, code in (("3-1", PREFECTURE), ("series", NATION)):
        source = "national-penal-code" if code == NATION else worlds.SOURCE
        above = {"area_code": code, "offence": "penal_code", "definition": "above"}
        above |= {"source_id": source, "series_id": source}
        n = dict.fromkeys(years, 20000.0)
        k = {year: 9000.0 + 20 * (year % 3) for year in years}
        rows += worlds.counts(table, n, k, **above)
        rows += worlds.rows(
            table, {year: n[year] - k[year] for year in n}, measure="first_time", **above
        )
    rows += worlds.rows(
        "prose", {2029: 46.2}, measure="target_share", unit="percent", definition="target"
    )
    return replace(
        worlds.study(rows, first_year=2013, last_year=last, groups_first_year=2014),
        breaks=breaks,
    )


def fact(study: Study, name: str) -> float:
    return study.facts.get(f"city.{name}").value


def test_without_a_change_the_line_is_fitted_to_every_year() -> None:
    study = world()
    lines.trend(study, series.indicator(study))
    assert (fact(study, "trend.first_year"), fact(study, "trend.last_year")) == (2013, 2022)
    assert fact(study, "trend.years_left_out") == 0
    assert fact(study, "trend.p") < 0.001


def test_a_line_is_fitted_within_one_law_and_says_so() -> None:
    study = world(change("2018-07-13", INDICATOR))
    area = series.indicator(study)
    lines.trend(study, area)
    without = lines.leave_one_out(study, area)
    # The jump of the share lies at the change; on this side of it nothing moves.
    assert (fact(study, "trend.first_year"), fact(study, "trend.last_year")) == (2019, 2022)
    assert fact(study, "trend.years_left_out") == 6
    assert fact(study, "trend.p") > 0.5
    assert list(without.index) == [2019, 2020, 2021, 2022]
    cells = study.facts.get("city.trend.logit_slope").observations
    assert {cell.rpartition("!")[2] for cell in cells} == {"2019", "2020", "2021", "2022"}


def test_a_year_after_a_change_that_nothing_bridges_joins_no_trend() -> None:
    """The change comes in the last year: the line ends before it, and no other sum crosses it."""
    study = world(change("2022-07-13", INDICATOR, "penal_code"))
    area = series.indicator(study)
    lines.trend(study, area)
    assert (fact(study, "trend.first_year"), fact(study, "trend.last_year")) == (2013, 2021)
    for compute in (trends.record_change, lines.shapley):
        with pytest.raises(BreakError, match=r"^E4-BREAK .*架空の刑法の一部を改正する法律"):
            compute(study, area)


def test_a_line_through_years_of_both_laws_is_not_recorded() -> None:
    study = world(change("2018-07-13", INDICATOR))
    area = series.indicator(study)
    for compute in (lines.trend, lines.leave_one_out):
        with pytest.raises(BreakError, match="割合の傾き: 2013年から2022年まで"):
            compute(study, area, fitted=area)
    with pytest.raises(BreakError, match="二つの地域の傾きの差"):
        lines.joint(study, area, series.parent_penal(study))
    assert not any(".trend." in id or ".joint." in id for id in study.facts.facts)


def test_too_few_years_under_one_law_are_refused() -> None:
    study = world(
        *(
            change(f"{year}-07-13", INDICATOR, name=str(year))
            for year in (2014, 2016, 2018, 2020, 2022)
        )
    )
    with pytest.raises(BreakError, match=r"2013年からの系列: 2013年から2022年まで"):
        lines.trend(study, series.indicator(study))


def test_a_bridged_change_changes_no_number() -> None:
    plain, bridged = world(), world(change("2018-07-13", INDICATOR, bridged=True))
    for study in (plain, bridged):
        area = series.indicator(study)
        lines.trend(study, area)
        trends.record_change(study, area)
    assert plain.facts.facts == bridged.facts.facts
    passed = series.require_one_law(bridged, series.indicator(bridged), "傾き")
    assert [one.bridge and one.bridge.title for one in passed] == ["同じものを数える"]


@pytest.mark.parametrize("offence", [INDICATOR, "penal_code"])
def test_no_projection_crosses_a_change_before_the_target_year(offence: str) -> None:
    with pytest.raises(BreakError, match=r"2029年までの見込み.*架空の刑法"):
        outlook.start(world(change("2025-01-01", offence)))
    outlook.start(world(change("2030-01-01", offence)))
    outlook.start(world(change("2025-01-01", offence, bridged=True)))


def test_a_projection_starts_from_the_years_after_the_change() -> None:
    study = world(change("2017-07-13", INDICATOR, "penal_code"))
    base = outlook.start(study)
    for counts in (base.area, base.parent, base.nation):
        assert list(counts.table.index) == [2018, 2019, 2020, 2021, 2022]
    with pytest.raises(BreakError, match="2013年から2029年まで"):
        outlook.start(world(change("2021-07-13", INDICATOR)))


def test_a_backtest_crosses_no_change() -> None:
    study = world(change("2018-07-13", "penal_code"))
    base = outlook.start(study)
    everything = replace(base, nation=series.nation_penal(study))
    with pytest.raises(BreakError, match="過去の年での検証: 2013年から2022年まで"):
        outlook_backtest.record_backtests(study, everything)


def drugs(*breaks: Break) -> Study:
    years = range(2018, 2025)
    persons = dict.fromkeys(years, 50.0)
    rows = worlds.city(dict.fromkeys(years, 1000.0), dict.fromkeys(years, 480.0))
    rows += worlds.counts(
        "3-2", persons, dict.fromkeys(years, 24.0), offence="cannabis", definition="drugs"
    )
    study = worlds.study(rows, first_year=2018, groups_first_year=2018, last_year=2024)
    return replace(study, breaks=breaks)


def test_the_cannabis_years_are_not_pooled_across_an_unbridged_change() -> None:
    law = "2024-12-12"
    with pytest.raises(BreakError, match="2018年から2024年まで"):
        cannabis.record_shares(drugs(change(law, "cannabis", "narcotics")))
    own = cannabis.record_shares(drugs(change(law, "cannabis", "narcotics", bridged=True)))
    assert own.table.index.max() == 2024
    whole = change(law, INDICATOR)
    study = drugs(whole)
    with pytest.raises(BreakError, match="ほかの罪種"):
        lines.against(study, cannabis.record_shares(study), series.indicator(study), difference="…")


def groups(*breaks: Break) -> Study:
    years = range(2018, 2024)
    rows = worlds.city(dict.fromkeys(years, 900.0), dict.fromkeys(years, 400.0))
    for name in context.GROUPS:
        found = {year: 100.0 - year + 2018 for year in years}
        found[2023] += 200 * (name == "moral")
        rows += worlds.rows("2-4", found, measure="persons_arrested", offence=name)
    study = worlds.study(rows, first_year=2018, groups_first_year=2018, last_year=2023)
    return replace(study, breaks=breaks)


def test_groups_that_a_change_divides_are_not_compared() -> None:
    plain, cut = groups(), groups(change("2023-07-13", "felonious", "moral"))
    for study in (plain, cut):
        context.record_groups(study)
    assert [fact(plain, f"offences.{part}") for part in ("groups", "fewer")] == [9, 8]
    assert [fact(cut, f"offences.{part}") for part in ("groups", "fewer")] == [7, 7]
    assert (fact(plain, "offences.not_compared"), fact(cut, "offences.not_compared")) == (0, 2)
    assert fact(plain, "offences.composition.p") < 0.001 < fact(cut, "offences.composition.p")
    assert fact(cut, "offences.composition.last_year") == 2022
    assert fact(plain, "offences.composition.last_year") == 2023
    assert "city.offence.moral.change" not in cut.facts.facts
    assert "city.offence.moral.2023" in cut.facts.facts


def strokes(svg: str, dash: str) -> list[str]:
    root = ET.fromstring(svg)
    paths = root.iter("{http://www.w3.org/2000/svg}path")
    return [one.attrib["d"] for one in paths if one.attrib.get("stroke-dasharray") == dash]


def test_figures_draw_the_line_and_cite_the_law() -> None:
    study = world(change("2018-07-13", INDICATOR), change("2031-01-01", INDICATOR, name="far"))
    area = trends.with_interval(study, series.indicator(study))
    figure = trends_shown.three_areas(
        study, area, series.parent_penal(study), series.nation_penal(study)
    )
    assert "平成30(2018)年7月 架空の法改正" in figure.svg
    assert "2031" not in figure.svg
    assert len(strokes(figure.svg, "6,3")) == 1
    assert figure.notes[-1].startswith("注：縦の破線は法律の改正。架空の法改正は「架空の刑法")
    assert LAW.number in figure.notes[-1]
    # Without a bridge the line of the area is not carried across the change; its year stands alone.
    lines = ET.fromstring(figure.svg).iter("{http://www.w3.org/2000/svg}path")
    own = [one.attrib["d"] for one in lines if one.attrib.get("stroke-width") == "2"]
    assert [len(re.findall("M", d)) for d in own] == [3]
    plain = world()
    figure = trends_shown.three_areas(
        plain, area, series.parent_penal(plain), series.nation_penal(plain)
    )
    assert not strokes(figure.svg, "6,3")
    assert "破線" not in "".join(figure.notes)


def test_one_change_with_and_without_a_bridge_is_one_line() -> None:
    bridged = change("2018-07-13", "penal_code", bridged=True)
    study = world(bridged, change("2018-07-13", INDICATOR))
    area, parent = series.indicator(study), series.parent_penal(study)
    (line,) = law_changes.lines(study, area.rows, parent.rows)
    assert (line.year, line.label, line.bridged) == (2018, "平成30(2018)年7月 架空の法改正", False)
    (line,) = law_changes.lines(study, parent.rows, english=True)
    assert (line.label, line.bridged) == ("Jul 2018: made-up law", True)


def test_the_published_edition_names_each_change_and_bounds_what_it_moved(
    published: Study,
) -> None:
    study = published
    area, parent, nation = trends.record_shares(study)
    table = law_changes.table(study, area, parent, nation)
    assert [row[0].split("日")[0] for row in table.rows] == [
        "平成29(2017)年7月13",
        "令和5(2023)年7月13",
        "令和6(2024)年12月12",
    ]
    # 凶悪犯と風俗犯: 3978 + 5432 in 2022, 4860 + 6840 in 2023; 86099 of 183269 persons in 2023.
    place = "nation.law.sexual_offences_2023"
    assert study.facts.get(f"{place}.added").value == 2290
    assert study.facts.get(f"{place}.part").value == pytest.approx(100 * 2290 / 183269)
    bound = 100 * (86099 / (183269 - 2290) - 86099 / 183269)
    assert study.facts.get(f"{place}.points").value == pytest.approx(bound)
    # From 2016 to 2018 fewer persons were arrested for them: nothing was added.
    assert not [id for id in study.facts.facts if "sexual_offences_2017" in id]


def test_a_change_that_does_not_touch_the_nation_is_not_bounded_there() -> None:
    bridged = change("2020-07-13", INDICATOR, bridged=True, parts=("cannabis",))
    study = world(bridged)
    own = {"area_code": NATION, "offence": "cannabis", "measure": "persons_arrested"}
    nation = series.nation_penal(study)
    some = study.rows[
        (study.rows["area_code"] == NATION) & (study.rows["measure"] == "persons_arrested")
    ].assign(**own)
    grown = some.assign(value=[float(100 * at) for at in range(1, len(some) + 1)])
    wider = replace(study, rows=pd.concat([study.rows, grown], ignore_index=True))
    area, parent = series.indicator(wider), series.parent_penal(wider)
    table = law_changes.table(wider, area, parent, nation)
    assert [row[-1] for row in table.rows] == ["触れない"]
    assert table.notes == ()
    assert not [id for id in wider.facts.facts if ".law." in id]
