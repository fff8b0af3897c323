"""``reports/<edition>/take-away.zip``: all tables, figures and numbers of an edition to take away at once.

In: the finished pages of an edition, its facts, the observations. Out: the bytes of a ZIP file, the same for
the same pages: one workbook (cover, contents, notes, one table a sheet), every table and the numbers as CSV
with one value a cell, the figures, a README. Nothing is computed here: what it holds is read off the pages,
so that :func:`differences` can hold a pack against the pages it lies beside.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table as Marked
from openpyxl.worksheet.table import TableStyleInfo

from minato_analysis import data
from minato_analysis.audit.workbook import fixed, packed
from minato_analysis.data import study
from minato_analysis.numbers.tables import harmless
from minato_analysis.project import editions, publisher
from minato_analysis.project.editions import Edition
from minato_analysis.project.publisher import Publisher
from minato_analysis.published import page
from minato_analysis.published.manifest import DIFFERENCES, date_of
from minato_analysis.reporting.words import WORDS

FILE = "take-away.zip"
BOM = "\ufeff"
WORKBOOK, README = "tables.xlsx", "README.txt"
REPORT = "council_report.pdf"
"""The report on paper, in a pack made by ``minato take-away`` where there is a browser to print it."""

LARGEST = 200_000_000
"""Bytes a pack may hold, unpacked; ours hold 4 million. A pack comes from whoever is judged."""

FRAME = "（入れ物）"
"""Name under which the frame of a ZIP file is compared: order, dates, modes, what lies before and between."""

_TABLE = re.compile(
    r'<a href="data:text/csv;charset=utf-8,(?P<csv>[^"]*)" download="(?P<id>[^"]+)\.csv">[^<]*'
    r'<span class="unseen">(?P<label>[^<]*)</span></a>(?:(?!</p>).)*</p>'
    r'(?:\s*<ul class="notes">(?P<notes>.*?)</ul>)?',
    re.S,
)
_RECORDS = ("audit_report", "sources")
"""A table of hashes, the code's among them: in a pack it would make every change of code one of data."""

_DRAWING = re.compile(
    r'<a href="data:image/svg\+xml;charset=utf-8,(?P<svg>[^"]*)" download="(?P<name>[^"]+\.svg)">'
)
_PAGE = re.compile(r"<title>(.*?)</title>", re.S)
_NUMBER = re.compile(r"-?\d+(?:\.(\d+))?")
FACTS_JA = ("記録名", "値", "単位", "掲載", "計算式", "元のセルの数", "計算したノートブック")
FACTS_EN = ("id", "value", "unit", "display", "formula", "cells", "notebook")


@dataclass(frozen=True)
class Taken:
    """One table of a page: where it stands, its title, heads and rows, its notes."""

    page: str
    page_title: str
    id: str
    label: str
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]

    @property
    def path(self) -> str:
        """Its name in the pack."""
        return f"tables/{self.page}/{self.id}.csv"


def content(root: Path, name: str, folder: Path, report: bytes = b"") -> bytes:
    """Return the bytes of the pack.

    Parameters
    ----------
    root : Path
        The project folder.
    name : str
        An edition.
    folder : Path
        Where its finished pages and ``facts.json`` lie.
    report : bytes, optional
        The council report as PDF; it differs from machine to machine.
    """
    edition = editions.load(root, name)
    made = dict(_entries(root, edition, folder))
    return packed(made | ({REPORT: report} if report else {}), date_of(edition.declared()))


def differences(root: Path, name: str) -> list[str]:
    """Return the parts of the published pack that are not those of the pages it lies beside."""
    folder = root / "reports" / name
    try:
        there = unpacked((folder / FILE).read_bytes())
    except (OSError, zipfile.BadZipFile, ValueError):
        return [FILE]
    wanted = unpacked(content(root, name, folder))
    return [part for part in {**wanted, **there} if wanted.get(part) != there.get(part)]


def unpacked(content: bytes, prefix: str = "") -> dict[str, bytes]:
    """Return what is in a ZIP file by name, workbooks unpacked too: another zlib writes other bytes.

    What it is beside that stands under the name :data:`FRAME`.

    Raises
    ------
    zipfile.BadZipFile, ValueError
        No ZIP file, or one that says it holds more than :data:`LARGEST` bytes.
    """
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as pack:
        if sum(one.file_size for one in pack.infolist()) > LARGEST:
            raise ValueError("the pack holds too much")
        for one in pack.namelist():
            held = pack.read(one)
            nested = one.endswith(".xlsx") and not prefix
            found |= unpacked(held, f"{prefix}{one}/") if nested else {f"{prefix}{one}": held}
        found[f"{prefix}{FRAME}"] = _frame(content, pack)
    return found


