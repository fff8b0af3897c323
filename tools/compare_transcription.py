"""Compare keyed tables with the running text of the printed document, token by token.

    python tools/compare_transcription.py TEXT data/published/<source>

The tables were keyed column by column. This reads the text a second way, without looking at columns or
tabs: after each caption 【図表N-M】 the text is cut at white space only, tags removed, and the tokens of
the table must stand there, all of them, in order, without a gap. Figures given only in prose must stand in
the text with their unit. What was compared is written to ``<source>/transcription.json`` with the
checksums of both sides; a difference is printed and nothing is written.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
from pathlib import Path

CAPTION_REACH = 120
"""Tokens after a caption within which its table must begin."""


def tokens(text: str) -> list[str]:
    """Return what stands between white space, with emphasis tags removed."""
    return re.sub(r"</?b>", "", text).split()


def captions(text: str, number: str) -> list[int]:
    """Return the positions just behind every caption of one table."""
    chapter, index = number.split("-")
    pattern = rf"【図表\s*{chapter}\s*-\s*{index}】"
    return [match.end() for match in re.finditer(pattern, text)]


def compare_table(text: str, file: Path) -> str:
    """Return an empty text when the table stands behind its caption, else what is different."""
    chapter, index = re.fullmatch(r"t(\d)-(\d\d)", file.stem).groups()  # type: ignore[union-attr]
    with file.open(encoding="utf-8", newline="") as stream:
        wanted = [token for row in csv.reader(stream) for cell in row for token in tokens(cell)]
    best = 0
    for start in captions(text, f"{chapter}-{int(index)}"):
        found = tokens(text[start:])[: CAPTION_REACH + len(wanted)]
        for at in range(CAPTION_REACH):
            same = next(
                (i for i, (a, b) in enumerate(zip(wanted, found[at:], strict=False)) if a != b),
                min(len(wanted), len(found) - at),
            )
            if same == len(wanted):
                return ""
            best = max(best, same)
    return f"{file.name}: after {best} equal tokens of {len(wanted)} the text differs near {wanted[best]!r}"


def compare_prose(text: str, file: Path) -> list[str]:
    """Return a line for every prose figure that does not stand in the text."""
    packed = re.sub(r"\s", "", text)
    missing = []
    with file.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            figure = re.escape(re.sub(r"\s", "", row["value"]))
            if not re.search(rf"(?<![0-9.,]){re.escape(row['qualifier'])}{figure}", packed):
                missing.append(
                    f"{file.name} {row['id']}: {row['qualifier']}{row['value']} is not in the text"
                )
    return missing


def sha256(file: Path) -> str:
    """Return the checksum of a file."""
    return "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest()


def main(text_file: Path, source: Path) -> int:
    """Compare everything; write the record when all agrees."""
    text = text_file.read_text(encoding="utf-8")
    tables = sorted(source.glob("t?-??.csv"))
    problems = [problem for file in tables if (problem := compare_table(text, file))]
    problems += compare_prose(text, source / "prose.csv")
    if problems:
        print("\n".join(problems))
        return 1
    compared = {}
    for file in [*tables, source / "prose.csv"]:
        with file.open(encoding="utf-8", newline="") as stream:
            compared[file.name] = {
                "sha256": sha256(file),
                "cells": sum(1 for row in csv.reader(stream) for cell in row if cell),
            }
    record = {"text": sha256(text_file), "differences": 0, "compared": compared}
    (source / "transcription.json").write_text(
        json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    print(
        f"{len(compared)} files, {sum(one['cells'] for one in compared.values())} cells: no difference"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
