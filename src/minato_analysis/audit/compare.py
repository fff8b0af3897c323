"""Holds a published edition against one that was built again, level by level.

========  =======  ==================================================================================
L1        numbers  every fact at its published rounding (or its declared tolerance), counts exactly;
                   every number printed on a page; the archived projections
L2        data     bytes of the CSV files, on pages too; coordinates of the drawings
L3        text     the words of a page under each heading, descriptions of figures, code
L4        bytes    every file; a difference here alone is one of the platform, not of the result
========  =======  ==================================================================================

In: two project folders. Out: findings (only differences) and how many values of each level were compared.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from minato_analysis.audit import page, parts
from minato_analysis.audit.manifest import CRATE, FILE
from minato_analysis.audit.reach import Edition
from minato_analysis.audit.tolerance import tolerances
from minato_analysis.audit.verdict import LEVELS, Count, Finding
from minato_analysis.difference import PREFIX
from minato_analysis.earlier import ARCHIVE
from minato_analysis.facts import Fact

DRAWN = 0.02
"""Units of the drawing (a page is about 475 wide) within which a coordinate is the same."""

_HASH = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
"""An identity a page prints. It follows from the sources, which the chain compares, not from the result."""

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
MISSING = "（なし）"

Result = Literal["identical", "within", "different"]


@dataclass
class Comparison:
    """What two editions have in common and what not."""

    findings: list[Finding] = field(default_factory=list)
    levels: dict[str, Count] = field(default_factory=lambda: {one: Count() for one in LEVELS})
    near: list[str] = field(default_factory=list)
    """Facts and drawings that agree within their tolerance but are not identical."""
    other_bytes: list[str] = field(default_factory=list)
    """Files whose bytes differ."""

    def add(self, level: str, result: Result) -> None:
        """Count one compared value."""
        count = self.levels[level]
        setattr(count, result, getattr(count, result) + 1)

    def count(self, level: str, same: bool) -> bool:
        """Count one compared value; return whether it differs."""
        self.add(level, "identical" if same else "different")
        return not same

    def differs(
        self,
        level: str,
        code: str,
        stage: str,
        place: str,
        message: str,
        *,
        sides: tuple[str, str] = ("", ""),
        facts: tuple[str, ...] = (),
    ) -> None:
        """Record a difference with both sides."""
        self.findings.append(
            Finding(
                code,
                stage,
                place,
                message,
                level=level,
                published=sides[0],
                recomputed=sides[1],
                facts=facts,
            )
        )


def compare(published: Path, rebuilt: Path, name: str) -> Comparison:
    """Compare the edition `name` in the folder `published` with the one in `rebuilt`."""
    found = Comparison()
    old, new = (Edition(root / "reports" / name) for root in (published, rebuilt))
    folder = f"reports/{name}"
    _facts(found, old, new, f"{folder}/facts.json", tolerances(rebuilt))
    for file in sorted({*old.pages, *new.pages}):
        path = f"{folder}/{file}"
        if file not in old.pages or file not in new.pages:
            told = "作り直すとできるページが、公表物にありません。"
            if file in old.pages:
                told = "公表されているページは、作り直してもできません。"
            found.count("L3", False)
            found.differs(
                "L3", "E5-MISSING" if file in new.pages else "E5-ADDED", "page", path, told
            )
        else:
            _page(found, path, *(_HASH.sub("{hash}", one.pages[file]) for one in (old, new)))
    _files(found, published, rebuilt, name)
    return found


def _facts(
    found: Comparison, old: Edition, new: Edition, path: str, declared: Sequence[tuple[str, float]]
) -> None:
    for id in sorted({*old.facts, *new.facts}):
        before, now = old.facts.get(id), new.facts.get(id)
        place = f"{path} {id}"
        if before is None or now is None:
            message = (
                "公表されている数値は、作り直しても出てきません。"
                if now is None
                else "作り直すとできる数値が、公表物にありません。"
            )
            sides = (before.display if before else MISSING, now.display if now else MISSING)
            found.count("L1", False)
            found.differs("L1", "E5-FACT", "facts", place, message, sides=sides, facts=(id,))
            continue
        result = _same_value(before, now, declared)
        found.add("L1", result)
        found.near += [id] if result == "within" else []
        if result == "different":
            sides = (before.display, now.display)
            if sides[0] == sides[1]:
                sides = (repr(before.value), repr(now.value))
            message = "公表された数値と、作り直した数値が違います。"
            found.differs("L1", "E5-FACT", "facts", place, message, sides=sides, facts=(id,))
        origin = (before.formula, before.observations) == (now.formula, now.observations)
        if found.count("L3", origin):
            message = "計算式か元のセルの記載が、作り直したものと違います。"
            found.differs("L3", "E5-FACT", "facts", place, message, facts=(id,))


def _same_value(before: Fact, now: Fact, declared: Sequence[tuple[str, float]]) -> Result:
    """Return ``identical``, ``within`` or ``different``."""
    printed_alike = (before.display, before.digits, before.unit) == (
        now.display,
        now.digits,
        now.unit,
    )
    if printed_alike and repr(before.value) == repr(now.value):
        return "identical"
    for pattern, tolerance in declared:
        if fnmatch.fnmatchcase(before.id, pattern):
            return "within" if abs(before.value - now.value) <= tolerance else "different"
    # A fact is printed from its value: where the value moved and the print did not, the move is
    # smaller than the rounding. A value that its own print contradicts is not excused by this.
    near = abs(before.value - now.value) <= 10.0**-before.digits
    return "within" if printed_alike and near else "different"


def _page(found: Comparison, path: str, old: str, new: str) -> None:
    before, now = page.facts(old), page.facts(new)
    if [one.id for one in before] == [one.id for one in now]:
        for one, other in zip(before, now, strict=True):
            if found.count("L1", one.display == other.display):
                message = "ページの数値が、作り直したページと違います。"
                sides = (one.display, other.display)
                place = f"{path} {one.id}"
                found.differs(
                    "L1", "E5-PAGE-NUMBER", "page", place, message, sides=sides, facts=(one.id,)
                )
    elif found.count("L1", False):
        message = "ページに出てくる数値の並びが、作り直したページと違います。"
        found.differs("L1", "E5-PAGE-NUMBER", "page", path, message)
    message = "文章が、作り直したページと違います。"
    _words(found, path, "E5-PAGE-TEXT", message, page.sections(old), page.sections(new))
    message = "図の題または説明文（読み上げ用）が、作り直したページと違います。"
    _words(found, path, "E5-FIGURE-TEXT", message, page.alternatives(old), page.alternatives(new))
    if found.count("L3", page.folded(old) == page.folded(new)):
        message = "折りたたみ（計算のコード、数値の一覧）が、作り直したページと違います。"
        found.differs("L3", "E5-PAGE-CODE", "page", path, message)
    if found.count("L3", page.style(old) == page.style(new)):
        message = "書式（スタイルシート）が、作り直したページと違います。"
        found.differs("L3", "E5-PAGE-STYLE", "page", path, message)
    csv_old, csv_new = page.downloads(old), page.downloads(new)
    for name in {**csv_old, **csv_new}:
        if found.count("L2", csv_old.get(name) == csv_new.get(name)):
            message = "ページに埋め込まれたCSVが、作り直したものと違います。"
            sides = first_difference(csv_old.get(name), csv_new.get(name))
            found.differs("L2", "E5-CSV", "page", f"{path} 「{name}」", message, sides=sides)
    _drawings(found, path, page.drawings(old), page.drawings(new))


def _words(
    found: Comparison,
    path: str,
    code: str,
    message: str,
    old: Mapping[str, str],
    new: Mapping[str, str],
) -> None:
    for name in {**old, **new}:
        if found.count("L3", old.get(name) == new.get(name)):
            sides = first_difference(old.get(name), new.get(name))
            found.differs("L3", code, "page", f"{path} 「{name}」", message, sides=sides)


def first_difference(old: str | None, new: str | None, around: int = 12) -> tuple[str, str]:
    """Return both texts from a little before their first difference to a little after it.

    >>> first_difference("再犯者は減った。割合は上がった。", "再犯者は減った。割合は下がった。")
    ('再犯者は減った。割合は上がった。', '再犯者は減った。割合は下がった。')
    """
    if old is None or new is None:
        return (MISSING, "あり") if old is None else ("あり", MISSING)
    shorter = min(len(old), len(new))
    at = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    end = next((n for n in range(shorter - at) if old[-1 - n] != new[-1 - n]), shorter - at)
    start = max(0, at - around)
    sides = [_cut(one, start, max(at, len(one) - end), around) for one in (old, new)]
    return sides[0], sides[1]


def _cut(text: str, start: int, stop: int, around: int, most: int = 60) -> str:
    shown = text[start : stop + around]
    if len(shown) > most:
        shown = shown[:most]
    before = "…" if start else ""
    return before + shown + ("…" if start + len(shown) < len(text) else "")


def _drawings(found: Comparison, path: str, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    for id in {**old, **new}:
        shift = drawn_apart(old.get(id, ""), new.get(id, ""))
        near = shift is not None and shift <= DRAWN
        found.add("L2", "identical" if shift == 0 else "within" if near else "different")
        found.near += [f"{path}#{id}"] if near and shift else []
        if not near:
            told = "形か文字" if shift is None else f"線や点の位置、最大{shift:g}"
            message = f"図が、作り直したページの図と違います（{told}）。"
            found.differs("L2", "E5-FIGURE", "page", f"{path} 「{id}」", message)


def drawn_apart(old: str, new: str) -> float | None:
    """Return the largest difference of any number in two drawings, none when more than numbers differ.

    >>> drawn_apart('<path d="M 1 2"/>', '<path d="M 1 2.5"/>')
    0.5
    >>> drawn_apart("<path/>", "<circle/>") is None
    True
    """
    if old == new:
        return 0.0
    if _NUMBER.sub("#", old) != _NUMBER.sub("#", new):
        return None
    pairs = zip(_NUMBER.findall(old), _NUMBER.findall(new), strict=True)
    return round(max(abs(float(one) - float(other)) for one, other in pairs), 9)


def _files(found: Comparison, published: Path, rebuilt: Path, name: str) -> None:
    """Compare bytes: products (L4), the other generated data (L2 too)."""
    skipped = {FILE, CRATE, "edition.yaml"}
    for root_path in ("data/tidy", f"reports/{name}"):
        names = {
            file.name
            for root in (published, rebuilt)
            for file in (root / root_path).glob("*")
            if file.is_file() and file.name not in skipped and not file.name.startswith(PREFIX)
        }
        for file in sorted(names):
            _one_file(found, published, rebuilt, f"{root_path}/{file}")
    for path in ("data/README.md", "environment.yml"):
        _one_file(found, published, rebuilt, path)


def _one_file(found: Comparison, published: Path, rebuilt: Path, path: str) -> None:
    texts = [
        (root / path).read_bytes() if (root / path).is_file() else None
        for root in (published, rebuilt)
    ]
    suffix = Path(path).suffix
    if suffix == ".html":
        texts = [
            None if one is None else _HASH.sub("{hash}", one.decode()).encode() for one in texts
        ]
    differs = found.count("L4", texts[0] == texts[1])
    found.other_bytes += [path] if differs else []
    if suffix == ".html" or path.endswith("facts.json"):
        return
    level = "L2" if suffix == ".csv" else "L1" if path.endswith(f"/{ARCHIVE}") else "L3"
    stage = "data"
    if not differs:
        found.count(level, True)
        return
    code = "E5-TIDY" if suffix == ".csv" else "E5-DATA"
    if path == "environment.yml":
        code, stage = "E5-PIN", "environment"
    elif path.startswith("reports/"):
        code, stage = "E5-PRODUCT", "page"
    found.count(level, False)
    old, new = (None if one is None else one.decode() for one in texts)
    place = f"{path} {_entries(path, old, new)}".strip()
    sides = first_difference(old, new)
    found.differs(level, code, stage, place, "作り直したものと違います。", sides=sides)


def _entries(path: str, old: str | None, new: str | None) -> str:
    if old is None or new is None or not path.endswith(".json"):
        return ""
    try:
        return "、".join(parts.changed(parts.of_file(path, old), parts.of_file(path, new))[:3])
    except ValueError:
        return ""
