"""Received text in pages and their CSV: markup and formulas end as text, through the real exporter."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import unquote

import pytest

from minato_analysis.numbers.tables import Table
from minato_analysis.reporting.exporter import to_html
from minato_analysis.reporting.outputs import FIGURE, TABLE
from minato_analysis.reporting.page import Page
from minato_analysis.reporting.pagecheck import problems

from ..reporting.world import NAMES, PAGE, code, display, facts, figure, markdown, notebook

SCRIPT = "<script>alert(1)</script>"
# Prose may hold no digits but those of facts, so the same without one.
IN_PROSE = "<script>alert()</script>"
FORMULA = '=HYPERLINK("http://x","y")'
HOSTILE = (
    SCRIPT,
    FORMULA,
    '"><img src=x onerror=alert(1)>',
    "<b>太字</b>",
    "&lt;i&gt;",
    "]]>",
    "javascript:alert(1)",
)


def hostile_table(id: str) -> dict[str, Any]:
    rows = tuple((label, "1,053") for label in HOSTILE)
    return Table(id, f"{IN_PROSE}の推移", ("区分", SCRIPT), rows, notes=(f"注：{IN_PROSE}",)).json()


def page(**changes: Any) -> str:
    names = NAMES | {"area_name": SCRIPT, "last_label": FORMULA} | changes
    cells = notebook(
        markdown("{{ area_name }}について、{{ last_label }}。"),
        code(display(TABLE, hostile_table("stations"))),
        code(
            display(
                FIGURE,
                figure(
                    table=hostile_table("others"), title=IN_PROSE, desc=IN_PROSE, notes=[IN_PROSE]
                ),
            )
        ),
    )
    return to_html(cells, PAGE, facts(), names)


def seen(shown: str) -> str:
    """Return the page without the CSV it carries in addresses."""
    return re.sub(r'href="data:text/csv[^"]*"', "", shown)


def test_no_label_becomes_markup() -> None:
    shown = page()
    assert shown.count("<script") == shown.count('<script>"use strict";') == 1  # our own
    assert "<img" not in shown
    assert "<b>太字" not in shown
    assert html.escape(SCRIPT, quote=False) in seen(shown)
    assert "&amp;lt;i&amp;gt;" in seen(shown)
    assert 'href="javascript' not in shown
    assert problems(shown, PAGE.kind) == []


def test_no_label_becomes_a_formula_in_the_csv() -> None:
    links = re.findall(r'href="data:text/csv;charset=utf-8,([^"]*)"', page())
    assert len(links) == 2
    for link in links:
        text = unquote(link)
        assert "\"'=HYPERLINK(" in text
        assert not re.search(r'(?m)^"?=', text)
        assert SCRIPT in text


@pytest.mark.parametrize("kind", ["lay", "technical"])
def test_the_page_allows_no_script_at_all(kind: Any) -> None:
    shown = to_html(
        notebook(), Page(**{**vars(PAGE), "kind": kind, "title": SCRIPT}), facts(), NAMES
    )
    assert "default-src 'none'" in shown
    assert "<script" not in shown
