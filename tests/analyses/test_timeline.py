"""Which year of evaluation can use which year's values, on made-up documents."""

from __future__ import annotations

import pandas as pd
import pytest

from minato_analysis.analyses import timeline
from minato_analysis.data.study import Study


def printed(*documents: tuple[str, str, range]) -> pd.DataFrame:
    lines = [(name, day, year, 1.0) for name, day, years in documents for year in years]
    return pd.DataFrame(lines, columns=["source_id", "as_of", "year", "value"])


PLAN = ("plan", "2024-12", range(2017, 2023))


def test_one_document_gives_one_lag() -> None:
    found = timeline.timeline(printed(PLAN), "2026-11-23", 2029)
    assert found.documents["lag"].to_dict() == {"plan": 2}
    years = found.years
    assert list(years.index) == [2024, 2025, 2026, 2027, 2028, 2029]
    assert years["known"].dropna().to_dict() == {2024: 2022, 2025: 2022, 2026: 2022}
    assert years["least"].tolist() == [2022, 2023, 2024, 2025, 2026, 2027]
    assert years["most"].tolist() == years["least"].tolist()


def test_a_second_document_widens_what_is_assumed() -> None:
    later = ("moj", "2027-03-10", range(2022, 2024))
    found = timeline.timeline(printed(PLAN, later), "2027-06-01", 2029)
    assert found.documents["lag"].to_dict() == {"plan": 2, "moj": 4}
    assert found.years.loc[2027].tolist() == [2023, 2025, 2023]
    assert found.years.loc[2029, ["least", "most"]].tolist() == [2027, 2025]
    # What is at hand is not forgotten, whatever the longest lag says.
    assert (found.years["most"] >= found.years["known"].ffill()).all()


def test_a_document_without_a_new_year_has_no_lag() -> None:
    again = ("reprint", "2027-03-10", range(2020, 2023))
    found = timeline.timeline(printed(PLAN, again), "2027-06-01", 2029)
    assert list(found.documents.index) == ["plan"]


def test_an_edition_knows_only_its_own_past(published: Study) -> None:
    found = timeline.record_timeline(published)
    assert list(found.documents.index) == [published.parameters.source_id]
    facts = published.facts
    assert facts.get("data.timeline.newest").value == 2022
    assert facts.get("data.timeline.lag.least").value == 2
    assert facts.get("data.timeline.lag.most").value == 2
    assert facts.get("data.timeline.target.least").value == 2031
    assert facts.get("data.timeline.later").value == 0


def test_the_tables_say_what_is_not_known_yet(published: Study) -> None:
    found = timeline.record_timeline(published)
    rows = {row[0]: row[1:] for row in timeline.years(found).rows}
    assert rows["令和6(2024)年"] == ("令和4(2022)年", "令和4(2022)年")
    assert rows["令和11(2029)年"] == ("まだ分からない", "令和9(2027)年")
    ((title, day, newest, lag),) = timeline.documents(published, found).rows
    assert (day, newest, lag) == ("2024-12", "令和4(2022)年", "2")
    assert title


@pytest.mark.parametrize("value", [float("nan")])
def test_an_empty_cell_is_not_a_value(value: float) -> None:
    rows = printed(PLAN)
    rows.loc[rows["year"] == 2022, "value"] = value
    assert timeline.timeline(rows, "2026-11-23", 2029).documents["newest"].tolist() == [2021]
