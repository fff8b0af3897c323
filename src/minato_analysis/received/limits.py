"""What a received file may be: its size, its kind, and the limits every reader keeps.

In: a path. Out: the bytes and the kind (``xlsx`` or ``csv``), or a
:class:`~minato_analysis.received.errors.ReceivedError`. Nothing is unpacked or decoded here, and the kind is
read from the bytes; the name must agree with it.

Codes: ``E6-FILE``, ``E6-SIZE``, ``E6-TYPE``, ``E6-MACRO``, ``E6-ENCRYPTED``, ``E6-CELLS``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal

from minato_analysis.received.errors import ReceivedError

Kind = Literal["xlsx", "csv", "txt"]

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Begins old .xls files and every Office file with a password."""
_WITH_MACROS = (".xlsm", ".xltm", ".xlam", ".xlsb")


@dataclass(frozen=True)
class Limits:
    """Largest file that is read. Yearly tables of statistics are far below every one of these."""

    file_bytes: int = 20_000_000
    members: int = 1_000
    """Files within one xlsx."""
    unpacked_bytes: int = 100_000_000
    """Of all files within one xlsx together."""
    part_bytes: int = 25_000_000
    """Of one file within an xlsx that is read."""
    ratio: int = 200
    """Unpacked to packed size, of one file within an xlsx and of all. Excel's own stay below 100."""
    marks: int = 600_000
    """Marks ``<`` of elements, and marks ``=`` of attributes, in all XML of an xlsx together."""
    formats: int = 5_000
    """Number formats of one xlsx; Excel itself writes a few hundred."""
    sheets: int = 100
    rows: int = 20_000
    columns: int = 1_000
    cells: int = 100_000
    """Of one sheet's used rectangle, and of all sheets together."""
    cell_characters: int = 32_767
    """Excel's own limit for one cell."""
    characters: int = 5_000_000
    """Of all cells together."""


LIMITS = Limits()


def read_bytes(file: Path, limits: Limits = LIMITS) -> bytes:
    """Return the bytes of a file of permitted size.

    Raises
    ------
    ReceivedError
        ``E6-FILE``: no regular file. ``E6-SIZE``: larger than the limit, or empty.
    """
    if not file.is_file():
        raise ReceivedError(
            "E6-FILE",
            file.name,
            "ファイルがありません（フォルダやリンク切れも読みません）。場所と名前を確かめてください。",
        )
    found = file.stat().st_size
    if found <= limits.file_bytes:
        # The file may grow between the question and the answer: never read more than the limit.
        with file.open("rb") as stream:
            data = stream.read(limits.file_bytes + 1)
        found = max(found, len(data)) if len(data) > limits.file_bytes else len(data)
    if found > limits.file_bytes:
        raise ReceivedError(
            "E6-SIZE",
            file.name,
            f"大きさが{found:,}バイトで、上限の{limits.file_bytes:,}バイトを超えるため読みません。"
            "まず図や写真が入っていないかを確かめ、表のシートだけを別のファイルに保存してください。",
        )
    if not found:
        raise ReceivedError(
            "E6-SIZE",
            file.name,
            "大きさが0バイトで、中身がありません（1バイト以上が必要です）。"
            "まず受け渡しの途中で失われていないかを確かめ、もう一度受け取ってください。",
        )
    return data


def kind(data: bytes, name: str) -> Kind:
    """Return the kind of a file by its first bytes; its name must say the same.

    Raises
    ------
    ReceivedError
        ``E6-TYPE``, ``E6-MACRO`` or ``E6-ENCRYPTED``.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix in _WITH_MACROS:
        raise ReceivedError(
            "E6-MACRO",
            name,
            f"「{suffix}」はマクロを含む形式のため読みません（読める形式: .xlsx、.csv、.txt）。"
            "まず送り主にマクロが要るかを確かめ、マクロなしの .xlsx で保存し直してください。",
        )
    if data.startswith(_COMPOUND):
        raise ReceivedError(
            "E6-ENCRYPTED",
            name,
            "パスワード付きのファイルか、古い形式（.xls）のため読みません（読める形式: .xlsx、.csv、.txt）。"
            "まずパスワードの有無を確かめ、パスワードなしの .xlsx で保存し直してください。",
        )
    zipped = data.startswith((b"PK\x03\x04", b"PK\x05\x06"))
    if suffix == ".xlsx" and zipped:
        return "xlsx"
    if suffix == ".csv" and not zipped:
        return "csv"
    if suffix == ".txt" and not zipped:
        return "txt"
    inside = "xlsx などの圧縮された形式" if zipped else "xlsx ではない形式"
    raise ReceivedError(
        "E6-TYPE",
        name,
        f"名前の終わりは「{suffix or 'なし'}」、中身は{inside}で、"
        "読める形（.xlsx、.csv、.txt）ではありません。"
        "まず名前の終わりが中身と合っているかを確かめ、.xlsx か .csv（UTF-8）で保存し直してください。",
    )


def check_used(
    used: Sequence[tuple[int, int]], characters: int, name: str, limits: Limits = LIMITS
) -> None:
    """Refuse more cells or text than the limits allow, before any rectangle is filled.

    Parameters
    ----------
    used : sequence of (int, int)
        Rows and columns of the used rectangle of each sheet.
    characters : int
        Of all cells together.

    Raises
    ------
    ReceivedError
        ``E6-CELLS``.
    """
    measured = (
        ("行", max((rows for rows, _ in used), default=0), limits.rows),
        ("列", max((columns for _, columns in used), default=0), limits.columns),
        ("セル", sum(rows * columns for rows, columns in used), limits.cells),
        ("文字", characters, limits.characters),
    )
    for what, found, limit in measured:
        if found > limit:
            raise ReceivedError(
                "E6-CELLS",
                name,
                f"{what}の数が{found:,}で、上限の{limit:,}を超えるため読みません。"
                "まず離れた所に不要な値が残っていないかを確かめ、"
                "要る表だけを別のファイルに保存してください。",
            )
