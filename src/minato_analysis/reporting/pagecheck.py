"""Checks a finished page: in goes its HTML, out comes a list of problems.

What is checked can be read off the text without a browser: language, headings, landmarks,
drawings and tables that a screen reader can announce, no request to anywhere, no script but one
whose hash the page allows, no leftover of the machine it was built on, and its size.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from html.parser import HTMLParser
from typing import Literal

LIMITS = {"lay": 400_000, "technical": 1_500_000}
"""Largest size of a page in bytes; a lay page is also sent by mail."""

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}
_LOADING = {"src", "srcset", "poster", "data", "background", "action", "formaction", "ping"}
_REFERENCE = r"\{\{|\{%"
_CODE = re.compile(r'<details class="code">.*?</details>', re.S)
"""The folded code of a cell, which may write references: a note of a table has them."""

_LEFTOVERS = {
    "an unresolved reference": _REFERENCE,
    "a path of the machine": (
        r"(?<![\w./])/(?:home|Users|root|tmp|var|opt|usr|mnt|private|work)/\w|\b[A-Z]:\\\w|file://"
        r"|site-packages|ipykernel_\d"
    ),
    "an address of an object": r"\bat 0x[0-9a-f]{6,}",
    "a random id": r"\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b",
}


def problems(
    html: str, kind: Literal["lay", "technical"] = "technical", lang: str = "ja"
) -> list[str]:
    """Return what keeps a page from being published.

    Parameters
    ----------
    html : str
        The whole page.
    kind : {"lay", "technical"}
        Decides the limit on its size.
    lang : str
        Language the page is written in.

    Returns
    -------
    list of str
        One sentence per problem, each naming the element; empty when there is none.

    Examples
    --------
    >>> problems('<html lang="en"><title>t</title><main><h1>a</h1><h3>b</h3></main></html>')
    ['lang is "en", not "ja"', 'h3 "b" follows h1: a level is skipped']
    """
    reader = _Reader(lang)
    reader.feed(html)
    reader.close()
    size = len(html.encode())
    found = [*reader.at_the_end(), *reader.found]
    found += leftovers(html)
    if size > LIMITS[kind]:
        found.append(f"the page has {size:,} bytes; the limit is {LIMITS[kind]:,}")
    return found


def leftovers(html: str) -> list[str]:
    """Return where a text holds what no reader should see: references, traces of the machine."""
    return [
        f"{what}: {' '.join(one.string[max(0, one.start() - 30) : one.end() + 30].split())}"
        for what, pattern in _LEFTOVERS.items()
        for one in re.finditer(pattern, _CODE.sub("", html) if pattern == _REFERENCE else html)
    ]


def facts_on(html: str) -> tuple[str, ...]:
    """Return the ids of the facts a page shows or refers to, in order of appearance."""
    return tuple(dict.fromkeys(re.findall(r'\sdata-fact(?:-ref)?="([^"]+)"', html)))


class _Reader(HTMLParser):
    def __init__(self, lang: str) -> None:
        super().__init__()
        self._wanted = lang
        self.found: list[str] = []
        self._open: list[str] = []
        self._count: Counter[str] = Counter()
        self._ids: Counter[str] = Counter()
        self._pointed: set[str] = set()
        self._lang = ""
        self._level = 0
        self._heading = ""
        self._title = ""
        self._parts: set[str] = set()
        self._script = ""
        self._runs = True
        self._allowed = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self._lang = given.get("lang", "")
        if tag in {"svg", "table"} and tag not in self._open:
            self._parts = set()
        elif tag == "caption" or (tag in {"title", "desc"} and self._open[-1:] == ["svg"]):
            self._parts.add(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self._heading = ""
        if tag == "script":  # data, not a program: no browser runs it
            self._runs = given.get("type") != "application/ld+json"
        self._count[tag] += 1
        self._check(tag, given)
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or tag not in self._open:
            return
        while self._open.pop() != tag:
            pass
        if re.fullmatch(r"h[1-6]", tag):
            self._close_heading(int(tag[1]))
        elif tag == "svg" and "svg" not in self._open:
            for part in ("title", "desc"):
                if part not in self._parts:
                    self.found.append(f"svg {self._count['svg']} has no <{part}>")
        elif tag == "script":
            self._check_script()
        elif tag == "table" and "caption" not in self._parts:
            self.found.append(f"table {self._count['table']} has no <caption>")

    def handle_data(self, data: str) -> None:
        self._heading += data
        if self._open[-1:] == ["title"] and "svg" not in self._open:
            self._title += data
        if self._open[-1:] == ["style"]:
            self._check_css(data)
        elif self._open[-1:] == ["script"]:
            self._script += data

    def at_the_end(self) -> list[str]:
        found: list[str] = []
        if self._lang != self._wanted:
            found.append(f'lang is "{self._lang}", not "{self._wanted}"')
        if not self._title.strip():
            found.append("the page has no <title>")
        for tag in ("h1", "main"):
            if self._count[tag] != 1:
                found.append(f"{self._count[tag]} <{tag}> on the page; there must be one")
        found += [f'id "{id}" is given {n} times' for id, n in self._ids.items() if n > 1]
        found += [f'nothing has the id "{id}"' for id in sorted(self._pointed - set(self._ids))]
        return found

    def _check_script(self) -> None:
        digest = base64.b64encode(hashlib.sha256(self._script.encode()).digest()).decode()
        if self._runs and self._script.strip() and f"'sha256-{digest}'" not in self._allowed:
            self.found.append("a script is not allowed by the hash in the page's policy")
        self._script = ""

    def _close_heading(self, level: int) -> None:
        if level > self._level + 1:
            before = f"h{self._level}" if self._level else "nothing"
            words = self._heading.strip()
            self.found.append(f'h{level} "{words}" follows {before}: a level is skipped')
        self._level = level

    def _check(self, tag: str, given: dict[str, str]) -> None:
        where = f"<{tag}>"
        if given.get("id"):
            self._ids[given["id"]] += 1
        if given.get("http-equiv", "").lower() == "content-security-policy":
            self._allowed = given.get("content", "")
        for name in ("aria-labelledby", "aria-describedby", "for"):
            self._pointed |= set(given.get(name, "").split())
        if tag == "th" and given.get("scope") not in {"col", "row", "colgroup", "rowgroup"}:
            self.found.append(f"a <th> of table {self._count['table']} has no scope")
        if tag == "img" and "alt" not in given:
            self.found.append(f"img {self._count['img']} has no alt")
        if given.get("role") == "region" and not (
            given.get("aria-label") or given.get("aria-labelledby")
        ):
            self.found.append(f"a region {where} has no label")
        for name, value in given.items():
            if name in {"href", "xlink:href"}:
                self._check_link(tag, value)
            elif name in _LOADING and not value.startswith("data:"):
                self.found.append(f"{where} loads {name}={value[:60]}")
            elif name.startswith("on"):
                self.found.append(f"{where} has the event handler {name}")
            elif "url(" in value:
                self._check_css(value)

    def _check_link(self, tag: str, value: str) -> None:
        if value.startswith("#"):
            self._pointed.add(value[1:])
        elif value.lower().startswith("javascript:"):
            self.found.append(f"<{tag}> runs a script: {value[:60]}")
        elif tag != "a" and not value.startswith("data:"):
            self.found.append(f"<{tag}> loads href={value[:60]}")

    def _check_css(self, css: str) -> None:
        for address in re.findall(r"""url\(\s*["']?([^)"']*)""", css):
            if not address.startswith(("#", "data:")):
                self.found.append(f"a style loads {address[:60]}")
        if "@import" in css:
            self.found.append("a style loads another with @import")
