"""Our own sentences: titles and key messages of pages, held against the recorded facts.

``data/sentences.yaml``::

    series: {name: operand}        # see operands.py; over facts, e.g. {facts: "{area}.share.*"}
    sentences:
    - id: S001
      page: 02_reoffender_trends
      figure: persons-and-share    # where the sentence is a figure's title
      text: as it stands in the source, references included
      test: [predicates that must all hold]

A sentence that is not true stops the build, and so does a figure's title that was reworded without its
predicate.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from minato_analysis import data
from minato_analysis.facts import Fact, FactError
from minato_analysis.statements.call import Call, calls, hold
from minato_analysis.statements.errors import NotPublished, StatementError
from minato_analysis.statements.series import Spec, World

FILE = "data/sentences.yaml"
FIGURE = "application/vnd.minato.figure+json"
_REFERENCE = re.compile(r"""\{\{\s*(?:fact\(\s*["']([^"']+)["']\s*\)|(\w+))\s*\}\}""")


@dataclass(frozen=True)
class Sentence:
    """One sentence of a page with its predicates."""

    id: str
    page: str
    text: str
    test: tuple[Call, ...]
    figure: str = ""


@dataclass(frozen=True)
class Sentences:
    """The whole file."""

    items: tuple[Sentence, ...]
    series: Mapping[str, Spec]


def load_sentences(folder: Path) -> Sentences:
    """Read ``data/sentences.yaml`` below the project folder."""
    return loads((folder / FILE).read_text(encoding="utf-8"))


def loads(text: str) -> Sentences:
    """Read the text of ``sentences.yaml``.

    Raises
    ------
    StatementError
        ``E4-READ``: a missing or unknown key, an unknown word.
    """
    whole = yaml.safe_load(text)
    items = []
    for one in whole["sentences"]:
        where = f"{FILE} {one.get('id', '?')}"
        try:
            made = Sentence(**{**one, "test": calls(one["test"], where)})
        except (KeyError, TypeError) as error:
            raise StatementError(f"E4-READ {where}: {error}") from None
        items.append(made)
    return Sentences(tuple(items), whole.get("series") or {})


def check_sentences(
    sentences: Sentences,
    facts: Mapping[str, Fact],
    names: Mapping[str, str],
    rows: pd.DataFrame | None = None,
) -> list[str]:
    """Return one line for each sentence, with the numbers it rests on.

    Parameters
    ----------
    sentences : Sentences
    facts : mapping
        All facts of the edition by id.
    names : mapping
        Names of the edition (see ``study.names``), for ids like ``{area}.share.{last}``.
    rows : pandas.DataFrame, optional
        Observations; only sentences about definitions need them.

    Raises
    ------
    StatementError
        ``E4-SENTENCE``: one sentence for each that is not true or rests on an unknown fact.
    """
    world = World(rows=rows, named=sentences.series, facts=facts, names=names)
    told, wrong = [], []
    for one in sentences.items:
        where = f"{one.id}（{one.page}{f' 図 {one.figure}' if one.figure else ''}）"
        try:
            holds, findings = hold(one.test, world)
        except (StatementError, NotPublished, FactError, KeyError) as error:
            wrong.append(f"E4-SENTENCE {where}: 確かめられません: {error}")
            continue
        numbers = "。".join(found.said for found in findings.values())
        shown = _shown(one.text, facts, names)
        if holds:
            told.append(f"{where}「{shown}」{numbers}")
        else:
            wrong.append(
                f"E4-SENTENCE {where}: 「{shown}」は成り立ちません。{numbers}。"
                "文を数値に合わせて書き直し、data/sentences.yaml の text と test も直してください。"
            )
    if wrong:
        raise StatementError("\n".join(wrong))
    return told


def titles(notebook: Mapping[str, Any]) -> dict[str, str]:
    """Return the titles of the figures an executed notebook shows, by figure id, unresolved."""
    return {
        figure["id"]: figure["title"]
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if (figure := output.get("data", {}).get(FIGURE))
    }


def check_titles(sentences: Sentences, shown: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Hold the titles on the pages against the sentences; return the titles that have no predicate.

    Parameters
    ----------
    sentences : Sentences
    shown : mapping
        Titles by figure id, by page (see :func:`titles`).

    Raises
    ------
    StatementError
        ``E4-SENTENCE``: a title that is not worded as in ``sentences.yaml``, or a figure that is not there.
    """
    wrong = []
    covered = set()
    for one in sentences.items:
        if not one.figure or one.page not in shown:
            continue
        covered.add((one.page, one.figure))
        title = shown[one.page].get(one.figure)
        if title is None:
            wrong.append(f"E4-SENTENCE {one.id}: {one.page} に図「{one.figure}」がありません。")
        elif title != one.text:
            wrong.append(
                f"E4-SENTENCE {one.id}: {one.page} の図「{one.figure}」の題は「{title}」ですが、"
                f"data/sentences.yaml では「{one.text}」です。test が今の文に合うか確かめ、"
                "text をそろえてください。"
            )
    if wrong:
        raise StatementError("\n".join(wrong))
    return list(_uncovered(shown, covered))


def check_messages(sentences: Sentences, prose: Mapping[str, str]) -> None:
    """Hold the sentences that are not titles against the text of their pages.

    Parameters
    ----------
    sentences : Sentences
    prose : mapping
        Markdown of each page, references unresolved.

    Raises
    ------
    StatementError
        ``E4-SENTENCE``: a sentence that does not stand on its page as worded in ``sentences.yaml``.
    """
    wrong = [
        f"E4-SENTENCE {one.id}: 「{one.text}」が {one.page} の本文にありません。"
        "test が今の文に合うか確かめ、data/sentences.yaml の text をそろえてください。"
        for one in sentences.items
        if not one.figure and one.page in prose and one.text not in prose[one.page]
    ]
    if wrong:
        raise StatementError("\n".join(wrong))


def verify_sentences(
    folder: Path,
    facts: Mapping[str, Fact],
    names: Mapping[str, str],
    executed: Iterable[Path],
) -> str:
    """Check all sentences and titles of an edition; return what was checked, one line each.

    Parameters
    ----------
    folder : Path
        The project folder.
    facts, names : mapping
        See :func:`check_sentences`.
    executed : iterable of Path
        The executed notebooks.

    Raises
    ------
    StatementError
        ``E4-SENTENCE``: see :func:`check_sentences` and :func:`check_titles`.
    """
    sentences = load_sentences(folder)
    notebooks = {one.stem: json.loads(one.read_text(encoding="utf-8")) for one in executed}
    bare = check_titles(sentences, {name: titles(one) for name, one in notebooks.items()})
    check_messages(sentences, {name: _prose(one) for name, one in notebooks.items()})
    told = check_sentences(sentences, facts, names, data.observations(folder))
    lines = [f"成立 {one}" for one in told] + [f"述語なし {one}" for one in bare]
    return "".join(f"{line}\n" for line in lines)


def _prose(notebook: Mapping[str, Any]) -> str:
    return "\n".join(
        "".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"
    )


def _uncovered(
    shown: Mapping[str, Mapping[str, str]], covered: set[tuple[str, str]]
) -> Iterable[str]:
    for page, figures in shown.items():
        for figure, title in figures.items():
            if (page, figure) not in covered:
                yield f"{page} 図 {figure}「{title}」"


def _shown(text: str, facts: Mapping[str, Fact], names: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        if match[2]:
            return names.get(match[2], match[0])
        fact = facts.get(match[1].format_map(names))
        return fact.display if fact else match[0]

    return _REFERENCE.sub(value, text)
