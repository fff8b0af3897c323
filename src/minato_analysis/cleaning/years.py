"""Years as Japanese tables print them.

In: the text of one year cell, e.g. ``令和元(2019)年``, ``平成 12(2000)年``, ``H29``, ``R元``,
``令5``, ``平成30年度``, ``令和4年(2022年)``, ``2022年(令和4年)``, ``令和四年``, ``西暦2022年``,
``令和5年中``, ``令和5年※1``, ``令和5年(速報値)``, ``2019``. Out: a :class:`Year`, or a
:class:`~minato_analysis.cleaning.errors.CleaningError`.

Rules
-----
- An era runs from its first year to its last: 昭和 1–64 (1926–1989), 平成 1–31 (1989–2019),
  令和 1– (2019–). A year in which the era changed may be printed in either, so 平成31 and 令和元
  are both 2019. Other eras are not read.
- Where era and Western year are both printed, they must agree.
- No year before 1926 and none after `latest` is plausible; there is no clock in this rule.
- 年 is a calendar year and 年度 a fiscal year (from April). They are never mixed. A text with
  neither is what the caller says its column holds (`unmarked`).
- ``H`` and ``R`` are capitals (``r4`` is a revised 4). A leading zero is harmless (``R04``).

Codes: ``E1-YEAR-BLANK``, ``E1-YEAR-FORM``, ``E1-YEAR-TWO``, ``E1-YEAR-KIND``, ``E1-YEAR-ERA``,
``E1-YEAR-ERA-END``, ``E1-YEAR-IMPOSSIBLE``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from minato_analysis.cleaning.errors import CleaningError
from minato_analysis.cleaning.text import FOOTNOTE, normalise, refusal

Kind = Literal["calendar", "fiscal"]

EARLIEST_YEAR: Final = 1926
"""First Western year read: the first year of 昭和."""

LATEST_PLAUSIBLE_YEAR: Final = 2035
"""Last Western year taken for a real one unless the caller knows better.

Beyond the horizon of plans in force, and well before 令和27 (2045), which is how a 平成27 looks
after a slip of the era. Raise it when a plan looks further ahead.
"""

_MARKS: Final[dict[str, Kind]] = {"年": "calendar", "年度": "fiscal"}
_NUMBER = r"(?:元|[0-9]{1,2})"
_ERA_NAME = r"昭和?|平成?|令和?|[SHR]"
_WESTERN = re.compile(r"(?P<western>[0-9]{4}) ?(?P<mark>年度?)?")
_ERA_YEAR = re.compile(
    rf"(?P<era>{_ERA_NAME}) ?(?P<number>{_NUMBER})"
    r"(?: ?\( ?(?P<western>[0-9]{4}) ?\))? ?(?P<mark>年度?)?"
)
_MARKED_BEFORE_BRACKET = re.compile(
    rf"(?P<era>{_ERA_NAME}) ?(?P<number>{_NUMBER}) ?(?P<mark>年度?)"
    r" ?\( ?(?P<western>[0-9]{4}) ?(?P<second_mark>年度?)? ?\)"
)
_WESTERN_BEFORE_BRACKET = re.compile(
    rf"(?P<western>[0-9]{{4}}) ?(?P<mark>年度?)? ?\( ?(?P<era>{_ERA_NAME}) ?(?P<number>{_NUMBER})"
    r" ?(?P<second_mark>年度?)? ?\)"
)
_PROVISIONAL = re.compile(r" ?\((?:速報値?|暫定値?|速報・?暫定値?)\)$")
_AROUND = re.compile(r"^西暦 ?(?=[0-9])|(?<=年)中$| ?\((?:確定値?|確報値?)\)$")
_KANJI = re.compile(r"(?<=昭和|平成|令和)[一二三四五六七八九十]+(?=年)")
_YEAR_WITHIN = re.compile(
    rf"(?:{_ERA_NAME}) ?{_NUMBER}(?: ?年度?)?(?: ?\( ?[0-9]{{4}})?|[0-9]{{4}}"
)


@dataclass(frozen=True)
class _Era:
    name: str
    letter: str
    first: int
    """Western year of its year 1."""
    length: int | None
    """Number of its last year; None while it runs."""

    def western(self, number: int) -> int:
        return self.first + number - 1

    def has(self, number: int) -> bool:
        return number >= 1 and (self.length is None or number <= self.length)


ERAS: Final = (
    _Era("昭和", "S", 1926, 64),
    _Era("平成", "H", 1989, 31),
    _Era("令和", "R", 2019, None),
)
"""The eras read, oldest first."""


@dataclass(frozen=True)
class Year:
    """One year.

    Parameters
    ----------
    year : int
        Western year; of a fiscal year, the year in which it began.
    kind : {"calendar", "fiscal"}
        暦年 (printed 年) or 年度.
    era : str, optional
        Era as printed (昭和, 平成, 令和); None where only the Western year was.
    provisional : bool, optional
        Whether the values below it are printed as provisional (速報値, 暫定値).

    Raises
    ------
    ValueError
        If `era` is unknown or does not hold `year`.
    """

    year: int
    kind: Kind
    era: str | None = None
    provisional: bool = False

    def __post_init__(self) -> None:
        if self.era is None:
            return
        for era in ERAS:
            if era.name == self.era and era.has(self.year - era.first + 1):
                return
        raise ValueError(f"{self.year} is not a year of the era {self.era}")


def parse_year(
    text: str, *, latest: int = LATEST_PLAUSIBLE_YEAR, unmarked: Kind = "calendar"
) -> Year:
    """Read one printed year.

    Parameters
    ----------
    text : str
        Text of the cell as printed.
    latest : int, optional
        Last plausible Western year.
    unmarked : {"calendar", "fiscal"}, optional
        What a text with neither 年 nor 年度 (``H29``, ``2019``) means in this column.

    Returns
    -------
    Year

    Raises
    ------
    CleaningError
        If the text is not certainly one plausible year.

    Examples
    --------
    >>> parse_year("令和 2 (2020)年")
    Year(year=2020, kind='calendar', era='令和', provisional=False)
    >>> parse_year("平成30年度")
    Year(year=2018, kind='fiscal', era='平成', provisional=False)
    >>> parse_year("2019")
    Year(year=2019, kind='calendar', era=None, provisional=False)
    >>> parse_year("令和27年")
    Traceback (most recent call last):
        ...
    minato_analysis.cleaning.errors.CleaningError: E1-YEAR-IMPOSSIBLE \
