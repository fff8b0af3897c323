"""A funnel plot of very many areas: shares against persons on a logarithmic axis, no label at each point.

In: persons, shares in percent and verdicts of the areas. Out: a figure.
The limits are those of :func:`minato_analysis.statistics.shrinkage.funnel_limits`, from the exact binomial
distribution, computed at every number of persons that is drawn.

References
----------
D. J. Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from minato_analysis.figures.axes import cut_note, share_axis, share_limits
from minato_analysis.figures.figure import Caption, Figure, finish
from minato_analysis.figures.labels import EndLabel, Level, end_labels, right_margin, valued
from minato_analysis.figures.sheet import sheet, write
from minato_analysis.figures.text import percent
from minato_analysis.figures.theme import BAND_EDGE, BAND_FILL, QUIET, ROLES, SMALL, TARGET, themed
from minato_analysis.statistics.shrinkage import funnel_limits

HEIGHT = 270.0
STEPS = 240
"""Numbers of persons at which the limits are drawn."""

MARKERS: Mapping[str, dict[str, Any]] = {
    "unclear": {"marker": "o", "markersize": 2.6, "color": "#767676", "alpha": None},
    "higher": {"marker": "^", "markersize": 5.0, "color": TARGET.color},
    "lower": {"marker": "v", "markersize": 5.0, "color": ROLES["area"].color},
}
"""Verdict → marker: shape and colour, so that a grey print tells them apart."""

SIGN = {"unclear": "●", "higher": "▲", "lower": "▼"}


@dataclass(frozen=True)
class Areas:
    """The areas drawn: persons, shares in percent, verdicts (keys of :data:`MARKERS`)."""

    persons: Sequence[int]
    shares: Sequence[float]
    says: Sequence[str]


def funnel(
    caption: Caption,
    areas: Areas,
    centre: Level,
    *,
    levels: tuple[float, float],
    words: Mapping[str, str],
) -> Figure:
    """Draw the areas between two pairs of exact limits.

    Parameters
    ----------
    caption : Caption
    areas : Areas
        At least one.
    centre : Level
        The share the limits are drawn around.
    levels : tuple of two float
        Of the inner and the outer limits.
    words : mapping
        Verdict → its explanation.
    """
    persons, shares = np.array(areas.persons, float), np.array(areas.shares, float)
    over = drawn_persons(int(persons.min()), int(persons.max()))
    inner, outer = (limits(over, centre.share, level) for level in levels)
    texts = [valued(centre.label, centre.share), *(f"{100 * level:g}%の限界" for level in levels)]
    # The widest limits of the smallest areas would press all points together.
    axis = share_limits([*shares.tolist(), centre.share])
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
            chosen = np.array([one == says for one in areas.says])
            if chosen.any():
                panel.plot(
                    np.log10(persons[chosen]),
                    shares[chosen],
                    linestyle="none",
                    markeredgecolor="white",
                    markeredgewidth=0.3,
                    **look,
                )
        _persons_axis(panel, int(over[0]), int(over[-1]))
        _legend(panel, areas, words)
        end_labels(
            panel,
            [
                EndLabel(at[-1], centre.share, texts[0], QUIET),
                EndLabel(at[-1], float(inner[1][-1]), texts[1], BAND_EDGE),
                EndLabel(at[-1], float(outer[1][-1]), texts[2], BAND_EDGE),
            ],
        )
    counted = [f"{words[says]}: {_count(areas, says):,}地域" for says in MARKERS]
    return finish(canvas, caption, [f"{centre.label} {percent(centre.share)}", *counted])


def drawn_persons(low: int, high: int) -> npt.NDArray[np.int64]:
    """Return whole numbers from `low` to `high`, evenly spaced on the logarithmic axis.

    >>> drawn_persons(30, 34).tolist()
    [30, 31, 32, 33, 34]
    """
    return np.unique(np.geomspace(low, max(high, low + 1), STEPS).round().astype(np.int64))


def limits(
    persons: npt.NDArray[np.int64], centre: float, level: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return lower and upper exact limits in percent around a centre in percent."""
    found = funnel_limits(persons, centre / 100, level)
    return 100 * found.low, 100 * found.high


def _persons_axis(panel: Any, low: int, high: int) -> None:
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
    end, label = panel.get_xlim()[1], "検挙人員（人、対数目盛）"
    write(panel, end, bottom, label, dy=-24, at="end", size=SMALL, color=QUIET)


def _legend(panel: Any, areas: Areas, words: Mapping[str, str]) -> None:
    start, bottom = panel.get_xlim()[0], panel.get_ylim()[0]
    for number, says in enumerate(("higher", "lower", "unclear")):
        text = f"{SIGN[says]} {words[says]}　{_count(areas, says):,}地域"
        color = MARKERS[says]["color"] if says != "unclear" else QUIET
        write(
            panel, start, bottom, text, dy=-40 - 13.0 * number, at="start", size=SMALL, color=color
        )


def _count(areas: Areas, says: str) -> int:
    return sum(one == says for one in areas.says)
