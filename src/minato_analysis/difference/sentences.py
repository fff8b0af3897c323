"""Block 1, the words: key sentences that no longer hold, and verdicts of statements that changed.

In: two editions with their ``data/sentences.yaml`` and ``statements.json``. Out: :class:`Sentence` and
the verdicts that changed. Every sentence of the first edition is held against the numbers of the second;
what the build of the second edition enforces is that its own sentences hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from minato_analysis.claims.errors import StatementError
from minato_analysis.claims.sentences import load_sentences
from minato_analysis.claims.series import World
from minato_analysis.claims.wordings import Sentence as Tested
from minato_analysis.claims.wordings import Wording, holding, judge
from minato_analysis.difference.side import Side, needs_met
from minato_analysis.numbers.facts import FactError
from minato_analysis.published import page
from minato_analysis.published.errors import DifferenceError
from minato_analysis.reporting import prose
from minato_analysis.reporting.errors import ReportError

_TITLE = re.compile(
    r'<figure id="([^"]+)"[^>]*>\s*<figcaption>\s*<span class="figure-title">(.*?)</span>\s*\n',
    re.S,
)

Fate = Literal["false", "untestable", "reworded", "dropped", "new"]

FATES: dict[Fate, str] = {
    "false": "成り立たなくなった文",
    "untestable": "新しい数値では確かめられない文",
    "dropped": "なくなった文",
    "reworded": "書き直された文",
    "new": "新しい文",
}


@dataclass(frozen=True)
class Sentence:
    """One key sentence that is not the same in both editions.

    Attributes
    ----------
    id, page : str
    fate : str
        Key of :data:`FATES`.
    old, new : str
        The sentence as each edition prints it; empty where it has none.
    why : str
        The new numbers the old sentence was held against; for a false or untestable one.
    """

    id: str
    page: str
    fate: Fate
    old: str
    new: str
    why: str = ""


@dataclass(frozen=True)
class Sentences:
    """All sentences that changed, and how many say the same with other numbers, or exactly the same."""

    changed: tuple[Sentence, ...]
    other_numbers: int
    unchanged: int


def compared(before: Side, after: Side) -> Sentences:
    """Return what became of every key sentence.

    Of a sentence with several wordings that one counts which is true of its edition's numbers.

    Raises
    ------
    DifferenceError
        ``E7-SENTENCES``: a file of sentences that cannot be read.
    """
    old, new = (_Told(one) for one in (before, after))
    world = World(rows=after.rows, named=old.series, facts=after.facts, names=after.names)
    found: list[Sentence] = []
    same = numbers = 0
    for id, one in old.items.items():
        was, text = old.standing(one)
        now = new.standing(new.items[id])[1] if id in new.items else ""
        judged = judge(was, world)
        fate: Fate | None = None
        if judged.holds is not True:
            fate = "false" if judged.holds is False else "untestable"
        elif id not in new.items:
            fate = "dropped"
        elif text != now and new.standing(new.items[id])[0].text != was.text:
            fate = "reworded"
        if fate is not None:
            why = judged.why if fate in ("false", "untestable") else ""
            found.append(Sentence(id, one.page, fate, text, now, why))
        same += fate is None and text == now
        numbers += fate is None and text != now
    found += [
        Sentence(id, one.page, "new", "", new.standing(one)[1])
        for id, one in new.items.items()
        if id not in old.items
    ]
    order = {fate: place for place, fate in enumerate(FATES)}
    return Sentences(tuple(sorted(found, key=lambda one: order[one.fate])), numbers, same)


class _Told:
    """The key sentences one edition prints."""

    def __init__(self, side: Side) -> None:
        try:
            every = load_sentences(side.root)
        except (StatementError, OSError, KeyError, TypeError) as error:
            raise DifferenceError(
                f"E7-SENTENCES data/sentences.yaml: 読めません（{error}）。"
            ) from None
        there = needs_met(side)
        self._side = side
        self._world = World(rows=side.rows, named=every.series, facts=side.facts, names=side.names)
        self._read: dict[str, dict[str, str]] = {}
        self.series = every.series
        self.items = {one.id: one for one in every.items if there.issuperset(one.needs)}

    def standing(self, one: Tested) -> tuple[Wording, str]:
        """Return the wording that is true of the edition's numbers, and its text as printed."""
        wording = holding(one, self._world).wording
        if one.figure:
            title = self._titles(one.page).get(one.figure)
            if title is not None:
                return wording, title
        # Open words stand as <word>; what fills them is known on the page only.
        text = re.sub(r"<\w+>", "…", wording.text)
        try:
            book, names = self._side.book, self._side.names
            return wording, prose.resolve(text, book, names, text=True, place=one.id)
        except (FactError, ReportError):
            return wording, text

    def _titles(self, name: str) -> dict[str, str]:
        """Return the titles of the figures a page prints, by figure."""
        if name not in self._read:
            file = self._side.folder / f"{name}.html"
            html = file.read_text(encoding="utf-8") if file.is_file() else ""
            self._read[name] = {one[1]: page.text(one[2]) for one in _TITLE.finditer(html)}
        return self._read[name]
