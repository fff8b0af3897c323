"""Draws the figures of an area's page without matplotlib's artists: the same calls in, the same SVG out.

Most of the time of a page goes into matplotlib's general machinery, of which our charts use little. A
:class:`Canvas` takes the calls that :mod:`minato_analysis.figures` makes of a matplotlib figure and writes
the SVG elements matplotlib would write. After :func:`minato_analysis.figures.svg.render` both are the same,
byte for byte; matplotlib stays the reference in the tests. Whatever is not known here raises
:class:`~minato_analysis.areas.elements.NotDrawn`, and the page is made with matplotlib.

Lengths are points; the vertical axis of SVG points down.
"""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import numpy as np

from minato_analysis.areas import elements
from minato_analysis.areas.panel import Panel


class Canvas:
    """Takes the place of a matplotlib figure."""

    def __init__(self, figsize: tuple[float, float], dpi: float) -> None:
        if dpi != 72:
            raise elements.NotDrawn(f"{dpi} dots an inch")
        self._inches = np.array(figsize, float)
        self.width, self.height = (72.0 * inches for inches in figsize)
        self.panels: list[Panel] = []
        self._texts: list[str] = []
        self._known: dict[tuple[str, str], str] = {}
        self._clips: dict[tuple[str, ...], str] = {}
        self._hatches: dict[tuple[str, ...], str] = {}

    def get_size_inches(self) -> Any:
        """Return width and height in inches."""
        return self._inches

    def add_axes(self, rect: tuple[float, float, float, float]) -> Panel:
        """Add a panel at fractions of the page: left, bottom, width, height."""
        self.panels.append(Panel(self, rect))
        return self.panels[-1]

    def text(self, x: float, y: float, s: str, *, fontsize: float, color: str) -> None:
        """Write text at fractions of the page."""
        if s:
            self._texts.append(
                elements.text(s, x * self.width, self.height - y * self.height, fontsize, color)
            )

    def savefig(self, out: Any, format: str, metadata: Any) -> None:
        """Write the SVG that :func:`minato_analysis.figures.svg.render` reads."""
        if format != "svg":
            raise elements.NotDrawn(format)
        w, h = self.width, self.height
        page = elements.path([(0, h), (w, h), (w, 0), (0, 0)], close=True)
        body = [f'<path d="{page}" fill="#ffffff"/>']
        for panel in self.panels:
            body += panel.drawn()
        ends = [*self._texts, *self._definitions()]
        box = f"0 0 {elements.number(w)} {elements.number(h)}"
        out.write(f'<svg viewBox="{box}">{"".join([*body, *ends])}</svg>')

    def clip(self, *rect: float) -> str:
        """Return the id of the clip that is this rectangle."""
        return self._clips.setdefault(tuple(map(elements.number, rect)), f"clip{len(self._clips)}")

    def marker(self, path: str, stroke: str) -> tuple[str, str]:
        """Return the id of a marker, and its definition where it is used for the first time."""
        if known := self._known.get((path, stroke)):
            return known, ""
        id = self._known[path, stroke] = f"marker{len(self._known)}"
        return id, f'<defs><path id="{id}" d="{path}"{stroke}/></defs>'

    def hatch(self, kind: str, face: str, edge: str) -> str:
        """Return the id of a hatch pattern."""
        key = kind, face, edge
        return self._hatches.setdefault(key, f"hatch{len(self._hatches)}")

    def _definitions(self) -> list[str]:
        found = []
        if self._clips:
            clips = (
                f'<clipPath id="{id}"><rect x="{x}" y="{y}" width="{w}" height="{h}"/></clipPath>'
                for (x, y, w, h), id in self._clips.items()
            )
            found.append(f"<defs>{''.join(clips)}</defs>")
        if self._hatches:
            size, line = elements.HATCH_SIZE, mpl.rcParams["hatch.linewidth"]
            patterns = (
                f'<pattern id="{id}" patternUnits="userSpaceOnUse" x="0" y="0"'
                f' width="{size}" height="{size}">'
                f'<rect x="0" y="0" width="{size + 1}" height="{size + 1}" fill="{face}"/>'
                f'<path d="{elements.hatch_path(kind)}" fill="{edge}" stroke="{edge}" stroke-width="{line}"'
                ' stroke-linecap="butt" stroke-linejoin="miter"/></pattern>'
                for (kind, face, edge), id in self._hatches.items()
            )
            found.append(f"<defs>{''.join(patterns)}</defs>")
        return found
