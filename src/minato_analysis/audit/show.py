"""A verdict for people (Japanese, with stable English codes) and for machines (JSON)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from minato_analysis.published import words
from minato_analysis.published.verdict import Finding, Verdict

MOST = 12
"""Findings listed before the rest is only counted."""

IDENTITY = {
    "commit": "コミット",
    "date": "版の日付",
    "source": "公表表と宣言",
    "parameters": "パラメータ",
    "code": "計算の手順",
    "environment": "ライブラリの版",
    "product": "公表物",
    "manifest": "版の記録",
    "checker": "確かめたプログラム",
}
WHOLE = ("commit", "date", "checker")
"""Of the identity, what is not a hash to be cut short."""


def text(verdict: Verdict) -> str:
    """Return the verdict as the command prints it."""
    lines = [
        words.headline(verdict),
        f"版     {verdict.edition}",
        f"方法   {words.MODES[verdict.mode]}",
    ]
    if verdict.first is not None:
        lines += ["", *_first(verdict, verdict.first)]
    lines += _compared(verdict)
    others = [one for one in verdict.findings if one is not verdict.first]
    lines += _section(
        "ほかに分かったこと", _listed(one for one in others if one.severity != "note")
    )
    lines += _section("注", _listed(one for one in others if one.severity == "note"))
    lines += _section("同一性（SHA-256の先頭）", _identity(verdict))
    lines += _section("確かめた環境", _environment(verdict))
    lines += _section(
        "この判定が確かめていないこと", (f"- {one}" for one in words.unchecked(verdict))
    )
    lines += _section("次のコマンド", words.next_commands(verdict))
    return "\n".join(lines)


def _first(verdict: Verdict, first: Finding) -> list[str]:
    stage = words.STAGES[first.stage]
    title = "最初に食い違った段階" if verdict.exit_code == 1 else "止まった所"
    lines = [f"{title}: {stage} [{first.stage}]", *_finding(first)]
    reach = verdict.reach
    nothing = not (reach.facts or reach.figures or reach.sentences or reach.pages)
    if verdict.exit_code == 1 and nothing and first.stage in words.WRITTEN:
        lines += ["", f"影響の範囲: {words.UNKNOWN_REACH[verdict.mode]}"]
    elif verdict.exit_code == 1:
        lines += [
            "",
            f"影響の範囲: 数値{len(reach.facts)}、図{len(reach.figures)}、文{reach.sentences}、"
            f"ページ{len(reach.pages)}",
        ]
        for title, names in (("数値", reach.facts), ("図", reach.figures), ("ページ", reach.pages)):
            if names:
                lines.append(f"  {title}: {_some(names)}")
    lines += ["", "考えられる原因", *(f"  - {one}" for one in words.causes(first.code))]
    return lines


def _some(names: tuple[str, ...], most: int = 5) -> str:
    rest = len(names) - most
    return "、".join(names[:most]) + (f" ほか{rest}" if rest > 0 else "")


def _finding(one: Finding) -> list[str]:
    lines = [f"  {one.code} {one.place}", f"      {one.message}"]
    if one.published or one.recomputed:
        before, now = one.published or "（なし）", one.recomputed or "（なし）"
        names = ("公表", "作り直し") if one.level else ("記録", "今")
        lines.append(f"      {names[0]}: {before}  /  {names[1]}: {now}")
    return lines


def _listed(findings: Iterable[Finding]) -> list[str]:
    found = list(findings)
    lines = [line for one in found[:MOST] for line in _finding(one)]
    if len(found) > MOST:
        lines.append(f"  ほか{len(found) - MOST}件（--json ですべて見られます）")
    return lines


def _compared(verdict: Verdict) -> list[str]:
    if not verdict.levels:
        return ["", f"照合したファイル {verdict.files}"] if verdict.files else []
    lines = ["", "水準ごとの照合（一致／許容内／不一致）"]
    for level, count in verdict.levels.items():
        numbers = f"{count.identical}／{count.within}／{count.different}"
        lines.append(f"  {level} {words.LEVELS[level]}: {numbers}")
    return lines


def _identity(verdict: Verdict) -> list[str]:
    return [
        f"  {name}: {value if key in WHOLE else value[:16]}"
        for key, name in IDENTITY.items()
        if (value := verdict.identity.get(key))
    ]


def _environment(verdict: Verdict) -> list[str]:
    if not verdict.environment:
        return []
    about = verdict.environment
    versions = "、".join(f"{name} {number}" for name, number in about["versions"].items())
    lines = [
        f"  Python {about['python']}、{about['platform']}",
        f"  {about['processor']}、BLAS {about['blas']}",
        f"  {versions}",
        f"  作り直しの囲い: {words.ENCLOSED[about['enclosed']]}",
    ]
    if about["variables"]:
        lines.append("  " + "、".join(f"{name}={one}" for name, one in about["variables"].items()))
    if about["not_as_locked"]:
        different = "、".join(f"{name} {one}" for name, one in about["not_as_locked"].items())
        lines.append(f"  requirements.lock と違う版（実際 ≠ 指定）: {different}")
    return lines


def _section(title: str, lines: Iterable[str]) -> list[str]:
    found = list(lines)
    indented = [line if line.startswith("  ") else f"  {line}" for line in found]
    return ["", title, *indented] if found else []


def as_json(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict as data; codes and keys are stable."""
    first = verdict.first
    return {
        "verdict": words.KEYS[verdict.exit_code],
        "exit_code": verdict.exit_code,
        "alike": list(verdict.alike),
        "edition": verdict.edition,
        "mode": verdict.mode,
        "first_diverging_stage": first.stage if first else None,
        "first_finding": asdict(first) if first else None,
        "levels": {
            name: {**asdict(one), "compared": one.compared} for name, one in verdict.levels.items()
        },
        "files": verdict.files,
        "reach": asdict(verdict.reach),
        "causes": list(words.causes(first.code)) if first else [],
        "next": words.next_commands(verdict),
        "findings": [asdict(one) for one in verdict.findings],
        "identity": dict(verdict.identity),
        "environment": dict(verdict.environment),
        "not_checked": words.unchecked(verdict),
    }


def json_text(value: Any) -> str:
    """Return data as JSON text."""
    return json.dumps(value, ensure_ascii=False, indent=1)
