"""An xlsx reduced to its numbers and texts, so that the library reading it sees nothing else.

In: the parts that :func:`~minato_analysis.received.package.unpack` returns. Out: a small xlsx, written anew,
in which every sheet holds values, texts and number formats only, and for each sheet what was left out on the
way: merged ranges, formulas, hidden rows and columns, looks that change what is seen, texts that stand in no
cell (:class:`Facts`).

Not carried over: formulas (their saved values are), links, names, filters, validations, drawings. They are
the parts of the format that grow without bound when read, or point elsewhere.

Codes: ``E6-XLSX-BROKEN``, ``E6-XLSX-STRICT``, ``E6-XLSX-SHEETS``, ``E6-XLSX-STYLES``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any, Final
from xml.etree import ElementTree as ET

from minato_analysis.received import package
from minato_analysis.received.errors import ReceivedError
from minato_analysis.received.limits import LIMITS, Limits
from minato_analysis.received.sheet import Position

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT: Final = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_DOCUMENT: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DATE_IN_JAPAN: Final = frozenset((*range(27, 37), *range(50, 59)))
"""Built-in number formats that are dates in Japanese Excel, and that no file spells out."""
_DATE: Final = "14"
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
"""Rows and columns of a sheet in Excel."""


_OTHER_BOOK: Final = re.compile(r"\[[0-9]+\]")
"""How a formula names another workbook."""
_MARK: Final = re.compile(r"[※*＊†‡#0-9a-zA-Z０-９注()（）,、.]{1,8}")
"""What is a footnote mark when it is raised beside other text."""
_SAME_COLOUR: Final = 32
"""Steps of 256 in red, green and blue below which a text is not seen before its background."""
_CODES_OF_PAGE: Final = re.compile(r'&(?:"[^"]*"|K[0-9A-F]{6}|[0-9]+|[A-Za-z])')
"""Codes in the header and footer of a page."""
_MOST_TEXTS: Final = 300
_TEXTS: Final = ("}comment", "}threadedComment", "}txBody")
"""Elements that hold the text of one comment or shape."""


@dataclass(frozen=True)
class Looks:
    """What the looks of a text said: raised marks and struck parts, both left out, or a doubt of the whole.

    A doubt is ``STRUCK``, ``UNSEEN`` (in the colour of its background) or ``MIXED`` (digits of two looks).
    """

    mark: str = ""
    struck: str = ""
    doubt: str = ""


_PLAIN: Final = Looks()


@dataclass
class Facts:
    """What one sheet says besides its values; positions from 0."""

    name: str
    state: str
    merged: list[tuple[Position, Position]] = field(default_factory=list)
    formulas: list[Position] = field(default_factory=list)
    without_value: list[Position] = field(default_factory=list)
    linked: set[Position] = field(default_factory=set)
    linked_shared: set[str | None] = field(default_factory=set)
    looks: dict[Position, Looks] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    zeros: bool = True
    """Whether the sheet shows a zero."""
    beside: list[str] = field(default_factory=list)
    """Texts in no cell: header and footer of the page, comments, shapes."""
    rows: int = 0
    columns: int = 0


@dataclass(frozen=True)
class Reduced:
    """The small xlsx as parts, and the facts of its sheets in order."""

    parts: Mapping[str, bytes]
    sheets: tuple[Facts, ...]


def reduced(parts: Mapping[str, bytes], name: str, limits: Limits = LIMITS) -> Reduced:
    """Return the tables of an xlsx without everything else.

    Raises
    ------
    ReceivedError
    """
    with package.broken_unless_refused(name):
        return _reduced(parts, name, limits)


def _reduced(parts: Mapping[str, bytes], name: str, limits: Limits) -> Reduced:
    book = _single(parts, "", "/officeDocument", name)
    root = package.parse(parts[book], book, name)
    if root.tag != f"{{{_MAIN}}}workbook":
        raise _not_a_workbook(root.tag, name)
    relations = dict(_relations(parts, book, name))
    listed = root.findall(f"{{{_MAIN}}}sheets/{{{_MAIN}}}sheet")
    if len(listed) > limits.sheets:
        raise ReceivedError(
            "E6-XLSX-SHEETS",
            name,
            f"シートが{len(listed)}枚で、上限の{limits.sheets}枚を超えるため読みません。"
            "まず要るシートを確かめ、それだけを別のファイルに保存してください。",
        )
    out: dict[str, bytes] = {}

    def content(kind: str) -> Any:
        found = [part for one, part in relations.values() if one.endswith(kind)]
        return package.parse(parts[found[0]], found[0], name) if found else ET.Element("none")

    names = [
        one.attrib["name"]
        for one in root.findall(f"{{{_MAIN}}}definedNames/{{{_MAIN}}}definedName")
        if _OTHER_BOOK.search(one.text or "")
    ]
    linked = re.compile("|".join([_OTHER_BOOK.pattern, *map(re.escape, names)]), re.I)
    look = content("/styles")
    styles, out["xl/styles.xml"] = _styles(look, name, limits)
    out["xl/sharedStrings.xml"], texts = _texts(content("/sharedStrings"))
    looks = _Looked(texts, _doubts(look), linked, _changing(look))
    sheets: list[Facts] = []
    read: set[str] = set()
    for one in listed:
        kind, part = relations[one.attrib[f"{{{_DOCUMENT}}}id"]]
        if part in read:
            raise ValueError(f"{part} is two sheets")
        read.add(part)
        facts = Facts(one.attrib["name"], one.get("state", "visible"))
        if kind.endswith("/worksheet"):
            root = package.parse(parts[part], part, name)
            out[f"xl/worksheets/sheet{len(sheets) + 1}.xml"] = _sheet(root, facts, styles, looks)
            facts.beside += _beside(root, parts, part, name)
            sheets.append(facts)
    return Reduced(_frame(out, len(sheets)), tuple(sheets))


def _not_a_workbook(tag: str, name: str) -> ReceivedError:
    if tag == f"{{{_STRICT}}}workbook":
        return ReceivedError(
            "E6-XLSX-STRICT",
            name,
            "「完全 Open XML（Strict）」の形式のため読みません（読める形式: ふつうの .xlsx）。"
            "まず保存の形式を確かめ、Excelで「Excel ブック（*.xlsx）」に保存し直してください。",
        )
    return ReceivedError(
        "E6-XLSX-BROKEN",
        name,
        "Excelの表のファイルではありません（WordやPowerPointの中身かもしれません）。"
        "まずExcelで開けるかを確かめ、「Excel ブック（*.xlsx）」に保存し直してください。",
    )


def _relations(
    parts: Mapping[str, bytes], source: str, name: str
) -> Iterator[tuple[str, tuple[str, str]]]:
    member = package.relations_of(source)
    for one in package.parse(parts[member], member, name):
        yield one.attrib["Id"], (one.attrib["Type"], package.target(source, one.attrib["Target"]))


def _single(parts: Mapping[str, bytes], source: str, kind: str, name: str) -> str:
    found = [part for _, (one, part) in _relations(parts, source, name) if one.endswith(kind)]
    return found[0]


@dataclass(frozen=True)
class _Looked:
    """Looks of the shared texts by number, doubts of styles by number, what names another workbook.

    `changing` are the looks that change a value or hide it where a condition holds.
    """

    texts: Mapping[int, Looks]
    doubts: Mapping[int, str]
    linked: re.Pattern[str]
    changing: frozenset[str]


def _sheet(root: Any, facts: Facts, styles: Sequence[int], looks: _Looked) -> bytes:
    from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries  # noqa: PLC0415

    made = ET.Element(f"{{{_MAIN}}}worksheet")
    data = ET.SubElement(made, f"{{{_MAIN}}}sheetData")
    row_number, seen = 0, set()
    ranges = _conditional(root, looks)
    views = root.findall(f"{{{_MAIN}}}sheetViews/{{{_MAIN}}}sheetView")
    facts.zeros = not any(one.get("showZeros", "1") in ("0", "false") for one in views)
    for row in root.findall(f"{{{_MAIN}}}sheetData/{{{_MAIN}}}row"):
        row_number = int(row.get("r", row_number + 1))
        if _is_hidden(row, "ht"):
            facts.hidden_rows.add(row_number - 1)
        line = ET.SubElement(data, f"{{{_MAIN}}}row", r=str(row_number))
        column = 0
        for cell in row.findall(f"{{{_MAIN}}}c"):
            at = coordinate_to_tuple(cell.get("r")) if cell.get("r") else (row_number, column + 1)
            column = at[1]
            if not 1 <= at[0] <= _MOST_ROWS or not 1 <= at[1] <= _MOST_COLUMNS:
                raise ValueError(f"there is no cell {cell.get('r')}")
            if at[0] != row_number or at in seen:
                raise ValueError(f"cell {cell.get('r')} stands twice or in another row")
            seen.add(at)
            _cell(cell, at, line, facts, styles, looks)
            if ranges and any(
                top <= at[0] <= bottom and left <= at[1] <= right
                for left, top, right, bottom in ranges
            ):
                facts.looks[at[0] - 1, at[1] - 1] = Looks(doubt="CONDITION")
    for one in root.findall(f"{{{_MAIN}}}cols/{{{_MAIN}}}col"):
        if _is_hidden(one, "width"):
            facts.hidden_columns.append((int(one.attrib["min"]) - 1, int(one.attrib["max"]) - 1))
    if len(facts.hidden_columns) > _MOST_COLUMNS:
        raise ValueError("more hidden columns than a sheet has columns")
    for one in root.findall(f"{{{_MAIN}}}mergeCells/{{{_MAIN}}}mergeCell"):
        left, top, right, bottom = range_boundaries(one.attrib["ref"])
        facts.merged.append(((top - 1, left - 1), (bottom - 1, right - 1)))
    return ET.tostring(made, encoding="utf-8")


def _cell(
    cell: Any,
    at: tuple[int, int],
    line: ET.Element,
    facts: Facts,
    styles: Sequence[int],
    looks: _Looked,
) -> None:
    """Write one cell with a value into its row; note its formula."""
    kind, position = cell.get("t", "n"), (at[0] - 1, at[1] - 1)
    value = cell.findtext(f"{{{_MAIN}}}v")
    if (formula := cell.find(f"{{{_MAIN}}}f")) is not None:
        facts.formulas.append(position)
        shared = formula.get("si")
        if looks.linked.search(formula.text or "") or shared in facts.linked_shared:
            facts.linked.add(position)
            facts.linked_shared |= {shared} - {None}
        # A formula may show nothing (""), which is saved as an empty text; a number is never saved empty.
        if value is None or (not value and kind != "str"):
            facts.without_value.append(position)
    inline = cell.find(f"{{{_MAIN}}}is")
    text, look = value, _PLAIN
    if inline is not None and kind == "inlineStr":
        text, look = _read(inline)
    if not text and position not in facts.without_value:
        return
    facts.rows, facts.columns = max(facts.rows, at[0]), max(facts.columns, at[1])
    attributes = {"r": f"{_letters(at[1])}{at[0]}", "t": "str" if kind == "inlineStr" else kind}
    if kind == "s" and not (text or "").isdecimal():
        raise ValueError(f"{text!r} is no text's number")
    style = int(cell.get("s", 0))
    if style < 0:
        raise ValueError(f"{style} is no style's number")
    look = looks.texts.get(int(text or ""), look) if kind == "s" else look
    look = Looks(doubt=looks.doubts[style]) if style in looks.doubts else look
    if look != _PLAIN:
        facts.looks[position] = look
    if style or styles:  # a cell that names no style has the first one
        attributes["s"] = str(styles[style])
    made = ET.SubElement(line, f"{{{_MAIN}}}c", attributes)
    ET.SubElement(made, f"{{{_MAIN}}}v").text = text


@cache
def _letters(column: int) -> str:
    from openpyxl.utils.cell import get_column_letter  # noqa: PLC0415

    return str(get_column_letter(column))


def _read(text: Any) -> tuple[str, Looks]:
    """Return the characters of a text without its reading aids (ふりがな), raised marks and struck parts."""
    runs = [text, *text.findall(f"{{{_MAIN}}}r")]
    parts = [(run.findtext(f"{{{_MAIN}}}t") or "", *_look(run)) for run in runs]
    sizes = [
        (part, _size(run))
        for run, (part, one, gone) in zip(runs, parts, strict=True)
        if part and not one and not gone
    ]
    for (before, size), (after, other) in pairwise(sizes):
        if size != other and before[-1].isdecimal() and after[0].isdecimal():
            return "".join(part for part, _, _ in parts), Looks(doubt="MIXED")
    whole = "".join(part for part, _, _ in parts)
    struck = "".join(part for part, _, one in parts if one)
    mark = "".join(part for part, one, gone in parts if one and not gone and _MARK.fullmatch(part))
    kept = "".join(
        part for part, one, gone in parts if not gone and not (one and _MARK.fullmatch(part))
    )
    if struck.strip() and struck == whole:
        return whole, Looks(doubt="STRUCK")
    return (kept, Looks(mark, struck)) if kept.strip() else (whole, Looks())


def _look(run: Any) -> tuple[bool, bool]:
    """Tell whether a run is raised or lowered, and whether it is struck."""
    look = run.find(f"{{{_MAIN}}}rPr")
    if look is None:
        return False, False
    place = look.find(f"{{{_MAIN}}}vertAlign")
    return place is not None and place.get("val") != "baseline", _is_on(look, "strike")


def _is_on(look: Any, name: str) -> bool:
    one = look.find(f"{{{_MAIN}}}{name}")
    return one is not None and one.get("val", "1") in ("1", "true")


def _size(run: Any) -> str:
    """Return size and colour of a run of text: where they change within digits, one of them is a mark."""
    look = run.find(f"{{{_MAIN}}}rPr")
    found = [] if look is None else [look.find(f"{{{_MAIN}}}{name}") for name in ("sz", "color")]
    return "".join(str(sorted(one.attrib.items())) for one in found if one is not None)


def _is_hidden(one: Any, size: str) -> bool:
    return one.get("hidden") in ("1", "true") or float(one.get(size, "1")) == 0


def _doubts(root: Any) -> dict[int, str]:
    """Return the styles in which a text is struck, or not seen before its background."""
    fonts = root.findall(f"{{{_MAIN}}}fonts/{{{_MAIN}}}font")
    fills = root.findall(f"{{{_MAIN}}}fills/{{{_MAIN}}}fill")
    found = {}
    for number, style in enumerate(root.findall(f"{{{_MAIN}}}cellXfs/{{{_MAIN}}}xf")):
        font = _of(fonts, style.get("fontId", "0"))
        if font is not None and _is_on(font, "strike"):
            found[number] = "STRUCK"
        elif _alike(
            _colour(font, "color", "000000"), _behind(_of(fills, style.get("fillId", "0")))
        ):
            found[number] = "UNSEEN"
    return found


def _of(looks: Sequence[Any], number: str) -> Any:
    return looks[int(number)] if 0 <= int(number) < len(looks) else None


def _behind(fill: Any) -> str:
    pattern = None if fill is None else fill.find(f"{{{_MAIN}}}patternFill")
    if pattern is None or pattern.get("patternType", "none") == "none":
        return "FFFFFF"
    return _colour(pattern, "fgColor", "") if pattern.get("patternType") == "solid" else ""


def _colour(look: Any, name: str, otherwise: str) -> str:
    """Return a colour as six hexadecimal digits; as written where the file does not say which it is."""
    one = None if look is None else look.find(f"{{{_MAIN}}}{name}")
    if one is None:
        return otherwise
    if one.get("rgb"):
        return str(one.get("rgb"))[-6:]
    if float(one.get("tint", "0")) == 0:
        for key, number in (("theme", "0"), ("indexed", "1"), ("indexed", "9"), ("indexed", "65")):
            if one.get(key) == number:
                return "FFFFFF"
        for key, number in (("theme", "1"), ("indexed", "0"), ("indexed", "8"), ("indexed", "64")):
            if one.get(key) == number:
                return "000000"
    return str(sorted(one.attrib.items()))


def _alike(one: str, other: str) -> bool:
    if not (re.fullmatch("[0-9A-Fa-f]{6}", one) and re.fullmatch("[0-9A-Fa-f]{6}", other)):
        return one == other != ""
    pairs = zip(bytes.fromhex(one), bytes.fromhex(other), strict=True)
    return max(abs(first - second) for first, second in pairs) < _SAME_COLOUR


def _changing(root: Any) -> frozenset[str]:
    """Return the looks of conditions that write a value otherwise, strike it, or colour it white."""
    return frozenset(
        str(number)
        for number, one in enumerate(root.findall(f"{{{_MAIN}}}dxfs/{{{_MAIN}}}dxf"))
        if one.find(f"{{{_MAIN}}}numFmt") is not None
        or (
            (font := one.find(f"{{{_MAIN}}}font")) is not None
            and (_is_on(font, "strike") or _alike(_colour(font, "color", ""), "FFFFFF"))
        )
    )


def _conditional(root: Any, looks: _Looked) -> list[tuple[int, int, int, int]]:
    """Return the ranges in which a condition may change what is seen."""
    from openpyxl.utils.cell import range_boundaries  # noqa: PLC0415

    return [
        range_boundaries(place)
        for one in root.findall(f"{{{_MAIN}}}conditionalFormatting")
        if any(
            rule.get("dxfId") in looks.changing
            or any(each.get("showValue") in ("0", "false") for each in rule)
            for rule in one.findall(f"{{{_MAIN}}}cfRule")
        )
        for place in one.get("sqref", "").split()
    ]


def _beside(root: Any, parts: Mapping[str, bytes], part: str, name: str) -> list[str]:
    """Return the texts of a sheet that stand in no cell."""
    pages = root.findall(f"{{{_MAIN}}}headerFooter/*")
    texts = [_CODES_OF_PAGE.sub(" ", one.text or "") for one in pages]
    if package.relations_of(part) in parts:
        for kind, target in dict(_relations(parts, part, name)).values():
            if kind.endswith(("/comments", "/threadedComment", "/drawing")) and target in parts:
                for one in package.parse(parts[target], target, name).iter():
                    if one.tag.endswith(_TEXTS):
                        texts.append("".join(one.itertext()))
    return [" ".join(one.split()) for one in texts if one.strip()][:_MOST_TEXTS]


def _texts(root: Any) -> tuple[bytes, dict[int, Looks]]:
    made = ET.Element(f"{{{_MAIN}}}sst")
    looks = {}
    for number, one in enumerate(root.findall(f"{{{_MAIN}}}si")):
        text, look = _read(one)
        ET.SubElement(ET.SubElement(made, f"{{{_MAIN}}}si"), f"{{{_MAIN}}}t").text = text
        if look != Looks():
            looks[number] = look
    return ET.tostring(made, encoding="utf-8"), looks


def _styles(root: Any, name: str, limits: Limits) -> tuple[list[int], bytes]:
    """Keep one style for each number format; return which one every style of the file becomes.

    The looks of cells are where damaged files break the reading library, and where they grow.
    """
    written = {
        one.attrib["numFmtId"]: one.attrib["formatCode"]
        for one in root.findall(f"{{{_MAIN}}}numFmts/{{{_MAIN}}}numFmt")
    }
    # The first is what a cell without a style has.
    places = {"0": 0}
    styles = []
    for style in root.findall(f"{{{_MAIN}}}cellXfs/{{{_MAIN}}}xf"):
        number = style.get("numFmtId", "0")
        if number not in written and int(number) in _DATE_IN_JAPAN:
            number = _DATE
        styles.append(places.setdefault(number, len(places)))
    if len(places) > limits.formats:
        raise ReceivedError(
            "E6-XLSX-STYLES",
            name,
            f"数の書式が{len(places):,}種類で、上限の{limits.formats:,}種類を超えるため読みません。"
            "まず書式の乱れを確かめ、要る表だけを新しいファイルに値で貼り付けて保存してください。",
        )
    made = ET.Element(f"{{{_MAIN}}}styleSheet")
    formats = ET.SubElement(made, f"{{{_MAIN}}}numFmts", count=str(len(places)))
    cells = ET.SubElement(made, f"{{{_MAIN}}}cellXfs")
    for number in places:
        if number in written:
            code = {"numFmtId": number, "formatCode": written[number]}
            ET.SubElement(formats, f"{{{_MAIN}}}numFmt", code)
        ET.SubElement(cells, f"{{{_MAIN}}}xf", numFmtId=number)
    return styles, ET.tostring(made, encoding="utf-8")


def _frame(parts: dict[str, bytes], sheets: int) -> dict[str, bytes]:
    """Add the parts that hold an xlsx together."""
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    kinds = {
        "xl/workbook.xml": "sheet.main+xml",
        "xl/sharedStrings.xml": "sharedStrings+xml",
        "xl/styles.xml": "styles+xml",
        **{f"xl/worksheets/sheet{one}.xml": "worksheet+xml" for one in range(1, sheets + 1)},
    }
    overrides = "".join(
        f'<Override PartName="/{part}" ContentType="{types}{kind}"/>'
        for part, kind in kinds.items()
        if part in parts or part == "xl/workbook.xml"
    )
    relations = "".join(
        f'<Relationship Id="r{one}" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet{one}.xml"/>'
        for one in range(1, sheets + 1)
    )
    listed = "".join(
        f'<sheet name="s{one}" sheetId="{one}" r:id="r{one}"/>' for one in range(1, sheets + 1)
    )
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    content = "http://schemas.openxmlformats.org/package/2006/content-types"
    written = {
        package.CONTENT_TYPES: f'<Types xmlns="{content}">{overrides}</Types>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{rels}">{relations}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}">'
        f"<sheets>{listed}</sheets></workbook>",
    }
    return parts | {part: text.encode() for part, text in written.items()}
