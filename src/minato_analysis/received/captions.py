"""One grammar for what stands around a table: titles, captions, notes, names of sheets and files.

In: one line of text, and what a table of ours counts (:class:`Own`). Out: its parts in order
(:class:`Part`): each with what it names, and whether it agrees with our table. What no form knows is a part
of kind ``unknown``: it is asked about, never passed over.

:data:`FORMS` lists the forms by what they name; ``docs/a-year.md`` shows the list.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final, Literal

from minato_analysis.cleaning.errors import CleaningError
from minato_analysis.cleaning.text import label
from minato_analysis.cleaning.years import parse_year
from minato_analysis.received.refusal import LONGEST_LABEL

Kind = Literal[
    "period", "year", "place", "unit", "measure", "population", "provisional", "source", "own", "unknown"
]  # fmt: skip

KINDS_JA: Final[dict[Kind, str]] = {
    "period": "期間",
    "year": "年",
    "place": "地域",
    "unit": "単位",
    "measure": "数え方",
    "population": "人の範囲",
    "provisional": "速報",
    "source": "出典・作成",
}
"""What the parts that say something about a table are called."""

_LETTER = "[\u3040-\u30ff\u3400-\u9fff々]"
_NUMBER = r"[0-9元]{1,4}"
_YEAR = rf"(?:(?:昭和|平成|令和|西暦|[SHR](?=[0-9])){_NUMBER}|[0-9]{{4}}|{_NUMBER}(?=年))"
_ONE_YEAR = rf"{_YEAR}年?(?:\({_YEAR}年?\))?年?"
_DASH = "[-〜ー―‐–—−~]"
_FROM_TO = rf"(?:から|{_DASH})"

_POINTS = r"[0-9]{1,2}(?:[./][0-9]{1,2})?"
_DAY = r"(?:[0-9]{1,2}日)?"
_MONTH = r"[0-9]{1,2}月"

Form = tuple[Kind, bool, str, str]
FORMS: Final[tuple[Form, ...]] = (
    (
        "source",
        True,
        rf"(?:作成|更新|公表|提供|印刷)日[:：]?{_YEAR}年?[0-9年月日./-]*",
        "作成日：令和6年3月1日",
    ),
    (
        "source",
        True,
        rf"{_YEAR}年{_MONTH}[0-9]{{1,2}}日の?(?:改正|施行)(?:法|令)?",
        "令和5年7月13日の改正法",
    ),
    ("source", True, r"\(\)内は", "（ ）内は"),
    (
        "period",
        True,
        rf"(?:{_YEAR}年?)?1月(?:1日)?{_FROM_TO}(?:(?:同|{_YEAR})年)?12月(?:31日|末)?(?:まで)?",
        "1月～12月",
    ),
    (
        "period",
        False,
        rf"(?:{_YEAR}年?度?)?[0-9]{{1,2}}月?{_DAY}{_FROM_TO}(?:(?:同|翌|{_YEAR})年?)?"
        rf"{_MONTH}(?:[0-9]{{1,2}}日|末)?(?:まで)?",
        "1月～6月、4月1日から9月30日まで",
    ),
    (
        "period",
        False,
        rf"(?:{_YEAR}年?度?)?(?:[上下]半[期年]|[上下]期|半期|半年|第?[1-4一二三四]四半期)",
        "上半期、下期、第3四半期",
    ),
    (
        "period",
        True,
        rf"{_YEAR}[./]0?1(?:[./]0?1)?{_FROM_TO}(?:{_YEAR}[./])?12(?:[./]31)?(?![0-9./])",
        "R5.1.1～R5.12.31",
    ),
    (
        "period",
        False,
        rf"{_YEAR}[./]{_POINTS}{_FROM_TO}(?:{_YEAR}[./])?{_POINTS}",
        "R5.1.1～R5.6.30、2023.1-6",
    ),
    (
        "period",
        False,
        r"(?:first|second|1st|2nd)[ _-]?half|half[ _-]?year(?:ly)?|monthly|quarterly"
        r"|(?<![0-9A-Za-z])[12]H(?![0-9A-Za-z])|[1-4]Q(?![0-9A-Za-z])"
        r"|(?<![A-Za-z])(?:H[12]|Q[1-4])(?![0-9A-Za-z元年]|\(|" + _FROM_TO + ")",
        "1H、Q1、first half",
    ),
    (
        "period",
        False,
        rf"(?:{_YEAR}年)?{_MONTH}{_DAY}(?:末|分|中|まで|現在|累計)+",
        "6月末現在、12月分、9月まで",
    ),
    (
        "source",
        True,
        r"(?:^|(?<=\())(?:資料|出典|出所|提供|作成者?|問い?合わ?せ先|担当)(?:元|課)?[:：][^()]*",
        "資料：警視庁",
    ),
    ("period", False, rf"(?:{_YEAR})?年度(?:別|ごと|計|合計|末)?", "令和5年度、年度別"),
    ("period", True, r"暦年|年次|年別|年ごと|各年", "暦年、年別"),
    ("year", True, rf"{_ONE_YEAR}{_FROM_TO}{_ONE_YEAR}(?:まで)?", "平成30年～令和5年"),
    (
        "year",
        True,
        rf"{_YEAR}年(?:\({_YEAR}年?\))?中?|(?:昭和|平成|令和|西暦){_NUMBER}(?:\([0-9]{{4}}\))?年?中?",
        "令和5年中",
    ),
    (
        "provisional",
        True,
        r"速報[値版]?|暫定[値版]?|概数|仮集計|provisional|preliminary",
        "速報値、暫定値、概数",
    ),
    ("unit", False, r"単位[:：]?[^()|]+", "単位：人"),
    (
        "unit",
        False,
        r"人口[0-9十百千万]+人(?:当たり|あたり|対)|(?<=\()[十百千万]+[人件名](?=\))|^[十百千万]+[人件名]$"
        r"|thousands?|hundreds?|millions?",
        "千人、人口10万人当たり、thousands",
    ),
    (
        "unit",
        False,
        r"(?<=\()(?:人員?|名|件数?|%|百分率|‰)(?=\))|^(?:人|名|件|%|‰)$|指数|=100",
        "（人）、（％）、指数",
    ),
    (
        "measure",
        False,
        r"(?:認知|検挙|発生)?件数|認知|発生率?|起訴|送致|有罪|再犯者[数率]?|初犯者数?"
        r"|対?前年[比差度]*|増減[数率]?|構成比|割合|推計",
        "件数、起訴、前年比、割合",
    ),
    (
        "population",
        False,
        r"(?:(?:来日)?外国人|(?:犯罪|触法)?少年|未成年者?|女[性子]|男[性子]|高齢者|年少者|成人|全年齢"
        rf"|(?<!{_LETTER})[男女](?!{_LETTER})|(?<![a-z])(?:juveniles?|women|females?|males?|foreign(?:ers)?)(?![a-z])"
        r"|[0-9]{1,2}歳(?:以上|以下|未満|代)?)(?:の者)?(?:[をは](?:除く|除い[たて]|含まない))?",
        "少年、女性、外国人、65歳以上、juvenile",
    ),
    (
        "population",
        False,
        r"[をは]?(?:除く|除い[たて]|含ま(?:ない|ず))|に限[るり]|のみ|うち",
        "を除く、に限る、うち",
    ),
    (
        "place",
        False,
        r"全国|[^\s|()・、,のをにはと0-9]{1,7}?(?:警察署管内|警察署|[都道府県区市町村])"
        r"(?=$|[|()・、,のにはを内及と等外合])",
        "架空区、架空県、全国",
    ),
)
"""Kind, whether it agrees with a table of whole years that says nothing, pattern, example."""

NEUTRAL: Final = """
令和 平成 昭和
統計表 データ 図表 一覧表 一覧 別紙 別添 参考 再掲 続き シート 集計表 集計 総括表 推移 状況 内訳 確定値 確定
年 表 図 計 合計 総数 区分 項目 数値 における による により について に関する 及び 並びに ごと 別 など 等
違反 この その である です ます の に は を が と で も や へ より から まで 注 備考 ※
"""
"""Words that say nothing of what a table counts."""

_FORMS = [(kind, agrees, re.compile(pattern, re.I)) for kind, agrees, pattern, _ in FORMS]
_TAKEN = "|"
_NEUTRAL = re.compile("|".join(sorted(map(re.escape, NEUTRAL.split()), key=len, reverse=True)))
_SAYS_SOMETHING = re.compile(rf"{_LETTER}|[A-Za-z]{{3,}}")
_SHORTEST = 2
"""Letters of our own words that agree on their own: one alone may be anything."""
_UNITS = {"人": "人", "名": "人", "人員": "人", "件": "件", "件数": "件", "%": "%", "百分率": "%"}


@dataclass(frozen=True)
class Own:
    """What a table of ours says of itself, in the form for comparing.

    Parameters
    ----------
    words : tuple of str
        Its title and definitions: their words agree wherever they stand.
    places : collection of str
        Names of its areas.
    units : collection of str
        人, 件, %.
    agreed : collection of str
        Other words that agree where they stand alone, e.g. 少年を除く of a table of adults.
    yearly : str
        ``calendar``, ``fiscal`` or ``any``.
    labels : tuple of str
        Its labels: they agree as a whole, as 東京 says something else than 東京湾岸.
    """

    words: tuple[str, ...] = ()
    places: Collection[str] = ()
    units: Collection[str] = field(default_factory=frozenset)
    agreed: Collection[str] = ()
    yearly: str = "calendar"
    labels: tuple[str, ...] = ()

    @cached_property
    def _all_words(self) -> str:
        return "\n".join(self.words)

    @cached_property
    def _all_labels(self) -> str:
        return "\n".join(("", *self.labels))

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """The first letters of every text that begins like this, as many as a text of ours has at least."""
        parts = {one[at : at + _SHORTEST] for one in self.words for at in range(len(one))}
        return frozenset(parts | {one[:_SHORTEST] for one in self.labels})

    def has(self, text: str) -> bool:
        """Tell whether a text without line ends is one of the labels, or a part of the other words."""
        return text in self._all_words or text in self.labels

    def begins(self, text: str) -> bool:
        """Tell the same of a text that may go on."""
        return text in self._all_words or f"\n{text}" in self._all_labels


@dataclass(frozen=True)
class Part:
    """A part of a line: what it names, its text, and whether it agrees with our table."""

    kind: Kind
    text: str
    agrees: bool


def parts(text: str, own: Own) -> list[Part]:
    """Return the parts of a line that say something.

    Examples
    --------
    >>> own = Own(("検挙人員の推移(甲区)",), ("甲区",), ("人",))
    >>> [(one.kind, one.text, one.agrees) for one in parts("検挙人員（架空区、令和5年1月～6月）", own)]
    [('period', '令和5年1月〜6月', False), ('place', '架空区', False), ('own', '検挙人員', True)]
    >>> [(one.kind, one.text) for one in parts("甲区の検挙人員（新方式）", own) if not one.agrees]
    [('unknown', '新方式')]
    """
    formed, line = _formed(label(text[:LONGEST_LABEL]))
    found = [Part(kind, one, _agrees(kind, agrees, one, own)) for kind, agrees, one in formed]
    found += _unknown(_without_own(line, own, found))
    if len(text) > LONGEST_LABEL:
        found.append(Part("unknown", "…", False))
    return found


@lru_cache(maxsize=1_024)  # the same headings, notes and cover stand around every table
def _formed(line: str) -> tuple[tuple[tuple[Kind, bool, str], ...], str]:
    """Return what the forms find in a line, and the line without it."""
    found: list[tuple[Kind, bool, str]] = []
    for kind, agrees, pattern in _FORMS:
        if here := [(kind, agrees, match[0]) for match in pattern.finditer(line)]:
            found += here
            line = pattern.sub(_TAKEN, line)
    return tuple(found), line


@lru_cache(maxsize=1_024)
def _unknown(line: str) -> tuple[Part, ...]:
    """Return what a line says besides the forms and our own words."""
    rest = re.split(r"[^\w]+|[0-9]+", _NEUTRAL.sub(_TAKEN, line))
    return tuple(Part("unknown", one, False) for one in rest if _SAYS_SOMETHING.search(one))


def years_of(text: str) -> list[int]:
    """Return the Western years that a part of kind ``year`` names.

    >>> years_of("平成30年〜令和5年"), years_of("令和5年中")
    ([2018, 2023], [2023])
    """
    found = []
    for one in re.findall(_ONE_YEAR, text):
        with suppress(CleaningError):
            found.append(parse_year(one).year)
    return found


def _agrees(kind: Kind, agrees: bool, text: str, own: Own) -> bool:
    if kind == "place":
        return any(text.endswith(one) for one in own.places) or own.has(text)
    if kind == "unit":
        units = re.split("[、,・/]", re.sub(r"^単位[:：]?", "", text))
        return all(_UNITS.get(one) in own.units for one in units if one)
    if kind == "period" and own.yearly != "calendar" and ("年度" in text or _is_fiscal_year(text)):
        return True
    return agrees or text in own.agreed or own.has(text)


def _is_fiscal_year(text: str) -> bool:
    return re.findall(r"([0-9]{1,2})月", text) == ["4", "3"]


def _without_own(line: str, own: Own, found: list[Part]) -> str:
    """Take our own words out of a line, the longest first from where they begin."""
    rest, done = "", 0
    starts = [at for at in range(len(line)) if line[at : at + _SHORTEST] in own.beginnings]
    for at in starts:
        if at < done:
            continue
        end = last = at
        while last < len(line) and line[last] != _TAKEN and own.begins(line[at : last + 1]):
            last += 1
            end = last if own.has(line[at:last]) else end
        if end - at >= _SHORTEST:
            found.append(Part("own", line[at:end], True))
            rest, done = rest + line[done:at] + _TAKEN, end
    return rest + line[done:]
