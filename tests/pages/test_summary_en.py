"""The English summary: two sheets, in English throughout, the same numbers as the Japanese pages."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator

import pypdf
import pytest
from playwright.sync_api import Browser, Page

from minato_analysis.numbers.facts import display_en, from_entry
from minato_analysis.published import page as parts
from tests.pages.conftest import pages

FILE = next(file for file in pages() if file.stem == "summary_en")
HTML = FILE.read_text(encoding="utf-8")
JAPANESE = re.compile("[\u3041-\u30ff\u3400-\u9fff△]")


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1100, "height": 900})
    one = context.new_page()
    one.goto(FILE.as_uri())
    yield one
    context.close()


def test_it_prints_on_two_sheets_with_room_to_spare(page: Page) -> None:
    """Other machines have other fonts: two sheets must do for text that is five per cent larger."""
    for scale in (1.0, 1.05):
        pdf = page.pdf(prefer_css_page_size=True, scale=scale)
        assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 2


def test_japanese_words_say_that_they_are_japanese(page: Page) -> None:
    assert page.evaluate("document.documentElement.lang") == "en"
    page.evaluate("document.querySelectorAll('[lang=ja]').forEach(one => one.remove())")
    texts = page.evaluate(
        "[document.title, ...[...document.querySelectorAll('*')].flatMap(one =>"
        " [...one.attributes].filter(at => /^(aria-|alt$|title$|download$)/.test(at.name))"
        " .map(at => at.value).concat("
        "  ['STYLE', 'SCRIPT'].includes(one.tagName) ? []"
        "  : [...one.childNodes].filter(at => at.nodeType === 3).map(at => at.data)))]"
    )
    assert len(texts) > 100
    assert not [text for text in texts if JAPANESE.search(text)]


def test_numbers_are_the_recorded_ones_in_english() -> None:
    rows = json.loads(FILE.with_name("facts.json").read_text(encoding="utf-8"))
    facts = {row["id"]: from_entry(row) for row in rows}
    shown = parts.facts(HTML)
    assert len(shown) >= 15
    for one in shown:
        assert one.display == display_en(facts[one.id])
        assert one.value == repr(facts[one.id].value)


def test_it_says_what_the_share_is_not() -> None:
    words = parts.text(parts.main(HTML))
    assert len(re.findall("recidivism rate", words)) == 1
    assert "not a recidivism rate" in words
