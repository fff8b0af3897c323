"""``reports/LEDGER.csv``: which editions were published, with which manifest; lines are only ever added.

Columns: edition, date, SHA-256 of its ``manifest.json``, SHA-256 of the line before (for the first line,
of the header). An edition without a line is in preparation: it may be rebuilt at will. Once it has one,
its manifest must be the one the last line for it names; a corrected edition gets a new line, the old stays.

A line is added by a person (``minato ledger add``), never by the pipeline, so that a rebuild changes no line.

The chain cannot show that lines are missing at its end, or that it was begun anew: for that the ledger is
held against what it was in every commit (:func:`over_time`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from minato_analysis.project import days
from minato_analysis.project.files import write_text
from minato_analysis.published import history, manifest
from minato_analysis.published.verdict import Finding

SIGNATURE = "reports/LEDGER.csv.sig"
FILE = "reports/LEDGER.csv"
HEADER = "edition,date,manifest_sha256,previous_sha256"
ONE_DAY = timedelta(days=1)
"""Dates of commits are those of their place; a day may lie between two."""


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
        A line without exactly four fields, or with a date that is none.
    """
    found = []
    for number, line in enumerate(lines(text)[1:], 2):
        cells = line.split(",")
        if len(cells) != 4:
            raise LedgerError(f"E5-LEDGER {FILE} {number}行目: 欄が4つではありません。")
        try:
            Date.fromisoformat(cells[1])
        except ValueError:
            raise LedgerError(
                f"E5-LEDGER {FILE} {number}行目: 日付「{cells[1][:20]}」は暦にありません。"
            ) from None
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
        The last line for the edition names this manifest already, or the date lies before the last line's.
    """
    entries = parse(text)
    if entries and date < entries[-1].date:
        raise LedgerError(
            f"E5-LEDGER {edition}: 版の日付 {date} が、"
            f"{entries[-1].number}行目の日付 {entries[-1].date} より前です。"
            "台帳の日付は戻れません。edition.yaml の built を確かめ、版を作り直してください。"
        )
    last = {one.edition: one for one in entries}.get(edition)
    if last is not None and last.manifest == manifest_sha256:
        raise LedgerError(f"E5-LEDGER {edition}: この内容はすでに{last.number}行目にあります。")
    return longer(text, edition, date, manifest_sha256)


def longer(text: str, edition: str, date: str, manifest_sha256: str) -> str:
    """Return the ledger with one more line, whatever it says: what a forger could write."""
    before = lines(text)
    line = f"{edition},{date},{manifest_sha256},{manifest.sha256(before[-1].encode())}"
    return "\n".join([*before, line]) + "\n"


def add(root: Path, edition: str, date: str, manifest_sha256: str) -> str:
    """Add a line to the project's ledger and return it; the caller holds the project's lock.

    Raises
    ------
    LedgerError
        As :func:`added`; or the ledger, with the new line, does not continue what it was in version control.
    OSError
        It cannot be written; then it is what it was.
    """
    text = added(read(root), edition, date, manifest_sha256)
    wrong = [one for one in over_time(root, text) if one.severity != "note"]
    if wrong:
        raise LedgerError(f"{wrong[0].code} {wrong[0].place}: {wrong[0].message}")
    write_text(root / FILE, text)
    return text.splitlines()[-1]


def read(root: Path) -> str:
    """Return the text of the ledger, empty where there is none yet."""
    file = root / FILE
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def check_lines(text: str) -> list[Finding]:
    """Return what is wrong with the ledger in itself."""
    try:
        entries = parse(text)
    except LedgerError as error:
        return [Finding("E5-LEDGER", "ledger", FILE, str(error))]
    return [*_broken_links(text, entries), *_falling_dates(entries)]


def check(text: str, edition: str, date: str, manifest_sha256: str) -> list[Finding]:
    """Return what is wrong with the ledger, or that the edition is in preparation."""
    found = check_lines(text)
    try:
        entries = parse(text)
    except LedgerError:
        return found
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


def _falling_dates(entries: Sequence[Line]) -> list[Finding]:
    return [
        _wrong(
            one,
            f"日付 {one.date} が、前の行の日付 {before.date} より前です。台帳の日付は戻りません。",
        )
        for before, one in pairwise(entries)
        if one.date < before.date
    ]


def over_time(root: Path, text: str | None = None) -> list[Finding]:
    """Return where the ledger does not continue what it was in every commit, or that this cannot be said.

    Parameters
    ----------
    root : Path
        The project folder.
    text : str, optional
        What the ledger is, or is to be; by default what is there.
    """
    text = read(root) if text is None else text
    known = history.versions(root, FILE)
    try:
        found = _against(text, known or [], days.today())
        found += [
            _wrong(one, f"reports/{one.edition}/{manifest.FILE} がありません。ない版の行です。")
            for one in parse(text)
            if not (root / "reports" / one.edition / manifest.FILE).is_file()
        ]
    except LedgerError:
        return []  # said by `check`
    if known is None:
        message = "版管理の履歴がないので、台帳の行が消されたり作り直されたりしていないかは確かめていません。"
        found.append(Finding("N5-LEDGER-HISTORY", "ledger", FILE, message, "note"))
    return found


def _against(text: str, known: Sequence[tuple[Date, str]], today: Date) -> list[Finding]:
    """Hold a ledger against its versions in commits: their dates, and git's names of them."""
    raw, entries = lines(text), parse(text)
    came: dict[int, Date] = {}  # the day each line came, by its number
    for day, name in known:
        length = next(
            (
                number
                for number in range(len(raw), 0, -1)
                if history.blob(("\n".join(raw[:number]) + "\n").encode(), name) == name
            ),
            None,
        )
        if length is None:
            message = (
                f"{day} のコミットにある台帳が、今の台帳の初めの部分と同じではありません。"
                "行が消されたか、書き換えられたか、台帳が作り直されています。"
                f"まず git log -p -- {FILE} で確かめ、消えた行を元に戻してください。"
            )
            return [Finding("E5-LEDGER", "ledger", FILE, message)]
        for number in range(1, length + 1):
            came.setdefault(number, day)
    found: list[Finding] = []
    last: dict[str, str] = {}
    for one in entries:
        date, before = Date.fromisoformat(one.date), came.get(one.number - 1)
        if date > came.get(one.number, today) + ONE_DAY:
            message = (
                f"日付 {one.date} が、この行を載せた日 {came.get(one.number, today)} より後です。"
            )
            found.append(_wrong(one, message))
        # A correction keeps its edition's date; another date cannot lie before the line it follows came.
        new = last.get(one.edition) != one.date
        if new and one.number > 2 and before is not None and date < before - ONE_DAY:
            message = f"日付 {one.date} が、前の行を載せた日 {before} より前です。"
            found.append(_wrong(one, message))
        last[one.edition] = one.date
    return found


def _wrong(line: Line, message: str) -> Finding:
    return Finding("E5-LEDGER", "ledger", f"{FILE} {line.number}行目", message)
