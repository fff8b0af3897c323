"""A time line of a few years: what is at hand, what is awaited, and when it comes.

In: :class:`Milestone` points and the words around the figure. Out: a
:class:`~minato_analysis.figures.figure.Figure`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from minato_analysis.figures.axes import year_limits
from minato_analysis.figures.figure import Caption, Figure, finish, for_telephones
from minato_analysis.figures.sheet import EDGE, sheet, size_of, write
from minato_analysis.figures.text import LEADING, width
from minato_analysis.figures.theme import NARROW, QUIET, ROLES, SIZE, themed


@dataclass(frozen=True)
class Milestone:
    """One point: its year, its label (two parts apart by a wide space), and whether it has come."""

    year: int
    label: str
    come: bool = False


@for_telephones
def milestones(caption: Caption, points: Sequence[Milestone]) -> Figure:
    """Draw the points on a line of years, those that have come filled; labels in turn above and below.

    Parameters
    ----------
    caption : Caption
    points : sequence of Milestone
        Two at least, the earliest first.
    """
    apart = "　" if caption.width > NARROW else "\n"
    labels = [one.label.replace("　", apart) for one in points]
    line = SIZE * LEADING
    above, below = (max(text.count("\n") + 1 for text in labels[side::2]) * line for side in (0, 1))
    with themed():
        canvas, (panel,) = sheet(
            [above + below + 22], left=3 * EDGE, right=3 * EDGE, bottom=2.0, wide=caption.width
        )
        wide, tall = size_of(panel)
        years = [one.year for one in points]
        year_limits(panel, years)
        panel.set(ylim=(0, tall), yticks=[])
        panel.grid(visible=False)
        panel.spines["bottom"].set_visible(False)
        middle = below + 11
        panel.plot(panel.get_xlim(), [middle] * 2, color=QUIET, linewidth=1.4)
        low, high = panel.get_xlim()
        color = ROLES["area"].color
        for number, (one, text) in enumerate(zip(points, labels, strict=True)):
            panel.plot(
                one.year, middle, "o", markersize=9, markeredgecolor=color, markeredgewidth=1.6,
                markerfacecolor=color if one.come else "white", zorder=4,
            )  # fmt: skip
            x = (one.year - low) / (high - low) * wide
            half = width(text, SIZE) / 2
            shift = min(max(x, half - 2 * EDGE), wide + 2 * EDGE - half) - x
            lines = (text.count("\n") + 1) * line
            away = 11 + lines / 2
            write(panel, one.year, middle, text, dx=shift, dy=away if number % 2 == 0 else -away)
    drawn = [f"{one.year}: {one.label}" for one in points]
    return finish(canvas, caption, drawn)
