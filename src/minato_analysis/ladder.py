"""The ladder of checks: format, identities, plausibility, in this order.

In: a project folder. Out: one :class:`Step` for each rung, with the sentences that stop the build and the
warnings whose reason is recorded. ``minato check`` prints them. A rung that cannot be reached, because a
table could not be read, is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from minato_analysis import checks, data, plausibility, revisions

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
    """Check the published tables of a project folder.

    A table that cannot be read ends the climb: nothing can be said of its numbers.
    """
    try:
        printed = data.read_published(folder)
    except ValueError as error:
        return [Step("形式", "読み取れない値があります。ここで止めました。", (str(error),))]
    rows = revisions.current(data.frame(printed))
    tables = {(one.source_id, one.table) for one in printed}
    identities, known = checks.load(folder)
    files = data.files(folder)
    return [
        Step("形式", f"{len(tables)}の表から{len(printed)}の値を読み取りました。"),
        _identities(rows, identities, known, files),
        _plausibility(rows, plausibility.load(folder), known, files),
    ]


def _identities(rows: pd.DataFrame, identities: Known, known: Known, files: Files) -> Step:
    name = "恒等式"
    try:
        results = checks.evaluate(rows, identities, known)
    except ValueError as error:
        return Step(name, "確かめられませんでした。", (str(error),))
    broken = [one for one in results if not one.holds]
    return Step(
        name,
        f"{len(results)}通りを照合し、{len(results) - len(broken)}通りが成り立ちました。",
        tuple(checks.sentence(one, results, files) for one in broken if not one.known),
        tuple(
            f"{one.identity} {one.title}: {one.left} ≠ {one.right}（理由: {one.reason}）"
            for one in broken
            if one.known
        ),
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
