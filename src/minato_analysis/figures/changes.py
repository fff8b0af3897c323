"""Changes of law on a time axis: a labelled dashed line at the day.

In: :class:`LawChange`, one for each change. Out: lines and labels in the panels. The labels stand over the
highest panel, each beginning or ending at its line, where neither values nor line-end labels can be, and
are stacked so that no line runs through a label.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from minato_analysis.figures.sheet import EDGE, size_of, write
from minato_analysis.figures.text import LEADING, width
from minato_analysis.figures.theme import INK, NARROW, SMALL, WIDTH

LINE = SMALL * LEADING
"""Height of one row of labels, in points."""

LOWEST = 9.0
"""Distance of the lowest row's middle from the panel; line-end labels reach a little beyond its top."""

DASH = (6, 3)

BESIDE = 2.0
"""Least distance of a label that is moved back from the line before it, in points."""


@dataclass(frozen=True)
class LawChange:
    """One change of law.

    Parameters
    ----------
    year : int
        The first year that may be counted under the new law.
    label : str
        At the line: when, and the law's short name.
    bridged : bool
        Whether both sides count the same thing; otherwise lines of a series end here and begin anew.
    passed : float
        How much of the year had passed when the law came into force, from 0 to 1. A year's value stands in
        the middle of its year: the line stands before it or, where most of the year had passed, after it.
    """

    year: int
    label: str
    bridged: bool = True
    passed: float = 0.0

    @property
    def place(self) -> float:
        """Where the line stands on the axis of years."""
        return self.year - 0.5 + self.passed


def between(changes: Sequence[LawChange], years: Sequence[int]) -> list[LawChange]:
    """Return the changes that part two of the years, earliest first.

    >>> between([LawChange(2023, "b"), LawChange(2017, "a")], [2017, 2018, 2023])
    [LawChange(year=2023, label='b', bridged=True, passed=0.0)]
    """
    inside = [one for one in changes if min(years) < one.year <= max(years)]
    return sorted(inside, key=lambda one: one.place)


def room_above(changes: Sequence[LawChange], wide: float = WIDTH) -> float:
    """Return the room the labels need over the panel of a drawing so wide; see :func:`foot_note`."""
    return LOWEST + LINE * (len(changes) - 0.5) if changes and wide > NARROW else 0.0


def foot_note(changes: Sequence[LawChange], wide: float, lang: str = "ja") -> str:
    """Return what names the lines under a narrow drawing, where labels would meet those of the ends."""
    return line_note(changes, lang) if wide <= NARROW else ""


def draw_changes(panels: Sequence[Any], changes: Sequence[LawChange]) -> None:
    """Draw each change through all panels, its label over the first one where the drawing is not narrow.

    Parameters
    ----------
    panels : sequence of matplotlib.axes.Axes
        One above the other on the same years, with limits set.
    changes : sequence of LawChange
        Inside the years, earliest first (see :func:`between`).
    """
    placed = _placed(panels[0], changes)
    labelled = panels[0].figure.get_size_inches()[0] * 72 > NARROW + 1
    for at, panel in enumerate(panels):
        for one in placed:
            over = at == 0 and labelled
            draw_line(panel, one.change, LOWEST + LINE * (one.row - 0.45) if over else 0.0)
    for one in placed if labelled else ():
        write(
            panels[0], one.change.place, panels[0].get_ylim()[1], one.change.label,
            dx=one.shift, dy=LOWEST + LINE * one.row, at=one.at, size=SMALL,
        )  # fmt: skip


def draw_line(panel: Any, change: LawChange, above: float = 0.0) -> None:
    """Draw one change through a panel and on, `above` points over it, without its label."""
    low, high = panel.get_ylim()
    top = high + above * (high - low) / size_of(panel)[1]
    look: dict[str, Any] = {"color": INK, "linewidth": 1.0, "linestyle": (0, DASH)}
    panel.plot([change.place] * 2, [low, top], **look, clip_on=False, zorder=2.2)


def line_note(changes: Sequence[LawChange], lang: str = "ja") -> str:
    """Return the sentence that names the lines where there is no room for labels.

    >>> line_note([LawChange(2023, "2023年7月 甲の改正")])
    '縦の破線：2023年7月 甲の改正。'
    """
    labels = dict.fromkeys(one.label for one in sorted(changes, key=lambda one: one.place))
    if lang == "en":
        return f"Dashed line: {', '.join(labels)}." if labels else ""
    return f"縦の破線：{'、'.join(labels)}。" if labels else ""


def cut(
    years: Sequence[int], values: ArrayLike, changes: Sequence[LawChange]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a series with a gap at every change that is not bridged, to be drawn as a line.

    A year with the change inside it belongs to neither side: it has a gap before and after it.

    >>> cut([2022, 2023], [1.0, 2.0], [LawChange(2023, "a", bridged=False)])
    (array([2022. , 2022.5, 2023. ]), array([ 1., nan,  2.]))
    """
    at = np.asarray(years, float)
    ends = {
        end
        for one in changes
        if not one.bridged
        for end in (one.year - 0.5, one.year + 0.5 if one.passed else one.year - 0.5)
    }
    gaps = sorted(end for end in ends if at[0] < end < at[-1])
    places = np.searchsorted(at, gaps)
    return (
        np.insert(at, places, gaps),
        np.insert(np.asarray(values, float), places, np.nan),
    )


@dataclass(frozen=True)
class _Placed:
    """A change, the row of its label from below, the label's side, and its shift in points."""

    change: LawChange
    row: int
    at: str
    shift: float


def _placed(panel: Any, changes: Sequence[LawChange]) -> list[_Placed]:
    """Place the labels right of their lines, later ones lower: each line passes left of those below.

    Where the last label would have to be moved back over the line before it, all stand left of their
    lines, earlier ones lower.
    """
    low, high = panel.get_xlim()
    left = float(panel.get_position().x0 * panel.figure.get_size_inches()[0] * 72)
    sheet = float(panel.figure.get_size_inches()[0] * 72) - EDGE
    at = [left + (one.place - low) * size_of(panel)[0] / (high - low) for one in changes]
    wide = [width(one.label, SMALL) for one in changes]
    shifts = [min(0.0, sheet - x - need) for x, need in zip(at, wide, strict=True)]
    last = len(changes) - 1
    if last > 0 and at[last] + shifts[last] < at[last - 1] + BESIDE:
        shifts = [max(0.0, EDGE + need - x) for x, need in zip(at, wide, strict=True)]
        return [_Placed(one, row, "end", shifts[row]) for row, one in enumerate(changes)]
    return [_Placed(one, last - row, "start", shifts[row]) for row, one in enumerate(changes)]
