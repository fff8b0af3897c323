"""Numbers as a page for lay readers prints them: no count below ten persons, no chance of 0 or 100 %.

In: the facts of an edition. Out: the same facts; those whose print the rule of small numbers refuses, or that
would sound certain though they are not, print a limit instead, in the text and in the markup alike.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, fields

from minato_analysis.numbers.facts import FEW_PERSONS, Fact, FactBook

FEW = f"{FEW_PERSONS}人未満"
NEARLY_ALL = "99%超"
NEARLY_NONE = "1%未満"
IN_ENGLISH = {
    FEW: f"fewer than {FEW_PERSONS} persons",
    NEARLY_ALL: "over 99%",
    NEARLY_NONE: "under 1%",
}
"""The limits, and how an English page prints them."""


@dataclass(frozen=True)
class Limit(Fact):
    """A fact that prints a limit; its value is not in the markup either."""

    def __html__(self) -> str:
        shown = html.escape(self.display)
        return f'<span class="fact" data-fact="{html.escape(self.id)}">{shown}</span>'


def lay(book: FactBook) -> FactBook:
    """Return the facts as a lay page prints them.

    Examples
    --------
    >>> book = FactBook("n")
    >>> _ = book.record("a.few", 7, unit="persons", digits=0, from_="s/t!r!c", formula="printed")
    >>> _ = book.record("a.chance", 99.99, unit="percent", digits=0, from_="s/t!r!c", formula="p")
    >>> _ = book.record("a.many", 70, unit="persons", digits=0, from_="s/t!r!c", formula="printed")
    >>> [fact.display for fact in lay(book)]
    ['10人未満', '99%超', '70人']
    """
    return FactBook(
        book.notebook, {id: _limited(one) for id, one in book.facts.items()}, book.known
    )


def _limited(fact: Fact) -> Fact:
    if fact.unit == "persons" and 0 < fact.value < FEW_PERSONS:
        return _limit(fact, FEW)
    if fact.unit == "percent" and fact.display == "100%" and fact.value < 100:
        return _limit(fact, NEARLY_ALL)
    if fact.unit == "percent" and fact.display == "0%" and fact.value > 0:
        return _limit(fact, NEARLY_NONE)
    return fact


def _limit(fact: Fact, display: str) -> Limit:
    values = {one.name: getattr(fact, one.name) for one in fields(Fact)}
    return Limit(**values | {"display": display})
