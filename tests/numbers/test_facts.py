"""The registry of facts: display, origin, refusals, and the way to facts.json and back."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minato_analysis.cleaning.numbers import percent
from minato_analysis.cleaning.years import Year, format_year
from minato_analysis.numbers import facts
from minato_analysis.numbers.facts import FactBook, FactError
from minato_analysis.reporting.prose import resolve

ROWS = pd.DataFrame(
    {"source_id": ["s", "s"], "table": ["1-1"] * 2, "row": ["計"] * 2, "column": ["2020", "2021"]}
)


def book() -> FactBook:
    made = FactBook("02_made_up")
    made.record("a.share.2020", 49.0, unit="percent", digits=1, from_=ROWS, formula="100 * k / n")
    return made


def test_a_fact_knows_its_cells_and_its_display() -> None:
    fact = book().get("a.share.2020")
    assert fact.display == "49.0%"
    assert fact.observations == ("s/1-1!計!2020", "s/1-1!計!2021")
    assert fact.notebook == "02_made_up"
    assert "49.0%" in fact.__html__()
    assert 'data-fact="a.share.2020"' in fact.__html__()


@given(st.integers(1, 3000), st.data())
def test_display_rounds_shares_half_up_exactly(n: int, drawn: st.DataObject) -> None:
    k = drawn.draw(st.integers(0, n))
    assert facts.display(100 * k / n, "percent", 1) == f"{percent(k, n, 1)}%"


@given(st.floats(-9e4, 9e4, allow_nan=False), st.integers(0, 4))
def test_display_is_within_half_a_step_and_signed_by_triangle(value: float, digits: int) -> None:
    text = facts.display(value, "points", digits).removesuffix("ポイント").replace(",", "")
    number = Decimal(text.replace("△", "-"))
    assert abs(Fraction(number) - Fraction(value)) <= Fraction(1, 2 * 10**digits) + Fraction(
        1, 10**5
    )
    assert "-" not in text


@pytest.mark.parametrize(
    ("id", "from_", "formula", "message"),
    [
        ("share", ROWS, "x", "lower-case words joined by dots"),
        ("A.share", ROWS, "x", "lower-case words joined by dots"),
        ("a.share.2020", ROWS, "x", "recorded twice"),
        ("a.new", ROWS.head(0), "x", "no observations"),
        ("a.new", [], "x", "no observations"),
        ("a.new", ROWS, " ", "no formula"),
    ],
)
def test_a_fact_without_name_origin_or_formula_is_refused(
    id: str, from_: object, formula: str, message: str
) -> None:
    with pytest.raises(FactError, match=message):
        book().record(id, 1.0, unit="percent", digits=1, from_=from_, formula=formula)


def test_years_are_printed_as_everywhere_else() -> None:
    years = range(1926, 2061)
    printed = [facts.display(year, "year", 0) for year in years]
    assert printed == [format_year(Year(year, "calendar", None)) for year in years]


def test_numbers_that_cannot_be_printed_are_refused() -> None:
    for value in (math.nan, math.inf):
        with pytest.raises(FactError, match="cannot be printed"):
            facts.display(value, "percent", 1)
        with pytest.raises(
            FactError, match=r"E3-UNDEFINED a\.x: 「k / n」.*元のセル s/1-1!計!2020"
        ):
            book().record("a.x", value, unit="percent", digits=1, from_=ROWS, formula="k / n")
    with pytest.raises(FactError, match="unit 'pct'"):
        book().record("a.x", 1.0, unit="pct", digits=1, from_=ROWS, formula="x")


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_a_zero_makes_undefined_is_recorded_as_that(value: float) -> None:
    nobody = ROWS.assign(value=0.0)
    made = book()
    one = made.record("a.x", value, unit="percent", digits=1, from_=[nobody], formula="k / n")
    assert not one.known
    assert one.display == "0人で計算できない"
    assert one.observations == facts.addresses(nobody)
    twice = made.record("a.y", math.nan, unit="percent", digits=1, from_=one, formula="2 * x")
    assert twice.display == one.display
    said = resolve('{% if value("a.x") > 0 %}上がった{% endif %}', made, {}, text=True)
    assert said == "図表1-1「計 2020」が0人なので、ここに書く内容は計算できません。"


def test_a_fact_from_facts_takes_over_their_cells() -> None:
    made = book()
    other = made.record(
        "a.twice", 98.0, unit="percent", digits=1, from_=made.get("a.share.2020"), formula="2 * x"
    )
    mixed = made.record(
        "a.mixed", 1.0, unit="number", digits=0, from_=[other, "s/2-2!x!y"], formula="x"
    )
    assert other.observations == made.get("a.share.2020").observations
    assert mixed.observations == (*other.observations, "s/2-2!x!y")


def test_an_unknown_fact_is_refused_with_the_nearest_names() -> None:
    with pytest.raises(FactError, match=r"a\.share\.2021.*nearest: a\.share\.2020"):
        book().get("a.share.2021")


def test_json_round_trip_is_sorted_and_stable() -> None:
    made = book()
    made.record("a.first", 1 / 3, unit="number", digits=2, from_=ROWS, formula="x")
    text = facts.dumps(made)
    rows = json.loads(text)
    assert [row["id"] for row in rows] == ["a.first", "a.share.2020"]
    assert set(rows[0]) == {
        "id",
        "value",
        "display",
        "unit",
        "digits",
        "formula",
        "observations",
        "notebook",
    }
    assert rows[0]["value"] == 0.333333333
    assert facts.dumps(facts.loads(text)) == text


def test_facts_travel_in_the_notebook_and_are_merged_once(tmp_path: Path) -> None:
    output = {"data": book()._repr_mimebundle_()}
    file = tmp_path / "n.ipynb"
    file.write_text(json.dumps({"cells": [{"outputs": [output]}, {}]}), encoding="utf-8")
    found = facts.read_notebook(file)
    assert found == list(book())
    with pytest.raises(FactError, match=r"recorded in 02_made_up and in 02_made_up"):
        facts.merge([found, found])


def test_known_facts_are_read_but_not_recorded_again() -> None:
    later = FactBook("council", known=book())
    assert later.get("a.share.2020").display == "49.0%"
    with pytest.raises(FactError, match="recorded twice"):
        later.record("a.share.2020", 1.0, unit="percent", digits=1, from_=ROWS, formula="x")
    assert list(later) == []


def test_a_number_that_is_not_known_survives_the_file_as_such() -> None:
    rows = pd.DataFrame(
        {"source_id": "s", "table": "t", "row": ["r1", "r2"], "column": "c", "value": [1.0, None]}
    ).assign(status=["ok", "suppressed"])
    book = FactBook("n")
    fact = book.record("a.b", float("nan"), unit="persons", digits=0, from_=rows, formula="sum")
    assert (fact.known, fact.display) == (False, "秘匿のため不明")
    assert fact.observations == ("s/t!r2!c",)
    text = facts.dumps(book)
    assert '"value": null' in text
    # Not the facts themselves: nan equals nan in a dataclass up to Python 3.12 only.
    assert facts.dumps(facts.loads(text)) == text
    later = book.record("a.c", float("nan"), unit="persons", digits=0, from_=[fact], formula="a.b")
    assert later.display == fact.display
