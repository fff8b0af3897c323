"""What a page may know of its area: results of all areas in, one small JSON file for each out.

A record holds nothing that may not be shown (see :mod:`minato_analysis.areas.disclosure`): a page, its
notebook and a remote machine never see a withheld count. Shares are percentages from here on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from minato_analysis.areas.disclosure import Showable
from minato_analysis.areas.settings import Settings
from minato_analysis.areas.statistics import LEAST_PERSONS, Results
from minato_analysis.areas.table import Areas
from minato_analysis.numbers.facts import stored

FALSE_DISCOVERIES = 0.05
"""Part of the areas on a list of differences that is there by chance, at most and on average."""


class Model(BaseModel):
    """Values that do not change and have no other names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class About(Model):
    """What is the same for all areas of a run, whatever its measure."""

    measure: str
    table: str
    """File name of the table, for the origin of the facts."""
    title: str
    subject: str
    built: str
    population: str
    source: str
    first_year: int
    last_year: int
    areas: int
    """How many areas there are."""
    span: tuple[float, ...]
    """Least and largest value the pages of the areas draw: their axes are one. Empty where none is drawn."""
    false_discoveries: float = FALSE_DISCOVERIES


class Run(About):
    """What is the same for all areas of a run of shares."""

    target_year: int
    target: float | None
    overall: float
    """Share of all areas together."""


class Counts(Model):
    """Counts and share of all years together, with exact limits."""

    persons: int
    reoffenders: int
    share: float | None
    low: float | None
    high: float | None


class Yearly(Model):
    """Counts and shares by year; a share is none where nobody was arrested."""

    persons: tuple[int, ...]
    reoffenders: tuple[int, ...]
    share: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]


class Verdict(Model):
    """A difference in points with its 95 % limits, and what may be said of it."""

    points: float
    low: float
    high: float
    p: float
    q: float
    says: str
    """``higher``, ``lower``, or ``unclear``: the false discovery rate is not below its limit."""


class Ahead(Model):
    """Projection, one value a year: median, 80 % and 95 % limits."""

    years: tuple[int, ...]
    persons: int
    median: tuple[float, ...]
    low80: tuple[float, ...]
    high80: tuple[float, ...]
    low95: tuple[float, ...]
    high95: tuple[float, ...]
    chance: tuple[float, float, float] | None
    """Of meeting the target, in percent: of the pool, the least and the most of its members."""


class Record(Model):
    """All that is known of one area. Parts that may not be shown, or say nothing, are none."""

    run: Run
    code: str
    name: str
    pooled: Counts | None
    yearly: Yearly | None
    against_all: Verdict | None
    change: Verdict | None
    trend: Verdict | None
    """Points a year, over all years."""
    shrunk: float | None
    shrunk_low: float | None
    shrunk_high: float | None
    holds_below: float | None
    ahead: Ahead | None


def records(
    areas: Areas, settings: Settings, results: Results, shown: Showable, table: str
) -> Iterator[Record]:
    """Yield the record of every area, in order.

    Parameters
    ----------
    areas, settings, results, shown
        Input and results of :func:`minato_analysis.areas.statistics.compute`, and what may be shown.
    table : str
        File name of the table.
    """
    run, enough = run_of(areas, settings, results, shown, table), _enough(areas)
    for at, (code, name) in enumerate(zip(areas.codes, areas.names, strict=True)):
        pooled, yearly = bool(shown.pooled[at]), bool(shown.yearly[at])
        says = pooled and bool(enough[at])
        yield Record(
            run=run,
            code=code,
            name=name,
            pooled=_pooled(areas, results, at) if pooled else None,
            yearly=_yearly(areas, results, at) if yearly else None,
            against_all=_against_all(results, at) if says else None,
            change=_change(results, at) if yearly else None,
            trend=_trend(results, at) if yearly else None,
            shrunk=_percent(results.shrunk.mean[at]) if says else None,
            shrunk_low=_maybe(results.shrunk.low[at]) if says else None,
            shrunk_high=_maybe(results.shrunk.high[at]) if says else None,
            holds_below=_percent(results.holds_below[at]) if says else None,
            ahead=_ahead(results, at) if yearly and results.ahead.known(at) else None,
        )


