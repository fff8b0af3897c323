"""The council report as it is read: six sheets of paper with nothing cut, and two levers on a screen."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from minato_analysis.analyses.council_outlook import GROWTH, REOFFENDERS
from minato_analysis.data.study import Study
from minato_analysis.numbers.levers import RESULT
from minato_analysis.statistics.target import scenario_grid, yearly_change
from tests.pages.conftest import pages

SHEETS = 6
A4 = (595, 842)
SHEET_PX = 680
"""Width of the text on A4 with margins of 15 mm, in CSS pixels."""

POINT = 96 / 72
STROKE = 5
"""Tenths of a percent a lever moves with an arrow key."""

CERTAINTIES = {"表から確実", "可能性が高い", "この人数では判断できない"}


@pytest.fixture(scope="module")
def report() -> Path:
    """The published report."""
    return next(file for file in pages() if file.stem == "council_report")


@pytest.fixture(scope="module")
def screen(browser: Browser, report: Path) -> Iterator[Page]:
    """The report on a screen."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(report.as_uri())
    yield page
    context.close()


@pytest.fixture(scope="module")
def laid_out(browser: Browser, report: Path) -> Iterator[Page]:
    """The report laid out for paper, one sheet wide."""
    context = browser.new_context(viewport={"width": SHEET_PX, "height": 1000})
    page = context.new_page()
    page.emulate_media(media="print")
    page.goto(report.as_uri())
    yield page
    context.close()


@pytest.fixture(scope="module")
def paper(browser: Browser, report: Path) -> PdfReader:
    """The report as the browser prints it."""
    page = browser.new_page()
    page.goto(report.as_uri())
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    return PdfReader(io.BytesIO(printed))


LOOK_ALIKE = str.maketrans("⻑⻄⺠⻘⻩⻲⻯⻭⻫⻨∕〜∼‧‒", "長西民青黄亀竜歯斉麦/~~・–")
"""Radicals and signs a PDF may name instead of the characters that look the same."""


def bare(text: str) -> str:
    """Without spaces and signs of the style sheet, and with the usual form of each character."""
    return re.sub(r"[\s●◐○]", "", unicodedata.normalize("NFKC", text).translate(LOOK_ALIKE))


def test_it_prints_on_six_sheets_of_a4(paper: PdfReader) -> None:
    sizes = [(round(one.mediabox.width), round(one.mediabox.height)) for one in paper.pages]
    assert sizes == [A4] * SHEETS


def test_each_section_has_its_own_sheet(paper: PdfReader, laid_out: Page) -> None:
    running = re.search(r'@bottom-left \{ content: "(.+?)"', laid_out.content())
    assert running
    headings = [bare(text) for text in laid_out.locator("main > h2").all_inner_texts()]
    sheets = [bare(one.extract_text()) for one in paper.pages]
    assert len(headings) == SHEETS
    for number, (heading, sheet) in enumerate(zip(headings[1:], sheets[1:], strict=True), start=2):
        own = sheet.removeprefix(f"{number}/{SHEETS}").removeprefix(bare(running[1]))
        assert own.startswith(heading)
        assert bare(running[1]) in sheet
    assert headings[0] in sheets[0]


def test_nothing_is_cut(paper: PdfReader, laid_out: Page) -> None:
    """Every piece of text on the laid-out page stands on one of the sheets, drawings included."""
    printed = bare("".join(one.extract_text() for one in paper.pages))
    texts = laid_out.evaluate(
        "Array.from(document.querySelectorAll('main :is(h1,h2,h3,li,dt,dd,td,th,caption,text,"
        "figcaption span), main > p')).filter(one => one.checkVisibility())"
        ".map(one => { const copy = one.cloneNode(true);"
        " copy.querySelectorAll('.on-screen').forEach(part => part.remove()); return copy.textContent })"
    )
    assert len(texts) > 300
    # A list item with a headline is set in two lines; its parts are compared one by one.
    missing = [
        part
        for text in texts
        for part in re.split(r"[\s　]+", text)
        if part and bare(part) not in printed
    ]
    assert missing == []


