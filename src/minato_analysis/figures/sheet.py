"""The sheet a figure is drawn on: panels, headings, lines of text below, text anywhere.

In: sizes in points and texts. Out: matplotlib artists. Every position is computed here; the layout
engines and tick labels of matplotlib are not used, for both depend on the measures of one font.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure as Canvas

from minato_analysis.figures.text import LEADING, wrap
from minato_analysis.figures.theme import INK, QUIET, SIZE, SMALL, WIDTH

HEADING = 26.0
YEARS = 34.0
EDGE = 5.0


def sheet(  # noqa: PLR0913 - margins and texts of a page; all but the first have a default
    heights: Sequence[float],
    *,
    left: float = 34.0,
    right: float = EDGE,
    bottom: float = YEARS,
    headings: Sequence[str] = (),
    foot: Sequence[str] = (),
    gap: float = 14.0,
    columns: int = 1,
    across: float = 0.0,
    above: float = 0.0,
    wide: float = WIDTH,
) -> tuple[Any, list[Any]]:
    """Return a canvas and its panels.

    Parameters
    ----------
    heights : sequence of float
        Height of each row of panels, from the top.
    left, right, bottom : float
        Margins.
    gap, across : float
        Distance between rows, beyond headings, and between columns.
    above : float
        Room between the first row of panels and what stands over it, for labels of vertical lines.
    headings : sequence of str
        One above each panel, or none at all.
    foot : sequence of str
        Paragraphs under the panels; empty ones are left out.
    columns : int
        Panels in a row, filled row by row.
    wide : float
        Width of the whole sheet.

    Returns
    -------
    canvas : matplotlib.figure.Figure
    panels : list of matplotlib.axes.Axes
        As many as there are headings, or all.
    """
    lines = [line for text in foot if text for line in wrap(text, wide - 2 * EDGE, SMALL)]
    head = (HEADING if headings else 2 * EDGE) + above
    between = gap + (HEADING if headings else 0.0)
    total = head + sum(heights) + between * (len(heights) - 1) + bottom
    total += len(lines) * SMALL * LEADING + EDGE
    canvas = Canvas(figsize=(wide / 72, total / 72), dpi=72)
    panel_width = (wide - left - right - across * (columns - 1)) / columns
    panels = []
    for number in range(len(headings) or len(heights) * columns):
        row, column = divmod(number, columns)
        x = left + column * (panel_width + across)
        y = total - head - sum(heights[: row + 1]) - between * row
        size = (panel_width / wide, heights[row] / total)
        panels.append(canvas.add_axes((x / wide, y / total, *size)))
    for number, (panel, heading) in enumerate(zip(panels, headings, strict=False)):
        at_left = -(left - EDGE) if columns == 1 else 0.0
        over = 15 + (above if number < columns else 0.0)
        write(panel, 0, 1, heading, dx=at_left, dy=over, at="start", strong=True, inside=True)
    for number, line in enumerate(reversed(lines)):
        y = EDGE + (number + 0.3) * SMALL * LEADING
        canvas.text(EDGE / wide, y / total, line, fontsize=SMALL, color=QUIET)
    for panel in panels:
        panel.tick_params(length=0, labelbottom=False, labelleft=False)
    return canvas, panels


def size_of(panel: Any) -> tuple[float, float]:
    """Return width and height of a panel in points."""
    box, page = panel.get_position(), panel.figure.get_size_inches() * 72
    return float(box.width * page[0]), float(box.height * page[1])


def write(  # noqa: PLR0913 - a text, its place and its look
    panel: Any,
    x: float,
    y: float,
    text: str,
    *,
    dx: float = 0.0,
    dy: float = 0.0,
    at: str = "middle",
    size: float = SIZE,
    color: str = INK,
    strong: bool = False,
    halo: bool = False,
    inside: bool = False,
) -> None:
    """Write text around a point: centred vertically, `at` start, middle or end horizontally.

    Parameters
    ----------
    x, y : float
        Data units; fractions of the panel with `inside`.
    dx, dy : float
        Shift in points.
    strong, halo : bool
        Bold; white outline.
    """
    lines = text.split("\n")
    align = {"start": "left", "middle": "center", "end": "right"}[at]
    gid = " ".join(word for word, on in (("strong", strong), ("halo", halo)) if on)
    for number, line in enumerate(lines):
        # Lines are set one by one: in a text of several, matplotlib fixes the left edge of each by
        # its own font's width, and a centred line would not be centred in the reader's font.
        shift = ((len(lines) - 1) / 2 - number) * size * LEADING - 0.36 * size
        panel.annotate(
            line,
            (x, y),
            (dx, dy + shift),
            xycoords="axes fraction" if inside else "data",
            textcoords="offset points",
            annotation_clip=False,
            color=color,
            fontsize=size,
            gid=gid or None,
            ha=align,
            va="baseline",
        )
