"""Properties and examples of the normal form of printed text."""

from __future__ import annotations

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from minato_analysis.cleaning.text import label, normalise, refusal

MARKUP = ["<b>", "</b>", "<BR/>", "<sup>", "<", ">", "b"]
MARKS = ["※", "うち)", "うち", "）", "(", "~", "～", "〜", "①", "½", "⒳", "…"]
LETTERS = ["1", "2", "４", "か", "\u3099", "ﾞ", "´", "㍻", " ", "\u3000", "\u200b"]
PIECES = st.sampled_from([*MARKUP, *MARKS, *LETTERS])
TEXTS = st.one_of(st.text(), st.lists(PIECES).map("".join))


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("<b>2,853,739</b>", "2,853,739"),
        ("<b>33 (16)</b>", "33 (16)"),
        ('<SPAN class="x">計</SPAN>', "計"),
        ("刑法犯<br>認知件数", "刑法犯 認知件数"),
        ("<<b>b>計", "計"),
        ("１，５８１\u3000人", "1,581 人"),
        ("４６．２％", "46.2%"),
        ("28（15）", "28(15)"),
        (" \t令和 2\u00a0\n(2020)年\u200b", "令和 2 (2020)年"),
        ("㍻30年", "平成30年"),
        ("㋿元年", "令和元年"),
        ("…", "..."),
        ("52･5%", "52・5%"),
        ("か\u3099", "が"),
        ("", ""),
    ],
)
def test_normal_form(printed: str, expected: str) -> None:
    assert normalise(printed) == expected


@pytest.mark.parametrize(
    "mark", ["①", "²", "₂", "½", "⑴", "⒈", "㋀", "㍘", "㏠", "🄂", "ʳ", "⁽", "⁻", "⒳", "ⓧ", "㈠"]
)
def test_footnote_marks_do_not_become_digits_or_signs(mark: str) -> None:
    assert normalise(f"12{mark}") == f"12{mark}"


@pytest.mark.parametrize("gap", ["<b>", "</b>", "<b></b>", "<br/>", "<<b>b>", " <i> "])
def test_a_tag_never_joins_two_digits(gap: str) -> None:
    assert normalise(f"28{gap}15{gap}7") == "28 15 7"


@pytest.mark.parametrize("tagged", ["123<sup>1</sup>", "<del>12</del>", "12&nbsp;人", "1 < 2 > 1"])
def test_what_carries_meaning_stays(tagged: str) -> None:
    assert normalise(tagged) == tagged


@pytest.mark.parametrize("dash", "~～〜∼")
def test_one_wave_dash(dash: str) -> None:
    assert normalise(f"20{dash}29 歳") == "20〜29 歳"
    assert label(f"<b>20{dash}29 歳</b>") == "20〜29歳"


@given(TEXTS)
@example("1<b>か</b>\u30992")
def test_normalise_is_idempotent(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(TEXTS)
@example("う※ち)凶悪犯")
@example("< b>計")
@example("検挙人員※1※2")
def test_label_is_idempotent_and_has_no_white_space(text: str) -> None:
    once = label(text)
    assert label(once) == once
    assert label(normalise(text)) == once
    assert not any(character.isspace() for character in once)
    assert "※" not in once


@given(st.text(alphabet=string.ascii_letters + string.digits + "計人件歳犯()+-.,%"))
def test_plain_text_is_left_as_it_is(text: str) -> None:
    assert normalise(text) == text


@given(st.text(alphabet=string.digits + "計歳", min_size=1), st.data())
def test_white_space_and_width_do_not_matter_to_a_label(text: str, data: st.DataObject) -> None:
    wide = str.maketrans(string.digits, "０１２３４５６７８９")
    spaces = data.draw(st.lists(st.sampled_from(["", " ", "\u3000", "\n"]), min_size=len(text)))
    printed = "".join(a + b for a, b in zip(text.translate(wide), spaces, strict=False))
    assert label(printed) == text


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("うち) その他の刑法犯", "その他の刑法犯"),
        ("うち） 窃盗犯", "窃盗犯"),
        ("そのうち", "そのうち"),
        ("検挙人員※", "検挙人員"),
        ("※検挙人員", "検挙人員"),
        ("※12", "12"),
        ("検挙人員※20歳以上", "検挙人員20歳以上"),
        ("検挙人員※２（人）", "検挙人員(人)"),
        ("検挙人員※1※2", "検挙人員"),
        ("※20～29歳", "20〜29歳"),
        ("平成 29 (2017)年", "平成29(2017)年"),
        ("刑法犯 認知件数 (件)", "刑法犯認知件数(件)"),
    ],
)
def test_labels(printed: str, expected: str) -> None:
    assert label(printed) == expected


def test_refusal_keeps_the_printed_text_and_cuts_a_long_quotation() -> None:
    error = refusal("E1-EXAMPLE", "９" * 99, "長い", "原本")
    assert (error.code, error.text) == ("E1-EXAMPLE", "９" * 99)
    assert error.message.startswith(f"「{'9' * 40}…」は長いため")
