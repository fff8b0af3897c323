"""Properties and examples of printed numbers, and of rounding half up."""

from __future__ import annotations

import sys
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from minato_analysis.cleaning.errors import CleaningError
from minato_analysis.cleaning.numbers import (
    MAX_DIGITS,
    Cell,
    Value,
    half_up,
    parse_number,
    percent,
)
from minato_analysis.cleaning.text import normalise

WIDE = str.maketrans("0123456789,.%()", "０１２３４５６７８９，．％（）")
OWN_CHARACTERS = set("0123456789.・-−△▲")
COUNTS = st.integers(0, 10**MAX_DIGITS - 1)
PRINTED_COUNTS = COUNTS.map("{:,}".format)
PRINTED_SHARES = st.decimals(0, 100, places=1).map("{}%".format)
PRINTED_PAIRS = st.tuples(PRINTED_COUNTS, PRINTED_COUNTS).map("{0[0]} ({0[1]})".format)
PRINTED = st.one_of(
    PRINTED_COUNTS, PRINTED_COUNTS.map("{} 人".format), PRINTED_SHARES, PRINTED_PAIRS
)


def one(text: str) -> Value:
    (value,) = parse_number(text).values
    return value


def refused(text: str, code: str) -> CleaningError:
    with pytest.raises(CleaningError) as caught:
        parse_number(text)
    assert caught.value.code == f"E1-NUMBER-{code}"
    assert caught.value.text == text
    assert caught.value.message.endswith("確かめてください。")
    assert caught.value.message.count("。") == 1
    return caught.value


@pytest.mark.parametrize(
    ("printed", "value", "unit"),
    [
        ("1,581 人", 1581, "人"),
        ("1581人", 1581, "人"),
        ("１，５８１\u3000人", 1581, "人"),
        ("<b>2,853,739</b>", 2853739, None),
        ("12件", 12, "件"),
        ("46.2%", Decimal("46.2"), "%"),
        ("４６．２％", Decimal("46.2"), "%"),
        ("52・5%", Decimal("52.5"), "%"),
        ("52･5 ％", Decimal("52.5"), "%"),
        ("52．5%", Decimal("52.5"), "%"),
        ("100%", 100, "%"),
        ("0.62", Decimal("0.62"), None),
        ("1,234.50", Decimal("1234.50"), None),
        ("△12", -12, None),
        ("▲ 1,234 人", -1234, "人"),
        ("-12", -12, None),
        ("－12", -12, None),
        ("−12.5%", Decimal("-12.5"), "%"),
        ("9" * MAX_DIGITS, 10**MAX_DIGITS - 1, None),
    ],
)
def test_one_number(printed: str, value: int | Decimal, unit: str | None) -> None:
    assert one(printed) == Value(value, unit, "ok")
    assert type(one(printed).value) is type(value)


@pytest.mark.parametrize(
    ("printed", "status"),
    [(dash, "not_applicable") for dash in "-－‐–—―−"]
    + [
        ("…", "missing"),
        ("...", "missing"),
        ("x", "suppressed"),
        ("X", "suppressed"),
        ("Ｘ", "suppressed"),
    ],
)
def test_symbols_stand_for_a_status_and_no_number(printed: str, status: str) -> None:
    assert one(printed) == Value(None, None, status)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("0", Value(0, None, "zero")),
        ("0人", Value(0, "人", "zero")),
        ("0.0%", Value(Decimal("0.0"), "%", "zero")),
        ("△0.0%", Value(Decimal("-0.0"), "%", "zero")),
        ("123p", Value(123, None, "provisional")),
        ("p 123 人", Value(123, "人", "provisional")),
        ("r 1,234", Value(1234, None, "revised")),
        ("1,234人r", Value(1234, "人", "revised")),
        ("r46.2%", Value(Decimal("46.2"), "%", "revised")),
        ("0p", Value(0, None, "provisional")),
    ],
)
def test_zero_and_marks(printed: str, expected: Value) -> None:
    assert one(printed) == expected


