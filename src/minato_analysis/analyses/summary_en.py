"""The English summary: the figure of notebook 02 with persons and share, in English."""

from __future__ import annotations

import pandas as pd

from minato_analysis.analyses import directions, law_changes, sources
from minato_analysis.analyses.series import Counts
from minato_analysis.analyses.trends_shown import target_level
from minato_analysis.data.study import Study
from minato_analysis.figures import Caption, Figure, Level, Persons, ShareSeries, persons_and_share
from minato_analysis.figures.theme import NARROW
from minato_analysis.numbers.tables import FOLDED_EN, from_frame

COLUMNS = {
    "persons_arrested": "Persons arrested",
    "first_time": "First-time",
    "reoffenders": "Reoffenders",
    "share": "Reoffender share",
}
POPULATION = "police stations in {{ area_name_en }}, {{ first }} to {{ last }}"


def persons_and_their_share(study: Study, area: Counts) -> Figure:
    """Figure: persons arrested above, reoffender share with intervals below, table beside.

    Parameters
    ----------
    study : Study
    area : Counts
        With the columns ``low`` and ``high``, see
        :func:`minato_analysis.analyses.trends.record_shares`.
    """
    table = area.table
    years = [int(year) for year in table.index]
    shown = table[list(COLUMNS)].rename(columns=COLUMNS)
    shown.index = pd.Index([str(year) for year in years], name="Year")
    place, target = study.area.name_en, target_level(study)
    title = "Persons arrested and reoffender share"
    caption = Caption(
        id="persons-and-share-en",
        title=directions.title_en(table),
        subtitle=f"{title}, {POPULATION}",
        alt_title=f"{title}, {place}, {years[0]} to {years[-1]}",
        desc=(
            f"Above, bars of persons arrested: {directions.bars_en(table)}. Below, the "
            'reoffender share, {{ fact_en("{area}.share.{first}") }} in {{ first }} and '
            '{{ fact_en("{area}.share.{last}") }} in {{ last }}'
            + (", with intervals that overlap." if directions.overlap(table) else ".")
        ),
        notes=(
            f"Source: {sources.cited(study, [area.rows], 'en')}. Vertical lines: 95% confidence "
            "interval (Wilson).",
        ),
        table=from_frame(
            shown,
            f"{title}, {place}",
            dict.fromkeys(list(COLUMNS.values())[:3], ("number", 0))
            | {COLUMNS["share"]: ("percent", 1)},
            id="persons-and-share-en-table",
            fold=FOLDED_EN,
        ),
        width=NARROW,
        layout="beside",
        cut="Note: the axis does not begin at zero.",
        lang="en",
    )
    changes = law_changes.lines(study, area.rows, english=True)
    return persons_and_share(
        caption,
        Persons(years, table["first_time"], table["reoffenders"], "First-time", "Reoffenders"),
        ShareSeries("Share", "area", years, table["share"], table["low"], table["high"]),
        headings=("Persons arrested", "Reoffender share"),
        target=Level(target.share, "Target") if target else None,
        changes=changes,
        heights=(66.0, 52.0),
        years_once=True,
    )