def test_a_figure_is_on_one_sheet(paper: PdfReader, laid_out: Page) -> None:
    sheets = [bare(one.extract_text()) for one in paper.pages]
    for figure in laid_out.locator("figure").all():
        title = bare(figure.locator(".figure-title").inner_text())
        notes = figure.locator(".notes li").all_inner_texts()
        note = bare(notes[-1]) if notes else ""
        assert any(title in sheet and note in sheet for sheet in sheets), title


def test_nothing_is_wider_than_the_sheet(laid_out: Page) -> None:
    wide = laid_out.evaluate(
        "(() => { const edge = document.querySelector('main').getBoundingClientRect().right + 1;"
        " return Array.from(document.querySelectorAll('main *, header *, footer *'))"
        " .filter(one => one.checkVisibility() && one.getBoundingClientRect().right > edge)"
        " .map(one => one.outerHTML.slice(0, 120)) })()"
    )
    assert wide == []


def test_print_is_large_enough(laid_out: Page) -> None:
    sizes = laid_out.evaluate(
        "(() => { const px = one => parseFloat(getComputedStyle(one).fontSize);"
        " const seen = list => Array.from(document.querySelectorAll(list))"
        " .filter(one => one.checkVisibility());"
        " return { body: seen('main > p, main > ul > li, .messages li').map(px),"
        " tables: seen('main :is(td, th, caption)').map(px),"
        " notes: seen('.notes li, .figure-subtitle').map(px),"
        " drawings: seen('svg text').map(one => parseFloat(one.getAttribute('font-size') || px(one))"
        " * one.ownerSVGElement.getBoundingClientRect().width"
        " / one.ownerSVGElement.viewBox.baseVal.width) } })()"
    )
    for part, least in (("body", 10.5), ("tables", 10.0), ("notes", 10.0), ("drawings", 10.0)):
        assert min(sizes[part]) >= least * POINT - 0.01, part


def test_the_key_messages_are_short_and_say_how_sure_they_are(screen: Page) -> None:
    messages = screen.locator(".messages > li").all()
    assert len(messages) == 3
    for message in messages:
        assert len(message.locator("strong").inner_text()) <= 45
        assert message.locator(".certainty").inner_text() in CERTAINTIES
        assert message.locator("data").count() >= 2


def test_titles_of_figures_are_short(screen: Page) -> None:
    titles = screen.locator(".figure-title").evaluate_all(
        "all => all.map(one => one.textContent.slice(one.querySelector('.number').textContent.length))"
    )
    assert len(titles) >= 8
    assert [title for title in titles if len(title) > 30] == []


def move(page: Page, name: str, rate: int) -> None:
    page.locator(f".levers input[name={name}]").evaluate(
        "(one, value) => { one.value = value;"
        " one.dispatchEvent(new Event('input', { bubbles: true })) }",
        rate,
    )


def test_the_levers_agree_with_python_at_the_nine_scenarios(screen: Page, published: Study) -> None:
    """From the published table to the sentence, on a way of its own: no number from the page."""
    rows = published.select(area_code=published.area.code, table="2-10")
    counts = rows.pivot_table(index="year", columns="measure", values="value")
    first, last = counts.iloc[0], counts.iloc[-1]
    assert len(counts) == len(published.years)
    recent = yearly_change([first["first_time"], last["first_time"]], 1)
    recent = (1 + recent) ** (1 / (len(counts) - 1)) - 1
    target = published.select(measure="target_share", area_code=published.area.code)["value"].iloc[
        0
    ]
    years = published.parameters.target_year - published.parameters.last_year
    cells = screen.locator("#council-scenarios td").all_inner_texts()
    rates = product(REOFFENDERS.values(), (0, round(1000 * recent), GROWTH))
    for (again, new), cell in zip(rates, cells, strict=True):
        grid = scenario_grid(
            int(last["reoffenders"]), int(last["first_time"]), years, round(10 * target),
            [again / 1000], [new / 1000],
        )  # fmt: skip
        move(screen, "reoffenders", again)
        move(screen, "first_time", new)
        share = f"{grid.tenths[0, 0] / 10:.1f}%"
        met = bool(grid.met[0, 0])
        expected = RESULT.format(
            reoffenders=f"{grid.reoffenders[0, 0]:,}人",
            first_time=f"{grid.first_time[0, 0]:,}人",
            share=share,
            target=f"{target:.1f}%",
            met="届きます" if met else "届きません",
        )
        assert screen.locator(".levers [role=status]").first.inner_text() == expected
        persons = grid.reoffenders[0, 0] + grid.first_time[0, 0]
        where = f"（{grid.reoffenders[0, 0]:,}人／{persons:,}人）"
        assert bare(cell) == bare(f"{share}{'届く' if met else '届かない'}{where}")


