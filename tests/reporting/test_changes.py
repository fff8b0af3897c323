"""This year's changes on the front page."""

from __future__ import annotations

from minato_analysis.facts import FactBook
from minato_analysis.reporting.changes import CHANCE, told


def edition(counts: list[int], share: float, chance: float) -> tuple[FactBook, dict[str, str]]:
    book, last = FactBook("n"), 2016 + len(counts)
    names = {"area": "town", "first": "2017", "last": str(last), "target": "2029"}
    numbers = {f"town.reoffenders.{2017 + at}": (one, "persons") for at, one in enumerate(counts)}
    numbers[f"town.share.{last}"] = (share, "percent")
    numbers[CHANCE.format_map(names)] = (chance, "percent")
    for id, (value, unit) in numbers.items():
        book.record(id, value, unit=unit, digits=0, from_="s/t!r!c", formula="as printed")
    labels = {"last_label": f"{last}年", "target_label": "2029年"}
    return book, names | labels


def test_three_changes_and_what_reversed_as_a_pair() -> None:
    before, then = edition([730, 481, 499], 49, 21)
    after, now = edition([730, 481, 499, 470], 46, 40)
    share, persons, chance = told(before, after, then, now)
    assert (
        share == "新しい年の再犯者の割合は46%（2020年）で、前の版の最後の年は49%（2019年）でした。"
    )
    assert "499人から470人" in persons
    assert (
        "「いちばん少なかった年から増え続けている」は、この版では「最後の年が最も少ない」に"
        in persons
    )
    assert "21%から40%" in chance


def test_what_an_edition_does_not_have_is_left_out() -> None:
    before, then = edition([730, 481, 499], 49, 21)
    after, now = edition([730, 481, 499, 516], 49, 30)
    del after.facts[CHANCE.format_map(now)]
    found = told(before, after, then, now)
    assert len(found) == 2
    assert "ことは変わりません" in found[1]
