"""Who signs the pages, what programs read about them, and where the latest edition is."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.pages.conftest import pages

from minato_analysis.project import editions, publisher
from minato_analysis.project.publisher import Publisher
from minato_analysis.published import sheets
from minato_analysis.reporting import shelf
from minato_analysis.reporting.exporter import index_page, to_html
from minato_analysis.reporting.page import Doors
from minato_analysis.reporting.pagecheck import problems
from minato_analysis.reporting.words import BESIDES

from .world import NAMES, PAGE, facts, full

SIGNED = Publisher(
    publisher="A会",
    contact="a@example.jp",
    licence="CC BY 4.0",
    plan="https://example.jp/plan.pdf",
    repository="https://example.jp/repository",
)
OWN = replace(PAGE, subject="A市の再犯者の割合", unit="市")
LD = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.S)


def data(html: str) -> dict[str, Any]:
    found = LD.search(html)
    assert found
    read: dict[str, Any] = json.loads(found[1])
    return read


def test_a_signed_page_says_who_and_how_to_reach_them() -> None:
    html = to_html(full(), replace(OWN, signed=SIGNED), facts(), NAMES)
    head, _, rest = html.partition("<main")
    assert '<meta name="author" content="A会">' in head
    assert "<dd>A会</dd>" in head
    footer = rest.partition("<footer>")[2]
    for said in ("発行：A会", "連絡先：a@example.jp", "利用条件：CC BY 4.0"):
        assert said in footer
    assert problems(html) == []


def test_an_unsigned_page_leaves_all_of_it_out_and_says_that_it_is_not_official() -> None:
    html = to_html(full(), OWN, facts(), NAMES)
    for said in ("発行", "連絡先", "利用条件", 'name="author"'):
        assert said not in html
    assert html.count("市の資料ではありません。") == 2
    official = replace(OWN, signed=Publisher(official=True))
    assert "資料ではありません" not in to_html(full(), official, facts(), NAMES)


def test_the_front_page_links_the_plan_and_the_repository_where_they_are_known() -> None:
    doors = Doors((), ())
    html = index_page(replace(OWN, signed=SIGNED), doors)
    for address in (SIGNED.plan, SIGNED.repository):
        assert f'<a href="{address}">' in html
    assert "https://" not in re.sub(r"<style>.*?</style>", "", index_page(OWN, doors), flags=re.S)


@pytest.mark.parametrize(
    "wrong", ['plan: "javascript:x"', 'repository: "no"', 'doi: "doi:1"', 'publishre: "A"']
)
def test_an_address_that_is_none_is_refused(tmp_path: Path, wrong: str) -> None:
    (tmp_path / publisher.FILE).write_text(wrong, encoding="utf-8")
    with pytest.raises(editions.EditionError, match=r"E0-PARAMETER publisher\.yaml"):
        publisher.load(tmp_path)


def test_the_pages_of_the_edition_are_titled_with_their_subject_not_with_the_plan() -> None:
    for file in pages():
        html = file.read_text(encoding="utf-8")
        title = re.search(r"<title>(.*?)</title>", html)
        assert title
        english = '<html lang="en">' in html
        assert ("Share of reoffenders" if english else "港区の再犯者の割合　") in title[1]
        assert "計画（素案）" not in title[1]
        described = re.search(r'<meta name="description" content="([^"]+)">', html)
        assert described
        assert ("Not an official" if english else "区の資料ではありません") in described[1]
        assert data(html)["@type"] == ("Dataset" if file.stem == "index" else "Report")


def test_the_front_page_describes_the_data_set_and_files_that_are_there(complete: Path) -> None:
    folder = complete / "reports/2024"
    read = data((folder / "index.html").read_text(encoding="utf-8"))
    assert read["name"] == "港区の再犯者の割合　公表数値の分析（2024年度版）"
    assert read["temporalCoverage"] == "2017/2022"
    for one in read["distribution"]:
        assert (folder / one["contentUrl"]).is_file()
    assert not {"publisher", "creator", "license", "identifier"} & set(read)
    assert all(value not in ("", None, []) for value in read.values())


def test_data_in_a_page_cannot_end_its_element() -> None:
    html = to_html(full(), replace(OWN, data={"name": "</script><b>"}), facts(), NAMES)
    assert "</script><b>" not in html
    assert data(html) == {"name": "</script><b>"}


def test_every_test_that_the_accessibility_page_names_exists(live: Path, complete: Path) -> None:
    assert "accessibility" in BESIDES
    html = (complete / "reports/2024/accessibility.html").read_text(encoding="utf-8")
    named = re.findall(r"<code lang=\"en\">(tests/[\w/]+\.py)::(\w+)</code>", html)
    assert len(named) > 8
    for file, test in named:
        assert f"def {test}(" in (live / file).read_text(encoding="utf-8"), (file, test)


def test_the_list_of_editions_names_the_latest_and_what_it_no_longer_has(
    complete: Path, tmp_path: Path
) -> None:
    root = tmp_path / "project"
    for name in ("data", "notebooks", "reports", "publisher.yaml"):
        if (complete / name).is_dir():
            shutil.copytree(complete / name, root / name)
        elif (complete / name).is_file():
            shutil.copy(complete / name, root / name)
    alone = shelf.page(root)
    assert '最新の版は<a href="2024/index.html">' in alone
    later = root / "reports/2025"
    later.mkdir()
    text = (root / "reports/2024/edition.yaml").read_text(encoding="utf-8")
    text = text.replace('edition: "2024"', 'edition: "2025"').replace("2024年度版", "2025年度版")
    (later / "edition.yaml").write_text(text, encoding="utf-8")
    form = json.loads((root / "reports/2024/facts.json").read_text(encoding="utf-8"))
    kept = [one for one in form if one["id"] != "minato.share.2022"]
    (later / "facts.json").write_text(json.dumps(kept), encoding="utf-8")
    both = shelf.page(root)
    assert '最新の版は<a href="2025/index.html">' in both
    assert "次の版あり（2025年度版）" in both
    assert '<a href="2024/audit_report.html#n-minato.share.2022">' in both
    assert problems(both, "lay") == []


@pytest.mark.parametrize("name", sheets.SHEETS)
def test_a_signed_page_takes_no_more_paper(complete: Path, tmp_path: Path, name: str) -> None:
    html = (complete / "reports/2024" / name).read_text(encoding="utf-8")
    who = "港区の再犯防止を考える市民の会"
    foot = f"発行：{who}　連絡先：contact@example.jp　利用条件：クリエイティブ・コモンズ 表示 4.0 国際　"
    for mark, more in (
        ("</dl>\n", f'<div class="who"><dt>発行</dt><dd>{who}</dd></div>\n'),
        ('<a href="accessibility.html">', foot),
    ):
        assert mark in html
        html = html.replace(mark, f"{more}{mark}", 1)
    page = tmp_path / name
    page.write_text(html, encoding="utf-8")
    printed = sheets.printed(page)
    if printed is None:
        pytest.skip("no Chromium")
    assert printed == sheets.SHEETS[name]
