"""The overview in a real browser: sortable by mouse and keyboard, complete without scripts, accessible."""

from __future__ import annotations

from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from tests.areas.conftest import Finished

CELLS = "n => [...document.querySelectorAll('.sortable tbody tr')].map(r => r.cells[n].textContent)"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def page(finished: Finished, browser: Browser) -> Page:
    tab = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    tab.goto((finished.pages / "index.html").as_uri())
    return tab


def numbers(texts: list[str]) -> list[float]:
    return [float(one.replace(",", "").removesuffix("%")) for one in texts if one not in "x-"]


def test_a_column_is_sorted_by_its_numbers_one_way_and_the_other(page: Page) -> None:
    button = page.get_by_role("button", name="検挙人員（人）")
    button.click()
    first = page.evaluate(CELLS, 2)
    assert numbers(first) == sorted(numbers(first), reverse=True)
    assert "x" in first
    assert set(first[len(numbers(first)) :]) == {"x"}
    head = page.locator(".sortable th[aria-sort]")
    assert head.count() == 1
    assert head.get_attribute("aria-sort") == "descending"
    assert page.locator("[role=status]").inner_text() == "検挙人員（人）の大きい順に並べました。"
    button.click()
    second = page.evaluate(CELLS, 2)
    assert numbers(second) == sorted(numbers(second))
    assert second[-1] == "x"
    assert head.get_attribute("aria-sort") == "ascending"


def test_the_keyboard_sorts_too_and_the_focus_stays(page: Page) -> None:
    page.get_by_role("button", name="再犯者の割合", exact=True).focus()
    page.keyboard.press("Enter")
    shares = numbers(page.evaluate(CELLS, 3))
    assert shares == sorted(shares, reverse=True)
    page.keyboard.press("Space")
    shares = numbers(page.evaluate(CELLS, 3))
    assert shares == sorted(shares)
    assert page.evaluate("document.activeElement.textContent") == "再犯者の割合"


def test_words_are_sorted_and_rows_stay_whole(page: Page) -> None:
    rows = "[...document.querySelectorAll('.sortable tbody tr')].map(r => r.textContent).sort()"
    before = page.evaluate(rows)
    page.get_by_role("button", name="地域", exact=True).click()
    names = page.evaluate(CELLS, 0)
    assert [int(name[3:-1]) for name in names] != list(range(1, len(names) + 1))
    assert page.evaluate(rows) == before


