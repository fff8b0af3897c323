"""Sheets of paper are counted as the browser prints them, and too many are said."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from minato_analysis.published import sheets

PAGE = "<!doctype html><title>x</title>" + '<p style="break-after: page">one</p>' * 2 + "<p>end</p>"


def test_sheets_are_those_of_the_browser(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "one_sheet.html"
    file.write_text(PAGE, encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    assert sheets.printed(file) == len(PdfReader(io.BytesIO(page.pdf())).pages) == 3
    page.close()
    (said,) = sheets.too_many(tmp_path)
    assert said.startswith("one_sheet.html は、この計算機で印刷すると3枚になります（1枚に収める")


def test_a_page_that_fits_is_not_mentioned(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "council_report.html").write_text(PAGE, encoding="utf-8")
    assert sheets.too_many(tmp_path) == []


def test_without_a_browser_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "one_sheet.html").write_text(PAGE, encoding="utf-8")
    assert sheets.printed(tmp_path / "one_sheet.html") is None
    assert sheets.too_many(tmp_path) == []
