"""Twenty outcomes a row: how often something comes about, by each way of looking at it.

In: :class:`Outcomes` rows and the words around the figure. Out: a
:class:`~minato_analysis.figures.figure.Figure`. Outcomes that come about are filled, the others hollow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from minato_analysis.figures.figure import Caption, Figure, finish, for_telephones
from minato_analysis.figures.sheet import EDGE, sheet, size_of, write
from minato_analysis.figures.text import LEADING, width, wrap
from minato_analysis.figures.theme import ROLES, SIZE, themed

DOT = 13.0
"""Largest distance of neighbouring dots, in points."""


@dataclass(frozen=True)
class Outcomes:
    """One row: its label, how many outcomes come about of how many, and the same in words."""

    label: str
    met: int
    total: int
    said: str
    strong: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.met <= self.total:
            raise ValueError(f"{self.label}: {self.met} of {self.total}")


@for_telephones
def outcome_rows(caption: Caption, rows: Sequence[Outcomes], *, foot: Sequence[str] = ()) -> Figure:
    """Draw a row of dots for each way, its label above it and the count at its end.

    Parameters
    ----------
    caption : Caption
    rows : sequence of Outcomes
        From the top.
    foot : sequence of str
        Printed under the rows.
    """
    room = caption.width - 3 * EDGE - max(width(row.said, SIZE) for row in rows)
    labels = [wrap(row.label, room, SIZE) for row in rows]
    line = SIZE * LEADING
    step = min(DOT, (caption.width - 2 * EDGE) / max(row.total for row in rows))
    heights = [line * len(label) + step + 2 for label in labels]
    with themed():
        canvas, (panel,) = sheet(
            [sum(heights)], left=EDGE, right=EDGE, bottom=2.0, foot=foot, wide=caption.width
        )
        wide, tall = size_of(panel)
        panel.set(xlim=(0, wide), ylim=(0, tall), xticks=[], yticks=[])
        panel.grid(visible=False)
        panel.spines["bottom"].set_visible(False)
        color = ROLES["area"].color
        top = tall
        for row, label, height in zip(rows, labels, heights, strict=True):
            for number, text in enumerate(label):
                y = top - (number + 0.5) * line
                write(panel, 0, y, text, at="start", strong=row.strong)
            write(panel, wide, top - 0.5 * line, row.said, at="end", strong=True)
            middle = top - len(label) * line - step / 2
            for at in range(row.total):
                panel.plot(
                    (at + 0.5) * step, middle, "o", markersize=0.78 * step, markeredgecolor=color,
                    markeredgewidth=1.1, markerfacecolor=color if at < row.met else "white",
                )  # fmt: skip
            top -= height
    return finish(canvas, caption, [f"{row.label}: {row.said}" for row in rows])