def about(areas: Areas, settings: Settings, table: str) -> dict[str, Any]:
    """Return what an :class:`About` holds but the span of its values."""
    title, population = settings.said(areas.measure)
    return {
        "measure": areas.measure.name,
        "table": table,
        "title": title,
        "subject": settings.subject,
        "built": settings.built,
        "population": population,
        "source": settings.source,
        "first_year": areas.years[0],
        "last_year": areas.years[-1],
        "areas": len(areas.codes),
    }


def run_of(areas: Areas, settings: Settings, results: Results, shown: Showable, table: str) -> Run:
    """Return what is the same for all areas; arguments as for :func:`records`."""
    known = shown.yearly & (areas.persons[:, -1] >= LEAST_PERSONS)
    yearly = results.yearly.low[shown.yearly], results.yearly.high[shown.yearly]
    return Run(
        **about(areas, settings, table),
        span=span(*(100 * one for one in (*yearly, results.ahead.quantiles[known]))),
        target_year=results.ahead.years[-1],
        target=settings.target,
        overall=_percent(results.overall),
    )


def span(*values: npt.NDArray[np.float64]) -> tuple[float, ...]:
    """Return the least and the largest of all values that are known, or nothing."""
    every = np.concatenate([one.ravel() for one in values])
    every = every[~np.isnan(every)]
    return (stored(float(every.min())), stored(float(every.max()))) if every.size else ()


def _enough(areas: Areas) -> npt.NDArray[np.bool_]:
    return np.asarray(areas.persons.sum(axis=1) >= LEAST_PERSONS)


def _pooled(areas: Areas, results: Results, at: int) -> Counts:
    return Counts(
        persons=int(areas.persons[at].sum()),
        reoffenders=int(areas.reoffenders[at].sum()),
        share=_maybe(results.pooled.share[at]),
        low=_maybe(results.pooled.low[at]),
        high=_maybe(results.pooled.high[at]),
    )


def _yearly(areas: Areas, results: Results, at: int) -> Yearly:
    return Yearly(
        persons=tuple(areas.persons[at].tolist()),
        reoffenders=tuple(areas.reoffenders[at].tolist()),
        share=tuple(map(_maybe, results.yearly.share[at])),
        low=tuple(map(_maybe, results.yearly.low[at])),
        high=tuple(map(_maybe, results.yearly.high[at])),
    )


def _against_all(results: Results, at: int) -> Verdict:
    shares = results.pooled.share[at], results.pooled.low[at], results.pooled.high[at]
    points = [share - results.overall for share in shares]
    return verdict(points, results.p_overall[at], results.q_overall[at])


def _change(results: Results, at: int) -> Verdict | None:
    if np.isnan(results.p_change[at]):
        return None
    change = results.change
    points = [change.estimate[at], change.low[at], change.high[at]]
    return verdict(points, results.p_change[at], results.q_change[at])


def _trend(results: Results, at: int) -> Verdict | None:
    if np.isnan(results.p_trend[at]):
        return None
    trend = results.trend
    points = [trend.estimate[at], trend.low[at], trend.high[at]]
    return verdict(points, results.p_trend[at], results.q_trend[at])


def verdict(points: Sequence[float], p: float, q: float) -> Verdict:
    """Return the verdict on a difference with its limits, proportions."""
    clear = q <= FALSE_DISCOVERIES
    middle, low, high = map(_percent, points)
    says = ("higher" if middle > 0 else "lower") if clear else "unclear"
    return Verdict(
        points=middle, low=low, high=high, p=stored(float(p)), q=stored(float(q)), says=says
    )


def _ahead(results: Results, at: int) -> Ahead:
    low95, low80, median, high80, high95 = (
        tuple(map(_percent, column)) for column in results.ahead.quantiles[at].T
    )
    chance = results.ahead.chance
    return Ahead(
        years=results.ahead.years,
        persons=int(results.ahead.persons[at]),
        median=median,
        low80=low80,
        high80=high80,
        low95=low95,
        high95=high95,
        chance=None
        if chance is None
        else (_percent(chance[at, 0]), _percent(chance[at, 1]), _percent(chance[at, 2])),
    )


def _percent(proportion: float) -> float:
    return stored(100 * float(proportion))


def _maybe(proportion: float) -> float | None:
    return None if np.isnan(proportion) else _percent(proportion)
