"""A sentence of our own with its wordings: one for each way the numbers may point.

In: an entry of ``data/sentences.yaml``. Out: :class:`Sentence`; which of its wordings stands in a text, and
whether that wording holds.

A wording may leave words open. ``どの年も<first>が最も多い`` with ``slots: {first: [violent, larceny]}``
stands for the sentence with the label of any of these series, and ``<first>`` in its test for that series;
``<others>`` in a list of its test stands for the series of the slots that the sentence does not name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import permutations
from typing import Any

from minato_analysis.claims.call import Call, calls, hold
from minato_analysis.claims.errors import NotPublished, StatementError
from minato_analysis.claims.series import Spec, World
from minato_analysis.numbers.facts import FactError

OTHERS = "<others>"
_SLOT = re.compile(r"<(\w+)>")


@dataclass(frozen=True)
class Wording:
    """One way to say a sentence, with the predicates that make it true."""

    text: str
    test: tuple[Call, ...]


@dataclass(frozen=True)
class Sentence:
    """One sentence of a page: a figure's title, or words of its text.

    Attributes
    ----------
    text, test
        Its usual wording.
    needs : tuple of str
        What the data must have for the sentence to be on the page (:mod:`minato_analysis.data.needs`).
    slots : mapping
        Open words to the names of the series whose labels may stand there.
    otherwise : tuple of Wording
        Its wordings for numbers that point elsewhere.
    """

    id: str
    page: str
    text: str
    test: tuple[Call, ...]
    figure: str = ""
    needs: tuple[str, ...] = ()
    slots: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    otherwise: tuple[Wording, ...] = ()

    @property
    def place(self) -> str:
        """「S001（page 図 figure）」, for a reader."""
        return f"{self.id}（{self.page}{f' 図 {self.figure}' if self.figure else ''}）"

    @property
    def wordings(self) -> tuple[Wording, ...]:
        """All wordings, the usual one first."""
        return (Wording(self.text, self.test), *self.otherwise)


@dataclass(frozen=True)
class Judged:
    """A wording held against the numbers.

    Attributes
    ----------
    holds : bool or None
        None: it cannot be said.
    why : str
        The numbers it rests on, or why it cannot be said.
    """

    wording: Wording
    holds: bool | None
    why: str


def read(one: Mapping[str, Any], where: str) -> Sentence:
    """Read one entry.

    Raises
    ------
    StatementError
        ``E4-READ``: a missing or unknown key, an unknown word.
    """
    made = dict(one)
    try:
        made["test"] = calls(made["test"], where)
        made["needs"] = tuple(made.get("needs", ()))
        made["slots"] = {name: tuple(names) for name, names in made.get("slots", {}).items()}
        made["otherwise"] = tuple(
            Wording(text=other["text"], test=calls(other["test"], where))
            for other in made.get("otherwise", ())
        )
        return Sentence(**made)
    except (AttributeError, KeyError, TypeError) as error:
        raise StatementError(f"E4-READ {where}: {error}") from None


def judge(wording: Wording, world: World) -> Judged:
    """Hold one wording against the numbers."""
    try:
        holds, findings = hold(wording.test, world)
    except (StatementError, NotPublished, FactError, KeyError) as error:
        return Judged(wording, None, str(error))
    return Judged(wording, holds, "。".join(found.said for found in findings.values()))


def holding(one: Sentence, world: World) -> Judged:
    """Return the first wording of a sentence that holds, else its usual one with the reason."""
    first: Judged | None = None
    for wording in one.wordings:
        for bound in _every(one, wording):
            judged = judge(bound, world)
            if judged.holds:
                return judged
            first = first or judged
    assert first is not None
    return first


def standing(one: Sentence, text: str, named: Mapping[str, Spec]) -> Wording | None:
    """Return the wording a text is, its open words filled; None where it is none of them.

    Parameters
    ----------
    one : Sentence
    text : str
        A whole title, references unresolved.
    named : mapping
        The series by name, with their labels.
    """
    for wording in one.wordings:
        open_words = _SLOT.findall(wording.text)
        shape = re.escape(wording.text)
        for name in open_words:
            shape = shape.replace(re.escape(f"<{name}>"), f"(?P<{name}>[^{{}}]+?)")
        if not (match := re.fullmatch(shape, text)):
            continue
        labels = {
            name: {str(named[id]["label"]): id for id in one.slots[name]} for name in open_words
        }
        if all(match[name] in labels[name] for name in open_words):
            taken = {name: labels[name][match[name]] for name in open_words}
            return _filled(one, wording, taken, text)
    return None


def _every(one: Sentence, wording: Wording) -> Iterator[Wording]:
    """Yield a wording with its open words filled in every way."""
    open_words = _SLOT.findall(wording.text)
    if not open_words:
        yield wording
        return
    choices = dict.fromkeys(id for name in open_words for id in one.slots[name])
    for ids in permutations(choices, len(open_words)):
        taken = dict(zip(open_words, ids, strict=True))
        if all(id in one.slots[name] for name, id in taken.items()):
            yield _filled(one, wording, taken, wording.text)


def _filled(one: Sentence, wording: Wording, taken: Mapping[str, str], text: str) -> Wording:
    every = dict.fromkeys(id for ids in one.slots.values() for id in ids)
    others = [id for id in every if id not in taken.values()]
    test = tuple(
        replace(call, arguments=_put(call.arguments, taken, others)) for call in wording.test
    )
    return Wording(text, test)


def _put(value: Any, taken: Mapping[str, str], others: list[str]) -> Any:
    """Return an argument with its open words filled; a part of a list with `OTHERS` is repeated."""
    if isinstance(value, Mapping):
        return {name: _put(part, taken, others) for name, part in value.items()}
    if isinstance(value, list):
        return [
            _put(part, {**taken, **more}, others)
            for part in value
            for more in ([{"others": id} for id in others] if OTHERS in str(part) else [{}])
        ]
    if isinstance(value, str) and (slot := _SLOT.fullmatch(value)):
        return taken.get(slot[1], value)
    return value
