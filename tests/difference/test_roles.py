"""Facts are matched by id and by role."""

from __future__ import annotations

import pytest

from minato_analysis.difference import roles
from minato_analysis.numbers.facts import Fact

OLD = {
    "area": "town", "parent": "pref", "nation": "nation",
    "first": "2017", "groups_first": "2018", "last": "2022", "next": "2023", "target": "2029",
}  # fmt: skip
NEW = {**OLD, "last": "2023", "next": "2024"}


def book(*ids: str) -> dict[str, Fact]:
    return {id: Fact(id, 1.0, "1", "number", 0, "f", ("s/t!r!c",), "n") for id in ids}


@pytest.mark.parametrize(
    ("id", "other"),
    [
        ("town.share.2022", "town.share.2023"),
        ("town.fall.2017_2022.low", "town.fall.2017_2023.low"),
        ("town.pooled.2020_2022", "town.pooled.2021_2023"),
        ("projection.2023.median", "projection.2024.median"),
        ("projection.2029.median", "projection.2029.median"),
        ("town.share.2020", "town.share.2020"),
        ("pref.officers.2023", "pref.officers.2023"),
        ("town.trend.p", "town.trend.p"),
    ],
)
def test_a_role_finds_its_counterpart_in_the_next_edition(id: str, other: str) -> None:
    assert roles.counterpart(id, OLD, NEW, book(other, "else.where")) == other


def test_a_role_that_the_next_edition_does_not_have_has_no_counterpart() -> None:
    assert roles.counterpart("town.share.2022", OLD, NEW, book("town.share.2022")) is None


def test_both_matches_are_reported_and_named() -> None:
    before = book("town.share.2021", "town.share.2022", "town.trend.p", "old.only")
    after = book(
        "town.share.2021", "town.share.2022", "town.share.2023", "town.trend.p", "new.only"
    )
    found = {(one.before.id, one.after.id): one.by for one in roles.pairs(before, after, OLD, NEW)}
    assert found == {
        ("town.share.2021", "town.share.2021"): "both",
        ("town.share.2022", "town.share.2023"): "role",
        ("town.share.2022", "town.share.2022"): "id",
        ("town.trend.p", "town.trend.p"): "both",
    }
    dropped, added = roles.alone(before, after, OLD, NEW)
    assert [one.id for one in dropped] == ["old.only"]
    assert [one.id for one in added] == ["new.only"]


def test_an_area_under_another_key_keeps_its_roles() -> None:
    moved = {**NEW, "area": "city"}
    assert (
        roles.counterpart("town.share.2022", OLD, moved, book("city.share.2023"))
        == "city.share.2023"
    )


def test_the_last_year_is_the_last_year_even_where_the_target_is_next() -> None:
    late = {**OLD, "last": "2028", "next": "2029"}
    assert roles.role("projection.2029.median", late) == "projection.{target}.median"
    assert roles.role("town.share.2028", late) == "{area}.share.{last}"
