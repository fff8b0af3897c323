"""Withheld and unpublished counts: what depends on them is not known, everything else stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from minato_analysis.analyses import (
    cannabis,
    cannabis_breakdown,
    cannabis_breakdown_shown,
    context,
    context_shown,
    council,
    directions,
    few,
    known,
    trends,
)
from minato_analysis.analyses.cannabis_shown import DIFFERENCE
from minato_analysis.data.study import Study
from minato_analysis.numbers.facts import FactError
from minato_analysis.numbers.remarks import Remark
from minato_analysis.statistics import shrinkage
from tests.analyses import lines

Rows = pd.DataFrame


def without(study: Study, where: Callable[[Rows], pd.Series], status: str = "suppressed") -> Study:
    """Return the study with some cells withheld, or not published yet."""
    rows = study.rows.copy()
    hit = where(rows)
    assert hit.any()
    rows.loc[hit, "value"], rows.loc[hit, "status"] = np.nan, status
    return replace(study.unrecorded(), rows=rows)


def cell(table: str, station: str, year: int) -> Callable[[Rows], pd.Series]:
    return lambda rows: (
        (rows["table"] == table) & (rows["station"] == station) & (rows["year"] == year)
    )


def test_a_withheld_station_leaves_the_others_as_they_were(published: Study) -> None:
    whole = published.unrecorded()
    before = context.record_stations(whole, "violent")
    study = without(published, cell("3-4", "高輪", 2022))
    after = context.record_stations(study, "violent")
    others = before.pooled.drop("高輪")
    pd.testing.assert_frame_equal(
        after.pooled.loc[others.index].drop(columns="p_holm"), others.drop(columns="p_holm")
    )
    assert after.pooled.loc["高輪", ["persons_arrested", "share", "points"]].isna().all()
    pd.testing.assert_series_equal(after.whole, before.whole)
    fact = study.facts.get("minato.violent.station.higher")
    assert not fact.known
    assert all("高輪" in address for address in fact.observations)


def test_the_sign_stands_in_its_cell_and_in_no_sum(published: Study) -> None:
    study = without(published, cell("3-4", "高輪", 2022))
    found = context.record_stations(study, "violent")
    rows = {row[0]: row for row in context_shown.cells(study, found).rows}
    assert rows["高輪"][-1] == "x"
    assert not any("nan" in text for row in rows.values() for text in row)
    figure = context_shown.stations(study, found)
    assert figure.table is not None  # type: ignore[union-attr]
    assert "高輪" not in {row[0] for row in figure.table.rows}  # type: ignore[union-attr]


def test_a_station_of_the_cannabis_page_may_be_withheld(published: Study) -> None:
    study = without(published, cell("3-2", "高輪", 2022))
    own = cannabis.record_shares(study)
    found = cannabis_breakdown.record_stations(study, own)
    rows = {row[0]: row for row in cannabis_breakdown_shown.station_cells(study, found).rows}
    assert rows["高輪"][-2:] == ("x", "…")
    assert study.facts.get("minato.cannabis.station.largest.share").known
    assert cannabis_breakdown_shown.funnel(study, own, found).id == "cannabis-funnel"


def test_a_withheld_total_is_said_in_the_place_of_its_figure(published: Study) -> None:
    study = without(published, cell("3-2", "all", 2022))
    area, _, _ = trends.record_shares(study)
    own = cannabis.record_shares(study)
    others = lines.against(study, own, area, difference=DIFFERENCE)
    assert np.isnan(others.table.loc[2022, "share"])
    assert others.table.loc[2021, "share"] == pytest.approx(
        lines.against(
            other := published.unrecorded(),
            cannabis.record_shares(other),
            trends.record_shares(other)[0],
            difference=DIFFERENCE,
        ).table.loc[2021, "share"]
    )
    for name in ("share.pooled", "share.2022", "other.share.2022", "mh_or", "homogeneity.p"):
        assert not study.facts.get(f"minato.cannabis.{name}").known
    stations = cannabis_breakdown.record_stations(study, own)
    shown = cannabis_breakdown_shown.funnel(study, own, stations)
    assert isinstance(shown, Remark)
    assert "公表されていません" in shown.paragraphs[0]


def test_a_group_that_is_not_out_takes_no_place_and_no_sum(published: Study) -> None:
    study = without(
        published,
        lambda rows: (
            (rows["table"] == "2-4") & (rows["offence"] == "moral") & (rows["year"] == 2022)
        ),
        "missing",
    )
    table = context.record_groups(study)
    assert np.isnan(table.loc["moral", 2022])
    assert not study.facts.get("minato.offence.violent.weight").known
    assert study.facts.get("minato.offence.violent.change").known
    shown = context_shown.groups(study, table)
    assert shown.title == directions.NO_LARGEST
    assert shown.table is not None
    assert shown.table.rows[-1][-1] == "…"
    assert council.offence_groups(study).table is not None


def test_a_sum_with_a_missing_part_is_not_a_smaller_sum() -> None:
    table = pd.DataFrame({"甲": [90.0, 80.0], "乙": [9.0, np.nan], "丙": [20.0, 21.0]})
    kept, together = few.pooled(table)
    assert together == ["乙", "丙"]
    assert kept[""].tolist()[0] == 29
    assert np.isnan(kept[""].tolist()[1])


def test_a_nation_that_is_not_out_yet_is_not_asked_for(published: Study) -> None:
    rows = published.rows
    national = (rows["series_id"] == "national-penal-code") & (rows["year"] >= 2022)
    study = replace(published.unrecorded(), rows=rows[~national])
    area, parent, nation = trends.record_shares(study)
    council.record_above(study, parent, nation)
    assert study.facts.get("council.parent.reoffenders").known
    assert "council.nation.reoffenders" not in study.facts.all()
    assert council.areas(study, area, parent, nation).table is not None


def test_a_prefecture_whose_value_is_withheld_is_recorded_as_not_known(published: Study) -> None:
    study = without(
        published,
        lambda rows: (
            (rows["table"] == "2-8")
            & (rows["year"] == 2022)
            & rows["measure"].ne("persons_arrested")
        ),
        "missing",
    )
    area, parent, nation = trends.record_shares(study)
    council.record_above(study, parent, nation)
    fact = study.facts.get("council.parent.reoffenders")
    assert (fact.known, fact.display) == (False, "未公表")
    assert council.areas(study, area, parent, nation).table is not None


def test_the_others_of_a_station_are_the_printed_whole_without_it() -> None:
    counts = pd.DataFrame(
        {"persons_arrested": [50.0, 30.0, np.nan], "reoffenders": [25.0, 12.0, np.nan]},
        index=["甲", "乙", "丙"],
    )
    whole = pd.Series({"persons_arrested": 100.0, "reoffenders": 45.0})
    found = known.against_others(counts, whole, 0.95)
    full = shrinkage.compare_with_others([25, 12, 8], [50, 30, 20], 0.95)
    np.testing.assert_allclose(found.difference[:2], full.difference[:2])
    assert np.isnan(found.difference[2])
    nothing = known.against_others(counts, whole * np.nan, 0.95)
    assert np.isnan(nothing.difference).all()


def test_what_is_not_known_although_its_cells_are_still_stops(published: Study) -> None:
    rows = published.rows.head(3)
    with pytest.raises(FactError, match="E3-UNDEFINED"):
        published.facts.record(
            "a.b", float("nan"), unit="percent", digits=1, from_=rows, formula="0 / 0"
        )
