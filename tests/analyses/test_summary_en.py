from __future__ import annotations

import re
from dataclasses import replace

from minato_analysis.analyses import summary_en, trends
from minato_analysis.data.study import Study


def test_the_figure_is_in_english_and_its_table_holds_the_printed_counts(published: Study) -> None:
    area, _, _ = trends.record_shares(published)
    figure = summary_en.persons_and_their_share(published, area)
    assert figure.table is not None
    assert figure.table.columns == (
        "Year", "Persons arrested", "First-time", "Reoffenders", "Reoffender share",
    )  # fmt: skip
    assert figure.table.rows[0] == ("2017", "1,581", "851", "730", "46.2%")
    assert figure.table.rows[-1] == ("2022", "1,053", "537", "516", "49.0%")
    assert not re.search("[\u3041-\u9fff]", figure.svg)
    assert "the axis does not begin at zero" in figure.svg


def test_years_are_western(published: Study) -> None:
    area, _, _ = trends.record_shares(published.unrecorded())
    until_2021 = replace(area, table=area.table.loc[:2021])  # every other year: 2017, 2019, 2021
    figure = summary_en.persons_and_their_share(published, until_2021)
    assert not re.search(r">[HR]\d", figure.svg)
    assert not re.search("[\u3041-\u9fff]", figure.svg)
