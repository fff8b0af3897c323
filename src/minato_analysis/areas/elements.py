"""SVG elements as matplotlib writes them: points, colours and widths in, elements and attributes out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from html import escape
from typing import Any

from matplotlib import hatch as hatches
from matplotlib._enums import CapStyle, JoinStyle
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.colors import to_hex
from matplotlib.markers import MarkerStyle
from matplotlib.transforms import Affine2D

HATCH_DENSITY = 6
HATCH_SIZE = 72
_CAPS = {"projecting": "square"}

Points = Sequence[tuple[float, float]]


class NotDrawn(NotImplementedError):
    """A call, or values, for which matplotlib has to draw."""


def text(words: str, x: float, y: float, size: float, color: str, anchor: str = "start") -> str:
    """Return a text at a point of the page."""
    shade = to_hex(color)
    fill = "" if shade == "#000000" else f' fill="{shade}"'
    place = f'x="{number(x)}" y="{number(y)}"'
    look = f'font-size="{number(size)}" text-anchor="{anchor}"'
    return f"<text {place} {look}{fill}>{escape(words, quote=False)}</text>"


def stroke(color: str, width: float) -> str:
    """Return the attributes of a line's colour and width."""
    if not width:
        return ""
    return f' stroke="{color}"' + ("" if width == 1 else f' stroke-width="{number(width)}"')


def path(points: Points, *, close: bool = False) -> str:
    """Return the path through points."""
    steps = " L ".join(f"{number(x)} {number(y)}" for x, y in points)
    return f"M {steps}{' z' if close else ''}"


def number(value: float) -> str:
    """Return a number as matplotlib writes it: six decimals, no zeros at the end.

    >>> number(34.0), number(388.554250)
    ('34', '388.55425')
    """
    if not math.isfinite(value):
        raise NotDrawn("a value that is not finite")
    return f"{value:f}".rstrip("0").rstrip(".")


def line_end(style: Any) -> str:
    """Return the attribute of how a line ends, in matplotlib's words."""
    cap = CapStyle(style).value
    return "" if cap == "butt" else f' stroke-linecap="{_CAPS.get(cap, cap)}"'


@cache
def marker_shape(marker: str, size: float) -> tuple[str, str]:
    """Return a marker's path, and the attributes of its joins and ends."""
    style = MarkerStyle(marker)
    turn: Any = style.get_transform().frozen()
    turned = turn.scale(size) + Affine2D().scale(1, -1)
    join = JoinStyle(style.get_joinstyle()).value
    joins = "" if join == "round" else f' stroke-linejoin="{join}"'
    return _converted(style.get_path(), turned), joins + line_end(style.get_capstyle())


@cache
def hatch_path(kind: str) -> str:
    """Return the lines of a hatch pattern."""
    lines = hatches.get_path(kind, HATCH_DENSITY)
    turned = Affine2D().scale(HATCH_SIZE).scale(1, -1).translate(0, HATCH_SIZE)
    return _converted(lines, turned)


def _converted(shape: Any, transform: Any) -> str:
    """Return a path as matplotlib itself writes it."""
    written: str = RendererSVG._convert_path(None, shape, transform, simplify=False)
    return " ".join(written.split())
