"""Sheets in every edition to come: a section of the council report is one, as is the sheet to hand out."""

from __future__ import annotations

import io
import unicodedata
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from tests.pages.ten_years import pages_of, ten_years
from tests.pages.test_council import A4, SHEETS

PAGES = {"council_report": SHEETS, "one_sheet": 1, "summary_en": 2}


@pytest.fixture(scope="module")
def printed(
    browser: Browser, complete: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, PdfReader]:
    """The pages of the invented edition as the browser prints them."""
    folder = tmp_path_factory.mktemp("ten-years")
    edition = ten_years(complete, folder)
    found = {}
    for name, html in pages_of(complete, folder, edition, tuple(PAGES)).items():
        file = folder / f"{name}.html"
        file.write_text(html, encoding="utf-8")
        page = browser.new_page()
        page.goto(file.as_uri())
        found[name] = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
        page.close()
    return found


@pytest.mark.parametrize(("name", "sheets"), PAGES.items())
def test_ten_years_fit_on_the_sheets(printed: dict[str, PdfReader], name: str, sheets: int) -> None:
    sizes = [(round(one.mediabox.width), round(one.mediabox.height)) for one in printed[name].pages]
    assert sizes == [A4] * sheets


def test_a_folded_table_says_where_the_older_years_are(printed: dict[str, PdfReader]) -> None:
    text = "".join(one.extract_text() for one in printed["council_report"].pages)
    text = unicodedata.normalize(
        "NFKC", text
    )  # the PDF may name a radical (⾯) for a character (面)
    assert "画面とCSVにあります" in "".join(text.split())  # wherever the lines break