@pytest.mark.parametrize(
    ("printed", "outer", "inner"),
    [
        ("28 (15)", Value(28, None, "ok"), Value(15, None, "ok")),
        ("２８（１５）", Value(28, None, "ok"), Value(15, None, "ok")),
        ("1,581人 ( 730人 )", Value(1581, "人", "ok"), Value(730, "人", "ok")),
        ("0 (0)", Value(0, None, "zero"), Value(0, None, "zero")),
        ("9 (0)", Value(9, None, "ok"), Value(0, None, "zero")),
        ("28 (53.6%)", Value(28, None, "ok"), Value(Decimal("53.6"), "%", "ok")),
        ("28 (x)", Value(28, None, "ok"), Value(None, None, "suppressed")),
        ("-(-)", Value(None, None, "not_applicable"), Value(None, None, "not_applicable")),
        ("28r (15p)", Value(28, None, "revised"), Value(15, None, "provisional")),
        ("15 (28)", Value(15, None, "ok"), Value(28, None, "ok")),
    ],
)
def test_pairs(printed: str, outer: Value, inner: Value) -> None:
    assert parse_number(printed) == Cell((outer, inner))


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("", "BLANK"),
        ("\u3000<b></b>", "BLANK"),
        ("28 (15", "BRACKET"),
        ("28 15)", "BRACKET"),
        ("(15)", "BRACKET"),
        ("28 ()", "BRACKET"),
        ("4 (1) 1 (1)", "BRACKET"),
        ("28 (15)人", "BRACKET"),
        ("28 ((15))", "BRACKET"),
        ("12O", "CHARACTER"),
        ("l2", "CHARACTER"),
        ("12①", "CHARACTER"),
        ("28⑴", "CHARACTER"),
        ("123<sup>1</sup>", "CHARACTER"),
        ("1、581", "CHARACTER"),
        ("20～29", "CHARACTER"),
        ("12歳", "CHARACTER"),
        ("+12", "CHARACTER"),
        ("1٤", "CHARACTER"),
        ("1\u00ad2", "CHARACTER"),
        ("χ", "CHARACTER"),
        ("ー", "CHARACTER"),
        ("12 34", "TWO"),
        ("12\u200b34", "TWO"),
        ("28<b>15</b>", "TWO"),
        ("12<br>34", "TWO"),
        ("12人34人", "TWO"),
        ("46.2%46.4%", "TWO"),
        ("28 1532 (12)", "TWO"),
        ("1,58", "SEPARATOR"),
        ("1,5811,521", "SEPARATOR"),
        ("1581,521", "SEPARATOR"),
        ("1,,581", "SEPARATOR"),
        (",581", "SEPARATOR"),
        ("1.2.3", "POINT"),
        ("46.246.4%", "POINT"),
        (".5", "POINT"),
        ("5.", "POINT"),
        ("12…", "POINT"),
        ("1‥", "POINT"),
        ("52・5", "MIDDLE-DOT"),
        ("3・4人", "MIDDLE-DOT"),
        ("01100", "LEADING-ZERO"),
        ("00", "LEADING-ZERO"),
        ("0,581", "LEADING-ZERO"),
        ("9" * (MAX_DIGITS + 1), "LONG"),
        ("9" * 9000, "LONG"),
        ("-0", "ZERO-SIGN"),
        ("△0人", "ZERO-SIGN"),
        ("1.2%p", "PERCENT-POINT"),
        ("p12r", "MARK"),
        ("r 28 (15)", "MARK"),
        ("- (15)", "DASH"),
        ("—(15)", "DASH"),
        ("△", "FORM"),
        ("△(15)", "FORM"),
        ("- 12", "FORM"),
        ("--12", "FORM"),
        ("12x", "FORM"),
        ("人", "FORM"),
        ("p", "FORM"),
        ("R4", "CHARACTER"),
        ("12P", "CHARACTER"),
    ],
)
def test_refusals(printed: str, code: str) -> None:
    refused(printed, code)


def test_the_sentence_names_the_character_and_the_likely_slip() -> None:
    message = refused("1O5", "CHARACTER").message
    assert "「O」（U+004F LATIN CAPITAL LETTER O）" in message
    assert "数字の0か1の誤りではないか" in message


@given(st.integers(-(10**MAX_DIGITS) + 1, 10**MAX_DIGITS - 1), st.sampled_from(["", "人", " 件"]))
def test_integers_round_trip(number: int, unit: str) -> None:
    for printed in (f"{number:,}{unit}", f"{number}{unit}", f"{number:,}{unit}".translate(WIDE)):
        assert one(printed) == Value(number, unit.strip() or None, "ok" if number else "zero")
    if number:
        assert one(f"{number:,}".replace("-", "△")).value == number


@given(st.decimals(-9999, 9999, places=3), st.sampled_from(".．・･"))
def test_printed_decimals_round_trip(number: Decimal, point: str) -> None:
    value = one(f"{number:,}%".replace(".", point))
    assert (str(value.value), value.digits) == (str(number), 3)


@given(COUNTS, COUNTS, st.sampled_from(["{} ({})", "{}({})", "{}（{}）", "<b>{} ( {} )</b>"]))
def test_pairs_round_trip(outer: int, inner: int, form: str) -> None:
    values = parse_number(form.format(f"{outer:,}", f"{inner:,}")).values
    assert [value.value for value in values] == [outer, inner]


@pytest.mark.parametrize("printed", ["12", "7 (3)"])
def test_no_character_unicode_would_rewrite_makes_another_number(printed: str) -> None:
    """Every character with a compatibility form, at every place, without exception."""
    values = [value.value for value in parse_number(printed).values]
    rewritten = (c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.decomposition(c))
    foreign = [c for c in rewritten if not set(normalise(c)) & OWN_CHARACTERS]
    assert len(foreign) > 5_000
    for character in foreign:
        for place in range(len(printed) + 1):
            try:
                read = parse_number(printed[:place] + character + printed[place:])
            except CleaningError:
                continue
            assert [value.value for value in read.values] == values