def test_a_preset_is_a_scenario_of_the_table(screen: Page) -> None:
    cells = [bare(one) for one in screen.locator("#council-scenarios td").all_inner_texts()]
    recent, flat = cells[4], cells[3]
    for preset, cell in ((1, flat), (2, recent)):
        screen.locator(".presets button").nth(preset).click()
        said = screen.locator(".levers [role=status]").first.inner_text()
        share = re.search(r"割合([\d.]+%)", said)
        assert share
        assert cell.startswith(share[1])


def test_the_dots_move_with_the_way_of_looking_and_agree_with_the_figure(screen: Page) -> None:
    figure = screen.locator("#council-chances svg").first.locator("text").all_text_contents()
    counts = [text for text in figure if re.fullmatch(r"20回に\d+回", text)]
    members = screen.locator(".members input").all()
    assert len(members) == len(counts) == 5
    places = []
    for member, count in zip(members, counts, strict=True):
        member.check()
        assert count in screen.locator(".levers .met[role=status]").inner_text()
        dots = screen.locator(".dots circle").all()
        met = [one for one in dots if one.get_attribute("class") == "met"]
        assert f"20回に{len(met)}回" == count
        places.append([one.get_attribute("cx") for one in dots])
    assert len({str(one) for one in places}) > 1


@pytest.mark.parametrize("name", ["reoffenders", "first_time"])
def test_the_levers_work_from_the_keyboard_and_announce_the_result(screen: Page, name: str) -> None:
    move(screen, "reoffenders", 0)
    move(screen, "first_time", 0)
    lever = screen.locator(f".levers input[name={name}]")
    result = screen.locator(".levers [role=status]").first
    before = result.inner_text()
    lever.focus()
    screen.keyboard.press("Home")
    assert lever.input_value() == lever.get_attribute("min")
    for _ in range(3):
        screen.keyboard.press("ArrowRight")
    rate = int(lever.input_value())
    assert rate == int(lever.get_attribute("min") or 0) + 3 * STROKE
    said = f"毎年{-rate / 10:.1f}%減る"
    assert lever.get_attribute("aria-valuetext") == said
    assert (
        screen.locator(".lever")
        .filter(has=screen.locator(f"[name={name}]"))
        .locator(".course")
        .inner_text()
        == said
    )
    assert result.inner_text() != before
    # A live region is announced only while it is in the accessibility tree.
    assert "status" in screen.locator(".levers").aria_snapshot()


def test_the_levers_are_a_few_keys_away(browser: Browser, report: Path) -> None:
    page = browser.new_context().new_page()
    page.goto(report.as_uri())
    for key in ("Tab", "Tab", "Enter", "Tab"):
        page.keyboard.press(key)
    inside = "document.querySelector('.levers').contains(document.activeElement)"
    assert page.evaluate(inside)
    page.context.close()


def test_without_scripts_and_on_paper_the_printed_table_stays(
    browser: Browser, report: Path, laid_out: Page
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report.as_uri())
    for one in (page, laid_out):
        assert not one.locator(".levers").is_visible()
        assert one.locator("#council-scenarios td").count() == 9
        assert one.locator("#council-scenarios td").first.is_visible()
    context.close()


def test_only_the_script_whose_hash_is_allowed_runs(screen: Page) -> None:
    screen.evaluate(
        "(() => { const one = document.createElement('script');"
        " one.textContent = 'window.intruder = true'; document.body.append(one) })()"
    )
    assert screen.evaluate("window.intruder") is None
