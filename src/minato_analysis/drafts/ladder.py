"""The ladder of checks: format, identities, plausibility, revisions, small numbers, transcription.

In: a project folder. Out: one :class:`Step` for each rung, with the sentences that stop the build and the
warnings whose reason is recorded. Published tables and drafts are read together, a draft counting as the
newest document. ``minato check`` prints the steps. A rung that cannot be reached, because a table could
not be read, is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from minato_analysis import data
from minato_analysis.claims import checks, plausibility
from minato_analysis.data import categories, revisions, transcription
from minato_analysis.drafts import draft
from minato_analysis.numbers.facts import FEW_PERSONS
from minato_analysis.project import publisher

Known = Sequence[Mapping[str, Any]]
Files = Mapping[str, str]


@dataclass(frozen=True)
class Step:
    """One rung: what was checked, what stops the build, what is explained."""

    name: str
    summary: str
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def climb(folder: Path) -> list[Step]:
    """Check the published tables and the drafts of a project folder.

    A table that cannot be read ends the climb: nothing can be said of its numbers.
    """
    files = data.files(folder)
    try:
        data.areas(folder)
        printed = data.read_published(folder)
        found = draft.drafts(folder)
        wrong: list[str] = []
        for one in found:
            values, problems = draft.read(one)
            printed, wrong = printed + values, wrong + problems
            files |= {
                f"{one.source_id}/{data.table_id(table)}": f"data/{table['path']}"
                for table in one.tables
            }
        answers = {one.source_id: one.laws for one in found}
        mappings = categories.answered(categories.load(folder), answers)
        printed = categories.translate(printed, mappings, files)
    except ValueError as error:
        return [Step("形式", "読み取れない値があります。ここで止めました。", (str(error),))]
    if wrong:
        return [Step("形式", f"{len(wrong)}か所を直してください。ここで止めました。", tuple(wrong))]
    tables = {(one.source_id, one.table) for one in printed}
    waiting = "".join(f"うち{one.year}年の下書き{len(one.tables)}表。" for one in found)
    history = data.frame(printed)
    identities, known = checks.load(folder)
    steps = [Step("形式", f"{len(tables)}の表から{len(printed)}の値を読み取りました。{waiting}")]
    try:
        rows = revisions.current(history)
    except ValueError as error:
        return [
            *steps,
            Step("訂正と定義", "確かめられませんでした。", (str(error),)),
            *_transcription(folder),
        ]
    return [
        *steps,
        _identities(rows, identities, known, files),
        _plausibility(rows, plausibility.load(folder), known, files),
        _revisions(history, known, files),
        _small_numbers(rows, data.closed_sources(data.descriptor(folder))),
        *_transcription(folder),
        _signed(folder),
    ]


def _identities(rows: pd.DataFrame, identities: Known, known: Known, files: Files) -> Step:
    name = "恒等式"
    try:
        results = checks.evaluate(rows, identities, known)
    except ValueError as error:
        return Step(name, "確かめられませんでした。", (str(error),))
    broken = [one for one in results if not one.holds]
    unknown = checks.open_ones(rows, identities)
    more = f"{len(unknown)}通りは公表されない値があり、照合できません。" if unknown else ""
    return Step(
        name,
        f"{len(results)}通りを照合し、{len(results) - len(broken)}通りが成り立ちました。{more}",
        tuple(checks.sentence(one, results, files) for one in broken if not one.known),
        tuple(
            f"{one.identity} {one.title}: {one.left} ≠ {one.right}（理由: {one.reason}）"
            for one in broken
            if one.known
        )
        + tuple(one.sentence() for one in unknown),
    )


def _plausibility(
    rows: pd.DataFrame, rules: plausibility.Rules, known: Known, files: Files
) -> Step:
    name = "もっともらしさ"
    try:
        changes = plausibility.evaluate(rows, rules, known)
    except ValueError as error:
        return Step(name, "確かめられませんでした。", (str(error),))
    found = plausibility.findings(changes)
    return Step(
        name,
        f"年ごとの変化{len(changes)}通りを調べ、{len(found)}通りが偶然では説明しにくい値でした。",
        tuple(plausibility.sentence(one, files) for one in found if not one.reason),
        tuple(
            f"{one.rule} {one.title} {one.year}年: {plausibility.listed(one.printed)}"
            f"（理由: {one.reason}）"
            for one in found
            if one.reason
        ),
    )


def _revisions(history: pd.DataFrame, known: Known, files: Files) -> Step:
    name = "訂正と定義"
    try:
        found = revisions.evaluate(history, known)
    except ValueError as error:
        return Step(name, "確かめられませんでした。", (str(error),))
    continued = history["source_id"] != history["series_id"]
    return Step(
        name,
        f"続きの値{int(continued.sum())}個の定義は前の資料と同じで、過去の値の訂正は{len(found)}個でした。",
        tuple(one.sentence(files) for one in found if not one.reason),
        tuple(
            f"E2-601 {one.quantity}: {one.old} → {one.new}（理由: {one.reason}）"
            for one in found
            if one.reason
        ),
    )


def _small_numbers(rows: pd.DataFrame, closed: set[str]) -> Step:
    persons = rows[rows["source_id"].isin(closed) & (rows["unit"] == "persons")]
    small = persons["value"].between(1, FEW_PERSONS - 1)
    if not closed:
        return Step("小さな数", "資料はすべて公表されたものです。")
    return Step(
        "小さな数",
        f"非公表の資料{len(closed)}点に、10人未満の人数が{int(small.sum())}個あります。"
        "報告書のページには出ません（出そうになると作成が止まります）。",
    )


def _transcription(folder: Path) -> list[Step]:
    """Return the rung of the records; none where nothing was recorded."""
    records = transcription.records(folder)
    wrong = transcription.contradictions(
        folder, data.descriptor(folder).get("source_documents", {})
    )
    summary = f"原文と突き合わせた記録{len(records)}点を、今の表と照合しました。"
    errors = tuple(f"E0-TRANSCRIPTION {one}" for one in wrong)
    return [Step("転記の記録", summary, errors)] if records else []


def _signed(folder: Path) -> Step:
    """Return the rung of what only the publisher can say: it stops nothing, pages leave out what is empty."""
    name = "発行者"
    try:
        empty = publisher.load(folder).open
    except ValueError as error:
        return Step(name, "読み取れません。", (str(error),))
    if not empty:
        return Step(name, f"{publisher.FILE} はすべて記入されています。")
    return Step(
        name,
        f"公開前に決めることが{len(empty)}つあります。{publisher.FILE} に書いてください: "
        f"{'、'.join(empty)}。",
    )
