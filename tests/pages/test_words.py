"""Words on the finished pages: one term a thing, short sentences for lay readers, one sign for a range."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from tests.pages.conftest import pages

JAPANESE = [file for file in pages() if file.stem != "summary_en"]
LAY = [file for file in JAPANESE if file.stem in {"council_report", "one_sheet", "index"}]
LONGEST = 60
"""Characters of a sentence on a lay page, its numbers included."""

INSTEAD = {
    "予測": "見込み",
    "見通し": "見込み",
    "内側の帯": "80%の範囲",
    "外側の帯": "95%の範囲",
    "真ん中の値": "中央の値",
    "薬物三法": "薬物の三つの法律",
    "薬物3法": "薬物の三つの法律",
    "成人": "20歳以上",
    "正直": "その割合だけ入る",
    "とも言えません": "まだ分かりません",
    "ともいえません": "まだ分かりません",
    "\uff5e": "〜 (U+301C)",
}
"""A word that must not stand on a page, and the one that does."""

QUOTED = {
    "05_plan_statements": {"成人"},  # what the plan says, and of whom
    "audit_report": {"成人", "\uff5e"},  # printed cells and names of the plan
    "printed_tables": {"成人", "\uff5e"},
}
JARGON = ("ウィルソン法", "ロジスティック", "ニューカム法", "data/published", "記録名", "CRPS")
TWICE_NO = re.compile(
    r"ない(?:こと|という|とは|わけ)[^。、]{0,9}(?:ません|ない)|とも、?[^。]{0,20}ないとも[^。]{0,8}(?:ません|ない)"
)
"""A double negative, or 「…とも…ないとも…ません」: a reader has to turn it round to know what holds."""

_BLOCK = re.compile(r"</(?:p|li|dd|dt|h[1-6]|div|figcaption|summary|td|th|caption)>|<br>")
_UNREAD = re.compile(r"<(svg|script|style|details)\b.*?</\1>", re.S)


def said(file: Path, *, drawings: bool = True) -> list[str]:
    """Return the blocks of a page's main part as text."""
    main = re.search(r"<main.*?</main>", file.read_text(encoding="utf-8"), re.S)
    assert main
    text = main[0]
    text = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.S)
    text = text if drawings else _UNREAD.sub("\n", text)
    text = html.unescape(re.sub(r"<[^>]+>", "", _BLOCK.sub("\n", text)))
    return [line.strip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("file", JAPANESE, ids=lambda file: file.stem)
def test_a_thing_has_one_name(file: Path) -> None:
    allowed = QUOTED.get(file.stem, set())
    wrong = [
        f"{word} → {better}: …{line[max(0, line.find(word) - 20) :][:50]}"
        for line in said(file)
        for word, better in INSTEAD.items()
        if word in line and word not in allowed
    ]
    assert wrong == []


@pytest.mark.parametrize("file", JAPANESE, ids=lambda file: file.stem)
def test_nothing_is_denied_twice(file: Path) -> None:
    lines = said(file) if file.stem not in {"audit_report", "printed_tables"} else []
    assert [line for line in lines if TWICE_NO.search(line)] == []


@pytest.mark.parametrize("file", LAY, ids=lambda file: file.stem)
def test_sentences_for_lay_readers_are_short(file: Path) -> None:
    sentences = [one for line in said(file, drawings=False) for one in re.split(r"(?<=。)", line)]
    assert len(sentences) > 20
    assert [one for one in sentences if len(one) > LONGEST] == []


@pytest.mark.parametrize("file", LAY, ids=lambda file: file.stem)
def test_lay_pages_have_no_jargon(file: Path) -> None:
    text = "\n".join(said(file))
    assert [word for word in JARGON if word in text] == []
