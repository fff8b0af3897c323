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
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from minato_analysis.audit import compare_notebooks, compare_pages, compare_records, take_away
from minato_analysis.audit.comparison import MISSING, Comparison, Result, first_difference
from minato_analysis.audit.reach import Edition
from minato_analysis.numbers import facts
from minato_analysis.numbers.facts import Fact
from minato_analysis.project import program
from minato_analysis.project.earlier import ARCHIVE
from minato_analysis.published import parts
from minato_analysis.published.manifest import CRATE, DIFFERENCES, FILE
from minato_analysis.published.tolerance import tolerances
from minato_analysis.published.verdict import Finding

MOST = 3
"""Parts of a pack that are named."""

COUNTED = ("persons", "cases")
"""Units of numbers that are counted, not measured: whole ones are compared exactly."""


def compare(published: Path, rebuilt: Path, name: str) -> Comparison:
    """Compare the edition `name` in the folder `published` with the one in `rebuilt`."""
    found = Comparison()
    old, new = (Edition(root / "reports" / name) for root in (published, rebuilt))
    folder = f"reports/{name}"
    values = tuple({id: repr(one.value) for id, one in side.facts.items()} for side in (old, new))
    stages = [compare_records.stages(side.folder) for side in (old, new)]
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
            pages = compare_records.known(old.pages[file], *stages), new.pages[file]
            compare_pages.compare(found, path, pages, (values[0], values[1]))
            differs = found.count("L4", pages[0] == pages[1])
            found.other_bytes += [path] if differs else []
    for one in sorted(
        old.folder.glob(f"{DIFFERENCES}*.html")
    ):  # not rebuilt: they need two editions
        text = one.read_text(encoding="utf-8", errors="replace")
        compare_pages.check(found, f"{folder}/{one.name}", text)
    compare_notebooks.compare(found, (old.folder, new.folder), (values[0], values[1]))
    _files(found, published, rebuilt, name)
    compare_records.compare(found, folder, (published, rebuilt))
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
        if result == "within" and before.display == now.display:
            found.near.append(id)
        elif result == "within":
            message = (
                "掲載が、作り直したものと違います。data/tolerances.yaml が宣言する許容差の中です。"
            )
            told = Finding("N5-TOLERANCE", "facts", place, message, "note", level="L1")
            found.findings.append(replace(told, published=before.display, recomputed=now.display))
        if result == "different":
            sides = (before.display, now.display)
            if sides[0] == sides[1]:
                sides = (repr(before.value), repr(now.value))
            message = "公表された数値と、作り直した数値が違います。"
            found.differs("L1", "E5-FACT", "facts", place, message, sides=sides, facts=(id,))
        origin = replace(before, value=0, display="") == replace(now, value=0, display="")
        if found.count("L3", origin):
            message = "計算式か元のセルなどの記載が、作り直したものと違います。"
            found.differs("L3", "E5-FACT", "facts", place, message, facts=(id,))
    file = old.folder / "facts.json"
    written = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
    if old.facts and found.count("L3", facts.dumps(old.facts.values()) == written):
        message = "数値の一覧に、読み取られない記載（同じ項目の繰り返しなど）があります。"
        found.differs("L3", "E5-FACT", "facts", path, message)


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
    counted = now.unit in COUNTED and now.value.is_integer()
    near = not counted and abs(before.value - now.value) <= 10.0**-before.digits
    return "within" if printed_alike and near else "different"


def _files(found: Comparison, published: Path, rebuilt: Path, name: str) -> None:
    """Compare bytes: products but the pages (L4), the other generated data (L2 too)."""
    skipped = {FILE, CRATE, "edition.yaml"}
    for root_path in ("data/tidy", f"reports/{name}"):
        names = {
            file.name
            for root in (published, rebuilt)
            for file in (root / root_path).glob("*")
            if file.is_file()
            and file.name not in skipped
            and file.suffix != ".html"
            and not file.name.startswith(DIFFERENCES)
        }
        for file in sorted(names):
            _one_file(found, published, rebuilt, f"{root_path}/{file}")
    for path in ("data/README.md", "environment.yml"):
        _one_file(found, published, rebuilt, path)


def _one_file(found: Comparison, published: Path, rebuilt: Path, path: str) -> None:
    texts = [
        file.read_bytes() if file.is_file() else None
        for file in (program.at(root, path) for root in (published, rebuilt))
    ]
    suffix = Path(path).suffix
    differs = found.count("L4", texts[0] == texts[1])
    found.other_bytes += [path] if differs else []
    if path.endswith("facts.json"):
        return
    if path.endswith(take_away.FILE):
        # Held against the pages it lies beside: those may differ from the rebuilt ones as drawings do.
        wrong = take_away.differences(published, Path(path).parent.name) if differs else []
        if found.count("L2", not wrong):
            message = "まとめて受け取るファイルの中身が、ページと違います。"
            place = f"{path} {'、'.join(wrong[:MOST])}"
            found.differs("L2", "E5-PACK", "page", place, message)
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
    old, new = (None if one is None else one.decode(errors="replace") for one in texts)
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
