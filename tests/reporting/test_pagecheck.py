from __future__ import annotations

import pytest

from minato_analysis.reporting.exporter import to_html
from minato_analysis.reporting.pagecheck import facts_on, problems

from .world import NAMES, PAGE, facts, full

GOOD = to_html(full(), PAGE, facts(), NAMES)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('lang="ja"', 'lang="en"', 'lang is "en"'),
        ('lang="ja"', "", 'lang is ""'),
        ("</h1>", "</h1><h1>b</h1>", "2 <h1>"),
        ("<main", "<div", "0 <main>"),
        ("</h2>", "</h2><h4>b</h4>", 'h4 "b" follows h2'),
        ("<title>", "<title></title><i>", "no <title>"),
        ('<title id="share-title">', "<g>", "svg 1 has no <title>"),
        ('<desc id="share-desc">', "<g>", "svg 1 has no <desc>"),
        ("<caption>", "<i>", "table 1 has no <caption>"),
        ('<th scope="row">', "<th>", "a <th> of table 1 has no scope"),
        ("</main>", '<img src="data:,"></main>', "img 1 has no alt"),
        ("</main>", '<img alt="" src="a.png"></main>', "<img> loads src=a.png"),
        ("</main>", '<script src="a.js"></script></main>', "<script> loads src=a.js"),
        ("</main>", '<link href="a.css"></main>', "<link> loads href=a.css"),
        ("</main>", '<svg><use href="http://x/#a"/></svg></main>', "<use> loads href=http://x/#a"),
        ("</main>", '<p style="background:url(http://x)"></main>', "a style loads http://x"),
        ("</style>", "@import 'a.css';</style>", "with @import"),
        ("</style>", "@font-face{src:url(a.woff)}</style>", "a style loads a.woff"),
        ("</main>", '<p onclick="x()"></main>', "event handler onclick"),
        ("</main>", '<a href="javascript:x()">a</a></main>', "runs a script"),
        ("</main>", '<div role="region"></div></main>', "a region <div> has no label"),
        ("</main>", '<p id="share"></main>', 'id "share" is given 2 times'),
        ("</main>", '<a href="#gone">a</a></main>', 'nothing has the id "gone"'),
        ("</main>", "{{ fact }}</main>", "an unresolved reference"),
        ("</main>", "/home/someone/a.csv</main>", "a path of the machine"),
        ("</main>", "C:\\Users\\a</main>", "a path of the machine"),
        ("</main>", "file:///a</main>", "a path of the machine"),
        ("</main>", "&lt;Axes at 0x7f3a5c2d&gt;</main>", "an address of an object"),
        ("</main>", "7f9c2ba4-e88f-427d-a7b3-2c9d3f6f1e5a</main>", "a random id"),
    ],
)
def test_each_problem_is_found(old: str, new: str, problem: str) -> None:
    assert problems(GOOD) == []
    found = problems(GOOD.replace(old, new, 1))
    assert any(problem in one for one in found), found


def test_folded_code_may_write_references_but_holds_no_path() -> None:
    code = '<details class="code"><summary>a</summary><pre>{}</pre></details>'
    for written, found in (("{{ fact(1) }}", 0), ("/home/someone/a.csv", 1)):
        page = GOOD.replace("</main>", code.replace("{}", written) + "</main>")
        assert len(problems(page)) == found


def test_links_of_the_reader_are_no_requests() -> None:
    link = '<a href="https://example.org/home/x">a</a><a href="other.html#x">b</a>'
    assert problems(GOOD.replace("</main>", f"{link}</main>")) == []


def test_size_is_limited_by_kind() -> None:
    long = GOOD.replace("</main>", f"<p>{'あ' * 140_000}</p></main>")
    assert problems(long, "technical") == []
    assert any("limit is 400,000" in one for one in problems(long, "lay"))
    longer = GOOD.replace("</main>", f"<p>{'あ' * 500_000}</p></main>")
    assert any("limit is 1,500,000" in one for one in problems(longer))


def test_facts_on_a_page_are_listed_once() -> None:
    assert facts_on(GOOD) == ("town.share.2022", "town.reoffenders.2022")
