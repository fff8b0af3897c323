"""Notebook 04: what earlier editions expected, against what has been published since.

In: the archives of earlier editions (:mod:`minato_analysis.project.projections`) and the indicator's series
as it is known now. Out: one score for each model, edition and year, recorded as facts. Forecast and value are
compared as they are published (percent, one decimal); scores are in points of the share, lower is better.

A forecast was made for an assumed number of persons arrested; it is scored as it was made, whatever the
number has turned out to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from minato_analysis.analyses import series
from minato_analysis.analyses.series import Counts
from minato_analysis.data import breaks
from minato_analysis.data.study import Study
from minato_analysis.project import earlier, projections
from minato_analysis.project.projections import Ahead, Archive
from minato_analysis.statistics import scores, target

LEVELS = {"80": 0.80, "95": 0.95}
FACTOR = 40
"""Weight of a miss in the interval score of the 95 % interval: 2 / 0.05."""

MANY = 20
"""From so many forecasts on, one outside the 95 % interval is to be expected."""

SCORES = {
    "crps": "mean continuous ranked probability score, from the archived quantiles",
    "interval80": "mean interval score of the 80 % interval (Gneiting and Raftery 2007)",
    "interval95": "mean interval score of the 95 % interval (Gneiting and Raftery 2007)",
    "error": "mean absolute distance of the median from the published value",
}
"""Score: how a formula says it."""


@dataclass(frozen=True)
class Hindsight:
    """Earlier projections and what came of them.

    Attributes
    ----------
    archives : tuple of Archive
        Of the editions whose projections can be held against this one's years, oldest first.
    known : Counts
        The indicator as it is known now.
    scored : pandas.DataFrame
        A row for each edition, model and year: ``edition``, ``last_year``, ``model``, ``year``,
        ``observed``, ``median``, ``low80`` … ``high95`` (percent), ``inside80``, ``inside95``,
        ``unchanged`` (distance of the edition's last value, points) and the columns of :data:`SCORES`
        (points); ``headline``, whether the model was the edition's default. Empty without any.
    """

    archives: tuple[Archive, ...]
    known: Counts
    scored: pd.DataFrame

    @property
    def of_default(self) -> pd.DataFrame:
        """The rows of each edition's default model."""
        return self.scored[self.scored["headline"].astype(bool)]

    @property
    def latest(self) -> tuple[Archive, int]:
        """The newest edition of which a year is known, and the newest such year."""
        row = self.of_default.iloc[-1]
        return next(one for one in self.archives if one.edition == row["edition"]), int(row["year"])

    @property
    def means(self) -> pd.DataFrame:
        """Scores by model: ``forecasts``, ``inside80``, ``inside95`` (numbers), mean scores (points)."""
        groups = self.scored.groupby("model", sort=False)
        return (
            groups[["inside80", "inside95"]]
            .sum()
            .assign(forecasts=groups.size(), **groups[list(SCORES)].mean())
        )


def record(study: Study) -> Hindsight:
    """Score the projections of earlier editions and record the results.

    Returns
    -------
    Hindsight
        Without rows where there is no earlier edition, or none of whose years has become known.

    Raises
    ------
    ArchiveError
        ``E3-ARCHIVE``: an archive cannot be read.

    Notes
    -----
    Facts below ``<area>.hindsight``: ``editions`` and ``forecasts``, how many there are; where there are
    any, ``inside80``, ``inside95`` (how many values lay inside), ``<model or default>.<score>``,
    ``unchanged.error``, and of the newest edition and year
    ``latest.median|low80|high80|low95|high95|value|unchanged`` (percent), ``latest.inside80|inside95``,
    ``latest.nominal80``, ``latest.error``, ``latest.unchanged.error``, ``latest.width|missed|factor|score``
    (the interval score of the 95 % interval and its parts) and ``latest.persons|assumed``.
    """
    known = series.indicator(study)
    found = score(comparable(study, _read(study), known), known, study.breaks)
    name = f"{study.area.key}.hindsight"
    # Where nothing is compared the counts of the last year say from when on something could be.
    origin = known.of(study.parameters.last_year)
    for part, number, formula in (
        ("editions", len(found.archives), "number of earlier editions with comparable projections"),
        ("forecasts", len(found.of_default), "number of their forecasts whose year is known now"),
    ):
        study.facts.record(
            f"{name}.{part}", number, unit="number", digits=0, from_=origin, formula=formula
        )
    if len(found.of_default):
        _record_scores(study, found, name)
        _record_latest(study, found, f"{name}.latest")
    return found


def _read(study: Study) -> list[Archive]:
    files = earlier.archives(study.folder, study.parameters.edition)
    found = (
        projections.loads(
            file.read_text(encoding="utf-8"), file.relative_to(study.folder).as_posix()
        )
        for file in files
    )
    return [one for one in found if one is not None]


def comparable(study: Study, archives: Iterable[Archive], known: Counts) -> tuple[Archive, ...]:
    """Return the archives that speak of the same indicator and knew less, oldest first.

    Of several editions with the same last year the newest counts: it replaced the others.
    """
    now = study.parameters
    by_year = {
        one.last.year: one
        for one in archives
        if one.area_code == now.area_code
        and one.definition == known.definition
        and one.edition < now.edition
        and one.as_of < now.as_of
        and one.last.year < now.last_year
    }
    return tuple(by_year[year] for year in sorted(by_year))


def score(
    archives: Sequence[Archive], known: Counts, cuts: Sequence[breaks.Break] = ()
) -> Hindsight:
    """Score every forecast whose year is known.

    Parameters
    ----------
    archives : sequence of Archive
        Oldest first.
    known : Counts
        The indicator as it is known now.
    cuts : sequence of Break
        A forecast across a change of law that nothing bridges is of another quantity: it is not scored.
    """
    rows = [
        _scored(archive, model.name, ahead, known)
        for archive in archives
        for model in archive.models
        for ahead in model.years
        if ahead.year in known.table.index and not _cut(archive, ahead.year, known, cuts)
    ]
    return Hindsight(tuple(archives), known, pd.DataFrame(rows, columns=list(_COLUMNS)))


_COLUMNS = (
    *("edition", "last_year", "model", "headline", "year", "observed", "median"),
    *("low80", "high80", "low95", "high95", "inside80", "inside95", "unchanged"),
    *SCORES,
)


def _cut(archive: Archive, year: int, known: Counts, cuts: Sequence[breaks.Break]) -> bool:
    used = (archive.last.year, year)
    return any(one.bridge is None for one in breaks.crossing(known.rows, used, cuts))


def _scored(archive: Archive, model: str, ahead: Ahead, known: Counts) -> dict[str, Any]:
    value = _published(known, ahead.year)
    median = projections.quantile(ahead, 0.5)
    row: dict[str, Any] = {
        "edition": archive.edition,
        "last_year": archive.last.year,
        "model": model,
        "headline": model == archive.default,
        "year": ahead.year,
        "observed": value,
        "median": median,
        "unchanged": abs(value - archive.last.published),
        "error": abs(value - median),
        "crps": float(scores.crps_quantiles(value, ahead.quantiles, archive.probabilities)),
    }
    for key, level in LEVELS.items():
        low, high = projections.interval(ahead, level)
        row |= {f"low{key}": low, f"high{key}": high}
        row[f"inside{key}"] = bool(scores.covered(value, low, high))
        row[f"interval{key}"] = float(scores.interval_score(value, low, high, round(1 - level, 9)))
    return row


def _published(known: Counts, year: int) -> float:
    counts = known.table.loc[year]
    return int(target.published_tenths(counts["reoffenders"], counts["persons_arrested"])) / 10


def _rows(found: Hindsight, editions: Sequence[Archive]) -> pd.DataFrame:
    """Return the counts behind scores: what the editions knew, and what came after."""
    years = found.scored.loc[
        found.scored["edition"].isin([one.edition for one in editions]), "year"
    ]
    rows = found.known.rows
    counts = rows[rows["measure"].isin(series.COUNTS)]
    return counts[counts["year"] <= int(years.max())]


def _record_scores(study: Study, found: Hindsight, name: str) -> None:
    origin = _rows(found, found.archives)
    book, own = study.facts, found.of_default
    for level in LEVELS:
        book.record(
            f"{name}.inside{level}",
            int(own[f"inside{level}"].sum()),
            unit="number",
            digits=0,
            from_=origin,
            formula=f"number of published values inside the {level} % interval of the edition's default",
        )
    means = found.means
    means.loc["default"] = own[list(SCORES)].mean()
    for model, row in means.iterrows():
        for one, formula in SCORES.items():
            book.record(
                f"{name}.{model}.{one}",
                row[one],
                unit="points",
                digits=2,
                from_=origin,
                formula=f"{formula}; model {model}, projections.json of the earlier editions",
            )
    book.record(
        f"{name}.unchanged.error",
        float(own["unchanged"].mean()),
        unit="points",
        digits=2,
        from_=origin,
        formula="mean absolute distance of each edition's last value from the published value",
    )


def _record_latest(study: Study, found: Hindsight, name: str) -> None:
    archive, year = found.latest
    row = found.of_default.iloc[-1]
    ahead = next(
        one
        for model in archive.models
        if model.name == archive.default
        for one in model.years
        if one.year == year
    )
    told = f"reports/{archive.edition}/{earlier.ARCHIVE}, model {archive.default}, year {year}"
    low, high, value = row["low95"], row["high95"], row["observed"]
    missed = max(low - value, value - high, 0.0)
    numbers: list[tuple[str, float, str, int, str]] = [
        (part, row[part], "percent", 1, f"{part} of the published share; {told}")
        for part in ("median", "low80", "high80", "low95", "high95")
    ]
    numbers += [
        ("nominal80", 80, "percent", 0, "part of the values the 80 % interval should contain"),
        ("value", value, "percent", 1, f"share published for {year}: one decimal, half up"),
        (
            "unchanged",
            archive.last.published,
            "percent",
            1,
            f"share published for {archive.last.year}, the last one the edition knew",
        ),
        ("error", row["error"], "points", 1, "distance of value and median"),
        ("unchanged.error", row["unchanged"], "points", 1, "distance of value and unchanged"),
        ("width", high - low, "points", 1, "high95 - low95"),
        ("missed", missed, "points", 1, "distance of value from the nearer end, 0 inside"),
        ("factor", FACTOR, "number", 0, "2 / (1 - 0.95): weight of a miss in the interval score"),
        ("score", row["interval95"], "points", 1, "width + factor * missed"),
        ("assumed", ahead.persons, "persons", 0, f"persons arrested assumed; {told}"),
        (
            "persons",
            found.known.table.loc[year, "persons_arrested"],
            "persons",
            0,
            f"persons arrested, {year}",
        ),
    ]
    numbers += [
        (
            f"inside{level}",
            int(row[f"inside{level}"]),
            "number",
            0,
            f"1 where the value lies inside the {level} % interval, else 0",
        )
        for level in LEVELS
    ]
    origin = _rows(found, [archive])
    for part, number, unit, digits, formula in numbers:
        study.facts.record(
            f"{name}.{part}",
            float(number),
            unit=unit,
            digits=digits,
            from_=found.known.of(year) if part in ("value", "persons") else origin,
            formula=formula,
        )
