"""Names what is different in a changed product: which number, text, drawing, CSV, fact, crate entry.

In: the project folder, the manifest, the edition's files, the path of a product whose hash is not the
recorded one. Out: findings. A number on a page is held against ``facts.json``, and the other way round.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from minato_analysis.audit.reach import Edition
from minato_analysis.numbers.facts import display_en
from minato_analysis.project import program
from minato_analysis.published import crate, page, parts
from minato_analysis.published.manifest import Manifest
from minato_analysis.published.verdict import Finding

MOST = 5
"""How many parts of one file are named."""


def changed_parts(root: Path, record: Manifest, path: str) -> list[str]:
    """Return the parts of a file that are not as the manifest has them; none where it cannot be read."""
    try:
        now = parts.of_file(path, program.at(root, path).read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError):
        return []
    return parts.changed(record.parts.get(path, {}), now)


def facts(root: Path, record: Manifest, edition: Edition, path: str) -> list[Finding]:
    """Name the facts; a page still prints what the file said before."""
    printed = {
        one.id: (one.display, one.value)
        for html in edition.pages.values()
        if page.language(html) == "ja"
        for one in page.facts(html)
    }
    found = []
    for id in changed_parts(root, record, path):
        fact = edition.facts.get(id)
        display, value = printed.get(id, ("", ""))
        if fact is None:
            told = ("", "", "記録された数値が、数値の一覧から消えています。")
        elif id in printed and display != fact.display:
            told = (display, fact.display, "数値の一覧の表示が、ページの表示と違います。")
        elif id in printed and value != repr(fact.value):
            told = (value, repr(fact.value), "数値の一覧の値が、ページの値と違います。")
        else:
            told = (
                "",
                "",
                "数値の一覧の項目（値、表示、計算式、元のセルのどれか）が記録と違います。",
            )
        finding = Finding("E5-FACT", "facts", f"{path} {id}", told[2], level="L1", facts=(id,))
        found.append(replace(finding, published=told[0], recomputed=told[1]))
    return found


def crate_entries(root: Path, record: Manifest, edition: Edition, path: str) -> list[Finding]:
    try:
        recorded = crate.recorded((root / path).read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError):
        return [Finding("E5-CRATE", "crate", path, "RO-Crate として読めません。")]
    wrong = [
        name
        for name, sha in record.files.items()
        if name != path and recorded.get(name, sha) != sha
    ]
    if wrong:
        return [
            Finding(
                "E5-CRATE",
                "crate",
                f"{path} {name}",
                "RO-Crate の項目が manifest.json と違います。",
            )
            for name in wrong[:MOST]
        ]
    return [
        Finding("E5-CRATE", "crate", f"{path} {name}", "RO-Crate の項目が記録と違います。")
        for name in changed_parts(root, record, path)[:MOST]
    ]


_PAGE_PARTS = {
    "text": ("E5-PAGE-TEXT", "L3", "文章が記録と違います。"),
    "folded": ("E5-PAGE-CODE", "L3", "折りたたみ（計算のコード、数値の一覧）が記録と違います。"),
    "style": ("E5-PAGE-STYLE", "L3", "書式（スタイルシート）が記録と違います。"),
    "drawing": ("E5-FIGURE", "L2", "図の線や点の位置が記録と違います。"),
    "description": ("E5-FIGURE-TEXT", "L3", "図の題または説明文（読み上げ用）が記録と違います。"),
    "csv": ("E5-CSV", "L2", "ページに埋め込まれたCSVが記録と違います。"),
}


def pages(root: Path, record: Manifest, edition: Edition, path: str) -> list[Finding]:
    name = path.rsplit("/", 1)[-1]
    html = edition.pages[name]
    found = numbers(path, html, edition)
    for part in changed_parts(root, record, path):
        kind, _, which = part.partition(" ")
        if kind == "numbers" and not found:
            found.append(
                Finding("E5-PAGE-NUMBER", "page", path, "数値の並びが記録と違います。", level="L1")
            )
        elif kind in _PAGE_PARTS:
            code, level, message = _PAGE_PARTS[kind]
            place = f"{path} {'「' + which + '」' if which else ''}".strip()
            found.append(Finding(code, "page", place, message, level=level))
    return found


def numbers(path: str, html: str, edition: Edition, lang: str = "") -> list[Finding]:
    """Return the numbers of a page that are not what ``facts.json`` says.

    Of a part of a page, which does not say its language, `lang` is that of the page.
    """
    found = []
    english = (lang or page.language(html)) == "en"
    for one in page.facts(html):
        fact = edition.facts.get(one.id)
        if fact is None:
            told = (one.display, "", "ページの数値が、数値の一覧にありません。")
        elif one.display != (shown := display_en(fact) if english else fact.display):
            told = (one.display, shown, "ページの数値が、数値の一覧と違います。")
        elif one.value != repr(fact.value):
            told = (one.value, repr(fact.value), "ページの数値の値が、数値の一覧と違います。")
        else:
            continue
        finding = Finding("E5-PAGE-NUMBER", "page", f"{path} {one.id}", told[2], level="L1")
        found.append(replace(finding, published=told[0], recomputed=told[1], facts=(one.id,)))
    return found
