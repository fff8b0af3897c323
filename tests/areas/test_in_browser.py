"""The overview in a real browser: sortable by mouse and keyboard, complete without scripts, accessible."""

from __future__ import annotations

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
