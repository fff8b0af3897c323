"""Axes: shares in percent, counts, persons, years in two lines.

In: the values a panel must hold. Out: limits, ticks and their texts in the panel.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from minato_analysis.figures.sheet import size_of, write
from minato_analysis.figures.text import width, year_lines
from minato_analysis.figures.theme import QUIET, SMALL

STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
"""Distances of ticks."""

SMALLEST_SPAN = 4.0
"""An axis of shares covers at least this many points: less would make noise look like news."""


@dataclass(frozen=True)
class Limits:
    """Ends of an axis and the distance of its ticks."""

    low: float
    high: float
    step: float
    unit: str = "%"

    def ticks(self) -> list[float]:
        """Return the multiples of the step between the ends."""
        first = math.ceil(self.low / self.step - 1e-9)
        last = math.floor(self.high / self.step + 1e-9)
        return [self.step * number for number in range(first, last + 1)]


def share_limits(
    values: Iterable[float], *, headroom: float = 0.0, most: float = 100.0, unit: str = "%"
) -> Limits:
    """Return limits in percent that hold all values, but nothing above `most`; nan is left out.

    The axis begins at zero where the values come near it, for lengths can then be compared.
    `headroom` is kept free above the highest value, as a part of the span.

    >>> share_limits([44.0, 50.2]), share_limits([3.0, 41.0])
    (Limits(low=44.0, high=51.0, step=1, unit='%'), Limits(low=0.0, high=50.0, step=10, unit='%'))
    """
    known = [value for value in values if not math.isnan(value)]
    low, high = min(known), max(known)
    low = 0.0 if low < 0.35 * high else low
    missing = max(0.0, SMALLEST_SPAN - (high - low))
    low, high = max(0.0, low - missing / 2), high + missing / 2
    high += headroom * (high - low)
    step = next((one for one in STEPS if (high - low) / one <= 6.5), STEPS[-1])
    return Limits(
        low=float(math.floor(low / step + 1e-9) * step),
        high=float(min(most, math.ceil(high / step - 1e-9) * step)),
        step=step,
        unit=unit,
    )


def cut_note(limits: Limits, axis: str = "縦軸") -> str:
    """Return the sentence that says that an axis of shares does not begin at zero, if so."""
    return f"{axis}は0{limits.unit}から始まっていません。" if limits.low > 0 else ""


def share_axis(panel: Any, limits: Limits, *, horizontal: bool = False) -> None:
    """Set limits, grid and percent ticks."""
    ticks = limits.ticks()
    labelled = ticks
    if horizontal:
        panel.set(xlim=(limits.low, limits.high), xticks=ticks)
        panel.grid(visible=True, axis="x")
        panel.grid(visible=False, axis="y")
        panel.set_yticks([])
        room = size_of(panel)[0] * limits.step / (limits.high - limits.low)
        labelled = ticks[:: math.ceil((width(f"{ticks[-1]:g}%", SMALL) + 3) / room)]
    else:
        panel.set(ylim=(limits.low, limits.high), yticks=ticks)
    for tick in labelled:
        if horizontal:
            write(panel, tick, panel.get_ylim()[0], f"{tick:g}%", dy=-11, size=SMALL, color=QUIET)
        else:
            _left_tick(panel, tick, f"{tick:g}{limits.unit}")


def count_axis(panel: Any, highest: float, *, labels: bool = True) -> None:
    """Set limits from zero and round ticks for counts up to `highest`, with room for numbers."""
    highest = max(highest, 1.0)
    step = _round_step(highest / 3)
    ticks = [step * number for number in range(math.floor(highest / step) + 1)]
    tall = size_of(panel)[1]
    # Room above the highest bar for its number, also where the panel is low.
    top = highest * (1 + max(0.14, 11 / tall))
    panel.set(ylim=(0, top), yticks=ticks)
    every = math.ceil((SMALL + 2) / (tall * step / top))
    for tick in ticks[::every] if labels else ():
        _left_tick(panel, tick, f"{tick:,}")


def number_axis(panel: Any, highest: float, label: str) -> None:
    """Set a horizontal axis of counts from zero to `highest`, its label below."""
    step = _round_step(highest / 4)
    ticks = [step * number for number in range(math.floor(highest / step) + 1)]
    panel.set(xlim=(0, highest), xticks=ticks)
    low = panel.get_ylim()[0]
    for tick in ticks:
        write(panel, tick, low, f"{tick:,}", dy=-11, size=SMALL, color=QUIET)
    write(panel, highest, low, label, dy=-24, at="end", size=SMALL, color=QUIET)


def _round_step(rough: float) -> int:
    """Return the largest of 1, 2, 5, 10, 20, … not above `rough`, at least 1."""
    power = 10 ** math.floor(math.log10(max(rough, 1)))
    return int(max(one * power for one in (1, 2, 5) if one == 1 or one * power <= rough))


def _left_tick(panel: Any, tick: float, text: str) -> None:
    left = panel.get_xlim()[0]
    write(panel, left, tick, text, dx=-5, at="end", size=SMALL, color=QUIET)


def year_limits(panel: Any, years: Sequence[int]) -> None:
    """Give every year from first to last the same room."""
    panel.set(xlim=(min(years) - 0.5, max(years) + 0.5), xticks=[])


def year_axis(
    panel: Any, years: Sequence[int], *, ends_only: bool = False, lang: str = "ja"
) -> None:
    """Write years in two lines (``H30`` over ``2018``) under a panel, as many as there is room for.

    The last year is always written. With `ends_only`, the first and the last are, turned inwards
    where bars are narrower than a year's text.
    """
    first, last = min(years), max(years)
    room = size_of(panel)[0] / (last - first + 1)
    need = width("2000", SMALL) + 4
    every = next((one for one in (1, 2, 3, 5, 10) if one * room >= need), 20)
    shown = [year for year in range(first, last + 1) if (last - year) % every == 0]
    inwards = {first: "start", last: "end"} if ends_only and every > 1 else {}
    low = panel.get_ylim()[0]
    panel.tick_params(axis="x", length=3, color=QUIET, bottom=True)
    panel.grid(visible=False, axis="x")
    shown = sorted({first, last}) if ends_only else shown
    panel.set_xticks(shown)
    for year in shown:
        at = inwards.get(year, "middle")
        dx = {"start": -room / 2, "middle": 0.0, "end": room / 2}[at]
        for text, dy in zip(year_lines(year, lang), (-10.5, -22.0), strict=True):
            write(panel, year, low, text, dx=dx, dy=dy, at=at, size=SMALL, color=QUIET)


def ticks_width(highest: float) -> float:
    """Return the left margin that holds the ticks of a count axis."""
    return 10.0 + width(f"{highest:,.0f}", SMALL)
