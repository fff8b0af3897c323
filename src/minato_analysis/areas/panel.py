"""One panel of :mod:`minato_analysis.areas.canvas`: calls of matplotlib's axes in, SVG elements out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, Protocol

import matplotlib as mpl
import numpy as np
from matplotlib.colors import to_hex

from minato_analysis.areas import elements

ANCHORS = {"left": "start", "center": "middle", "right": "end"}
CLOSE = 1e-10
"""A tick this part of the axis outside its ends still counts as inside."""


class _Item(NamedTuple):
    order: float
    svg: str


class Box(NamedTuple):
    """Place of a panel on its page, in fractions."""

    x0: float
    y0: float
    width: float
    height: float


class Page(Protocol):
    """What a panel needs of the page it stands on."""

    width: float
    height: float

    def clip(self, *rect: float) -> str:
        """Return the id of a clip."""
        ...

    def marker(self, path: str, stroke: str) -> tuple[str, str]:
        """Return the id of a marker and its definition if it is new."""
        ...

    def hatch(self, kind: str, face: str, edge: str) -> str:
        """Return the id of a hatch pattern."""
        ...


class Panel:
    """Takes the place of matplotlib's axes: what the charts call, with the arguments they give."""

    def __init__(self, canvas: Page, rect: tuple[float, float, float, float]) -> None:
        self.figure = canvas
        left, bottom, width, height = rect
        self._position = Box(*rect)
        w, h = canvas.width, canvas.height
        self._left, self._bottom = left * w, bottom * h
        self._right, self._top = (left + width) * w, (bottom + height) * h
        self._limits: dict[str, tuple[float, float]] = {}
        self._ticks: dict[str, list[float]] = {"x": [], "y": []}
        self._grid = {"x": False, "y": True}
        self._tick_mark: tuple[float, str] | None = None
        self._items: list[_Item] = []
        self._bars_of_error = 0

    # What the charts ask

    def get_position(self) -> Box:
        """Return the place on the page."""
        return self._position

    def get_xlim(self) -> tuple[float, float]:
        """Return the ends of the horizontal axis."""
        return self._ends("x")

    def get_ylim(self) -> tuple[float, float]:
        """Return the ends of the vertical axis."""
        return self._ends("y")

    # Axes

    def set(self, **given: Any) -> None:
        """Set limits and ticks."""
        for name, value in given.items():
            if name not in ("xlim", "ylim", "xticks", "yticks"):
                raise elements.NotDrawn(name)
            if name.endswith("lim"):
                self._limits[name[0]] = float(value[0]), float(value[1])
            else:
                self._ticks[name[0]] = [float(one) for one in value]

    def set_xticks(self, ticks: Iterable[float]) -> None:
        """Set the ticks of the horizontal axis."""
        self.set(xticks=ticks)

    def set_yticks(self, ticks: Iterable[float]) -> None:
        """Set the ticks of the vertical axis."""
        self.set(yticks=ticks)

    def grid(self, *, visible: bool, axis: str) -> None:
        """Show or hide the lines at the ticks of an axis."""
        self._grid[axis] = visible

    def tick_params(self, **given: Any) -> None:
        """Hide all marks, or show those of the horizontal axis."""
        if given == {"length": 0, "labelbottom": False, "labelleft": False}:
            self._tick_mark = None
        elif given.keys() == {"axis", "length", "color", "bottom"} and given["axis"] == "x":
            self._tick_mark = float(given["length"]), to_hex(given["color"])
        else:
            raise elements.NotDrawn(f"tick_params({given})")

    # Things drawn

    def plot(self, x: Any, y: Any, marker: str = "", **look: Any) -> None:
        """Draw a line, with markers at its points."""
        zorder, clip_on = look.pop("zorder", 2), look.pop("clip_on", True)
        of_marker = {name: look.pop(name) for name in list(look) if name.startswith("marker")}
        points = self._points(x, y)
        svg = f"<path{self._line(points, look, clip_on=clip_on)}/>"
        if marker:
            svg += self._markers(points, marker, **of_marker)
        self._items.append(_Item(zorder, svg))

    def axhline(self, y: float, **look: Any) -> None:
        """Draw a line across the panel."""
        at = self._page(0, y)[1]
        self._whole_line([(self._left, at), (self._right, at)], look)

    def axvline(self, x: float, **look: Any) -> None:
        """Draw a line from bottom to top."""
        at = self._page(x, 0)[0]
        h = self.figure.height
        self._whole_line([(at, h - self._bottom), (at, h - self._top)], look)

    def bar(
        self,
        x: Any,
        height: Any,
        *,
        width: float,
        color: str,
        edgecolor: str,
        linewidth: float,
        bottom: Any = 0.0,
        hatch: str = "",
    ) -> None:
        """Draw bars."""
        edge, fill = to_hex(edgecolor), to_hex(color)
        for at, tall, low in zip(
            np.asarray(x, float), *np.broadcast_arrays(height, bottom), strict=True
        ):
            ends = [at - width / 2, at - width / 2 + width], [float(low), float(low + tall)]
            (x0, x1), (y0, y1) = ends
            points = [self._page(*one) for one in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]
            shown = f"url(#{self.figure.hatch(hatch, fill, edge)})" if hatch else fill
            svg = (
                f'<path d="{self._checked(points, close=True)}"{self._clip()} fill="{shown}"'
                f'{elements.stroke(edge, linewidth)} stroke-linejoin="miter"/>'
            )
            self._items.append(_Item(1, svg))

    def fill_between(self, x: Any, y1: Any, y2: Any, *, color: str, linewidth: float) -> None:
        """Fill the band between two lines."""
        if linewidth:
            raise elements.NotDrawn("a band with an edge")
        low, high = self._points(x, y1), self._points(x, y2)
        around = [high[0], *low, high[-1], *reversed(high)]
        # As matplotlib: a marker whose points count from the top of the page, put at its bottom.
        h = self.figure.height
        path = elements.path([(px, py - h) for px, py in around], close=True)
        id, defined = self.figure.marker(path, "")
        svg = (
            f'{defined}<g{self._clip()}><use href="#{id}" x="0" y="{elements.number(h)}"'
            f' fill="{to_hex(color)}"/></g>'
        )
        self._items.append(_Item(1, svg))

    def errorbar(
        self,
        x: Any,
        y: Any,
        yerr: Any,
        *,
        fmt: str,
        ecolor: str,
        elinewidth: float,
        capsize: float,
        zorder: float,
    ) -> None:
        """Draw an interval at each point, with caps."""
        self._bars_of_error += 1
        if fmt != "none" or self._bars_of_error > 1:
            raise elements.NotDrawn("intervals of several kinds")
        x, y = np.asarray(x, float), np.asarray(y, float)
        down, up = self._points(x, y - yerr[0]), self._points(x, y + yerr[1])
        color = to_hex(ecolor)
        bars = [
            f'<path d="{self._checked(ends)}"{self._clip()} fill="none"{elements.stroke(color, elinewidth)}/>'
            for ends in zip(down, up, strict=True)
        ]
        # The caps' inner colour is never seen; matplotlib writes the first of its cycle.
        inner = mpl.rcParams["axes.prop_cycle"].by_key()["color"][0]
        look = {
            "markersize": 2.0 * capsize,
            "markeredgecolor": color,
            "markeredgewidth": mpl.rcParams["lines.markeredgewidth"],
            "markerfacecolor": inner,
        }
        caps = [self._markers(ends, "_", **look) for ends in (down, up)]
        self._items.append(_Item(zorder, "".join([*bars, *caps])))

    def annotate(  # noqa: PLR0913 - what the charts give
        self,
        text: str,
        xy: tuple[float, float],
        xytext: tuple[float, float],
        *,
        xycoords: str,
        textcoords: str,
        annotation_clip: bool,
        color: str,
        fontsize: float,
        gid: str | None,
        ha: str,
        va: str,
    ) -> None:
        """Write text at a point, shifted by points."""
        if textcoords != "offset points" or annotation_clip or va != "baseline":
            raise elements.NotDrawn("a text placed otherwise")
        if not text:
            return
        if xycoords == "data":
            x, y = self._page(*xy)
        else:
            h = self.figure.height
            x = self._left + xy[0] * (self._right - self._left)
            y = h - (self._bottom + xy[1] * (self._top - self._bottom))
        svg = elements.text(text, x + xytext[0], y - xytext[1], fontsize, color, ANCHORS[ha])
        self._items.append(_Item(3, f'<g id="{gid}">{svg}</g>' if gid else svg))

    # The result

    def drawn(self) -> list[str]:
        """Return the panel's elements in the order in which they are drawn."""
        h, rc = self.figure.height, mpl.rcParams
        low, high = h - self._bottom, h - self._top
        corners = [
            (self._left, low),
            (self._right, low),
            (self._right, high),
            (self._left, high),
            (self._left, low),
        ]
        ground = f'<path d="{elements.path(corners, close=True)}" fill="none"/>'
        spine = (
            f'<path d="{elements.path([(self._left, low), (self._right, low)])}" fill="none"'
            f"{elements.stroke(to_hex(rc['axes.edgecolor']), rc['axes.linewidth'])}"
            ' stroke-linejoin="miter" stroke-linecap="square"/>'
        )
        axes = _Item(0.5, "".join([*self._x_ticks(), *self._y_ticks()]))
        items = [*self._items, _Item(2.5, spine), axes]
        return [ground, *(one.svg for one in sorted(items, key=lambda one: one.order))]

    def _x_ticks(self) -> list[str]:
        low, high = self.figure.height - self._bottom, self.figure.height - self._top
        found = []
        for tick in self._seen_ticks("x"):
            at = self._page(tick, 0)[0]
            if self._grid["x"]:
                found.append(self._grid_line([(at, low), (at, high)]))
            if self._tick_mark:
                length, color = self._tick_mark
                stroke = elements.stroke(color, mpl.rcParams["xtick.major.width"])
                id, defined = self.figure.marker(elements.path([(0, 0), (0, length)]), stroke)
                place = f'x="{elements.number(at)}" y="{elements.number(low)}"'
                found.append(f'{defined}<use href="#{id}" {place} fill="{color}"{stroke}/>')
        return found

    def _y_ticks(self) -> list[str]:
        if not self._grid["y"]:
            return []
        rows = (self._page(0, tick)[1] for tick in self._seen_ticks("y"))
        return [self._grid_line([(self._left, at), (self._right, at)]) for at in rows]

    def _grid_line(self, points: elements.Points) -> str:
        look = {
            "color": mpl.rcParams["grid.color"],
            "linewidth": mpl.rcParams["grid.linewidth"],
            "linestyle": "solid",
        }
        return f"<path{self._line(points, look)}/>"

    def _seen_ticks(self, axis: str) -> list[float]:
        ticks = self._ticks[axis]
        if not ticks:
            return []
        low, high = self._ends(axis)
        room = CLOSE * (high - low)
        return [tick for tick in ticks if low - room <= tick <= high + room]

    def _ends(self, axis: str) -> tuple[float, float]:
        if axis not in self._limits:
            raise elements.NotDrawn(f"an axis {axis} without limits")
        low, high = self._limits[axis]
        if not low < high:
            raise elements.NotDrawn("an axis without length")
        return low, high

    def _page(self, x: float, y: float) -> tuple[float, float]:
        """Return a point of the data as a point of the page."""
        (x0, x1), (y0, y1) = (
            self._limits.get("x", (0.0, 1.0)),
            self._limits.get("y", (0.0, 1.0)),
        )
        across = self._left + (x - x0) / (x1 - x0) * (self._right - self._left)
        up = self._bottom + (y - y0) / (y1 - y0) * (self._top - self._bottom)
        return across, self.figure.height - up

    def _points(self, x: Any, y: Any) -> list[tuple[float, float]]:
        self._ends("x"), self._ends("y")
        xs, ys = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
        return [self._page(*one) for one in zip(xs.tolist(), ys.tolist(), strict=True)]

    def _checked(self, points: elements.Points, *, close: bool = False) -> str:
        """Return the path through points that all lie on the page: matplotlib cuts the others off."""
        w, h = self.figure.width, self.figure.height
        for x, y in points:
            if not (0 <= x <= w and 0 <= y <= h):  # not a number neither
                raise elements.NotDrawn(f"a point ({x:g}, {y:g}) outside the page")
        return elements.path(points, close=close)

    def _line(self, points: elements.Points, look: dict[str, Any], *, clip_on: bool = True) -> str:
        if look.keys() - {"color", "linestyle", "linewidth"}:
            raise elements.NotDrawn(f"a line with {look}")
        dashes = look.get("linestyle", "solid")
        if dashes == "solid":
            pattern, end = "", elements.line_end(mpl.rcParams["lines.solid_capstyle"])
        elif isinstance(dashes, tuple) and dashes[0] == 0:
            pattern, end = f' stroke-dasharray="{",".join(map(elements.number, dashes[1]))}"', ""
        else:
            raise elements.NotDrawn(f"a line in the style {dashes!r}")
        color = to_hex(look["color"])
        stroke = elements.stroke(color, look.get("linewidth", mpl.rcParams["lines.linewidth"]))
        clip = self._clip() if clip_on else ""
        return f' d="{self._checked(points)}"{clip} fill="none"{pattern}{stroke}{end}'

    def _whole_line(self, points: elements.Points, look: dict[str, Any]) -> None:
        zorder = look.pop("zorder", 2)
        self._items.append(_Item(zorder, f"<path{self._line(points, look)}/>"))

    def _markers(
        self,
        points: elements.Points,
        marker: str,
        *,
        markersize: float,
        markeredgecolor: str,
        markeredgewidth: float,
        markerfacecolor: str,
    ) -> str:
        path, joins = elements.marker_shape(marker, markersize)
        stroke = elements.stroke(to_hex(markeredgecolor), markeredgewidth) + joins
        id, defined = self.figure.marker(path, stroke)
        self._checked(points)
        fill = to_hex(markerfacecolor)
        uses = (
            f'<use href="#{id}" x="{elements.number(x)}" y="{elements.number(y)}" fill="{fill}"{stroke}/>'
            for x, y in points
        )
        return f"{defined}<g{self._clip()}>{''.join(uses)}</g>"

    def _clip(self) -> str:
        h = self.figure.height
        size = self._right - self._left, self._top - self._bottom
        return f' clip-path="url(#{self.figure.clip(self._left, h - self._top, *size)})"'
