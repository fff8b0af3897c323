"""Figures and tables are numbered in the order of the page, and a reference says where they stand."""

from __future__ import annotations

from html import unescape
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from tests.reporting.world import code, display, figure, notebook, table

from minato_analysis.reporting.numbered import numbered, referring
from minato_analysis.reporting.outputs import FIGURE, TABLE
from minato_analysis.reporting.svg import standalone, svg_link
from minato_analysis.reporting.words import WORDS

PAGE = notebook(
    {"cell_type": "markdown", "metadata": {}, "source": "# 題\n\n## 一\n\n```\n## code\n```"},
    code(display(FIGURE, figure())),
    {"cell_type": "markdown", "metadata": {}, "source": "## 二\n\n### 細目"},
    code(display(TABLE, table(id="second"))),
)


def test_parts_have_numbers_levels_and_sheets() -> None:
    parts = numbered(PAGE)
    first = parts[figure()["id"]]
    assert (first.what, first.number, first.level, first.sheet) == ("figure", 1, 3, 1)
    second = parts["second"]
    assert (second.what, second.number, second.level, second.sheet) == ("table", 2, 4, 2)


def test_a_reference_is_a_link_and_names_the_sheet_on_paper() -> None:
    ref = referring(numbered(PAGE), WORDS["ja"], sheets=True)
    assert ref("second") == '<a href="#second">表2</a><span class="on-paper">（2枚目）</span>'
    assert ref("left-out") == WORDS["ja"]["no_part"]


def test_a_figure_taken_away_says_what_it_shows_and_where_it_is_from() -> None:
    drawn = (
        '<svg viewBox="0 0 200 100" width="100%" style="x"><title>a</title><path d="M0 0"/></svg>'
    )
    drawn = drawn.replace('style="x"', """font-family="'Noto Sans',serif" style="x\"""")
    taken = standalone(drawn, "図1　題 & 題", "場所", ["資料：計画", "", "版"])
    # As a browser reads the link: entities of the page, then the address, then the drawing.
    saved = unquote(unescape(svg_link(taken)).partition(",")[2])
    root = ET.fromstring(saved)
    assert root.attrib["font-family"] == "'Noto Sans',serif"
    texts = [one.text for one in root.iter("text")]
    assert texts == ["図1　題 & 題", "場所", "資料：計画", "版"]
    assert float(root.attrib["viewBox"].split()[3]) > 100
    assert float(root.attrib["width"]) == 1.6 * 200
