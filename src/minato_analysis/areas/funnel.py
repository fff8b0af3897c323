"""A funnel plot of very many areas: values against sizes on a logarithmic axis, only the clearest named.

In: sizes, values and verdicts of the areas, and the limits of a size. Out: a figure.
Those of shares are from the exact binomial distribution, computed at every number of persons that is drawn.

References
----------
D. J. Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from minato_analysis.figures.axes import Limits, cut_note, share_axis
from minato_analysis.figures.figure import Caption, Figure, finish
from minato_analysis.figures.labels import EndLabel, Level, end_labels, right_margin, valued
from minato_analysis.figures.sheet import sheet, size_of, write
from minato_analysis.figures.text import percent, width
from minato_analysis.figures.theme import BAND_EDGE, BAND_FILL, QUIET, ROLES, SMALL, TARGET, themed
from minato_analysis.statistics.shrinkage import funnel_limits

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Reach = Callable[[IntArray, float], tuple[FloatArray, FloatArray]]

HEIGHT = 270.0
STEPS = 240
"""Sizes at which the limits are drawn."""

MARKERS: Mapping[str, dict[str, Any]] = {
    "unclear": {"marker": "o", "color": "#767676", "alpha": None},
    "higher": {"marker": "^", "markersize": 5.0, "color": TARGET.color},
    "lower": {"marker": "v", "markersize": 5.0, "color": ROLES["area"].color},
}
"""Verdict → marker: shape and colour, so that a grey print tells them apart."""

SIGN = {"unclear": "●", "higher": "▲", "lower": "▼"}


MANY = 300
"""From so many areas on the marks are small."""

NAMED = 12
"""Areas that are named at their marks, at most."""

NAMED_NOTE = "名前は、内側の線の外にある地域のうち、はっきり違う方から、重ならない一部に付けた。"


class Point(NamedTuple):
    """An area: its size, its value and the verdict on it (a key of :data:`MARKERS`)."""

    code: str
    name: str
    size: int
    value: float
    says: str
    p: float


def funnel(  # noqa: PLR0913 - data and words of one chart
    caption: Caption,
    points: Sequence[Point],
    centre: Level,
    *,
    levels: tuple[float, float],
    limits: Reach,
    axis: Limits,
    across: str,
    words: Mapping[str, str],
    shown: Callable[[float], str] = percent,
) -> Figure:
    """Draw the areas between two pairs of limits.

    Parameters
    ----------
    caption : Caption
    points : sequence of Point
        At least one.
    centre : Level
        The value the limits are drawn around.
    levels : tuple of two float
        Of the inner and the outer limits.
    limits : callable
        Returns lower and upper limits of sizes at a level.
    axis : Limits
        Of the values: the widest limits of the smallest areas would press all points together.
    across : str
        What the sizes are, with their unit.
    words : mapping
        Verdict → its explanation.
    shown : callable
        Returns a value as it is printed.
    """
    sizes = [one.size for one in points]
    over = drawn_sizes(min(sizes), max(sizes))
    inner, outer = (limits(over, level) for level in levels)
    texts = [
        valued(centre.label, centre.share, shown),
        *(f"{100 * level:g}%の限界" for level in levels),
    ]
    with themed():
        canvas, (panel,) = sheet(
            [HEIGHT],
            right=right_margin(texts),
            bottom=78.0,
            foot=(cut_note(axis),),
            wide=caption.width,
        )
        at = np.log10(over)
        panel.set(xlim=(at[0] - 0.03, at[-1] + 0.03))
        share_axis(panel, axis)
        panel.grid(visible=False, axis="x")
        panel.fill_between(at, *inner, color=BAND_FILL, linewidth=0)
        for bound in inner:
            panel.plot(at, bound, color=BAND_EDGE, linewidth=1.0)
        for bound in outer:
            panel.plot(at, bound, color=BAND_EDGE, linewidth=1.0, linestyle=(0, (3, 2)))
        panel.axhline(centre.share, color=QUIET, linewidth=1.2)
        for says, look in MARKERS.items():
            if chosen := [one for one in points if one.says == says]:
                panel.plot(
                    np.log10([one.size for one in chosen]),
                    [one.value for one in chosen],
                    linestyle="none",
                    markeredgecolor="white",
                    markeredgewidth=0.3,
                    **{"markersize": 2.6 if len(points) > MANY else 4.4, **look},
                )
        _names(panel, [one for one in points if one.p < 1 - levels[0]])
        _size_axis(panel, int(over[0]), int(over[-1]), across)
        _legend(panel, points, words)
        end_labels(
            panel,
            [
                EndLabel(at[-1], centre.share, texts[0], QUIET),
                EndLabel(at[-1], float(inner[1][-1]), texts[1], BAND_EDGE),
                EndLabel(at[-1], float(outer[1][-1]), texts[2], BAND_EDGE),
            ],
        )
    counted = [f"{words[says]}: {_count(points, says):,}地域" for says in MARKERS]
    return finish(canvas, caption, [f"{centre.label} {shown(centre.share)}", *counted])


def marks(points: Sequence[Point]) -> dict[str, int]:
    """Return which mark of the drawing, in its order, is an area's, by the code."""
    drawn = [one.code for says in MARKERS for one in points if one.says == says]
    return {code: number for number, code in enumerate(drawn)}


