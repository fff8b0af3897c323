"""One sentence for each part of a received table that is not certain.

In: what was found, and where. Out: :class:`Refusal`, raised where a table cannot be gone on with, and
collected where the rest of it still can be looked at. A sheet keeps the refusals of single cells (its
*doubts*) until a table needs one of them.
"""

from __future__ import annotations

from minato_analysis.received.errors import visible

ANSWERS = "mapping.yaml"
"""Name of the answer file beside the draft."""
LONGEST_LABEL = 200
"""No printed label or number is longer; longer texts are prose and never compared."""
_QUOTED = 60


class Refusal(ValueError):
    """A part of a received table that is refused; the text is code, place and sentence."""

    def __init__(self, code: str, place: str, sentence: str) -> None:
        self.code = code
        super().__init__(visible(f"{code} {place}: {sentence}"))


def quote(text: str) -> str:
    """Return a received text in Japanese quotation marks, on one line and not too long.

    >>> quote("刑法犯\\n検挙人員")
    '「刑法犯 検挙人員」'
    """
    line = " ".join(text.split())
    return f"「{line[:_QUOTED]}{'…' if len(line) > _QUOTED else ''}」"
