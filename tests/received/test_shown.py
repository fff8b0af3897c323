"""Numbers as Excel shows them."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minato_analysis.cleaning.numbers import parse_number
from minato_analysis.received.shown import NotShown, shown

# The comma style of Japanese Excel.
ACCOUNTING = '_ * #,##0_ ;_ * \\-#,##0_ ;_ * "-"_ ;_ @_ '


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (1053, "General", "1053"),
        (1053.0, "General", "1053"),
        (46.199999999999996, "General", "46.2"),
        (0.1 + 0.2, "General", "0.3"),
        (46.24881291547958, "General", "46.24881292"),
        (1053, "@", "1053"),
        (1581, "#,##0", "1,581"),
        (1234567.5, "#,##0.0", "1,234,567.5"),
        (0.462, "0.0%", "46.2%"),
        (0.49002849, "0.0%", "49.0%"),
        (0.46249999, "0.0%", "46.2%"),
        (0.4625, "0.0%", "46.3%"),
        (
            1.005,
            "0.00",
            "1.01",
        ),  # the double is below 1.005; Excel, like us, rounds the decimal digits
        (46.0, "0.0", "46.0"),
        (46.25, "0.0##", "46.25"),
        (46.0, "0.0##", "46.0"),
        (1581, '#,##0"人"', "1,581人"),
        (1581, "#,##0人", "1,581人"),
        (1581, "#,##0\\ 人", "1,581 人"),
        (46.2, '0.0"%"', "46.2%"),
        (-12, "#,##0;△#,##0", "△12"),
        (-12, "#,##0;[Red]-#,##0", "-12"),
        (-12, "#,##0_);(#,##0)", "(12)"),
        (-0.5, "0%", "-50%"),
        (1581, ACCOUNTING, "1,581"),
        (0, ACCOUNTING, "-"),
        (0, "#,###", ""),
        (0, "0;-0;;@", ""),
        (0, "\\-", "-"),
        (0, ";;;", ""),
        (0, '0;-0;"該当なし"', "該当なし"),
        (7, "[$-411]0", "7"),
        (3, "000", "003"),
        (5, "[>100]0;0.0", "5.0"),
        (0, '[=0]"-";0', "-"),
        (70, '[=0]"-";[<10]"x";0', "70"),
    ],
)
def test_what_is_shown(value: float, number_format: str, text: str) -> None:
    assert shown(value, number_format) == text


@pytest.mark.parametrize(
    ("value", "number_format", "code"),
    [
        (45000, "yyyy/m/d", "E6-CELL-DATE"),
        (45000, 'ggge"年"', "E6-CELL-DATE"),
        (45000, "[$-411]ge.m.d", "E6-CELL-DATE"),
        (0.5, "h:mm", "E6-CELL-DATE"),
        (0.5, "[h]:mm", "E6-CELL-DATE"),
        (5, "0.00E+00", "E6-CELL-FORMAT"),
        (0.5, "# ?/?", "E6-CELL-FORMAT"),
        (1581600, "#,##0,", "E6-CELL-FORMAT"),
        (-5, "[>100]0;0.0", "E6-CELL-FORMAT"),
        (5, "0;[>100]0.0", "E6-CELL-FORMAT"),
        (5, "[White]0", "E6-CELL-FORMAT"),
        (7, '[=0]"-";[<10]"x";0', "E6-CELL-FORMAT"),
        (5, "[$¥-411]#,##0", "E6-CELL-FORMAT"),
        (5, ";;;", "E6-CELL-FORMAT"),
        (5, "000-0000", "E6-CELL-FORMAT"),
        (5, "[DBNum1]0", "E6-CELL-FORMAT"),
        (5, '0"' + "x" * 300 + '"', "E6-CELL-FORMAT"),
        (1e20, "General", "E6-CELL-FORMAT"),
        (float("inf"), "0", "E6-CELL-FORMAT"),
        (float("nan"), "0", "E6-CELL-FORMAT"),
        (123456789012, "General", "E6-CELL-FORMAT"),
        (1e-12, "General", "E6-CELL-FORMAT"),
    ],
)
def test_what_is_not_certain(value: float, number_format: str, code: str) -> None:
    with pytest.raises(NotShown) as refused:
        shown(value, number_format)
    assert refused.value.code == code


@given(st.integers(-(10**9), 10**9))
def test_integers_are_read_back(number: int) -> None:
    for number_format in ("General", "0", "#,##0", "#,##0;△#,##0", ACCOUNTING):
        # A format with a sign of its own for zero shows that.
        expected = None if number == 0 and number_format == ACCOUNTING else number
        assert parse_number(shown(number, number_format)).values[0].value == expected


@given(st.integers(0, 10**6), st.integers(0, 3))
def test_printed_decimals_come_back_digit_for_digit(number: int, digits: int) -> None:
    printed = f"{number / 10**digits:.{digits}f}"
    number_format = "0." + "0" * digits if digits else "0"
    assert shown(float(printed), number_format) == printed
    # A share saved as a fraction shows the same digits, however it was computed.
    assert shown(float(printed) / 100, number_format + "%") == printed + "%"


@given(st.floats(), st.text(max_size=30))
def test_any_format_gives_a_text_or_a_reason(value: float, number_format: str) -> None:
    with suppress(NotShown):
        assert isinstance(shown(value, number_format), str)
