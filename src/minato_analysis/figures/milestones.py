"""A time line of a few years: what is at hand, what is awaited, and when it comes.

In: :class:`Milestone` points and the words around the figure. Out: a
:class:`~minato_analysis.figures.figure.Figure`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from minato_analysis.figures.axes import year_limits
from minato_analysis.figures.figure import Caption, Figure, finish, for_telephones
from minato_analysis.figures.sheet import EDGE, sheet, write
from minato_analysis.figures.text import LEADING, width
from minato_analysis.figures.theme import NARROW, QUIET, ROLES, SIZE, themed

ROWS = (1, -1, 2, -2, 3, -3)
"""Rows of labels from the line, above it and below it."""


@dataclass(frozen=True)
class Milestone:
    """One point: its year, its label (two parts apart by a wide space), and whether it has come."""

    year: int
    label: str
    come: bool = False


@for_telephones
def milestones(caption: Caption, points: Sequence[Milestone]) -> Figure:
    """Draw the points on a line of years, those that have come filled.

    Labels stand above and below the line, each in the nearest row where it meets no other.

    Parameters
    ----------
    caption : Caption
    points : sequence of Milestone
        Two at least, the earliest first.
    """
    apart = "　" if caption.width > NARROW else "\n"
    labels = [one.label.replace("　", apart) for one in points]
    line = SIZE * LEADING * max(text.count("\n") + 1 for text in labels)
    wide = caption.width - 6 * EDGE
    first, last = points[0].year - 0.5, points[-1].year + 0.5
    taken: dict[int, float] = {}
    placed = []
    for one, text in zip(points, labels, strict=True):
        x, half = (one.year - first) / (last - first) * wide, width(text, SIZE) / 2
        shift = min(max(x, half - 2 * EDGE), wide + 2 * EDGE - half) - x
        row = next(row for row in ROWS if taken.get(row, -wide) < x + shift - half)
        taken[row] = x + shift + half
        placed.append((shift, row))
    above, below = (max([side * row for _, row in placed] + [0]) * line for side in (1, -1))
    with themed():
        canvas, (panel,) = sheet(
            [above + below + 22], left=3 * EDGE, right=3 * EDGE, bottom=2.0, wide=caption.width
        )
        year_limits(panel, [one.year for one in points])
        panel.set(ylim=(0, above + below + 22), yticks=[])
        panel.grid(visible=False)
        panel.spines["bottom"].set_visible(False)
        middle = below + 11
        panel.plot(panel.get_xlim(), [middle] * 2, color=QUIET, linewidth=1.4)
        color = ROLES["area"].color
        for one, text, (shift, row) in zip(points, labels, placed, strict=True):
            panel.plot(
                one.year, middle, "o", markersize=9, markeredgecolor=color, markeredgewidth=1.6,
                markerfacecolor=color if one.come else "white", zorder=4,
            )  # fmt: skip
            away = (abs(row) - 0.5) * line + 9
            write(panel, one.year, middle, text, dx=shift, dy=away if row > 0 else -away)
    return finish(canvas, caption, [f"{one.year}: {one.label}" for one in points])
