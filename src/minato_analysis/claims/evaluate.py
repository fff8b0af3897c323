"""Statements to verdicts.

In: the statements and the world they are held against (observations, identities, unprinted charts). Out:
one :class:`Result` a statement, ``statements.json``, and the verdicts that changed between two of them.

======================== =====================================================================
一致                     the reading holds
要限定                   it does not hold (or cannot be computed), a weaker reading does
不一致                   neither holds
検証不能（数値未掲載）   the numbers it would need are not published
外部引用                 a number or sentence taken over from another document
更新要・体裁             wording, law, cross-reference or missing part to be brought up to date
======================== =====================================================================
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from minato_analysis import data
from minato_analysis.claims import checks
from minato_analysis.claims.call import fill, hold
from minato_analysis.claims.errors import NotPublished, StatementError
from minato_analysis.claims.finding import Finding
from minato_analysis.claims.read import Statement, Statements, load, text_address
from minato_analysis.claims.series import World

AGREES, QUALIFIED, DISAGREES = "一致", "要限定", "不一致"
UNPRINTED, QUOTED, TO_UPDATE = "検証不能（数値未掲載）", "外部引用", "更新要・体裁"
VERDICTS = (AGREES, QUALIFIED, DISAGREES, UNPRINTED, QUOTED, TO_UPDATE)
PUBLISHED_KEYS = ("id", "verdict", "reading", "computed", "suggestion", "cells")


@dataclass(frozen=True)
class Result:
    """One statement with its verdict.

    Attributes
    ----------
    statement : Statement
    verdict : str
        One of :data:`VERDICTS`.
    reading : str
        The reading that was tested.
    strict : str
        The numbers of this reading, in words.
    weaker : str
        The weaker reading that holds, with its numbers; empty where none was needed or none holds.
    suggestion : str
        Wording that would agree, what to change, or what to add; may be empty.
    cells : tuple of str
        Addresses of the printed cells, and of the lines of text, it rests on.
    """

    statement: Statement
    verdict: str
    reading: str
    strict: str
    weaker: str
    suggestion: str
    cells: tuple[str, ...]

    @property
    def id(self) -> str:
        """The statement's number."""
        return self.statement.id

    @property
    def computed(self) -> str:
        """All numbers, in words."""
        return self.strict + (f"限定した読み方{self.weaker}" if self.weaker else "")


def world_of(statements: Statements, rows: pd.DataFrame, folder: Path) -> World:
    """Return the world statements are held against: observations, identities, unprinted charts."""
    return World(
        rows=rows[rows["source_id"].isin(statements.sources)],
        named=statements.series,
        document=statements.document,
        identities=checks.load(folder)[0],
        unprinted={one["figure"]: one["title"] for one in data.descriptor(folder)["missing"]},
    )


def evaluate(statements: Statements, world: World) -> list[Result]:
    """Return the verdict of every statement.

    Raises
    ------
    StatementError
        ``E4-STATEMENT``: with the number of the statement that cannot be evaluated.
    """
    return [_evaluated(one, statements.source, world) for one in statements.items]


def evaluate_all(folder: Path, as_of: str = "9999") -> list[Result]:
    """Return the verdicts of ``data/statements.yaml`` on what was known at a date, else on all there is."""
    statements, rows = load(folder), data.history(folder)
    return evaluate(statements, world_of(statements, rows[rows["as_of"] <= as_of], folder))


