"""The check of our own sentences: facts and executed notebooks in, what was found true out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from minato_analysis.claims import sentences
from minato_analysis.data import needs, study
from minato_analysis.numbers import facts
from minato_analysis.project import editions
from minato_analysis.reporting import prose
from minato_analysis.reporting.asking import asking


def told(root: Path, name: str, all_facts: Path, executed: Sequence[Path]) -> str:
    """Return the list of the sentences of an edition that are true.

    Raises
    ------
    StatementError
        ``E4-SENTENCE``: a sentence is not true, or cannot be checked.
    """
    edition = editions.load(root, name)
    book = facts.loads(all_facts.read_text(encoding="utf-8"))
    names = study.names(root, edition) | asking(root, edition.parameters())
    there = needs.met(root, edition.parameters())

    def render(text: str) -> str:
        return prose.resolve(text, book, names, text=True)

    return sentences.verify_sentences(root, book.facts, names, executed, render=render, there=there)
