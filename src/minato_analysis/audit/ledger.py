"""``reports/LEDGER.csv``: which editions were published, with which manifest; lines are only ever added.

Columns: edition, date, SHA-256 of its ``manifest.json``, SHA-256 of the line before (for the first line,
of the header). An edition without a line is in preparation: it may be rebuilt at will. Once it has one,
its manifest must be the one the last line for it names; a corrected edition gets a new line, the old stays.

A line is added by a person (``minato ledger add``), never by the pipeline, so that a rebuild changes no line.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from minato_analysis.audit import manifest
from minato_analysis.audit.verdict import Finding

FILE = "reports/LEDGER.csv"
HEADER = "edition,date,manifest_sha256,previous_sha256"


class LedgerError(ValueError):
    """A line that cannot be added."""


@dataclass(frozen=True)
class Line:
    """One published edition."""

    number: int
    edition: str
    date: str
    manifest: str
    previous: str


def lines(text: str) -> list[str]:
    """Return the lines of a ledger, header first; the header alone for an empty text."""
    return text.splitlines() or [HEADER]


def parse(text: str) -> list[Line]:
    """Return the entries of a ledger.

    Raises
    ------
    LedgerError
        A line without exactly four fields.
    """
    found = []
    for number, line in enumerate(lines(text)[1:], 2):
        cells = line.split(",")
        if len(cells) != 4:
            raise LedgerError(f"E5-LEDGER {FILE} {number}行目: 欄が4つではありません。")
        found.append(Line(number, *cells))
    return found


def added(text: str, edition: str, date: str, manifest_sha256: str) -> str:
    """Return the ledger with one more line.

    Examples
    --------
    >>> print(added("", "2024", "2026-11-23", "ab" * 32).splitlines()[1][:30])
    2024,2026-11-23,ababababababab

    Raises
    ------
    LedgerError
        The last line for the edition names this manifest already.
    """
    last = {one.edition: one for one in parse(text)}.get(edition)
    if last is not None and last.manifest == manifest_sha256:
        raise LedgerError(f"E5-LEDGER {edition}: この内容はすでに{last.number}行目にあります。")
    before = lines(text)
    line = f"{edition},{date},{manifest_sha256},{manifest.sha256(before[-1].encode())}"
    return "\n".join([*before, line]) + "\n"


def read(root: Path) -> str:
    """Return the text of the ledger, empty where there is none yet."""
    file = root / FILE
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def check(text: str, edition: str, date: str, manifest_sha256: str) -> list[Finding]:
    """Return what is wrong with the ledger, or that the edition is in preparation."""
    try:
        entries = parse(text)
    except LedgerError as error:
        return [Finding("E5-LEDGER", "ledger", FILE, str(error))]
    found = _broken_links(text, entries)
    own = [one for one in entries if one.edition == edition]
    if not own:
        return [
            *found,
            Finding(
                "N5-IN-PREPARATION",
                "ledger",
                FILE,
                "この版は台帳に載っていません（準備中の版）。"
                "公表後の差し替えに気づけるのは、台帳に載せてからです。",
                "note",
            ),
        ]
    last = own[-1]
    if last.manifest != manifest_sha256:
        message = (
            f"台帳の{last.number}行目が記録した内容と、今の manifest.json の内容が違います。"
            "公表後に差し替えられたか、台帳が書き換えられています。"
        )
        place = f"{FILE} {last.number}行目"
        found.append(
            Finding(
                "E5-LEDGER",
                "ledger",
                place,
                message,
                published=last.manifest[:16],
                recomputed=manifest_sha256[:16],
            )
        )
    elif last.date != date:
        message = f"台帳の日付 {last.date} と、版の日付 {date} が違います。"
        found.append(Finding("E5-LEDGER", "ledger", f"{FILE} {last.number}行目", message))
    return found


def _broken_links(text: str, entries: list[Line]) -> list[Finding]:
    raw = lines(text)
    if raw[0] != HEADER:
        return [Finding("E5-LEDGER", "ledger", f"{FILE} 1行目", "見出しが違います。")]
    return [
        Finding(
            "E5-LEDGER",
            "ledger",
            f"{FILE} {one.number - 1}行目",
            f"{one.number}行目が記録した「前の行のハッシュ」と合いません。"
            f"{one.number - 1}行目が書き換えられたか、その前後の行が消されています。",
        )
        for one in entries
        if one.previous != manifest.sha256(raw[one.number - 2].encode())
    ]
