"""Executed notebooks as an edition keeps them: sentences and figures in them, nothing of the machine."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from tests.reporting import world
from tests.reporting.world import PAGE, SVG, code, display

from minato_analysis.numbers.remarks import MIME as REMARK
from minato_analysis.project.prose_cells import as_markdown
from minato_analysis.published import notebook as reader
from minato_analysis.published import page
from minato_analysis.reporting.errors import ReportError
from minato_analysis.reporting.executed import LARGEST, kept
from minato_analysis.reporting.exporter import reading
from minato_analysis.reporting.outputs import FIGURE, TABLE

PROSE = """%%prose
# {{ area_name }}

**割合**は{{ fact("{area}.share.{last}") }}（{{ ref("f") }}）、「[会議](c.html)」"""
MOST = 2_000_000
"""Bytes the notebooks of an edition may have together."""


def made(*cells: dict[str, Any], closed: bool = False) -> list[Any]:
    """Return the cells of a kept notebook."""
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    form = nbformat.from_dict(
        {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    )
    source = reading(as_markdown(form), PAGE, world.facts(), world.NAMES)
    text = kept(form, source, closed=closed)
    nbformat.validate(nbformat.reads(text, as_version=4))
    return list(json.loads(text)["cells"])


def shown(cell: dict[str, Any]) -> dict[str, str]:
    (output,) = cell["outputs"]
    return {mime: "".join(text) for mime, text in output["data"].items()}


def aside(text: str, mime: str = "text/html") -> dict[str, Any]:
    cell = code(display(mime, text))
    cell["metadata"] = {"tags": ["remove_output"]}
    return cell


def figure() -> dict[str, Any]:
    svg = SVG.replace("9 9", "475 300")
    told = {
        "title": '{{ area_name }}は{{ fact("{area}.reoffenders.{last}") }}',
        "subtitle": "年ごと",
    }
    return {
        "id": "f",
        "svg": svg,
        "desc": "棒グラフ",
        "table": None,
        "notes": ["単位：人。"],
        **told,
    }


def test_prose_stands_finished_under_its_folded_template() -> None:
    prose, drawn = made(code(source=PROSE), code(display(FIGURE, figure())))
    assert "".join(prose["source"]) == PROSE
    assert prose["metadata"] == {"jupyter": {"source_hidden": True}}
    said = shown(prose)["text/markdown"]
    assert page.text(said) == "# A市&B 割合は49.0%（図1）、「[会議](../c.html)」"
    assert [(one.id, one.display) for one in page.facts(said)] == [("town.share.2022", "49.0%")]
    assert "図1" in shown(drawn)["image/svg+xml"]


def test_a_figure_is_one_drawing_with_its_words_and_a_table_is_one_table() -> None:
    drawn, tabled = made(code(display(FIGURE, figure())), code(display(TABLE, world.table())))
    assert set(shown(drawn)) == {"image/svg+xml", "text/plain"}
    assert "A市&amp;Bは516人" in shown(drawn)["image/svg+xml"]
    assert "単位：人。" in shown(drawn)["image/svg+xml"]
    assert shown(drawn)["text/plain"] == "図1\nA市&Bは516人\n棒グラフ"
    assert set(shown(tabled)) == {"text/html"}
    assert "<caption>" in shown(tabled)["text/html"]
    assert "data:text/csv" not in shown(tabled)["text/html"]


def test_a_remark_is_text() -> None:
    (cell,) = made(
        code(display(REMARK, {"id": "r", "title": "題", "paragraphs": ["一つ", "二つ"]}))
    )
    assert shown(cell)["text/markdown"] == "<strong>題</strong>\n\n一つ\n\n二つ"


def test_what_differs_by_run_is_left_out() -> None:
    clock = "<th>Date:</th> <td>Tue, 01 Dec 2026</td> <th>Time:</th><td>03:04:05</td>"
    summary = f"{clock}<td>at 0x7f12ab34cd</td>"
    warned = code({"output_type": "stream", "name": "stderr", "text": "warning"})
    warned["metadata"] = {"tags": ["remove_output"]}
    first, second = made(aside(summary), warned)
    assert re.findall(r"\d", shown(first)["text/html"]) == ["0"]
    assert second["outputs"] == []


def test_frames_of_a_project_with_closed_sources_are_left_out() -> None:
    frame = aside("<table><td>7</td></table>")
    assert shown(made(frame)[0])
    (cell, other) = made(frame, code(display(TABLE, world.table())), closed=True)
    assert cell["outputs"] == []
    assert shown(other)


@pytest.mark.parametrize(
    ("text", "what"),
    [("/home/somebody/data.csv", "a path of the machine"), ("x" * LARGEST, "バイトあります")],
)
def test_traces_of_the_machine_and_too_much_are_refused(text: str, what: str) -> None:
    with pytest.raises(ReportError, match=f"E3-EXECUTED 02_trends: (?s:.*){what}"):
        made(aside(text))


def test_those_of_the_edition_are_small_finished_and_of_their_notebooks(complete: Path) -> None:
    files = sorted((complete / "reports/2024/notebooks").glob("*"))
    sources = {one.name for one in (complete / "notebooks").glob("*.ipynb")}
    assert {one.name for one in files} == sources - {"audit_report.ipynb"}
    assert sum(one.stat().st_size for one in files) <= MOST
    for file in files:
        text = file.read_text(encoding="utf-8")
        nbformat.validate(nbformat.reads(text, as_version=4))
        own = [one for one in reader.loads(text) if not one.given]
        written = reader.loads((complete / "notebooks" / file.name).read_text(encoding="utf-8"))
        assert [one.source for one in own] == [one.source for one in written]
        assert all(
            one.shown for one in own if one.kind == "markdown" and one.source[:7] == "%%prose"
        )
        assert not re.search(r"\{\{|\{%", "".join(one.shown for one in own))


def test_each_number_of_a_sentence_is_that_of_the_page(complete: Path) -> None:
    folder = complete / "reports/2024"
    for file in sorted((folder / "notebooks").glob("*")):
        said = "".join(one.shown for one in reader.loads(file.read_text(encoding="utf-8")))
        html = (folder / f"{file.stem}.html").read_text(encoding="utf-8")
        printed = {(one.id, one.display) for one in page.facts(html)}
        assert {(one.id, one.display) for one in page.facts(said)} <= printed
