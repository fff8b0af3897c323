"""What a new edition changes, in three sentences for the front page.

In: what the edition before it archived (:mod:`minato_analysis.project.projections`), this edition's facts
and names.
Out: sentences about the indicator, the persons, the outlook. Of an earlier edition nothing but its archive is
read: that is what a rebuild of this one has.
"""

from __future__ import annotations

from collections.abc import Mapping

from minato_analysis.cleaning.years import Year, format_year
from minato_analysis.numbers.facts import FactBook, display
from minato_analysis.numbers.turning import Course, turning
from minato_analysis.project.projections import Archive

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


def told(before: Archive, after: FactBook, names: Mapping[str, object]) -> tuple[str, ...]:
    """Return this year's changes; those whose numbers the edition does not have are left out.

    Parameters
    ----------
    before : Archive
        Of the edition before.
    after : FactBook
        All facts of this edition.
    names : mapping
        Its names (see :func:`minato_analysis.data.study.names`).
    """
    said = (_share(before, after, names), _persons(before, after, names))
    return tuple(one for one in (*said, _chance(before, after, names)) if one)


def _share(before: Archive, after: FactBook, names: Mapping[str, object]) -> str:
    new = _shown("{area}.share.{last}", after, names)
    old = display(before.last.published, "percent", 1)
    when = format_year(Year(before.last.year, "calendar"))
    if not new:
        return ""
    if str(before.last.year) == names["last"]:
        return (
            f"新しい年の値はありません。{when}の再犯者の割合は、前の版で{old}、この版で{new}です。"
        )
    return (
        f"新しい年の再犯者の割合は{new}（{names['last_label']}）で、"
        f"前の版の最後の年は{old}（{when}）でした。"
    )


def _persons(before: Archive, after: FactBook, names: Mapping[str, object]) -> str:
    new = _shown("{area}.reoffenders.{last}", after, names)
    if not new:
        return ""
    first, last = (int(str(names[name])) for name in ("first", "last"))
    counts = {
        year: after.facts[f"{names['area']}.reoffenders.{year}"].value
        for year in range(first, last + 1)
    }
    then = {year: one for year, one in counts.items() if year <= before.last.year}
    old_course, new_course = (COURSES[turning(one).course] for one in (then, counts))
    old = display(before.last.reoffenders, "persons", 0)
    moved = f"検挙された再犯者は{old}から{new}になりました"
    if old_course == new_course:
        return f"{moved}。「{new_course}」ことは変わりません。"
    return f"{moved}。前の版の「{old_course}」は、この版では「{new_course}」に変わりました。"


def _chance(before: Archive, after: FactBook, names: Mapping[str, object]) -> str:
    model = next(one for one in before.models if one.name == before.default)
    old = next((one.p_target for one in model.years if one.year == before.target_year), None)
    new, low, high = (
        _shown(f"projection.{{target}}.{id}", after, names)
        for id in ("pool.p_target", "members.p_target.low", "members.p_target.high")
    )
    if old is None or not new:
        return ""
    way = "" if before.default == "pool" else "見込みのしかたを改めたので、比べられません。"
    return (
        f"{names['target_label']}に目標に届く見込みは、前の版で{display(100 * old, 'percent', 0)}、"
        f"この版で{new}（見方により{low}から{high}）です。{way}"
    )


def _shown(id: str, book: FactBook, names: Mapping[str, object]) -> str:
    found = book.facts.get(id.format_map(names))
    return found.display if found is not None and found.known else ""
