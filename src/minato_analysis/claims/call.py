"""One line of a test in YAML to a finding: the predicate by name, its arguments resolved by their types.

``{about_half: {of: ward.share}, as: half}`` calls :func:`~.predicates.about_half`; ``as`` names the finding
for the placeholders of a wording (``{half.last}``), otherwise the predicate's own name does.
"""

from __future__ import annotations

import difflib
import inspect
import re
import typing
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from minato_analysis.claims import comparisons, document, predicates, turning
from minato_analysis.claims.errors import StatementError
from minato_analysis.claims.finding import VOCABULARY, Finding
from minato_analysis.claims.operands import resolve
from minato_analysis.claims.series import Series, World

_PLACEHOLDER = re.compile(r"\{(\w+)\.(\w+)\}")
WORDS = (predicates, comparisons, document, turning)
"""The modules of the vocabulary; importing them fills it."""


@dataclass(frozen=True)
class Call:
    """One predicate with its arguments as they stand in YAML."""

    word: str
    arguments: Mapping[str, Any]
    name: str

    def __call__(self, world: World) -> Finding:
        """Return the finding."""
        predicate = VOCABULARY[self.word]
        hints = typing.get_type_hints(predicate)
        given = {
            name: _argument(value, hints[name], world) for name, value in self.arguments.items()
        }
        if "world" in hints:
            given["world"] = world
        return predicate(**given)


def calls(test: Any, where: str) -> tuple[Call, ...]:
    """Read a test: a list of predicates that must all hold.

    Raises
    ------
    StatementError
        ``E4-READ``: an unknown word (with the nearest known one), or arguments it does not have.
    """
    if not isinstance(test, list) or not test:
        raise StatementError(
            f"E4-READ {where}: test は述語の並び（- から始まる行）で書いてください"
        )
    return tuple(_call(one, where) for one in test)


def hold(all_of: Iterable[Call], world: World) -> tuple[bool, dict[str, Finding]]:
    """Evaluate all calls; return whether all hold, and the findings by name."""
    findings: dict[str, Finding] = {}
    for call in all_of:
        if call.name in findings:
            raise StatementError(f"「{call.name}」が2つあります。as: で別の名前を付けてください")
        findings[call.name] = call(world)
    return all(one.holds for one in findings.values()), findings


def fill(text: str, findings: Mapping[str, Finding]) -> str:
    """Return `text` with ``{name.number}`` replaced by the computed number.

    Raises
    ------
    StatementError
        A name or number that was not computed.
    """

    def value(match: re.Match[str]) -> str:
        name, key = match.groups()
        if name not in findings or key not in findings[name].numbers:
            known = [f"{one}.{key}" for one, found in findings.items() for key in found.numbers]
            near = difflib.get_close_matches(f"{name}.{key}", known, n=3)
            raise StatementError(f"{match[0]} は計算されていません（近いもの: {', '.join(near)}）")
        return findings[name].numbers[key]

    return _PLACEHOLDER.sub(value, text)


def _call(one: Any, where: str) -> Call:
    if not isinstance(one, Mapping):
        raise StatementError(f"E4-READ {where}: {one!r} は述語ではありません")
    names = [name for name in one if name != "as"]
    if len(names) != 1 or names[0] not in VOCABULARY:
        near = [hit for name in names for hit in difflib.get_close_matches(name, VOCABULARY, n=2)]
        raise StatementError(
            f"E4-READ {where}: 述語「{'、'.join(names)}」はありません"
            f"（近いもの: {', '.join(near) or ', '.join(VOCABULARY)}）"
        )
    word, arguments = names[0], one[names[0]]
    accepted = inspect.signature(VOCABULARY[word])
    try:
        bound = {name: None for name in accepted.parameters if name == "world"}
        accepted.bind(**arguments, **bound)
    except TypeError as error:
        raise StatementError(f"E4-READ {where}: {word} の引数が合いません: {error}") from None
    return Call(word, arguments, one.get("as", word))


def _argument(value: Any, hint: Any, world: World) -> Any:
    if hint is Series:
        return resolve(value, world)
    if hint == Sequence[Series]:
        return [resolve(one, world) for one in value]
    return value
