"""Changes of law in figures: where the line stands, where its label stands, what is cut."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree as ET

import matplotlib.pyplot as plt
import numpy as np
import pytest

from minato_analysis import figures as f
from minato_analysis.figures.changes import (
    _placed,
    between,
    cut,
    draw_line,
    line_note,
    room_above,
)
from minato_analysis.figures.sheet import size_of
from minato_analysis.figures.text import width

SVG = "{http://www.w3.org/2000/svg}"
CHANGED = ("changed-wide", "changed-narrow", "changed-shares", "changed-persons", "changed-edge")


def lines(root):
    """Return x, top and bottom of every line of a change."""
    found = []
    for one in root.iter(f"{SVG}path"):
        if one.attrib.get("stroke-dasharray") == "6,3":
            at = [float(number) for number in re.findall(r"[\d.]+", one.attrib["d"])]
            found.append((at[0], min(at[1::2]), max(at[1::2])))
    return found


def boxes(root, words):
    """Return left, top, right, bottom of the texts with these words."""
    found = []
    for one in root.iter(f"{SVG}text"):
        if one.text in words:
            x, y, size = (float(one.attrib[name]) for name in ("x", "y", "font-size"))
            wide = width(one.text, size)
            left = (
                x
                - {"start": 0, "middle": wide / 2, "end": wide}[
                    one.attrib.get("text-anchor", "start")
                ]
            )
            found.append((left, y - 0.8 * size, left + wide, y + 0.1 * size))
    return found


def labels(root):
    return boxes(root, {one.text for one in root.iter(f"{SVG}text") if "改正" in (one.text or "")})


def years(root):
    """Return where the axis puts each year."""
    found = {}
    for one in root.iter(f"{SVG}text"):
        if re.fullmatch(r"20\d\d", one.text or ""):
            found[int(one.text)] = float(one.attrib["x"])
    at = np.polyfit(list(found), list(found.values()), 1)
    return lambda year: float(np.polyval(at, year))


@pytest.mark.parametrize("id", CHANGED[:4])
def test_the_line_stands_between_the_two_years(drawn, id):
    place = years(drawn[id])
    at = sorted({round(x, 1) for x, _, _ in lines(drawn[id])})
    wanted = [2023] if id == "changed-shares" else [2023, 2024]
    assert at == pytest.approx([place(year - 0.5) for year in wanted], abs=0.3)


@pytest.mark.parametrize("id", CHANGED)
def test_no_line_runs_through_a_label(drawn, id):
    root = drawn[id]
    everything = labels(root)
    assert everything
    for x, top, bottom in lines(root):
        for left, above, right, below in everything:
            beside = x <= left + 0.1 or x >= right - 0.1
            assert beside or bottom <= above or top >= below - 0.1, (id, x)
    for one, other in combinations(everything, 2):
        assert one[3] <= other[1] or other[3] <= one[1] or one[2] <= other[0] or other[2] <= one[0]


def test_labels_that_do_not_fit_on_the_right_stand_on_the_left(drawn):
    right = [x for x, _, _ in lines(drawn["changed-edge"])]
    ends = sorted(box[2] for box in labels(drawn["changed-edge"]))
    assert ends == pytest.approx(sorted(set(right)), abs=0.2)


def test_a_change_outside_the_years_is_not_drawn(drawn):
    for id in CHANGED[:4]:
        assert not [
            one.text for one in drawn[id].iter(f"{SVG}text") if "よその" in (one.text or "")
        ]
    inside = f.LawChange(2018, "a"), f.LawChange(2017, "b"), f.LawChange(2019, "c")
    assert [one.label for one in between(inside, [2017, 2018])] == ["a"]
    assert room_above([]) == 0


def test_both_panels_have_the_line_and_one_label(drawn):
    root = drawn["changed-persons"]
    assert len(lines(root)) == 4
    assert len(labels(root)) == 2


def test_small_panels_name_their_lines_below(drawn):
    root = drawn["changed-counts"]
    assert len(lines(root)) == 3
    (note,) = [one.text for one in root.iter(f"{SVG}text") if "破線" in (one.text or "")]
    assert note == "縦の破線：2023年7月 甲の改正、2024年12月 乙法の改正。"
    assert line_note([]) == ""


def test_only_a_change_without_a_bridge_cuts_the_line():
    values = np.array([1.0, 2.0, 3.0])
    at, found = cut([2021, 2022, 2023], values, [f.LawChange(2022, "a", bridged=False)])
    np.testing.assert_array_equal(found, [1.0, np.nan, 2.0, 3.0])
    assert at.tolist() == [2021, 2021.5, 2022, 2023]
    at, found = cut([2021, 2022, 2023], values, [f.LawChange(2022, "a")])
    np.testing.assert_array_equal(found, values)
    # Nothing to cut before the first year, after the last, or where years are missing.
    _, found = cut([2010, 2023], [1.0, 2.0], [f.LawChange(2010, "a", False)])
    np.testing.assert_array_equal(found, [1.0, 2.0])
    at, _ = cut([2010, 2023], [1.0, 2.0], [f.LawChange(2015, "a", False)])
    assert at.tolist() == [2010, 2014.5, 2023]


def test_a_year_with_the_change_inside_belongs_to_neither_side():
    inside = f.LawChange(2022, "a", bridged=False, passed=0.95)
    at, found = cut([2021, 2022, 2023], [1.0, 2.0, 3.0], [inside])
    assert at.tolist() == [2021, 2021.5, 2022, 2022.5, 2023]
    np.testing.assert_array_equal(found, [1.0, np.nan, 2.0, np.nan, 3.0])
    at, _ = cut([2021, 2022], [1.0, 2.0], [inside])
    assert at.tolist() == [2021, 2021.5, 2022]


def test_the_line_stands_at_its_day():
    """Nineteen days of the year lie behind it: the year's value, in the middle, before it."""
    late = f.LawChange(2024, "a", passed=347 / 366)
    assert 2024.44 < late.place < 2024.45
    figure = plt.figure()
    panel = figure.add_axes((0.1, 0.1, 0.5, 0.5), xlim=(2016.5, 2029.5), ylim=(0, 1))
    draw_line(panel, late)
    assert set(panel.lines[0].get_xdata()) == {late.place}
    plt.close(figure)


def test_a_label_moved_back_keeps_off_the_line_before_it():
    """The narrow outlook: the two laws stand a year and five months apart, left of the middle."""
    figure = plt.figure(figsize=(290 / 72, 180 / 72))
    panel = figure.add_axes((34.3 / 290, 0.2, 169 / 290, 0.6), xlim=(2016.5, 2029.5), ylim=(0, 1))
    changes = (
        f.LawChange(2023, "令和5(2023)年7月 性犯罪の法改正", passed=193 / 365),
        f.LawChange(2024, "令和6(2024)年12月 大麻の法改正", passed=346 / 366),
    )
    first, second = _placed(panel, changes)
    apart = (changes[1].place - changes[0].place) * size_of(panel)[0] / 13
    assert first.at == second.at == "start"
    assert (first.row, second.row, first.shift) == (1, 0, 0.0)
    assert -apart < second.shift < 0
    plt.close(figure)


def test_a_reader_who_does_not_see_the_figure_is_told(every):
    (wide,) = [one for one in every if one.id == "changed-wide"]
    desc = next(ET.fromstring(wide.svg).iter(f"{SVG}desc")).text
    assert "2023年7月 甲の改正" in desc
