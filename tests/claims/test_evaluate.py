"""Verdicts: each way to each of them, on a made-up plan; and the changes between two editions."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from minato_analysis.claims.call import calls
from minato_analysis.claims.errors import StatementError
from minato_analysis.claims.evaluate import changes, dumps, evaluate
from minato_analysis.claims.evaluate import loads as results_loads
from minato_analysis.claims.read import loads
from minato_analysis.claims.series import World
from tests.claims.worlds import frame, rows

BASE: dict[str, Any] = {
    "source": "made-up",
    "series": {
        "n": {"label": "人数", "cells": {"table": "1", "measure": "persons_arrested"}},
        "chart": {"label": "図の値", "cells": {"table": "chart"}},
    },
    "document": {
        "a": {"value": "甲", "what": "名前", "place": "第1章", "lines": 1},
        "b": {"value": "乙", "what": "名前", "place": "第2章", "lines": 2},
        "found": {"value": 1, "what": "注", "place": "第1章", "lines": 3},
        "lost": {"value": 0, "what": "注", "place": "第1章", "lines": 3},
    },
}
ONE: dict[str, Any] = {
    "id": "C001", "section": "第1章", "lines": 7, "paraphrase": "増えている",
    "reading": "毎年増えている", "population": "人", "period": "2018年〜2020年",
}  # fmt: skip
UP = [{"strictly_increasing": {"of": "n"}}]
WEAKER = {
    "reading": "最後の年が最初の年より多い",
    "test": [{"higher_than_first": {"of": "n"}, "as": "ends"}],
    "wording": "{ends.first_year}の{ends.first}から{ends.last}になりました",
}


def judged(values: list[float], **statement: Any) -> Any:
    text = yaml.safe_dump(BASE | {"statements": [ONE | statement]}, allow_unicode=True)
    statements = loads(text)
    world = World(
        rows=frame(rows("1", values)),
        named=statements.series,
        document=statements.document,
        unprinted={"2-2": "図の題"},
    )
    return evaluate(statements, world)[0]


def test_the_strict_reading_holds() -> None:
    one = judged([1, 2, 3], test=UP, note="補足です", suggestion="直す")
    assert (one.verdict, one.suggestion, one.weaker) == ("一致", "補足です", "")
    assert one.cells == tuple(
        f"made-up/1!persons_arrested all all all!{year}" for year in (2018, 2019, 2020)
    )
    assert one.statement.period == "平成30(2018)年〜令和2(2020)年"


def test_one_changed_cell_flips_the_verdict_and_the_weaker_reading_gives_the_wording() -> None:
    one = judged([1, 3, 3], test=UP, weaker=[WEAKER], suggestion="直す")
    assert one.verdict == "要限定"
    assert one.suggestion == "平成30(2018)年の1人から3人になりました"
    assert "限定した読み方「最後の年が最初の年より多い」は成り立つ。" in one.computed
    assert "高くなっていない年：令和2(2020)年" in one.strict


def test_neither_reading_holds() -> None:
    one = judged([3, 2, 1], test=UP, weaker=[WEAKER], suggestion="直す")
    assert (one.verdict, one.suggestion) == ("不一致", "直す")


def test_the_first_weaker_reading_that_holds_is_taken() -> None:
    never = WEAKER | {"test": [{"strictly_decreasing": {"of": "n"}}], "wording": "別"}
    last = WEAKER | {"wording": "後"}
    assert judged([1, 3, 3], test=UP, weaker=[never, WEAKER, last]).suggestion.startswith("平成")


def test_numbers_that_are_not_printed_cannot_be_checked_until_they_are() -> None:
    waiting = {"kind": "unprinted", "figures": ["2-2"], "why": "件数がない", "suggestion": "載せる"}
    test = [{"strictly_increasing": {"of": "chart"}}]
    one = judged([1, 2, 3], test=test, **waiting)
    assert (one.verdict, one.suggestion) == ("検証不能（数値未掲載）", "載せる")
    assert one.computed.startswith("図表2-2「図の題」の数値が印刷されていません。件数がない。")
    assert one.cells == ("made-up/text!7",)
    # The same statement, its numbers printed at last.
    assert judged([1, 2, 3], test=UP, **waiting).verdict == "一致"
    assert judged([1, 2, 3], test=test, weaker=[WEAKER], **waiting).verdict == "要限定"
    with pytest.raises(StatementError, match=r"E4-STATEMENT C001.*test を書いて"):
        judged([1, 2, 3], **waiting | {"figures": ["9-9"]})


def test_numbers_missing_without_being_declared_so_are_an_error() -> None:
    with pytest.raises(StatementError, match=r"E4-STATEMENT C001.*kind: unprinted"):
        judged([1, 2, 3], test=[{"strictly_increasing": {"of": "chart"}}])


def test_a_quotation_stays_one() -> None:
    one = judged([1], kind="quotation", why="白書から", suggestion="年を書く")
    assert (one.verdict, one.computed, one.suggestion) == ("外部引用", "白書から。", "年を書く")


@pytest.mark.parametrize(
    ("test", "verdict", "suggestion"),
    [
        ([{"document_agrees": {"places": ["a", "b"]}}], "更新要・体裁", "そろえる"),
        ([{"document_agrees": {"places": ["a", "a"]}}], "一致", ""),
        ([{"present": {"of": "found"}}], "一致", ""),
        ([{"present": {"of": "lost"}}], "更新要・体裁", "そろえる"),
        ([{"absent": {"of": "lost"}}], "一致", ""),
        ([{"absent": {"of": "found"}}], "更新要・体裁", "そろえる"),
        ([{"numbers_printed": {"figures": ["2-2"]}}], "更新要・体裁", "そろえる"),
        ([{"numbers_printed": {"figures": ["2-1"]}}], "一致", ""),
        ([{"no_small_counts": {"table": "1"}}], "更新要・体裁", "そろえる"),
    ],
)
def test_matters_of_form_are_decided_by_records(test, verdict, suggestion) -> None:
    one = judged([9, 10, 0], kind="form", test=test, suggestion="そろえる")
    assert (one.verdict, one.suggestion) == (verdict, suggestion)


def test_only_counts_between_one_and_nine_are_small() -> None:
    test = [{"no_small_counts": {"table": "1"}, "as": "small"}]
    assert judged([0, 10, 11], kind="form", test=test, suggestion="x").verdict == "一致"
    one = judged([1, 9, 10], kind="form", test=test, suggestion="{small.small}個")
    assert one.suggestion == "2個"


def test_same_last_year_and_identities_look_at_whole_tables() -> None:
    world = World(
        rows=frame(rows("1", [3, 5]), rows("2", [3]), rows("3", [3, 5])),
        identities=[{"id": "E2-901", "kind": "equal", "by": ["year"], "title": "1＝3",
                     "left": {"table": "1"}, "right": {"table": "3"}}],
    )  # fmt: skip

    def holds(test: dict[str, Any]) -> bool:
        return calls([test], "test")[0](world).holds

    assert holds({"same_last_year": {"tables": ["1", "3"]}})
    assert not holds({"same_last_year": {"tables": ["1", "2"]}})
    assert holds({"identities_hold": {"identities": ["E2-901"]}})
    assert world.rows is not None
    world.rows.loc[0, "value"] = 4
    assert not holds({"identities_hold": {"identities": ["E2-901"]}})
    with pytest.raises(StatementError, match="E2-999"):
        holds({"identities_hold": {"identities": ["E2-999"]}})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"test": [{"strictly_increasin": {"of": "n"}}]}, "近いもの: strictly_increasing"),
        ({"test": [{"flat": {"in": "n"}}]}, "引数が合いません"),
        ({"test": []}, "述語の並び"),
        ({"test": UP, "verdict": "一致"}, "verdict"),
        ({"kind": "guess", "test": UP}, "guess"),
        ({}, "claim には test"),
        ({"test": [*UP, *UP]}, "as: で別の名前"),
        ({"test": UP, "note": "{up.last}"}, "計算されていません"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_place(change, message) -> None:
    with pytest.raises(StatementError, match=message) as stopped:
        judged([1, 2, 3], **change)
    assert "C001" in str(stopped.value)


def test_a_number_may_stand_once() -> None:
    text = yaml.safe_dump(BASE | {"statements": [ONE | {"test": UP}, ONE | {"test": UP}]})
    with pytest.raises(StatementError, match="重なっています: C001"):
        loads(text)


def test_the_published_file_has_six_keys_and_tells_what_changed() -> None:
    before = results_loads(dumps([judged([1, 2, 3], test=UP)]))
    after = results_loads(dumps([judged([1, 3, 2], test=UP, weaker=[WEAKER])]))
    assert list(before[0]) == ["id", "verdict", "reading", "computed", "suggestion", "cells"]
    assert dumps([judged([1, 2, 3], test=UP)]).endswith("]\n")
    assert changes(before, before) == []
    (moved,) = changes(before, after)
    assert (moved.id, moved.before, moved.after) == ("C001", "一致", "要限定")
    assert str(moved).startswith("C001：一致から要限定へ。")
    assert str(changes([], after)[0]) == "C001：新しい項目（要限定）"
    assert str(changes(before, [])[0]) == "C001：この版にはない項目（前の版は一致）"
