"""A second, small verifier: read it in one sitting, run it with any Python from 3.8 on, install nothing.

    python3 verify_min.py [FOLDER] [EDITION]

FOLDER is the project or the unpacked bag (by default: where it is run, or where this file lies). It imports
nothing of the program that made the edition. What it does, in this order:

1. printed tables   every published CSV has the SHA-256 the descriptor names, and every number and label in it
                    is what `data/tidy/observations.csv` says was read there, in the same order;
2. facts            every number in `facts.json` whose formula is plain arithmetic over printed cells (shares,
                    sums, differences, Wilson's interval) is computed again, with fractions; it prints alike;
3. pages            every number in a text is the one in `facts.json`; every number in a title, a description,
                    a label of a figure and a table to download stands on the same page as text, in
                    `facts.json` or in a printed table (marks of axes and names of ranges are left out).

What it does not do: run the notebooks (`minato verify` does), read words, tell whether the tables are what
was printed, or whether tables and pages were changed together. Exit code: 0 all agrees, 1 something does
not, 2 could not run.
"""

# ruff: noqa: B905, UP006, UP035, UP045 - what came after Python 3.8 is not used
from __future__ import annotations

import ast
import csv
import hashlib
import html
import json
import operator
import os
import re
import sys
import unicodedata
from fractions import Fraction
from statistics import NormalDist
from typing import Any, Callable, Dict, Iterator, List, NoReturn, Optional, Tuple
from urllib.parse import unquote

Form = Dict[str, Any]  # one entry of a JSON file
Say = Callable[[str, str, str], None]  # kind, place, what is wrong
Finding = Tuple[str, str, str]
Values = Dict[Tuple[str, Optional[int]], List[Fraction]]  # by measure and year
Cells = Dict[str, List[Tuple[str, Optional[int], Fraction]]]  # by address: measure, year, value

MOST = 20  # findings of one kind that are printed


class CannotRun(Exception):
    """A file that is not there or cannot be read."""


# ---- reading ---------------------------------------------------------------------------------------------


def read(folder: str, path: str) -> str:
    try:
        with open(os.path.join(folder, path), encoding="utf-8", newline="") as stream:
            return stream.read()
    except (OSError, UnicodeDecodeError) as error:
        raise CannotRun(f"{path}: {error}") from None


def rows(folder: str, path: str) -> list[list[str]]:
    return list(csv.reader(read(folder, path).splitlines(True)))


def plain(text: str) -> str:
    """A label without spaces, marks of notes and emphasis; wide digits as narrow ones."""
    bare = unicodedata.normalize("NFKC", re.sub(r"<[^>]*>|[※*]", "", text)).replace("〜", "~")
    return re.sub(r"^うち\)|\s", "", bare)


