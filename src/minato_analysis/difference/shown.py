"""The five blocks as parts of the page.

In: a :class:`~.result.Difference`. Out: :class:`~.parts.Shown` parts, in the order in which the page prints
them; a block in which nothing changed has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from minato_analysis.difference import conclusions, new_year, revised, sentences, words
from minato_analysis.difference.parts import Shown, tabled
from minato_analysis.difference.result import Difference
from minato_analysis.published import page
from minato_analysis.reporting import pages

MATCHED = {
    "role": "同じ役割（前は {before}）",
    "id": "同じ記録名",
    "both": "同じ記録名、同じ役割",
}
BASES = {
    "rule": "宣言した基準：{rule}",
    "series": "この系列のこれまでの動き",
    "chance": "人数の偶然だけ",
    "": "",
}


def blocks(found: Difference) -> list[list[Shown]]:
    """Return the five blocks."""
    made = (_conclusions, _revised, _new_year, _law, _appearance)
    return [list(block(found)) for block in made]


def _conclusions(found: Difference) -> Iterator[Shown]:
    told = [one for one in found.turned if one.headline]
    if told:
        yield Shown("目標について", points=tuple(words.conclusion(one) for one in told))
    if found.sentences.changed:
        yield _sentences(found)
    if found.verdicts:
        yield tabled(
            "diff-verdicts",
            "判定が変わった記述",
            ("番号", "前の判定", "今の判定", "新しい数値"),
            [(one.id, one.before or "—", one.after or "—", one.computed) for one in found.verdicts],
            heading="計画の記述の点検",
        )
    others = [one for one in found.turned if not one.headline]
    if others:
        yield _turned(found, others)


def _sentences(found: Difference) -> Shown:
    rows = [
        (
            sentences.FATES[one.fate],
            one.old or "（なし）",
            one.new or "（なし）",
            one.why or "—",
            f"{one.id}、{_label(found, one.page)}",
        )
        for one in found.sentences.changed
    ]
    return tabled(
        "diff-sentences",
        "前の版と同じではない主な文",
        ("どうなったか", "前の文", "今の文", "前の文を新しい数値で確かめた結果", "番号、ページ"),
        rows,
        heading="主な文",
    )


def _turned(found: Difference, turned: Sequence[conclusions.Turned]) -> Shown:
    places = _places(found)
    rows = [
        (
            places.get(one.after.id, f"（本文にはない数値 {one.after.id}）"),
            conclusions.KINDS[one.kind],
            one.old,
            one.new,
            f"{one.after.id}、{MATCHED[one.by].format(before=one.before.id)}",
        )
        for one in turned
    ]
    return tabled(
        "diff-turned",
        "結論が変わった数値",
        ("今の版の文", "何の結論か", "前の版", "今の版", "記録名と比べ方"),
        rows,
        heading="数値",
        notes=(
            "「同じ役割」は、それぞれの版の最新の年のように、役割が同じ数値どうしを比べたものです。",
        ),
    )


def _label(found: Difference, name: str) -> str:
    known = pages.listed(found.after.root)
    return known[name]["label"] if name in known else name


def _places(found: Difference) -> dict[str, str]:
    """Return for every fact the first sentence of the edition's pages that prints it."""
    told: dict[str, str] = {}
    for name in pages.listed(found.after.root):
        file = found.after.folder / f"{name}.html"
        if not file.is_file():
            continue
        for one in page.sentences(file.read_text(encoding="utf-8")):
            for id in one.facts:
                told.setdefault(id, f"「{one.text}」（{_label(found, name)}）")
    return told


def _revised(found: Difference) -> Iterator[Shown]:
    if found.revisions:
        yield _values(found)
    if found.moved:
        yield tabled(
            "diff-moved",
            "過去の年について掲載した数値で、前の版と違うもの",
            ("記録名", "前", "今"),
            [
                (one.after.id, words.fact(found, one.before), words.fact(found, one.after))
                for one in found.moved
            ],
            texts=(
                "訂正された値から計算した数値のほか、すべての年をまとめて見る計算の結果も、"
                "年が加わると変わります。",
            ),
        )


def _values(found: Difference) -> Shown:
    rows = [
        (
            one.label,
            words.number(found, one.old, one.unit),
            words.number(found, one.new, one.unit),
            revised.CAUSES[one.cause],
            f"{one.old_cell}（{one.old_as_of}）" if one.old_cell else "—",
            f"{one.new_cell}（{one.new_as_of}）" if one.new_cell else "—",
            one.reason or "—",
        )
        for one in found.revisions
    ]
    return tabled(
        "diff-revised",
        "変わった過去の値",
        ("値", "前", "今", "なぜ", "前のセル（時点）", "今のセル（時点）", "記録された理由"),
        rows,
    )


def _new_year(found: Difference) -> Iterator[Shown]:
    new = found.new_year
    if not new.values:
        return
    level = f"{100 * new.confidence:g}%"
    rows = [
        (
            one.label,
            words.number(found, one.last, one.unit),
            words.number(found, one.value, one.unit),
            words.span(found, one) or "—",
            new_year.VERDICTS[one.verdict]
            + (f"（理由の記録：{one.reason}）" if one.reason else ""),
            BASES[one.basis].format(rule=one.rule) or "—",
        )
        for one in new.values
    ]
    yield tabled(
        "diff-new",
        "新しい年の値と、1年の偶然とふだんの動きの幅",
        ("値", "前の年", "新しい年", "1年の幅", "判断", "幅の根拠"),
        rows,
        texts=(
            f"「1年の幅」は、前の年の値から見て、1年の偶然とふだんの動きだけで値が収まる範囲です（{level}）。"
            "この中の増減からは、変化があったともなかったとも言えません。",
        ),
        notes=(
            f"比べられる{len(new.judged)}個のうち、幅のとおりなら{new.expected:.1f}個が外に出ると見込まれ、"
            f"実際に外に出たのは{len(new.outside)}個です。幅は、多くがふだんの動き（年ごとに起きる、偶然を超える増減）で"
            "できています。偶然だけで外に出る数ではありません。",
        ),
    )


def _law(found: Difference) -> Iterator[Shown]:
    law = found.law
    for reform in law.reforms:
        bridge = (
            f"前後のつなぎ方：{reform.bridge}"
            if reform.bridge
            else "前後をつなぐ方法はありません。"
        )
        heading = f"「{reform.law}」（{reform.date}施行）"
        yield Shown(heading, (reform.changes, bridge))
    entries = [*law.declared, *law.parameters]
    if entries:
        yield tabled(
            "diff-declared",
            "変わった宣言と設定",
            ("種類", "項目", "前", "今", "ファイル"),
            [
                (one.what, one.place, one.old or "（なし）", one.new or "（なし）", one.file)
                for one in entries
            ],
        )
    if law.categories:
        yield tabled(
            "diff-categories",
            "表の区分の増減（それぞれの版の最新の年）",
            ("表", "区分の種類", "加わったもの", "なくなったもの"),
            [
                (one.table, one.what, "、".join(one.gained) or "—", "、".join(one.lost) or "—")
                for one in law.categories
            ],
        )


def _appearance(found: Difference) -> Iterator[Shown]:
    looks = found.appearance
    if looks.looks:
        rows = [(one.file, "、".join(one.differs)) for one in looks.looks]
        yield tabled(
            "diff-looks", "数値は同じで、内容の一部が違うファイル", ("ファイル", "違うところ"), rows
        )
