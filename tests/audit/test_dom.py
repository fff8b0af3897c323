"""A page as pieces: what counts as a difference and what does not."""

from __future__ import annotations

import pytest

from minato_analysis.published import dom

SVG = '<figure id="f"><svg><path d="{d}"/><text x="{x}">a</text></svg></figure>'


def compared(old: str, new: str) -> dom.Compared:
    return dom.compare(dom.pieces(old), dom.pieces(new), 0.02)


@pytest.mark.parametrize(
    ("old", "new", "shift", "differs"),
    [
        ("M 1 2 L 3 4", "M 1 2.02 L 3 4", 0.02, False),
        ("M 1 2 L 3 4", "M 1 2.03 L 3 4", 0.03, True),
        ("M 1 2 L 3 4", "M 1 2 L 3", 0.0, True),
        ("M 1 2 L 3 4", "M 1 2 L 3 #", float("inf"), True),
        ("M 1 2 l 3 4", "M 1 2 l 3 4.01", 0.0, True),
        ("M 1 2", "M 1 1e999", float("inf"), True),
    ],
)
def test_only_absolute_coordinates_may_move_and_only_a_little(
    old: str, new: str, shift: float, differs: bool
) -> None:
    found = compared(SVG.format(d=old, x=1), SVG.format(d=new, x=1))
    assert (found.shifts, bool(found.differences)) == ({"f": shift}, differs)


def test_a_number_outside_of_a_drawing_or_in_another_attribute_may_not_move() -> None:
    assert compared('<td x="1">', '<td x="1.01">').differences
    enlarged = '<svg><g transform="scale({})"/></svg>'
    assert compared(enlarged.format(1), enlarged.format(1.01)).differences
    (one,) = compared(
        '<svg><g stroke-width="1"/></svg>', '<svg><g stroke-width="1.01"/></svg>'
    ).differences
    assert one.sides == ('stroke-width="1"', 'stroke-width="1.01"')


def test_a_difference_has_its_place_and_both_sides() -> None:
    old = "<h2>推移</h2><p>増えた。</p><p>減った。</p>"
    (one,) = compared(old, old.replace("<p>減", '<p class="x">減')).differences
    assert (one.kinds, one.place, one.sides) == (("markup",), "「推移」 <p>", ("", 'class="x"'))


def test_every_change_of_a_long_page_is_found_and_nothing_else() -> None:
    rows = [f"<tr><td>{n}</td></tr>" for n in range(1000)]
    changed = [*rows]
    changed[10] = "<tr><td>x</td></tr>"
    changed[900] = "<tr><td hidden>900</td></tr>"
    found = compared("".join(rows), "".join(changed)).differences
    assert found
    near = compared("".join(rows[:200]), "".join([*changed[:180], *rows[180:200]])).differences
    assert [one.sides for one in near] == [("10", "x")]


def test_space_that_is_shown_is_compared() -> None:
    assert not compared("<p>a  b</p> <p>c</p>", "<p> a b </p><p>c</p>").differences
    assert compared("<p>1<b> 2</b></p>", "<p>1<b>2</b></p>").differences
    assert compared("<p>1 <b>2</b></p>", "<p>1<b>2</b></p>").differences
    assert compared("<pre>a  b</pre>", "<pre>a b</pre>").differences


@pytest.mark.parametrize(
    ("html", "instead"),
    [
        ("<ul><li>a</li></ul>", "&lt;ul&gt;<li>a</li></ul>"),
        ('<p class="unseen"><b>a</b></p>', '<p>class="unseen"<b>a</b></p>'),
        ("<p><!-- a --></p>", "<p>&lt;!-- a --&gt;</p>"),
    ],
)
def test_a_tag_written_as_text_is_no_tag(html: str, instead: str) -> None:
    assert compared(html, instead).differences
