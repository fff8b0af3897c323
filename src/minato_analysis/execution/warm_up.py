"""What nearly every notebook and page does first, done once before the fork and thrown away.

In: nothing. Out: filled caches: fonts, templates, parts of libraries that are loaded when first used. What a
notebook sees is the same with and without; the tests compare.
"""

from __future__ import annotations

from decimal import Decimal

import nbformat
import pandas as pd

from minato_analysis import data
from minato_analysis.cleaning.tables import Observation
from minato_analysis.figures.figure import Caption, Figure, finish
from minato_analysis.figures.sheet import sheet, write
from minato_analysis.figures.theme import themed
from minato_analysis.numbers import facts
from minato_analysis.numbers.tables import Table
from minato_analysis.reporting.exporter import to_html
from minato_analysis.reporting.page import Page
from minato_analysis.reporting.pagecheck import problems

TABLE = Table("made-up", "表", ("年", "人"), (("2022", "1,053"),))


def read() -> None:
    """Read and validate a table of one made-up row."""
    row = Observation(
        source_id="made-up",
        table="1",
        row="r",
        column="c",
        area_code="00000",
        station="all",
        offence="all",
        age_band="all",
        year=2022,
        measure="m",
        value=Decimal(1),
        unit="persons",
        status="ok",
        definition="d",
        series_id="made-up",
        as_of="2022-01",
    )
    data.frame([row])


def draw() -> Figure:
    """Draw a line with a label."""
    with themed():
        canvas, (panel,) = sheet([60.0], headings=["見出し"], foot=["注"])
        panel.plot([1, 2], [1, 2], marker="o")
        write(panel, 1, 1, "49.0%")
        return finish(canvas, Caption("made-up", "題", "副題", "説明", table=TABLE), ["値"])


def render() -> None:
    """Render and check a page with a text, a figure and a table."""
    text = nbformat.v4.new_markdown_cell("# {{ name }}\n\n**文**")
    outputs = [
        nbformat.v4.new_output("display_data", one._repr_mimebundle_()) for one in (draw(), TABLE)
    ]
    code = nbformat.v4.new_code_cell("show", outputs=outputs, execution_count=1)
    page = Page("made-up", "題", "technical", "版", "日", "年", "計画", "照合")
    notebook = nbformat.v4.new_notebook(cells=[text, code])
    problems(to_html(notebook, page, facts.FactBook("made-up"), {"name": "題"}), page.kind)


def everything() -> None:
    """Do all of it.

    pandas asks when it is imported whether it is in a notebook, and prints more columns there: say so.
    """
    pd.set_option("display.max_columns", 20)
    read()
    render()
