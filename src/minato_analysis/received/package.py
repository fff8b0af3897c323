"""The zip around an xlsx: looked at before anything is unpacked, then only its tables are.

In: the bytes of a file. Out: the XML of workbook, sheets, styles and texts by their names, or a
:class:`~minato_analysis.received.errors.ReceivedError`. Pictures, charts, comments, and printer settings
stay packed. What the table of contents promises is checked first; what is unpacked is then counted, because
the promise may be a lie.

Codes: ``E6-XLSX-BROKEN``, ``E6-XLSX-MEMBERS``, ``E6-XLSX-NAME``, ``E6-XLSX-NESTED``, ``E6-XLSX-UNPACKED``,
``E6-XLSX-RATIO``, ``E6-XLSX-PART``, ``E6-XLSX-LINK``, ``E6-XLSX-DTD``, ``E6-XLSX-XML``, ``E6-MACRO``,
``E6-ENCRYPTED``.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from minato_analysis.received.errors import ReceivedError, has_hidden
from minato_analysis.received.limits import LIMITS, Limits

CONTENT_TYPES: Final = "[Content_Types].xml"
_RELATIONS: Final = ".rels"
_MACROS: Final = re.compile(r"(^|/)(vbaproject\w*\.bin|macrosheets/|activex/)", re.I)
_LINKS: Final = re.compile(r"(^|/)(connections\.xml|querytables/)", re.I)
_LEFT_OVER: Final = re.compile(r"(^|/)externallinks/", re.I)
"""Links to other workbooks, often left over: never followed. A formula with one is a doubt of its cell."""
_NESTED: Final = re.compile(
    r"(^|/)embeddings/|\.(zip|7z|rar|gz|tar|xls[xmb]?|doc[xm]?|ppt[xm]?|jar|exe|dll|js|vbs)$", re.I
)
_CHUNK: Final = 65_536
_DEPTH: Final = 64
_TINY: Final = 100_000
"""Smaller files within an xlsx may be packed as tightly as they like: nothing grows large from them."""


@contextmanager
def broken_unless_refused(name: str) -> Iterator[None]:
    """Turn whatever a library raises over a damaged file into one refusal."""
    try:
        yield
    except ReceivedError:
        raise
    # Damaged bytes make zipfile, expat and openpyxl raise almost anything.
    except Exception as error:
        raise ReceivedError(
            "E6-XLSX-BROKEN",
            name,
            f"xlsxとして読める形になっていません（{type(error).__name__}）。"
            "まずExcelで開けるかを確かめ、開ければ「名前を付けて保存」で .xlsx に保存し直し、"
            "開けなければもう一度受け取ってください。",
        ) from error


def unpack(data: bytes, name: str, limits: Limits = LIMITS) -> dict[str, bytes]:
    """Return the parts of an xlsx that its tables need, by their names within it.

    Raises
    ------
    ReceivedError
    """
    with broken_unless_refused(name), zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [one for one in archive.infolist() if not one.is_dir()]
        _check_members(members, name, limits)
        parts = {
            one.filename: _bounded(archive, one, name, limits)
            for one in members
            if _is_wanted(one.filename)
        }
    _check_marks(parts, name, limits)
    _check_relations(parts, name)
    return parts


def parse(part: bytes, what: str, name: str) -> Any:
    """Return the root element of an XML part without DTD, entities or references to elsewhere.

    Raises
    ------
    ReceivedError
        ``E6-XLSX-DTD``, or ``E6-XLSX-XML``: nested too deep.
    """
    from defusedxml import DefusedXmlException  # noqa: PLC0415 - only where an xlsx is read
    from defusedxml.ElementTree import fromstring  # noqa: PLC0415

    try:
        root = fromstring(part, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise ReceivedError(
            "E6-XLSX-DTD",
            f"{name} {what}",
            "文書型の宣言（DTD、実体）が1つ以上あります（0個でなければ読みません）。Excelはこれを書きません。"
            "まず送り主にファイルの作り方を確かめ、Excelで .xlsx に保存し直してください。",
        ) from error
    level, depth = [root], 0
    while level:
        level, depth = [child for one in level for child in one], depth + 1
        if depth > _DEPTH:
            raise ReceivedError(
                "E6-XLSX-XML",
                f"{name} {what}",
                f"要素の入れ子が{_DEPTH}段（上限）を超えて{depth}段以上あるため読みません。"
                "まず送り主にファイルの作り方を確かめ、Excelで .xlsx に保存し直してください。",
            )
    return root


def target(source: str, written: str) -> str:
    """Return the name of the part that a relation of the part `source` points at.

    >>> target("xl/workbook.xml", "worksheets/sheet1.xml"), target("xl/workbook.xml", "/xl/styles.xml")
    ('xl/worksheets/sheet1.xml', 'xl/styles.xml')
    """
    joined = posixpath.join("/", posixpath.dirname(source), written)
    return posixpath.normpath(joined).lstrip("/")


def relations_of(source: str) -> str:
    """Return the name of the part with the relations of `source`.

    >>> relations_of("xl/workbook.xml"), relations_of("")
    ('xl/_rels/workbook.xml.rels', '_rels/.rels')
    """
    folder, base = posixpath.split(source)
    return posixpath.join(folder, "_rels", base + _RELATIONS)


def _is_wanted(member: str) -> bool:
    lowered = member.lower()
    if member == CONTENT_TYPES or lowered.endswith(_RELATIONS):
        return True
    words = ("docprops/", "customxml/", "chart", "media/", "theme/", "pivot")
    apart = (*words, "externallinks/")
    return lowered.endswith(".xml") and not any(word in lowered for word in apart)


def _check_members(members: Sequence[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    unpacked = sum(one.file_size for one in members)
    packed = sum(one.compress_size for one in members)
    if len(members) > limits.members:
        raise ReceivedError(
            "E6-XLSX-MEMBERS",
            name,
            f"中のファイルが{len(members):,}個で、上限の{limits.members:,}個を超えるため開きません。"
            "まず図や写真が入っていないかを確かめ、表のシートだけを別のファイルに保存してください。",
        )
    if unpacked > limits.unpacked_bytes:
        raise ReceivedError(
            "E6-XLSX-UNPACKED",
            name,
            f"解凍すると{unpacked:,}バイトになり、上限の{limits.unpacked_bytes:,}バイトを超えるため開きません。"
            "まず図や写真や大きなシートが入っていないかを確かめ、要る表だけを別のファイルに保存してください。",
        )
    for one in members:
        # Other methods unpack a whole piece at once, however much that is; Excel writes neither.
        if one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ReceivedError(
                "E6-XLSX-METHOD",
                name,
                f"「{one.filename}」が、xlsx では使わない圧縮方法（{one.compress_type}番）で入っているため"
                "開きません。"
                "まず送り主にファイルの作り方を確かめ、Excel で保存し直してもらってください。",
            )
    everything = ("全体", unpacked, packed)
    each = ((one.filename, one.file_size, one.compress_size) for one in members)
    for what, large, small in (everything, *each):
        if large > _TINY and large > limits.ratio * max(small, 1):
            raise ReceivedError(
                "E6-XLSX-RATIO",
                name,
                f"「{what}」は解凍すると{large // max(small, 1):,}倍になり、"
                f"上限の{limits.ratio:,}倍を超えるため開きません。まず送り主にファイルの作り方を確かめ、要る表だけを別のファイルに保存してください。",
            )
    _check_names([one.filename for one in members], name)
    if any(one.flag_bits & 0x1 for one in members):
        raise ReceivedError(
            "E6-ENCRYPTED",
            name,
            "中のファイルに1つ以上のパスワードがあります（0個でなければ開きません）。"
            "まずパスワードの有無を確かめ、パスワードなしの .xlsx で保存し直してください。",
        )


def _check_names(names: Sequence[str], name: str) -> None:
    seen: set[str] = set()
    for one in names:
        pieces = re.split(r"[/\\]", one)
        wrong = (
            "絶対パス"
            if one.startswith(("/", "\\")) or ":" in one
            else "「..」や「\\」"
            if ".." in pieces or "\\" in one
            else "見えない文字"
            if has_hidden(one)
            else "重なる名前"
            if one.lower() in seen
            else ""
        )
        if wrong:
            raise ReceivedError(
                "E6-XLSX-NAME",
                name,
                f"中のファイル名「{one}」に{wrong}が1つあります（0個でなければ開きません）。Excelはこう書きません。"
                "まず送り主にファイルの作り方を確かめ、Excelで .xlsx に保存し直してください。",
            )
        seen.add(one.lower())
        if _MACROS.search(one):
            raise _macros(name, one)
        if _LINKS.search(one):
            raise _links(name, one)
        if _NESTED.search(one):
            raise ReceivedError(
                "E6-XLSX-NESTED",
                name,
                f"中にほかのファイルが1つ以上埋め込まれています（「{one}」。0個でなければ開きません）。"
                "まず送り主に埋め込みが要るかを確かめ、表だけを別のファイルに保存してください。",
            )


def _check_marks(parts: dict[str, bytes], name: str, limits: Limits) -> None:
    """Refuse more elements or attributes than the limit before any of them is built."""
    for mark in (b"<", b"="):
        found = sum(part.count(mark) for part in parts.values())
        if found > limits.marks:
            raise ReceivedError(
                "E6-XLSX-XML",
                name,
                f"中の「{mark.decode()}」が{found:,}個で、上限の{limits.marks:,}個を超えるため読みません。"
                "まず離れた所に不要な書式や値がないかを確かめ、要る表だけを別のファイルに保存してください。",
            )


def _check_relations(parts: dict[str, bytes], name: str) -> None:
    """Refuse macros by their declared type, and references to files; a web address in a cell is harmless."""
    if re.search(
        rb"macroenabled|vbaproject|ms-office\.activex", parts.get(CONTENT_TYPES, b""), re.I
    ):
        raise _macros(name, CONTENT_TYPES)
    for member, part in parts.items():
        if not member.lower().endswith(_RELATIONS) or _LEFT_OVER.search(member):
            continue
        with broken_unless_refused(name):
            for one in parse(part, member, name):
                outside = one.get("TargetMode", "").lower() == "external"
                if outside and not one.get("Type", "").endswith("/hyperlink"):
                    raise _links(name, one.get("Target", ""))


def _bounded(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, limits: Limits) -> bytes:
    """Return the content of a member, never more than the limit even when its stated size is wrong."""
    if member.file_size > limits.part_bytes:
        raise _too_large(name, member, member.file_size, limits)
    pieces: list[bytes] = []
    size = 0
    with archive.open(member) as stream:
        # A bounded read unpacks a bounded amount; reading all at once would trust the stated size.
        while piece := stream.read(_CHUNK):
            pieces.append(piece)
            size += len(piece)
            if size > limits.part_bytes:
                raise _too_large(name, member, size, limits)
    return b"".join(pieces)


def _too_large(name: str, member: zipfile.ZipInfo, found: int, limits: Limits) -> ReceivedError:
    return ReceivedError(
        "E6-XLSX-PART",
        name,
        f"中の「{member.filename}」が{found:,}バイトで、上限の{limits.part_bytes:,}バイトを超えるため読みません。"
        "まず離れた所に不要な書式や値がないかを確かめ、要る表だけを別のファイルに保存してください。",
    )


def _macros(name: str, where: str) -> ReceivedError:
    return ReceivedError(
        "E6-MACRO",
        name,
        f"マクロが1つ以上入っています（「{where}」。0個でなければ開きません）。"
        "まず送り主にマクロが要るかを確かめ、マクロなしの .xlsx で保存し直してください。",
    )


def _links(name: str, where: str) -> ReceivedError:
    return ReceivedError(
        "E6-XLSX-LINK",
        name,
        f"ほかのファイルへのリンクが1つ以上あります（「{where}」。0個でなければ開きません）。"
        "まずExcelの「データ」→「リンクの編集」を確かめ、リンクを値に変えて保存し直してください。",
    )
