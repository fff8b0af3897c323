"""Files as they are received: well-made ones, and packages built by hand to be hostile."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

import openpyxl

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def xlsx(**sheets: Iterable[Iterable[Any]]) -> bytes:
    """Return a workbook with the given rows on each sheet."""
    return saved(workbook(**sheets))


def workbook(**sheets: Iterable[Iterable[Any]]) -> openpyxl.Workbook:
    """Return the same, open for more."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    """Return the bytes of a workbook."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def parts(sheet: str, *, styles: str = "", strings: str = "", book: str = "") -> dict[str, str]:
    """Return the parts of a small xlsx around the XML of one sheet."""
    types = f'<Types xmlns="{PACKAGE}/content-types"/>'
    related = [("r1", "worksheet", "worksheets/s.xml")]
    related += [("r2", "styles", "styles.xml")] if styles else []
    related += [("r3", "sharedStrings", "ss.xml")] if strings else []
    made = {
        "[Content_Types].xml": types,
        "_rels/.rels": relations([("r1", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": book
        or f'<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(related),
        "xl/worksheets/s.xml": sheet,
    }
    more = {"xl/styles.xml": styles, "xl/ss.xml": strings}
    return made | {name: text for name, text in more.items() if text}


def relations(rows: Iterable[tuple[str, str, str]], attributes: str = "") -> str:
    """Return a part with relations."""
    inside = "".join(
        f'<Relationship Id="{name}" Type="{DOCUMENT}/{kind}" Target="{target}"{attributes}/>'
        for name, kind, target in rows
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inside}</Relationships>'


def sheet(rows: str, after: str = "") -> str:
    """Return the XML of a sheet."""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def packed(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """Return parts as a zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def with_part(data: bytes, name: str, content: str | bytes) -> bytes:
    """Return an xlsx with one part more."""
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(name, content)
    return stream.getvalue()


ONE_CELL = sheet('<row r="1"><c r="A1"><v>1</v></c></row>')
