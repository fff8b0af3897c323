"""Markdown to HTML for Japanese prose: in goes a cell with its references resolved, out goes HTML.

nbconvert's renderer with six differences: no ¶ links; every heading has an id made from its
words but years, so that a link to it lasts; a line break between two Japanese characters leaves no gap;
a year (令和4(2022)年) and a figure's number (図表2-10) stay on one line; and ``**強調**`` works
beside Japanese punctuation and references, where CommonMark's rule of word boundaries fails; code in ASCII
says that it is not Japanese.
"""

from __future__ import annotations

import re
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from minato_analysis.reporting.digits import CODE
from minato_analysis.reporting.prose import plain

_WIDE = "\u3000-\u30ff\u3400-\u9fff\uff00-\uffef"
_GAP = re.compile(rf"(?<=[{_WIDE}])\n(?=[{_WIDE}<])|(?<=>)\n(?=[{_WIDE}])")
# Not within a number: it does not break anyway, and what it prints is compared as it stands.
_WHOLE = re.compile(
    r"(?:(?:明治|大正|昭和|平成|令和)(?:元|\d+)\(\d{4}\)年度?|図表\d+-\d+)(?!</data>|[^<]*>)"
)
_DATED = re.compile(
    r"(?:(?:明治|大正|昭和|平成|令和)(?:元|\d+)\(\d{4}\)|\b(?:19|20)\d\d)(?:年度?)?"
)
"""A year in a heading, which moves with the edition: no part of the heading's address."""

_FACT = re.compile(r'<(?:data|span) class="fact"[^>]*>(.*?)</(?:data|span)>')
_STRONG = re.compile(r"(?<![*\\])\*\*(?=[^\s*])(.+?)(?<=[^\s*])\*\*(?!\*)")


def readable(source: str) -> str:
    """Return resolved prose as Markdown for a viewer of notebooks: facts as text, emphasis as on a page.

    >>> readable('**割合**は<data class="fact" data-fact="a.b" value="49.0">49.0%</data>です')
    '<strong>割合</strong>は49.0%です'
    """
    return strong(_FACT.sub(r"\1", source))


class PageMarkdown:
    """Renders the Markdown cells of one page; remembers the ids it has given.

    >>> PageMarkdown()("## 区の状況")
    '<h2 id="区の状況">区の状況</h2>\\n'
    """

    def __init__(self) -> None:
        self._markdown = MarkdownWithMath(renderer=_Renderer(escape=False))

    def __call__(self, source: str) -> str:
        """Return the HTML of one cell."""
        return str(self._markdown.render(strong(source)))


class _Renderer(IPythonRenderer):
    def __init__(self, **options: Any) -> None:
        super().__init__(exclude_anchor_links=True, **options)
        self._given: dict[str, int] = {}

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        return f'<h{level} id="{self._id(plain(text))}">{typeset(text)}</h{level}>\n'

    def paragraph(self, text: str) -> str:
        return f"<p>{typeset(text)}</p>\n"

    def block_text(self, text: str) -> str:
        return typeset(text)

    def block_code(self, code: str, info: str | None = None) -> str:
        return f"<pre><code>{self.escape_html(code)}</code></pre>\n"

    def codespan(self, text: str) -> str:
        lang = ' lang="en"' if text.isascii() else ""
        return f"<code{lang}>{self.escape_html(text)}</code>"

    def _id(self, words: str) -> str:
        slug = re.sub(r"[^\w]+", "-", _DATED.sub("", words)).strip("-") or "section"
        count = self._given.get(slug, 0) + 1
        self._given[slug] = count
        return slug if count == 1 else f"{slug}-{count}"


def typeset(text: str) -> str:
    """Return a line of HTML without gaps at line breaks and with years and figure numbers whole.

    >>> typeset("検挙人員は\\n令和4(2022)年に減った")
    '検挙人員は<span class="whole">令和4(2022)年</span>に減った'
    """
    return _WHOLE.sub(r'<span class="whole">\g<0></span>', _GAP.sub("", text))


def strong(source: str) -> str:
    """Return Markdown whose emphasis works beside Japanese punctuation and references."""
    pieces: list[str] = []
    end = 0
    for code in CODE.finditer(source):
        pieces += [_STRONG.sub(r"<strong>\1</strong>", source[end : code.start()]), code[0]]
        end = code.end()
    pieces.append(_STRONG.sub(r"<strong>\1</strong>", source[end:]))
    return "".join(pieces)
