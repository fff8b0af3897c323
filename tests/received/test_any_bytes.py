"""Any bytes are sheets or a refusal: never another error, never more than the limits."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from minato_analysis.received.blocks import block
from minato_analysis.received.errors import ReceivedError
from minato_analysis.received.limits import Limits
from minato_analysis.received.reading import sheets_of
from minato_analysis.received.refusal import Refusal
from minato_analysis.received.regions import regions
from minato_analysis.received.sheet import Sheet

from .files import ONE_CELL, packed, parts, sheet, xlsx

SMALL = Limits(
    file_bytes=100_000,
    unpacked_bytes=1_000_000,
    part_bytes=500_000,
    rows=500,
    columns=100,
    cells=5_000,
    characters=50_000,
)
WELL_MADE = xlsx(
    図表1=[
        ["図表1-1 推移"],
        ["", "令和4年", "R5"],
        ["検挙人員", 1053, "1,100 人"],
        ["割合", 0.462, "=B1"],
    ]
)
PARTS = parts(
    sheet('<row r="1"><c r="A1" s="1"><v>1</v></c><c r="B1" t="s"><v>0</v></c></row>'),
    styles='<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<numFmts><numFmt numFmtId="164" formatCode="0.0%"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>',
    strings='<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>a</t></si></sst>',
)


def read_or_refuse(content: bytes, name: str) -> list[Sheet]:
    """Read bytes; hold what must be true of every outcome."""
    sentences: list[str] = []
    sheets: list[Sheet] = []
    try:
        sheets = sheets_of(content, name, SMALL)
    except ReceivedError as refused:
        sentences.append(str(refused))
    for one in sheets:
        assert len({len(row) for row in one.cells}) <= 1
        assert sum(map(len, one.cells)) <= SMALL.cells
        assert sum(len(cell) for row in one.cells for cell in row) <= SMALL.characters * 100
        for region in regions(one):
            try:
                block(region)
            except Refusal as refusal:
                sentences.append(str(refusal))
    for sentence in sentences:
        assert sentence.startswith("E6-")
        assert sentence.isprintable()
        assert sentence.endswith("ください。")
    return sheets


@given(st.binary(max_size=300))
@example(b"\xef\xbb\xbf")
@example(b"\r")
@example(b'"')
@example(b"\x00")
def test_any_bytes_as_csv(content: bytes) -> None:
    read_or_refuse(content, "t.csv")


@given(st.text(st.sampled_from('図表1-2,"\n\r\t 令和元年R5(人)%検計=@\u202e単位:'), max_size=120))
def test_any_table_like_text_as_csv(text: str) -> None:
    for encoding in ("utf-8", "cp932"):
        read_or_refuse(text.encode(encoding, "ignore"), "t.csv")


@given(st.binary(max_size=200))
def test_any_bytes_as_xlsx(content: bytes) -> None:
    read_or_refuse(content, "t.xlsx")
    read_or_refuse(b"PK\x03\x04" + content, "t.xlsx")
    read_or_refuse(b"PK\x05\x06" + content, "t.xlsx")


@settings(max_examples=150)
@given(st.data())
def test_a_damaged_workbook(data: st.DataObject) -> None:
    content = bytearray(WELL_MADE)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 5))] = data.draw(st.binary(max_size=5))
    read_or_refuse(bytes(content), "t.xlsx")


@settings(max_examples=150)
@given(st.data())
def test_damaged_xml_within_a_sound_zip(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(PARTS)))
    text = PARTS[name]
    at = data.draw(st.integers(0, len(text)))
    to = data.draw(st.integers(at, min(len(text), at + 20)))
    words = st.sampled_from(
        [
            'r="A1"',
            "<v>",
            "</c>",
            "1048577",
            "-1",
            "NaN",
            "1e999",
            't="d"',
            't="e"',
            't="b"',
            "<f>",
            "&#x1b;",
            "&a;",
        ]
    )
    changed = text[:at] + data.draw(words | st.text(max_size=8)) + text[to:]
    read_or_refuse(packed(PARTS | {name: changed.encode("utf-8", "replace")}), "t.xlsx")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["n", "s", "str", "b", "e", "d", "inlineStr", "x"]),
            st.text(st.sampled_from("0123456789.eE+-#REF!T:aあ"), max_size=8),
        ),
        max_size=4,
    )
)
def test_any_values_in_cells(cells: list[tuple[str, str]]) -> None:
    row = "".join(f'<c t="{kind}"><v>{value}</v></c>' for kind, value in cells)
    read_or_refuse(packed(parts(sheet(f"<row>{row}</row>"))), "t.xlsx")


@pytest.mark.parametrize(
    "content",
    [
        packed(parts(ONE_CELL) | {"xl/a.xml": b" " * 90_000_000}, zipfile.ZIP_DEFLATED),
        packed(parts(sheet("<row>" + "<c><v>1</v></c>" * 25_000 + "</row>"))),
        packed(parts(sheet("<a>" * 40_000 + "</a>" * 40_000))),
        packed(parts(sheet("<row " + " ".join(f'a{n}="{n}"' for n in range(50_000)) + "/>"))),
        b"," * 1_000_000,
        b"\n" * 4_000_000,
        b'"' * 300_000,
    ],
    ids=["zip bomb", "cells", "nesting", "attributes", "commas", "lines", "quotes"],
)
def test_large_input_stays_within_memory(content: bytes) -> None:
    name = "t.xlsx" if content.startswith(b"PK") else "t.csv"
    tracemalloc.start()
    try:
        sheets_of(content, name)
    except ReceivedError:
        pass
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 220_000_000


def test_what_is_unpacked_never_exceeds_what_was_promised() -> None:
    # Stated as one byte, packed from twenty million: a trusting reader would unpack all of it at once.
    content = packed(PARTS | {"xl/a.xml": b" " * 20_000_000}, zipfile.ZIP_DEFLATED)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo("xl/a.xml").file_size.to_bytes(4, "little")
    lying = content.replace(size, (1).to_bytes(4, "little"))
    tracemalloc.start()
    with pytest.raises(ReceivedError, match="E6-XLSX-BROKEN"):
        sheets_of(lying, "t.xlsx")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000
