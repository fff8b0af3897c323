"""What two builds of an edition say otherwise: numbers, words and structure, not how they were made.

In: two folders with the files of an edition. Out: one line for each thing said otherwise, none when all is
the same. Left out is what follows from the making alone: manifest and crate, hashes, the table of the files
an edition is made from, folded code, style sheets and scripts. Digits beyond the printed ones may differ,
and coordinates of drawings by :data:`DRAWN`: another processor rounds otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

from minato_analysis.numbers import facts
from minato_analysis.project.earlier import ARCHIVES

DRAWN = 0.02
"""Units of a drawing within which a coordinate is the same."""

TEXTS = ("statements.json", *ARCHIVES)
"""Files compared as they stand, besides the pages and ``facts.json``."""

_HASH = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_CSV = "data:text/csv;charset=utf-8,"
_EMPTY = ("br", "hr", "img", "input", "link", "meta", "col", "wbr")
_UNSAID = ("style", "script", "meta", "link")
_MADE_FROM = "sources"
"""Id of the audit page's table of what the edition is made from."""


def differences(one: Path, other: Path) -> list[str]:
    """Return what the edition in `other` says otherwise than the one in `one`: file, place, both sides."""
    found = _facts(one, other)
    for name in sorted({file.name for folder in (one, other) for file in folder.glob("*.html")}):
        if name.startswith("diff-"):
            continue
        if not ((one / name).is_file() and (other / name).is_file()):
            found.append(_absent(name, one))
        else:
            found += _page(name, *((at / name).read_text(encoding="utf-8") for at in (one, other)))
    for name in TEXTS:
        present = [(folder / name).is_file() for folder in (one, other)]
        if all(present):
            old, new = ((folder / name).read_text(encoding="utf-8") for folder in (one, other))
            if old != new:
                found.append(_line(name, "", *_apart(old, new)))
        elif any(present):
            found.append(_absent(name, one))
    return found


def _absent(name: str, one: Path) -> str:
    return f"{name}: " + ("なくなりました" if (one / name).is_file() else "加わりました")


def _line(file: str, place: str, old: str, new: str) -> str:
    return f"{file} {place}".strip() + f": {old} → {new}"


def _facts(one: Path, other: Path) -> list[str]:
    name = "facts.json"
    if not (other / name).is_file() or not (one / name).is_file():
        return [_absent(name, one)]
    old, new = (
        facts.loads((folder / name).read_text(encoding="utf-8")).facts for folder in (one, other)
    )
    found = []
    for id in sorted({*old, *new}):
        before, now = old.get(id), new.get(id)
        if before is None or now is None:
            sides = [fact.display if fact else "（なし）" for fact in (before, now)]
            found.append(_line(name, id, *sides))
        elif (before.display, before.unit) != (now.display, now.unit):
            found.append(_line(name, id, before.display, now.display))
        elif before.formula != now.formula:
            found.append(_line(name, f"{id} formula", *_apart(before.formula, now.formula)))
        elif before.observations != now.observations:
            sides = [f"{len(fact.observations)}セル" for fact in (before, now)]
            found.append(_line(name, f"{id} observations", *sides))
    return found


@dataclass(frozen=True)
class _Token:
    """A tag or a run of words, the heading it stands under, and whether it is drawn or tabled."""

    section: str
    text: str
    kind: str


class _Reader(HTMLParser):
    """Reads a page into tokens, leaving out what is not said."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens: list[_Token] = []
        self._section = ""
        self._heading: list[str] | None = None
        self._drawn = 0
        self._skipped: list[str] = []
        """Open tags from the one whose inside is left out."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        unsaid = (
            tag in _UNSAID
            or (tag == "details" and given.get("class") == "code")
            or given.get("id") == _MADE_FROM
        )
        if self._skipped or unsaid:
            if tag not in _EMPTY:
                self._skipped.append(tag)
            return
        self._drawn += tag == "svg" or bool(self._drawn and tag not in _EMPTY)
        if tag in ("h1", "h2", "h3"):
            self._heading = []
        for name, value in attrs:
            if name == "href" and (value or "").startswith(_CSV):
                self._add(unquote((value or "")[len(_CSV) :]), "csv")
        told = " ".join(
            f'{name}="{value}"'
            for name, value in attrs
            # The digits of a fact are those of facts.json; a table to load stands before this tag.
            if not (tag == "data" and name == "value") and not (value or "").startswith(_CSV)
        )
        self._add(f"<{tag} {told}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            if tag in self._skipped:
                while self._skipped.pop() != tag:
                    pass
            return
        if tag in ("h1", "h2", "h3") and self._heading is not None:
            self._section, self._heading = "".join(self._heading).strip(), None
        self._add(f"</{tag}>")
        self._drawn = max(0, self._drawn - 1)

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if words and not self._skipped:
            if self._heading is not None:
                self._heading.append(words)
            self._add(words)

    def _add(self, text: str, kind: str = "") -> None:
        masked = _HASH.sub("{hash}", text)
        self.tokens.append(_Token(self._section, masked, kind or ("svg" if self._drawn else "")))


def _tokens(html: str) -> dict[str, list[_Token]]:
    """Return the tokens of a page by heading."""
    reader = _Reader()
    reader.feed(html)
    found: dict[str, list[_Token]] = {}
    for one in reader.tokens:
        found.setdefault(one.section, []).append(one)
    return found


def _page(name: str, one: str, other: str) -> Iterator[str]:
    if one == other:
        return
    old, new = _tokens(one), _tokens(other)
    for section in {**old, **new}:
        sides = old.get(section, []), new.get(section, [])
        pairs = zip(*sides, strict=False)
        first = next((n for n, (a, b) in enumerate(pairs) if not _same(a, b)), None)
        if first is None and len(sides[0]) == len(sides[1]):
            continue
        start = min(map(len, sides)) if first is None else first
        told = [side[start].text if start < len(side) else "（なし）" for side in sides]
        yield _line(name, f"「{section}」" if section else "", *_apart(told[0], told[1]))


def _same(one: _Token, other: _Token) -> bool:
    if one.text == other.text or one.kind != other.kind or not one.kind:
        return one.text == other.text and one.kind == other.kind
    if _NUMBER.sub("#", one.text) != _NUMBER.sub("#", other.text):
        return False
    pairs = zip(_NUMBER.findall(one.text), _NUMBER.findall(other.text), strict=True)
    numbers = [(float(a), float(b)) for a, b in pairs]
    if one.kind == "svg":
        return all(abs(a - b) <= DRAWN for a, b in numbers)
    return all(abs(a - b) <= 1e-9 * max(abs(a), abs(b)) for a, b in numbers)


def _apart(old: str, new: str, around: int = 12, most: int = 50) -> tuple[str, str]:
    """Return both texts from a little before their first difference.

    >>> _apart("再犯者は減った", "再犯者は増えた")
    ('再犯者は減った', '再犯者は増えた')
    """
    shorter = min(len(old), len(new))
    at = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    start = max(0, at - around)
    sides = [
        ("…" if start else "")
        + one[start : start + most]
        + ("…" if len(one) > start + most else "")
        for one in (old, new)
    ]
    return sides[0] or "（なし）", sides[1] or "（なし）"
