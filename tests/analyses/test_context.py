"""Notebook 06's computations on a made-up city whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from minato_analysis import data
from minato_analysis.analyses import context, context_around, context_around_shown, context_shown
from minato_analysis.data.study import Study
from tests.analyses import worlds
from tests.analyses.worlds import GROUP_YEARS, NATION, PREFECTURE, rows

FIRST, LAST = GROUP_YEARS[0], GROUP_YEARS[-1]
FALLING = {year: 200.0 - 20 * step for step, year in enumerate(GROUP_YEARS)}
FLAT = dict.fromkeys(GROUP_YEARS, 100.0)
PRISON = range(2016, 2024)


def always(value: float) -> dict[int, float]:
    return dict.fromkeys(GROUP_YEARS, value)


def groups(**changed: dict[int, float]) -> list[dict[str, object]]:
    """Return nine groups of 100 persons a year, those named otherwise."""
    found = []
    for name in context.GROUPS:
        values = changed.get(name, FLAT)
        found += rows("2-4", values, measure="persons_arrested", offence=name)
    return found


def stations(shares: dict[str, float]) -> list[dict[str, object]]:
    """Return violent offences of stations with 100 persons a year (the first: 200)."""
    found = []
    for at, (name, share) in enumerate(shares.items()):
        persons = 200.0 if at == 0 else 100.0
        found += worlds.counts(
            f"3-4-{at}", always(persons), always(persons * share), offence="violent", station=name
        )
    return found


def officers(area: str, current: list[float], quota: float) -> list[dict[str, object]]:
    years = range(2021, 2021 + len(current))
    about = {"area_code": area, "offence": "all", "definition": "probation-officers"}
    counted = dict(zip(years, current, strict=True))
    return [
        *rows(f"3-7-{area}", counted, measure="probation_officers", **about),
        *rows(
            f"3-7-{area}", dict.fromkeys(years, quota), measure="probation_officer_quota", **about
        ),
    ]


def prison(area: str, released: float, without: list[float]) -> list[dict[str, object]]:
    about = {"area_code": area, "offence": "all", "definition": "released-prisoners"}
    counted = dict(zip(PRISON, without, strict=True))
    return [
        *rows(f"3-8-{area}", dict.fromkeys(PRISON, released), measure="released", **about),
        *rows(f"3-8-{area}", counted, measure="released_without_home", **about),
    ]


def value(study: Study, name: str) -> float:
    return study.facts.get(name).value


def test_groups_give_change_weight_and_how_many_fell() -> None:
    study = worlds.study(groups(violent=FALLING))
    table = context.record_groups(study)
    assert list(table.columns) == list(GROUP_YEARS)
    assert value(study, "city.offence.violent.change") == pytest.approx(100 * (120 / 200 - 1))
    assert value(study, "city.offence.larceny.change") == 0
    assert value(study, "city.offence.violent.weight") == pytest.approx(100 * 120 / 920)
    assert value(study, "city.offences.fewer") == 1
    assert value(study, "city.offences.groups") == 9
    assert value(study, "city.context.level") == pytest.approx(0.05)
    assert value(study, f"city.offence.moral.{LAST}") == 100


def test_a_changed_composition_is_found_and_a_constant_one_is_not() -> None:
    steep = {year: 600.0 - 120 * step for step, year in enumerate(GROUP_YEARS)}
    moving = worlds.study(groups(violent=steep))
    halved = {year: 100.0 - 10 * step for step, year in enumerate(GROUP_YEARS)}
    constant = worlds.study(groups(**dict.fromkeys(context.GROUPS, halved)))
    for study in (moving, constant):
        context.record_groups(study)
    assert value(moving, "city.offences.composition.p") < 0.01
    assert value(constant, "city.offences.composition.p") == pytest.approx(1.0)


def test_a_group_printed_twice_counts_once() -> None:
    again = rows("3-4", FALLING, measure="persons_arrested", offence="violent")
    study = worlds.study(groups(violent=FALLING) + again)
    assert context.record_groups(study).loc["violent", FIRST] == 200


def test_the_station_that_differs_is_found_and_counted_once() -> None:
    shares = {"北": 0.6, "南": 0.4, "東": 0.4}
    study = worlds.study(stations(shares))
    found = context.record_stations(study, "violent")
    place = "city.violent.station"
    # 600 of 1,000 against 400 of 1,000: the other two stations together.
    assert value(study, f"{place}.largest.share") == pytest.approx(60.0)
    assert value(study, f"{place}.largest.points") == pytest.approx(20.0)
    assert value(study, f"{place}.largest.weight") == pytest.approx(50.0)
    assert value(study, f"{place}.higher") == 1
    assert value(study, f"{place}.lower") == 2
    assert found.pooled.loc["南", "persons_arrested"] == 500
    assert found.last.loc["北", "reoffenders"] == 120


def test_equal_stations_are_not_told_apart() -> None:
    study = worlds.study(stations({"北": 0.5, "南": 0.5, "東": 0.5}))
    context.record_stations(study, "violent")
    for name in ("higher", "lower", f"apart.{LAST}"):
        assert value(study, f"city.violent.station.{name}") == 0
    assert value(study, f"city.violent.station.p_holm.least.{LAST}") == pytest.approx(1.0)


def test_fishers_p_is_adjusted_over_the_stations() -> None:
    study = worlds.study(stations({"北": 0.5, "南": 0.4}))
    found = context.record_stations(study, "violent")
    p = stats.fisher_exact([[100, 100], [40, 60]]).pvalue
    # Two stations are each other's rest: the smaller p is doubled, the other one raised to it.
    assert found.last["p_holm"].tolist() == pytest.approx([min(2 * p, 1)] * 2)


def test_ages_take_the_youngest_band() -> None:
    cannabis = {"offence": "cannabis", "measure": "persons_arrested"}
    bands = rows("3-3a", always(30.0), age_band="20-29", **cannabis)
    bands += rows("3-3b", always(10.0), age_band="65+", **cannabis)
    bands += rows("3-3c", always(40.0), age_band="all", **cannabis)
    study = worlds.study(bands)
    table = context.record_ages(study)
    assert table["share"].tolist() == [75.0] * len(GROUP_YEARS)
    assert (table["low"] < 75).all()
    assert (table["high"] > 75).all()
    assert value(study, "city.cannabis.youngest.trend.p") == pytest.approx(1.0)
    assert value(study, "city.cannabis.youngest.homogeneity.p") == pytest.approx(1.0)


def test_probation_officers_are_compared_year_by_year() -> None:
    study = worlds.study(
        officers(worlds.CITY, [8, 9], 10)
        + officers(PREFECTURE, [70, 70], 100)
        + officers(NATION, [850, 850], 1000)
    )
    table = context_around.record_probation_officers(study)
    place = "city.probation_officers"
    assert table.loc[("city", 2022), "fill_share"] == pytest.approx(90.0)
    assert value(study, f"{place}.years_above.prefecture") == 2
    assert value(study, f"{place}.years_above.nation") == 1
    assert value(study, f"{place}.vacant.latest") == 1
    assert value(study, f"{place}.one_person") == 10
    assert study.facts.get(f"{place}.latest.year").display == "令和4(2022)年"
    assert value(study, "nation.probation_officers.fill_share.2021") == 85.0


USUAL = [300.0, 310.0, 300.0, 310.0, 300.0, 310.0, 300.0]


def released(last: float, before: list[float] = USUAL) -> Study:
    study = worlds.study(
        prison(PREFECTURE, 1000, [*before, last])
        + prison(NATION, 11000, [one + 1000 for one in [*before, last]])
    )
    study.facts.facts.clear()
    return study


def test_a_jump_is_found_and_the_rest_of_the_nation_is_apart() -> None:
    study = released(450)
    found = context_around.record_released(study)
    place = "prefecture.released_without_home"
    assert value(study, f"{place}.jump.points") == pytest.approx(15.0)
    assert value(study, f"{place}.jump.p_holm") < 1e-6
    assert value(study, f"{place}.jump.walk_p") < 0.001
    assert value(study, f"{place}.jump.earlier.apart") == 0
    assert found.shares["rest"].tolist() == pytest.approx([10.0] * len(PRISON))
    assert value(study, "nation.released_without_home.rest.jump.p") == pytest.approx(1.0)
    assert value(study, "nation.released_without_home.parent_weight.latest") == pytest.approx(
        100 * 450 / 1450
    )


def test_an_ordinary_year_is_no_jump() -> None:
    study = released(310)
    context_around.record_released(study)
    place = "prefecture.released_without_home"
    assert value(study, f"{place}.jump.p_holm") == 1
    assert value(study, f"{place}.jump.walk_p") > 0.3


def test_a_restless_series_makes_the_same_jump_less_surprising() -> None:
    calm = context_around.walk_p([30, 31, 30, 31, 30, 45])
    restless = context_around.walk_p([30, 40, 30, 40, 30, 45])
    assert calm < 0.01 < restless


def test_the_usual_spread_is_measured_without_the_last_change() -> None:
    logits = np.array([0.0, 0.1, 0.2, 0.1, 0.5])
    p = context_around.walk_p(100 / (1 + np.exp(-logits)))
    # Earlier changes all 0.1 in size, the last one 0.4: t = 4 with 3 degrees of freedom, of 4 changes.
    assert p == pytest.approx(4 * 2 * stats.t.sf(4, 3))


def test_the_last_change_counts_as_the_largest_of_all() -> None:
    """Worlds without any change of their own: the largest of seven is below 0.2 in a fifth of them."""
    changes = np.random.default_rng(3).normal(0, 0.2, size=(2000, 7))
    at = np.arange(2000), np.abs(changes).argmax(axis=1)
    changes[at], changes[:, -1] = changes[:, -1].copy(), changes[at].copy()
    logits = np.column_stack([np.zeros(2000), changes.cumsum(axis=1)])
    found = [context_around.walk_p(100 / (1 + np.exp(-one))) for one in logits]
    assert np.mean(np.array(found) < 0.2) == pytest.approx(0.2, abs=0.036)


def test_a_part_larger_than_the_whole_is_refused() -> None:
    study = worlds.study(prison(PREFECTURE, 1000, [300] * 8) + prison(NATION, 1200, [200] * 8))
    with pytest.raises(ValueError, match="k_part"):
        context_around.record_released(study)


def test_a_missing_offence_is_refused() -> None:
    with pytest.raises(data.DataError, match="E0-SELECT"):
        context.record_stations(worlds.study(groups()), "violent")


def test_the_published_numbers(published: Study) -> None:
    """By hand from 図表2-4, 3-4, 3-7 and 3-8."""
    context.record_groups(published)
    violent = context.record_stations(published, "violent")
    context.record_ages(published)
    context_around.record_probation_officers(published)
    context_around.record_released(published)
    facts = published.facts
    assert facts.get("minato.offence.violent.change").value == pytest.approx(100 * (321 / 479 - 1))
    assert facts.get("minato.offences.fewer").value == 9
    persons, reoffenders = 180 + 118 + 111 + 105 + 119, 93 + 57 + 56 + 53 + 65
    all_persons, all_reoffenders = 479 + 393 + 337 + 284 + 321, 217 + 164 + 143 + 125 + 154
    others = (all_reoffenders - reoffenders) / (all_persons - persons)
    assert facts.get("minato.violent.station.largest.points").value == pytest.approx(
        100 * (reoffenders / persons - others)
    )
    assert violent.pooled["persons_arrested"].sum() == all_persons
    assert facts.get("minato.cannabis.youngest.share.2022").value == pytest.approx(100 * 29 / 46)
    assert facts.get("minato.probation_officers.fill_share.2024").display == "90.8%"
    assert facts.get("minato.probation_officers.years_above.nation").value == 1
    assert facts.get("tokyo.released_without_home.share.2023").value == pytest.approx(
        100 * 437 / 1087
    )
    assert facts.get("tokyo.released_without_home.jump.points").value == pytest.approx(
        100 * (437 / 1087 - 281 / 1066)
    )
    assert facts.get("nation.released_without_home.rest.latest").value == pytest.approx(
        100 * (2591 - 437) / (16233 - 1087)
    )


def test_the_published_figures_and_tables_are_drawn(published: Study) -> None:
    groups_shown = context_shown.groups(published, context.record_groups(published))
    assert "最も多いのは粗暴犯、次いで窃盗犯" in groups_shown.title
    violent = context.record_stations(published, "violent")
    assert context_shown.cells(published, violent).rows[3][-1] == "119 (65)"
    assert context_shown.against_others(violent).columns[0] == "警察署"
    assert context_shown.stations(published, violent).table is not None
    officers_shown = context_around_shown.probation_officers(
        published, context_around.record_probation_officers(published)
    )
    assert "年ごとに高くなった" in officers_shown.title
    leaving = context_around.record_released(published)
    shown = context_around_shown.released(published, leaving)
    assert "最後の年に大きく上がった" in shown.title
    assert any("目立って大きい" in note for note in shown.notes)
    special = context_around.record_special_law(published)
    assert "対象が違う" in context_around_shown.special_law(published, special).notes[0]
    table = context_around_shown.special_law_difference(published)
    assert table.rows[1][1] != table.rows[1][2]


def test_an_ordinary_last_year_is_not_titled_a_jump() -> None:
    study = released(310)
    shown = context_around_shown.released(study, context_around.record_released(study))
    assert "年によって上下" in shown.title
    assert not any("目立って" in note for note in shown.notes)
