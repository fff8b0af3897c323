"""Names that come from outside and become names of files and folders.

In: the name of a received file, or of its source. Out: the same name, or a
:class:`~minato_analysis.received.errors.ReceivedError` (``E6-NAME``). Nothing is rewritten but
the composition of letters (NFC; some systems write が as two): a name that could leave its folder, mean
another file on another system, or look like another name is refused.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePath
from typing import Final

from minato_analysis.project.files import NOT_PUBLIC
from minato_analysis.received.errors import ReceivedError, has_hidden

_SOURCE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_FORBIDDEN: Final = re.compile(r'[/\\:*?"<>|]')
_RESERVED: Final = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])", re.I
)
_LONGEST: Final = 150
"""Bytes of a file name: file systems allow 255, and temporary names are longer than the file's."""
_SUFFIXES: Final = (".xlsx", ".csv", ".txt")
_OTHER_SHEETS: Final = (".xls", ".ods")


def source_name(text: str) -> str:
    """Return the name of a source when it can be a folder.

    Raises
    ------
    ReceivedError
        ``E6-NAME``.

    Examples
    --------
    >>> source_name("moj-2027-03")
    'moj-2027-03'
    """
    if not _SOURCE.fullmatch(text) or text == NOT_PUBLIC or _RESERVED.fullmatch(text):
        raise ReceivedError(
            "E6-NAME",
            text[:_LONGEST],
            f"出典の名前（{len(text)}字）に使えるのは英小文字、数字、ハイフンの60字まで（先頭は英数字。"
            f"{NOT_PUBLIC} や con などの決まった名前は除く）です。"
            "まず名前を確かめ、moj-2027-03 のように付けてください。",
        )
    return text


def file_name(text: str) -> str:
    """Return the name of a received file, composed (NFC), when it is a plain name in one folder.

    Raises
    ------
    ReceivedError
        ``E6-NAME``.

    Examples
    --------
    >>> file_name("図表2-10（令和5年）.xlsx")
    '図表2-10（令和5年）.xlsx'
    """
    text = unicodedata.normalize("NFC", text)
    if (suffix := PurePath(text).suffix.lower()) in _OTHER_SHEETS:
        raise ReceivedError(
            "E6-TYPE",
            text[:_LONGEST],
            f"「{suffix}」は古い Excel かほかの表計算ソフトの形式で、"
            "読めません（読める形式: .xlsx、.csv、.txt）。"
            "まず Excel か LibreOffice で開けるかを確かめ、「名前を付けて保存」で Excel ブック（.xlsx）に"
            "保存して、そのファイルを読み込んでください（名前の終わりだけを変えても読めません）。",
        )
    size = len(text.encode("utf-8", "surrogatepass"))
    wrong = (
        f"長さが{size}バイトあり、上限の{_LONGEST}バイトを超える"
        if size > _LONGEST
        else "見えない文字（制御文字や文字の向きを変える文字）がある"
        if has_hidden(text) or any(one in text for one in "\n\r\t\u200b\ufeff")
        else "区切り（/、\\、:）か、使えない記号がある"
        if _FORBIDDEN.search(text)
        else "「.」で始まるか、「.」か空白で終わる"
        if text.startswith(".") or text != text.strip(" .\u3000")
        else "機器の名前（con など）である"
        if _RESERVED.fullmatch(text.split(".", maxsplit=1)[0].strip())
        else f"終わりが {' か '.join(_SUFFIXES)} でない"
        if PurePath(text).suffix.lower() not in _SUFFIXES
        else ""
    )
    if wrong:
        raise ReceivedError(
            "E6-NAME",
            text[:_LONGEST],
            f"ファイルの名前に問題が1つあります（{wrong}）。"
            "まず名前を確かめ、ふつうの文字だけの名前に変えてから（中身は変えずに）、もう一度読み込んでください。",
        )
    return text
