"""The figure of an area's counts: cases as bars, and their index beside that of all areas below.

In: counts by year and series of indices. Out: a figure.
"""

from __future__ import annotations

from collections.abc import Sequence

from minato_analysis.areas.table import GAP
from minato_analysis.figures.axes import (
    count_axis,
    cut_note,
    share_axis,
    share_limits,
    ticks_width,
    year_axis,
    year_limits,
)
from minato_analysis.figures.figure import Caption, Figure, finish
from minato_analysis.figures.labels import end_labels, right_margin
from minato_analysis.figures.series import ShareSeries, draw_shares, end_text, print_counts, spoken
from minato_analysis.figures.sheet import sheet, write
from minato_analysis.figures.theme import ROLES, SMALL, themed
from minato_analysis.numbers.facts import display

HEIGHTS = (62.0, 108.0)
"""Heights of the two panels in points: the page is one sheet of paper."""


def counts_and_index(
    caption: Caption,
    years: Sequence[int],
    cases: Sequence[int | None],
    indices: Sequence[ShareSeries],
    *,
    headings: tuple[str, str],
    span: Sequence[float],
) -> Figure:
    """Draw counts and, on the same time axis below, indices with their limits.

    Parameters
    ----------
    caption : Caption
    years, cases : sequence
        One count a year, none where there is none.
    indices : sequence of ShareSeries
        Of the area and of all areas; none where the area has no index: there is no lower panel then.
    headings : tuple of two str
    span : sequence of float
        Values the axis of the indices must hold.
    """
    known = {year: count for year, count in zip(years, cases, strict=True) if count is not None}
    texts = [end_text(one) for one in indices]
    limits = share_limits(span, most=float("inf"), unit="") if indices else None
    panels = 2 if indices else 1
    highest = float(max(known.values(), default=0))
    with themed():
        canvas, (upper, *rest) = sheet(
            HEIGHTS[:panels],
            left=max(34.0, ticks_width(highest)),
            right=right_margin(texts),
            headings=headings[:panels],
            foot=(cut_note(limits) if limits else "",),
            gap=6.0,
            wide=caption.width,
        )
        for panel in (upper, *rest):
            year_limits(panel, years)
        count_axis(upper, highest)
        color = ROLES["area"].color
        bars = {"width": 0.72, "color": color, "edgecolor": color, "linewidth": 0.8}
        upper.bar(list(known), list(known.values()), **bars)
        if known:
            print_counts(upper, list(known), list(known.values()), strong=True, part=0.72)
        for year in years:
            if year not in known:
                write(upper, year, 0, GAP, dy=7.5, size=SMALL)
        for panel in rest:
            if limits:
                share_axis(panel, limits)
            labels = [draw_shares(panel, one, indices, None) for one in indices]
            end_labels(panel, labels)
        year_axis(([upper, *rest])[-1], years)
    counts = ", ".join(f"{year} {display(count, 'cases', 0)}" for year, count in known.items())
    return finish(canvas, caption, [counts, *map(spoken, indices)])
