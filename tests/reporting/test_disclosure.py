from __future__ import annotations

import base64
from pathlib import Path
from urllib.parse import quote

import pytest

from minato_analysis.data import closed_sources
from minato_analysis.numbers.facts import FactBook
from minato_analysis.reporting.disclosure import small_facts, small_numbers
from minato_analysis.reporting.exporter import to_html
from minato_analysis.reporting.outputs import csv_link

from .world import NAMES, PAGE, facts, full

PAGE_HTML = to_html(full(), PAGE, facts(), NAMES)


def table(cell: str, head: str = "再犯者", row: str = "令和4(2022)年", caption: str = "表") -> str:
    return (
        f"<table><caption>{caption}</caption><thead><tr><th>年</th><th>{head}</th></tr></thead>"
        f'<tbody><tr><th scope="row">{row}</th><td class="num">{cell}</td></tr></tbody></table>'
    )


def svg(*texts: tuple[object, float, float], rest: str = "") -> str:
    labels = "".join(f'<text x="{x}" y="{y}">{text}</text>' for text, x, y in texts)
    return f"<svg><title>図</title><desc>棒グラフ</desc>{labels}{rest}</svg>"


def link(address: str) -> str:
    return f'<a href="{address}" download="a.csv">保存</a>'


SVG_PICTURE = "data:image/svg+xml;base64," + base64.b64encode(svg(("7", 1, 1)).encode()).decode()

LEAKS = {
    "running text": "<p>再犯者は7人でした。</p>",
    "a full-width digit": "<p>再犯者は７人でした。</p>",
    "a spelled-out number": "<p>該当者は三人でした。</p>",
    "a character reference": "<p>再犯者は&#55;人でした。</p>",
    "a number and its unit in two elements": "<p>再犯者は<b>7</b><span>人</span></p>",
    "an invisible character before the unit": "<p>再犯者は7\u200b人</p>",
    "text that is hidden": "<p hidden>再犯者は7人</p>",
    "a folded part": "<details><summary>詳細</summary><p>7人</p></details>",
    "a template": "<template><p>7人</p></template>",
    "a comment": "<!-- 再犯者 7 -->",
    "a fact": '<p><data class="fact" data-fact="a.b" value="7">7人</data></p>',
    "the unrounded value of a fact": '<data data-fact="a.b" value="7.0">約10人</data>',
    "a fact of 100 %": '<data data-fact="a.b" value="100.0">100.0%</data>',
    "an English sentence": "<p>There were 7 persons.</p>",
    "a cell": table("7"),
    "a cell with a unit": table("7人"),
    "a cell with two numbers": table("20 (7)"),
    "a cell with a fraction": table("46.7% (7/15)"),
    "a provisional cell": table("p 7"),
    "a cell below an age": table("7", head="20〜29歳"),
    "a cell below a year": table("7", head="令和4(2022)年", row="再犯者"),
    "a cell of 100 %": table("100.0%", head="再犯者の割合"),
    "a cell of 100 under a heading in %": table("100.0", head="割合（%）"),
    "a spanned cell": "<table><tr><th colspan=2>再犯者</th></tr><tr><td rowspan=2>7</td></tr></table>",
    "a cell that is not closed": "<table><tr><th>署<th>人員<tr><th>A署<td>7</table>",
    "a cell without a table": "<td>7</td>",
    "a heading with a unit": table("20", row="7人"),
    "a caption": table("20", caption="再犯者7人の内訳"),
    "a download": link(csv_link("年,再犯者\n2022,7\n")),
    "a download where the page is pooled": table("20") + link(csv_link("署,再犯者\nA署,7\n")),
    "a download in base64": link(
        "data:text/csv;base64," + base64.b64encode(b"a,b\nx,7\n").decode()
    ),
    "a download in another encoding": link(
        "data:text/csv;charset=shift_jis," + quote("再犯者７人".encode("shift_jis"))
    ),
    "a download with tabs": link("data:text/tab-separated-values," + quote("署\t人員\nA署\t7\n")),
    "a download in JSON": link("data:application/json," + quote('{"reoffenders": [20, 7]}')),
    "a download in a sheet's format": link("data:application/vnd.ms-excel;base64,UEsDBA=="),
    "a picture": f'<img alt="" src="{SVG_PICTURE}">',
    "a text of a drawing": svg(("7", 10, 10)),
    "a text of a drawing with a unit": svg(("再犯者 7人", 10, 10)),
    "a sample size in a drawing": svg(("n=7", 10, 10)),
    "a share in a drawing": svg(("A署 100%", 10, 10)),
    "a text in parts": svg((("<tspan>7</tspan><tspan>人</tspan>"), 10, 10)),
    "numbers on bars": svg(("2", 10, 50), ("4", 20, 30), ("6", 30, 10)),
    "a drawing's title": "<svg><title>再犯者 7</title></svg>",
    "a drawing's description": "<svg><title>図</title><desc>A署: 2021 12, 2022 7</desc></svg>",
    "a title in a drawing's part": svg(rest="<rect><title>7</title></rect>"),
    "data of an element": '<rect data-value="7"/>',
    "data of an element with a unit": '<p data-label="再犯者7人"></p>',
    "a label read out": '<g aria-label="A署：7"></g>',
    "a text read out for a value": '<input type="range" aria-valuetext="再犯者7人">',
    "a value read out": '<div role="meter" aria-valuenow="7"></div>',
    "an alternative text": '<img alt="再犯者7人の図" src="data:,">',
    "a tooltip": '<td title="7">10人未満</td>',
    "a meter": '<meter value="7" max="20"></meter>',
    "a hidden field": '<input type="hidden" value="7">',
    "the page's title": "<title>再犯者7人</title>",
    "the page's description": '<meta name="description" content="再犯者は7人">',
    "content of a style": '<style>p::after { content: "7人" }</style>',
    "data of a script": '<script type="application/json">{"人員": {"A署": 7}}</script>',
    "a script": "<script>const reoffenders = [20, 7];</script>",
}

