"""The rule of small numbers: in goes a finished page, out come the counts that could point at a person.

A count of one to nine persons, or a share of 100 %, can tell something about somebody a reader knows.
Pages for lay readers show neither, in no channel: cells, running text, drawings with title and
description, downloads, attributes, scripts. Where a source is declared ``not_public``, every page
is held to the rule, and so are the facts computed from that source.

What is not a count of persons: a number with another unit (4.7%, 3.2ポイント, 4回, 令和4年, 20〜29歳,
5件), with a sign (△7人 is a change), as a limit or a range (10人未満, 1〜9人), in the name of something
(図表2-10, 第3章), under a heading that names another unit, the ticks of an axis, and the 100 % that
shares of a whole add up to. On a technical page, full of parameters and of counts of tests, a number
without a unit counts only where the title or a heading of its table names persons.

The threshold of ten is the usual one of official statistics; see Hundepool et al. (2012),
*Statistical Disclosure Control*, chapter 4.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from minato_analysis.numbers.facts import FEW_PERSONS, Fact
from minato_analysis.reporting.channels import UNREADABLE, Said, said
from minato_analysis.reporting.digits import ALLOWED

_NAMES = re.compile(
    "|".join(f"(?:{pattern})" for pattern in ALLOWED.values() if not pattern.startswith("^"))
    + r"|(?:令和|平成|昭和|[RHS])\d+|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
    + r"|(?:Figures?|Tables?|Chapters?|Articles?|Notes?) \d+(?:-\d+)*"
    + r"|[\d,]+人に(?:約|およそ)?\d人|1人(?:ひとり|一人|当たり|あたり)"
)
_BEFORE = r"(?<![\d.,△▲+−〜~–-])"
_AFTER = r"(?![\d〜~–]|[.,-]\d)"
_LIMIT = r"(?!\s*(?:未満|以上|以下|を超|超|or more|or fewer))"
_UNIT = r"ポイント|[件回年歳倍円個署]|points?|times?|years?|cases?"
_WORD = r"人|名(?!簿|称|前)|persons?\b|people\b|reoffenders?\b|offenders?\b|arrests?\b"
_COUNTED = re.compile(
    rf"{_BEFORE}0*([1-9])(?:\.0*)?{_AFTER}\s*(?:{_WORD}){_LIMIT}"
    rf"|(?:人員|人数|[犯罪]者|者数)(?:は|が|:|=|、|\s){{1,2}}([1-9]){_AFTER}(?![\w.%])"
    rf"|(?:(?<!\w)|(?<=は|が|の|と|計))([二三四五六七八九])人(?!称|以上|未満|以下)"
)
_BARE = re.compile(rf"{_BEFORE}(?<![A-Za-z_#])0*([1-9])(?:\.0)?{_AFTER}(?!\w|\s?(?:%|{_UNIT}))")
_WHOLE = re.compile(rf"{_BEFORE}100(?:\.0+)?\s?(?:%|パーセント|per ?cent)")
_WHOLE_BARE = re.compile(r"100(?:\.0+)?")
_SHARE_HEAD = re.compile(r"割合|[率%]|構成比|[Ss]hare|[Pp]er ?cent")
_OTHER_HEAD = re.compile(
    r"[(（](?!人|名|persons)[^)）]*(?:[件回年歳倍円個署]|ポイント|指数|対数)[^)）]*[)）]"
    r"|^(?:年|番号|No\.?|順位|p値.*|計算式|Year|Number|Rank|p-value)$"
)
_TOTAL = re.compile(r"計|合計|総数|全体|[Tt]otal|[Aa]ll")
_PEOPLE = r"(?:人員|人数|[犯罪]者|者数|\b(?:persons?|people|reoffenders?|arrested))"


def small_numbers(html: str, kind: Literal["lay", "technical"] = "lay") -> list[str]:
    """Return a sentence for each small count of persons and each share of 100 % on a page.

    Parameters
    ----------
    html : str
        The whole page.
    kind : {"lay", "technical"}
        How numbers without a unit are taken, see above.

    Returns
    -------
    list of str
        Each once, in order, with the place; empty when there is none.

    Examples
    --------
    >>> small_numbers("<p>再犯者は7人、割合は46.7%でした。</p>")
    ['本文に「7人」（再犯者は7人、割合は46.7%でした…）']
    >>> small_numbers("<p>再犯者は10人未満、令和4年、4.7%、20〜29歳、△7人</p>")
    []
    """
    return list(
        dict.fromkeys(
            _sentence(one, digits, at)
            for one in said(html)
            for digits, at in _small(one, strict=kind == "lay" or _names_persons(one))
        )
    )


def small_facts(facts: Iterable[Fact], closed: Iterable[str]) -> list[str]:
    """Return a sentence for each fact that shows a small number of a source that is not public.

    Parameters
    ----------
    facts : iterable of Fact
    closed : iterable of str
        Ids of sources, as :func:`minato_analysis.data.closed_sources` returns them.
    """
    sources = set(closed)
    return [
        f"数値 {one.id} は{one.display}（計算に使った資料 {'、'.join(sorted(used))} は非公表）"
        for one in facts
        if (used := sources & {address.partition("/")[0] for address in one.observations})
        and (
            (one.unit == "persons" and 0 < one.value < FEW_PERSONS)
            or (one.unit == "percent" and one.value == 100)
        )
    ]


def _names_persons(one: Said) -> bool:
    """Tell whether the title of a table speaks of persons, or a heading ends in them."""
    return bool(re.search(_PEOPLE, one.where)) or any(
        re.search(rf"{_PEOPLE}(?:\(.*\))?$", head) for head in one.heads
    )


def _small(one: Said, *, strict: bool) -> Iterator[tuple[str, int]]:
    """Yield each small number of a text with its offset."""
    if one.text.endswith(UNREADABLE.format("")):
        yield one.text, 0
        return
    # The same length, so that offsets keep pointing into the text.
    text = _NAMES.sub(lambda name: "＿" * len(name[0]), one.text)
    for found in _COUNTED.finditer(text):
        yield found[0].strip(), found.start()
    if not strict:
        return
    whole = any("構成比" in head for head in one.heads) and any(map(_TOTAL.fullmatch, one.heads))
    for found in () if whole else _WHOLE.finditer(text):
        yield found[0], found.start()
    share = any(_SHARE_HEAD.search(head) for head in one.heads)
    if one.bare and share and not whole and _WHOLE_BARE.fullmatch(text):
        yield text, 0
    elif one.bare and not share and not any(_OTHER_HEAD.search(head) for head in one.heads):
        for found in _BARE.finditer(text):
            if not _COUNTED.match(text, found.start()):
                yield found[0], found.start()


def _sentence(one: Said, digits: str, at: int, reach: int = 12) -> str:
    start, end = max(0, at - reach), at + len(digits) + reach
    around = f"{'…' if start else ''}{one.text[start:end]}{'…' if end < len(one.text) else ''}"
    beside = "・".join(dict.fromkeys(head for head in one.heads if head)) or (
        around if around != digits else ""
    )
    return f"{one.where}に「{digits}」" + (f"（{beside}）" if beside else "")
