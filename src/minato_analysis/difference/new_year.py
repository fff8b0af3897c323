"""Block 3: the new year's values, and whether each is within one year's chance and ordinary movement.

In: the observations both editions knew, the rules of ``data/plausibility.yaml``. Out: :class:`NewValue` for
every printed value of a year the first edition's table did not reach, and :class:`Forecast`: the new
indicator against the interval the first edition gave in advance.

What one year can bring, given the last one
-------------------------------------------
rule     a declared rule covers the value: chance (Poisson, binomial) and the declared ordinary movement of
         such series, on the log scale (:mod:`minato_analysis.claims.plausibility`). Of several rules the one
         the value fits worst.
series   no rule covers it: the same with the ordinary movement the series itself showed in its earlier
         years (:func:`minato_analysis.statistics.jumps.measured_spread`), where there are enough of them.
chance   neither: two Poisson counts of one rate, the second given the first. Conditionally on their sum
         the second is binomial with one half.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

import pandas as pd

from minato_analysis.claims import checks, plausibility
from minato_analysis.claims.plausibility import Change, Implausible
from minato_analysis.difference import headlines, roles
from minato_analysis.difference.labels import labelled
from minato_analysis.difference.one_year import (
    YEARLY,
    conditional_p,
    limits,
    own_spread,
    prediction_limits,
)
from minato_analysis.difference.revised import KEYS, new_rows
from minato_analysis.difference.side import Side
from minato_analysis.numbers.facts import Fact
from minato_analysis.statistics import jumps
from minato_analysis.statistics.jumps import Jump

Basis = Literal["rule", "series", "chance", ""]
Verdict = Literal["within", "outside", "first", "from_counts", "none"]

VERDICTS: Mapping[Verdict, str] = {
    "outside": "1年の偶然とふだんの動きでは説明しにくい",
    "within": "1年の偶然とふだんの動きの範囲内",
    "first": "前の年の値がなく、比べられない",
    "from_counts": "割合は人数から判断",
    "none": "数値なし",
}


@dataclass(frozen=True)
class NewValue:
    """One value of a new year.

    Attributes
    ----------
    label, cell, unit : str
    year : int
    value, last : float or None
        The value, and the same quantity of the year before.
    low, high : float or None
        What one year can bring given the last, at the edition's confidence.
    p_value : float or None
        Two-sided probability of a change as large.
    verdict : str
        Key of :data:`VERDICTS`.
    basis : str
        What the range rests on, see the module docstring; empty where there is none.
    rule : str
        Title of the rule.
    reason : str
        The recorded reason of a change beyond chance.
    """

    label: str
    cell: str
    unit: str
    year: int
    value: float | None
    last: float | None
    verdict: Verdict
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    basis: Basis = ""
    rule: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Forecast:
    """The new indicator against the interval the first edition gave in advance."""

    low: Fact
    high: Fact
    found: Fact

    @property
    def within(self) -> bool:
        """Whether the interval holds what was found."""
        return self.low.value <= self.found.value <= self.high.value


@dataclass(frozen=True)
class NewYear:
    """Block 3."""

    values: tuple[NewValue, ...]
    forecast: Forecast | None
    confidence: float

    @property
    def judged(self) -> list[NewValue]:
        """The values that can be held against the year before."""
        return [one for one in self.values if one.verdict in ("within", "outside")]

    @property
    def outside(self) -> list[NewValue]:
        """The values beyond one year's chance and ordinary movement."""
        return [one for one in self.values if one.verdict == "outside"]

    @property
    def expected(self) -> float:
        """How many would lie outside if chance and the ordinary movement are as the ranges take them."""
        return len(self.judged) * (1 - self.confidence)


def new_year(before: Side, after: Side) -> NewYear:
    """Return the values of the years the first edition's tables did not reach."""
    fresh = labelled(new_rows(before, after))
    confidence = after.edition.confidence
    rules = _by_observation(after) if len(fresh) else {}
    series = _series(after.rows)
    values = [_judged(one, series, rules, 1 - confidence) for one in fresh.itertuples(index=False)]
    order = {verdict: place for place, verdict in enumerate(VERDICTS)}
    values.sort(key=lambda one: (order[one.verdict], one.cell))
    return NewYear(tuple(values), _forecast(before, after), confidence)


