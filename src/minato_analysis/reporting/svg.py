"""Fits a drawing into a page: in goes an SVG file's text, out goes the element a page can hold.

A page may hold several drawings, and a screen reader announces each by its title and description.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from minato_analysis.figures.svg import MAX_SCALE
from minato_analysis.figures.text import LEADING, wrap
from minato_analysis.figures.theme import INK, QUIET, SIZE, SMALL

_PROLOGUE = re.compile(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata\b.*?</metadata>", re.S)
_OPENING = re.compile(r"<svg\b([^>]*)>(\s*<(title|desc)\b.*?</\3>)*", re.S)
_SPOKEN = re.compile(r"""\s(?:role|aria-[a-z]+|id)=(?:"[^"]*"|'[^']*')""")
_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_SIZED = re.compile(r"""\s(?:width|style)="[^"]*\"""")
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


def standalone(svg: str, title: str, subtitle: str, under: Sequence[str]) -> str:
    """Return a drawing as a file of its own: title and scope over it, notes and origin under it.

    Parameters
    ----------
    svg : str
        As :func:`minato_analysis.figures.svg.render` makes it: its box begins at 0.
    title, subtitle : str
        Plain text.
    under : sequence of str
        Paragraphs under the drawing; empty ones are left out.
    """
    box = _BOX.search(svg)
    if box is None:
        raise ValueError("no viewBox that begins at 0")
    wide, tall = (float(one) for one in box.groups())
    above = [*((line, 1.2 * SIZE) for line in wrap(title, wide - 10, 1.2 * SIZE))]
    above += [(line, SMALL) for line in wrap(subtitle, wide - 10, SMALL)] if subtitle else []
    below = [(line, SMALL) for text in under if text for line in wrap(text, wide - 10, SMALL)]
    heights = [sum(size * LEADING for _, size in part) + 6 for part in (above, below)]
    whole = heights[0] + tall + heights[1]
    opening = _OPENING.search(svg)
    assert opening is not None
    attributes = _SIZED.sub("", _SPOKEN.sub("", opening[1])).replace(
        box[0], f'viewBox="0 0 {wide:g} {whole:.2f}"'
    )
    size = f'width="{MAX_SCALE * wide:.0f}" height="{MAX_SCALE * whole:.0f}"'
    lines = [
        *_lines(above, 3.0, INK),
        f'<g transform="translate(0 {heights[0]:.2f})">',
        svg[opening.end() :].rpartition("</svg>")[0].strip(),
        "</g>",
        *_lines(below, heights[0] + tall, QUIET),
    ]
    return (
        f"<svg{attributes} {size}><title>{html.escape(title)}</title>"
        f'<rect width="100%" height="100%" fill="#ffffff"/>{"".join(lines)}</svg>'
    )


def _lines(texts: Sequence[tuple[str, float]], top: float, color: str) -> list[str]:
    found = []
    for text, size in texts:
        top += size * LEADING
        weight = ' font-weight="700"' if size > SIZE else ""
        found.append(
            f'<text x="5" y="{top:.2f}" font-size="{size:g}" fill="{color}"{weight}>'
            f"{html.escape(text)}</text>"
        )
    return found


def svg_link(svg: str) -> str:
    r"""Return a drawing as an address that a browser saves, and draws.

    >>> svg_link('<svg font-family="\'A\',B">&lt;</svg>')
    "data:image/svg+xml;charset=utf-8,%3Csvg font-family='%26apos;A%26apos;,B'%3E%26lt;%3C/svg%3E"
    """
    plain = re.sub(r"\s*\n\s*", " ", svg).replace("'", "&apos;").replace('"', "'")
    return "data:image/svg+xml;charset=utf-8," + re.sub(
        r"[%#&<>]", lambda one: f"%{ord(one[0]):02X}", plain
    )
