"""The grammar of what stands around a table: every form, in every place, and the page that lists them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minato_analysis import data
from minato_analysis.received import around
from minato_analysis.received.captions import FORMS, KINDS_JA, Own, parts
from minato_analysis.received.targets import targets

OWN = Own(("主な薬物犯罪の検挙人員の推移(港区)", "大麻取締法"), ("港区",), ("人",))
EXAMPLES = [(kind, agrees, one) for kind, agrees, _, said in FORMS for one in said.split("、")]


@pytest.mark.parametrize(("kind", "agrees", "example"), EXAMPLES)
def test_every_example_is_of_its_form_alone_in_brackets_and_in_a_title(
    kind: str, agrees: bool, example: str
) -> None:
    own = "単位:人" if kind == "unit" else ""
    for text in (example, f"（{example.strip('（）')}）"):
        found = parts(text, OWN)
        # （件数） names a unit, 件数 what is counted.
        assert kind in {one.kind for one in found} or text == "（件数）", found
        if agrees:
            assert all(one.agrees for one in found), found
        elif own not in text.replace("：", ":") and "（人）" not in text:
            assert not all(one.agrees for one in found), found


def test_the_page_lists_every_form(live: Path) -> None:
    page = (live / "docs/a-year.md").read_text(encoding="utf-8")
    for kind, name in KINDS_JA.items():
        (row,) = re.findall(rf"^\| {name} / {kind} \| (.*) \|$", page, re.M)
        assert row == "、".join(said for one, _, _, said in FORMS if one == kind)


PERIODS = [
    "令和5年1月～6月",
    "上半期",
    "第2四半期",
    "令和5年度",
    "令和5年9月まで",
    "4月1日から9月30日まで",
]
UNITS = ["（千人）", "単位：百件", "人口10万人当たり", "（件）", "（％）"]
PLACES = ["架空区", "東京都", "全国", "架空市"]


@given(
    st.lists(
        st.sampled_from([*PERIODS, *UNITS, *PLACES, "少年", "検挙件数"]), min_size=1, max_size=3
    ),
    st.sampled_from(["", "主な薬物犯罪の検挙人員", "令和5年の", "表1 "]),
    st.sampled_from(["、", "　", "（", "・"]),
)
def test_what_contradicts_is_found_beside_anything_else(
    words: list[str], before: str, between: str
) -> None:
    found = parts(before + between + between.join(words), OWN)
    assert not all(one.agrees for one in found)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=12))
def test_no_word_is_passed_over(word: str) -> None:
    line = f"主な薬物犯罪の検挙人員の推移（{word}）"
    covered = "".join(one.text for one in parts(line, OWN))
    # Every letter is of a form, of ours, unknown, or a neutral word.
    assert all(one in covered or one in NEUTRAL_LETTERS for one in word)


NEUTRAL_LETTERS = frozenset(
    "統計表図一覧別紙添参考再掲続集総括推移状況内訳確定値年合数区分項目関及並備注等"
)


def test_printed_titles_agree_with_their_own_tables(repository: Path) -> None:
    """The grammar is that of the printed tables too: what their titles say is what their layouts declare."""
    package = data.descriptor(repository)
    words = data.definitions(repository)
    names = {code: area.name_ja for code, area in data.areas(repository).items()}
    wide = [one for one in targets(package, repository) if one.layout["kind"] == "wide"]
    assert len(wide) > 5
    for target in wide:
        codes = {
            {**target.layout["common"], **one}.get("area_code", "")
            for one in target.labels.values()
        }
        places = {names[code] for code in codes if code in names}
        ours = around.own(target, words, places, ())
        bare = Own((), places, target.units, ours.agreed, ours.yearly)
        wrong = [
            one
            for one in parts(target.title, bare)
            if not one.agrees and one.kind in ("period", "unit", "place")
        ]
        assert wrong == [], (target.key, wrong)
