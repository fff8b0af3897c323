"""A small time line: which years each source reaches.

In: :class:`Span` rows and the words around the figure. Out: a
:class:`~minato_analysis.figures.figure.Figure`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from minato_analysis.figures.axes import year_axis, year_limits
from minato_analysis.figures.figure import Caption, Figure, finish, for_telephones
from minato_analysis.figures.sheet import EDGE, sheet, write
from minato_analysis.figures.text import width, wrap
from minato_analysis.figures.theme import BAND_EDGE, BAND_FILL, SMALL, themed

LABEL_ROOM = 0.42
"""Part of the width for labels of rows; longer ones are broken."""


@dataclass(frozen=True)
class Span:
    """The years for which a source has values, ascending."""

    label: str
    years: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.years or list(self.years) != sorted(set(self.years)):
            raise ValueError(f"{self.label}: years must be given, ascending, each once")


@for_telephones
def year_spans(caption: Caption, rows: Sequence[Span], *, row_height: float = 27.0) -> Figure:
    """Draw one bar for each run of years without a gap, a row for each source.

    Parameters
    ----------
    caption : Caption
    rows : sequence of Span
        From the top.
    row_height : float
        In points; two lines of a label fit into the usual one.
    """
    labels = ["\n".join(wrap(row.label, LABEL_ROOM * caption.width, SMALL)) for row in rows]
    years = sorted({year for row in rows for year in row.years})
    with themed():
        canvas, (panel,) = sheet(
            [row_height * len(rows)],
            left=EDGE + max(width(label, SMALL) for label in labels) + 8,
            right=3 * EDGE,
            wide=caption.width,
        )
        panel.set(ylim=(-len(rows), 0), yticks=[])
        year_limits(panel, years)
        year_axis(panel, years)
        panel.grid(visible=True, axis="x")
        for number, (row, label) in enumerate(zip(rows, labels, strict=True)):
            middle = -number - 0.5
            write(panel, panel.get_xlim()[0], middle, label, dx=-8, at="end", size=SMALL)
            for first, last in _runs(row.years):
                panel.barh(
                    middle, last - first + 0.8, left=first - 0.4, height=0.42,
                    color=BAND_FILL, edgecolor=BAND_EDGE, linewidth=0.8,
                )  # fmt: skip
    drawn = [
        f"{row.label}: " + ", ".join(f"{a}–{b}" if a < b else f"{a}" for a, b in _runs(row.years))
        for row in rows
    ]
    return finish(canvas, caption, drawn)


def _runs(years: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last year of each run without a gap."""
    first = years[0]
    for year, following in zip(years, [*years[1:], None], strict=True):
        if following != year + 1:
            yield first, year
            if following is not None:
                first = following