def _forecast(before: Side, after: Side) -> Forecast | None:
    if before.names["next"] != after.names["last"]:
        return None
    low, high = (before.facts.get(roles.filled(one, before.names)) for one in headlines.FORECAST)
    found = after.facts.get(roles.filled(headlines.INDICATOR, after.names))
    return None if low is None or high is None or found is None else Forecast(low, high, found)


def _by_observation(side: Side) -> dict[checks.Observed, Change]:
    """Return for every observation the yearly change it fits worst."""
    rules = plausibility.load(side.root)
    known = checks.load(side.root)[1]
    rows = side.rows[side.rows["value"].notna() & side.rows["year"].notna()]
    found: dict[checks.Observed, Change] = {}
    for rule in rules.rules:
        if rule["kind"] == "bend":
            continue
        for change in _evaluated(rows, replace(rules, rules=(rule,)), rule["id"], known):
            key = change.terms[0].cell.observation
            if key not in found or change.jump.p_value < found[key].jump.p_value:
                found[key] = change
    return found


def _evaluated(
    rows: pd.DataFrame, rule: plausibility.Rules, id: str, known: Iterable[Mapping[str, Any]]
) -> list[Change]:
    """Return the changes of one rule; none where its tables have no two neighbouring years."""
    mine = [one for one in known if one.get("plausibility") == id]
    for reasons in (mine, []):
        try:
            return plausibility.evaluate(rows, rule, reasons)
        except Implausible:
            continue
    return []


def _series(rows: pd.DataFrame) -> dict[tuple[Any, ...], dict[int, float]]:
    """Return the values of every series by year."""
    found: dict[tuple[Any, ...], dict[int, float]] = {}
    for one in rows[rows["value"].notna() & rows["year"].notna()].itertuples(index=False):
        found.setdefault(_key(one), {})[int(one.year)] = float(one.value)
    return found


def _key(one: Any) -> tuple[Any, ...]:
    return tuple(getattr(one, name) for name in KEYS if name != "year")


def _judged(
    one: Any,
    series: Mapping[tuple[Any, ...], Mapping[int, float]],
    rules: Mapping[checks.Observed, Change],
    level: float,
) -> NewValue:
    year = 0 if pd.isna(one.year) else int(one.year)
    values = series.get(_key(one), {})
    value, before = values.get(year), values.get(year - 1)
    measured = NewValue(
        label=one.label,
        cell=one.address,
        unit=str(one.unit),
        year=year,
        value=value,
        last=before,
        verdict="none" if value is None else "first",
    )
    if value is None or before is None:
        return measured
    if one.unit == "percent":
        return replace(measured, verdict="from_counts")
    change = rules.get((one.address, str(one.measure)))
    if change is not None:
        return _by_rule(measured, change, level)
    spread = own_spread({when: count for when, count in values.items() if when < year})
    if spread is None:
        return _by_chance(measured, int(before), int(value), level)
    return _by_series(measured, int(before), int(value), spread, level)


def _by_series(measured: NewValue, last: int, value: int, spread: float, level: float) -> NewValue:
    def jump(count: int) -> Jump:
        return jumps.jump([count, last], *YEARLY, spread)

    return _within(measured, "series", limits(jump, level), jump(value).p_value)


def _by_chance(measured: NewValue, last: int, value: int, level: float) -> NewValue:
    ends = prediction_limits(last, level)
    return _within(measured, "chance", ends, conditional_p(last, value))


def _within(measured: NewValue, basis: Basis, ends: tuple[int, int], p_value: float) -> NewValue:
    low, high = ends
    inside = measured.value is not None and low <= measured.value <= high
    return replace(
        measured,
        low=float(low),
        high=float(high),
        p_value=p_value,
        verdict="within" if inside else "outside",
        basis=basis,
    )


def _by_rule(measured: NewValue, change: Change, level: float) -> NewValue:
    others = change.terms[1:]

    def jump(count: int) -> Jump:
        counts = [Decimal(count), *(term.cell.value for term in others)]
        return plausibility.score(change.kind, change.terms, counts, change.spread)

    # The weight of a whole whose part is counted is negative (see ``plausibility``).
    most = next(
        (int(one.cell.value) for one in others if one.year == change.year and one.weight < 0), None
    )
    found = _within(measured, "rule", limits(jump, level, most), change.jump.p_value)
    return replace(found, rule=change.title, reason=change.reason)
