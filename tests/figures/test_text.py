"""Widths, line breaks and label positions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minato_analysis.figures.text import _unbreakable, spread, width, wrap, year_lines

SENTENCE = "検挙人員1,053人のうち再犯者は49.0%（令和4年）であり、前年の「49.2%」を下回りました。"


def test_width_grows_with_size_and_takes_the_widest_line():
    assert width("再犯者", 20) == pytest.approx(2 * width("再犯者", 10))
    assert width("人\n再犯者", 10) == width("再犯者", 10)
    assert width("", 10) == 0


def test_a_full_width_character_is_as_wide_as_its_size_plus_slack():
    assert width("検", 10) == pytest.approx(11.2, abs=0.1)


@pytest.mark.parametrize("room", [40, 60, 90, 140, 500])
def test_lines_fit_lose_nothing_and_break_where_japanese_allows(room):
    lines = wrap(SENTENCE, room, 9.4)
    assert "".join(lines) == SENTENCE
    unbreakable = max(width(part, 9.4) for part in ("「49.2%」", "は49.0%", "（令"))
    assert all(width(line, 9.4) <= max(room, unbreakable) for line in lines)
    assert not any(line[0] in "、。）」%" for line in lines)
    assert not any(line[-1] in "（「" for line in lines)
    assert "1,053" in "\n".join(lines)


def unit_by_unit(text, room, size):
    """The rule itself: take unit after unit as long as the line has room."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for unit in _unbreakable(paragraph):
            if line and width(line + unit.rstrip(), size) > room:
                lines.append(line.rstrip())
                line = unit.lstrip()
            else:
                line += unit
        lines.append(line.rstrip())
    return lines


@given(
    text=st.text("検再犯あう、。「」（） \n1,.AVTo%", max_size=60),
    room=st.floats(5, 200),
    size=st.sampled_from([9.4, 10.0]),
)
def test_lines_are_those_of_the_rule(text, room, size):
    assert wrap(text, room, size) == unit_by_unit(text, room, size)


def test_line_breaks_of_the_caller_stay():
    assert wrap("甲\n乙", 500, 10) == ["甲", "乙"]


labels = st.lists(st.tuples(st.floats(0, 200), st.floats(8, 30)), min_size=1, max_size=6)


@given(labels)
def test_spread_labels_keep_apart_in_order_and_move_only_when_they_must(pairs):
    wanted, heights = map(np.array, zip(*pairs, strict=True))
    placed = spread(wanted, heights, -500, 700)
    order = np.argsort(wanted, kind="stable")
    gaps = np.diff(placed[order])
    needed = (heights[order][1:] + heights[order][:-1]) / 2
    assert (gaps >= needed - 1e-9).all()
    if (np.diff(wanted[order]) >= needed).all():
        np.testing.assert_allclose(placed, wanted, atol=1e-9)


def test_spread_stays_in_the_room_given():
    placed = spread([99, 100, 100], [10, 10, 10], 0, 100)
    np.testing.assert_allclose(sorted(placed), [75, 85, 95])
    assert spread([], [], 0, 100).size == 0


def test_year_lines_at_the_changes_of_era():
    assert year_lines(1988) == ("S63", "1988")
    assert year_lines(1989) == ("H元", "1989")
    assert year_lines(2029) == ("R11", "2029")
