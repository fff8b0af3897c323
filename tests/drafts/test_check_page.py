"""The page of `minato check`: its own strip, what is to be mended first, entries to copy, no links."""

from __future__ import annotations

import re
from pathlib import Path

from minato_analysis.drafts import check_page
from minato_analysis.drafts.ladder import Step
from minato_analysis.reporting.pagecheck import problems

ENTRY = "- {revision: a/2-10!再犯者数!2022, expect: {reoffenders: [516, 517]}, reason: …}"
STEPS = [
    Step("形式", "24の表から888の値を読み取りました。"),
    Step(
        "恒等式", "417通りを照合し、414通りが成り立ちました。", ("E2-111 x.csv 2023: 合いません。",)
    ),
    Step(
        "訂正と定義",
        "訂正は1個でした。",
        (f"E2-601 x.csv: 理由を書くと受け入れられます: {ENTRY}",),
        ("前からの注意",),
    ),
]


def test_errors_stand_first_and_the_strip_counts_them(repository: Path) -> None:
    html = check_page.check_page(STEPS, repository)
    assert problems(html, "lay") == []
    assert "すべて成立" not in html
    strip = html[html.index('<dl class="strip">') : html.index("</dl>")]
    assert "直すところ2件、理由を記録した注意1件" in strip
    order = [html.index(text) for text in ("E2-111", "E2-601", ">1 形式<", "前からの注意")]
    assert order == sorted(order)


def test_an_entry_is_a_block_to_copy(repository: Path) -> None:
    html = check_page.check_page(STEPS, repository)
    assert f"<pre>{ENTRY}</pre>" in html


def test_the_page_links_to_nothing_but_itself(repository: Path) -> None:
    html = check_page.check_page(STEPS, repository)
    assert set(re.findall(r'href="([^"]*)"', html)) == {"data:,", "#main"}


def test_nothing_to_mend_is_said(repository: Path) -> None:
    html = check_page.check_page([Step("形式", "24の表。")], repository)
    assert "直すところはありません。" in html
    assert "直すところ0件" in html
