"""Shares of several areas, a panel each: areas that count different things share no panel.

In: :class:`Scoped` series and the words around the figure. Out: a
:class:`~minato_analysis.figures.figure.Figure`. All panels have one scale, so that movements can be compared;
each says what it counts, and the year of its first and its last value.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from minato_analysis.figures.axes import cut_note, share_axis, share_limits, year_axis, year_limits
from minato_analysis.figures.changes import LawChange, between, draw_line, line_note
from minato_analysis.figures.figure import Caption, Figure, finish, for_telephones
from minato_analysis.figures.series import ShareSeries, draw_shares, floats, shares_of, spoken
from minato_analysis.figures.sheet import EDGE, YEARS, sheet, write
from minato_analysis.figures.text import LEADING, percent, wrap, year_lines
from minato_analysis.figures.theme import QUIET, ROLES, SMALL, themed

LEFT = 34.0
NARROWEST = 120.0
"""Least width of a panel in points; what has no room beside another stands below it."""


@dataclass(frozen=True)
class Scoped:
    """One panel: its series, what it counts, and the changes of law that touch it."""

    series: ShareSeries
    scope: str
    changes: Sequence[LawChange] = ()


@for_telephones
def share_panels(caption: Caption, parts: Sequence[Scoped], *, height: float = 70.0) -> Figure:
    """Draw one panel for each area, side by side where there is room.

    Parameters
    ----------
    caption : Caption
    parts : sequence of Scoped
    height : float
        Of one panel, in points.
    """
    across = LEFT
    columns = max(1, int((caption.width - EDGE) / (NARROWEST + across)))
    columns = min(columns, len(parts))
    wide = (caption.width - LEFT - EDGE - across * (columns - 1)) / columns
    scopes = [wrap(part.scope, wide + LEFT - EDGE, SMALL) for part in parts]
    lines = max(len(one) for one in scopes)
    below = YEARS + lines * SMALL * LEADING
    limits = share_limits(
        chain.from_iterable(shares_of([part.series], None) for part in parts), headroom=0.22
    )
    every = [year for part in parts for year in part.series.years]
    changes = [between(part.changes, part.series.years) for part in parts]
    with themed():
        canvas, panels = sheet(
            [height] * math.ceil(len(parts) / columns),
            left=LEFT,
            bottom=below,
            headings=[part.series.label for part in parts],
            foot=(line_note([one for some in changes for one in some]), cut_note(limits)),
            gap=below,
            columns=columns,
            across=across,
            wide=caption.width,
        )
        for panel, part, scope, own in zip(panels, parts, scopes, changes, strict=True):
            year_limits(panel, every)
            share_axis(panel, limits)
            for one in own:
                draw_line(panel, one)
            draw_shares(panel, part.series, [part.series], None, own, values=False)
            shares = floats(part.series.shares)
            known = np.flatnonzero(~np.isnan(shares))
            tops = shares if part.series.high is None else floats(part.series.high)
            for at, turn, near in (
                (known[0], "start", known[:3]),
                (known[-1], "end", known[-3:]),
            ):
                year = part.series.years[at]
                text = f"{year_lines(year)[0]} {percent(shares[at])}"
                shift = -9.0 if turn == "start" else 9.0
                write(
                    panel, year, max(tops[near]), text, dx=shift, dy=8, at=turn, size=SMALL,
                    color=ROLES[part.series.role].color, strong=True, halo=True,
                )  # fmt: skip
            year_axis(panel, every, ends_only=True)
            for number, text in enumerate(scope):
                down = -YEARS + 2 - (number + 0.5) * SMALL * LEADING
                write(
                    panel, 0, 0, text, dx=-LEFT + EDGE, dy=down, at="start", size=SMALL,
                    color=QUIET, inside=True,
                )  # fmt: skip
    return finish(
        canvas,
        caption,
        [f"{part.series.label}（{part.scope}）: {spoken(part.series)}" for part in parts],
    )
