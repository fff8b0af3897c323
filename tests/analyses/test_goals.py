"""A target printed as a share, as persons, or as a fall becomes the share every answer uses."""

from __future__ import annotations

from typing import Any

import pytest

from minato_analysis.analyses import goals, outlook, series
from minato_analysis.data import DataError
from minato_analysis.data.study import Study
from minato_analysis.data.target_forms import FORMS
from minato_analysis.statistics.target import largest_meeting
from tests.analyses import worlds
from tests.analyses.worlds import YEARS

PERSONS = dict(zip(YEARS, (320, 310, 300, 290, 280, 270), strict=True))
REOFFENDERS = dict(zip(YEARS, (144, 143, 141, 133, 136, 132), strict=True))


def world(form: str, value: float, id: str, *, years: tuple[int, ...] = (2029,)) -> Study:
    measure, unit, _ = FORMS[form]
    rows = worlds.city(PERSONS, REOFFENDERS)
    aims: list[dict[str, Any]] = worlds.rows(
        "prose", dict.fromkeys(years, value), measure=measure, unit=unit, definition="goal"
    )
    return worlds.study([*rows, *({**one, "row": id} for one in aims)])


@pytest.mark.parametrize(
    ("form", "value", "id", "persons", "tenths"),
    [
        ("share", 46.2, "target-share", None, 462),
        ("persons", 120, "target-persons", 120, 444),  # 120 of 270
        ("persons-fall", 20, "target-persons-fall-2017", 115, 426),  # 115.2 of 144, of 270
        ("persons-fall", 0, "target-persons-fall-2022", 132, 489),
        ("share-fall", 20, "target-share-fall-2018", None, 369),  # 46.13 * 0.8 = 36.90
        ("persons", 999, "target-persons", 270, 1000),
    ],
)
def test_each_form_has_its_share(
    form: str, value: float, id: str, persons: int | None, tenths: int
) -> None:
    study = world(form, value, id)
    found = goals.goal(study, series.indicator(study))
    assert (found.form, found.printed, found.persons, found.tenths) == (
        form,
        value,
        persons,
        tenths,
    )
    if persons is not None:
        assert int(largest_meeting(270, found.tenths)) == persons
    base = outlook.start(study)
    assert base.tenths == tenths
    facts = study.facts.all()
    assert facts["target.share"].value == tenths / 10
    assert ("target.printed" in facts) == (form != "share")
    if persons is not None:
        assert facts["target.persons"].value == persons


def test_a_fall_from_a_year_that_is_not_known_is_refused() -> None:
    for id in ("target-persons-fall-1999", "target-persons-fall"):
        study = world("persons-fall", 20, id)
        with pytest.raises(DataError, match="E0-TARGET"):
            goals.goal(study, series.indicator(study))


def test_a_target_of_another_year_is_none() -> None:
    study = world("share", 46.2, "target-share", years=(2031,))
    assert goals.asked(study, series.indicator(study)) is None
    with pytest.raises(DataError, match="目標値が0つあります（2029年）"):
        goals.goal(study, series.indicator(study))
