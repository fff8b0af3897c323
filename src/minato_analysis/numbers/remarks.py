"""A remark: paragraphs of a page whose words depend on the results.

In: sentences chosen by a function of the analyses, with references like those of a notebook's prose. Out: a
frozen :class:`Remark`, which travels through a notebook as MIME type :data:`MIME` and is set like the text
around it, or as a box where it has a title. Typed numbers are refused in it as in all prose.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

MIME = "application/vnd.minato.remark+json"


@dataclass(frozen=True)
class Remark:
    """Paragraphs chosen by the results.

    Parameters
    ----------
    id : str
        Lower-case letters and hyphens; unique in the page.
    paragraphs : tuple of str
        Lines of HTML; may hold ``{{ fact("…") }}`` references.
    title : str
        Heading; with one the remark is a box.

    Examples
    --------
    >>> Remark("note", ("この版が最初の版です。",))._repr_mimebundle_()["text/plain"]
    'この版が最初の版です。'
    """

    id: str
    paragraphs: tuple[str, ...]
    title: str = ""

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        whole = {**asdict(self), "paragraphs": list(self.paragraphs)}
        return {MIME: whole, "text/plain": "\n".join(self.paragraphs)}
