"""Series of shares, persons and projections by year: what charts on a time axis are drawn from.

In: one value a year; shares in percent. Out: checked frozen dataclasses, the values and texts a
chart needs of them, and :func:`draw_shares`, which draws one series into a panel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from minato_analysis.figures.changes import LawChange, cut
from minato_analysis.figures.labels import EndLabel, Level, valued
from minato_analysis.figures.sheet import size_of, write
from minato_analysis.figures.text import percent, persons, width
from minato_analysis.figures.theme import ROLES, SMALL, Role


@dataclass(frozen=True, eq=False)
class ShareSeries:
    """Shares of one area by year.

    Parameters
    ----------
    label : str
        Written at the end of the line.
    role : {"area", "parent", "nation"}
        Colour, dash and marker.
    years : sequence of int
        Ascending.
    shares : array_like, shape (years,)
        Percent; nan where there is none.
    low, high : array_like, shape (years,), optional
        Ends of the interval of each share, percent.
    shown : callable
        Returns a share as it is printed.
    """

    label: str
    role: Role
    years: Sequence[int]
    shares: ArrayLike
    low: ArrayLike | None = None
    high: ArrayLike | None = None
    shown: Callable[[float], str] = percent

    def __post_init__(self) -> None:
        _same_length(self.label, self.years, self.shares, self.low, self.high)
        if (self.low is None) != (self.high is None):
            raise ValueError(f"{self.label}: an interval needs both its ends")
        if np.isnan(floats(self.shares)).all():
            raise ValueError(f"{self.label}: no share is known")


@dataclass(frozen=True, eq=False)
class Persons:
    """Persons arrested by year: those arrested for the first time, and reoffenders.

    `first_time` and `reoffenders` have one count for each year; the labels stand right of the bars.
    """

    years: Sequence[int]
    first_time: ArrayLike
    reoffenders: ArrayLike
    first_time_label: str
    reoffenders_label: str

    def __post_init__(self) -> None:
        _same_length("persons", self.years, self.first_time, self.reoffenders)


@dataclass(frozen=True, eq=False)
class Fan:
    """A projection by year: median and two bands, in percent, with their labels."""

    years: Sequence[int]
    median: ArrayLike
    inner_low: ArrayLike
    inner_high: ArrayLike
    outer_low: ArrayLike
    outer_high: ArrayLike
    median_label: str
    inner_label: str
    outer_label: str

    def __post_init__(self) -> None:
        bands = (self.inner_low, self.inner_high, self.outer_low, self.outer_high)
        _same_length("projection", self.years, self.median, *bands)


def draw_shares(
    panel: Any,
    one: ShareSeries,
    all_series: Sequence[ShareSeries],
    target: Level | None,
    changes: Sequence[LawChange] = (),
    *,
    values: bool = True,
) -> EndLabel:
    """Draw one series, its line not carried across a change that nothing bridges; return its end label."""
    role = ROLES[one.role]
    years, shares = np.asarray(one.years), floats(one.shares)
    front = 5 if one.role == "area" else 3
    if one.low is not None and one.high is not None:
        ends = np.stack([shares - floats(one.low), floats(one.high) - shares])
        look = {"ecolor": role.color, "elinewidth": 1.1, "capsize": 2.5, "zorder": front}
        panel.errorbar(years, shares, ends, fmt="none", **look)
    panel.plot(*cut(one.years, shares, changes), **role.line(), **role.points(), zorder=front)
    if values and _prints_values(panel, one):
        others = [other for other in all_series if other is not one]
        _print_values(panel, one, others, target)
    known = np.flatnonzero(~np.isnan(shares))[-1]
    strong = one.role == "area"
    return EndLabel(int(years[known]), float(shares[known]), end_text(one), role.color, strong)


def _prints_values(panel: Any, one: ShareSeries) -> bool:
    low, high = panel.get_xlim()
    return one.role == "area" and size_of(panel)[0] / (high - low) >= width("00.0%", SMALL)


def _print_values(
    panel: Any, one: ShareSeries, others: Sequence[ShareSeries], target: Level | None
) -> None:
    """Print each share above or below its interval, where other lines are further away."""
    low, high = panel.get_ylim()
    point = (high - low) / size_of(panel)[1]
    shares = floats(one.shares)
    bottoms = shares if one.low is None else floats(one.low)
    tops = shares if one.high is None else floats(one.high)
    for year, share, bottom, top in zip(one.years, shares, bottoms, tops, strict=True):
        if np.isnan(share):
            continue
        in_the_way = [target.share] if target else []
        for other in others:
            in_the_way += [
                float(value)
                for at, value in zip(other.years, floats(other.shares), strict=True)
                if at == year
            ]
        above, below = top + 9 * point, bottom - 9 * point
        room_above = min([abs(above - value) for value in in_the_way] + [high - above])
        room_below = min([abs(below - value) for value in in_the_way] + [below - low])
        # Half a line and half a marker apart.
        place = above if room_above >= min(room_below, 11 * point) else below
        color = ROLES[one.role].color
        write(panel, year, place, one.shown(share), size=SMALL, color=color, halo=True)


def print_counts(
    panel: Any, years: Sequence[int], counts: ArrayLike, *, strong: bool = False, part: float = 0.74
) -> bool:
    """Print counts on bars that take `part` of a year's room; return whether all of them fit.

    Where they do not, only the first and the last are printed, turned inwards.
    """
    values = floats(counts)
    known = [at for at, value in enumerate(values) if not np.isnan(value)]
    low, high = panel.get_xlim()
    room = size_of(panel)[0] / (high - low)
    fits = room >= max(width(persons(values[at]), SMALL) for at in known)
    for at in known if fits else sorted({known[0], known[-1]}):
        turn = "middle" if fits else "start" if at == known[0] else "end"
        dx = {"start": -part * room / 2, "middle": 0.0, "end": part * room / 2}[turn]
        look: dict[str, Any] = {"at": turn, "size": SMALL, "strong": strong, "halo": True}
        write(panel, years[at], values[at], persons(values[at]), dx=dx, dy=7.5, **look)
    return fits


def end_text(one: ShareSeries) -> str:
    """Return the label of a series with its last known share."""
    shares = floats(one.shares)
    return valued(one.label, float(shares[~np.isnan(shares)][-1]), one.shown)


def last_range(low: ArrayLike, high: ArrayLike) -> str:
    """Return the last pair of ends as ``40.0%〜50.0%``."""
    return f"{percent(floats(low)[-1])}〜{percent(floats(high)[-1])}"


def shares_of(series: Sequence[ShareSeries], target: Level | None) -> list[float]:
    """Return every share the axis must hold."""
    found = [target.share] if target else []
    for one in series:
        for part in (one.shares, one.low, one.high):
            found += [] if part is None else floats(part).tolist()
    return found


def spoken(one: ShareSeries) -> str:
    """Return the series in words for a description."""
    return listed(one.label, one.years, one.shares, one.shown)


def listed(
    label: str, years: Sequence[int], values: ArrayLike, shown: Callable[[float], str]
) -> str:
    """Return ``label: year value, year value``; nan is left out.

    >>> listed("A", [2021, 2022], [float("nan"), 49.0028], percent)
    'A: 2022 49.0%'
    """
    pairs = [
        f"{year} {shown(value)}"
        for year, value in zip(years, floats(values), strict=True)
        if not np.isnan(value)
    ]
    return f"{label}: {', '.join(pairs)}"


def floats(values: ArrayLike) -> NDArray[np.float64]:
    """Return the values as an array of floats."""
    return np.asarray(values, float)


def _same_length(name: str, years: Sequence[int], *parts: ArrayLike | None) -> None:
    for part in parts:
        if part is not None and floats(part).shape != (len(years),):
            raise ValueError(f"{name}: {len(years)} years but values of shape {floats(part).shape}")
