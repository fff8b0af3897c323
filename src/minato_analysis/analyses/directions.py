"""Which way the area's counts and shares moved, in the words of titles and descriptions.

In: the indicator by year (see :func:`minato_analysis.analyses.trends.record_shares`). Out: texts with
references to facts. Every wording of a title has its predicates in ``data/sentences.yaml``.
"""

from __future__ import annotations

import pandas as pd

SHARE = '割合は{{ fact("{area}.share.{last}") }}'
SHARE_EN = 'their share: {{ fact_en("{area}.share.{last}") }}'


NO_LARGEST = "罪種ごとの検挙人員の動き"
"""Title where two groups are level at the top."""


def title(table: pd.DataFrame) -> str:
    """Return the title of the figure with persons and share.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a year with ``reoffenders``.

    Examples
    --------
    >>> title(pd.DataFrame({"reoffenders": [9, 9]})).split("、")[0]
    '再犯者は{{ fact("{area}.reoffenders.{last}") }}のまま変わらず'
    """
    first, last = table["reoffenders"].iloc[0], table["reoffenders"].iloc[-1]
    now = '{{ fact("{area}.reoffenders.{last}") }}'
    if last < first:
        return (
            f'再犯者は{{{{ fact("{{area}}.reoffenders.fall.{{first}}_{{last}}") }}}}減り、{SHARE}'
        )
    if last > first:
        before = '{{ fact("{area}.reoffenders.{first}") }}'
        return f"再犯者は{before}から{now}に増え、{SHARE}"
    return f"再犯者は{now}のまま変わらず、{SHARE}"


def title_en(table: pd.DataFrame) -> str:
    """Return the same title in English."""
    first, last = table["reoffenders"].iloc[0], table["reoffenders"].iloc[-1]
    now = '{{ fact_en("{area}.reoffenders.{last}") }}'
    if last < first:
        fall = '{{ fact_en("{area}.reoffenders.fall.{first}_{last}") }}'
        return f"Reoffenders: {fall} fewer; {SHARE_EN}"
    if last > first:
        before = '{{ fact_en("{area}.reoffenders.{first}") }}'
        return f"Reoffenders: up from {before} to {now}; {SHARE_EN}"
    return f"Reoffenders: still {now}; {SHARE_EN}"


def bars(table: pd.DataFrame) -> str:
    """Return what the bars of first-time persons and reoffenders did from the first to the last year.

    >>> bars(pd.DataFrame({"first_time": [9, 5], "reoffenders": [9, 8]}))
    '初犯者も再犯者も減っています'
    >>> bars(pd.DataFrame({"first_time": [9, 5], "reoffenders": [9, 10]}))
    '初犯者は減り、再犯者は増えています'
    """
    stems = {-1: "減っ", 0: "変わら", 1: "増え"}
    ends = {-1: "ています", 0: "ずにいます", 1: "ています"}
    first, again = _ways(table)
    if first == again:
        return f"初犯者も再犯者も{stems[again]}{ends[again]}"
    joined = {-1: "減り", 0: "変わらず", 1: "増え"}[first]
    return f"初犯者は{joined}、再犯者は{stems[again]}{ends[again]}"


def bars_en(table: pd.DataFrame) -> str:
    """Return the same in English.

    >>> bars_en(pd.DataFrame({"first_time": [9, 5], "reoffenders": [9, 10]}))
    'first-time persons fell and reoffenders rose'
    """
    words = {-1: "fell", 0: "stayed the same", 1: "rose"}
    first, again = _ways(table)
    if first == again:
        return f"both first-time persons and reoffenders {words[again]}"
    return f"first-time persons {words[first]} and reoffenders {words[again]}"


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


def _ways(table: pd.DataFrame) -> tuple[int, int]:
    first, again = (
        (float(table[name].iloc[-1]) > float(table[name].iloc[0]))
        - (float(table[name].iloc[-1]) < float(table[name].iloc[0]))
        for name in ("first_time", "reoffenders")
    )
    return first, again
