"""The terminal's form of a difference: the five blocks in order, the attribution, the review queue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from minato_analysis.difference import conclusions, new_year, revised, sentences, steps, words
from minato_analysis.difference.result import Difference

MARKS = "①②③④⑤"
FEW = 12
"""Entries of one kind a block lists; the page has them all."""


def text(found: Difference) -> str:
    """Return the difference as plain text."""
    before, after = found.before, found.after
    lines = [
        f"{before.name} → {after.name}　{before.edition.title}から{after.edition.title}への違い",
        f"  {before.name}: {found.sources[0]}　{after.name}: {found.sources[1]}",
        *(f"  注意: {one}" for one in found.notes),
        "",
        *(f"  {one}" for one in words.summary(found)),
    ]
    blocks = (_conclusions, _revised, _new_year, _law, _appearance)
    for mark, title, block, nothing in zip(MARKS, words.BLOCKS, blocks, words.NOTHING, strict=True):
        lines += ["", f"{mark} {title}", *(list(block(found)) or [f"  {nothing}"])]
    lines += ["", f"◆ {words.ATTRIBUTION}", *_attribution(found)]
    lines += ["", *_queue(found)]
    return "\n".join(lines)


def _cut(lines: Iterable[str]) -> Iterator[str]:
    every = list(lines)
    yield from every[:FEW]
    if len(every) > FEW:
        yield f"  … ほか{len(every) - FEW}件（ページに全部あります）"


def _conclusions(found: Difference) -> Iterator[str]:
    for one in found.turned:
        if one.headline:
            yield f"  {words.conclusion(one)}"
    for sentence in found.sentences.changed:
        shown = sentence.old or sentence.new
        yield f"  {sentences.FATES[sentence.fate]} {sentence.id}（{sentence.page}）「{shown}」"
        if sentence.why:
            yield f"    新しい数値: {sentence.why}"
        if sentence.old and sentence.new and sentence.old != sentence.new:
            yield f"    今の文: 「{sentence.new}」"
    yield from (f"  記述の判定 {one}" for one in found.verdicts)
    others = [one for one in found.turned if not one.headline]
    yield from _cut(
        f"  {conclusions.KINDS[one.kind]} {one.after.id}（{_matched(one)}）: {one.old} → {one.new}"
        for one in others
    )


def _matched(one: conclusions.Turned) -> str:
    if one.by == "role":
        return f"同じ役割 {one.before.id}"
    return "同じ記録名" if one.by == "id" else "同じ記録名、同じ役割"


def _revised(found: Difference) -> Iterator[str]:
    for one in found.revisions:
        old, new = (words.number(found, value, one.unit) for value in (one.old, one.new))
        yield f"  {revised.CAUSES[one.cause]} {one.label}: {old} → {new}"
        cells = ((one.old_cell, one.old_as_of), (one.new_cell, one.new_as_of))
        yield f"    {' → '.join(f'{cell}（{date}）' if cell else '（なし）' for cell, date in cells)}"
        if one.reason:
            yield f"    理由: {one.reason}"
    moved = found.moved
    if moved:
        yield f"  過去の年について掲載した数値で、変わったもの（{len(moved)}個）"
        yield from _cut(
            f"    {one.after.id}: {words.fact(found, one.before)} → {words.fact(found, one.after)}"
            for one in moved
        )


def _new_year(found: Difference) -> Iterator[str]:
    for verdict, told in new_year.VERDICTS.items():
        values = [one for one in found.new_year.values if one.verdict == verdict]
        if not values:
            continue
        yield f"  {told}（{len(values)}個）"
        yield from _cut(f"    {_value(found, one)}" for one in values)


def _value(found: Difference, one: new_year.NewValue) -> str:
    change = f"{one.label}: {words.number(found, one.value, one.unit)}"
    if one.last is not None:
        change += f"（前年 {words.number(found, one.last, one.unit)}"
        span = words.span(found, one)
        change += f"、1年の幅 {span}）" if span else "）"
    return change + (f" 理由: {one.reason}" if one.reason else "")


def _law(found: Difference) -> Iterator[str]:
    law = found.law
    for reform in law.reforms:
        bridge = f"つなぎ方: {reform.bridge}" if reform.bridge else "前後をつなぐ方法なし"
        yield f"  {reform.date} 施行「{reform.law}」（{bridge}）"
        yield f"    {reform.changes}"
    yield from _cut(
        f"  {one.what} {one.place}: {one.old or 'なし'} → {one.new or 'なし'}（{one.file}）"
        for one in (*law.parameters, *law.declared)
    )
    for category in law.categories:
        changes = [f"{name}が加わった" for name in category.gained]
        changes += [f"{name}がなくなった" for name in category.lost]
        yield f"  {category.table} の{category.what}: {'、'.join(changes)}"


def _appearance(found: Difference) -> Iterator[str]:
    for one in found.appearance.looks:
        yield f"  {one.file}: {'、'.join(one.differs)}"


def _attribution(found: Difference) -> Iterator[str]:
    for changed in found.stepped:
        whole = words.step(found, changed, changed.whole)
        ends = [words.fact(found, one) for one in (changed.before, changed.after)]
        yield f"  {changed.headline.label}: {' → '.join(ends)}（{whole}）"
        told = [
            f"{steps.STEPS[name]} {words.step(found, changed, one)}"
            for name, one in changed.parts.items()
        ]
        yield f"    起きた順の内訳: {'、'.join(told)}"
    split = found.attribution
    if split is None:
        yield f"  {'ほかの数値の内訳は、' if found.stepped else ''}再実行していません（--quick）。"
        return
    yield from _ingredients(found)
    for one in split.attributed:
        whole = words.part(found, one, one.whole)
        before, after = words.fact(found, one.before), words.fact(found, one.after)
        yield f"  {one.headline.label}: {before} → {after}（{whole}）"
        parts = [f"{part.label} {words.part(found, one, part.value)}" for part in one.parts]
        if one.remainder:
            parts.append(f"{words.rest_label(found)} {words.part(found, one, one.remainder)}")
        yield f"    内訳: {'、'.join(parts)}"
    if not all(map(words.adds_up, split.attributed)):
        yield f"  {words.ROUNDED}"
    for headline, why in split.left_out:
        yield f"  {headline.label}: 分けられません（{why}）"


def _ingredients(found: Difference) -> Iterator[str]:
    split = found.attribution
    if split is None or not split.factors:
        yield "  データ、コード、環境、パラメータのどれも同じです。"
        return
    for factor in split.factors:
        named = "、".join(factor.differs[:3])
        more = f" ほか{len(factor.differs) - 3}" if len(factor.differs) > 3 else ""
        yield f"  違うもの {factor.label}: {named}{more}"
    if not split.environment_apart:
        yield "  環境の違いは分けていません（--environment を付けると分けます）。"
    for combination, why in split.impossible:
        yield f"  動かない組み合わせ {combination}: {why}"


def _queue(found: Difference) -> Iterator[str]:
    items = words.review(found)
    if not items:
        yield "見直すもの: ありません。"
        return
    yield f"見直すもの（{len(items)}件、上から順に）"
    for number, one in enumerate(items, 1):
        mark = MARKS[one.block - 1] if one.block <= len(MARKS) else "◆"
        yield f"  [ ] {number} {mark} {one.what}　→ {one.where}"
