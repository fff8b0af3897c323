"""The charts: values stand where they belong, labels neither overlap nor are cut."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from minato_analysis import figures as f
from minato_analysis.figures.axes import share_limits
from minato_analysis.figures.text import width
from minato_analysis.figures.theme import NARROW, QUIET, ROLES, TARGET

SVG = "{http://www.w3.org/2000/svg}"
AREA = ROLES["area"].color.lower()


def texts(root):
    """Return (text, left, bottom, right, top) of every text, as wide as slack allows for."""
    found = []
    for one in root.iter(f"{SVG}text"):
        x, y, size = (float(one.attrib[name]) for name in ("x", "y", "font-size"))
        wide = width(one.text, size)
        anchor = one.attrib.get("text-anchor", "start")
        left = x - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
        found.append((one.text, left, y - 0.8 * size, left + wide, y + 0.1 * size))
    return found


def marks(root, fill, edge="#ffffff"):
    """Return the positions of the markers of a fill and edge colour."""
    return [
        (float(one.attrib["x"]), float(one.attrib["y"]))
        for one in root.iter(f"{SVG}use")
        if (one.attrib.get("fill"), one.attrib.get("stroke")) == (fill, edge)
    ]


def test_no_text_is_cut(drawn):
    for id, root in drawn.items():
        _, _, wide, tall = map(float, root.attrib["viewBox"].split())
        for text, left, top, right, bottom in texts(root):
            assert left >= 0, (id, text)
            assert top >= 0, (id, text)
            assert right <= wide, (id, text)
            assert bottom <= tall, (id, text)


def test_no_two_texts_overlap(drawn):
    for id, root in drawn.items():
        for one, other in combinations(texts(root), 2):
            apart = (
                one[3] <= other[1] + 0.5
                or other[3] <= one[1] + 0.5
                or one[4] <= other[2] + 0.5
                or other[4] <= one[2] + 0.5
            )
            assert apart, (id, one[0], other[0])


def test_shares_stand_at_their_height_and_years_at_equal_distances(drawn, samples):
    at = np.array(marks(drawn["one-line"], AREA))
    scale = np.polyfit(samples.SHARES, at[:, 1], 1)
    np.testing.assert_allclose(np.polyval(scale, samples.SHARES), at[:, 1], atol=0.01)
    assert scale[0] < 0
    np.testing.assert_allclose(np.diff(at[:, 0]), np.diff(at[:, 0])[0], atol=0.02)


def test_the_axis_ticks_agree_with_the_marks(drawn, samples):
    root = drawn["one-line"]
    ticks = {
        float(text.rstrip("%")): (top + bottom) / 2
        for text, left, top, _, bottom in texts(root)
        if re.fullmatch(r"\d+%", text) and left < 40
    }
    assert len(ticks) >= 4
    shares, heights = zip(*ticks.items(), strict=True)
    expected = np.interp(samples.SHARES, shares, heights)
    drawn_at = [y for _, y in marks(root, AREA)]
    np.testing.assert_allclose(drawn_at, expected, atol=1.0)


def test_roles_are_told_by_colour_and_dash_and_marker(drawn):
    root = drawn["shares"]
    dashes = {
        one.attrib["stroke"]: one.attrib.get("stroke-dasharray")
        for one in root.iter(f"{SVG}path")
        if float(one.attrib.get("stroke-width", 0)) in (2.0, 1.5, 1.4)
    }
    assert dashes == {
        "#0017c1": None,
        "#767676": "5,2.5",
        "#4d4d4d": "1.5,2",
        "#ac3e00": "10,4",
    }
    shapes = {color: set() for color in dashes if color != "#ac3e00"}
    for one in root.iter(f"{SVG}use"):
        # Only markers have a white edge; the ends of intervals do not.
        if one.attrib["stroke"] == "#ffffff":
            shapes[one.attrib["fill"]].add(one.attrib["href"])
    assert all(len(one) == 1 for one in shapes.values())
    assert len(set.union(*shapes.values())) == 3


def test_colours_can_be_read_on_white():
    def luminance(color):
        parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return float(np.dot([0.2126, 0.7152, 0.0722], linear))

    for stroke in (*ROLES.values(), TARGET):
        assert 1.05 / (luminance(stroke.color) + 0.05) >= 4.5


def test_several_series_need_their_difference_printed(samples):
    two = [samples.area(), f.ShareSeries("乙県", "parent", samples.YEARS, samples.SHARES)]
    with pytest.raises(ValueError, match="difference"):
        f.share_over_time(samples.caption("a"), two)
    with pytest.raises(ValueError, match="no series"):
        f.share_over_time(samples.caption("a"), [])
    assert (
        "対象が違う。"
        in f.share_over_time(samples.caption("a"), two, difference="対象が違う。").svg
    )


def test_a_cut_axis_says_so_and_a_whole_one_does_not(drawn, every):
    says = {one.id for one in every if "0%から始まっていません" in one.svg}
    assert {"shares", "persons", "fan", "rows"} <= says
    assert not {"small-town", "funnel", "counts"} & says


def test_limits_hold_all_values_and_begin_at_zero_when_near():
    for values in ([44.0, 52.3], [0.0, 3.0], [98.0, 100.0], [50.0], [12.0, 60.0, float("nan")]):
        limits = share_limits(values)
        assert 0 <= limits.low <= np.nanmin(values)
        assert np.nanmax(values) <= limits.high <= 100
        assert 2 <= len(limits.ticks()) <= 8
    assert share_limits([3.0, 41.0]).low == 0


def test_bars_stand_on_each_other_and_their_heights_are_the_persons(drawn):
    root = drawn["persons"]
    bars = [
        [float(number) for number in re.findall(r"-?[\d.]+", one.attrib["d"])]
        for one in root.iter(f"{SVG}path")
        if one.attrib.get("clip-path") and one.attrib["d"].rstrip().endswith("z")
    ]
    tops = [min(numbers[1::2]) for numbers in bars]
    feet = [max(numbers[1::2]) for numbers in bars]
    again, first = (np.array(feet) - tops).reshape(2, 6)
    np.testing.assert_allclose(feet[6:], tops[:6], atol=0.01)
    np.testing.assert_allclose(
        first / again, [(900 - 60 * k) / (700 - 40 * (k % 5)) for k in range(6)], rtol=1e-3
    )
    assert any("url(#persons-part" in one.attrib.get("fill", "") for one in root.iter())


def test_dots_that_meet_the_target_are_filled_and_left_of_its_line(drawn, samples):
    for id, met in (("dots", 7), ("dots-all-missed", 0), ("dots-all-met", 20)):
        root = drawn[id]
        line = next(
            float(re.match(r"M ([\d.]+)", one.attrib["d"])[1])
            for one in root.iter(f"{SVG}path")
            if one.attrib.get("stroke") == "#ac3e00"
        )
        filled = [x for x, _ in marks(root, AREA, AREA)]
        hollow = [x for x, _ in marks(root, "#ffffff", AREA)]
        assert (len(filled), len(hollow)) == (met, 20 - met)
        assert all(x < line for x in filled)
        assert all(x > line for x in hollow)
        assert f"20回中{met}回" in "".join(root.itertext())


def test_a_dot_that_publishes_as_the_target_stands_on_the_side_that_meets_it(samples):
    figure = f.quantile_dots(
        samples.caption("a"), [46.22], f.Level(46.2, "目標"),
        met=[True], met_label="{count}", missed_label="{count}",
    )  # fmt: skip
    assert "● 1" in figure.svg
    assert "○ 0" in figure.svg
    with pytest.raises(ValueError, match="equal lists"):
        f.quantile_dots(
            samples.caption("a"), [46.2], f.Level(46.2, "目標"),
            met=[True, False], met_label="", missed_label="",
        )  # fmt: skip


def test_a_group_of_nobody_prints_its_n_and_no_share(drawn):
    root = drawn["rows"]
    words = [text for text, *_ in texts(root)]
    assert "n=0" in words
    assert "n=234,567" in words
    assert len(marks(root, "#ffffff", AREA)) + len(marks(root, AREA, AREA)) == 3
    assert not any("nan" in word for word in words)


def test_numbers_that_do_not_fit_stand_only_at_both_ends(drawn):
    printed = [text for text, *_ in texts(drawn["counts-long"])]
    assert "192,000" in printed
    assert "168,000" not in printed
    assert sum(text == "2023" for text in printed) == 4


def test_of_a_hundred_persons_as_many_are_filled_as_the_share_says(drawn, samples):
    root = drawn["hundreds"]
    counts = [len(marks(root, fill, AREA)) for fill in (AREA, "#ffffff")]
    assert counts == [49, 51]
    assert len(marks(root, "#ffffff", QUIET.lower())) == 100
    at = np.array(marks(root, AREA, AREA) + marks(root, "#ffffff", AREA))
    assert len({(round(x), round(y)) for x, y in at}) == 100
    with pytest.raises(ValueError, match="101 of 100"):
        f.Hundred("a", (), 101)


def test_outcomes_that_come_about_are_filled(drawn):
    root = drawn["outcomes"]
    assert len(marks(root, AREA, AREA)) == 9 + 0 + 20
    assert len(marks(root, "#ffffff", AREA)) == 11 + 20 + 0


def test_a_slope_names_its_group_and_both_counts(drawn):
    words = "".join(drawn["sloping"].itertext())
    assert "罪種0 479" in words
    assert "321" in words


def test_each_panel_says_what_it_counts_and_the_years_of_its_ends(drawn):
    words = [text.text for text in drawn["apart"].iter(f"{SVG}text")]
    assert words.count("刑法犯、全年齢") == 2
    assert "R4 49.0%" in words
    assert "R5 48.5%" in words


def test_a_wide_figure_is_drawn_for_telephones_too(every):
    for one in every:
        wide = float(re.search(r'viewBox="0 0 ([\d.]+)', one.svg)[1])
        if wide <= NARROW:
            assert one.narrow == ""
            continue
        narrow = ET.fromstring(one.narrow)
        box = [float(part) for part in narrow.get("viewBox").split()]
        assert box[2] == NARROW
        # On a telephone of 320 pixels a drawing has 312: its smallest text is then of 12.
        sizes = [float(text.get("font-size", 10)) for text in narrow.iter(f"{SVG}text")]
        assert min(sizes) * 312 / box[2] >= 12


def test_years_stand_once_under_both_panels_when_asked(drawn):
    once = [text for text, *_ in texts(drawn["beside-persons"])]
    assert once.count("2022") == 1
    assert [text for text, *_ in texts(drawn["persons"])].count("2022") == 2


def test_ticks_of_a_low_panel_do_not_collide(samples):
    names = ("甲", "乙")
    values = np.array([479, 393, 337, 284, 321, 300])
    figure = f.counts_by_group(
        samples.caption("low"), [f.CountSeries(one, samples.YEARS, values) for one in names],
        height=34.0, columns=4,
    )  # fmt: skip
    labels = texts(ET.fromstring(figure.svg))
    for one, other in combinations(labels, 2):
        apart = one[3] <= other[1] + 0.5 or other[3] <= one[1] + 0.5
        assert apart or one[4] <= other[2] + 0.5 or other[4] <= one[2] + 0.5, (one[0], other[0])