def numbers(text: str) -> list[Fraction]:
    """The numbers in a printed text, exactly: `1,581 人` is 1581, `28 (15)` is 28 and 15, `△2.8` is -2.8."""
    bare = plain(text).replace("−", "-").replace("△", "-").replace("▲", "-")
    found = re.findall(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?", bare)
    return [Fraction(one.replace(",", "")) for one in found]


# ---- 1 printed tables --------------------------------------------------------------------------------------


def tables(folder: str, say: Say) -> tuple[Cells, set[Fraction], int]:
    """Hold every printed cell against what was read from it; return the values by address of the cell."""
    package = json.loads(read(folder, "data/datapackage.json"))
    head, *lines = rows(folder, "data/tidy/observations.csv")
    read_values = [dict(zip(head, line)) for line in lines]
    printed: set[Fraction] = set()
    count = 0
    for one in package["resources"]:
        if "reading" not in one or one.get("not_public"):
            continue
        path = "data/" + one["path"]
        sha = hashlib.sha256(read(folder, path).encode("utf-8")).hexdigest()
        if one["hash"] != "sha256:" + sha:
            say("table", path, "SHA-256 is not the one the descriptor names")
        name = one["figure"] or one["name"].rsplit("-", 1)[-1]
        mine = [v for v in read_values if (v["source_id"], v["table"]) == (one["source_id"], name)]
        cells = list(printed_cells(rows(folder, path), one["reading"]))
        if len(mine) < len(cells):
            say("table", path, f"{len(mine)} values were read from {len(cells)} printed ones")
        for (where, labels, number, text), value in zip(cells, mine):
            printed.update(numbers(text))
            count += 1
            held = Fraction(value["value"]) if value["value"] else None
            if held != number:
                say("table", f"{path} {where}", "printed {}, read {}".format(text, value["value"]))
            told = plain(value["row"] + "/" + value["column"])
            wrong = [label for label in labels if label not in told]
            if wrong:
                say("table", f"{path} {where}", f"label {wrong[0]}, read as {told}")
    addresses: Cells = {}
    for value in read_values:
        address = "{source_id}/{table}!{row}!{column}".format(**value)
        if value["value"]:
            year = int(value["year"]) if value["year"] else None
            entry = (value["measure"], year, Fraction(value["value"]))
            addresses.setdefault(address, []).append(entry)
    return addresses, printed, count


def printed_cells(
    grid: list[list[str]], reading: Form
) -> Iterator[tuple[str, list[str], Fraction | None, str]]:
    """Yield place, labels, number and text of every printed value, in the order in which a table is read."""
    if reading["kind"] == "long":
        value = grid[0].index(reading["value"])
        for at, line in enumerate(grid[1:], 2):
            labels = [plain(line[grid[0].index(name)]) for name in reading["row"]]
            yield f"line {at}", labels, next(iter(numbers(line[value])), None), line[value]
        return
    top, side = reading["header_rows"], reading["label_columns"]
    per_cell = max(1, len(reading.get("values") or []))
    for at, line in enumerate(grid[top:], top + 1):
        for column in range(side, len(grid[0])):
            labels = [plain(line[side - 1])] + [plain(over[column]) for over in grid[:top]]
            for number in [*numbers(line[column])] or [None] * per_cell:  # type: ignore[list-item]
                yield f"line {at} column {column + 1}", labels, number, line[column]


# ---- 2 facts -----------------------------------------------------------------------------------------------

WILSON = re.compile(r"^(low|high) end of the (?:(\d+) ?% )?Wilson interval of 100 \* (.+) / (.+)$")
TOGETHER = re.compile(r", sum of the years$| of \d+ years together(?=$|, )")
MEASURE = re.compile(r"\b([a-z]+(?:_[a-z]+)*)(?: ((?:19|20)\d\d))?\b")
OPERATORS = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


class NotArithmetic(Exception):
    """A formula that is words, or whose names are not clear."""


def second(fact: Form, cells: Cells, confidence: float) -> Fraction | float:
    """Compute a fact again from the cells it names; raises where the formula does not say how."""
    values: Values = {}
    for address in fact["observations"]:
        for measure, year, number in cells.get(address) or no():
            values.setdefault((measure, year), []).append(number)
    text = fact["formula"]
    ends = re.search(r", (first|last) year$", text)
    if ends:
        years = [year for _, year in values if year] or no()
        wanted = min(years) if ends.group(1) == "first" else max(years)
        values = {key: one for key, one in values.items() if key[1] == wanted}
        text = text[: ends.start()]
    share = re.match(r"^(?:.* of )?100 \* [a-z_ ]+ / [a-z_ ]+$", text)
    together = bool(TOGETHER.search(text)) or bool(share and one_a_year(values))
    text = TOGETHER.sub("", re.sub(r",? ?as printed$", "", text)).strip()
    interval = WILSON.match(text)
    if interval:
        end, level = interval.group(1, 2)
        part, whole = (value(tree(one, values), values, together) for one in interval.group(3, 4))
        low, high = wilson(part, whole, float(level) / 100 if level else confidence)
        return 100 * (low if end == "low" else high)
    return value(tree(text, values), values, together)


def no() -> NoReturn:
    raise NotArithmetic


def one_a_year(values: Values) -> bool:
    names = {name for name, _ in values}
    years = {frozenset(year for other, year in values if other == name) for name in names}
    return all(len(one) == 1 for one in values.values()) and len(years) == 1


def tree(text: str, values: Values) -> ast.expr:
    names = {name for name, _ in values}
    alone = names.pop() if len(names) == 1 else ""
    text = text.replace("persons arrested", "persons_arrested") or alone
    joined = MEASURE.sub(lambda one: one[1] + ("__" + one[2] if one[2] else ""), text)
    try:
        return ast.parse(joined, mode="eval").body
    except SyntaxError:
        return no()


def value(node: ast.expr, values: Values, together: bool) -> Fraction:
    names = {name for name, _ in values}
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        left, right = (value(one, values, together) for one in (node.left, node.right))
        return OPERATORS[type(node.op)](left, right)
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, int)
        and 1926 <= node.value <= 2100
    ):
        name, year = names.pop() if len(names) == 1 else no(), str(node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return Fraction(str(node.value))
    elif isinstance(node, ast.Name):
        name, _, year = node.id.partition("__")
    else:
        return no()
    longer = [one for one in names if one.endswith("_" + name)]
    if name not in names and len(longer) == 1:
        name = longer[0]
    found = [number for (other, when), held in values.items() for number in held
             if other == name and year in ("", str(when))]  # fmt: skip
    return sum(found, Fraction(0)) if found and (together or len(found) == 1) else no()


def wilson(part: Fraction, whole: Fraction, confidence: float) -> tuple[float, float]:
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, n = part / whole, float(whole)
    centre = float(share) + z * z / (2 * n)
    spread = z * (float(share * (1 - share)) / n + z * z / (4 * n * n)) ** 0.5
    return (centre - spread) / (1 + z * z / n), (centre + spread) / (1 + z * z / n)


def rounded(number: Fraction | float, digits: int) -> Fraction:
    """Half up, from nine significant digits, as the edition prints; exact all the same."""
    exact = Fraction(f"{float(number):.9g}") * 10**digits
    whole = (abs(exact) * 2 + 1) // 2
    return Fraction(-whole if exact < 0 else whole, 10**digits)


def printed_number(fact: Form) -> Fraction | None:
    """The number a display shows; of a year the one in parentheses, of `0.001未満` none."""
    found = numbers(fact["display"])
    return None if "未満" in fact["display"] or not found else found[-1]


def facts(listed: list[Form], cells: Cells, confidence: float, say: Say) -> int:
    again = 0
    for fact in listed:
        if fact["value"] is None:
            continue
        shown = printed_number(fact)
        decimals = len(fact["display"].partition(".")[2].rstrip("%ポイント人件未満"))
        exact = shown in (None, rounded(fact["value"], fact["digits"]))
        if not exact or decimals != fact["digits"]:
            told = f"value {fact['value']!r} to {fact['digits']} places is printed as {fact['display']}"
            say("fact", fact["id"], told)
        try:
            number = second(fact, cells, confidence)
        except (NotArithmetic, ZeroDivisionError, RecursionError):
            continue
        again += 1
        # a value is kept to nine significant digits, a Wilson limit computed with binary fractions
        near = abs(float(number) - fact["value"]) <= 1e-8 * max(1.0, abs(fact["value"]))
        if not near or (shown is not None and rounded(number, fact["digits"]) != shown):
            told = "{} is {:.6f} by `{}`".format(fact["display"], float(number), fact["formula"])
            say("fact", fact["id"], told)
    return again


# ---- 3 pages -----------------------------------------------------------------------------------------------

FACT = re.compile(r'<data class="fact" data-fact="([^"]+)" value="([^"]*)">(.*?)</data>')
DOWNLOAD = re.compile(r'href="data:text/csv;charset=utf-8,([^"]*)" download="([^"]+)"')


def words(fragment: str) -> str:
    apart = re.sub(r"</(?:td|th|p|li|h\d|caption)>", " ", fragment)
    return html.unescape(re.sub(r"<[^>]*>", "", apart))


def measured(text: str) -> set[Fraction]:
    """The numbers of a text that are results: with a unit or decimals, not years or plain counts."""
    bare = re.sub(r"(?:令和|平成|昭和)[^年]{1,10}年", "", unicodedata.normalize("NFKC", text))
    found = re.findall(
        r"△?\d[\d,]*(?:\.\d+)?(?=人|件|%|ポイント| ?points?| ?persons)|△?\d+\.\d+", bare
    )
    return {number for one in found for number in numbers(one)}


def pages(folder: str, edition: str, listed: list[Form], printed: set[Fraction], say: Say) -> int:
    valued = [one["value"] for one in listed if one["value"] is not None]
    anywhere = printed | {number for one in listed for number in numbers(one["display"])}
    anywhere |= {rounded(one, digits) for one in valued for digits in range(4)}
    count = 0
    for name in sorted(os.listdir(os.path.join(folder, "reports", edition))):
        if name.endswith(".html") and not name.startswith("diff-"):
            page = read(folder, f"reports/{edition}/{name}")
            count += in_text(name, page, {one["id"]: one for one in listed}, say)
            count += elsewhere(name, page, anywhere, say)
    return count


def in_text(name: str, page: str, known: Dict[str, Form], say: Say) -> int:
    """Hold every number in a text against the list of facts; an English page words the unit otherwise."""
    english = '<html lang="en"' in page
    found = FACT.findall(page)
    for id, value, shown in found:
        fact, text = known.get(id), words(shown)
        if fact is None:
            say("page", name, f"{id} is in no list of facts")
            continue
        same = text == fact["display"]
        if not same and not (english and numbers(text)[:1] == [printed_number(fact)]):
            say("page", f"{name} {id}", f"{text}, but {fact['display']} in facts.json")
        elif value != repr(fact["value"]) and fact["value"] is not None:
            say("page", f"{name} {id}", f"value {value}, but {fact['value']!r}")
    return len(found)


def elsewhere(name: str, page: str, anywhere: set[Fraction], say: Say) -> int:
    """Look for the numbers of downloads and drawings among those the page shows, the facts, the tables."""
    seen = re.sub(r"<svg\b.*?</svg>|<a href=\"data:.*?</a>", " ", page, flags=re.S)
    cells = re.findall(r"<t[dh]\b.*?</t[dh]>", seen, re.S)
    found, carried = [], set()  # type: List[Tuple[str, Fraction]], set[Fraction]
    tabled = {plain(words(one)) for one in cells}
    seen_in = {number for one in cells for number in numbers(words(one))}
    known = anywhere | measured(words(seen)) | seen_in
    for text, file in DOWNLOAD.findall(page):
        table = [one for line in csv.reader(unquote(text).splitlines()) for one in line]
        other = [one for one in table if plain(one) not in tabled and {*numbers(one)} - seen_in]
        for one in other if len(other) <= 2 else ():  # else the page does not show this table
            say("page", f"{name} {file}", f"「{one}」 is not in the table on the page")
        for cell in table:
            mine = set(numbers(cell)) if re.match(r"^-?[△\d.,]+$", cell) else measured(cell)
            carried |= mine
            found += [(file, number) for number in sorted(mine)]
    for drawing in re.findall(r"<svg\b.*?</svg>", page, re.S):
        for text in re.findall(r"<(?:text|tspan|title|desc)\b[^>]*>([^<]+)", drawing):
            mine = measured(html.unescape(text)) if "範囲" not in text else set()
            found += [(f"「{text[:40]}」", one) for one in sorted(mine - carried) if one % 5]
    for place, number in found:
        if number not in known:
            say("page", f"{name} {place}", f"{float(number)} stands nowhere else")
    return len(found)


# ---- the verdict -------------------------------------------------------------------------------------------


def verify(folder: str, edition: str) -> tuple[list[Finding], dict[str, int]]:
    """Return the findings as (kind, place, what), and what was held against what, in numbers."""
    found: list[Finding] = []

    def say(kind: str, place: str, what: str) -> None:
        found.append((kind, place, what))

    cells, printed, cell_count = tables(folder, say)
    listed = json.loads(read(folder, f"reports/{edition}/facts.json"))
    parameters = read(folder, f"reports/{edition}/edition.yaml")
    level = re.search(r"^confidence: *[\"']?([0-9.]+)", parameters, re.M)
    again = facts(listed, cells, float(level.group(1)) if level else 0.95, say)
    shown = pages(folder, edition, listed, printed, say)
    return found, {"cells": cell_count, "facts": len(listed), "again": again, "shown": shown}


def main(arguments: list[str]) -> int:
    here = os.path.dirname(os.path.abspath(__file__))
    mark = os.path.join("data", "datapackage.json")
    places = arguments[:1] or [os.getcwd(), here, os.path.join(here, "..", "..")]
    folders = [os.path.join(one, more) for one in places for more in ("", "data")]
    try:
        folder = next((one for one in folders if os.path.isfile(os.path.join(one, mark))), None)
        if folder is None:
            raise CannotRun("data/datapackage.json is in none of: " + ", ".join(places))
        editions = sorted(
            one for one in os.listdir(os.path.join(folder, "reports")) if one[:1].isdigit()
        )
        edition = (arguments[1:2] or editions[-1:] or [""])[0]
        found, count = verify(folder, edition)
    except (CannotRun, OSError, ValueError, KeyError, TypeError, IndexError, csv.Error) as error:
        print(f"2 確認を完了できませんでした / could not run: {type(error).__name__}: {error}")
        return 2
    for kind in ("table", "fact", "page"):
        mine = [one for one in found if one[0] == kind]
        for _, where, what in mine[:MOST]:
            print(f"× {kind:5} {where}: {what}")
        if len(mine) > MOST:
            print(f"  … {len(mine) - MOST} more")
    print(
        f"印刷されたセル {count['cells']}、数値 {count['facts']}、ページの数値 {count['shown']}。"
    )
    print(f"数値のうち {count['again']} は、印刷されたセルから分数で計算し直しました。")
    verdict = "1 不一致あり / different" if found else "0 合っています / agrees"
    print(f"版 {edition}  {verdict}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
