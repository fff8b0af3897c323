"""From an executed notebook file, its edition and the facts to a finished, checked page.

``notebooks/pages.yaml`` says which pages an edition has: kind, door, label and note of each,
and its language where that is not Japanese.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat

from minato_analysis import data
from minato_analysis.claims import checks
from minato_analysis.data import needs, study
from minato_analysis.numbers import facts
from minato_analysis.project import earlier, program, projections, publisher, yamls
from minato_analysis.project.earlier import ARCHIVE, CORRECTED
from minato_analysis.project.editions import Edition, load
from minato_analysis.project.prose_cells import as_markdown, prose
from minato_analysis.published import printed
from minato_analysis.reporting import changes, linked_data
from minato_analysis.reporting.addresses import AUDIT, addressed
from minato_analysis.reporting.asking import asking
from minato_analysis.reporting.disclosure import small_facts, small_numbers
from minato_analysis.reporting.errors import ReportError
from minato_analysis.reporting.executed import kept
from minato_analysis.reporting.exporter import beside_page, index_page, reading, to_html
from minato_analysis.reporting.lay import lay
from minato_analysis.reporting.page import Doors, Link, Page
from minato_analysis.reporting.pagecheck import problems
from minato_analysis.reporting.prose import resolve
from minato_analysis.reporting.templating import TEMPLATES as _FOLDER
from minato_analysis.reporting.words import BESIDES, WORDS, date_en, date_ja

PAGES = "notebooks/pages.yaml"
ENTRANCE = "入口"
TEMPLATES = sorted(file for file in _FOLDER.rglob("*") if file.is_file())


def notebook_page(executed: Path, edition: Edition, all_facts: Path, root: Path) -> str:
    """Render one executed notebook; see :func:`page_and_notebook`."""
    return page_and_notebook(executed, edition, all_facts, root)[0]


def page_and_notebook(
    executed: Path, edition: Edition, all_facts: Path, root: Path
) -> tuple[str, str]:
    """Return the page of an executed notebook, and the notebook as the edition keeps it.

    Parameters
    ----------
    executed : Path
    edition : Edition
    all_facts : Path
        ``facts.json`` of the edition.
    root : Path
        The project folder.

    Raises
    ------
    ReportError, FactError
        A loose digit, an unknown fact, an output a page must not show, or a finished page that
        breaks one of the rules of :mod:`minato_analysis.reporting.pagecheck` or of
        :mod:`minato_analysis.reporting.disclosure`; see also :func:`.executed.kept`.
    """
    notebook = shown = nbformat.read(executed, as_version=4)
    if needs.is_left_out(notebook):
        words = [cell for cell in notebook.cells if prose(cell) is not None]
        shown = nbformat.from_dict({**notebook, "cells": words})
    page = edition_page(executed.stem, edition, root)
    book = facts.loads(all_facts.read_text(encoding="utf-8"))
    recorded = [fact for fact in book if fact.notebook == page.name]
    names = study.names(root, edition) | asking(root, edition.parameters(), page.lang)
    known = lay(book) if page.kind == "lay" else book
    origin = WORDS[page.lang]["table_origin"]
    html = addressed(to_html(shown, page, known, names), page.name, known, origin)
    closed = data.closed_sources(data.descriptor(root))
    html = checked(html, page, recorded, closed)
    source = reading(as_markdown(notebook), page, known, names)
    return html, "" if page.name == AUDIT else kept(notebook, source, closed=bool(closed))


def pages_beside(edition: Edition, all_facts: Path, root: Path) -> list[str]:
    """Render the pages that are no notebook, in the order of :data:`~.words.BESIDES`."""
    tables = edition_page("printed_tables", edition, root)
    tests = edition_page("accessibility", edition, root)
    return [
        front_page(edition, all_facts, root),
        checked(beside_page("printed.html.j2", tables, tables=printed.shown(root)), tables),
        checked(beside_page("accessibility.html.j2", tests), tests),
    ]


def front_page(edition: Edition, all_facts: Path, root: Path) -> str:
    """Render ``index.html``: the pages of the edition behind their doors, and what changed.

    Parameters
    ----------
    edition : Edition
    all_facts : Path
        ``facts.json`` of the edition.
    root : Path
        The project folder.
    """
    doors: dict[str, list[Link]] = {"meeting": [], "analysis": [], "checking": []}
    names = study.names(root, edition) | asking(root, edition.parameters())
    for name, about in listed(root).items():
        note = resolve(about["note"], facts.FactBook(""), names, text=True, place=PAGES)
        doors[about["door"]].append(Link(f"{name}.html", about["label"], note))
    note = "すべての表（表計算ソフト用、CSV）、図、数値を一つのZIPファイルで"
    doors["meeting"].append(Link("take-away.zip", "まとめて受け取る", note))
    note = "数値のもとになった表を、印刷されたとおりに。セルごとにリンクできます"
    doors["checking"].append(Link("printed_tables.html", BESIDES["printed_tables"], note))
    note = "文章、計算のコード、結果を一つに。リポジトリの画面や JupyterLab で読めます"
    doors["checking"].append(Link(f"{AUDIT}.html#origins", "実行ずみのノートブック", note))
    note = "すべての掲載値と、計算式、元の表のセル"
    doors["checking"].append(Link("facts.json", "数値の一覧（JSON）", note))
    note = "後の版で、当たったかどうかを確かめるための、年ごとの分布"
    doors["checking"].append(Link(ARCHIVE, "見込みの記録（JSON）", note))
    if edition.corrections:
        note = "採点には使いません。採点するのは、初めに公表したままの上の記録です"
        doors["checking"].append(Link(CORRECTED, "訂正後の見込みの記録（JSON）", note))
    page = edition_page("index", edition, root)
    changed: tuple[str, ...] = ()
    archives = earlier.archives(root, edition.edition)
    archive = projections.loads(archives[-1].read_text(encoding="utf-8")) if archives else None
    if archive is not None:
        then = load(root, archive.edition)
        note = f"{then.title}からの結論、値、定義の違いと、そのわけ"
        doors["checking"].append(Link(f"diff-from-{then.edition}.html", "前の版との違い", note))
        book = facts.loads(all_facts.read_text(encoding="utf-8"))
        changed = changes.told(archive, book, names)
    ways = Doors(**{name: tuple(links) for name, links in doors.items()})
    return checked(index_page(page, ways, changed), page)


def listed(root: Path) -> dict[str, dict[str, str]]:
    """Return the pages of an edition by name, in order."""
    found: dict[str, dict[str, str]] = yamls.read(program.at(root, PAGES))
    return found


def edition_page(name: str, edition: Edition, root: Path) -> Page:
    """Return the frame of a page: title, header strip, ways to the other pages."""
    known = listed(root)
    if name not in BESIDES and name not in known:
        raise ReportError(
            "E3-PAGE", name, f"{PAGES} にこのページがありません。項目を加えてください。"
        )
    labels = {"index": ENTRANCE} | {one: about["label"] for one, about in known.items()}
    title = BESIDES.get(name) or labels[name]
    kind: Any = known.get(name, {}).get("kind", "lay" if name == "index" else "technical")
    found = [row["holds"] == "True" for row in checks.known(root, edition.as_of)]
    total, broken = len(found), found.count(False)
    result = "すべて成立" if not broken else f"{broken}件は理由を記録した食い違い"
    names, lang = study.names(root, edition), known.get(name, {}).get("lang", "ja")
    page = Page(
        name=name,
        title=title,
        kind=kind,
        edition=edition.title,
        built=edition.built,
        newest_data=names["last_label"] + _newest_document(root, edition),
        object=edition.subject,
        verification=f"表どうしの照合{total}件、{result}",
        nav=tuple((f"{one}.html", label, one == name) for one, label in labels.items()),
        corrections=tuple((date_ja(one.date), one.why) for one in edition.corrections),
        lang=lang,
        subject=WORDS[lang]["subject"].format(
            area=names["area_name"] if lang == "ja" else names["area_name_en"]
        ),
        unit=names["area_unit"],
        signed=publisher.load(root),
    )
    page = _in_english(page, labels[name], edition, total, broken) if lang == "en" else page
    said = names | asking(root, edition.parameters(), lang)
    note = resolve(known.get(name, {}).get("note", ""), facts.FactBook(""), said, text=True)
    page = replace(page, description=_description(page, note))
    descriptor = data.descriptor(root) if name == "index" else {}
    return replace(page, data=linked_data.of_page(page, edition, names, descriptor))


def _description(page: Page, note: str) -> str:
    stop = "。" if page.lang == "ja" else ". "
    parts = [page.heading, note or page.object, page.unofficial]
    return stop.join(part.rstrip("。. ") for part in parts if part) + stop.strip()


def _in_english(page: Page, label: str, edition: Edition, total: int, broken: int) -> Page:
    title = f"Edition {edition.edition}"
    result = "all hold" if not broken else f"{broken} differ for a recorded reason"
    return replace(
        page,
        title=label,
        edition=title,
        built=date_en(edition.built),
        corrections=tuple((date_en(date), why) for date, why in page.corrections),
        newest_data=str(edition.last_year),
        object=edition.subject_en or edition.subject,
        verification=f"{total} checks between tables, {result}",
    )


def _newest_document(root: Path, edition: Edition) -> str:
    """Return the later document the newest values come from, in brackets; nothing where it is the first."""
    file = root / data.OBSERVATIONS
    if not file.is_file():
        return ""
    with file.open(encoding="utf-8", newline="") as stream:
        found = {
            row["as_of"]: row["source_id"]
            for row in csv.DictReader(stream)
            if row["series_id"] == edition.source_id
            and row["year"] == str(edition.last_year)
            and row["table"] == needs.INDICATOR
            and row["as_of"] <= edition.as_of
        }
    newest = found[max(found)] if found else edition.source_id
    about = data.descriptor(root)["source_documents"].get(newest, {})
    return (
        ""
        if newest == edition.source_id or not about
        else f"（{about.get('short', about['title'])}）"
    )


def checked(
    html: str, page: Page, recorded: Iterable[facts.Fact] = (), closed: Iterable[str] = ()
) -> str:
    """Return a finished page as it is, or refuse it.

    Parameters
    ----------
    html : str
    page : Page
    recorded : iterable of Fact
        What its notebook recorded; published in ``facts.json`` whether the page shows it or not.
    closed : iterable of str
        Ids of sources that are not public: with any, every page is held to the rule of small numbers.

    Raises
    ------
    ReportError
        ``E3-PAGE``, ``E3-SMALL-NUMBER``: all problems at once.
    """
    found = problems(html, page.kind, page.lang)
    if found:
        raise ReportError("E3-PAGE", page.name, "\n".join(found))
    sources = sorted(closed)
    small = small_numbers(html, page.kind) if sources or page.kind == "lay" else []
    small += small_facts(recorded, sources)
    if small:
        why = f"（非公表の資料: {'、'.join(sources)}）" if sources else ""
        raise ReportError(
            "E3-SMALL-NUMBER",
            page.name,
            f"個人が推測され得る小さな数（10人未満、又は100%）が{len(small)}か所にあります{why}。"
            "年や署をまとめた値を示すか、「10人未満」「x」と表示してください。\n"
            + "\n".join(small),
        )
    return html
