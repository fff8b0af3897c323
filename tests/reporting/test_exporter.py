from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path

import pytest

from minato_analysis.audit import verify_min
from minato_analysis.numbers.facts import FactError
from minato_analysis.published.page import Shown
from minato_analysis.published.page import facts as facts_shown
from minato_analysis.reporting.disclosure import small_numbers
from minato_analysis.reporting.exporter import index_page, spoken, to_html
from minato_analysis.reporting.page import Doors, Link
from minato_analysis.reporting.pagecheck import facts_on, problems
from minato_analysis.reporting.templating import TEMPLATES

from .world import NAMES, PAGE, code, facts, full, markdown, notebook

LAY = replace(PAGE, kind="lay")


@pytest.mark.parametrize("page", [PAGE, LAY])
def test_a_page_has_no_problems(page: type[PAGE]) -> None:
    html = to_html(full(), page, facts(), NAMES)
    assert problems(html, page.kind) == []
    assert facts_on(html)[0] == "town.share.2022"


def test_the_same_arguments_give_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = to_html(full(), PAGE, facts(), NAMES)
    # A template of the same name in the working directory must not be picked up.
    (tmp_path / "page.html.j2").write_text("other")
    monkeypatch.chdir(tmp_path)
    assert to_html(full(), PAGE, facts(), NAMES) == first


def test_the_notebook_is_not_changed() -> None:
    given = full()
    before = copy.deepcopy(given)
    to_html(given, PAGE, facts(), NAMES)
    assert given == before


def test_cell_ids_and_times_leave_no_trace() -> None:
    timed = full()
    for index, cell in enumerate(timed["cells"]):
        cell["id"] = f"random{index}"
        cell["metadata"] = {"papermill": {"start_time": "2025-01-15T09:00:00"}}
    assert to_html(timed, PAGE, facts(), NAMES) == to_html(full(), PAGE, facts(), NAMES)


def test_code_is_folded_on_technical_pages_and_absent_on_lay_pages() -> None:
    cells = notebook(code(source="a < b"), code(source="parameters = 1"))
    technical = to_html(cells, PAGE, facts(), NAMES)
    assert (
        '<summary>この計算のコード（セル2）</summary>\n<pre><code lang="en">a &lt; b</code></pre>'
        in technical
    )
    assert "parameters = 1" in technical
    lay = to_html(cells, LAY, facts(), NAMES)
    assert "parameters" not in lay
    assert "<details" not in lay


def test_the_shell() -> None:
    html = to_html(notebook(), PAGE, facts(), NAMES)
    assert html.startswith('<!DOCTYPE html>\n<html lang="ja">')
    assert "<title>A市&amp;Bの推移 | 統計分析</title>" in html
    assert "default-src 'none'" in html
    assert '<a href="02_trends.html" aria-current="page">推移</a>' in html
    for text in ("令和7(2025)年1月15日", "令和4(2022)年", "計画（素案）", "確認済み"):
        assert f"<dd>{text}</dd>" in html
    assert html.endswith("</html>\n")
    assert "<script" not in html


def test_an_unknown_fact_names_its_cell() -> None:
    cells = notebook(markdown('{{ fact("{area}.shares.{last}") }}'))
    with pytest.raises(FactError, match="E3-FACT 02_trends セル2"):
        to_html(cells, PAGE, facts(), NAMES)


def test_the_index_has_three_doors() -> None:
    doors = Doors(
        meeting=(Link("council_report.html", "報告", "印刷して読めます"),),
        analysis=(Link("02_trends.html", "推移"),),
    )
    html = index_page(replace(LAY, title="入口"), doors, changes=("図表を加えました。",))
    assert problems(html, "lay") == []
    at = [
        html.index(f">{door}</h2>") for door in ("会議で読む", "分析を詳しく見る", "数値を確かめる")
    ]
    assert at == sorted(at)
    assert html.count("この版には、まだありません。") == 1
    assert "<li>図表を加えました。</li>" in html


def test_the_style_sheet_is_small_and_loads_nothing() -> None:
    css = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    assert len(css.encode()) < 20_000
    assert "url(" not in css
    assert "@import" not in css


def test_a_negative_number_is_said_with_its_sign_and_still_read_back() -> None:
    number = '<data class="fact" data-fact="a.gap" value="-2.75">△2.8ポイント</data>'
    kept = '<svg><text>△3</text></svg><span title="△4"></span>△ は引用'
    html = spoken(f"<main>{number}{kept}</main>")
    assert html.count('aria-label="マイナス"') == 1
    assert kept in html
    assert facts_shown(html) == [Shown("a.gap", "-2.75", "△2.8ポイント")]
    assert [verify_min.words(one[2]) for one in verify_min.FACT.findall(html)] == ["△2.8ポイント"]
    small = number.replace("2.75", "7.0").replace("2.8ポイント", "7人")
    assert small_numbers(spoken(f"<main><p>再犯者は{small}</p></main>")) == []
