"""What the notebooks of counts start with: records, facts and the names their prose may use.

In: name of the run, and for one area its code. Out: an :class:`AreaStudy` or an :class:`OverviewStudy`.
"""

from __future__ import annotations

from dataclasses import dataclass

from minato_analysis.areas.cases.records import Area, Overview, Record, Run
from minato_analysis.areas.cases.statistics import LEAST_CASES
from minato_analysis.areas.inputs import input_of, read
from minato_analysis.areas.overview import FUNNEL
from minato_analysis.areas.records import Verdict
from minato_analysis.areas.study import year_label
from minato_analysis.numbers.facts import FactBook, printed


@dataclass(frozen=True)
class AreaStudy:
    """One area, and the registry of the numbers its page prints."""

    record: Record
    facts: FactBook

    @property
    def years(self) -> list[int]:
        """Calendar years of the table."""
        return list(range(self.record.run.first_year, self.record.run.last_year + 1))


@dataclass(frozen=True)
class OverviewStudy:
    """All areas, and the registry of the numbers their page prints."""

    overview: Overview
    facts: FactBook

    def saying(self, what: str, says: str) -> list[Area]:
        """Return the areas whose verdict on `what` is `says`, the clearest first."""
        found = [
            row for row in self.overview.rows if (one := getattr(row, what)) and one.says == says
        ]
        return sorted(found, key=lambda row: (getattr(row, what).p, row.code))


def begin(notebook: str, *, run: str, area_code: str) -> AreaStudy:
    """Read the record of an area and record its facts.

    Raises
    ------
    AreasError
        ``E8-AREA``: there is no such area in the run.
    """
    study = AreaStudy(
        Record.model_validate_json(read(input_of(run, area_code))), FactBook(notebook)
    )
    record, area = study.record, study.record.area
    book = _Book(study.facts, f"area.{area.code}", record.run, area.code)
    book.add("areas", record.run.areas, "number", "number of areas in the table")
    for year, cases in zip(study.years, area.cases, strict=True):
        if cases is not None:
            book.add(f"cases.{year}", cases, "cases", "as given", year)
    if area.change and area.against_all:
        book.add("index", area.index[-1] or 0.0, "number", INDEX, digits=1)
        book.add("all.index", record.run.index[-1], "number", f"{INDEX}, all areas", digits=1)
        _verdict(book, "change", area.change, "percent", f"{INDEX} - 100")
        _verdict(book, "against_all", area.against_all, "number", f"{INDEX} - that of all areas")
    _of_run(book)
    return study


def begin_overview(notebook: str, *, run: str) -> OverviewStudy:
    """Read all rows and record the facts.

    Raises
    ------
    AreasError
        ``E8-AREA``: there is no such run.
    """
    study = OverviewStudy(Overview.model_validate_json(read(input_of(run))), FactBook(notebook))
    whole = study.overview
    book = _Book(study.facts, "areas", whole.run, "全地域")
    compared = [row for row in whole.rows if row.change and row.against_all]
    book.add("count", whole.run.areas, "number", "number of areas in the table")
    book.add("compared", len(compared), "number", f"areas with {LEAST_CASES} cases in both years")
    ends = [
        (row.cases[0], row.cases[-1])
        for row in whole.rows
        if row.cases[0] is not None and row.cases[-1] is not None
    ]
    book.add("known", len(ends), "number", "areas with a count in the first and the last year")
    for at, name in enumerate(("first", "last")):
        what = f"sum of recognised_cases of the {name} year, areas with a count in both"
        book.add(f"cases.{name}", sum(pair[at] for pair in ends), "cases", what)
    if whole.run.index:
        book.add("index", whole.run.index[-1], "number", f"{INDEX}, compared areas", digits=1)
    for what in ("change", "against_all"):
        for says in ("higher", "lower", "unclear"):
            found = len(study.saying(what, says))
            book.add(f"{what}.{says}", found, "number", f"areas that are {says}, {ADJUSTED}")
    for level in FUNNEL:
        name = f"outside{1000 * level:.0f}"
        outside = sum(row.against_all.p < 1 - level for row in compared if row.against_all)
        book.add(name, outside, "number", f"areas outside the {100 * level:g} % limits")
        book.add(f"{name}.limit", 100 * level, "percent", "level of the limits", digits=1)
    _of_run(book)
    return study


def names(record: Record) -> dict[str, object]:
    """Return the words and flags the prose of an area's page may use."""
    run, area = record.run, record.area
    return {
        **_words(run),
        "area": f"area.{area.code}",
        "area_name": area.name,
        "area_code": area.code,
        "first": str(run.first_year),
        "last": str(run.last_year),
        "ends": area.cases[0] is not None and area.cases[-1] is not None,
        "gaps": None in area.cases,
        "change": area.change.says if area.change else "",
        "against_all": area.against_all.says if area.against_all else "",
    }


def overview_names(overview: Overview) -> dict[str, object]:
    """Return the words and flags the prose of the overview may use."""
    gaps = any(None in (row.cases[0], row.cases[-1]) for row in overview.rows)
    return {**_words(overview.run), "compares": bool(overview.run.index), "gaps": gaps}


INDEX = "100 * recognised_cases of the last year / of the first year"
ADJUSTED = "Benjamini-Hochberg"


def _words(run: Run) -> dict[str, object]:
    return {
        "first_label": year_label(run.first_year),
        "last_label": year_label(run.last_year),
        "population": run.population,
        "source": run.source,
        "least_compared": str(LEAST_CASES),
    }


@dataclass(frozen=True)
class _Book:
    facts: FactBook
    key: str
    run: Run
    place: str

    def add(
        self, name: str, value: float, unit: str, formula: str, year: int = 0, *, digits: int = 0
    ) -> None:
        years = [year] if year else range(self.run.first_year, self.run.last_year + 1)
        self.facts.record(
            f"{self.key}.{name}",
            printed(value, digits),
            unit=unit,
            digits=digits,
            from_=[f"{self.run.table}/areas!{self.place}!{one}" for one in years],
            formula=formula,
        )


def _of_run(book: _Book) -> None:
    limit = 100 * book.run.false_discoveries
    book.add("false_discoveries", limit, "percent", "limit of the false discovery rate")
    what = "Pearson's statistic of successive years / its degrees of freedom"
    book.add("dispersion", book.run.dispersion, "number", what, digits=1)


def _verdict(book: _Book, name: str, verdict: Verdict, unit: str, formula: str) -> None:
    book.add(name, verdict.points, unit, formula, digits=1)
    for end in ("low", "high"):
        of = f"{end} end of the 95 % interval of {formula}, overdispersed Poisson"
        book.add(f"{name}.{end}", getattr(verdict, end), unit, of, digits=1)
