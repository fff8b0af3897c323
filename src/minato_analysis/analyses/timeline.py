"""Notebook 01: which year's values can be used in which year, from the dates of the documents.

In: the study; the observations of all documents with their dates. Out: one row for each year of evaluation
up to the target year, with facts. What has not been delivered yet is stated under an assumption: that the
lags observed so far go on.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from minato_analysis import data
from minato_analysis.analyses.series import INDICATOR_OFFENCE
from minato_analysis.analyses.trends_shown import year_label
from minato_analysis.data.study import Study
from minato_analysis.numbers.tables import Table, from_frame


@dataclass(frozen=True, eq=False)
class Timeline:
    """When the indicator's values came, and when they would come.

    Attributes
    ----------
    documents : pandas.DataFrame
        Index: source_id, in the order of their dates; only documents that brought a new year.
        ``as_of``, ``newest`` (year), ``lag`` (year of the document minus that year).
    years : pandas.DataFrame
        Index: year of evaluation. ``known``: newest year at hand at its end, or at the date of the
        edition; nan after that. ``least``, ``most``: newest year with the shortest and the longest lag
        observed, but no earlier than what is at hand.
    rows : pandas.DataFrame
        The observations behind both.
    """

    documents: pd.DataFrame
    years: pd.DataFrame
    rows: pd.DataFrame


def record_timeline(study: Study) -> Timeline:
    """Compute the time line of the indicator and record its lags.

    Notes
    -----
    Facts below ``data.timeline``: ``later`` (documents after the first), ``newest`` (year),
    ``lag.least|most`` (years), ``target.least|most`` (year in which the target year's value can be
    used with that lag).

    Raises
    ------
    DataError
        ``E0-SELECT``: the indicator has no values.
    """
    printed = data.select(
        data.history(study.folder),
        series_id=study.parameters.source_id,
        area_code=study.area.code,
        offence=INDICATOR_OFFENCE,
        measure="reoffenders",
        station="all",
    )
    known = printed[printed["as_of"] <= study.parameters.as_of]
    found = timeline(known, study.parameters.as_of, study.parameters.target_year)
    lags = found.documents["lag"]
    target = study.parameters.target_year
    what = "year of the document minus the newest year it brought"
    for name, value, unit, formula in (
        ("later", len(lags) - 1, "number", "documents with a new year after the first"),
        ("newest", int(found.documents["newest"].max()), "year", "newest year of the indicator"),
        ("lag.least", int(lags.min()), "number", f"shortest lag: {what}"),
        ("lag.most", int(lags.max()), "number", f"longest lag: {what}"),
        (
            "target.least",
            target + int(lags.min()),
            "year",
            f"target year plus shortest lag: {what}",
        ),
        ("target.most", target + int(lags.max()), "year", f"target year plus longest lag: {what}"),
    ):
        study.facts.record(
            f"data.timeline.{name}", value, unit=unit, digits=0, from_=found.rows, formula=formula
        )
    return found


def timeline(printed: pd.DataFrame, as_of: str, target_year: int) -> Timeline:
    """Return the time line of one series.

    Parameters
    ----------
    printed : pandas.DataFrame
        Its observations in all documents up to `as_of`, with ``source_id``, ``as_of`` and ``year``.
    as_of : str
        Date of the edition, ``YYYY-MM-DD``.
    target_year : int
        Last year of evaluation.
    """
    printed = printed[printed["value"].notna()]
    newest = printed.groupby("source_id").agg(as_of=("as_of", "max"), newest=("year", "max"))
    documents = newest.astype({"newest": int}).sort_values("as_of", kind="stable")
    before = documents["newest"].cummax().shift(fill_value=0)
    documents = documents[documents["newest"] > before]
    documents["lag"] = documents["as_of"].str[:4].astype(int) - documents["newest"]
    dated, today = documents["as_of"].str[:4].astype(int), int(as_of[:4])
    years = pd.DataFrame(index=pd.RangeIndex(int(dated.min()), target_year + 1, name="year"))
    at_hand = pd.Series(
        {year: documents.loc[dated <= year, "newest"].max() for year in years.index}
    )
    years["known"] = at_hand.where(at_hand.index <= today).astype("Int64")
    for name, lag in (("least", documents["lag"].min()), ("most", documents["lag"].max())):
        years[name] = (years.index.to_series() - int(lag)).clip(lower=at_hand)
    rows = printed[printed["source_id"].isin(documents.index)]
    return Timeline(documents, years.astype({"least": int, "most": int}), rows)


def documents(study: Study, found: Timeline) -> Table:
    """Table: the documents that brought a new year, and how late it was."""
    described = data.descriptor(study.folder)["source_documents"]
    shown = found.documents.copy()
    shown["newest"] = shown["newest"].map(year_label)
    shown.columns = pd.Index(["資料の日付", "新しく分かった年", "遅れ（年）"])
    names = [described.get(name, {}).get("title", name) for name in found.documents.index]
    shown.index = pd.Index(names, name="資料")
    return from_frame(
        shown,
        "指標の新しい年の値を載せた資料",
        {"遅れ（年）": ("number", 0)},
        id="timeline-documents",
        notes=("遅れは、資料の日付の年から、その資料で初めて分かった最も新しい年を引いたもの。",),
    )


def years(found: Timeline) -> Table:
    """Table: year of evaluation, newest year at hand, newest year if the observed lags go on."""
    table = found.years
    shown = pd.DataFrame(
        {
            "手元にある最も新しい値": [
                year_label(int(year)) if pd.notna(year) else "まだ分からない"
                for year in table["known"]
            ],
            "観測された遅れで届く場合": [
                year_label(most) if most == least else f"{year_label(most)}〜{year_label(least)}"
                for most, least in zip(table["most"], table["least"], strict=True)
            ],
        },
        index=pd.Index([year_label(int(year)) for year in table.index], name="評価する年"),
    )
    return from_frame(
        shown,
        "評価する年と、使える指標の値",
        id="timeline-years",
        notes=(
            "「手元にある最も新しい値」は、その年の終わり（この版の年は版の日付）までの資料にあるもの。",
        ),
    )
