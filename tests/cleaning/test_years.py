"""Properties and examples of printed years."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from minato_analysis.cleaning.errors import CleaningError
from minato_analysis.cleaning.years import (
    EARLIEST_YEAR,
    LATEST_PLAUSIBLE_YEAR,
    Year,
    era_of,
    format_year,
    parse_year,
)

# First and last Western year of each era: 1926-12-25, 1989-01-08 and 2019-05-01 are the first days.
ERAS = {"昭和": (1926, 1989), "平成": (1989, 2019), "令和": (2019, LATEST_PLAUSIBLE_YEAR)}
KINDS = st.sampled_from(["calendar", "fiscal"])
YEARS = st.sampled_from(sorted(ERAS)).flatmap(
    lambda era: st.builds(Year, st.integers(*ERAS[era]), KINDS, st.just(era))
)


def refused(text: str, code: str, *needed: str) -> None:
    with pytest.raises(CleaningError) as caught:
        parse_year(text)
    assert caught.value.code == code
    assert caught.value.text == text
    assert caught.value.message.endswith("確かめてください。")
    assert caught.value.message.count("。") == 1
    for part in needed:
        assert part in caught.value.message


@pytest.mark.parametrize(
    ("printed", "year", "kind", "era"),
    [
        ("令和元(2019)年", 2019, "calendar", "令和"),
        ("平成 12(2000)年", 2000, "calendar", "平成"),
        ("令和 2 (2020)年", 2020, "calendar", "令和"),
        ("令和４（２０２２）年", 2022, "calendar", "令和"),
        ("<b>平成 29 (2017)年</b>", 2017, "calendar", "平成"),
        ("㍻30年", 2018, "calendar", "平成"),
        ("昭和60年", 1985, "calendar", "昭和"),
        ("昭和元年", 1926, "calendar", "昭和"),
        ("昭和64年", 1989, "calendar", "昭和"),
        ("平成元年", 1989, "calendar", "平成"),
        ("平成31年", 2019, "calendar", "平成"),
        ("平成31(2019)年", 2019, "calendar", "平成"),
        ("令和1年", 2019, "calendar", "令和"),
        ("令和17年", 2035, "calendar", "令和"),
        ("平成30年度", 2018, "fiscal", "平成"),
        ("令和11(2029)年度", 2029, "fiscal", "令和"),
        ("令和4年(2022年)", 2022, "calendar", "令和"),
        ("令和4年度（2022）", 2022, "fiscal", "令和"),
        ("令和4年度（2022年度）", 2022, "fiscal", "令和"),
        ("H29", 2017, "calendar", "平成"),
        ("Ｈ２９", 2017, "calendar", "平成"),
        ("S60", 1985, "calendar", "昭和"),
        ("R元", 2019, "calendar", "令和"),
        ("R4", 2022, "calendar", "令和"),
        ("R04年度", 2022, "fiscal", "令和"),
        ("2019", 2019, "calendar", None),
        ("1926年", 1926, "calendar", None),
        ("2035年", 2035, "calendar", None),
        ("2019年", 2019, "calendar", None),
        ("２０１９ 年度", 2019, "fiscal", None),
    ],
)
def test_printed_forms(printed: str, year: int, kind: str, era: str | None) -> None:
    assert parse_year(printed) == Year(year, kind, era)


@pytest.mark.parametrize("printed", ["H29", "2017", "平成29(2017)"])
def test_the_caller_says_what_an_unmarked_year_is(printed: str) -> None:
    assert parse_year(printed).kind == "calendar"
    assert parse_year(printed, unmarked="fiscal").kind == "fiscal"


def test_a_printed_mark_outweighs_the_callers_word() -> None:
    assert parse_year("2017年", unmarked="fiscal").kind == "calendar"


@pytest.mark.parametrize(
    ("printed", "code", "needed"),
    [
        ("", "E1-YEAR-BLANK", ["空"]),
        ("\u3000<b></b>", "E1-YEAR-BLANK", ["空"]),
        ("令和3(2022)年", "E1-YEAR-ERA", ["2021年", "2022年"]),
        ("平成元(2019)年", "E1-YEAR-ERA", ["1989年", "2019年"]),
        ("令和27年", "E1-YEAR-IMPOSSIBLE", ["2045年", "2035年", "平成27(2015)年の誤りではないか"]),
        ("令和27(2015)年度", "E1-YEAR-IMPOSSIBLE", ["2045年", "平成27(2015)年度の誤りではないか"]),
        ("令和18年", "E1-YEAR-IMPOSSIBLE", ["2036年", "平成18(2006)年"]),
        ("2036", "E1-YEAR-IMPOSSIBLE", []),
        ("令和62年", "E1-YEAR-IMPOSSIBLE", ["2080年", "昭和62(1987)年"]),
        ("R99", "E1-YEAR-IMPOSSIBLE", ["2117年", "原本の年の数字"]),
        ("2103年", "E1-YEAR-IMPOSSIBLE", ["2035年"]),
        ("1192年", "E1-YEAR-IMPOSSIBLE", ["1926年"]),
        ("平成32年", "E1-YEAR-ERA-END", ["31年（2019年）", "令和2(2020)年"]),
        ("平成32(2020)年度", "E1-YEAR-ERA-END", ["令和2(2020)年度"]),
        ("昭和65年", "E1-YEAR-ERA-END", ["64年（1989年）", "平成2(1990)年"]),
        ("令和0年", "E1-YEAR-ERA-END", ["令和0年という年がない"]),
        ("平成0年", "E1-YEAR-ERA-END", ["平成0年という年がない"]),
        ("令和6(2024)年度～令和8(2026)年度", "E1-YEAR-TWO", ["二つ以上"]),
        ("2019 2020", "E1-YEAR-TWO", []),
        ("20192020", "E1-YEAR-TWO", []),
        ("平成31年・令和元年", "E1-YEAR-TWO", []),
        ("H29R4", "E1-YEAR-TWO", []),
        ("令和4年(2022年度)", "E1-YEAR-KIND", ["暦年", "年度"]),
        ("r4", "E1-YEAR-FORM", []),
        ("大正15年", "E1-YEAR-FORM", []),
        ("令和年", "E1-YEAR-FORM", []),
        ("令和 1 2年", "E1-YEAR-FORM", []),
        ("令和元1年", "E1-YEAR-FORM", []),
        ("令和4(2022年", "E1-YEAR-FORM", []),
        ("令和4年末", "E1-YEAR-FORM", []),
        ("令和4年年", "E1-YEAR-FORM", []),
        ("20l9", "E1-YEAR-FORM", []),
        ("2019.0", "E1-YEAR-FORM", []),
        ("20<b>19</b>年", "E1-YEAR-FORM", []),
        ("平成123年", "E1-YEAR-FORM", []),
        ("令和④年", "E1-YEAR-FORM", []),
        ("令和٤年", "E1-YEAR-FORM", []),
        ("計", "E1-YEAR-FORM", []),
    ],
)
def test_refusals(printed: str, code: str, needed: list[str]) -> None:
    refused(printed, code, *needed)


def test_the_last_plausible_year_is_the_callers() -> None:
    assert parse_year("令和27年", latest=2045) == Year(2045, "calendar", "令和")
    with pytest.raises(CleaningError, match="E1-YEAR-IMPOSSIBLE"):
        parse_year("2024", latest=2023)


@given(YEARS)
def test_round_trip(year: Year) -> None:
    assert parse_year(format_year(year)) == year


@given(st.integers(EARLIEST_YEAR, LATEST_PLAUSIBLE_YEAR), KINDS)
@example(2019, "calendar")
@example(1989, "fiscal")
def test_round_trip_without_era_names_the_newer_era(year: int, kind: str) -> None:
    again = parse_year(format_year(Year(year, kind)))
    name, number = era_of(year)
    assert (again.year, again.kind, again.era) == (year, kind, name)
    assert parse_year(f"{name}{number}年").year == year


@given(YEARS, st.integers(EARLIEST_YEAR, LATEST_PLAUSIBLE_YEAR))
def test_era_and_western_year_are_read_together_only_if_they_agree(year: Year, other: int) -> None:
    printed = format_year(year).replace(str(year.year), str(other))
    if other == year.year:
        assert parse_year(printed) == year
    else:
        refused(printed, "E1-YEAR-ERA", f"{year.year}年", f"{other}年")


@given(st.one_of(st.text(), st.text(alphabet="昭平成令和元年度SHR0129 (（)）<b>～４")))
def test_any_text_is_a_plausible_year_or_refused(text: str) -> None:
    try:
        year = parse_year(text)
    except CleaningError:
        return
    assert EARLIEST_YEAR <= year.year <= LATEST_PLAUSIBLE_YEAR


@given(YEARS, st.characters(), st.data())
def test_a_foreign_character_never_makes_another_year(
    year: Year, character: str, data: st.DataObject
) -> None:
    printed = format_year(year)
    place = data.draw(st.integers(0, len(printed)))
    try:
        read = parse_year(printed[:place] + character + printed[place:])
    except CleaningError:
        return
    assert (read.year, read.era) == (year.year, year.era)


@pytest.mark.parametrize(
    ("year", "era"), [(2018, "令和"), (2020, "平成"), (1990, "昭和"), (1926, "大正")]
)
def test_a_year_outside_its_era_cannot_be_built(year: int, era: str) -> None:
    with pytest.raises(ValueError, match="not a year of the era"):
        Year(year, "calendar", era)


def test_before_the_first_known_era() -> None:
    with pytest.raises(ValueError, match="1926"):
        era_of(1925)
