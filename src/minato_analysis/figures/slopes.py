"""A slope chart: each group's count in a first and a last year, joined by a line.

In: :class:`Slope` rows and the words around the figure. Out: a
:class:`~minato_analysis.figures.figure.Figure`. Groups are told apart by the label at both ends of their
line; labels never overlap.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from minato_analysis.figures.axes import count_axis
from minato_analysis.figures.figure import Caption, Figure, finish, for_telephones
from minato_analysis.figures.labels import LABEL_GAP, EndLabel, end_labels
from minato_analysis.figures.sheet import EDGE, YEARS, sheet, size_of, write
from minato_analysis.figures.text import LEADING, persons, spread, width, year_lines
from minato_analysis.figures.theme import QUIET, ROLES, SIZE, SMALL, themed


@dataclass(frozen=True)
class Slope:
    """One group: its label, its first and its last count (NaN: not out), and whether a line may join them."""

    label: str
    first: float
    last: float
    joined: bool = True

    @property
    def known(self) -> tuple[float, ...]:
        """The counts that are out, the first one first."""
        return tuple(one for one in (self.first, self.last) if not math.isnan(one))


def _count(value: float) -> str:
    return "…" if math.isnan(value) else persons(value)


@for_telephones
def slopes(
    caption: Caption,
    rows: Sequence[Slope],
    years: tuple[int, int],
    *,
    foot: Sequence[str] = (),
    height: float = 150.0,
) -> Figure:
    """Draw one line a group, name and count on the left, count on the right.

    A count that is not out leaves its end of the line empty and is written ``…``; a group without both
    is in the table only.

    Parameters
    ----------
    caption : Caption
    rows : sequence of Slope
    years : (int, int)
        First and last.
    foot : sequence of str
        Printed under the plot.
    height : float
        Of the plot, in points.
    """
    rows = [row for row in rows if not (math.isnan(row.first) and math.isnan(row.last))]
    before = [f"{row.label} {_count(row.first)}" for row in rows]
    after = [_count(row.last) for row in rows]
    left = EDGE + max(width(text, SIZE) for text in before) + LABEL_GAP
    with themed():
        canvas, (panel,) = sheet(
            [height],
            left=left,
            right=EDGE + max(width(text, SIZE) for text in after) + LABEL_GAP,
            bottom=YEARS - 4,
            foot=foot,
            wide=caption.width,
        )
        panel.set(xlim=(0, 1), xticks=[])
        count_axis(panel, max(one for row in rows for one in row.known), labels=False)
        panel.grid(visible=False)
        tall = size_of(panel)[1]
        point = panel.get_ylim()[1] / tall
        color = ROLES["area"].color
        line = SIZE * LEADING
        # The name of a group whose first count is not out stands beside its last one.
        wanted = [row.known[0] / point for row in rows]
        placed = spread(wanted, [line] * len(rows), 0.0, tall + 4)
        for row, text, at, want in zip(rows, before, placed, wanted, strict=True):
            if abs(at - want) > 4 and row.known[0] == row.first:
                ends = {"color": QUIET, "linewidth": 0.6, "clip_on": False}
                panel.plot([-0.02, 0], [float(at) * point, row.first], **ends)
            write(panel, 0, float(at) * point, text, dx=-LABEL_GAP, at="end")
            if row.joined:
                panel.plot([0, 1], [row.first, row.last], color=color, linewidth=1.6)
            panel.plot([0, 1], [row.first, row.last], "o", markersize=5, color=color, clip_on=False)
        end_labels(
            panel,
            [EndLabel(1, row.known[-1], text) for row, text in zip(rows, after, strict=True)],
        )
        for x, year in zip((0, 1), years, strict=True):
            for text, dy in zip(year_lines(year), (-10.5, -22.0), strict=True):
                write(panel, x, 0, text, dy=dy, size=SMALL, color=QUIET)
    return finish(
        canvas,
        caption,
        [f"{a}, {years[1]} {b}" for a, b in zip(before, after, strict=True)],
    )
