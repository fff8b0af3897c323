"""Reads a finished page back: in goes its HTML, out come the parts a difference can be named by.

Only text functions, so that reading all pages of an edition takes a fraction of a second.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

_FACT = re.compile(
    r'<data class="fact" data-fact="(?P<id>[^"]+)" value="(?P<value>[^"]*)">(?P<shown>.*?)</data>'
)
_REFERENCE = re.compile(r'\sdata-fact-ref="([^"]+)"')
_FIGURE = re.compile(r'<figure\b(?:[^>]*\s)?id="(?P<id>[^"]+)"[^>]*>(?P<inside>.*?)</figure>', re.S)
_SVG = re.compile(r"<svg\b.*?</svg>", re.S)
_SPOKEN = re.compile(r"<(title|desc)\b[^>]*>(.*?)</\1>", re.S)
_DOWNLOAD = re.compile(r'<a href="data:text/csv;charset=utf-8,([^"]*)" download="([^"]+)">')
_HEADING = re.compile(r"(?=<h[23]\b)")
_BLOCK = re.compile(
    r"<(p|li|h[1-6]|td|th|caption|summary|span class=\"figure-(?:sub)?title\")\b[^>]*>"
)
_UNREAD = re.compile(r"<(style|details|svg|a href=\"data:)\b.*?</(?:style|details|svg|a)>", re.S)
_DETAILS = re.compile(r"<details\b.*?</details>", re.S)
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Shown:
    """A number as a page prints it: the fact's id, the value in the markup, the printed text."""

    id: str
    value: str
    display: str


@dataclass(frozen=True)
class Sentence:
    """One sentence with the facts in it, and the heading it stands under."""

    section: str
    text: str
    facts: tuple[str, ...]


def text(fragment: str) -> str:
    """Return the words of a fragment of HTML, white space collapsed.

    >>> text("<p>割合は <b>49.0%</b> &amp; 人数</p>")
    '割合は 49.0% & 人数'
    """
    return _SPACE.sub(" ", entities.unescape(_TAG.sub("", fragment))).strip()


def main(html: str) -> str:
    """Return what stands inside ``<main>``, all of the page where there is none."""
    found = re.search(r"<main\b[^>]*>(.*)</main>", html, re.S)
    return found[1] if found else html


def language(html: str) -> str:
    """Return the language a page says it is written in.

    >>> language('<!DOCTYPE html><html lang="en"><head>')
    'en'
    """
    found = re.search(r'<html lang="([^"]+)">', html)
    return found[1] if found else ""


def facts(html: str) -> list[Shown]:
    """Return the numbers a page prints, in order.

    >>> facts('<data class="fact" data-fact="a.b" value="1.0">1人</data>')
    [Shown(id='a.b', value='1.0', display='1人')]
    """
    return [
        Shown(one["id"], one["value"], text(one["shown"]))  # a year is wrapped, not to be broken
        for one in _FACT.finditer(html)
    ]


def drawings(html: str) -> dict[str, str]:
    """Return the drawing of each figure without its title and description."""
    return {id: _SPOKEN.sub("", svg) for id, svg in _drawn(html)}


def figures(html: str) -> dict[str, str]:
    """Return the drawing of each figure as it stands, title and description included."""
    return dict(_drawn(html))


def alternatives(html: str) -> dict[str, str]:
    """Return title and description of each figure, as a screen reader speaks them."""
    return {
        id: " / ".join(text(one[2]) for one in _SPOKEN.finditer(svg)) for id, svg in _drawn(html)
    }


def _drawn(html: str) -> Iterator[tuple[str, str]]:
    for figure in _FIGURE.finditer(html):
        svg = _SVG.search(figure["inside"])
        if svg:
            yield figure["id"], svg[0]


def figure_facts(html: str) -> dict[str, tuple[str, ...]]:
    """Return the facts each figure refers to."""
    return {
        figure["id"]: tuple(
            dict.fromkeys(
                [
                    *(one.id for one in facts(figure["inside"])),
                    *_REFERENCE.findall(figure["inside"]),
                ]
            )
        )
        for figure in _FIGURE.finditer(html)
    }


def downloads(html: str) -> dict[str, str]:
    """Return the CSV texts a page carries, by file name."""
    return {one[2]: unquote(one[1]).removeprefix("\ufeff") for one in _DOWNLOAD.finditer(html)}


def sections(html: str) -> dict[str, str]:
    """Return the words under each heading, every number that is a fact replaced by its id.

    Folded parts (code, list of facts) are left out here and returned by :func:`folded`. What stands
    outside ``<main>`` is the section ``frame``.

    >>> sections('<main><h1>題</h1><p>値は<data class="fact" data-fact="a.b" value="1">1</data></p></main>')
    {'frame': '', '題': '題 値は{a.b}'}
    """
    body = main(html)
    found = {"frame": _words(html.replace(body, "", 1)) if body != html else ""}
    for part in _HEADING.split(_DETAILS.sub("", body)):
        heading = re.search(r"<h[123]\b[^>]*>(.*?)</h[123]>", part, re.S)
        name = base = text(heading[1]) if heading else ""
        number = 1
        while name in found:
            number += 1
            name = f"{base} ({number})"
        found[name] = _words(part)
    return found


def style(html: str) -> str:
    """Return the style sheet of the page."""
    return "".join(re.findall(r"<style\b[^>]*>(.*?)</style>", html, re.S))


def folded(html: str) -> str:
    """Return the words of the folded parts: code cells and lists of recorded facts."""
    return " ".join(text(one) for one in _DETAILS.findall(html))


def _words(fragment: str) -> str:
    masked = _FACT.sub(r"{\g<id>}", _UNREAD.sub(" ", fragment))
    return text(masked.replace("><", "> <"))


def sentences(html: str) -> list[Sentence]:
    """Return every sentence of the page that holds a fact."""
    found = []
    section = ""
    body = _DETAILS.sub("", _SVG.sub("", main(html)))
    for block, inside in _blocks(body):
        if block in ("h1", "h2", "h3"):
            section = text(inside)
        if 'data-fact="' not in inside:
            continue
        for part in re.split(r"(?<=。)", inside):
            ids = tuple(dict.fromkeys(one.id for one in facts(part)))
            if ids:
                found.append(Sentence(section, text(part), ids))
    return found


def _blocks(body: str) -> Iterator[tuple[str, str]]:
    for opening in _BLOCK.finditer(body):
        tag = opening[1].split()[0]
        # A figure's title holds spans itself, but stands on a line of its own.
        closing = "\n" if tag == "span" else f"</{tag}>"
        end = body.find(closing, opening.end())
        yield tag, body[opening.end() : end]
