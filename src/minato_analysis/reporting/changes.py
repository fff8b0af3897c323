"""What a new edition changes, in three sentences for the front page.

In: the facts of two editions and their names. Out: sentences about the indicator, the persons, the outlook.
"""

from __future__ import annotations

from collections.abc import Mapping

from minato_analysis.facts import Fact, FactBook
from minato_analysis.turning import Course, turning

COURSES: Mapping[Course, str] = {
    "level": "変わっていない",
    "ends lowest": "最後の年が最も少ない",
    "ends highest": "最後の年が最も多い",
    "rises since": "いちばん少なかった年から増え続けている",
    "falls since": "いちばん多かった年から減り続けている",
    "lowest within": "途中の年が最も少なく、その後は上下している",
    "highest within": "途中の年が最も多く、その後は上下している",
}
"""The course of the reoffenders as a predicate."""

CHANCE = "projection.{target}.damped_trend.p_target"


def told(
    before: FactBook, after: FactBook, then: Mapping[str, object], now: Mapping[str, object]
) -> tuple[str, ...]:
    """Return this year's changes; those whose numbers one of the editions does not have are left out.

    Parameters
    ----------
    before, after : FactBook
        All facts of the earlier and of this edition.
    then, now : mapping
        Their names (see :func:`minato_analysis.study.names`).
    """
    found = (_share(before, after, then, now), _persons(before, after, then, now))
    return tuple(one for one in (*found, _chance(before, after, then, now)) if one)


def _share(
    before: FactBook, after: FactBook, then: Mapping[str, object], now: Mapping[str, object]
) -> str:
    old, new = _pair("{area}.share.{last}", before, after, then, now)
    if not (old and new):
        return ""
    if then["last"] == now["last"]:
        return f"再犯者の割合は、{now['last_label']}までで変わりません（{old.display}から{new.display}）。"
    return (
        f"新しい年の再犯者の割合は{new.display}（{now['last_label']}）で、"
        f"前の版の最後の年は{old.display}（{then['last_label']}）でした。"
    )


def _persons(
    before: FactBook, after: FactBook, then: Mapping[str, object], now: Mapping[str, object]
) -> str:
    old, new = _pair("{area}.reoffenders.{last}", before, after, then, now)
    if not (old and new):
        return ""
    courses = [COURSES[_course(*one)] for one in ((before, then), (after, now))]
    told = f"検挙された再犯者は{old.display}から{new.display}になりました"
    if courses[0] == courses[1]:
        return f"{told}。「{courses[1]}」ことは変わりません。"
    return f"{told}。前の版の「{courses[0]}」は、この版では「{courses[1]}」に変わりました。"


def _chance(
    before: FactBook, after: FactBook, then: Mapping[str, object], now: Mapping[str, object]
) -> str:
    old, new = _pair(CHANCE, before, after, then, now)
    if not (old and new):
        return ""
    return (
        f"{now['target_label']}に目標に届く見込みは、{old.display}から{new.display}になりました"
        "（幅と、ほかの見方は会議資料にあります）。"
    )


def _pair(
    id: str,
    before: FactBook,
    after: FactBook,
    then: Mapping[str, object],
    now: Mapping[str, object],
) -> tuple[Fact | None, Fact | None]:
    found = (book.facts.get(id.format_map(one)) for book, one in ((before, then), (after, now)))
    old, new = (one if one is not None and one.known else None for one in found)
    return old, new


def _course(book: FactBook, names: Mapping[str, object]) -> Course:
    years = range(int(str(names["first"])), int(str(names["last"])) + 1)
    return turning(
        {year: book.facts[f"{names['area']}.reoffenders.{year}"].value for year in years}
    ).course
