"""The page of a difference in a real browser: accessible, self-contained, readable on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from minato_analysis.difference import page
from minato_analysis.difference.compare import Options
from tests.difference import world
from tests.difference.test_told import shares
from tests.pages.test_in_browser import OPEN_ALL, TAGS, WIDTHS


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with something in every block."""
    root = world.town(tmp_path_factory.mktemp("browser") / "town")
    row = {"id": "C001", "verdict": "一致", "computed": "100人。"}
    before = {"{area}.gap": (1.0, "points", 1), "{area}.share.2022": (95.0, "percent", 1)}
    world.publish(root, "2024", "2024-01-05", numbers=before, statements=[row])
    world.deliver(root, "later", "2025-01-20", {2021: (60, 42), 2023: (57, 93)})
    after = {"{area}.gap": (-1.0, "points", 1), "target.share": (70.0, "percent", 1)}
    world.publish(
        root,
        "2025",
        "2025-02-01",
        last=2023,
        numbers=after,
        statements=[{**row, "verdict": "不一致"}],
        parameters={"confidence": 0.9},
    )
    found = world.compared(root, "2024", "2025", Options(run=shares))
    return root / page.write(found, root)


@pytest.fixture
def tab(written: Path, browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """The page, and what it asked for while it loaded."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: asked.append(message.text))
    opened.goto(written.as_uri())
    opened.wait_for_load_state("networkidle")
    yield opened, asked
    context.close()


@pytest.mark.parametrize("width", [1280, 320])
def test_the_page_is_accessible_and_reflows(
    tab: tuple[Page, list[str]], written: Path, width: int
) -> None:
    opened, asked = tab
    assert [url for url in asked if not url.startswith("data:")] == [written.as_uri()]
    opened.set_viewport_size({"width": width, "height": 900})
    opened.evaluate(OPEN_ALL)
    needed, there = opened.evaluate(WIDTHS)
    assert needed <= there
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    found = Axe().run(opened, options=options).response["violations"]
    assert not found, [(one["id"], one["nodes"][0]["html"][:200]) for one in found]
    assert opened.locator("section").count() == 8
