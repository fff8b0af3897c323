"""What the notebook of one area starts with: its record, its facts and the names its prose may use.

In: name of the run and code of the area, as the parameters cell has them; the record is
``build/areas/<run>/inputs/<code>.json``. Out: an :class:`AreaStudy`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from minato_analysis.areas.inputs import input_of, read
from minato_analysis.areas.records import Ahead, Counts, Record, Run, Verdict, Yearly
from minato_analysis.areas.statistics import LEAST_PERSONS
from minato_analysis.cleaning.years import Year, format_year
from minato_analysis.numbers.facts import FEW_PERSONS, FactBook, printed
from minato_analysis.statistics.threshold import printed_percent

DOTS = 20
"""A chance is also said as "so many times in twenty"."""

SHARE = "100 * reoffenders / persons_arrested"


@dataclass(frozen=True)
class AreaStudy:
    """One area: what is known of it, and the registry of the numbers its page prints."""

    record: Record
    facts: FactBook

    @property
    def years(self) -> list[int]:
        """Calendar years of the table."""
        return list(range(self.record.run.first_year, self.record.run.last_year + 1))


def begin(notebook: str, *, run: str, area_code: str) -> AreaStudy:
    """Read the record of an area and record its facts.

    Parameters
    ----------
    notebook : str
        Name of the notebook, noted in every fact.
    run, area_code : str
        Name of the run, and code of the area as text.

    Raises
    ------
    AreasError
        ``E8-AREA``: there is no such area in the run.
    """
    record = Record.model_validate_json(read(input_of(run, area_code)))
    study = AreaStudy(record, FactBook(notebook))
    _record_all(study)
    return study


def year_label(year: int) -> str:
    """Return 「令和4(2022)年」."""
    return format_year(Year(year, "calendar"))


def names_of_run(run: Run) -> dict[str, object]:
    """Return the words that every page of a run may use."""
    return {
        "first_label": year_label(run.first_year),
        "last_label": year_label(run.last_year),
        "target_label": year_label(run.target_year),
        "population": run.population,
        "source": run.source,
        "least_shown": str(FEW_PERSONS),
        "least_compared": str(LEAST_PERSONS),
        "has_target": run.target is not None,
    }


def names(record: Record) -> dict[str, object]:
    """Return the words and flags the prose of an area's page may use."""
    run = record.run
    return {
        **names_of_run(run),
        "area": f"area.{record.code}",
        "area_name": record.name,
        "area_code": record.code,
        "first": str(run.first_year),
        "last": str(run.last_year),
        "target": str(run.target_year),
        "pooled": record.pooled is not None,
        "arrested": record.pooled is not None and record.pooled.persons > 0,
        "yearly": record.yearly is not None,
        "ahead": record.ahead is not None,
        "against_all": record.against_all.says if record.against_all else "",
        "change": record.change.says if record.change else "",
    }


def _record_all(study: AreaStudy) -> None:
    book = _Book(study)
    record, run = study.record, study.record.run
    book.add("areas", run.areas, "number", formula="number of areas in the table")
    book.add("all.share", run.overall, "percent", 1, formula=f"{SHARE}, all areas and years")
    limit = 100 * run.false_discoveries
    book.add("false_discoveries", limit, "percent", formula="limit of the false discovery rate")
    if run.target is not None:
        book.add("target", run.target, "percent", 1, formula="target as given")
    if record.pooled:
        _pooled(book, record.pooled)
    if record.yearly:
        _yearly(book, record.yearly, study.years)
    for name in MEANT:
        if verdict := getattr(record, name):
            _verdict(book, name, verdict)
    for name, of in (("shrunk", "mean"), ("shrunk_low", "2.5 %"), ("shrunk_high", "97.5 %")):
        value = getattr(record, name)
        if value is not None:
            formula = f"posterior {of} of the share, beta-binomial model of the shown areas"
            book.add(name.replace("_", "."), value, "percent", 1, formula=formula)
    if record.holds_below is not None:
        held = float(printed_percent(record.holds_below / 100))
        formula = f"lower end of the exact 95 % interval of {SHARE}, rounded down"
        book.add("holds_below", held, "percent", 1, formula=formula)
    if record.ahead:
        _ahead(book, record.ahead)


@dataclass(frozen=True)
class _Book:
    study: AreaStudy

    def add(
        self,
        name: str,
        value: float,
        unit: str,
        digits: int = 0,
        *,
        formula: str,
        years: Iterable[int] = (),
    ) -> None:
        record = self.study.record
        of = list(years) or self.study.years
        self.study.facts.record(
            f"area.{record.code}.{name}",
            printed(value, digits),
            unit=unit,
            digits=digits,
            from_=[f"{record.run.table}/areas!{record.code}!{year}" for year in of],
            formula=formula,
        )


def _pooled(book: _Book, pooled: Counts) -> None:
    book.add("persons", pooled.persons, "persons", formula="sum of persons_arrested")
    book.add("reoffenders", pooled.reoffenders, "persons", formula="sum of reoffenders")
    for name, value, formula in _interval("share", pooled, SHARE):
        book.add(name, value, "percent", 1, formula=formula)


def _yearly(book: _Book, yearly: Yearly, years: list[int]) -> None:
    for at in (0, -1):
        year = years[at]
        share = yearly.share[at]
        book.add(f"persons.{year}", yearly.persons[at], "persons", formula="as given", years=[year])
        if share is not None:
            book.add(f"share.{year}", share, "percent", 1, formula=SHARE, years=[year])


def _interval(name: str, of: Any, formula: str) -> list[tuple[str, float, str]]:
    if of.share is None:
        return []
    limits = "end of the exact 95 % interval of"
    return [
        (name, of.share, formula),
        (f"{name}.low", of.low, f"lower {limits} {formula}"),
        (f"{name}.high", of.high, f"upper {limits} {formula}"),
    ]


MEANT = {
    "against_all": "share of the area - share of all areas",
    "change": "share of the last year - share of the first year",
    "trend": "slope of the share a year, Cochran-Armitage",
}
"""Name of a verdict → formula of its size."""


def _verdict(book: _Book, name: str, verdict: Verdict) -> None:
    book.add(name, verdict.points, "points", 1, formula=MEANT[name])
    for end in ("low", "high"):
        formula = f"{end} end of the 95 % interval of {MEANT[name]}"
        book.add(f"{name}.{end}", getattr(verdict, end), "points", 1, formula=formula)


def _ahead(book: _Book, ahead: Ahead) -> None:
    model = "pool of a damped local trend and a level on the logit, persons as in the last year"
    for name in ("median", "low80", "high80", "low95", "high95"):
        value = getattr(ahead, name)[-1]
        book.add(f"ahead.{name}", value, "percent", 1, formula=f"{name} of the projection: {model}")
    if ahead.chance is not None:
        formula = f"P(published value <= target): {model}"
        for end, chance in zip(("", ".low", ".high"), ahead.chance, strict=True):
            of = f"{formula}{end and f', {end[1:]} of the members'}"
            book.add(f"ahead.chance{end}", chance, "percent", 0, formula=of)
            times = chance * DOTS / 100
            book.add(f"ahead.times{end}", times, "number", 0, formula=f"{DOTS} * {of}")
        book.add("ahead.dots", DOTS, "number", 0, formula="number of equally likely outcomes")
