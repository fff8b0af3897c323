"""The attribution, the review queue and the list of all numbers as parts of the page.

In: a :class:`~.result.Difference`. Out: :class:`~.parts.Shown` parts.
"""

from __future__ import annotations

from collections.abc import Iterator

from minato_analysis.difference import roles, steps, words
from minato_analysis.difference.attribution import Attribution
from minato_analysis.difference.parts import Shown, tabled
from minato_analysis.difference.result import Difference
from minato_analysis.numbers.tables import Table
from minato_analysis.reporting.outputs import csv_link


def attribution(found: Difference) -> Iterator[Shown]:
    """Yield what differs, the parts of every change, and what could not be split."""
    if found.stepped:
        yield _steps(found)
    split = found.attribution
    if split is None:
        if found.stepped:
            yield Shown(texts=("ほかの数値の内訳は、再実行していません（--quick）。",))
        return
    points = [
        f"{one.label}：{'、'.join(one.differs[:5])}"
        + (f" ほか{len(one.differs) - 5}" if len(one.differs) > 5 else "")
        for one in split.factors
    ]
    yield Shown(
        "違うもの",
        () if points else ("データ、コード、環境、パラメータのどれも同じです。",),
        tuple(points),
    )
    if split.attributed:
        yield _parts(found, split)
    limits = [
        f"動かない組み合わせ（{told}）があるため、あわせて一つの組にしました：{why}"
        for told, why in split.impossible
    ]
    limits += [f"{one.label}は分けられません：{why}" for one, why in split.left_out]
    if not split.environment_apart:
        limits.append("環境の違いは分けていません。--environment を付けると分けます。")
    if limits:
        yield Shown("分けられなかったもの", points=tuple(limits))


def _steps(found: Difference) -> Shown:
    """Return the changes of the forecasts in the order in which things happened."""
    columns = ["数値", "前", "今", "変化", *steps.STEPS.values()]
    rows = [
        [
            one.headline.label,
            words.fact(found, one.before),
            words.fact(found, one.after),
            words.step(found, one, one.whole),
            *(words.step(found, one, value, bare=True) for value in one.parts.values()),
        ]
        for one in found.stepped
    ]
    return tabled(
        "diff-steps",
        words.IN_ORDER,
        columns,
        rows,
        heading="見込みの変化",
        texts=(
            "左から順に、一つずつ前の版から今の版へ進めたときの動きです。ほかの順では起こり得ません。"
            "内訳の合計は変化と一致します。",
        ),
        notes=("内訳の単位は、変化の欄と同じです。",),
    )


def _parts(found: Difference, split: Attribution) -> Shown:
    groups = list(dict.fromkeys(part.label for one in split.attributed for part in one.parts))
    remains = words.remains(found)
    columns = ["数値", "前", "今", "変化", *groups, *([words.rest_label(found)] if remains else [])]
    rows = []
    for one in split.attributed:
        parts = {part.label: words.part(found, one, part.value, bare=True) for part in one.parts}
        rows.append(
            [
                one.headline.label,
                words.fact(found, one.before),
                words.fact(found, one.after),
                words.part(found, one, one.whole),
                *(parts.get(group, "—") for group in groups),
                *([words.part(found, one, one.remainder, bare=True)] if remains else []),
            ]
        )
    rounded = any(not words.adds_up(one) for one in split.attributed)
    return tabled(
        "diff-parts",
        "主な数値の変化と、その内訳",
        columns,
        rows,
        heading="内訳",
        texts=(
            "データ、パラメータ、コードを一つずつ前の版のものと入れ替えて実行し直し、"
            "入れ替える順序のすべてについて平均した値です。内訳の合計は変化と一致します。",
        ),
        notes=("内訳の単位は、変化の欄と同じです。", *((words.ROUNDED,) if rounded else ())),
    )


def queue(found: Difference) -> Iterator[Shown]:
    """Yield what a person has to look at."""
    items = words.review(found)
    if items:
        titles = (*words.BLOCKS, words.ATTRIBUTION)
        rows = [
            (str(number), titles[one.block - 1], one.what, one.where)
            for number, one in enumerate(items, 1)
        ]
        yield tabled("diff-review", "見直すもの", ("番号", "区分", "内容", "最初に見る所"), rows)


def every_fact(found: Difference) -> dict[str, str]:
    """Return all published numbers of both editions as a file to download."""
    rows = [
        (
            one.before.id,
            one.after.id,
            {"role": "同じ役割", "id": "同じ記録名", "both": "両方"}[one.by],
            words.fact(found, one.before),
            words.fact(found, one.after),
        )
        for one in roles.pairs(
            found.before.facts, found.after.facts, found.before.names, found.after.names
        )
    ]
    rows += [(one.id, "", "前の版だけ", words.fact(found, one), "") for one in found.dropped]
    rows += [("", one.id, "今の版だけ", "", words.fact(found, one)) for one in found.added]
    columns = ("前の記録名", "今の記録名", "比べ方", "前の値", "今の値")
    table = Table("facts", "掲載した数値の前後", columns, tuple(rows))
    label = f"掲載した数値の前後をすべてCSVでダウンロード（{len(rows)}行）"
    return {
        "href": csv_link(table.csv()),
        "name": "facts-before-after.csv",
        "kind": "csv",
        "label": label,
    }
