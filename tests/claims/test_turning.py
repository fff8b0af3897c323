"""The course of a count: its turning point, the words for it, and the predicates that hold the words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from minato_analysis.analyses import directions, trends
from minato_analysis.analyses.series import Counts
from minato_analysis.claims import sentences
from minato_analysis.claims.sentences import load_sentences
from minato_analysis.claims.series import World
from minato_analysis.claims.wordings import judge, standing
from minato_analysis.data.study import Study
from minato_analysis.numbers.facts import Fact, FactBook
from minato_analysis.numbers.turning import turning
from minato_analysis.reporting.prose import resolve

FIRST = 2017
COURSES = {
    "rises since": (730, 600, 481, 499, 516),
    "rises since, one year": (730, 600, 520, 481, 499),
    "falls since": (500, 600, 730, 516, 499),
    "falls since, one year": (500, 600, 700, 730, 516),
    "ends lowest": (730, 600, 620, 516, 499),
    "ends highest": (500, 520, 510, 600, 730),
    "lowest within": (730, 481, 600, 520, 540),
    "highest within": (500, 730, 600, 640, 510),
    "level": (500, 500, 500, 500, 500),
    "two years at the bottom": (730, 481, 481, 499, 516),
}


def facts(counts: Sequence[int]) -> tuple[dict[str, Fact], dict[str, str]]:
    """Return what notebook 02 records of these reoffenders, and the names of the edition."""
    found = turning(dict(enumerate(counts, FIRST)))
    book, last = FactBook("02"), FIRST + len(counts) - 1
    for year, one in enumerate(counts, FIRST):
        _record(book, f"town.reoffenders.{year}", one, "persons")
    for end, year in (("lowest", found.lowest), ("highest", found.highest)):
        _record(book, f"town.reoffenders.{end}", counts[year - FIRST], "persons")
        _record(book, f"town.reoffenders.{end}.year", year, "year")
    _record(book, "town.reoffenders.run", found.run, "number")
    names = {"area": "town", "first": str(FIRST), "last": str(last)}
    return book.facts, names | {"first_label": f"{FIRST}年", "last_label": f"{last}年"}


def _record(book: FactBook, id: str, value: float, unit: str) -> None:
    book.record(id, value, unit=unit, digits=0, from_="s/t!r!c", formula="as printed")


@pytest.mark.parametrize("counts", COURSES.values(), ids=COURSES)
@pytest.mark.parametrize(
    ("id", "title"), [("S001", directions.title), ("S020", directions.title_en)]
)
def test_every_title_has_predicates_that_hold(
    repository: Path, id: str, title: object, counts: Sequence[int]
) -> None:
    every = load_sentences(repository)
    one = next(sentence for sentence in every.items if sentence.id == id)
    table = pd.DataFrame({"reoffenders": counts}, range(FIRST, FIRST + len(counts)))
    text = title(table)  # type: ignore[operator]
    wording = standing(one, text, every.series)
    assert wording is not None, text
    known, names = facts(counts)
    judged = judge(wording, World(named=every.series, facts=known, names=names))
    assert judged.holds, judged.why
    others = [
        judge(other, World(named=every.series, facts=known, names=names)) for other in one.wordings
    ]
    assert not all(other.holds for other in others)


@pytest.mark.parametrize("counts", COURSES.values(), ids=COURSES)
def test_the_council_message_names_the_turning_point(
    repository: Path, counts: Sequence[int]
) -> None:
    notebook = (repository / "notebooks/council_report.ipynb").read_text("utf-8")
    start = notebook.index("検挙された再犯者は、{% if course")
    source = notebook[start : notebook.index("</strong>", start)].replace('\\"', '"')
    known, names = facts(counts)
    said = resolve(source, FactBook("", known), names, text=True)
    assert len(said) <= 45
    every = load_sentences(repository)
    one = next(sentence for sentence in every.items if sentence.id == "S021")
    shown = sentences.shown_messages(
        sentences.Sentences((one,), every.series),
        {one.page: said},
        lambda text: resolve(text, FactBook("", known), names, text=True),
    )
    assert judge(shown["S021"], World(named=every.series, facts=known, names=names)).holds


def test_the_published_count_fell_and_then_rose(published: Study) -> None:
    area, _, _ = trends.record_shares(study := published.unrecorded())
    trends.record_change(study, area)
    lowest = int(area.table["reoffenders"].idxmin())
    assert study.facts.get("minato.reoffenders.lowest.year").value == lowest
    after = area.table["reoffenders"].loc[lowest:]
    assert (after.diff().dropna() > 0).all()
    assert study.facts.get("minato.reoffenders.run").value == len(after) - 1
    assert "を底に" in directions.title(area.table)


def test_a_description_tells_both_bars(published: Study) -> None:
    area: Counts = trends.record_shares(published.unrecorded())[0]
    told = directions.bars(area.table)
    assert told.startswith("初犯者は")
    assert "reoffenders.lowest.year" in told
