"""Charts on a time axis: shares, persons with the share below, observed shares with a projection.

In: :class:`ShareSeries`, :class:`Persons`, :class:`Fan` (shares in percent, one value a year) and
the words around the figure. Out: a :class:`~minato_analysis.figures.figure.Figure`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from minato_analysis.figures.axes import (
    count_axis,
    cut_note,
    share_axis,
    share_limits,
    ticks_width,
    year_axis,
    year_limits,
)
from minato_analysis.figures.changes import LawChange, between, draw_changes, foot_note, room_above
from minato_analysis.figures.figure import Caption, Figure, finish, for_telephones
from minato_analysis.figures.labels import (
    EndLabel,
    Level,
    end_labels,
    right_margin,
    target_line,
    valued,
)
from minato_analysis.figures.series import (
    Fan,
    Persons,
    ShareSeries,
    draw_shares,
    end_text,
    floats,
    last_range,
    listed,
    print_counts,
    shares_of,
    spoken,
)
from minato_analysis.figures.sheet import YEARS, sheet, size_of, write
from minato_analysis.figures.text import percent, persons
from minato_analysis.figures.theme import BAND_EDGE, BAND_FILL, INK, QUIET, ROLES, SMALL, themed

PANELS = (165.0, 130.0)
"""Heights of the panels of persons and of their share, in points."""

VALUE_ROOM = 20.0
"""Room above the highest interval for its printed share, in points."""


@for_telephones
def share_over_time(
    caption: Caption,
    series: Sequence[ShareSeries],
    *,
    target: Level | None = None,
    difference: str = "",
    changes: Sequence[LawChange] = (),
    height: float = 200.0,
) -> Figure:
    """Draw shares of one or more areas over the years.

    Parameters
    ----------
    caption : Caption
    series : sequence of ShareSeries
        With the role ``area``, each share is printed at its point.
    target : Level, optional
        A line across the plot.
    difference : str
        How the definitions of the series differ; printed inside the figure.
    changes : sequence of LawChange
        Changes of law; those between the years are drawn.
    height : float
        Of the plot, in points.

    Raises
    ------
    ValueError
        No series, or several without a `difference`. Where the definitions are the same, pass a
        sentence that says so.
    """
    if not series:
        raise ValueError("no series to draw")
    if len(series) > 1 and not difference.strip():
        raise ValueError("several series: say in `difference` how their definitions differ")
    texts = [end_text(one) for one in series] + (
        [valued(target.label, target.share)] if target else []
    )
    limits = share_limits(shares_of(series, target), headroom=VALUE_ROOM / height)
    years = list(chain.from_iterable(one.years for one in series))
    changes = between(changes, years)
    with themed():
        canvas, (panel,) = sheet(
            [height],
            right=right_margin(texts),
            foot=(difference, cut_note(limits), foot_note(changes, caption.width)),
            above=room_above(changes, caption.width),
            wide=caption.width,
        )
        year_limits(panel, years)
        share_axis(panel, limits)
        year_axis(panel, years)
        draw_changes([panel], changes)
        labels = [draw_shares(panel, one, series, target, changes) for one in series]
        labels += [target_line(panel, target)] if target else []
        end_labels(panel, labels)
    return finish(canvas, caption, [*map(spoken, series), *(one.label for one in changes)])


@for_telephones
def persons_and_share(  # noqa: PLR0913 - data and words of two panels; most have a default
    caption: Caption,
    counts: Persons,
    share: ShareSeries,
    *,
    target: Level | None = None,
    headings: tuple[str, str],
    note: str = "",
    changes: Sequence[LawChange] = (),
    heights: tuple[float, float] = PANELS,
    years_once: bool = False,
    span: Sequence[float] = (),
) -> Figure:
    """Draw persons as stacked bars and, on the same time axis below, their share with intervals.

    Parameters
    ----------
    caption : Caption
    counts : Persons
        Reoffenders stand at the bottom of the bars, where their heights can be compared.
    share : ShareSeries
    target : Level, optional
        A line across the lower panel.
    headings : tuple of two str
        Above the upper and the lower panel: measure and unit.
    note : str
        Printed inside the figure.
    changes : sequence of LawChange
        Changes of law; those between the years are drawn.
    heights : tuple of two float
        Of the upper and the lower panel, in points.
    years_once : bool
        Whether the years stand under the lower panel only.
    span : sequence of float
        Shares the axis must hold besides, so that several figures have one axis.
    """
    texts = [counts.first_time_label, counts.reoffenders_label, end_text(share)]
    texts += [valued(target.label, target.share)] if target else []
    limits = share_limits([*shares_of([share], target), *span], headroom=VALUE_ROOM / heights[1])
    total = floats(counts.first_time) + floats(counts.reoffenders)
    years = [*counts.years, *share.years]
    changes = between(changes, years)
    with themed():
        canvas, (upper, lower) = sheet(
            heights,
            left=max(34.0, ticks_width(float(np.nanmax(total)))),
            right=right_margin(texts),
            headings=headings,
            foot=(
                note,
                cut_note(limits) and caption.cut,
                foot_note(changes, caption.width, caption.lang),
            ),
            gap=6.0 if years_once else YEARS + 4,
            above=room_above(changes, caption.width),
            wide=caption.width,
        )
        for panel in (upper, lower):
            year_limits(panel, years)
        end_labels(upper, _draw_persons(upper, counts))
        share_axis(lower, limits)
        draw_changes([upper, lower], changes)
        labels = [draw_shares(lower, share, [share], target, changes)]
        labels += [target_line(lower, target)] if target else []
        end_labels(lower, labels)
        for panel in (lower,) if years_once else (upper, lower):
            year_axis(panel, years, lang=caption.lang)
    drawn = [
        listed(counts.first_time_label, counts.years, counts.first_time, persons),
        listed(counts.reoffenders_label, counts.years, counts.reoffenders, persons),
        spoken(share),
        *(one.label for one in changes),
    ]
    return finish(canvas, caption, drawn)


@for_telephones
def projection_fan(
    caption: Caption,
    observed: ShareSeries,
    fan: Fan,
    *,
    target: Level | None = None,
    note: str = "",
    changes: Sequence[LawChange] = (),
    height: float = 220.0,
    span: Sequence[float] = (),
) -> Figure:
    """Draw observed shares with intervals, then median and two bands of the projection.

    The inner band is filled, the outer one outlined with dashes: both remain in a grey print.

    Parameters
    ----------
    caption : Caption
    observed : ShareSeries
    fan : Fan
        Years after those it was made from; observed shares of its years show what came of it.
    target : Level, optional
        A line across the plot.
    note : str
        Printed inside the figure.
    changes : sequence of LawChange
        Changes of law; those between the years, observed or projected, are drawn.
    height : float
        Of the plot, in points.
    span : sequence of float
        Shares the axis must hold besides, so that several figures have one axis.
    """
    inner = f"{fan.inner_label}\n{last_range(fan.inner_low, fan.inner_high)}"
    outer = f"{fan.outer_label}\n{last_range(fan.outer_low, fan.outer_high)}"
    median = valued(fan.median_label, float(floats(fan.median)[-1]))
    texts = [inner, outer, median] + ([valued(target.label, target.share)] if target else [])
    ends = [*floats(fan.outer_low), *floats(fan.outer_high), *span]
    limits = share_limits([*shares_of([observed], target), *ends], headroom=VALUE_ROOM / height)
    years = [*observed.years, *fan.years]
    changes = between(changes, years)
    with themed():
        canvas, (panel,) = sheet(
            [height],
            right=right_margin(texts),
            foot=(note, cut_note(limits), foot_note(changes, caption.width)),
            above=room_above(changes, caption.width),
            wide=caption.width,
        )
        year_limits(panel, years)
        share_axis(panel, limits)
        year_axis(panel, years)
        if fan.years[0] not in {one.year for one in changes}:
            panel.axvline(fan.years[0] - 0.5, color=QUIET, linewidth=0.8, linestyle=(0, (1, 2)))
        draw_changes([panel], changes)
        # Each year's values hold for its room on the axis, so that a single year can be seen too.
        ahead = np.array([fan.years[0] - 0.3, *fan.years, fan.years[-1] + 0.3])
        edge = {"color": BAND_EDGE, "linewidth": 1.0}
        panel.fill_between(
            ahead, _held(fan.inner_low), _held(fan.inner_high), color=BAND_FILL, linewidth=0
        )
        for bound in (fan.inner_low, fan.inner_high):
            panel.plot(ahead, _held(bound), **edge)
        for bound in (fan.outer_low, fan.outer_high):
            panel.plot(ahead, _held(bound), **edge, linestyle=(0, (3, 2)))
        panel.plot(ahead, _held(fan.median), color=BAND_EDGE, linewidth=2.2)
        draw_shares(panel, observed, [observed], target, changes)
        write(
            panel, observed.years[0], panel.get_ylim()[1], observed.label, dx=-8, dy=-8,
            at="start", color=ROLES[observed.role].color, strong=True, halo=True,
        )  # fmt: skip
        last = fan.years[-1]
        labels = [
            EndLabel(last, float(floats(fan.outer_high)[-1]), outer, BAND_EDGE),
            EndLabel(last, float(floats(fan.inner_high)[-1]), inner, BAND_EDGE),
            EndLabel(last, float(floats(fan.median)[-1]), median, INK, strong=True),
        ]
        labels += [target_line(panel, target)] if target else []
        end_labels(panel, labels)
    drawn = [
        spoken(observed),
        listed(fan.median_label, fan.years, fan.median, percent),
        inner.replace("\n", " "),
        outer.replace("\n", " "),
        *(one.label for one in changes),
    ]
    return finish(canvas, caption, drawn)


def _held(values: ArrayLike) -> NDArray[np.float64]:
    """Return the values with the first and the last one twice."""
    return np.pad(floats(values), 1, mode="edge")


def _draw_persons(panel: Any, counts: Persons) -> list[EndLabel]:
    """Draw the bars with their numbers and return the labels of the two parts."""
    years = np.asarray(counts.years)
    first, again = floats(counts.first_time), floats(counts.reoffenders)
    count_axis(panel, float(np.nanmax(first + again)))
    area = ROLES["area"].color
    panel.bar(years, again, width=0.72, color=area, edgecolor=area, linewidth=0.8)
    panel.bar(
        years, first, width=0.72, bottom=again, color="white", edgecolor=BAND_EDGE, hatch="///",
        linewidth=0.8,
    )  # fmt: skip
    if print_counts(panel, counts.years, first + again, strong=True, part=0.72):
        points = size_of(panel)[1] / panel.get_ylim()[1]
        for year, one, two in zip(years, first, again, strict=True):
            if two * points >= SMALL + 3:
                write(panel, year, two / 2, persons(two), size=SMALL, color="white")
            if one * points >= SMALL + 3:
                write(panel, year, two + one / 2, persons(one), size=SMALL, halo=True)
    high = panel.get_xlim()[1]
    return [
        EndLabel(high, float(again[-1] / 2), counts.reoffenders_label, area, strong=True),
        EndLabel(high, float(again[-1] + first[-1] / 2), counts.first_time_label, BAND_EDGE),
    ]