NO_LEAKS = {
    "ten": "<p>再犯者は10人</p>" + table("10") + table("10人"),
    "none": table("0人") + table("0") + svg(("0人", 1, 1)),
    "large numbers": "<p>1,053人、107人、1,007人</p>" + table("1,007"),
    "shares": "<p>4.7%、7%</p>" + table("4.7%") + table("4.7", head="割合（%）") + table("7%"),
    "differences": "<p>3ポイント、2.8ポイント、△7人、+7人</p>" + table("△3"),
    "years": "<p>令和4(2022)年、平成3年、5年間</p>" + table("20", row="令和4(2022)年"),
    "dates": "<p>2025-1-5</p>" + table("令和7年1月5日"),
    "ages": "<p>20〜29歳、5歳</p>" + table("20", head="20〜29歳"),
    "limits": "<p>10人未満、5人未満、3人以上</p>" + table("10人未満") + table("1〜9人"),
    "signs": table("x") + table("-") + table("…"),
    "figures and chapters": table("図表2-7") + "<caption>図表3-2、第3章、表2、注1</caption>",
    "counts of other things": table("3回") + table("3", head="件数（件）") + "<p>4回中3回</p>",
    "how common": "<p>およそ2人に1人、1人当たり</p>",
    "a word": "<p>一人でも多く、一人ひとり</p>",
    "numbers of rows": "<table><tr><th>番号</th><th>人員</th></tr><tr><td>7</td><td>20</td></tr></table>",
    "a total of a composition": table("100.0%", head="構成比", row="計"),
    "an axis of counts": svg(("0", 5, 90), ("2", 5, 60), ("4", 5, 30)),
    "an axis of shares": svg(("80%", 5, 90), ("90%", 5, 60), ("100%", 5, 30)),
    "a year on an axis": svg(("R4", 5, 90), ("2022", 5, 99)),
    "a download": link(csv_link("年,再犯者,割合\n令和4(2022)年,516人,4.7%\n")),
    "ids": '<p data-fact="a.7" data-fact-ref="a.100" id="p7" class="c7"></p>',
    "a lever": '<input type="range" min="-3" max="3" step="1" value="1" aria-valuemax="3">',
    "a grid": '<table aria-rowcount="7"><tr aria-rowindex="3"><td>20</td></tr></table>',
    "a style": "<style>p { width: 100%; line-height: 1.7 }</style><p style='width:100%'></p>",
    "a script": "<script>for (let i = 0; i < 9; i += 1) { x = 5; }</script>",
    "an empty link": '<link rel="icon" href="data:,">',
    "a word after a paragraph": "<ol><li>第7</li><li>人を</li></ol>",
}


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS)
def test_a_leak_is_caught_in_each_channel(leak: str) -> None:
    assert small_numbers(leak)


