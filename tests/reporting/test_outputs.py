from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
import seaborn as sns
from IPython.lib.pretty import pretty
from matplotlib import pyplot

from minato_analysis.figures import Caption, from_plot
from minato_analysis.numbers.facts import MIME, entry
from minato_analysis.numbers.remarks import MIME as REMARK
from minato_analysis.numbers.remarks import Remark
from minato_analysis.numbers.tables import from_frame
from minato_analysis.reporting.errors import ReportError
from minato_analysis.reporting.exporter import to_html
from minato_analysis.reporting.outputs import FIGURE, TABLE, csv_link, loose_numbers
from minato_analysis.reporting.pagecheck import problems
from minato_analysis.reporting.svg import drawing

from .world import NAMES, PAGE, SVG, code, display, facts, figure, markdown, notebook, table


def page(*cells: dict[str, Any], kind: str = "technical") -> str:
    return to_html(notebook(*cells), replace(PAGE, kind=kind), facts(), NAMES)  # type: ignore[arg-type]


def test_a_figure_has_its_parts_in_order() -> None:
    html = page(code(display(FIGURE, figure())))
    part = html[html.index("<figure") : html.index("</figure>")]
    order = [
        'class="figure-title"',
        'data-fact="town.share.2022"',
        'class="figure-subtitle"',
        "A市&amp;B、",
        "<svg",
        '<caption><span><span class="number">表1</span>再犯者は516人',
        "data:text/csv",
        'download="share-table.csv"',
        "単位：人",
        "資料：計画",
        'data-fact-ref="town.share.2022"',
        'data-fact-ref="town.reoffenders.2022"',
    ]
    at = [part.index(text) for text in order]
    assert at == sorted(at)


def test_a_figure_without_table_or_subtitle() -> None:
    html = page(code(display(FIGURE, figure(table=None, subtitle=""))))
    assert "<svg" in html
    assert "<table" not in html
    assert "data:text/csv" not in html


def test_captions_are_text_and_replace_what_the_table_brought() -> None:
    brought = table(html="<table><caption>{{ old }}</caption><tbody></tbody></table>")
    html = page(code(display(TABLE, brought)))
    assert "old" not in html
    assert '<span class="number">表1</span>再犯者は516人</span></caption>' in html


def test_csv_opens_in_excel() -> None:
    link = csv_link("区分,人\n再犯者,516\n")
    head, _, body = link.partition(",")
    assert head == "data:text/csv;charset=utf-8"
    assert unquote(body).encode() == b"\xef\xbb\xbf" + "区分,人\n再犯者,516\n".encode()
    assert not re.search(r'[\s"<>#]', link)


def test_a_drawing_is_well_formed_and_its_ids_are_its_own() -> None:
    svg = drawing(SVG, id="f", title="a < b", desc='"d"')
    root = ElementTree.fromstring(svg)
    assert [child.tag for child in root] == ["title", "desc", "clipPath", "g", "use"]
    assert root[0].text == "a < b"
    assert root.get("aria-labelledby") == "f-title f-desc"
    assert root.get("role") == "img"
    assert root[3].attrib == {"id": "f-a", "clip-path": "url(#f-c)"}
    assert root[4].get("href") == "#f-a"


def test_ids_that_begin_with_the_figures_are_kept() -> None:
    once = drawing(SVG, id="f", title="題", desc="説明")
    assert drawing(once, id="f", title="題", desc="説明") == once


def test_what_is_no_drawing_is_refused() -> None:
    with pytest.raises(ReportError, match="E3-OUTPUT 02_trends セル2: 図 share"):
        page(code(display(FIGURE, figure(svg="<p>none</p>"))))


def test_facts_are_listed_on_technical_pages_only() -> None:
    cell = code(display(MIME, [entry(fact) for fact in facts()]))
    technical = page(cell)
    assert "100 * reoffenders / persons_arrested" in technical
    assert "<code>plan/2-10</code> 再犯者：R4／検挙人員：R4" in technical
    assert "reoffenders" not in page(cell, kind="lay")


def test_text_is_printed_on_technical_pages_and_refused_on_lay_pages() -> None:
    value = {"output_type": "execute_result", "metadata": {}, "execution_count": 1}
    for output in (
        {"output_type": "stream", "name": "stdout", "text": "a < b"},
        {**value, "data": {"text/plain": "a < b"}},
    ):
        assert '<pre class="output">a &lt; b</pre>' in page(code(output))
        with pytest.raises(ReportError, match=r"E3-OUTPUT 02_trends セル2: 画面用の文字.*a < b"):
            page(code(output), kind="lay")