「令和27年」は西暦2045年に当たり、あり得る最後の年とした2035年より後で誤植とみられるため\
読み取れませんので、まず原本の年（平成27(2015)年の誤りではないか）を確かめてください。
    """
    printed = FOOTNOTE.sub("", normalise(text)).strip()
    provisional = _PROVISIONAL.search(printed) is not None
    printed = _AROUND.sub("", _PROVISIONAL.sub("", printed))
    printed = _KANJI.sub(lambda found: str(_digits(found.group())), printed)
    match = (
        _WESTERN.fullmatch(printed)
        or _WESTERN_BEFORE_BRACKET.fullmatch(printed)
        or _ERA_YEAR.fullmatch(printed)
        or _MARKED_BEFORE_BRACKET.fullmatch(printed)
    )
    if match is None:
        raise _unreadable(text, printed)
    found = match.groupdict()
    kind = _kind(text, found, unmarked)
    western = int(found["western"]) if found["western"] else None
    if found.get("era"):
        era, year = _era_year(text, found, kind, western, latest)
        return Year(year, kind, era.name, provisional)
    assert western is not None, "a text without an era is read only by its Western year"
    if western < EARLIEST_YEAR:
        why = f"あり得る最初の年とした{EARLIEST_YEAR}年より前で誤植とみられる"
        raise refusal("E1-YEAR-IMPOSSIBLE", text, why, "原本の西暦の数字")
    if western > latest:
        why = f"あり得る最後の年とした{latest}年より後で誤植とみられる"
        raise refusal("E1-YEAR-IMPOSSIBLE", text, why, "原本の西暦の数字")
    return Year(western, kind, provisional=provisional)


def _digits(kanji: str) -> int:
    """Return a number below 100 written as 十二."""
    tens, ten, ones = kanji.rpartition("十")
    value = {one: number for number, one in enumerate("一二三四五六七八九", 1)}
    return (10 * value.get(tens, 1) if ten else 0) + value.get(ones, 0)


def era_of(western_year: int) -> tuple[str, int]:
    """Return era and number of a Western year; a year in which the era changed is the new one's.

    Parameters
    ----------
    western_year : int
        1926 or later.

    Returns
    -------
    tuple of (str, int)

    Raises
    ------
    ValueError
        If the year is before 1926.

    Examples
    --------
    >>> era_of(2022), era_of(2019), era_of(2018)
    (('令和', 4), ('令和', 1), ('平成', 30))
    """
    for era in reversed(ERAS):
        if western_year >= era.first:
            return era.name, western_year - era.first + 1
    raise ValueError(f"{western_year} is before {EARLIEST_YEAR}, the first year known here")


def format_year(year: Year) -> str:
    """Return the year in the form of official tables.

    Parameters
    ----------
    year : Year
        Its own era is kept; without one, :func:`era_of` names it.

    Returns
    -------
    str
        Text that :func:`parse_year` reads back.

    Raises
    ------
    ValueError
        If the year is before 1926.

    Examples
    --------
    >>> format_year(Year(2022, "calendar")), format_year(Year(2019, "fiscal", "平成"))
    ('令和4(2022)年', '平成31(2019)年度')
    """
    name, number = era_of(year.year)
    for era in ERAS:
        if era.name == year.era:
            name, number = era.name, year.year - era.first + 1
    mark = "年" if year.kind == "calendar" else "年度"
    return f"{name}{'元' if number == 1 else number}({year.year}){mark}"


def _unreadable(text: str, printed: str) -> CleaningError:
    if not printed:
        return CleaningError(
            "E1-YEAR-BLANK",
            "年の欄が空でどの年か決められないため読み取れませんので、"
            "まず原本で結合された欄の続きでないかを確かめてください。",
            text,
        )
    if len(_YEAR_WITHIN.findall(printed)) > 1:
        why = "年が二つ以上書かれていてどの年か決められない"
        return refusal("E1-YEAR-TWO", text, why, "原本のこの欄が一つの年を指すか")
    why = "年の書き方として知っている形（令和4(2022)年、R4、2022年度など）のどれとも違う"
    return refusal("E1-YEAR-FORM", text, why, "原本のこの欄の文字")


def _kind(text: str, found: dict[str, str | None], unmarked: Kind) -> Kind:
    marks = {mark for mark in (found["mark"], found.get("second_mark")) if mark}
    if len(marks) > 1:
        why = "年（暦年）と年度の両方が書かれていてどちらか決められない"
        raise refusal("E1-YEAR-KIND", text, why, "原本の表が暦年と年度のどちらの表か")
    return _MARKS[marks.pop()] if marks else unmarked


def _era_year(
    text: str, found: dict[str, str | None], kind: Kind, western: int | None, latest: int
) -> tuple[_Era, int]:
    era = next(era for era in ERAS if found["era"] in (era.name, era.name[0], era.letter))
    number = 1 if found["number"] == "元" else int(found["number"] or 0)
    year = era.western(number)
    if not era.has(number):
        why = (
            f"{era.name}が{era.length}年（{era.western(era.length)}年）までで"
            f"{era.name}{number}年という年がない"
            if era.length and number
            else f"{era.name}{number}年という年がない"
        )
        check = _check(western or (year if number else None), latest, kind)
        raise refusal("E1-YEAR-ERA-END", text, why, check)
    if year > latest:
        why = f"西暦{year}年に当たり、あり得る最後の年とした{latest}年より後で誤植とみられる"
        earlier = next((e.western(number) for e in reversed(ERAS[:-1]) if e.has(number)), None)
        plausible = western if western and western <= latest else earlier
        raise refusal("E1-YEAR-IMPOSSIBLE", text, why, _check(plausible, latest, kind))
    if western is not None and western != year:
        why = f"元号では{year}年、西暦では{western}年となって一致しない"
        raise refusal("E1-YEAR-ERA", text, why, "原本の元号と西暦のどちらが正しいか")
    return era, year


def _check(candidate: int | None, latest: int, kind: Kind) -> str:
    # A candidate is named as a thing to look at, never used.
    if candidate is None or not EARLIEST_YEAR <= candidate <= latest:
        return "原本の年の数字"
    return f"原本の年（{format_year(Year(candidate, kind))}の誤りではないか）"
