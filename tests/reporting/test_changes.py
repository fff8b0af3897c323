"""This year's changes on the front page."""

from __future__ import annotations

from minato_analysis.numbers.facts import FactBook
from minato_analysis.project.projections import PROBABILITIES, Ahead, Archive, Known, Last, Model
from minato_analysis.reporting.changes import told


def archive(last: int, again: int, published: float, chance: float) -> Archive:
    """Return what an edition archived, as far as it is asked for."""
    quantiles = (46.0,) * len(PROBABILITIES)
    ahead = tuple(
        Ahead(year=year, persons=1000, p_target=chance, quantiles=quantiles)
        for year in range(last + 1, 2030)
    )
    known = Known(area_code="99001", first_year=2017, last_year=last)
    model = Model(name="m", about="a", settings={}, data=(known,), years=ahead)
    return Archive(
        edition="2024",
        as_of="2024-12-31",
        area_code="99001",
        definition="d",
        target_year=2029,
        target=46.2,
        last=Last(year=last, reoffenders=again, persons=1000, published=published),
        probabilities=PROBABILITIES,
        default="m",
        models=(model,),
    )


def edition(counts: list[int], share: float, chance: float) -> tuple[FactBook, dict[str, str]]:
    """Return the facts and the names of an edition."""
    book, last = FactBook("n"), 2016 + len(counts)
    names = {"area": "town", "first": "2017", "last": str(last), "target": "2029"}
    numbers = {f"town.reoffenders.{2017 + at}": (one, "persons") for at, one in enumerate(counts)}
    numbers[f"town.share.{last}"] = (share, "percent")
    numbers["projection.2029.pool.p_target"] = (chance, "percent")
    numbers["projection.2029.members.p_target.low"] = (chance - 15, "percent")
    numbers["projection.2029.members.p_target.high"] = (chance + 20, "percent")
    for id, (value, unit) in numbers.items():
        book.record(id, value, unit=unit, digits=0, from_="s/t!r!c", formula="as printed")
    return book, names | {"last_label": f"{last}年", "target_label": "2029年"}


def test_three_changes_and_what_reversed_as_a_pair() -> None:
    after, now = edition([730, 481, 499, 470], 46, 40)
    share, persons, chance = told(archive(2019, 499, 49.9, 0.21), after, now)
    assert share == (
        "新しい年の再犯者の割合は46%（2020年）で、前の版の最後の年は49.9%（令和元(2019)年）でした。"
    )
    assert "499人から470人" in persons
    assert (
        "「いちばん少なかった年から増え続けている」は、この版では「最後の年が最も少ない」に"
        in persons
    )
    assert "前の版で21%、この版で40%（見方により25%から60%）" in chance
    assert "見込みのしかたを改めた" in chance  # the other edition's default was another model


def test_what_an_edition_does_not_have_is_left_out() -> None:
    after, now = edition([730, 481, 499, 516], 49, 30)
    del after.facts["projection.2029.pool.p_target"]
    found = told(archive(2019, 499, 49.9, 0.21), after, now)
    assert len(found) == 2
    assert "ことは変わりません" in found[1]


def test_two_chances_of_the_same_model_are_compared_without_a_reserve() -> None:
    before = archive(2019, 499, 49.9, 0.21)
    model = before.models[0].model_copy(update={"name": "pool"})
    before = before.model_copy(update={"default": "pool", "models": (model,)})
    *_, chance = told(before, *edition([730, 481, 499, 470], 46, 40))
    assert "改めた" not in chance