def dumps(results: Iterable[Result]) -> str:
    """Return ``statements.json``: an array in the order of the statements, a newline at the end."""
    rows = [
        {key: getattr(one, key) for key in PUBLISHED_KEYS} | {"cells": list(one.cells)}
        for one in results
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def text(folder: Path, as_of: str) -> str:
    """Return ``statements.json`` of a project folder, as known at a date."""
    return dumps(evaluate_all(folder, as_of))


def loads(text: str) -> list[dict[str, Any]]:
    """Read ``statements.json``."""
    rows: list[dict[str, Any]] = json.loads(text)
    return rows


@dataclass(frozen=True)
class Change:
    """One statement whose verdict is not the same in two editions; ``""`` where it is not in one."""

    id: str
    before: str
    after: str
    computed: str

    def __str__(self) -> str:
        if not self.before:
            return f"{self.id}：新しい項目（{self.after}）"
        if not self.after:
            return f"{self.id}：この版にはない項目（前の版は{self.before}）"
        return f"{self.id}：{self.before}から{self.after}へ。{self.computed}"


def changes(
    before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]
) -> list[Change]:
    """Return the verdicts that changed between two ``statements.json``, in order of the numbers.

    Examples
    --------
    >>> row = {"id": "C001", "verdict": "一致", "computed": "…"}
    >>> [str(one) for one in changes([row], [row | {"verdict": "要限定"}])]
    ['C001：一致から要限定へ。…']
    """
    old, new = ({row["id"]: row for row in rows} for rows in (before, after))
    nothing: Mapping[str, Any] = {"verdict": "", "computed": ""}
    pairs = ((id, old.get(id, nothing), new.get(id, nothing)) for id in sorted({*old, *new}))
    return [
        Change(id, a["verdict"], b["verdict"], b["computed"])
        for id, a, b in pairs
        if a["verdict"] != b["verdict"]
    ]


def _evaluated(one: Statement, source: str, world: World) -> Result:
    try:
        return _judged(one, source, world)
    except NotPublished as error:
        raise StatementError(
            f"E4-STATEMENT {one.id}: 数値が見つかりません（{error}）。"
            "公表されていない数値なら kind: unprinted とし、そうでなければ条件のつづりを確かめてください。"
        ) from None
    except StatementError as error:
        raise StatementError(f"E4-STATEMENT {one.id}: {error}") from None


def _judged(one: Statement, source: str, world: World) -> Result:
    _, findings = hold(one.show, world)
    told = [_why(one, world), *(found.said for found in findings.values())]
    strict: bool | None = None
    if one.test:
        try:
            strict, tested = hold(one.test, world)
        except NotPublished:
            if one.kind != "unprinted":
                raise
        else:
            findings |= tested
            told += [found.said for found in tested.values()]
    verdict = _verdict(one, strict)
    wording = one.note if verdict == AGREES else one.suggestion
    met: list[str] = []
    if verdict in (DISAGREES, UNPRINTED):
        for weaker in one.weaker:
            holds, asked = hold(weaker.test, world)
            if holds:
                findings |= asked
                verdict, wording = QUALIFIED, weaker.wording
                met = [found.said for found in asked.values()]
                met[0] = f"「{fill(weaker.reading, findings)}」は成り立つ。{met[0]}"
                break
    return Result(
        statement=one,
        verdict=verdict,
        reading=fill(one.reading, findings),
        strict=_sentences(told),
        weaker=_sentences(met),
        suggestion=fill(wording, findings),
        cells=_cells(one, source, findings),
    )


def _verdict(one: Statement, strict: bool | None) -> str:
    if one.kind == "quotation":
        return QUOTED
    if one.kind == "form":
        return AGREES if strict else TO_UPDATE
    if strict is None:
        return UNPRINTED
    return AGREES if strict else DISAGREES


def _why(one: Statement, world: World) -> str:
    printed = [figure for figure in one.figures if figure not in world.unprinted]
    if printed and not one.test:
        raise StatementError(
            f"図表{'・'.join(printed)}の数値は今は未掲載とされていません。test を書いてください"
        )
    if not one.figures or one.kind != "unprinted":
        return one.why
    names = "、".join(f"図表{figure}「{world.unprinted[figure]}」" for figure in one.figures
                     if figure in world.unprinted)  # fmt: skip
    return f"{names}の数値が印刷されていません。{one.why}" if names else ""


def _sentences(parts: Iterable[str]) -> str:
    """Return the parts with one full stop each; what was told before is not told again.

    The first sentence of a part gives the numbers, the rest what they come to.
    """
    shown: list[str] = []
    told: set[str] = set()
    for part in (part.rstrip("。") for part in parts):
        first, _, rest = part.partition("。")
        if part and part not in told:
            shown.append(rest if rest and first in told else part)
        told |= {part, first}
    return "".join(f"{one}。" for one in shown)


def _cells(one: Statement, source: str, findings: Mapping[str, Finding]) -> tuple[str, ...]:
    cells = dict.fromkeys(cell for found in findings.values() for cell in found.cells)
    return tuple(cells) or (text_address(source, one.lines),)
