"""Which way the area's counts and shares moved, in the words of titles and descriptions.

In: the indicator by year (see :func:`minato_analysis.analyses.trends.record_shares`). Out: texts with
references to facts. A count is told by its turning point: the year in which it was lowest (or highest) and
what it has done since; first against last alone would hide it. Every wording of a title has its predicates
in ``data/sentences.yaml``.
"""

from __future__ import annotations

import pandas as pd

from minato_analysis.numbers.turning import Course, turning

NO_LARGEST = "罪種ごとの検挙人員の動き"
"""Title where two groups are level at the top."""

NAME = {"persons": "検挙人員", "first_time": "初犯者", "reoffenders": "再犯者"}
NAME_EN = {"first_time": "first-time persons", "reoffenders": "reoffenders"}

_JA: dict[Course, str] = {
    "level": "{now}のまま変わらない",
    "ends lowest": "{now}で、{{{{ first_label }}}}からの年で最も少ない",
    "ends highest": "{now}で、{{{{ first_label }}}}からの年で最も多い",
    "rises since": "{lowest.year}の{lowest}を底に{run}年続けて増え{now}",
    "falls since": "{highest.year}の{highest}を山に{run}年続けて減り{now}",
    "lowest within": "{lowest.year}の{lowest}が最も少なく、{{{{ last_label }}}}は{now}",
    "highest within": "{highest.year}の{highest}が最も多く、{{{{ last_label }}}}は{now}",
}
_TITLES = {course: text.replace("{run}年続けて", "") for course, text in _JA.items()}
"""A title has 30 characters: how many years it went on stands in the text below it."""

_EN: dict[Course, str] = {
    "level": "still {now}",
    "ends lowest": "{now}, the fewest since {{{{ first }}}}",
    "ends highest": "{now}, the most since {{{{ first }}}}",
    "rises since": "down to {lowest} in {lowest.year}, then up every year to {now}",
    "falls since": "up to {highest} in {highest.year}, then down every year to {now}",
    "lowest within": "lowest in {lowest.year} ({lowest}), {now} in {{{{ last }}}}",
    "highest within": "highest in {highest.year} ({highest}), {now} in {{{{ last }}}}",
}


def title(table: pd.DataFrame) -> str:
    """Return the title of the figure with persons and share.

    Parameters
    ----------
    table : pandas.DataFrame
        Index: year; with ``reoffenders``.

    Examples
    --------
    >>> title(pd.DataFrame({"reoffenders": [9, 9]}, [2021, 2022]))
    '再犯者は{{ fact("{area}.reoffenders.{last}") }}のまま変わらない'
    """
    return f"{NAME['reoffenders']}は{_told(table, 'reoffenders', _TITLES, 'fact')}"


def title_en(table: pd.DataFrame) -> str:
    """Return the same title in English."""
    return f"Reoffenders: {_told(table, 'reoffenders', _EN, 'fact_en')}"


def told(table: pd.DataFrame, name: str) -> str:
    """Return what a count did, as a sentence without its end."""
    return f"{NAME[name]}は{_told(table, name, _JA, 'fact')}"


def bars(table: pd.DataFrame) -> str:
    """Return what the bars of first-time persons and reoffenders did, for a description."""
    return "。".join(told(table, name) for name in ("first_time", "reoffenders"))


def bars_en(table: pd.DataFrame) -> str:
    """Return the same in English."""
    return "; ".join(f"{NAME_EN[name]} {_told(table, name, _EN, 'fact_en')}" for name in NAME_EN)


def _told(table: pd.DataFrame, name: str, words: dict[Course, str], call: str) -> str:
    def fact(which: str) -> str:
        return f'{{{{ {call}("{{area}}.{name}.{which}") }}}}'

    found = turning({int(str(year)): float(one) for year, one in table[name].items()})
    text = words[found.course]
    if found.run == 1:  # 「1年続けて」 is no run
        text = text.replace("{run}年続けて", "").replace(" every year", "")
    for part in ("lowest.year", "highest.year", "lowest", "highest", "run"):
        text = text.replace(f"{{{part}}}", fact(part))
    return text.replace("{now}", fact("{last}")).replace("{{{{", "{{").replace("}}}}", "}}")


def overlap(table: pd.DataFrame) -> bool:
    """Return whether the intervals (``low``, ``high``) of all years share a value.

    >>> overlap(pd.DataFrame({"low": [40.0, 43.0], "high": [44.0, 47.0]}))
    True
    """
    return bool(table["low"].max() <= table["high"].min())


def top_two(counts: pd.Series) -> tuple[str, str]:
    """Return the labels of the largest and the second largest count; "" where two are level, or one unknown.

    >>> top_two(pd.Series({"甲": 5, "乙": 9, "丙": 5}))
    ('乙', '')
    """
    if counts.isna().any():  # what is not known may be the largest
        return "", ""
    ordered = counts.sort_values(ascending=False, kind="stable")
    apart = ordered.to_numpy()[:-1] > ordered.to_numpy()[1:]
    first = str(ordered.index[0]) if apart[:1].all() else ""
    second = str(ordered.index[1]) if first and len(ordered) > 1 and apart[1:2].all() else ""
    return first, second
