"""The numbers a council looks at first, declared in one place, and the words for a probability.

The attribution splits the change of every :data:`HEADLINES`; a headline an edition does not have is left
out and named. Ids are roles (see :mod:`.roles`).
"""

from __future__ import annotations

from dataclasses import dataclass

from minato_analysis.numbers.facts import Fact


@dataclass(frozen=True)
class Headline:
    """One number: its role, and what it is called."""

    role: str
    label: str


_MODEL = "projection.{target}.pool"
_CANNABIS = "{area}.cannabis.vs_other.{last}"

HEADLINES = (
    Headline("{area}.share.{last}", "最新の年の再犯者の割合（指標）"),
    Headline("{area}.reoffenders.{last}", "最新の年の再犯者"),
    Headline("{area}.persons.{last}", "最新の年の検挙人員"),
    Headline("{area}.change.{first}_{last}.points", "最初の年からの割合の差"),
    Headline("{area}.change.{first}_{last}.low", "最初の年からの割合の差の下限"),
    Headline("{area}.change.{first}_{last}.high", "最初の年からの割合の差の上限"),
    Headline(f"{_MODEL}.median", "目標年の割合の見込み（中央）"),
    Headline(f"{_MODEL}.low95", "目標年の割合の見込みの下限"),
    Headline(f"{_MODEL}.high95", "目標年の割合の見込みの上限"),
    Headline(f"{_MODEL}.p_target", "目標に届く確率"),
    Headline(f"{_CANNABIS}.points", "最新の年の大麻とほかの罪種の差"),
    Headline(f"{_CANNABIS}.low", "最新の年の大麻とほかの罪種の差の下限"),
    Headline(f"{_CANNABIS}.high", "最新の年の大麻とほかの罪種の差の上限"),
    Headline("{area}.cannabis.share.pooled", "年を合わせた大麻の再犯者の割合"),
    Headline("{area}.cannabis.other.share.pooled", "年を合わせたほかの罪種の再犯者の割合"),
    Headline("{area}.cannabis.mh_or", "大麻とほかの罪種のオッズ比（年を合わせた値）"),
    Headline("{area}.cannabis.mh_or.low", "同じオッズ比の下限"),
    Headline("{area}.cannabis.mh_or.high", "同じオッズ比の上限"),
)

INDICATOR = "{area}.share.{last}"
TARGET = "target.share"
PROBABILITY = f"{_MODEL}.p_target"
FORECAST = ("projection.{next}.pool.low95", "projection.{next}.pool.high95")
"""Ends of the interval an edition gave in advance for the year after its last one."""

LIKELIHOOD = (
    (99.0, "ほぼ確実"),
    (90.0, "可能性が非常に高い"),
    (66.0, "可能性が高い"),
    (33.0, "どちらも同じくらい"),
    (10.0, "可能性が低い"),
    (1.0, "可能性が非常に低い"),
    (0.0, "ほぼあり得ない"),
)
"""Lowest probability in percent of each class, and its words."""


def likelihood(percent: float) -> str:
    """Return the words for a probability.

    References
    ----------
    Mastrandrea et al. (2010), Guidance Note for Lead Authors of the IPCC Fifth Assessment Report on
    Consistent Treatment of Uncertainties, table 1.

    >>> likelihood(21.0), likelihood(66.0), likelihood(0.4)
    ('可能性が低い', '可能性が高い', 'ほぼあり得ない')
    """
    return next(words for lowest, words in LIKELIHOOD if percent >= lowest)


def in_twenty(fact: Fact) -> str:
    """Return a probability as words with its number.

    >>> in_twenty(Fact("a.p", 21.2, "21%", "percent", 0, "p", ("s/t!r!c",), "n"))
    '可能性が低い（21%、20回中4回程度）'
    """
    times = int(fact.value / 5 + 0.5)
    return f"{likelihood(fact.value)}（{fact.display}、20回中{times}回程度）"
