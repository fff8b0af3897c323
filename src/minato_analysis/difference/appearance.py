"""Block 5: files whose numbers are the same although their bytes are not.

In: two editions. Out: :class:`Appearance`: such files with the parts that differ, and the names of the
others. A page shows the same numbers when its facts, the digits in its words and its downloads are the same;
title and date of the edition itself are not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from minato_analysis.difference.side import Side
from minato_analysis.published import manifest, notebook, page, parts

_DIGITS = re.compile(r"\d[\d,.]*")
_WORDS = {
    "text frame": "見出しの帯（版の名前、日付）",
    "folded": "計算のコード、数値の一覧",
    "style": "書式（スタイルシート）",
}


@dataclass(frozen=True)
class Looks:
    """One file with the same numbers and other bytes, and what in it differs."""

    file: str
    differs: tuple[str, ...]


@dataclass(frozen=True)
class Appearance:
    """Block 5: files that only look different; those whose numbers differ too; added and dropped ones."""

    looks: tuple[Looks, ...]
    contents: tuple[str, ...]
    added: tuple[str, ...]
    dropped: tuple[str, ...]


def appearance(before: Side, after: Side) -> Appearance:
    """Return what became of every finished file that is not the same, by name."""
    names = [_products(one) for one in (before, after)]
    found, contents = [], []
    for name in sorted(names[0] & names[1]):
        old, new = (_of(one, name) for one in (before, after))
        if old == new:
            continue
        differs = _looks(before, after, name, old, new)
        if differs is None:
            contents.append(name)
        else:
            found.append(Looks(name, differs))
    return Appearance(
        tuple(found),
        tuple(contents),
        tuple(sorted(names[1] - names[0])),
        tuple(sorted(names[0] - names[1])),
    )


def _products(side: Side) -> set[str]:
    """Return the names of the finished files the manifest lists, its own records aside."""
    return set(side.manifest.products) - {manifest.FILE, manifest.CRATE}


def _of(side: Side, name: str) -> str:
    """Return a file's text, what names the edition masked; empty where it is gone."""
    file = side.folder / name
    if not file.is_file():
        return ""
    text = file.read_bytes().decode("utf-8", "surrogateescape")  # a pack is no text
    for own in (side.edition.title, side.edition.built):
        text = text.replace(own, "{}")
    return text


def _looks(before: Side, after: Side, name: str, old: str, new: str) -> tuple[str, ...] | None:
    """Return what differs in a file with the same numbers; none where the numbers differ."""
    if name.endswith(".html"):
        return tuple(_parts(old, new)) if _numbers(old) == _numbers(new) else None
    if name.endswith(".ipynb"):
        return _executed(old, new)
    if name == "facts.json":
        return _facts(before, after)
    if name == "statements.json":
        same = _judged(before) == _judged(after)
        return ("元のセルや書き換え案の記載",) if same else None
    return None


def _executed(old: str, new: str) -> tuple[str, ...] | None:
    """Return what differs in an executed notebook whose outputs have the same numbers."""
    try:
        sides = [notebook.loads(one) for one in (old, new)]
    except ValueError:
        return None
    shown = ["\n".join(one.shown for one in side) for side in sides]
    if _DIGITS.findall(shown[0]) != _DIGITS.findall(shown[1]):
        return None
    return ("文章、図の体裁",) if shown[0] != shown[1] else ("計算のコード",)


def _numbers(html: str) -> tuple[object, ...]:
    """Return every number a page prints: facts, digits in its words, downloads."""
    words = {name: _DIGITS.findall(text) for name, text in page.sections(html).items()}
    words.pop("frame", None)
    return page.facts(html), words, page.downloads(html)


def _parts(old: str, new: str) -> Iterator[str]:
    """Yield the parts of a page that differ, named for a reader."""
    was, now = parts.of_page(old), parts.of_page(new)
    named = list(
        dict.fromkeys(_named(one) for one in {**was, **now} if was.get(one) != now.get(one))
    )
    yield from named or ["印刷されない部分"]


def _named(part: str) -> str:
    if part in _WORDS:
        return _WORDS[part]
    kind, _, name = part.partition(" ")
    words = {"text": "文章", "drawing": "図", "description": "図の説明"}
    return f"{words.get(kind, kind)}「{name}」"


def _judged(side: Side) -> list[tuple[str, str, str]]:
    return [(one["id"], one["verdict"], one["computed"]) for one in side.statements]


def _facts(before: Side, after: Side) -> tuple[str, ...] | None:
    """Return what differs in a list of facts that are all printed alike."""
    old, new = before.facts, after.facts
    if {id: one.display for id, one in old.items()} != {id: one.display for id, one in new.items()}:
        return None
    counts = {
        "丸める前の値": sum(old[id].value != new[id].value for id in old),
        "計算式の記載": sum(old[id].formula != new[id].formula for id in old),
        "元のセル": sum(old[id].observations != new[id].observations for id in old),
    }
    told = tuple(f"{what}（{count}件）" for what, count in counts.items() if count)
    return told or ("並びや書き方",)
