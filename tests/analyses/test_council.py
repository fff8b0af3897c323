"""The council report's own figures and tables, on a made-up city and on the published data."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from itertools import product

import numpy as np
import pytest

from minato_analysis.analyses import (
    cannabis,
    cannabis_breakdown,
    chances,
    council,
    council_closing,
    council_focus,
    council_outlook,
    council_terms,
    outlook,
    series,
    timeline,
    trends,
)
from minato_analysis.analyses.cannabis_shown import DIFFERENCE
from minato_analysis.analyses.council_outlook import GROWTH, REOFFENDERS
from minato_analysis.data.study import Study
from minato_analysis.figures import Figure
from minato_analysis.numbers.tables import Table
from minato_analysis.reporting.prose import check_digits
from tests import specimen
from tests.analyses import lines, worlds
from tests.analyses.worlds import NATION, PREFECTURE, YEARS

PERSONS = dict(zip(YEARS, (1600, 1500, 1400, 1300, 1200, 1100), strict=True))
REOFFENDERS_BY_YEAR = dict(zip(YEARS, (720, 700, 660, 600, 560, 539), strict=True))


@pytest.fixture
def world() -> Study:
    """A city whose first-time offenders fall, and a target."""
    rows = worlds.city(PERSONS, REOFFENDERS_BY_YEAR)
    rows += worlds.rows(
        "prose", {2029: 46.2}, measure="target_share", unit="percent", definition="goal"
    )
    for area, source in ((PREFECTURE, worlds.SOURCE), (NATION, "national-penal-code")):
        rows += worlds.counts(
            "3-1",
            dict.fromkeys(YEARS, 9000.0),
            dict.fromkeys(YEARS, 4300.0),
            area_code=area,
            source_id=source,
            offence="penal_code",
            definition="above",
        )
    return worlds.study(rows)


def percent(part: float, whole: float) -> str:
    value = (Decimal(100 * int(part)) / int(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{value}%"


def test_scenarios_are_steady_changes_to_the_target_year(world: Study) -> None:
    found = council_outlook.record_scenarios(world, outlook.start(world))
    recent = 1000 * ((561 / 880) ** (1 / 5) - 1)
    assert found.first_time == {"flat": 0, "recent": round(recent), "growth": GROWTH}
    assert world.facts.get("council.scenario.recent").value == round(recent) / 10
    cells = [cell for row in council_outlook.scenarios(found).rows for cell in row[1:]]
    rates = product(REOFFENDERS.values(), found.first_time.values())
    for (again, first), cell in zip(rates, cells, strict=True):
        k = int(539 * (1 + again / 1000) ** 7 + 0.5)
        n = k + int(561 * (1 + first / 1000) ** 7 + 0.5)
        met = Decimal(percent(k, n).rstrip("%")) <= Decimal("46.2")
        expected = f"{percent(k, n)}　{'届く' if met else '届かない'}（{k:,}人／{n:,}人）"
        assert cell == expected
    met = sum("届く" in cell for cell in cells)
    assert world.facts.get("council.scenario.met").value == met
    flat = world.facts.get("council.scenario.down2.flat.share")
    assert flat.display == cells[3].partition("　")[0]


def test_the_levers_say_what_the_table_says(world: Study) -> None:
    base = outlook.start(world)
    found = council_outlook.record_scenarios(world, base)
    levers = council_outlook.levers(base, found)
    assert "再犯者539人、初犯者561人、再犯者の割合49.0%" in levers.result
    row = council_outlook.scenarios(found).rows[1]
    said = council_outlook.outcome(base, REOFFENDERS["down2"], found.first_time["recent"])
    assert row[2].partition("　")[0] in said
    assert all(one.low <= rate <= one.high for one, rate in zip(
        levers.levers, (min(REOFFENDERS.values()), found.first_time["recent"]), strict=True
    ))  # fmt: skip


@pytest.mark.parametrize(("again", "first"), [(-10, 0), (-20, -88), (-30, 20), (50, -100)])
def test_the_outcome_compounds_and_rounds_half_up(world: Study, again: int, first: int) -> None:
    """By hand: counts half up, then the published tenth of the share half up, in whole numbers."""
    k = int(539 * (1 + again / 1000) ** 7 + 0.5)
    n = k + int(561 * (1 + first / 1000) ** 7 + 0.5)
    tenths = (2000 * k + n) // (2 * n)
    said = council_outlook.outcome(outlook.start(world), again, first)
    assert said.startswith(f"再犯者{k:,}人、初犯者{n - k:,}人、再犯者の割合{tenths / 10:.1f}%。")
    assert said.endswith("届きます。" if tenths <= 462 else "届きません。")


def test_a_steep_fall_widens_the_lever() -> None:
    first = dict(zip(YEARS, np.geomspace(4000, 900, 6).round(), strict=True))
    again = dict.fromkeys(YEARS, 700.0)
    rows = worlds.city({year: first[year] + 700 for year in YEARS}, again)
    rows += worlds.rows("prose", {2029: 40.0}, measure="target_share", unit="percent")
    for area, source in ((PREFECTURE, worlds.SOURCE), (NATION, "national-penal-code")):
        shares = {"offence": "penal_code", "area_code": area, "series_id": source}
        rows += worlds.counts(
            "3-1", dict.fromkeys(YEARS, 9000.0), dict.fromkeys(YEARS, 4300.0), **shares
        )
    study = worlds.study(rows)
    base = outlook.start(study)
    found = council_outlook.record_scenarios(study, base)
    assert found.first_time["recent"] < council_outlook.LOW
    assert council_outlook.levers(base, found).levers[1].low == found.first_time["recent"]


def test_persons_of_a_hundred_are_the_share_rounded_half_up(world: Study) -> None:
    area = series.indicator(world)
    area.table.loc[2022, ["reoffenders", "share"]] = 550, 50.0
    figure = council_terms.two_shares(world, area)
    assert world.facts.get("council.of_a_hundred").display == "50人"
    assert "経歴がある　50人" in figure.svg
    assert "初めて　50人" in figure.svg


def test_a_share_above_is_never_quoted_without_its_persons(world: Study) -> None:
    council.record_above(world, series.parent_penal(world), series.nation_penal(world))
    assert world.facts.get("council.parent.reoffenders").display == "4,300人"
    assert world.facts.get("council.nation.reoffenders").observations


def released(parent: float) -> Study:
    rows = []
    for area, without in ((PREFECTURE, parent), (NATION, 2000.0)):
        for measure, value in (("released", 10000.0), ("released_without_home", without)):
            values = {2020: value, 2021: value if area == NATION else value + 500}
            if measure == "released":
                values = dict.fromkeys(values, value)
            rows += worlds.rows("4-1", values, measure=measure, area_code=area, offence="all")
    return worlds.study(rows)


@pytest.mark.parametrize(
    ("parent", "title"), [(2100.0, "どの年も{{ parent_name }}"), (1800.0, "帰る場所")]
)
def test_higher_is_said_only_where_it_is_so_in_every_year(parent: float, title: str) -> None:
    assert council_focus.nowhere_to_go(released(parent)).title.startswith(title)


@pytest.mark.parametrize(
    ("p", "ratio", "end"), [(0.06, 1.3, "まだ分からない"), (0.04, 1.3, "高い"), (0.04, 0.7, "低い")]
)
def test_cannabis_is_called_higher_only_by_the_test_over_the_years(
    world: Study, p: float, ratio: float, end: str
) -> None:
    for name, value, unit in (("cmh.p", p, "p_value"), ("mh_or", ratio, "number")):
        id = f"{world.area.key}.cannabis.{name}"
        world.facts.record(id, value, unit=unit, digits=2, from_="s/t!r!c", formula="made up")
    assert council_focus.against_others(world).endswith(end)


def test_sizes_have_no_sign(world: Study) -> None:
    key = f"{world.area.key}.{{}}.{YEARS[0]}_{YEARS[-1]}"
    for name, value in (("points", -2.8), ("low", -6.7), ("high", 1.1)):
        world.facts.record(
            f"{key.format('change')}.{name}",
            value,
            unit="points",
            digits=1,
            from_="s/t!r!c",
            formula="f",
        )
    for name, value in (("reoffenders", -8.5), ("first_time", 5.7)):
        world.facts.record(
            f"{key.format('shapley')}.{name}",
            value,
            unit="points",
            digits=1,
            from_="s/t!r!c",
            formula="f",
        )
    council.record_sizes(world)
    names = ("share", "share.low", "share.high", "again", "first_time")
    shown = [world.facts.get(f"council.size.{name}").display for name in names]
    assert shown == ["2.8ポイント", "6.7ポイント", "1.1ポイント", "8.5ポイント", "5.7ポイント"]
    assert world.facts.get("council.years").value == YEARS[-1] - YEARS[0]


@pytest.fixture(scope="module")
def shown() -> list[Figure | Table]:
    """Everything the report draws from the published data."""
    study = specimen.study("council_report")
    quiet = study.unrecorded()
    area, parent, nation = trends.record_shares(quiet)
    own = cannabis.record_shares(quiet)
    against = lines.against(quiet, own, area, difference=DIFFERENCE)
    stations = cannabis_breakdown.record_stations(quiet, own)
    pooled = cannabis.record_beside(quiet, own, against)
    base = outlook.start(quiet)
    projected = outlook.record_projection(quiet, base, outlook.project(base))
    council_focus.record_others(study, against)
    timeline.record_timeline(quiet)
    return [
        council.key_figure(study, area),
        council.areas(study, area, parent, nation),
        council.offence_groups(study),
        council_terms.two_shares(study, area),
        council_terms.scope(study, area),
        council_focus.cannabis_beside(quiet, own, against, pooled, stations),
        council_focus.nowhere_to_go(study),
        council_outlook.fan(study, base, projected),
        chances.by_member(quiet, "council-chances", table=False, **chances.HALF),
        chances.when(quiet, "council-when"),
        council_outlook.scenarios(council_outlook.record_scenarios(study, base)),
        council_closing.requests(study),
    ]


def test_no_number_is_typed_into_a_title_or_note(shown: list[Figure | Table]) -> None:
    for one in shown:
        texts = [*one.notes, one.caption] if isinstance(one, Table) else []
        if isinstance(one, Figure):
            texts = [one.title, one.subtitle, one.desc, *one.notes]
            texts += [one.table.caption] if one.table else []
        for text in texts:
            assert check_digits(text, place=one.id) == []


def test_drawings_with_a_table_leave_it_room(shown: list[Figure | Table]) -> None:
    figures = {one.id: one for one in shown if isinstance(one, Figure)}
    narrow = {id for id, one in figures.items() if one.layout == "beside"}
    assert narrow >= {"key-figure", "council-fan", "council-cannabis", "council-home"}
    for id, one in figures.items():
        width = float(re.search(r'viewBox="0 0 ([\d.]+)', one.svg)[1])  # type: ignore[index]
        # On paper a box stands beside the dots.
        assert width == (236 if id in narrow | {"council-chances"} else 475)


def test_stations_are_pooled_and_add_up(shown: list[Figure | Table]) -> None:
    figure = next(one for one in shown if one.id == "council-cannabis")
    assert isinstance(figure, Figure)
    assert figure.table
    whole, largest, others, *_ = figure.table.rows
    for column in (1, 2):
        assert int(whole[column]) == int(largest[column]) + int(others[column])
    assert min(int(row[2].replace(",", "")) for row in figure.table.rows) >= 10


def test_the_offence_groups_are_the_persons_of_the_indicator(shown: list[Figure | Table]) -> None:
    figure = next(one for one in shown if one.id == "offence-groups")
    assert isinstance(figure, Figure)
    assert figure.table
    years = zip(*(row[1:] for row in figure.table.rows), strict=True)
    sums = [sum(map(int, year)) for year in years]
    assert sums == [1521, 1362, 1092, 1014, 1053]


def test_every_way_of_looking_has_a_row_of_twenty(shown: list[Figure | Table]) -> None:
    figure = next(one for one in shown if one.id == "council-chances")
    assert isinstance(figure, Figure)
    said = re.findall(r">20回に(\d+)回<", figure.svg)
    assert len(said) == 5
    assert figure.svg.count("<use") == 5 * 20
    assert int(said[0]) == 9


def test_the_time_line_ends_when_the_target_year_is_known(shown: list[Figure | Table]) -> None:
    figure = next(one for one in shown if one.id == "council-when")
    assert isinstance(figure, Figure)
    years = [int(one) for one in re.findall(r">[^<>()]*\((\d{4})\)年　[^<>]*</text>", figure.svg)]
    assert years[-1] - 2029 == 2024 - 2022  # the plan's date and its newest year
    assert years == sorted(years)


def test_files_are_not_named_on_paper(shown: list[Figure | Table]) -> None:
    table = shown[-1]
    assert isinstance(table, Table)
    assert len(table.rows) == 8
    assert not any(".csv" in cell for row in table.rows for cell in row)
