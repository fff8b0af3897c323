"""Numbers printed elsewhere, set beside the plan's: recomputed by hand from the frozen data."""

from __future__ import annotations

import numpy as np
import pytest

from minato_analysis.analyses import cannabis, cannabis_outside, found, found_shown
from minato_analysis.data.study import Study
from tests import specimen


def value(study: Study, id: str) -> float:
    return study.facts.get(id).value


def test_recognised_cases_their_lowest_year_and_the_other_wards(published: Study) -> None:
    table = found.record_recognised(published)
    assert value(published, "minato.recognised.2019") == 3474
    assert value(published, "minato.recognised.lowest.year") == 2021
    assert table.loc[2023, "index"] == pytest.approx(100 * 2980 / 4069)
    assert table.loc[2017, "higher"] == 0
    assert value(published, "minato.recognised.places") == 23
    # 図表2-1 prints 104,664 for 2019, the police table 104,668; no year differs by more than 7.
    assert value(published, "tokyo.recognised.apart") == 7


def test_every_municipality_stands_with_its_change_and_its_chance(published: Study) -> None:
    table = found.places(published)
    assert len(table) == 23
    one = table.loc["港区"]
    first, last = one["first"], one["last"]
    assert (first, one["area_code"]) == (4069, "13103")
    assert one["change"] == pytest.approx(100 * (last / first - 1))
    # On the scale of the logarithm a difference of two counts varies by their reciprocals.
    width = np.log((100 + one["high"]) / (100 + one["low"])) / 2
    assert width == pytest.approx(1.96 * np.sqrt(1 / first + 1 / last), rel=0.01)
    assert table["last"].is_monotonic_decreasing
    assert found_shown.places(published).rows[0][0] == table.index[0]


def test_a_year_that_was_not_known_yet_is_not_there(published: Study) -> None:
    assert found.record_recognised(published).index.max() == 2024
    later = specimen.study(as_of="2026-12-31")
    table = found.record_recognised(later)
    assert value(later, "minato.recognised.2025") == 3544
    # The other wards are known to 2024 only: they are compared there.
    assert table["higher"].last_valid_index() == 2024
    assert value(later, "minato.recognised.latest.year") == 2024


def test_adults_are_all_ages_without_the_young(published: Study) -> None:
    table = found.record_adults(published)
    # 81,183 reoffenders, 15,376 persons of 14 to 19 of whom 31.2 % count, 154,033 of 20 and over.
    by_hand = 100 * (81183 - 0.312 * 15376) / 154033
    assert value(published, "nation.penal.adult.share.2022") == pytest.approx(by_hand)
    assert table.loc[2022, "low"] < by_hand < table.loc[2022, "high"]
    assert (table["share"] > table["all"]).all()
    assert table.index.max() <= published.parameters.last_year


def test_the_same_law_share_is_a_floor(published: Study) -> None:
    own = cannabis.record_shares(published)
    thresholds = cannabis_outside.record_thresholds(published, own)
    found.record_floor(published, own, thresholds)
    assert value(published, "nation.cannabis.same_law.share.2019") == 24.4
    for name in ("latest", "pooled"):
        other = value(published, f"minato.cannabis.floor.{name}") / 100
        limit = value(published, f"minato.cannabis.threshold.{name}")
        # With so many other records among the rest, the nation stands exactly at the threshold.
        assert 100 * (0.244 + (1 - 0.244) * other) == pytest.approx(limit)
    process = value(published, "minato.cannabis.floor.process.threshold")
    assert process < value(published, "minato.cannabis.threshold.pooled")


def test_ages_are_compared_with_the_nation_without_the_area(published: Study) -> None:
    table = found.record_age_mix(published)
    assert table["area"].tolist() == [156, 65, 33, 9]
    assert table.loc["20-29", "nation"] == 1521 + 1950 + 2540 + 2823 + 2853 - 156
    assert table["nation_share"].sum() == pytest.approx(100)
    assert value(published, "minato.cannabis.age.mix.p") > 0.5


def test_a_year_with_some_age_bands_only_is_not_counted() -> None:
    """Of 2023 one page quotes the total and the youngest: its other bands are not known."""
    later = specimen.study(last_year=2023, first_year=2017)
    table = found.record_age_mix(later)
    assert table.loc["20-29", "nation"] == 1521 + 1950 + 2540 + 2823 + 2853 - 156


def test_what_is_quoted_or_derived_is_marked(published: Study) -> None:
    ladder = found_shown.ladder(published)
    kinds = {(row[0], row[3]): row[4] for row in ladder.rows}
    assert kinds["同じ法律の違反での検挙が前にもある人（20歳以上）", "24.4%"].startswith("◎")
    assert kinds["同じ法律の違反での検挙が前にもある人（全年齢）", "22.3%"].startswith("△")
    stimulants = found_shown.ladder(published, found_shown.STIMULANTS)
    kinds = {(row[0], row[3]): row[4] for row in stimulants.rows}
    assert kinds["同じ法律の違反での検挙が前にもある人（20歳以上）", "66.9%"].startswith("◎")
    assert "24.4%" not in {share for _, share in kinds}, "cannabis stays in its own table"
    returned = found_shown.two_year_return(published, found.record_return(published))
    rows = {row[0]: row for row in returned.rows}
    assert rows["令和5(2023)年"][-1].startswith("△")
    assert rows["令和4(2022)年"][-1] == "13.0%"


def test_years_outside_the_series_are_shown_with_their_kind_of_source(published: Study) -> None:
    rows = {row[0]: row for row in found_shown.other_years(published).rows}
    assert rows["平成26(2014)年"] == (
        "平成26(2014)年", "…", "…", "118,316人", "118,401人", "…", "△ ほかの値から計算",
    )  # fmt: skip
    assert rows["平成27(2015)年"][2] == "114,944人"
    assert "平成23(2011)年" not in rows, "its document has no date: known from the day it was found"
