"""The pages of counts: true to the data, within the rules, with a reason where there is no value."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from tests.areas import world
from tests.areas.cases.conftest import KEPT
from tests.areas.conftest import Finished
from tests.areas.test_in_browser import TAGS

from minato_analysis.areas import command, table
from minato_analysis.areas.inputs import input_of
from minato_analysis.areas.kinds import KINDS
from minato_analysis.reporting.pagecheck import problems


def text_of(page: Path) -> str:
    return re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8"))


def test_there_is_a_page_for_each_area_and_nothing_is_noted_as_withheld(counted: Finished) -> None:
    besides = {"index.html", "areas.csv", "facts.json", "manifest.json"}
    assert set(world.contents(counted.pages)) == {f"{code}.html" for code in KEPT} | besides
    for file in counted.pages.glob("*.html"):
        kind = "technical" if file.stem == "index" else "lay"
        assert not problems(file.read_text(encoding="utf-8"), kind), file.name


def test_a_page_says_the_counts_and_the_change_or_why_there_is_none(counted: Finished) -> None:
    areas = table.read(counted.table)
    for code, row in zip(areas.codes, areas.cases, strict=True):
        text = text_of(counted.pages / f"{code}.html")
        record = KINDS["cases"].area.model_validate_json(
            (counted.root / input_of("tokyo-recognised", code)).read_text("utf-8")
        )
        if record.area.change:
            assert f"{row[0]:,.0f}件" in text
            assert f"指数は{100 * row[-1] / row[0]:.1f}です" in text
        else:
            assert "指数と増減は示していません" in text
    assert "資料に値がありません" in text_of(counted.pages / "13362.html")
    assert "件に満たず" in text_of(counted.pages / "13381.html")


def test_a_year_without_a_count_is_not_taken_for_zero_in_the_sums(counted: Finished) -> None:
    ends = table.read(counted.table).cases[:, [0, -1]]
    known = ends[~np.isnan(ends).any(axis=1)]
    assert 0 < len(known) < len(ends)
    first, last = known.sum(axis=0)
    text = text_of(counted.pages / "index.html")
    assert f"{len(ends)}地域のうち、両方の年に件数のある{len(known)}地域の計は、" in text
    assert f"{first:,.0f}件、" in text
    assert f"{last:,.0f}件でした" in text


def test_all_area_pages_have_one_axis(counted: Finished, finished: Finished) -> None:
    for pages, figures in ((counted.pages, ("counts",)), (finished.pages, ("projection",))):
        for figure in figures:
            ticks = set()
            for file in pages.glob("[19]*.html"):
                page = file.read_text(encoding="utf-8")
                drawn = page.partition(f'id="{figure}-title"')[2].partition("</svg>")[0]
                lower = drawn.partition(">指数<")[2] if figure == "counts" else drawn
                found = tuple(re.findall(r'text-anchor="end"[^>]*>([0-9]+%?)<', lower))
                ticks |= {found} if found else set()
            assert len(ticks) == 1, ticks


def test_the_table_of_all_areas_is_the_data(counted: Finished) -> None:
    lines = list(csv.reader(io.StringIO((counted.pages / "areas.csv").read_text("utf-8-sig"))))
    areas = table.read(counted.table)
    assert [line[1] for line in lines[1:]] == list(areas.codes)
    known = {line[1]: line for line in lines[1:]}
    assert known["13362"][2:5] == ["…", "…", "-"]
    assert [int(one.replace(",", "")) for one in known["13103"][2:4]] == [
        areas.cases[2][0],
        areas.cases[2][-1],
    ]
    facts = json.loads((counted.pages / "facts.json").read_text(encoding="utf-8"))
    assert all(one["observations"][0].startswith("tokyo-recognised.csv/areas!") for one in facts)


def test_ordinary_kernels_give_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = "area_code,area_name,recognised_cases 2020,recognised_cases 2021"
    file = world.table(tmp_path, "99201,架空市,210,190", "99202,架空第二市,…,3", header=head)
    made = []
    for engine in ("plain", "warm"):
        monkeypatch.setenv("MINATO_ENGINE", engine)
        made.append(world.contents(command.report(world.project(tmp_path / engine), file).parent))
    assert made[0] == made[1]


@pytest.mark.parametrize("name", ["index", "index.html#area-13103", "13103", "13362"])
def test_nothing_keeps_a_reader_out(counted: Finished, browser: Browser, name: str) -> None:
    file, _, place = name.partition(".html#")
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{(counted.pages / f'{file}.html').as_uri()}{place and '#' + place}")
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    assert found.response["violations"] == [], found.generate_report()
    page.set_viewport_size({"width": 360, "height": 800})
    scroll, width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert scroll <= width


def test_an_area_is_printed_on_one_sheet(counted: Finished, browser: Browser) -> None:
    page = browser.new_context().new_page()
    for code in KEPT:
        page.goto((counted.pages / f"{code}.html").as_uri())
        assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1, code