@pytest.mark.parametrize(
    "output",
    [
        {"output_type": "stream", "name": "stderr", "text": "FutureWarning: x"},
        {"output_type": "error", "ename": "KeyError", "evalue": "x", "traceback": []},
        display("text/html", "<table></table>"),
        display("image/png", "AAAA"),
        display(FIGURE, {"id": "x"}),
        display(TABLE, {"id": "x"}),
    ],
)
@pytest.mark.parametrize("kind", ["lay", "technical"])
def test_anything_else_is_refused(output: dict[str, Any], kind: str) -> None:
    with pytest.raises(ReportError, match="E3-OUTPUT 02_trends セル2"):
        page(code(output), kind=kind)


def test_what_draws_and_a_bare_frame_are_refused_with_the_way_to_a_figure_and_a_table() -> None:
    panel = sns.lineplot(pd.DataFrame({"year": [1, 2], "share": [3.0, 4.0]}), x="year", y="share")
    for drawn in (panel, panel.figure, np.array([panel]), sns.FacetGrid(pd.DataFrame())):
        text = {"text/plain": pretty(drawn)}
        with pytest.raises(ReportError, match=r"ページに置けません。figures\.from_plot"):
            page(code({"output_type": "display_data", "metadata": {}, "data": text}))
    pyplot.close("all")
    frame = pd.DataFrame({"a": [1]})
    shown = {"text/html": frame._repr_html_(), "text/plain": repr(frame)}
    output = {"output_type": "display_data", "metadata": {}, "data": shown}
    with pytest.raises(ReportError, match=r"tables\.from_frame.*remove_output"):
        page(code(output))
    aside = code(output)
    aside["metadata"]["tags"] = ["remove_output"]
    assert "dataframe" not in page(aside)


def test_a_figure_of_seaborn_with_its_table_is_a_figure_of_the_page() -> None:
    frame = pd.DataFrame({"year": [1, 2], "share": [3.0, 4.0]})
    plot = sns.relplot(frame, x="year", y="share")
    numbers = from_frame(frame, "表", {"year": str, "share": ("percent", 1)}, id="own-table")
    caption = Caption("own", "題", "副題", "説明", table=numbers)
    mine = from_plot(plot, caption)
    assert not pyplot.get_fignums()
    output = {"output_type": "display_data", "metadata": {}, "data": mine._repr_mimebundle_()}
    html = page(code(output))
    assert problems(html) == []
    assert "<svg" in html
    assert "3.0%" in html
    with pytest.raises(ValueError, match="図 own: 表がありません"):
        from_plot(plot, replace(caption, table=None))


@pytest.mark.parametrize("key", ["title", "subtitle", "desc"])
def test_digits_in_a_figure_are_loose(key: str) -> None:
    cells = notebook(code(display(FIGURE, figure(**{key: "割合は49.0%"}))))
    (sentence,) = loose_numbers(cells, "02_trends")
    assert "セル2" in sentence


def test_digits_in_notes_and_captions_are_loose() -> None:
    inner = table(caption="令和4年", notes=["約530人"])
    cells = notebook(
        code(display(FIGURE, figure(table=inner, notes=["約520人"]))), code(display(TABLE, inner))
    )
    found = re.findall(r"に数「(\S+?)」", "\n".join(loose_numbers(cells, "02")))
    assert found == ["4", "520", "530", "4", "530"]


def test_all_loose_digits_are_named_at_once() -> None:
    with pytest.raises(ReportError, match=r"(?s)2か所.*セル2.*セル3"):
        page(markdown("49人"), markdown("50人"))


def remark(*paragraphs: str, title: str = "") -> dict[str, Any]:
    bundle = Remark("said", paragraphs, title)._repr_mimebundle_()
    return {"output_type": "display_data", "metadata": {}, "data": bundle}


@pytest.mark.parametrize("kind", ["lay", "technical"])
def test_a_remark_is_set_like_prose_and_a_box_has_its_heading(kind: str) -> None:
    fact = '{{ fact("{area}.reoffenders.{last}") }}'
    html = page(code(remark(f"再犯者は{fact}。", "{{ area_name }}です。")), kind=kind)
    assert 'value="516.0">516人</data>。</p>' in html
    assert "<p>A市&amp;Bです。</p>" in html
    assert 'class="box"' not in html
    box = page(code(remark("はい。", title="当たったか")), kind=kind)
    start = box.index('<div class="box" id="said">')
    assert re.sub(r"\s", "", box[start : box.index("</div>", start)]).endswith(
        "<h3>当たったか</h3><p>はい。</p>"
    )


def test_a_number_typed_into_a_remark_is_refused() -> None:
    found = loose_numbers(notebook(code(remark("再犯者は516人。", title="第2回"))), "n")
    assert len(found) == 2
    with pytest.raises(ReportError, match="E3-LOOSE-DIGIT"):
        page(code(remark("再犯者は516人。")))


def test_a_remark_without_its_paragraphs_is_refused() -> None:
    with pytest.raises(ReportError, match=r"E3-OUTPUT .*paragraphs"):
        page(code(display(REMARK, {"id": "said", "title": ""})))