def test_digits_are_those_printed() -> None:
    assert [one(text).digits for text in ("46", "46.0", "46.20%", "x")] == [0, 1, 2, 0]


@settings(max_examples=400)
@given(st.one_of(st.text(), st.text(alphabet="0123,.・()（人件%△▲-−— prxX…Ol<b>/５①")))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        cell = parse_number(text)
    except CleaningError:
        return
    assert len(cell.values) in (1, 2)
    assert parse_number(normalise(text)) == cell
    for value in cell.values:
        assert (value.value is None) == (
            value.status in {"not_applicable", "missing", "suppressed"}
        )
        if value.status in {"ok", "zero"}:
            assert (value.value == 0) == (value.status == "zero")


@settings(max_examples=400)
@given(
    PRINTED,
    st.one_of(st.characters(), st.sampled_from(",()（） 人件%prx…‥①<\u200b～٣ʳ⁻½")),
    st.data(),
)
@example("12", "ʳ", None)
def test_a_foreign_character_never_makes_another_number(
    printed: str, character: str, data: st.DataObject | None
) -> None:
    """Digits, decimal points and signs are a number's own characters; others are foreign."""
    if set(normalise(character)) & OWN_CHARACTERS:
        return
    place = data.draw(st.integers(0, len(printed))) if data else len(printed)
    try:
        read = parse_number(printed[:place] + character + printed[place:])
    except CleaningError:
        return
    assert [v.value for v in read.values] == [v.value for v in parse_number(printed).values]


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (Decimal("0.125"), 2, "0.13"),
        (Decimal("-0.125"), 2, "-0.13"),
        (Decimal("2.5"), 0, "3"),
        (Fraction(1, 3), 4, "0.3333"),
        (Fraction(-1, 1000), 1, "0.0"),
        (7, 1, "7.0"),
    ],
)
def test_half_up(value: Fraction | Decimal | int, digits: int, expected: str) -> None:
    assert str(half_up(value, digits)) == expected


@given(st.decimals(-(10**9), 10**9, allow_nan=False), st.integers(0, 6))
def test_half_up_agrees_with_the_decimal_module(value: Decimal, digits: int) -> None:
    with localcontext() as context:
        context.prec = 400
        expected = value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    assert half_up(value, digits) == expected
    assert half_up(value, digits).as_tuple().exponent == -digits


@given(st.fractions(), st.integers(0, 6))
def test_half_up_is_within_half_a_unit_and_symmetric(value: Fraction, digits: int) -> None:
    rounded = half_up(value, digits)
    assert abs(Fraction(rounded) - value) <= Fraction(1, 2 * 10**digits)
    assert Fraction(half_up(-value, digits)) == -Fraction(rounded)
    assert half_up(rounded, digits) == rounded


def test_half_up_does_not_depend_on_the_decimal_context() -> None:
    with localcontext() as context:
        context.prec = 3
        assert str(half_up(Fraction(123456789, 2), 1)) == "61728394.5"


@pytest.mark.parametrize("value", [0.15, "0.15", None])
def test_half_up_refuses_what_is_not_exact(value: object) -> None:
    with pytest.raises(TypeError, match="Fraction, Decimal or int"):
        half_up(value, 1)


@pytest.mark.parametrize(("value", "digits"), [(1, -1), (Decimal("nan"), 1), (Decimal("inf"), 1)])
def test_half_up_refuses_impossible_arguments(value: Decimal | int, digits: int) -> None:
    with pytest.raises(ValueError, match="finite number and digits >= 0"):
        half_up(value, digits)


@pytest.mark.parametrize(
    ("numerator", "denominator", "printed"),
    # Minato plan draft (2024-12), 図表2-10: reoffenders, persons arrested and printed share.
    [
        (730, 1581, "46.2"),
        (705, 1521, "46.4"),
        (634, 1362, "46.5"),
        (481, 1092, "44.0"),
        (499, 1014, "49.2"),
        (516, 1053, "49.0"),
    ],
)
def test_percent_gives_the_printed_shares(numerator: int, denominator: int, printed: str) -> None:
    assert str(percent(numerator, denominator, 1)) == printed


def test_percent_rounds_an_exact_half_up() -> None:
    assert str(percent(1, 2000, 1)) == "0.1"
    assert str(percent(1, 16, 2)) == "6.25"
    assert str(percent(1, 16, 1)) == "6.3"


@pytest.mark.parametrize("denominator", [0, -1])
def test_percent_of_nothing_is_refused(denominator: int) -> None:
    with pytest.raises(CleaningError, match="E1-PERCENT-DENOMINATOR"):
        percent(0, denominator, 1)
