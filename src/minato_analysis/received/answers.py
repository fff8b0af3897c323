"""The answers a person gives where a received table is unclear: ``mapping.yaml`` beside the draft.

In: the YAML text, or the mapping it holds. Out: :class:`Answers`, or a
:class:`~minato_analysis.received.errors.ReceivedError` that names the entry. The file::

    tables:                       # received table (its cell, its title or its sheet) → our 図表 or none
      "Sheet1!A1": "2-10"
    labels:                       # our 図表 → received label → what becomes of it
      "2-10":
        再犯者: {to: 再犯者数, kind: exact, reason: 名称の変更}
        不詳: {kind: none, reason: この年からの新しい区分}
        その他: {to: その他の刑法犯, kind: partial, reason: 範囲が広がった}
    absent:                       # our 図表 → our label or year that is not in the file → why
      "3-2":
        北警察署: 今回の提供に含まれない          # the cell becomes … (not available)
        南警察署: {as: x, reason: 少数のため秘匿}  # or the sign that is given
    cells:                        # received cell → what it means, looked up in the original
      "Sheet1!B4": {value: "52", reason: 原本では52に注の印1}
    words:                        # line around a table → why it has no bearing on the table
      注 新方式による。: 集計の機械が変わっただけ（提供元の回答）
    laws:                         # change of law in data/breaks.yaml → what the document counts after it
      cannabis-law-2024: {kind: exact, reason: 提供元の回答（2028年3月1日）}

Only ``exact`` values are taken over. ``partial`` and ``none`` are listed and left out: the cell becomes …. A
label may be named by its cell, too. Every scalar is text, anchors and repeated keys are refused, and nothing
in the file can become code.

Codes: ``E6-ANSWER-SIZE``, ``E6-ANSWER-YAML``, ``E6-ANSWER``.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal, cast

import yaml

from minato_analysis.cleaning.errors import CleaningError
from minato_analysis.cleaning.numbers import parse_number
from minato_analysis.cleaning.text import label
from minato_analysis.data.categories import ANSWERED
from minato_analysis.received.errors import ReceivedError
from minato_analysis.received.refusal import ANSWERS, LONGEST_LABEL

Kind = Literal["exact", "partial", "none"]
KINDS: Final = ("exact", "partial", "none")
PARTS: Final = ("tables", "labels", "absent", "cells", "words", "laws")
NOT_THERE: Final = "…"
"""What a draft says where an answer leaves a value out."""
Laws = Mapping[str, Mapping[str, str]]
"""Change of law to ``{"kind": …, "reason": …}``, as the descriptor keeps it."""
LARGEST: Final = 100_000
"""Bytes of an answer file."""
_DEPTH: Final = 4


@dataclass(frozen=True)
class Answer:
    """What becomes of one received label: our label, how much of it is the same, and why."""

    kind: Kind
    to: str
    reason: str


@dataclass(frozen=True)
class Answers:
    """All answers; labels in the form for comparing."""

    tables: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, Answer]] = field(default_factory=dict)
    absent: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    signs: Mapping[tuple[str, str], str] = field(default_factory=dict)
    cells: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    laws: Laws = field(default_factory=dict)

    def after(self, before: Answers) -> Answers:
        """Return these answers, and the earlier ones about words and labels that none of these settles."""
        labels = {
            figure: {**before.labels.get(figure, {}), **self.labels.get(figure, {})}
            for figure in {**before.labels, **self.labels}
        }
        return replace(self, labels=labels, words={**before.words, **self.words})


def read_answers(file: Path) -> dict[str, Any]:
    """Return the content of an answer file; every scalar is text.

    Raises
    ------
    ReceivedError
        ``E6-ANSWER-SIZE``, ``E6-ANSWER-YAML``.
    """
    found = file.stat().st_size
    if found > LARGEST:
        raise ReceivedError(
            "E6-ANSWER-SIZE",
            file.name,
            f"大きさが{found:,}バイトで、上限の{LARGEST:,}バイトを超えるため読みません。"
            "まず別のファイルでないかを確かめ、答えだけを書いてください。",
        )
    try:
        return loads(file.read_text(encoding="utf-8-sig"), file.name)
    except UnicodeDecodeError:
        raise _not_yaml(file.name, "文字コードがUTF-8ではありません") from None


def loads(text: str, name: str = ANSWERS) -> dict[str, Any]:
    """Return the mapping a YAML text holds, built of texts and mappings only.

    Raises
    ------
    ReceivedError
        ``E6-ANSWER-YAML``.

    Examples
    --------
    >>> loads("tables: {Sheet1: 2-10}")
    {'tables': {'Sheet1': '2-10'}}
    """
    try:
        # Looked at as events first: aliases must not be followed, deep nesting not recursed into.
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            depth += isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent)
            depth -= isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent)
            if isinstance(event, yaml.AliasEvent) or depth > _DEPTH:
                raise _not_yaml(name, f"アンカー（&、*）か{_DEPTH}段を超える入れ子があります")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    # Besides its own errors, the scanner raises ValueError and IndexError over some damaged texts.
    except (yaml.YAMLError, ValueError, IndexError, RecursionError) as error:
        if isinstance(error, ReceivedError):
            raise
        mark = getattr(error, "problem_mark", None)
        where = f"{mark.line + 1}行目が" if mark else ""
        raise _not_yaml(name, f"{where}YAMLの形になっていません") from None
    if node is None:
        return {}
    if not isinstance(node, yaml.MappingNode):
        raise _not_yaml(name, "「名前: 値」の形になっていません")
    return cast(dict[str, Any], _plain(node, name))


def checked(values: Mapping[str, Any] | None, name: str = ANSWERS) -> Answers:
    """Return the answers of a mapping.

    Raises
    ------
    ReceivedError
        ``E6-ANSWER``: an unknown name, a kind that is none of the three, or an answer without a reason.
    """
    values = dict(values or {})
    for key in values:
        if key not in PARTS:
            raise _wrong(name, str(key), f"使える名前は {'、'.join(PARTS)} の{len(PARTS)}つです")
    tables = {label(str(key)): str(one) for key, one in _mapping(values, "tables", name).items()}
    labels = {
        figure: {label(old): _answer(one, f"{figure} {old}", name) for old, one in entries.items()}
        for figure, entries in _nested(values, "labels", name).items()
    }
    left_out = {
        (figure, label(ours)): _left_out(why, f"{figure} {ours}", name)
        for figure, entries in _nested(values, "absent", name).items()
        for ours, why in entries.items()
    }
    absent: dict[str, dict[str, str]] = {}
    for (figure, ours), (_, why) in left_out.items():
        absent.setdefault(figure, {})[ours] = why
    signs = {key: sign for key, (sign, _) in left_out.items()}
    cells = {
        label(place): _pair(one, "value", f"cells {place}", name)
        for place, one in _mapping(values, "cells", name).items()
    }
    words = {
        label(line): _reason(why, f"words {line}", name)
        for line, why in _mapping(values, "words", name).items()
    }
    laws: dict[str, dict[str, str]] = {}
    for change, one in _mapping(values, "laws", name).items():
        kind, why = _pair(one, "kind", f"laws {change}", name)
        if kind not in ANSWERED:
            raise _wrong(name, f"laws {change}", f"kind は {'、'.join(ANSWERED)} のどちらかです")
        laws[change] = {"kind": kind, "reason": why}
    return Answers(tables, labels, absent, signs, cells, words, laws)


def _left_out(value: Any, place: str, name: str) -> tuple[str, str]:
    """Return the sign a value that is not there gets, and why."""
    if isinstance(value, str):
        return NOT_THERE, _reason(value, place, name)
    sign, why = _pair(value, "as", place, name)
    with suppress(CleaningError):
        if all(one.value is None for one in parse_number(sign).values):
            return sign, why
    raise _wrong(name, place, "as は公表されない値の印（x、…、-）のどれかです")


def _pair(value: Any, key: str, place: str, name: str) -> tuple[str, str]:
    if not isinstance(value, Mapping) or set(value) != {key, "reason"}:
        raise _wrong(name, place, f"{{{key}: …, reason: …}} の形で書いてください")
    return str(value[key]), _reason(value["reason"], place, name)


def _answer(value: Any, place: str, name: str) -> Answer:
    if not isinstance(value, Mapping) or not set(value) <= {"to", "kind", "reason"}:
        raise _wrong(name, place, "{to: …, kind: …, reason: …} の形で書いてください")
    kind, to = str(value.get("kind", "")), str(value.get("to", ""))
    if kind not in KINDS:
        raise _wrong(name, place, f"kind は {'、'.join(KINDS)} のどれかです（「{kind[:40]}」）")
    if (kind == "none") == bool(to):
        wanted = (
            "kind が none なら to は書きません" if to else "kind が none でなければ to が要ります"
        )
        raise _wrong(name, place, wanted)
    return Answer(cast(Kind, kind), label(to), _reason(value.get("reason"), place, name))


def _reason(value: Any, place: str, name: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _wrong(name, place, "理由が空です。あとで読む人に分かる理由を書いてください")
    return value.strip()


def _nested(values: Mapping[str, Any], key: str, name: str) -> dict[str, Mapping[str, Any]]:
    found = _mapping(values, key, name)
    return {str(figure): _mapping(found, figure, name) for figure in found}


def _mapping(values: Mapping[str, Any], key: str, name: str) -> Mapping[str, Any]:
    found = values.get(key) or {}
    if not isinstance(found, Mapping):
        raise _wrong(name, key, "「名前: 値」の形で書いてください")
    for one in found:
        if not isinstance(one, str) or len(one) > LONGEST_LABEL:
            raise _wrong(name, key, f"名前は{LONGEST_LABEL}字までの文字です")
    return found


def _plain(node: yaml.Node, name: str) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(one, name) for one in node.value]
    found: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.value in found:
            line = key.start_mark.line + 1
            raise _not_yaml(name, f"{line}行目の名前が2回目か、文字ではありません")
        found[key.value] = _plain(value, name)
    return found


def _not_yaml(name: str, what: str) -> ReceivedError:
    return ReceivedError(
        "E6-ANSWER-YAML",
        name,
        f"{what}。まずその行の字下げとコロンを確かめ、答えの例のとおりに書き直してください。",
    )


def _wrong(name: str, place: str, what: str) -> ReceivedError:
    return ReceivedError(
        "E6-ANSWER",
        name,
        f"「{place[:LONGEST_LABEL]}」: {what}。まずこの項目を確かめ、答えの例のとおりに書き直してください。",
    )
