"""Printed text in one form, so that equal cells and equal labels compare equal.

In: the text of one cell or label exactly as printed (full-width digits, html tags, white space).
Out: the same text in the form every other reader of this package expects. No text is refused here;
what has no certain reading stays visible, so that the year and number readers can refuse it, with
the sentence that :func:`refusal` words.

The form
--------
- Unicode NFKC: ``４`` is ``4``, ``％`` is ``%``, ``（`` is ``(``, ``㍻`` is ``平成``, ``…`` is
  ``...``.
- Left alone by rule: one character that would become digits or brackets (``½``, ``⑴``, ``⒳``,
  ``㋀``), and what is circled, raised or lowered (``①``, ``ⓧ``, ``²``). They are footnote marks
  more often than numbers; ``12①`` must never become ``121``.
- Tags of appearance (``<b>``, ``<span …>``) go, their content stays; ``<br>``, ``<p>`` and
  ``<div>`` are a space. Between two digits every tag is a space: ``28<b>15</b>`` must not become
  ``2815``. Tags with a meaning (``<sup>``, ``<del>``) stay, and html entities are not decoded.
- Wave dash, full-width tilde, tilde and tilde operator are all the wave dash ``〜`` (U+301C),
  which is the Japanese character for a range and which NFKC leaves alone.
- White space of every kind, zero-width space included, is one space, and none at the ends.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache

from minato_analysis.cleaning.errors import CleaningError

_APPEARANCE = r"</?(?:b|strong|i|em|u|span|font|small|big)(?:\s[^<>]*)?>"
_LINE = r"</?(?:br|p|div)(?:\s[^<>]*)?/?>"
_TAGS = re.compile(
    rf"(?P<before>[0-9]?)(?P<tags>(?:{_APPEARANCE}|{_LINE})+)(?=(?P<after>[0-9]?))", re.I
)
_IS_LINE = re.compile(_LINE, re.I)
_WAVE_DASHES = str.maketrans(dict.fromkeys("~\uff5e\u223c", "\u301c"))
_WHITE_SPACE = re.compile(r"[\s\u180e\u200b\u2060\ufeff]+")

FOOTNOTE = re.compile(r"(?<=[^※])※+[0-9]{1,2}(?=$|[(※])|※")
"""The footnote mark of a label, with its number."""
_OF_WHICH = re.compile(r"(?:うち\))+")

_QUOTED_CHARACTERS = 40


def normalise(text: str) -> str:
    """Return `text` in the one form described at the top of this module.

    Parameters
    ----------
    text : str
        Text as printed.

    Returns
    -------
    str
        The normal form. Normalising it again changes nothing.

    Notes
    -----
    NFKC is Unicode Standard Annex #15 (Whistler, ed.).

    Examples
    --------
    >>> normalise("<b>２０～２９　歳</b>")
    '20〜29 歳'
    >>> normalise("28<b>15</b>"), normalise("12①"), normalise("…")
    ('28 15', '12①', '...')
    """
    return _until_stable(_normalise_once, text)


def label(text: str) -> str:
    """Return a row or column label in the form used for matching labels with each other.

    Parameters
    ----------
    text : str
        Label as printed.

    Returns
    -------
    str
        The normal form (:func:`normalise`) without white space, without the footnote mark ``※``
        (and its number of one or two digits where it ends the label or stands before a bracket
        or the next mark), and without a leading ``うち)`` ("of which"). That prefix says how
        the row is counted, not what it is called: the declared table knows which rows are parts.

    Examples
    --------
    >>> label("うち) 凶悪犯"), label("検挙人員※"), label("検挙人員※1 （人）")
    ('凶悪犯', '検挙人員', '検挙人員(人)')
    >>> label("<b>20～29 歳</b>") == label("20〜29歳")
    True
    """
    return _until_stable(_label_once, text)


def refusal(code: str, text: str, why: str, check: str) -> CleaningError:
    """Return the error for a text that cannot be read with certainty.

    Parameters
    ----------
    code : str
        Stable English code.
    text : str
        Text as printed; the sentence quotes its normal form, cut when very long.
    why : str
        Japanese clause before ため: why it is refused.
    check : str
        Japanese noun phrase: what to look at first.

    Returns
    -------
    CleaningError

    Examples
    --------
    >>> refusal("E1-EXAMPLE", " １，５８ ", "桁が足りない", "原本").message
    '「1,58」は桁が足りないため読み取れませんので、まず原本を確かめてください。'
    """
    found = normalise(text)
    if len(found) > _QUOTED_CHARACTERS:
        found = found[:_QUOTED_CHARACTERS] + "…"
    sentence = f"「{found}」は{why}ため読み取れませんので、まず{check}を確かめてください。"
    return CleaningError(code, sentence, text)


@lru_cache(
    maxsize=2048
)  # the same labels come again and again: half the time of reading a workbook
def _until_stable(step: Callable[[str], str], text: str) -> str:
    # One step can uncover work for another: <<b>b> is a tag only once the inner one is gone.
    while (result := step(text)) != text:
        text = result
    return text


def _normalise_once(text: str) -> str:
    text = _compatibility_form(text)
    text = _TAGS.sub(_without_tags, text)
    text = text.translate(_WAVE_DASHES)
    return _WHITE_SPACE.sub(" ", text).strip(" ")


def _label_once(text: str) -> str:
    text = _normalise_once(text).replace(" ", "")
    text = FOOTNOTE.sub("", text)
    prefix = _OF_WHICH.match(text)
    return text[prefix.end() :] if prefix else text


def _without_tags(match: re.Match[str]) -> str:
    between_digits = match["before"] and match["after"]
    gap = " " if between_digits or _IS_LINE.search(match["tags"]) else ""
    return match["before"] + gap


def _compatibility_form(text: str) -> str:
    if unicodedata.is_normalized("NFKC", text):
        return text
    parts: list[str] = []
    run: list[str] = []
    for character in text:
        if _is_left_alone(character):
            parts += [unicodedata.normalize("NFKC", "".join(run)), character]
            run = []
        else:
            run.append(character)
    return "".join([*parts, unicodedata.normalize("NFKC", "".join(run))])


@cache
def _is_left_alone(character: str) -> bool:
    if unicodedata.decomposition(character).startswith(("<circle>", "<super>", "<sub>")):
        return True
    form = unicodedata.normalize("NFKC", character)
    becomes_digits = not character.isdecimal() and any(part.isdecimal() for part in form)
    return becomes_digits or (len(form) > 1 and "(" in form)
