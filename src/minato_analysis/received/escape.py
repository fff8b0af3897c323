"""Received text in a CSV that a spreadsheet opens: shown as text, never run as a formula.

In: the text of one cell. Out: the same text with an apostrophe before it where a spreadsheet would take it
for a formula (:func:`escape`), and the text again (:func:`unescape`). Numbers stay numbers: ``-3.5``,
``−12``, ``-``.

References
----------
OWASP, "CSV Injection": cells that begin with ``=``, ``+``, ``-``, ``@``, tab, carriage return or line feed.
Added here: their full-width forms, which Japanese spreadsheets read alike, and any of them behind
spaces or invisible characters, which a program may drop when it reads the file.
"""

from __future__ import annotations

import re

_SKIPPED = r"[\s\u00a0\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]*"
_STARTS = r"(?:[\t\r\n]|" + _SKIPPED + r"[=+\-@＝＋－−＠])"
_DANGEROUS = re.compile(_STARTS)
_ESCAPED = re.compile(rf"'+{_STARTS}")
_DIGITS = "[0-9０-９]"
_NUMBER = re.compile(
    rf"[+\-＋－−] ?{_DIGITS}+(?:[,，]{_DIGITS}{{3}})*(?:[.．]{_DIGITS}+)?(?: ?[%％人件])?|[\-－−]"
)


def escape(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    Examples
    --------
    >>> escape('=HYPERLINK("x")'), escape("-3.5%"), escape("−"), escape("検挙人員")
    ('\\'=HYPERLINK("x")', '-3.5%', '−', '検挙人員')
    """
    if _ESCAPED.match(text) or (_DANGEROUS.match(text) and not _NUMBER.fullmatch(text)):
        return f"'{text}"
    return text


def unescape(text: str) -> str:
    """Return the cell that :func:`escape` was given.

    >>> unescape("'=1+1"), unescape("'98年")
    ('=1+1', "'98年")
    """
    return text[1:] if _ESCAPED.match(text) else text
