"""Hostile zips and XML: refused before they are unpacked, or without growing."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from minato_analysis.received.errors import ReceivedError
from minato_analysis.received.limits import Limits
from minato_analysis.received.package import parse, unpack
from minato_analysis.received.workbook import read_workbook

from .files import MAIN, ONE_CELL, packed, parts, relations, sheet, with_part, xlsx

SMALL = parts(ONE_CELL)


def refused(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(ReceivedError) as error:
        read_workbook(data, "t.xlsx", limits or Limits())
    sentence = str(error.value)
    assert "ください" in sentence
    return sentence


def test_the_hand_made_package_is_read_when_nothing_is_wrong() -> None:
    assert read_workbook(packed(SMALL), "t.xlsx")[0].cells == [["1"]]


def test_a_bomb_is_refused_by_its_table_of_contents() -> None:
    bomb = packed(SMALL | {"xl/media/a.png": b"\0" * 30_000_000}, zipfile.ZIP_DEFLATED)
    assert len(bomb) < 100_000
    sentence = refused(bomb)
    assert sentence.startswith("E6-XLSX-RATIO t.xlsx: 「全体」は解凍すると")
    assert "上限の200倍" in sentence
    assert "E6-XLSX-UNPACKED t.xlsx: 解凍すると30,00" in refused(bomb, Limits(unpacked_bytes=10**7))


def test_overlapping_members_count_each_time() -> None:
    # The table of contents lists one packed piece many times: small file, large sum.
    data = packed(SMALL | {"a.bin": b"\0" * 5_000_000}, zipfile.ZIP_DEFLATED)
    at = data.index(b"PK\x01\x02", data.rindex(b"PK\x01\x02"))
    end = data.index(b"PK\x05\x06")
    entry, tail = data[at:end], data[end:]
    many = b"".join(entry.replace(b"a.bin", f"{n:05}".encode()) for n in range(30))
    count = len(SMALL) + 30
    directory = data.index(b"PK\x01\x02")
    size = end - directory - len(entry) + len(many)
    tail = tail[:8] + struct.pack("<HHLL", count, count, size, directory) + tail[20:]
    assert "150," in refused(data[:at] + many + tail)


def test_a_stated_size_that_lies_is_found_while_unpacking() -> None:
    content = b"<a>" + b" " * 8_000_000 + b"</a>"
    data = bytearray(packed(SMALL | {"xl/a.xml": content}, zipfile.ZIP_DEFLATED))
    real, said = struct.pack("<L", len(content)), struct.pack("<L", 1000)
    lying = bytes(data).replace(real, said)
    assert lying != bytes(data)
    assert refused(lying).startswith("E6-XLSX-BROKEN")


def test_one_part_over_the_limit() -> None:
    large = packed(SMALL | {"xl/a.xml": "<a>" + "x" * 1000 + "</a>"})
    assert "E6-XLSX-PART t.xlsx: 中の「xl/a.xml」が1,007バイトで、上限の1,000" in refused(
        large, Limits(part_bytes=1000)
    )


def test_too_many_members() -> None:
    data = packed(SMALL | {f"xl/media/{n}.png": b"" for n in range(1000)})
    assert "E6-XLSX-MEMBERS t.xlsx: 中のファイルが1,005個で、上限の1,000個" in refused(data)


@pytest.mark.parametrize(
    "name",
    ["/etc/passwd", "../../x.xml", "xl/../../x.xml", "C:/x.xml", "xl\\x.xml", "xl/\u202ex.xml"],
)
def test_names_that_leave_the_archive(name: str) -> None:
    assert refused(with_part(packed(SMALL), name, "<a/>")).startswith("E6-XLSX-NAME")


def test_a_name_that_stands_twice() -> None:
    assert "重なる名前" in refused(with_part(packed(SMALL), "XL/workbook.XML", "<a/>"))


def test_macros_are_refused_wherever_they_hide() -> None:
    for name in ("xl/vbaProject.bin", "xl/macrosheets/sheet1.xml", "xl/activeX/activeX1.bin"):
        assert refused(with_part(packed(SMALL), name, b"x")).startswith("E6-MACRO")
    types = '<Types><Default ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
    assert refused(packed(SMALL | {"[Content_Types].xml": types})).startswith("E6-MACRO")


def test_links_to_other_files_are_refused_and_web_addresses_are_not() -> None:
    assert refused(with_part(packed(SMALL), "xl/connections.xml", "<a/>")).startswith(
        "E6-XLSX-LINK"
    )
    outside = [("r1", "attachedTemplate", "file:///server/x.dotx")]
    hostile = relations(outside, ' TargetMode="External"')
    assert refused(packed(SMALL | {"xl/_rels/x.xml.rels": hostile})).startswith("E6-XLSX-LINK")
    address = relations([("r1", "hyperlink", "https://example.org/")], ' TargetMode="External"')
    assert read_workbook(packed(SMALL | {"xl/worksheets/_rels/s.xml.rels": address}), "t.xlsx")


def test_a_link_left_over_is_no_reason_to_refuse_the_workbook() -> None:
    outside = relations([("r1", "externalLinkPath", "file:///x.xlsx")], ' TargetMode="External"')
    left = {"xl/externalLinks/e1.xml": "<a/>", "xl/externalLinks/_rels/e1.xml.rels": outside}
    assert read_workbook(packed(SMALL | left), "t.xlsx")


def test_files_within_the_file_are_refused() -> None:
    for name in ("xl/embeddings/oleObject1.bin", "xl/a.zip", "customXml/x.XLSX", "run.exe"):
        assert refused(with_part(packed(SMALL), name, b"x")).startswith("E6-XLSX-NESTED")
    assert read_workbook(with_part(packed(SMALL), "xl/printerSettings/p1.bin", b"x"), "t.xlsx")


def test_encrypted_members() -> None:
    data = bytearray(packed(SMALL))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(mark)
        data[at + offset] |= 1
    assert refused(bytes(data)).startswith("E6-ENCRYPTED")


@pytest.mark.parametrize("part", ["xl/worksheets/s.xml", "xl/workbook.xml", "_rels/.rels"])
@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "http://localhost/x">]>',
        "<!DOCTYPE a>",
    ],
)
def test_no_document_type_in_any_part(part: str, declaration: str) -> None:
    hostile = SMALL | {part: declaration + SMALL[part]}
    assert refused(packed(hostile)).startswith("E6-XLSX-DTD")


def test_the_library_itself_refuses_entities() -> None:
    # Our own look at the XML comes first; this holds the second line: openpyxl with defusedxml.
    import openpyxl
    from defusedxml import DefusedXmlException

    assert openpyxl.DEFUSEDXML is True
    laughs = '<!DOCTYPE a [<!ENTITY b "c">]>' + SMALL["xl/workbook.xml"]
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override '
        'PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sheet.main+xml"/></Types>'
    )
    data = packed(SMALL | {"xl/workbook.xml": laughs, "[Content_Types].xml": types})
    with pytest.raises(ValueError, match="could not read workbook") as error:
        openpyxl.load_workbook(io.BytesIO(data))
    assert isinstance(error.value.__cause__, DefusedXmlException)


def test_elements_are_counted_and_nesting_is_bounded() -> None:
    many = sheet("<row>" + "<c/>" * 600_000 + "</row>")
    assert "E6-XLSX-XML t.xlsx: 中の「<」が600,0" in refused(packed(parts(many)))
    deep = sheet("<a>" * 200_000 + "</a>" * 200_000)
    assert "入れ子が64段（上限）を超えて65段以上" in refused(packed(parts(deep)))


def test_two_sheets_of_one_part_are_refused() -> None:
    book = SMALL["xl/workbook.xml"].replace("</sheets>", '<sheet name="T" r:id="r1"/></sheets>')
    assert refused(packed(SMALL | {"xl/workbook.xml": book})).startswith("E6-XLSX-BROKEN")


def test_too_many_sheets_and_formats() -> None:
    one = '<sheet name="S" sheetId="1" r:id="r1"/>'
    book = SMALL["xl/workbook.xml"].replace(one, one * 101)
    assert "シートが101枚で、上限の100枚" in refused(packed(SMALL | {"xl/workbook.xml": book}))
    xfs = "".join(f'<xf numFmtId="{n}"/>' for n in range(100, 6_100))
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs>{xfs}</cellXfs></styleSheet>'
    assert "E6-XLSX-STYLES t.xlsx: 数の書式が6,001種類で、上限の5,000種類" in refused(
        packed(parts(ONE_CELL, styles=styles))
    )


def test_the_strict_format_and_other_office_files_say_so() -> None:
    strict = SMALL["xl/workbook.xml"].replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
    assert refused(packed(SMALL | {"xl/workbook.xml": strict})).startswith("E6-XLSX-STRICT")
    word = SMALL | {"xl/workbook.xml": '<w:document xmlns:w="urn:x"/>'}
    assert "Word" in refused(packed(word))


def test_pictures_and_the_like_stay_packed() -> None:
    more = {f"xl/{name}": "<a/>" for name in ("drawings/vmlDrawing1.vml", "charts/chart1.xml")}
    more |= {"docProps/core.xml": "<!DOCTYPE a><a/>", "xl/media/image1.png": "<a/>"}
    unpacked = unpack(packed(SMALL | more), "t.xlsx")
    assert set(unpacked) == set(SMALL)


def test_what_excel_writes_is_far_from_the_limits() -> None:
    rows = [[f"行{n}", *[n * k for k in range(9)]] for n in range(500)]
    data = xlsx(表=rows)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        ratio = max(one.file_size / max(one.compress_size, 1) for one in archive.infolist())
    assert ratio < Limits().ratio / 4
    assert read_workbook(data, "t.xlsx")[0].cells[499][1] == "0"


def test_parse_returns_the_root() -> None:
    assert parse(b"<a><b/></a>", "a.xml", "t.xlsx").tag == "a"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_unpack_without_a_limit_are_refused(method: int) -> None:
    assert refused(packed(SMALL, method)).startswith("E6-XLSX-METHOD t.xlsx: 「")
