"""Splits the change of a forecast in the order in which things happened.

In: two editions. Out: for every headline that is a forecast, its change in exact parts::

    revision   past values are known otherwise than before
    nearer     one year nearer to the target, the new year being what the earlier edition expected of it
    came       the new year as it came, its share in place of the expected one
    persons    the number of persons arrested in it, on which the published value will rest
    code       everything else: code, libraries, settings

No other order is feasible: there is no new year without its revisions, and no denominator of a year that has
not come. Each part is the difference of two forecasts by the present code, which takes a second; what the
published numbers differ by beyond that is the last part, so that the parts sum exactly to the change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pandas as pd

from minato_analysis import data
from minato_analysis.analyses import outlook
from minato_analysis.analyses.series import INDICATOR_OFFENCE, indicator
from minato_analysis.data import breaks, study
from minato_analysis.data.study import Study
from minato_analysis.difference import headlines, roles
from minato_analysis.difference.headlines import Headline
from minato_analysis.difference.revised import new_rows
from minato_analysis.difference.side import Side
from minato_analysis.numbers.facts import Fact, FactBook
from minato_analysis.project.editions import Parameters

STEPS: Mapping[str, str] = {
    "revision": "過去の値の訂正",
    "nearer": "一年近づいたこと（新しい年が見込みどおりの場合）",
    "came": "新しい年の実際の割合",
    "persons": "新しい年の検挙人員（分母）",
    "code": "計算のコード・ライブラリ・設定",
}
FORECASTS = "projection.{target}."
EXPECTED = "projection.{year}.{model}.median"


@dataclass(frozen=True)
class Stepped:
    """The change of one forecast: ``sum(parts.values()) == whole``, exactly."""

    headline: Headline
    before: Fact
    after: Fact
    parts: Mapping[str, Fraction]

    @property
    def whole(self) -> Fraction:
        """Published value after less published value before."""
        return exact(self.after) - exact(self.before)


def exact(fact: Fact) -> Fraction:
    """Return the stored decimal value of a fact without rounding it to binary."""
    return Fraction(repr(fact.value))


def stepped(before: Side, after: Side) -> tuple[Stepped, ...]:
    """Return the forecasts among the headlines that both editions have, split; none without a new year."""
    pairs = []
    for one in headlines.HEADLINES:
        old, new = (side.facts.get(roles.filled(one.role, side.names)) for side in (before, after))
        if one.role.startswith(FORECASTS) and old is not None and new is not None:
            pairs.append((one, old, new))
    same_plan = before.edition.source_id == after.edition.source_id
    newer = after.edition.last_year > before.edition.last_year
    if not (pairs and same_plan and newer):
        return ()
    try:
        values = _forecasts(before, after)
    except (data.DataError, breaks.BreakError):
        return ()
    found = []
    for headline, old, new in pairs:
        id = roles.filled(headline.role, after.names)
        if any(id not in one for one in values):
            continue
        steps = [exact(one[id]) for one in values]
        moves = [later - earlier for earlier, later in pairwise(steps)]
        rest = exact(new) - exact(old) - sum(moves)
        found.append(Stepped(headline, old, new, dict(zip(STEPS, (*moves, rest), strict=True))))
    return tuple(found)


def _forecasts(before: Side, after: Side) -> list[Mapping[str, Fact]]:
    """Return what the present code forecasts from the earlier edition's data and after each step."""
    earlier, later = (Parameters(**one.edition.parameters()) for one in (before, after))
    fresh = new_rows(before, after)
    revised = after.rows[~after.rows.index.isin(fresh.index)]
    first = _study(after.root, earlier, before.rows)
    second = _study(after.root, earlier, revised)
    last = outlook.start(second)
    known, persons = _forecast(second, last), last.persons
    expected = _expected(second, fresh, known, persons, later.last_year)
    third = _study(after.root, later, pd.concat([revised, expected]))
    fourth = _study(after.root, later, after.rows)
    base = outlook.start(fourth)
    return [
        _forecast(first, outlook.start(first)),
        known,
        _forecast(third, outlook.start(third)),
        _forecast(fourth, replace(base, persons=persons)),
        _forecast(fourth, base),
    ]


def _study(root: Path, parameters: Parameters, rows: pd.DataFrame) -> Study:
    area, parent, nation = study.chain(root, parameters.area_code)
    book = FactBook("diff")
    return Study("diff", parameters, root, rows, area, parent, nation, book, breaks.load(root))


def _forecast(made: Study, base: outlook.Base) -> Mapping[str, Fact]:
    own = made.unrecorded()
    outlook.record_projection(own, base, outlook.project(base))
    return own.facts.facts


def _expected(
    made: Study, fresh: pd.DataFrame, known: Mapping[str, Fact], persons: int, last: int
) -> pd.DataFrame:
    """Return the rows of the indicator's new years with the counts that were expected of them."""
    counted = indicator(made).rows["table"].iloc[0]
    rows = fresh[
        (fresh["series_id"] == made.parameters.source_id)
        & (fresh["area_code"] == made.area.code)
        & (fresh["offence"] == INDICATOR_OFFENCE)
        & (fresh["table"] == counted)
        & fresh["year"].between(made.parameters.last_year + 1, last)
    ].copy()
    share = rows["year"].map(
        lambda year: known[EXPECTED.format(year=year, model=outlook.DEFAULT)].value / 100
    )
    again = (share * persons).round()
    counts = {
        "persons_arrested": pd.Series(float(persons), rows.index),
        "reoffenders": again,
        "first_time": persons - again,
        "reoffender_share": 100 * again / persons,
    }
    for measure, values in counts.items():
        at = rows["measure"] == measure
        rows.loc[at, "value"] = values[at].astype(float)
    return rows
