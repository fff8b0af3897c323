"""What prose may ask: of the data, and which way a number points."""

from __future__ import annotations

from pathlib import Path

import pytest

from minato_analysis.data.needs import NeedError
from minato_analysis.numbers.facts import Fact, FactBook, FactError
from minato_analysis.project import editions
from minato_analysis.reporting.asking import asking
from minato_analysis.reporting.errors import ReportError
from minato_analysis.reporting.lay import lay
from minato_analysis.reporting.prose import check_digits, resolve

NAMES = {"area": "town", "last": "2022", "level": 0.05}


def book(**values: float) -> FactBook:
    facts = {
        f"town.{name}": Fact(
            f"town.{name}", value, f"{value:g}", "points", 1, "x", ("s/t!r!c",), "n"
        )
        for name, value in values.items()
    }
    return FactBook("n", facts)


@pytest.mark.parametrize(("value", "word"), [(2.0, "増え"), (-2.0, "減り"), (0.0, "変わらず")])
def test_one_text_serves_numbers_of_both_signs(value: float, word: str) -> None:
    source = '{{ way("{area}.change", "増え", "減り", "変わらず") }}ました'
    assert resolve(source, book(change=value), NAMES, text=True) == f"{word}ました"


def test_a_fact_that_is_asked_for_is_not_one_that_is_printed() -> None:
    source = '{% if significant("{area}.p") and value("{area}.change") > 0 %}上がった{% endif %}'
    used: list[str] = []
    assert resolve(source, book(p=0.01, change=1), NAMES, used=used) == "上がった"
    assert used == []
    assert resolve(source, book(p=0.06, change=1), NAMES) == ""


def test_a_wording_cannot_hang_on_a_fact_that_is_not_there() -> None:
    for source in (
        '{{ way("{area}.no", "a", "b") }}',
        '{% if value("{area}.no") > 0 %}{% endif %}',
    ):
        with pytest.raises(FactError, match="E3-FACT"):
            resolve(source, book(), NAMES)


def test_names_of_tables_are_no_typed_numbers_but_limits_are() -> None:
    names = '{% if has("3-4") and unprinted("2-13") %}{{ lacking("3-4 3-5", "cell") }}{% endif %}'
    assert check_digits(names, place="n") == []
    assert check_digits('{% if value("a.b") > 3 %}{% endif %}', place="n")


def test_the_data_are_asked_by_known_names(repository: Path) -> None:
    ask = asking(repository, editions.newest(repository).parameters())
    for source, shown in (
        ('{% if has("3-4") %}ある{% endif %}', "ある"),
        ('{% if unprinted("2-13") %}ない{% endif %}', "ない"),
        ('{% if unprinted("9-99") %}ない{% endif %}', ""),
        ("{{ plan }}", "計画（素案）"),
    ):
        assert resolve(source, book(), NAMES | ask) == shown
    with pytest.raises(NeedError, match="E3-NEED"):
        resolve('{% if has("9-99") %}{% endif %}', book(), NAMES | ask)
    with pytest.raises(ReportError, match="E3-PROSE"):
        resolve("{{ level }}", book(), NAMES | ask)


def test_lay_pages_print_limits_in_both_languages_and_hide_the_value() -> None:
    made = FactBook("n")
    for id, value, unit in (
        ("a.few", 7, "persons"),
        ("a.change", -7, "persons"),
        ("a.sure", 99.9996, "percent"),
        ("a.never", 0.0004, "percent"),
        ("a.all", 100, "percent"),
    ):
        made.record(id, value, unit=unit, digits=0, from_="s/t!r!c", formula="x")
    shown = {fact.id: fact.display for fact in lay(made)}
    assert shown == {
        "a.few": "10人未満", "a.change": "△7人", "a.sure": "99%超", "a.never": "1%未満", "a.all": "100%",
    }  # fmt: skip
    html = resolve(
        '{{ fact("a.few") }} {{ fact_en("a.few") }} {{ fact_en("a.sure") }}', lay(made), {}
    )
    assert "7" not in html.replace("a.few", "")
    assert html.count('data-fact="a.few"') == 2
    assert "fewer than 10 persons" in html
    assert "over 99%" in html
