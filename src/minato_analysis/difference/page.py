"""The page's form of a difference: ``reports/<B>/diff-from-<A>.html``.

In: a :class:`~.result.Difference`. Out: one self-contained page in the frame of the edition's own pages. It
is about two editions and part of neither, so no manifest lists it: it names both manifests by their hash
instead, and ``minato diff`` makes it again.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from minato_analysis.difference import shown, shown_parts, words
from minato_analysis.difference.result import Difference
from minato_analysis.project.files import write_text
from minato_analysis.published.errors import DifferenceError
from minato_analysis.reporting.page import Page
from minato_analysis.reporting.pages import checked, edition_page
from minato_analysis.reporting.templating import OPTIONS, TEMPLATES
from minato_analysis.reporting.words import WORDS

OWN = Path(__file__).parent / "templates"
TITLE = "前の版との違い"


def write(found: Difference, root: Path) -> str:
    """Write the page into the second edition's folder and return its path.

    Raises
    ------
    DifferenceError
        ``E7-PAGE``: the project has no folder for this edition.
    ReportError
        The page does not pass the checks of every page.
    """
    folder = root / "reports" / found.after.name
    if not folder.is_dir():
        raise DifferenceError(
            f"E7-PAGE reports/{found.after.name}/: フォルダーがないので、ページを置けません。"
            "上の結果は有効です。版のあるプロジェクトで実行するとページもできます。"
        )
    file = folder / words.page_name(found.before.name)
    write_text(file, html(found))
    return file.relative_to(root).as_posix()


def html(found: Difference) -> str:
    """Return the page, checked like every page of an edition."""
    page = _frame(found)
    template = _environment().get_template("difference.html.j2")
    text = template.render(
        page=page,
        words=WORDS[page.lang],
        title=f"{found.before.edition.title}から{found.after.edition.title}への違い",
        summary=words.summary(found),
        blocks=_blocks(found),
        sides=[
            (one.name, one.edition.title, one.edition.as_of, told, one.manifest_sha256)
            for one, told in zip((found.before, found.after), found.sources, strict=True)
        ],
        notes=found.notes,
        all=shown_parts.every_fact(found),
    )
    return checked(text.rstrip("\n") + "\n", page, (), found.closed)


def _frame(found: Difference) -> Page:
    """Return title, header strip and ways to the other pages."""
    own = words.page_name(found.before.name)
    index = edition_page("index", found.after.edition, found.after.root)
    nav = tuple((href, label, False) for href, label, _ in index.nav)
    return replace(
        index,
        name=own.removesuffix(".html"),
        title=TITLE,
        kind="technical",
        nav=(*nav, (own, TITLE, True)),
    )


def _blocks(found: Difference) -> list[dict[str, Any]]:
    made = [
        *shown.blocks(found),
        list(shown_parts.attribution(found)),
        list(shown_parts.queue(found)),
    ]
    return [
        {"title": title, "nothing": nothing, "parts": parts}
        for title, nothing, parts in zip(
            (*words.BLOCKS, words.ATTRIBUTION, "見直すもの"),
            (*words.NOTHING, "再実行していません（--quick）。", "見直すものはありません。"),
            made,
            strict=True,
        )
    ]


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader([OWN, TEMPLATES]), **OPTIONS)  # type: ignore[arg-type]
