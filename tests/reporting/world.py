"""A miniature edition: one fact, a few names, the parts a notebook is made of."""

from __future__ import annotations

from typing import Any

from minato_analysis.numbers.facts import MIME, FactBook, entry
from minato_analysis.reporting.outputs import FIGURE, TABLE
from minato_analysis.reporting.page import Page

NAMES = {
    "area": "town",
    "first": "2017",
    "last": "2022",
    "area_name": "A市&B",
    "last_label": "令和4(2022)年",
}
PAGE = Page(
    name="02_trends",
    title="{{ area_name }}の推移",
    kind="technical",
    edition="統計分析",
    built="令和7(2025)年1月15日",
    newest_data="令和4(2022)年",
    object="計画（素案）",
    verification="確認済み",
    nav=(("index.html", "入口", False), ("02_trends.html", "推移", True)),
)
SVG = (
    '<?xml version="1.0"?><!DOCTYPE svg><svg viewBox="0 0 9 9" role="graphics"><title>old</title>'
    '<metadata><x/></metadata><clipPath id="c"/><g id="a" clip-path="url(#c)"/>'
    '<use href="#a"/></svg>'
)


def facts() -> FactBook:
    """Return two facts of 2022."""
    book = FactBook("02_trends")
    rows = ["plan/2-10!再犯者!R4", "plan/2-10!検挙人員!R4"]
    book.record(
        "town.share.2022",
        100 * 516 / 1053,
        unit="percent",
        digits=1,
        from_=rows,
        formula="100 * reoffenders / persons_arrested",
    )
    book.record(
        "town.reoffenders.2022", 516, unit="persons", digits=0, from_=rows[0], formula="as printed"
    )
    return book


def markdown(source: str) -> dict[str, Any]:
    """Return a Markdown cell."""
    return {"cell_type": "markdown", "id": "m", "metadata": {}, "source": source}


def code(*outputs: dict[str, Any], source: str = "shares(rows)") -> dict[str, Any]:
    """Return an executed code cell."""
    return {
        "cell_type": "code",
        "id": "c",
        "metadata": {},
        "source": source,
        "execution_count": 1,
        "outputs": list(outputs),
    }


def display(mime: str, payload: Any) -> dict[str, Any]:
    """Return an output that shows `payload`, with the text every display carries along."""
    return {
        "output_type": "display_data",
        "metadata": {},
        "data": {mime: payload, "text/plain": "<payload>"},
    }


def table(**changes: Any) -> dict[str, Any]:
    """Return a table payload."""
    cells = (
        '<thead><tr><th scope="col">区分</th><th scope="col">令和4(2022)年</th></tr></thead>'
        '<tbody><tr><th scope="row">再犯者</th><td>516</td></tr></tbody>'
    )
    return {
        "id": "share-table",
        "caption": '再犯者は{{ fact("{area}.reoffenders.{last}") }}',
        "html": f"<table>{cells}</table>",
        "csv": "区分,令和4(2022)年\n再犯者,516\n",
        "notes": ["単位：人"],
    } | changes


def figure(**changes: Any) -> dict[str, Any]:
    """Return a figure payload with its table."""
    return {
        "id": "share",
        "title": '再犯者率は{{ fact("{area}.share.{last}") }}',
        "subtitle": "{{ area_name }}、{{ last_label }}",
        "desc": "折れ線",
        "svg": SVG,
        "table": table(),
        "notes": ["資料：計画の図表2-10"],
    } | changes


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook that begins with a heading."""
    numbered = [
        {**cell, "id": f"cell{index}"} for index, cell in enumerate([markdown("# 推移"), *cells])
    ]
    return {"cells": numbered, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def full() -> dict[str, Any]:
    """Return a notebook with one of each part."""
    return notebook(
        markdown('## 要点\n\n割合は{{ fact("{area}.share.{last}") }}です。'),
        code(display(FIGURE, figure())),
        code(display(TABLE, table(id="other"))),
        code(display(MIME, [entry(fact) for fact in facts()])),
    )
