"""Pages in English: the shell, the facts, and the marks on words in another language."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from minato_analysis.numbers.facts import UNITS, UNITS_EN, FactBook, display_en
from minato_analysis.reporting.exporter import index_page, to_html
from minato_analysis.reporting.page import Doors, Link
from minato_analysis.reporting.pagecheck import problems
from minato_analysis.reporting.prose import check_digits, resolve
from minato_analysis.reporting.words import WORDS

from .world import NAMES, PAGE, facts, full

ENGLISH = replace(
    PAGE,
    lang="en",
    title="Summary",
    edition="Edition 2024",
    built="15 January 2025",
    newest_data="2022",
    verification="all hold",
    nav=(("index.html", "入口", False), ("02_trends.html", "Summary", True)),
)


@pytest.mark.parametrize(
    ("value", "unit", "digits", "shown"),
    [
        (49.0028, "percent", 1, "49.0%"),
        (1053, "persons", 0, "1,053 persons"),
        (1, "persons", 0, "1 person"),
        (0, "persons", 0, "0 persons"),
        (-1, "persons", 0, "−1 person"),
        (1.04, "points", 1, "1.0 point"),
        (0.25, "points", 1, "0.3 points"),
        (-2.75, "points", 1, "−2.8 points"),
        (3, "cases", 0, "3 cases"),
        (2029, "year", 0, "2029"),
        (0.0004, "p_value", 3, "<0.001"),
        (0.15, "p_value", 2, "0.15"),
        (1581, "number", 0, "1,581"),
        (0.5, "probability", 1, "0.5"),
    ],
)
def test_a_fact_in_english(value: float, unit: str, digits: int, shown: str) -> None:
    book = FactBook("n")
    fact = book.record("a.b", value, unit=unit, digits=digits, from_="s/t!r!c", formula="x")
    assert display_en(fact) == shown


def test_every_unit_has_english_words() -> None:
    assert set(UNITS_EN) == set(UNITS) - {"year"}


def test_prose_asks_for_a_fact_in_english() -> None:
    source = '{{ fact_en("{area}.reoffenders.{last}") }}'
    used: list[str] = []
    assert resolve(source, facts(), NAMES, text=True, used=used) == "516 persons"
    assert used == ["town.reoffenders.2022"]
    assert resolve(source, facts(), NAMES) == (
        '<data class="fact" data-fact="town.reoffenders.2022" value="516.0">516 persons</data>'
    )
    assert check_digits('{{ fact_en("a.low80") }}', place="n") == []
    assert check_digits("a 95% confidence interval, a 95% interval", place="n") == []
    assert len(check_digits("49% of persons, 95% of them", place="n")) == 2


def test_the_languages_have_the_same_words() -> None:
    assert set(WORDS["ja"]) == set(WORDS["en"])


def test_a_page_in_english_has_an_english_shell() -> None:
    html = to_html(full(), replace(ENGLISH, kind="lay"), facts(), NAMES)
    assert problems(html, "lay", "en") == []
    assert problems(html, "lay") == ['lang is "en", not "ja"']
    shell = re.sub(r"<style>.*?</style>|<main.*?</main>", "", html, flags=re.S)
    foreign = re.sub(r'<(\w+)[^>]* lang="ja"[^>]*>.*?</\1>', "", shell)
    assert not re.search("[\u3041-\u9fff]", foreign)
    for word in (
        "Skip to content",
        "Download the table as CSV",
        "Figure 1",
        "Records of the numbers",
    ):
        assert word in html


def test_words_in_another_language_are_marked() -> None:
    html = to_html(full(), ENGLISH, facts(), NAMES)
    assert '<a href="index.html" lang="ja">入口</a>' in html
    assert '<a href="02_trends.html" aria-current="page">Summary</a>' in html
    assert f'<dd lang="ja">{ENGLISH.object}</dd>' in html
    doors = Doors(
        meeting=(Link("e.html", "Summary", "One page"), Link("c.html", "会議資料")), analysis=()
    )
    index = index_page(PAGE, doors)
    assert '<a href="e.html" lang="en">Summary</a><span lang="en">One page</span>' in index
    assert '<a href="c.html">会議資料</a>' in index
