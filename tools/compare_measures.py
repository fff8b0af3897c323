"""Compare the keyed register of measures with the running text of the printed plan, token by token.

    python tools/compare_measures.py TEXT data/published/<source>

The register was keyed from the lists and headings. This reads the text a second way: cut at white space
only, each number must stand exactly twice as an entry of a list (chapter list with page, list of its
policy) and, where the register has a heading, once as a heading followed by the department; the tokens
behind it must be those keyed, flags included. The lists of related plans are read as sets of numbers.
The other way round, every number in the text must be in the register. What was compared is written to
``<source>/measures_transcription.json`` with the checksums of both sides; a difference is printed and
nothing is written.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path

from compare_transcription import sha256, tokens

NUMBER = re.compile(r"\d\d-\d\d")
FLAGS = ("新規", "拡充")
DEPARTMENT = "所管課："
RELATED = re.compile(r"([^\s（）()]+計画(?:\([^()]*\))?)\s*[（(]((?:\d\d-\d\d、?)+)[）)]")

Row = dict[str, str]


def entries(words: list[str], number: str) -> list[int]:
    """Return the positions of a number that begin an entry of a list."""
    return [at for at, word in enumerate(words) if word == number and words[at - 1] != "##"]


def headings(words: list[str], number: str) -> list[int]:
    """Return the positions of a number that stands in a heading."""
    return [at for at, word in enumerate(words) if word == number and words[at - 1] == "##"]


def differs(words: list[str], at: int, wanted: list[str]) -> bool:
    """Tell whether the tokens from a position on are others, or go on where the keyed ones stop.

    They go on with a flag, or with a second department on a line of its own.
    """
    end = at + len(wanted)
    behind = "".join(words[end : end + 1])
    return words[at:end] != wanted or behind.strip("【】") in FLAGS or behind.endswith("課")


def compare_lists(words: list[str], row: Row) -> list[str]:
    """Return what is different in the two lists."""
    number = row["number"]
    found = entries(words, number)
    if len(found) != 2:
        return [f"{number}: {len(found)} entries in lists, 2 expected"]
    flag, section_flag = ([one] if one else [] for one in (row["flag"], row["flag_in_section"]))
    wanted = {
        "the chapter's list": [number, *tokens(row["name"]), *flag, row["page"]],
        "the list of the policy": [number, *tokens(row["name_in_section"]), *section_flag],
    }
    return [
        f"{number}: {place} has {' '.join(words[at : at + len(keyed) + 1])}, keyed {' '.join(keyed)}"
        for at, (place, keyed) in zip(found, wanted.items(), strict=True)
        if differs(words, at, keyed)
    ]


def compare_heading(words: list[str], row: Row) -> list[str]:
    """Return what is different at the measure itself."""
    number, name = row["number"], row["name_at_measure"]
    found = headings(words, number)
    if len(found) != bool(name):
        return [f"{number}: {len(found)} headings, keyed {name!r}"]
    if not name:
        keyed_more = row["department"] or row["flag_at_measure"]
        return [f"{number}: {keyed_more!r} keyed without a heading"] if keyed_more else []
    flag = [f"【{row['flag_at_measure']}】"] if row["flag_at_measure"] else []
    keyed = [number, *tokens(name), *flag, *tokens(DEPARTMENT + row["department"])]
    at = found[0]
    shown = " ".join(words[at : at + len(keyed) + 1])
    return (
        [f"{number}: heading {shown}, keyed {' '.join(keyed)}"] if differs(words, at, keyed) else []
    )


def compare_plans(text: str, rows: list[Row]) -> list[str]:
    """Return the measures whose related plan is another one in the text."""
    printed = Counter(
        (number, match[1])
        for match in RELATED.finditer(text)
        for number in NUMBER.findall(match[2])
    )
    keyed = Counter((row["number"], row["related_plan"]) for row in rows)
    return [
        f"{number}: related plan {plan!r} {printed[number, plan]} times in the text, "
        f"{keyed[number, plan]} times keyed"
        for number, plan in sorted((printed - keyed) + (keyed - printed))
    ]


def compare_policies(text: str, rows: list[Row]) -> list[str]:
    """Return the policies whose name or direction is another one in the text."""
    packed = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    keyed = {
        f"基本方針{row['direction']}施策{row['policy']}){row['policy_name']}番号" for row in rows
    }
    return [f"{one!r} is not in the text" for one in sorted(keyed) if one not in packed]


def compare(text: str, rows: list[Row]) -> list[str]:
    """Return every difference between the text and the register."""
    words = tokens(text)
    problems = [
        line for row in rows for line in (*compare_lists(words, row), *compare_heading(words, row))
    ]
    problems += compare_plans(text, rows) + compare_policies(text, rows)
    known = {row["number"] for row in rows}
    problems += [
        f"{number} is in the text and not in the register"
        for number in sorted({word for word in words if NUMBER.fullmatch(word)} - known)
    ]
    if len(known) != len(rows):
        problems.append("a number stands twice in the register")
    return problems


def main(text_file: Path, source: Path) -> int:
    """Compare everything; write the record when all agrees."""
    file = source / "measures.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    problems = compare(text_file.read_text(encoding="utf-8"), rows)
    if problems:
        print("\n".join(problems))
        return 1
    compared = {
        "sha256": sha256(file),
        "cells": sum(bool(one) for row in rows for one in row.values()),
    }
    record = {
        "text": sha256(text_file),
        "differences": 0,
        "compared": {file.name: compared},
        "without_heading_in_text": [row["number"] for row in rows if not row["name_at_measure"]],
    }
    (source / "measures_transcription.json").write_text(
        json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    print(f"{len(rows)} measures, {compared['cells']} cells: no difference")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
