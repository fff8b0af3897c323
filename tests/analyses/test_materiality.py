"""The indicator without one part, on a made-up city whose answers are known."""

from __future__ import annotations

import pytest

from minato_analysis.analyses import materiality, series
from minato_analysis.data.study import Study
from tests.analyses import worlds
from tests.analyses.worlds import GROUP_YEARS, YEARS

STATIONS = {"北": 0.75, "南": 0.25}
GROUPS = {"violent": (300.0, 120.0), "larceny": (200.0, 100.0), "cannabis": (40.0, 32.0)}


def world() -> Study:
    rows = worlds.city(dict.fromkeys(YEARS, 1000.0), dict.fromkeys(YEARS, 450.0))
    for at, (offence, (persons, again)) in enumerate(GROUPS.items()):
        counts = [dict.fromkeys(GROUP_YEARS, one) for one in (persons, again)]
        rows += worlds.counts(f"3-{at}", *counts, offence=offence)
        for station, part in STATIONS.items():
            of_it = [{year: part * value for year, value in one.items()} for one in counts]
            more = worlds.counts(f"3-{at}", *of_it, offence=offence, station=station)
            rows += [row | {"row": f"{station}{row['row']}"} for row in more]
    return worlds.study(rows)


def test_each_part_is_taken_out_of_both_counts() -> None:
    study = world()
    found = materiality.record_without(study, series.indicator(study))
    # 450 - 32 of 1000 - 40.
    assert study.facts.get("city.without_cannabis.share.2022").value == pytest.approx(
        100 * 418 / 960
    )
    points = 45.0 - 100 * 418 / 960
    assert study.facts.get("city.without_cannabis.points.2020").value == pytest.approx(points)
    assert study.facts.get("city.without_cannabis.persons.2018").value == 40
    # The north: three quarters of 540 persons and of 252 reoffenders.
    row = found.loc["station", "北", 2022]
    assert (row["persons"], row["reoffenders"]) == (405, 189)
    assert row["share"] == pytest.approx(100 * (450 - 189) / (1000 - 405))
    assert study.facts.get("city.without_station.points.most").value == pytest.approx(
        max(abs(found.loc["station"].xs(2022, level="year")["points"]))
    )


def test_half_as_many_more_move_the_indicator_by_their_own_share() -> None:
    study = world()
    materiality.record_without(study, series.indicator(study))
    # 20 persons more, 80 % of them reoffenders in every year: 466 of 1020.
    assert study.facts.get("city.widening.persons").value == 20
    for side in ("low", "high"):
        found = study.facts.get(f"city.widening.points.{side}").value
        assert found == pytest.approx(100 * 466 / 1020 - 45)


def test_the_published_indicator_without_cannabis(published: Study) -> None:
    """By hand from 図表2-10 and 3-2: 516 - 32 of 1,053 - 46 is 48.1 %."""
    materiality.record_without(published, series.indicator(published))
    facts = published.facts
    assert facts.get("minato.without_cannabis.share.2022").value == pytest.approx(100 * 484 / 1007)
    assert facts.get("minato.without_cannabis.share.2020").display == "44.5%"