def _frame(content: bytes, pack: zipfile.ZipFile) -> bytes:
    """Return all that a ZIP file is beside what is in it; a program or a second entry can hide there."""
    at, told = 0, []
    for one in pack.infolist():
        head = one.FileHeader(zip64=False)
        same = content[at : at + len(head)] == head
        told.append((one.filename, one.date_time, one.external_attr, one.extra, one.comment, same))
        at += len(head) + one.compress_size
    listed = sum(46 + len(one.filename.encode()) + len(one.extra) for one in pack.infolist())
    return repr((told, at == pack.start_dir, len(content) - at - listed)).encode()


def tables(folder: Path) -> list[Taken]:
    """Return the tables of the pages in a folder, in the order of the pages."""
    found = []
    for file in _pages(folder):
        html = file.read_text(encoding="utf-8")
        title = _PAGE.search(html)
        for one in _TABLE.finditer(html):
            if (file.stem, one["id"]) == _RECORDS:
                continue
            text = unquote(one["csv"]).removeprefix(BOM)
            notes = re.findall(r"<li>(.*?)</li>", one["notes"] or "", re.S)
            found.append(
                Taken(
                    file.stem,
                    page.text(title[1]) if title else file.stem,
                    one["id"],
                    page.text(one["label"]).strip("（）() "),
                    tuple(tuple(row) for row in csv.reader(io.StringIO(text))),
                    tuple(map(page.text, notes)),
                )
            )
    return found


def _pages(folder: Path) -> list[Path]:
    """Return the pages of the edition alone: a comparison with another one is none of them."""
    return [one for one in sorted(folder.glob("*.html")) if not one.name.startswith(DIFFERENCES)]


def _entries(root: Path, edition: Edition, folder: Path) -> Iterator[tuple[str, bytes]]:
    signed, taken = publisher.load(root), tables(folder)
    subject = WORDS["ja"]["subject"].format(area=study.names(root, edition)["area_name"])
    yield README, _readme(subject, edition, signed, root).encode()
    yield WORKBOOK, _workbook(subject, edition, signed, taken)
    for one in taken:
        yield one.path, _csv(one.rows)
    for file in _pages(folder):
        html = file.read_text(encoding="utf-8")
        for drawn in _DRAWING.finditer(html):
            name = drawn["name"].removeprefix(f"{file.stem}-")
            yield f"figures/{file.stem}/{name}", unquote(drawn["svg"]).encode()
    listed = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    yield "numbers.csv", _csv([FACTS_EN, *map(_fact, listed)])
    yield "numbers_ja.csv", _csv([FACTS_JA, *map(_fact, listed)])
    observed = (root / data.OBSERVATIONS).read_text(encoding="utf-8")
    yield "observations.csv", (BOM + observed).encode()
    rows = list(csv.reader(io.StringIO(observed)))
    titles = _titles(root)
    yield "observations_ja.csv", _csv([[titles.get(one, one) for one in rows[0]], *rows[1:]])


def _fact(fact: Mapping[str, Any]) -> list[str]:
    value = "" if fact["value"] is None else repr(fact["value"])
    cells = str(len(fact["observations"]))
    return [
        *(fact["id"], value, fact["unit"], fact["display"], fact["formula"]),
        *(cells, fact["notebook"]),
    ]


def _titles(root: Path) -> dict[str, str]:
    resources = data.descriptor(root)["resources"]
    observations = next(one for one in resources if one["name"] == "observations")
    return {one["name"]: one["title"] for one in observations["schema"]["fields"]}


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return (BOM + out.getvalue()).encode()


