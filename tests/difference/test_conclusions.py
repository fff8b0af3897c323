"""Block 1: a number whose conclusion changes is named, with both conclusions; any other is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from minato_analysis.claims import evaluate
from minato_analysis.difference import conclusions, sentences, side
from tests.difference import world

Numbers = dict[str, tuple[float, str, int]]
CHANCE = "projection.{target}.pool.p_target"
LOW, HIGH = "{area}.change.{first}_{last}.low", "{area}.change.{first}_{last}.high"


def sides(
    root: Path, before: Numbers, after: Numbers, **options: Any
) -> tuple[side.Side, side.Side]:
    """Publish two editions of the same years with these numbers and read both."""
    world.publish(root, "2024", "2024-01-05", numbers=before)
    world.publish(root, "2025", "2025-01-05", numbers=after, **options)
    return side.load(root, "2024"), side.load(root, "2025")


def points(value: float) -> tuple[float, str, int]:
    return value, "points", 1


def p(value: float) -> tuple[float, str, int]:
    return value, "p_value", 3


CASES: dict[str, tuple[Numbers, Numbers, str, str, str]] = {
    "target": (
        {"target.share": (42.0, "percent", 1)},
        {"target.share": (43.0, "percent", 1)},
        "target",
        "目標を上回る（43.0%、目標42.0%）",
        "目標以下（43.0%、目標43.0%）",
    ),
    "likelihood": (
        {CHANCE: (32.0, "percent", 0)},
        {CHANCE: (34.0, "percent", 0)},
        "likelihood",
        "可能性が低い（32%、20回中6回程度）",
        "どちらも同じくらい（34%、20回中7回程度）",
    ),
    "direction of a difference": (
        {"{area}.gap": points(2.8)},
        {"{area}.gap": points(-0.1)},
        "direction",
        "正（増える、高い側）（2.8ポイント）",
        "負（減る、低い側）（△0.1ポイント）",
    ),
    "direction of a change": (
        {"{area}.fall": (3.0, "percent", 0)},
        {"{area}.fall": (-3.0, "percent", 0)},
        "direction",
        "正（増える、高い側）（3%）",
        "負（減る、低い側）（△3%）",
    ),
    "interval of a difference": (
        {LOW: points(-1.0), HIGH: points(5.0)},
        {LOW: points(0.1), HIGH: points(5.0)},
        "interval",
        "この人数では差があるともないとも言えない（△1.0ポイント〜5.0ポイント）",
        "差がある（0.1ポイント〜5.0ポイント、すべて0より大きい）",
    ),
    "interval of a ratio": (
        {"{area}.mh_or.low": (1.1, "number", 2), "{area}.mh_or.high": (1.9, "number", 2)},
        {"{area}.mh_or.low": (0.9, "number", 2), "{area}.mh_or.high": (1.9, "number", 2)},
        "interval",
        "差がある（1.10〜1.90、すべて1より大きい）",
        "この人数では差があるともないとも言えない（0.90〜1.90）",
    ),
    "test": (
        {"{area}.trend.p": p(0.051)},
        {"{area}.trend.p": p(0.049)},
        "test",
        "この人数では判断できない（p=0.051、基準0.05）",
        "偶然だけでは説明しにくい（p=0.049、基準0.05）",
    ),
    "count": (
        {"{area}.stations.apart": (0.0, "number", 0)},
        {"{area}.stations.apart": (1.0, "number", 0)},
        "count",
        "なし",
        "あり（1）",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "kind", "old", "new"), CASES.values(), ids=CASES)
def test_a_changed_conclusion_is_the_only_one_named(
    town: Path, before: Numbers, after: Numbers, kind: str, old: str, new: str
) -> None:
    [found] = conclusions.turned(*sides(town, before, after))
    assert (found.kind, found.old, found.new) == (kind, old, new)


STILL: dict[str, tuple[Numbers, Numbers]] = {
    "nothing": ({}, {}),
    "a number that only moves": ({"{area}.gap": points(2.8)}, {"{area}.gap": points(1.4)}),
    "a sign below the last digit": ({"{area}.gap": points(0.04)}, {"{area}.gap": points(-0.04)}),
    "an interval that only moves": (
        {LOW: points(-1.0), HIGH: points(5.0)},
        {LOW: points(-2.0), HIGH: points(4.0)},
    ),
    "how well a method does": (
        {"backtest.margin": points(0.3)},
        {"backtest.margin": points(-0.3)},
    ),
    "an interval of a share has no reference": (
        {"{area}.x.low": (40.0, "percent", 1), "{area}.x.high": (44.0, "percent", 1)},
        {"{area}.x.low": (45.0, "percent", 1), "{area}.x.high": (49.0, "percent", 1)},
    ),
    "words for one probability": ({CHANCE: (21.0, "percent", 0)}, {CHANCE: (29.0, "percent", 0)}),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), STILL.values(), ids=STILL)
def test_a_conclusion_that_stays_is_not_named(town: Path, before: Numbers, after: Numbers) -> None:
    assert conclusions.turned(*sides(town, before, after)) == []


def test_the_last_year_is_compared_with_the_last_year_and_with_itself(town: Path) -> None:
    world.deliver(town, "later", "2025-01", {2023: (57, 43)})
    before = {"{area}.vs.2022": points(3.0)}
    after = {"{area}.vs.2022": points(-2.0), "{area}.vs.2023": points(-1.0)}
    world.publish(town, "2024", "2024-01-05", numbers=before)
    world.publish(town, "2025", "2025-01-05", last=2023, numbers=after)
    found = conclusions.turned(side.load(town, "2024"), side.load(town, "2025"))
    assert [(one.by, one.after.id) for one in found] == [
        ("role", "town.vs.2023"),
        ("id", "town.vs.2022"),
    ]


def test_the_level_of_a_test_is_that_of_its_edition(town: Path) -> None:
    same = {"{area}.trend.p": p(0.07)}
    found = conclusions.turned(*sides(town, same, same, parameters={"confidence": 0.9}))
    assert [(one.kind, one.new) for one in found] == [
        ("test", "偶然だけでは説明しにくい（p=0.070、基準0.1）")
    ]


def test_a_sentence_that_no_longer_holds_is_named_with_its_numbers(town: Path) -> None:
    found = sentences.compared(*sides(town, {}, {"target.share": (50.0, "percent", 1)}))
    [one] = found.changed
    assert (one.id, one.fate, one.old) == ("S1", "false", "割合は43.0%で、目標を上回る")
    assert "43.0%" in one.why
    assert "50.0%" in one.why


def test_a_sentence_without_its_numbers_cannot_be_tested(town: Path) -> None:
    before, after = sides(town, {}, {})
    gone = {id: one for id, one in after.facts.items() if id != "target.share"}
    object.__setattr__(after, "facts", gone)
    assert [one.fate for one in sentences.compared(before, after).changed] == ["untestable"]


def rewritten(**change: Any) -> Any:
    return lambda whole: {**whole, "sentences": [{**whole["sentences"][0], **change}]}


@pytest.mark.parametrize(
    ("change", "fates"),
    [
        (rewritten(text="割合は目標を上回る"), ["reworded"]),
        (rewritten(id="S2"), ["dropped", "new"]),
        (rewritten(), []),
    ],
    ids=["reworded", "renamed", "same"],
)
def test_a_sentence_that_is_written_otherwise_is_named(
    town: Path, tmp_path: Path, change: Any, fates: list[str]
) -> None:
    before = side.load(town, "2024")
    other = world.town(tmp_path / "other")
    world.edit(other, "data/sentences.yaml", change)
    world.publish(other, "2025", "2025-01-05")
    found = sentences.compared(before, side.load(other, "2025"))
    assert [one.fate for one in found.changed] == fates
    assert found.unchanged == (not fates)


def test_a_sentence_with_other_numbers_only_is_counted(town: Path) -> None:
    found = sentences.compared(*sides(town, {}, {"{area}.share.2022": (44.0, "percent", 1)}))
    assert (found.changed, found.other_numbers) == ((), 1)


def test_a_changed_verdict_of_a_statement_is_named(town: Path) -> None:
    row = {"id": "C001", "verdict": "一致", "computed": "100人。"}
    world.publish(town, "2024", "2024-01-05", statements=[row])
    world.publish(town, "2025", "2025-01-05", statements=[{**row, "verdict": "不一致"}])
    before, after = (side.load(town, name).statements for name in ("2024", "2025"))
    assert [str(one) for one in evaluate.changes(before, after)] == [
        "C001：一致から不一致へ。100人。"
    ]


def test_a_title_is_told_as_its_page_prints_it(town: Path, tmp_path: Path) -> None:
    """A wording may have open words; what fills them is known on the page only."""
    sentence = world.SENTENCES["sentences"][0]  # type: ignore[index]
    title = '<figure id="f"><figcaption>\n<span class="figure-title">{}は割合が高い</span>\n'
    other = world.town(tmp_path / "other")
    for root, name, word in ((town, "2024", "甲"), (other, "2025", "乙")):
        titled = {**sentence, "figure": "f", "text": f"{word}の場合の題"}
        world.edit(root, "data/sentences.yaml", rewritten(**titled))
        world.publish(root, name, f"{name}-01-05")
        page = root / f"reports/{name}/{world.NOTEBOOK}.html"
        page.write_text(
            page.read_text("utf-8").replace("<h1>", title.format(word) + "<h1>"), "utf-8"
        )
        world.seal(root, name)
    found = sentences.compared(side.load(town, "2024"), side.load(other, "2025"))
    assert [(one.fate, one.old, one.new) for one in found.changed] == [
        ("reworded", "甲は割合が高い", "乙は割合が高い")
    ]
