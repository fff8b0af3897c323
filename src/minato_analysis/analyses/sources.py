"""Which printed tables the numbers of a figure or table come from, in the words of its source line.

In: the rows drawn. Out: text with references to the documents of these rows, ``{{ document("…") }}``: a value
that a later document brought or changed is shown with that document, not with the one its series began with.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from minato_analysis import data
from minato_analysis.data.study import Study

ELSEWHERE = "再犯防止推進白書ほか"
PER_YEAR = "（年ごとの出典は data/published にあります）"
ELSEWHERE_EN = "white papers"


def line(
    study: Study,
    *frames: pd.DataFrame,
    years: Iterable[int] | None = None,
    besides: str = "",
    end: str = "から作成。",
    per_year: bool = True,
) -> str:
    """Return 「資料：…」 for the rows drawn.

    Parameters
    ----------
    study : Study
    *frames : pandas.DataFrame
        Observations, in the order their tables are named.
    years : iterable of int, optional
        Only those of the rows that are drawn.
    besides : str
        What else the numbers come from, e.g. 「と目標値」.
    end : str
        Ending of the sentence.
    per_year : bool
        Whether to say where each year's source outside the documents stands.
    """
    kept = set(years) if years is not None else None
    drawn = [one if kept is None else one[one["year"].isin(kept)] for one in frames]
    named = cited(study, drawn)
    return f"資料：{named if per_year else named.replace(PER_YEAR, '')}{besides}{end}"


def cited(study: Study, frames: Iterable[pd.DataFrame], lang: str = "ja") -> str:
    """Return the documents of the rows, in the order of their dates, each with its tables.

    Documents with the same tables are named together: every year brings one more.
    Values without a number count too: their sign is drawn.
    """
    rows = pd.concat([one[["source_id", "series_id", "table", "as_of"]] for one in frames])
    own = rows["series_id"] == study.parameters.source_id
    known = {} if own.all() else data.descriptor(study.folder)["source_documents"]
    named = rows[own | rows["source_id"].isin(known)]
    dates = named.groupby("source_id", sort=False)["as_of"].max().sort_values(kind="stable")
    sharing: dict[tuple[str, ...], list[str]] = {}
    for source in dates.index:
        tables = dict.fromkeys(named.loc[named["source_id"] == source, "table"])
        printed = tuple(f"図表{one}" for one in tables if one[:1].isdigit())
        sharing.setdefault(printed, []).append(source)
    parts = []
    for printed, documents in sharing.items():
        if lang == "en":
            listed = ", ".join(f'<span lang="ja">{one}</span>' for one in printed)
            titles = " and the ".join(f'{{{{ document_en("{one}") }}}}' for one in documents)
            parts.append(f"{listed} of the {titles}")
        else:
            titles = "・".join(f'{{{{ document("{one}") }}}}' for one in documents)
            joint = "の" if printed and len(documents) > 1 else ""
            parts.append(f"{titles}{joint}{'、'.join(printed)}")
    if len(named) < len(rows):
        parts.append(ELSEWHERE_EN if lang == "en" else ELSEWHERE + PER_YEAR)
    return (" and " if lang == "en" else "、").join(parts)