@pytest.mark.parametrize("page", NO_LEAKS.values(), ids=NO_LEAKS)
def test_what_is_not_a_count_of_persons_raises_no_alarm(page: str) -> None:
    assert small_numbers(page) == []


@pytest.mark.parametrize("number", range(1, 10))
def test_every_count_below_the_threshold_is_caught(number: int) -> None:
    assert small_numbers(table(str(number)))
    assert small_numbers(f"<p>{number}人</p>")


def test_the_sentence_says_where() -> None:
    (sentence,) = small_numbers(table("7人", caption="検挙人員"))
    assert sentence == "表「検挙人員」に「7人」（再犯者・令和4(2022)年）"


@pytest.mark.parametrize(
    ("shown", "small"),
    [
        ("<td>516</td>", "<td>6</td>"),
        ("%2C516%0A", "%2C6%0A"),
        ("再犯者は516人", "再犯者は6人"),
        ('<data class="fact"', '<data value="6">6人</data><data class="fact"'),
    ],
)
def test_a_finished_page_passes_until_a_count_is_small(shown: str, small: str) -> None:
    """Table, download and text as the pages' own templates write them."""
    assert small_numbers(PAGE_HTML) == []
    assert shown in PAGE_HTML
    assert small_numbers(PAGE_HTML.replace(shown, small, 1))


def test_on_a_technical_page_a_bare_number_counts_where_persons_are_named() -> None:
    parameters = table("3", head="値", caption="設定")
    assert small_numbers(parameters)
    assert small_numbers(parameters, "technical") == []
    assert small_numbers(table("3", head="再犯者", caption="内訳"), "technical")
    assert small_numbers(table("3", head="A署", caption="署ごとの検挙人員"), "technical")
    assert small_numbers("<p>再犯者は3人</p>", "technical")


def test_sources_are_declared_with_the_source_or_with_a_table() -> None:
    descriptor = {
        "source_documents": {"plan": {}, "letter": {"not_public": True}},
        "resources": [
            {"source_id": "plan"},
            {"source_id": "reply", "not_public": True},
            {"source_id": "made", "not_public": False},
        ],
    }
    assert closed_sources(descriptor) == {"letter", "reply"}
    assert closed_sources({}) == set()


@pytest.mark.parametrize(
    ("value", "unit", "small"),
    [(7, "persons", True), (10, "persons", False), (0, "persons", False), (-7, "persons", False),
     (100, "percent", True), (99.9, "percent", False), (7, "percent", False), (7, "number", False)],
)  # fmt: skip
def test_facts_of_a_closed_source_are_held_to_the_rule(
    value: float, unit: str, small: bool
) -> None:
    book = FactBook("n")
    fact = book.record("a.b", value, unit=unit, digits=0, from_="letter/1!人員!R4", formula="x")
    assert bool(small_facts([fact], {"letter"})) is small
    assert small_facts([fact], {"plan", "letter2"}) == []


def test_the_published_lay_pages_pass(complete: Path) -> None:
    from minato_analysis.reporting.pages import listed

    lay = {"index"} | {name for name, one in listed(complete).items() if one["kind"] == "lay"}
    pages = [file for file in complete.glob("reports/*/*.html") if file.stem in lay]
    assert len(pages) >= 2
    for page in pages:
        assert small_numbers(page.read_text(encoding="utf-8")) == []
