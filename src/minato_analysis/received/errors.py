"""The error for a received file that is refused, and text made safe to show.

In: what was found. Out: :class:`ReceivedError` with a stable English code and one Japanese sentence, and
:func:`visible`, which shows what a received text would hide or do to a terminal.
"""

from __future__ import annotations

import unicodedata

# Control, invisible, private and unassigned characters, and line ends within a text.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def visible(text: str) -> str:
    """Return `text` with every control, bidirectional, private or unassigned character spelled out.

    Examples
    --------
    >>> visible("市\\x1b[31m\\u202e!")
    '市<U+001B>[31m<U+202E>!'
    """
    if text.isprintable():
        return text
    return "".join(
        f"<U+{ord(one):04X}>" if unicodedata.category(one) in _HIDDEN else one for one in text
    )


def has_hidden(text: str) -> bool:
    """Tell whether a cell holds a character that nobody sees, other than line ends and tabs.

    >>> has_hidden("刑法犯\\n検挙人員"), has_hidden("\\u202e検挙人員")
    (False, True)
    """
    return not text.isprintable() and any(
        unicodedata.category(one) in _HIDDEN for one in text if one not in "\n\r\t\u200b\ufeff"
    )


class ReceivedError(ValueError):
    """A received file, or a part of it, that is refused.

    Parameters
    ----------
    code : str
        Stable English code, e.g. ``E6-SIZE``.
    file : str
        Name of the file, or the address of the cell.
    sentence : str
        What was found, the limit, what to check first, the way out.
    """

    def __init__(self, code: str, file: str, sentence: str) -> None:
        self.code = code
        self.file = file
        self.sentence = sentence
        super().__init__(visible(f"{code} {file}: {sentence}"))
