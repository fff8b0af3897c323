"""The check that refuses typed numbers: in goes the source of a text, out come the digits in it.

A number in prose must be a reference to a fact, otherwise it stays behind when the data change.
The check reads the source *before* references are resolved. Counted as digits:

* decimal digits of every script (``7``, ``７``) and vulgar fractions (``½``);
* kanji numerals in front of a counter (``三割``, ``二十人``, ``五年連続``), because that is how
  a number is spelled out. A lone ``一`` before 人・年・件 and the like is a word, not a
  measurement (``一人でも多く``), ``一割`` and ``一倍`` are measurements. Numerals after ``第``
  are names, after ``数`` and ``何`` they are vague on purpose, and ``つ`` counts the parts of a
  text (``三つの要点``);
* number literals and digits in string literals inside ``{{ … }}`` and ``{% … %}``, except in
  the argument of ``fact(…)``, ``has(…)`` and the like, and a comparison with ``0``.

Not looked at: code (fences and spans), HTML tags with their attributes, HTML comments, link
targets and addresses. :data:`ALLOWED` lists the few digits that are names rather than
measurements.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import Environment

_COUNTER = "人|名|件|年|歳|割|倍|回|署|位|か月|ヶ月|箇月|日|時間|円|ポイント|パーセント|%|％"

ALLOWED = {
    "figure or table (図表2-10, 表3)": r"(?:図表|図|表)\s?\d+(?:[-－‐–]\d+)*",
    "chapter, article, item (第3章, 第8条第1項)": r"第\s?\d+\s?(?:章|節|部|条|項|号|編)",
    "number of a law (平成28年法律第104号)": (
        r"(?:明治|大正|昭和|平成|令和)\d+年(?:法律|政令|条例)第\d+号"
    ),
    "note (注1, ※2)": r"(?:注|※)\s?\d+",
    "standard or format (JIS X 8341-3:2016, ISO 8601, UTF-8, A4)": (
        r"JIS [A-Z] \d+(?:-\d+)?(?::\d{4})?|ISO \d+|UTF-8|(?<![A-Za-z0-9])A4(?!\d)"
    ),
    "level that names a range (80%の範囲)": r"(?:80|95)%の範囲",
    "persons a definition counts (20歳以上, aged 20 or over)": r"20歳(?:以上|未満)|aged 20 or over",
    "confidence level that names an interval (95%信頼区間)": (
        r"95\s?[%％](?=(?:の)?(?:信頼)?区間| (?:confidence )?interval)"
    ),
    "number of a heading (## 2.1 推移, ### (1) 定義)": (
        r"^#{1,6} +(?:\d{1,2}(?:\.\d{1,2})*[.．]?|[(（]\d{1,2}[)）])"
        rf"(?=\s)(?!\s*(?:{_COUNTER}))"
    ),
    "number of a list item": rf"^ *\d{{1,2}}[.)](?= )(?! *(?:{_COUNTER}))",
}
"""Patterns of digits that are names. Kept short: what varies with the data must not match."""

CODE = re.compile(
    r"^(```+|~~~+)[^\n]*\n.*?(?:^\1[^\n]*$|\Z)|(`+)(?!`).+?(?<!`)\2(?!`)", re.M | re.S
)
"""Code fences and code spans of Markdown."""

_UNREAD = re.compile(
    r"<!--.*?-->"
    r"|<(?:/?[A-Za-z][^<>]*|https?://[^<>\s]*)>"
    r"|(?<=\])\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)"
    r"|https?://[\w./?=&#%~:+;,@-]+",
    re.S,
)
_ALLOWED = re.compile("|".join(f"(?:{pattern})" for pattern in ALLOWED.values()), re.M)
_ENTITY = re.compile(r"&#?\w+;")
_KANJI = "〇一二三四五六七八九十百千万億"
_DIGITS = re.compile(
    r"[\d½¼¾⅓⅔⅛](?:[\d,，.．・]*\d)?"
    rf"|(?<![第数何{_KANJI}])(?!一(?![{_KANJI}割倍ポパ%％]))[{_KANJI}]+(?={_COUNTER}|分の)"
)
_NAMED = (
    "after",
    "cell",
    "course",
    "document",
    "document_en",
    "fact",
    "fact_en",
    "has",
    "known",
    "lacking",
    "needing",
    "ref",
    "several",
    "significant",
    "unprinted",
    "value",
    "way",
)
"""Functions whose argument is the name of a number, a table or a chart."""
_LEXER = Environment()  # only cuts a text into prose and expressions; renders nothing


@dataclass(frozen=True)
class LooseDigit:
    """One typed number: its digits, its offset in the source, and the text around it."""

    digits: str
    offset: int
    around: str


def loose_digits(source: str) -> list[LooseDigit]:
    """Return the typed numbers of a Markdown text, in order.

    Parameters
    ----------
    source : str
        Markdown or plain text with unresolved ``{{ … }}`` references.

    Returns
    -------
    list of LooseDigit
        Empty for a text without typed numbers.

    Raises
    ------
    jinja2.TemplateSyntaxError
        An expression that is not closed.

    Examples
    --------
    >>> loose_digits('図表2-10では{{ fact("a.share.2022") }}です。')
    []
    >>> [one.digits for one in loose_digits("再犯者は1,581人のうち四割でした。")]
    ['1,581', '四']
    """
    prose, found = _expressions(source)
    for pattern in (CODE, _UNREAD, _ALLOWED):
        prose = pattern.sub(_blank, prose)
    prose = _ENTITY.sub(_blank_unless_digit, prose)
    found += [(match.start(), match[0]) for match in _DIGITS.finditer(prose)]
    return [LooseDigit(digits, at, _around(source, at, digits)) for at, digits in sorted(found)]


def _expressions(source: str) -> tuple[str, list[tuple[int, str]]]:
    """Return the source with its expressions blanked, and the digits found inside them."""
    prose: list[str] = []
    found: list[tuple[int, str]] = []
    offset = 0
    for kind, text, in_fact in _tokens(source):
        if kind == "data":
            prose.append(text)
        else:
            prose.append(re.sub(r"[^\n]", " ", text))
            literal = kind in {"integer", "float"} and text != "0"
            spelled = kind == "string" and not in_fact and re.search(r"\d", text)
            if literal or spelled:
                found.append((offset, text))
        offset += len(text)
    return "".join(prose), found


def _tokens(source: str) -> Iterator[tuple[str, str, bool]]:
    """Yield Jinja's tokens as (kind, text, whether it is the first argument of one of `_NAMED`)."""
    before: list[str] = []
    for _, kind, text in _LEXER.lex(source):
        yield kind, text, before[-1:] == ["("] and before[-2] in _NAMED
        if kind != "whitespace":
            before.append(text)


def _blank(match: re.Match[str]) -> str:
    # The same length, so that offsets keep pointing into the source.
    return re.sub(r"[^\n]", " ", match[0])


def _blank_unless_digit(match: re.Match[str]) -> str:
    shown = html.unescape(match[0])
    return shown.ljust(len(match[0])) if shown.isdecimal() else _blank(match)


def _around(source: str, at: int, digits: str, reach: int = 12) -> str:
    start, end = max(0, at - reach), at + len(digits) + reach
    text = " ".join(source[start:end].split())
    return f"{'…' if start else ''}{text}{'…' if end < len(source) else ''}"
