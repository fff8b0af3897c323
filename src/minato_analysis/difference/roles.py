"""Which fact of one edition is compared with which of the other: by its id, and by its role.

The share of the last year is ``city.share.2022`` in one edition and ``city.share.2023`` in the next. The
role of a fact is its id with the edition's own years and area in braces: ``{area}.share.{last}``.

In: fact ids, the names of both editions (``study.names``). Out: :class:`Pair`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from minato_analysis.numbers.facts import Fact

YEARS = ("last", "target", "first", "groups_first")
"""Years of an edition that are roles; where two are one year the earlier in this list names it."""

AREAS = ("area", "parent", "nation")

FORWARD = ("projection.", "monitor.")
"""Beginnings of ids that speak of years to come. Only there the year after the last one is a role:
elsewhere it is the year of a value that is printed already."""

_YEAR = re.compile(r"(?<![0-9a-z])(?:19|20)[0-9]{2}(?![0-9a-z])")

By = Literal["both", "id", "role"]


@dataclass(frozen=True)
class Pair:
    """Two facts that are held against each other, and by what.

    ``role``: same role under another id (the last year of each edition). ``id``: same id, which now has
    another role (the year before the last). ``both``: all the same.
    """

    before: Fact
    after: Fact
    by: By

    @property
    def same_id(self) -> bool:
        """Whether both have one name."""
        return self.before.id == self.after.id


def role(id: str, names: Mapping[str, str]) -> str:
    """Return the role of a fact in its edition.

    >>> names = {"area": "city", "parent": "pref", "nation": "nation",
    ...          "first": "2017", "groups_first": "2018", "last": "2022", "next": "2023", "target": "2029"}
    >>> role("city.reoffenders.fall.2017_2022", names)
    '{area}.reoffenders.fall.{first}_{last}'
    >>> role("projection.2023.pool.median", names), role("pref.officers.2023", names)
    ('projection.{next}.pool.median', '{parent}.officers.2023')
    """
    kinds = (*YEARS, "next") if id.startswith(FORWARD) else YEARS
    years: dict[str, str] = {}
    for kind in kinds:
        years.setdefault(names[kind], kind)
    areas = {names[kind]: kind for kind in reversed(AREAS)}
    parts = (f"{{{areas[part]}}}" if part in areas else part for part in id.split("."))
    return _YEAR.sub(
        lambda year: f"{{{years[year[0]]}}}" if year[0] in years else year[0], ".".join(parts)
    )


def filled(role: str, names: Mapping[str, str]) -> str:
    """Return the id a role has in an edition."""
    return role.format_map(names)


def counterpart(
    id: str, before: Mapping[str, str], after: Mapping[str, str], known: Mapping[str, Fact]
) -> str | None:
    """Return the id that has the same role in the other edition, if there is one.

    Years without a role of their own keep their distance to the last year where the id names that too
    (``2020_2022`` becomes ``2021_2023``).
    """
    template = role(id, before)
    candidates = [filled(template, after)]
    if "{last}" in template:
        step = int(after["last"]) - int(before["last"])
        moved = _YEAR.sub(lambda year: str(int(year[0]) + step), template)
        candidates.append(filled(moved, after))
    return next((one for one in candidates if one in known), None)


def pairs(
    before: Mapping[str, Fact],
    after: Mapping[str, Fact],
    names_before: Mapping[str, str],
    names_after: Mapping[str, str],
) -> Iterator[Pair]:
    """Return the facts to be compared: of the same role, and of the same id where that is another one.

    Facts that have no counterpart are not in the result (see :func:`alone`).
    """
    for id, fact in before.items():
        other = counterpart(id, names_before, names_after, after)
        if other is not None and other != id:
            yield Pair(fact, after[other], "role")
        if id in after:
            same = role(id, names_before) == role(id, names_after)
            yield Pair(fact, after[id], "both" if same else "id")


def alone(
    before: Mapping[str, Fact],
    after: Mapping[str, Fact],
    names_before: Mapping[str, str],
    names_after: Mapping[str, str],
) -> tuple[list[Fact], list[Fact]]:
    """Return the facts only the first edition has, and those only the second has, by id and by role."""
    found = list(pairs(before, after, names_before, names_after))
    old = {one.before.id for one in found}
    new = {one.after.id for one in found}
    return (
        [fact for id, fact in before.items() if id not in old],
        [fact for id, fact in after.items() if id not in new],
    )
