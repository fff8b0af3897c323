"""Charts of groups: shares with intervals row by row, counts in small multiples.

In: :class:`Row` and :class:`CountSeries` and the words around the figure. Out: a
:class:`~minato_analysis.figures.figure.Figure`. Groups are told apart by place and label, not by
colour.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from minato_analysis.figures.axes import (
    count_axis,
    cut_note,
    share_axis,
    share_limits,
    ticks_width,
    year_axis,
    year_limits,
)
from minato_analysis.figures.changes import LawChange, between, draw_line, line_note
from minato_analysis.figures.figure import Caption, Figure, finish, for_telephones
from minato_analysis.figures.labels import Level, level_text
from minato_analysis.figures.series import listed, print_counts
from minato_analysis.figures.sheet import EDGE, YEARS, sheet, write
from minato_analysis.figures.text import LEADING, percent, persons, width, wrap
from minato_analysis.figures.theme import (
    BAND_EDGE,
    BAND_FILL,
    QUIET,
    ROLES,
    SIZE,
    SMALL,
    themed,
)

LABEL_ROOM = 0.32
"""Part of the width for labels of rows; longer ones are broken."""

FRAME = 3
"""Small multiples in a row, unless asked otherwise."""

PANEL = 108.0
"""Least width of one of them, in points; a narrow drawing has fewer in a row."""


@dataclass(frozen=True)
class Row:
    """One group with its share.

    Parameters
    ----------
    label : str
        Left of the row.
    share, low, high : float
        Percent; nan where n is 0.
    n : int
        Persons the share is of, printed as ``n=``.
    strong : bool
        The group in question: filled dot and bold label; the others get a hollow dot.
    """

    label: str
    share: float
    low: float
    high: float
    n: int
    strong: bool = False

    def __post_init__(self) -> None:
        if math.isnan(self.share) != (self.n == 0):
            raise ValueError(f"{self.label}: a share of nan and n = 0 come together")


@dataclass(frozen=True, eq=False)
class CountSeries:
    """Counts of one group by year; nan where a year is missing.

    `changes` are the changes of law that touch the group; those between its years are drawn.
    """

    label: str
    years: Sequence[int]
    counts: ArrayLike
    changes: Sequence[LawChange] = ()

    def __post_init__(self) -> None:
        if np.shape(self.counts) != (len(self.years),):
            raise ValueError(
                f"{self.label}: {len(self.years)} years, counts {np.shape(self.counts)}"
            )


@for_telephones
def interval_rows(
    caption: Caption,
    rows: Sequence[Row],
    *,
    reference: Level | None = None,
    note: str = "",
    sizes: bool = True,
    padding: float = 12.0,
) -> Figure:
    """Draw one dot with its interval for each group, from the top in the given order.

    Parameters
    ----------
    caption : Caption
    rows : sequence of Row
        A group with n = 0 prints ``n=0`` and no dot.
    reference : Level, optional
        A grey vertical line with its label on top.
    note : str
        Printed inside the figure.
    sizes : bool
        Whether n is printed; not needed where a table beside the drawing has it.
    padding : float
        Height of a row beyond its text, in points.
    """
    labels = ["\n".join(wrap(row.label, LABEL_ROOM * caption.width, SIZE)) for row in rows]
    shares = ["" if row.n == 0 else percent(row.share) for row in rows]
    numbers = [f"n={persons(row.n)}" if sizes or not row.n else "" for row in rows]
    tall = [SIZE * LEADING * (label.count("\n") + 1) + padding for label in labels]
    share_column = max(width(text, SIZE) for text in shares) + 14
    values = [value for row in rows for value in (row.share, row.low, row.high)]
    limits = share_limits(values + ([reference.share] if reference else []))
    with themed():
        canvas, (panel,) = sheet(
            [sum(tall) + (18 if reference else 0)],
            left=EDGE + max(width(label, SIZE) for label in labels) + 10,
            right=share_column + max(width(text, SMALL) for text in numbers) + 12 + EDGE,
            bottom=25.0,
            foot=(note, cut_note(limits, "横軸")),
            wide=caption.width,
        )
        panel.set(ylim=(-sum(tall), 18 if reference else 0))
        share_axis(panel, limits, horizontal=True)
        if reference:
            line = {"color": QUIET, "linewidth": 1.2, "linestyle": (0, (4, 2.5))}
            panel.plot([reference.share] * 2, [-sum(tall), 8], **line)
            _label_on_top(panel, reference)
        area = ROLES["area"]
        y = 0.0
        for row, label, share, size, height in zip(
            rows, labels, shares, numbers, tall, strict=True
        ):
            middle = y - height / 2
            y -= height
            write(panel, limits.low, middle, label, dx=-10, at="end", strong=row.strong)
            place: dict[str, Any] = {"dx": share_column, "at": "end", "strong": row.strong}
            write(panel, limits.high, middle, share, **place)
            place = {"dx": share_column + 10, "at": "start", "size": SMALL, "color": QUIET}
            write(panel, limits.high, middle, size, **place)
            if row.n:
                panel.plot([row.low, row.high], [middle] * 2, color=area.color, linewidth=1.4)
                for end in (row.low, row.high):
                    panel.plot([end] * 2, [middle - 3, middle + 3], color=area.color, linewidth=1.4)
                face = area.color if row.strong else "white"
                panel.plot(
                    row.share, middle, "o", markersize=8, markerfacecolor=face,
                    markeredgecolor=area.color, markeredgewidth=1.5, clip_on=False,
                )  # fmt: skip
    drawn = [f"{row.label}: {share} n={row.n}" for row, share in zip(rows, shares, strict=True)]
    return finish(canvas, caption, drawn)


@for_telephones
def counts_by_group(
    caption: Caption,
    groups: Sequence[CountSeries],
    *,
    note: str = "",
    height: float = 78.0,
    columns: int = FRAME,
) -> Figure:
    """Draw counts by year, one small panel of bars for each group, all on one scale.

    The numbers stand on the bars where all of them fit, otherwise on the first and the last.

    Parameters
    ----------
    caption : Caption
    groups : sequence of CountSeries
        From the left.
    note : str
        Printed inside the figure.
    height : float
        Of one panel, in points.
    columns : int
        Panels in a row.
    """
    years = sorted({year for group in groups for year in group.years})
    counts = [np.asarray(group.counts, float) for group in groups]
    highest = float(max(np.nanmax(one) for one in counts))
    columns = min(columns, len(groups), max(1, int(caption.width // PANEL)))
    changes = [between(group.changes, years) for group in groups]
    with themed():
        canvas, panels = sheet(
            [height] * math.ceil(len(groups) / columns),
            left=ticks_width(highest),
            headings=[group.label for group in groups],
            foot=(note, line_note([one for some in changes for one in some])),
            gap=YEARS,
            columns=columns,
            across=12.0,
            wide=caption.width,
        )
        for number, (panel, group, values) in enumerate(zip(panels, groups, counts, strict=True)):
            year_limits(panel, years)
            count_axis(panel, highest, labels=number % columns == 0)
            panel.bar(
                group.years, values, width=0.74, color=BAND_FILL, edgecolor=BAND_EDGE, linewidth=0.8
            )
            for change in changes[number]:
                draw_line(panel, change)
            print_counts(panel, group.years, values)
            year_axis(panel, years, ends_only=True)
    drawn = [listed(group.label, group.years, group.counts, persons) for group in groups]
    return finish(canvas, caption, drawn)


def _label_on_top(panel: Any, reference: Level) -> None:
    """Write the label of the vertical line above it, turned away from the nearer end."""
    low, high = panel.get_xlim()
    at = "start" if reference.share < (low + high) / 2 else "end"
    shift = -4 if at == "start" else 4
    write(panel, reference.share, 14, level_text(reference), dx=shift, at=at, color=QUIET)
