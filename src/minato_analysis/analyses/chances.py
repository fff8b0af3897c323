"""How often the target is met by each way of looking at it, and when that will be known.

In: what :mod:`~minato_analysis.analyses.outlook` projected, and the recorded facts of notebook 01 on when
values come. Out: figures for the council report and the sheet to hand out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from minato_analysis.analyses.outlook import DEFAULT, DOTS, Base, Projection, twentieths
from minato_analysis.analyses.trends_shown import year_label
from minato_analysis.data.study import Study
from minato_analysis.figures import (
    Caption,
    Figure,
    Milestone,
    Outcomes,
    milestones,
    outcome_rows,
)
from minato_analysis.figures.theme import NARROW
from minato_analysis.numbers.levers import Member
from minato_analysis.numbers.tables import from_frame
from minato_analysis.statistics import target

HALF: Any = {"width": NARROW}
"""A drawing for half a sheet: its text is printed a little larger than it is drawn."""

POOLED = "見方をまとめると"


def ways(study: Study) -> dict[str, str]:
    """Return the members of the pool in plain words."""
    above = f"{study.nation.name_ja}・{study.parent.name_ja}"
    return {
        "damped": "動きが弱まりながら続く",
        "level": "動きは続かない",
        "three_level_damped": f"{above}と連動して続く",
        "three_level_level": f"{above}と連動、続かない",
    }


def by_member(study: Study, id: str, *, table: bool, **layout: Any) -> Figure:
    """Figure: a row of twenty outcomes for the pool and for each of its members.

    Parameters
    ----------
    study : Study
        Its known facts have what notebook 04 projected.
    id : str
        Of the figure.
    table : bool
        Whether the counts stand in a table beside it.
    **layout
        Width and layout of the caption.
    """
    at, facts = f"projection.{study.parameters.target_year}", study.facts.all()
    every = {DEFAULT: POOLED} | ways(study)
    names = {one: label for one, label in every.items() if f"{at}.{one}.p_target" in facts}
    total = int(facts[f"{at}.{DEFAULT}.dots.total"].value)
    met = {one: twentieths(facts[f"{at}.{one}.p_target"].value) for one in names}
    rows = [
        Outcomes(label, met[one], total, f"{total}回に{met[one]}回", strong=one == DEFAULT)
        for one, label in names.items()
    ]
    shown = pd.DataFrame(
        {
            f"届く回数（{total}回のうち）": pd.Series(met),
            "中央の値": pd.Series({one: facts[f"{at}.{one}.median"].value for one in names}),
        }
    )
    shown.index = pd.Index(list(names.values()), name="見方")
    first, second = shown.columns
    caption = Caption(
        id=id,
        title=(
            '目標に届くのは、{{ fact("projection.{target}.pool.dots.total") }}回のうち'
            '{{ fact("projection.{target}.pool.dots.met") }}回ほど'
            '（見方により{{ fact("projection.{target}.members.dots.low") }}〜'
            '{{ fact("projection.{target}.members.dots.high") }}回）'
        ),
        subtitle="{{ target_label }}の割合が目標以下になる回数",
        alt_title=f"{year_label(study.parameters.target_year)}に目標に届く回数、見方ごと",
        desc=(
            "見方ごとに点を並べ、目標に届く回数だけ塗った図。"
            'まとめると{{ fact("projection.{target}.pool.dots.total") }}個のうち'
            '{{ fact("projection.{target}.pool.dots.met") }}個、見方により'
            '{{ fact("projection.{target}.members.dots.low") }}個から'
            '{{ fact("projection.{target}.members.dots.high") }}個。'
        ),
        notes=("●届く　○届かない。どの点も同じ起こりやすさ。",),
        table=from_frame(
            shown,
            "見方ごとの見込み",
            {first: ("number", 0), second: ("percent", 1)},
            id=f"{id}-table",
        )
        if table
        else None,
        **layout,
    )
    return outcome_rows(caption, rows)


def members(projected: Projection, base: Base, study: Study) -> tuple[Member, ...]:
    """Return the pool and its members with their equally likely shares, for the levers of the screen."""
    middle = (np.arange(DOTS) + 0.5) / DOTS
    found = []
    for name, label in ({DEFAULT: POOLED} | ways(study)).items():
        if name not in projected.forecasts:
            continue
        outcomes = projected.forecasts[name].quantile(middle)[0, -1]
        met = int(target.meets_target(outcomes, np.full(DOTS, base.persons), base.tenths).sum())
        tenths = np.floor(1000 * outcomes / base.persons + 0.5).astype(int)
        said = f"{label}：目標に届くのは{DOTS}回に{met}回。"
        found.append(Member(label, tuple(map(int, tenths)), said))
    return tuple(found)


def when(study: Study, id: str, **layout: Any) -> Figure:
    """Figure: newest value, this edition, target year, and the year its value can be used."""
    facts = study.facts
    newest = int(facts.get("data.timeline.newest").value)
    today = int(study.parameters.as_of[:4])
    aim = study.parameters.target_year
    soonest, latest = (
        int(facts.get(f"data.timeline.target.{end}").value) for end in ("least", "most")
    )
    known = year_label(soonest) if soonest == latest else f"{year_label(soonest)}〜{latest}年"
    lags = {
        facts.get(f"data.timeline.lag.{end}").value: f'{{{{ fact("data.timeline.lag.{end}") }}}}'
        for end in ("least", "most")
    }
    points = [
        Milestone(newest, f"{year_label(newest)}　最新の値", come=True),
        Milestone(today, f"{year_label(today)}　この版", come=True),
        Milestone(aim, f"{year_label(aim)}　目標の年"),
        Milestone(latest, f"{known}　その値が分かる"),
    ]
    caption = Caption(
        id=id,
        title='目標の年の値が分かるのは、{{ fact("data.timeline.target.most") }}ごろ',
        subtitle=f"値が出るまでの遅れが、これまでと同じ{'〜'.join(lags.values())}年なら",
        alt_title=f"最新の値の年、目標の年、その値が分かる年（{known}）",
        desc=(
            '年の線の上の四つの点。最新の値は{{ fact("data.timeline.newest") }}、'
            '目標の年は{{ target_label }}、その値が分かるのは{{ fact("data.timeline.target.most") }}ごろ。'
        ),
        **layout,
    )
    return milestones(
        caption, [one for at, one in enumerate(points) if at == 0 or one.year > points[at - 1].year]
    )