def _names(panel: Any, points: Sequence[Point]) -> None:
    """Write the names of the clearest areas beside their marks, where no other name stands."""
    wide, tall = size_of(panel)
    (left, right), (low, high) = panel.get_xlim(), panel.get_ylim()
    taken: list[tuple[float, float, float]] = []
    for one in sorted(points, key=lambda one: (one.p, one.code)):
        x = (math.log10(one.size) - left) / (right - left) * wide
        y = (one.value - low) / (high - low) * tall
        long = width(one.name, SMALL)
        before = x + 6 + long > wide
        start = x - 6 - long if before else x + 6
        free = all(
            abs(y - other) >= SMALL + 1 or start + long < begin or start > end
            for begin, end, other in taken
        )
        if free and start >= 0 and len(taken) < NAMED:
            taken.append((start, start + long, y))
            write(
                panel, math.log10(one.size), one.value, one.name, dx=-6 if before else 6,
                at="end" if before else "start", size=SMALL, halo=True,
            )  # fmt: skip


def drawn_sizes(low: int, high: int) -> IntArray:
    """Return whole numbers from `low` to `high`, evenly spaced on the logarithmic axis.

    >>> drawn_sizes(30, 34).tolist()
    [30, 31, 32, 33, 34]
    """
    return np.unique(np.geomspace(low, max(high, low + 1), STEPS).round().astype(np.int64))


def limits(
    persons: npt.NDArray[np.int64], centre: float, level: float
) -> tuple[FloatArray, FloatArray]:
    """Return lower and upper exact limits in percent around a centre in percent."""
    found = funnel_limits(persons, centre / 100, level)
    return 100 * found.low, 100 * found.high


def _size_axis(panel: Any, low: int, high: int, label: str) -> None:
    ticks = [
        one * 10**power
        for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        for one in (1, 3)
        if low <= one * 10**power <= high
    ]
    panel.set_xticks([math.log10(tick) for tick in ticks])
    panel.tick_params(axis="x", length=3, color=QUIET, bottom=True)
    bottom = panel.get_ylim()[0]
    for tick in ticks:
        write(panel, math.log10(tick), bottom, f"{tick:,}", dy=-11, size=SMALL, color=QUIET)
    write(panel, panel.get_xlim()[1], bottom, label, dy=-24, at="end", size=SMALL, color=QUIET)


def _legend(panel: Any, points: Sequence[Point], words: Mapping[str, str]) -> None:
    start, bottom = panel.get_xlim()[0], panel.get_ylim()[0]
    for number, says in enumerate(("higher", "lower", "unclear")):
        text = f"{SIGN[says]} {words[says]}　{_count(points, says):,}地域"
        color = MARKERS[says]["color"] if says != "unclear" else QUIET
        write(
            panel, start, bottom, text, dy=-40 - 13.0 * number, at="start", size=SMALL, color=color
        )


def _count(points: Sequence[Point], says: str) -> int:
    return sum(one.says == says for one in points)