def _workbook(subject: str, edition: Edition, signed: Publisher, taken: Sequence[Taken]) -> bytes:
    book = Workbook()
    book.properties.title = f"{subject}（{edition.title}）"
    book.properties.creator = signed.publisher
    book.properties.language = "ja-JP"
    cover, contents, notes = book.active, book.create_sheet("目次"), book.create_sheet("注")
    cover.title = "表紙"
    for line in _cover(subject, edition, signed):
        cover.append([line])
    contents.append(["目次"])
    contents.append(["番号", "表", "ページ", "行", "列", "CSV"])
    notes.append(["注"])
    notes.append(["番号", "表", "注"])
    for number, one in enumerate(taken, 1):
        sheet = book.create_sheet(f"表{number}")
        _sheet(sheet, number, one)
        contents.append(
            [number, one.label, one.page_title, len(one.rows) - 1, len(one.rows[0]), one.path]
        )
        contents.cell(contents.max_row, 2).hyperlink = f"#'{sheet.title}'!A1"
        for note in one.notes:
            notes.append([number, one.label, note])
    for sheet, widths in ((cover, (90,)), (contents, (7, 60, 50, 7, 7, 50)), (notes, (7, 40, 90))):
        sheet["A1"].font = Font(bold=True, size=14)
        for at, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(at)].width = width
        for cell in sheet[2] if sheet is not cover else ():
            cell.font = Font(bold=True)
    return fixed(book, date_of(edition.declared()))


def _sheet(sheet: Any, number: int, one: Taken) -> None:
    """Write one table: title, page, way back, then the table itself, marked as one."""
    sheet["A1"], sheet["A2"], sheet["A3"] = f"表{number}　{one.label}", one.page_title, "目次へ"
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A3"].hyperlink = "#'目次'!A1"
    head, *rows = one.rows
    sheet.append(list(head))
    top = sheet.max_row
    for row in rows:
        sheet.append([_typed(cell) for cell in row])
        for text, cell in zip(row, sheet[sheet.max_row], strict=False):
            found = _NUMBER.fullmatch(text)
            if found:
                cell.number_format = f"0.{'0' * len(found[1])}" if found[1] else "0"
            elif cell.data_type == "f":
                cell.data_type = "s"
    for at, name in enumerate(head, 1):
        cell = sheet.cell(top, at)
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(at)].width = min(40, max(10, 2 * len(name)))
    sheet.freeze_panes = f"B{top + 1}"
    if rows:
        end = f"{get_column_letter(len(head))}{sheet.max_row}"
        marked = Marked(displayName=f"table{number}", ref=f"A{top}:{end}")
        marked.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
        sheet.add_table(marked)


def _typed(cell: str) -> str | int | float | None:
    found = _NUMBER.fullmatch(cell)
    if not found:
        return cell or None
    return float(Decimal(cell)) if found[1] else int(cell)


def _cover(subject: str, edition: Edition, signed: Publisher) -> list[str]:
    said = {name: getattr(signed, name) for name in signed.shown}
    return [
        f"{subject}　表の一覧（{edition.title}）",
        f"対象の文書：{edition.subject}",
        f"作成日：{edition.built}",
        *(f"{publisher.LABELS[name]}：{value}" for name, value in said.items()),
        f"引用のしかた：{signed.cited(subject, edition.title, edition.built)}",
        "ページに示した表を、1枚に1表、1つのセルに1つの値で収めています。単位は見出しにあります。",
        "区間は下限と上限の列に、元号の年には西暦の列を添えています。数値がない理由などは「注記」の列にあります。",
    ]


def _readme(subject: str, edition: Edition, signed: Publisher, root: Path) -> str:
    terms = "、".join(one["title"] for one in data.descriptor(root)["licenses"])
    official = "" if signed.official else "市区町村の公式の資料ではありません。\n"
    lines = [
        *_cover(subject, edition, signed)[:-2],
        f"{official}もとの資料の利用条件：{terms}",
        "",
        "中にあるもの",
        f"  {WORKBOOK}          すべての表（表計算ソフトで開く。表紙、目次、注、1枚に1表）",
        "  tables/              同じ表のCSV（UTF-8、1つのセルに1つの値）",
        "  figures/             図（SVG。題、範囲、資料、版を書き込んであります）",
        "  numbers_ja.csv       掲載した数値（見出しは日本語）。numbers.csv は英語の見出し",
        "  observations_ja.csv  印刷された値1つが1行の表。observations.csv は英語の見出し",
        f"  {REPORT}   会議資料（印刷できる計算機で作った場合だけ。作る計算機で違うので照合しません）",
        "",
        "English",
        f"  {edition.subject_en or edition.subject}, edition {edition.edition}. Not an official document"
        " unless a publisher says so above.",
        f"  {WORKBOOK}: all tables, one a sheet. tables/: the same as CSV (UTF-8), one value a cell.",
        "  figures/: SVG. numbers.csv: every published number. observations.csv: one printed value a row.",
        "",
    ]
    return "\n".join(lines)
