"""Fits a drawing into a page: in goes an SVG file's text, out goes the element a page can hold.

A page may hold several drawings, and a screen reader announces each by its title and description.
"""

from __future__ import annotations

import html
import re

_PROLOGUE = re.compile(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata\b.*?</metadata>", re.S)
_OPENING = re.compile(r"<svg\b([^>]*)>(\s*<(title|desc)\b.*?</\3>)*", re.S)
_SPOKEN = re.compile(r"""\s(?:role|aria-[a-z]+|id)=(?:"[^"]*"|'[^']*')""")
_ID = re.compile(r"""(?<=\sid=")[^"]+(?=")""")
_REFERENCE = re.compile(r"""(?<=url\(#)[^)]+(?=\))|(?<=href="#)[^"]+(?=")""")


def drawing(svg: str, *, id: str, title: str, desc: str) -> str:
    """Return the ``<svg>`` element with title, description and ids that are its own.

    Parameters
    ----------
    svg : str
        Text of an SVG file. Declarations, comments and metadata are left out.
    id : str
        Id of the figure; put in front of the ids of the drawing that do not begin with it, because
        two drawings made by the same program share theirs.
    title, desc : str
        Plain text. A title or description the drawing brings along is replaced.

    Raises
    ------
    ValueError
        No ``<svg>`` element.

    Examples
    --------
    >>> drawing('<?xml version="1.0"?><svg viewBox="0 0 9 9"><g id="a"/></svg>',
    ...         id="f", title="題", desc="説明").partition("<title")[2]
    ' id="f-title">題</title><desc id="f-desc">説明</desc><g id="f-a"/></svg>'
    """
    text = _PROLOGUE.sub("", svg).strip()
    opening = _OPENING.search(text)
    if opening is None:
        raise ValueError("no <svg> element")

    def own(found: re.Match[str]) -> str:
        return found[0] if found[0].startswith(f"{id}-") else f"{id}-{found[0]}"

    rest = _REFERENCE.sub(own, _ID.sub(own, text[opening.end() :]))
    attributes = _SPOKEN.sub("", opening[1]).rstrip()
    return (
        f'<svg{attributes} role="img" aria-labelledby="{id}-title {id}-desc">'
        f'<title id="{id}-title">{html.escape(title)}</title>'
        f'<desc id="{id}-desc">{html.escape(desc)}</desc>{rest}'
    )
