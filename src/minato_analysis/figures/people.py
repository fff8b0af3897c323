"""A hundred people: a share drawn as persons out of a hundred, or as not known.

In: :class:`Hundred` groups and the words around the figure. Out: a
:class:`~minato_analysis.figures.figure.Figure`. Persons with the trait are filled, the others
hollow; where their number is not known, all are grey outlines.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from minato_analysis.figures.figure import Caption, Figure, finish, for_telephones
from minato_analysis.figures.sheet import EDGE, sheet, size_of, write
from minato_analysis.figures.text import LEADING, wrap
from minato_analysis.figures.theme import NARROW, QUIET, ROLES, SMALL, themed

WHOLE = 100
ROW = 20
"""Persons in a row."""

SHOULDERS = Path.wedge(0.0, 180.0).transformed(Affine2D().scale(0.55, 0.85).translate(0.0, -0.9))
PERSON = Path.make_compound_path(Path.circle((0.0, 0.45), 0.36), SHOULDERS)


@dataclass(frozen=True)
class Hundred:
    """One group of a hundred persons.

    Parameters
    ----------
    heading : str
        Above the group.
    legend : tuple of str
        Lines below it; one begins with ``●`` or ``○`` where it explains a sign.
    filled : int, optional
        Persons with the trait, 0 to 100; None where it is not known.
    """

    heading: str
    legend: tuple[str, ...]
    filled: int | None = None

    def __post_init__(self) -> None:
        if self.filled is not None and not 0 <= self.filled <= WHOLE:
            raise ValueError(f"{self.heading}: {self.filled} of {WHOLE} persons")


@for_telephones
def hundreds(caption: Caption, groups: Sequence[Hundred], *, row_height: float = 15.5) -> Figure:
    """Draw groups of a hundred persons side by side.

    Parameters
    ----------
    caption : Caption
    groups : sequence of Hundred
    row_height : float
        In points; a person is a little less tall.
    """
    rows = WHOLE // ROW
    at = np.arange(WHOLE)
    x, y = at % ROW + 0.5, rows - at // ROW - 0.5
    columns = min(len(groups), max(1, int(caption.width // NARROW)))
    legends = [
        [
            line
            for text in group.legend
            for line in wrap(text, caption.width / columns - 26.0, SMALL)
        ]
        for group in groups
    ]
    lines = max(map(len, legends))
    below = lines * SMALL * LEADING + 8
    with themed():
        canvas, panels = sheet(
            [row_height * rows] * math.ceil(len(groups) / columns),
            left=EDGE,
            right=EDGE,
            bottom=below,
            gap=below,
            headings=[group.heading for group in groups],
            columns=columns,
            across=26.0,
            wide=caption.width,
        )
        for panel, group, legend in zip(panels, groups, legends, strict=True):
            panel.set(xlim=(0, ROW), ylim=(0, rows), xticks=[], yticks=[])
            panel.grid(visible=False)
            panel.spines["bottom"].set_visible(False)
            size = min(size_of(panel)[0] / ROW, row_height) * 0.86
            known = group.filled is not None
            ink = ROLES["area"].color if known else QUIET
            look = {"marker": PERSON, "markersize": size, "markeredgewidth": 0.8}
            for part, face in (
                (at < (group.filled or 0), ink),
                (at >= (group.filled or 0), "white"),
            ):
                panel.plot(
                    x[part], y[part], linestyle="none", markerfacecolor=face,
                    markeredgecolor=ink, clip_on=False, **look,
                )  # fmt: skip
            for number, line in enumerate(legend):
                below = -(number + 0.5) * SMALL * LEADING - 4
                write(panel, 0, 0, line, dy=below, at="start", size=SMALL, color=ink)
    return finish(canvas, caption, [f"{one.heading}: {'、'.join(one.legend)}" for one in groups])