def test_without_scripts_it_is_an_ordinary_table(finished: Finished, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto((finished.pages / "index.html").as_uri())
    assert page.locator(".sortable [role=button], .tools").count() == 0
    assert page.locator(".sortable tbody tr").count() > 5
    assert page.locator(".sortable thead th").first.inner_text() == "地域"


@pytest.mark.parametrize("name", ["index", "90001"])
def test_nothing_keeps_a_reader_out(finished: Finished, browser: Browser, name: str) -> None:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto((finished.pages / f"{name}.html").as_uri())
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    assert found.response["violations"] == [], found.generate_report()
    page.set_viewport_size({"width": 320, "height": 900})
    scroll, width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert scroll <= width
    assert said == []


def test_an_area_is_printed_on_two_sheets(finished: Finished, browser: Browser) -> None:
    page = browser.new_context().new_page()
    for file in finished.pages.glob("9????.html"):
        page.goto(file.as_uri())
        sheets = page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")
        assert sheets == (2 if "projection" in file.read_text(encoding="utf-8") else 1), file.name


def shown(page: Page) -> list[str]:
    return [one for one in page.locator(".sortable tbody th").all_inner_texts() if one]


def visible(page: Page) -> int:
    return page.locator(".sortable tbody tr:not(.later)").count()


def test_a_name_or_a_code_is_found_and_all_rows_come_back(page: Page) -> None:
    every = page.locator(".sortable tbody tr").count()
    assert visible(page) == every
    search = page.get_by_label("地域の名前かコード")
    name = page.locator(".sortable tbody th").nth(3).inner_text()
    search.fill(name)
    assert name in shown(page)
    assert 0 < visible(page) < every
    assert page.locator("[role=status]").inner_text() == f"{visible(page)}地域を示しています。"
    search.fill(page.evaluate(CELLS, 1)[0])
    assert visible(page) == 1
    search.fill("ない名前")
    assert visible(page) == 0
    search.fill("")
    assert visible(page) == every


def test_many_rows_come_in_parts_and_paper_has_them_all(page: Page) -> None:
    every = page.locator(".sortable tbody tr").count()
    page.evaluate(
        """() => { const body = document.querySelector(".sortable tbody");
        const rows = [...body.rows];
        while (body.rows.length < 250) body.append(...rows.map((one) => one.cloneNode(true))); }"""
    )
    page.get_by_label("地域の名前かコード").fill("架空")
    assert visible(page) == 100
    more = page.get_by_role("button", name="地域をすべて表示")
    assert more.is_visible()
    page.emulate_media(media="print")
    rows = page.locator(".sortable tbody tr")
    assert all(one.is_visible() for one in (rows.nth(0), rows.nth(150), rows.last))
    assert not more.is_visible()
    page.emulate_media(media="screen")
    more.click()
    assert visible(page) == rows.count() >= 250 > every
    assert not more.is_visible()


def test_the_head_stays_in_sight_and_is_printed_as_text(page: Page) -> None:
    head = page.locator(".sortable thead th").first
    assert head.evaluate("one => getComputedStyle(one).position") == "sticky"
    assert page.locator(".sortable thead button").count() == 0
    assert page.locator('.sortable thead [role="button"]').count() > 5
    page.emulate_media(media="print")
    thead = page.locator(".sortable thead")
    assert thead.evaluate("one => getComputedStyle(one).display") == "table-header-group"
    assert head.evaluate("one => getComputedStyle(one).position") == "static"


def test_two_areas_stand_side_by_side_and_are_marked_in_the_drawing(page: Page) -> None:
    row = page.locator(".sortable tbody tr[data-mark]").first
    name, code = row.locator("th").inner_text(), row.locator("td").first.inner_text()
    cells = row.locator("td").all_inner_texts()
    page.get_by_label("あなたの地域").focus()
    page.keyboard.type(code)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.labels[0].textContent.trim()") == "並べる地域"
    assert page.locator("[role=status]").inner_text() == f"{name}を示しています。"
    mark = page.locator("svg[aria-labelledby^=funnel] circle")
    assert mark.count() == 1
    assert page.locator("svg[aria-labelledby^=funnel] text", has_text=name).count() >= 1
    page.keyboard.type("架空第2市")
    page.keyboard.press("Tab")
    small = page.locator(".pair table")
    assert small.locator("thead th").all_inner_texts() == ["項目", name, "架空第2市"]
    shown = small.locator("tbody td:nth-child(2)").all_inner_texts()
    assert shown[: len(cells)] == cells
    assert shown[len(cells) :] == row.get_attribute("data-values").split(" ")
    page.get_by_label("並べる地域").fill("ない地域")
    page.get_by_label("あなたの地域").fill("")
    page.keyboard.press("Tab")
    assert page.locator(".pair table").count() == mark.count() == 0


def test_the_marks_are_those_of_their_areas(page: Page) -> None:
    """The larger the share, the higher the mark; the more persons, the further right."""
    found = page.evaluate(
        """() => { const marks = document.querySelectorAll(
             'svg[aria-labelledby^=funnel] use[stroke="#ffffff"]');
           return [...document.querySelectorAll(".sortable tbody tr[data-mark]")].map((row) => {
             const one = marks[Number(row.dataset.mark.slice(1))];
             return [row.cells[2], row.cells[3]].map((cell) => parseFloat(
               cell.textContent.replace(/,/g, ""))).concat(
               ["x", "y"].map((name) => Number(one.getAttribute(name)))); }); }"""
    )
    assert len(found) > 5
    for at, direction in ((0, 1), (1, -1)):
        places = [one[at + 2] * direction for one in sorted(found, key=lambda one: one[at])]
        assert all(one <= other + 0.5 for one, other in pairwise(places))


def test_the_link_of_an_area_page_leads_to_its_area(finished: Finished, browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto((finished.pages / "90001.html").as_uri())
    page.get_by_role("link", name="すべての地域の一覧と図").click()
    assert page.get_by_label("あなたの地域").input_value().endswith("（90001）")
    assert page.locator(".pair table").is_visible()
