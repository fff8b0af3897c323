"""Our own sentences: titles and key messages of pages, held against the recorded facts.

``data/sentences.yaml``::

    series: {name: operand}        # see operands.py; over facts, e.g. {facts: "{area}.share.*"}
    sentences:
    - id: S001
      page: 02_reoffender_trends
      figure: persons-and-share    # where the sentence is a figure's title
      needs: ["2-10"]              # what the data must have for it; see minato_analysis.data.needs
      text: as it stands in the source, references included
      test: [predicates that must all hold]
      otherwise: [{text: …, test: […]}]   # its wordings for numbers that point elsewhere
      slots: {first: [series]}     # open words, see wordings.py
    beside: what must stand beside a number, see beside.py

A page shows one of a sentence's wordings; that one must hold. A wording that is not true stops the build,
and so does a figure's title that was reworded without its predicate. A sentence whose needs the data do not
meet is told as 該当なし; if it stands on its page all the same, that too stops the build.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from minato_analysis import data
from minato_analysis.claims import beside
from minato_analysis.claims.beside import FIGURE
from minato_analysis.claims.errors import StatementError
from minato_analysis.claims.series import Spec, World
from minato_analysis.claims.wordings import Sentence, Wording, holding, judge, read, standing
from minato_analysis.data import needs
from minato_analysis.numbers.facts import Fact
from minato_analysis.numbers.remarks import MIME as REMARK
from minato_analysis.project import program, prose_cells, yamls

FILE = "data/sentences.yaml"
_REFERENCE = re.compile(r"""\{\{\s*(?:fact\(\s*["']([^"']+)["']\s*\)|(\w+))\s*\}\}""")
_FACT = re.compile(r"[\"']((?:[a-z_0-9]|\{\w+\})+(?:\.(?:[a-z_0-9]|\{\w+\})+)+)[\"']")
"""The id of a fact, in a reference or an operand."""
Shown = Mapping[str, Wording]
"""The wording a page shows, by the id of its sentence."""


@dataclass(frozen=True)
class Sentences:
    """The whole file."""

    items: tuple[Sentence, ...]
    series: Mapping[str, Spec]
    beside: tuple[beside.Rule, ...] = ()


def load_sentences(folder: Path) -> Sentences:
    """Read ``data/sentences.yaml`` below the project folder."""
    return loads(program.at(folder, FILE).read_text(encoding="utf-8"))


def loads(text: str) -> Sentences:
    """Read the text of ``sentences.yaml``.

    Raises
    ------
    StatementError
        ``E4-READ``: a missing or unknown key, an unknown word.
    """
    whole = yamls.parse(text, FILE)
    items = (read(one, f"{FILE} {one.get('id', '?')}") for one in whole["sentences"])
    return Sentences(tuple(items), whole.get("series") or {}, tuple(whole.get("beside") or ()))


def check_sentences(
    sentences: Sentences,
    facts: Mapping[str, Fact],
    names: Mapping[str, Any],
    rows: pd.DataFrame | None = None,
    shown: Shown | None = None,
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
    shown : mapping, optional
        The wording each page shows; without it any wording will do.

    Raises
    ------
    StatementError
        ``E4-SENTENCE``: one sentence for each that is not true or rests on an unknown fact.
    """
    world = World(rows=rows, named=sentences.series, facts=facts, names=names)
    told, wrong = [], []
    for one in sentences.items:
        wording = shown.get(one.id) if shown else None
        judged = judge(wording, world) if wording else holding(one, world)
        said = _shown(judged.wording.text, facts, names)
        if judged.holds:
            told.append(f"{one.place}「{said}」{judged.why}")
        elif judged.holds is None:
            wrong.append(f"E4-SENTENCE {one.place}: 確かめられません: {judged.why}")
        else:
            wrong.append(
                f"E4-SENTENCE {one.place}: 「{said}」は成り立ちません。{judged.why}。"
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


def shown_titles(
    sentences: Sentences, shown: Mapping[str, Mapping[str, str]]
) -> dict[str, Wording]:
    """Return the wording of each title on the pages.

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
    wrong, found = [], {}
    for one in sentences.items:
        if not one.figure or one.page not in shown:
            continue
        title = shown[one.page].get(one.figure)
        if title is None:
            wrong.append(f"E4-SENTENCE {one.id}: {one.page} に図「{one.figure}」がありません。")
        elif wording := standing(one, title, sentences.series):
            found[one.id] = wording
        else:
            wrong.append(
                f"E4-SENTENCE {one.id}: {one.page} の図「{one.figure}」の題は「{title}」ですが、"
                f"data/sentences.yaml では「{'」「'.join(text.text for text in one.wordings)}」です。"
                "test が今の文に合うか確かめ、text をそろえてください。"
            )
    if wrong:
        raise StatementError("\n".join(wrong))
    return found


def shown_messages(
    sentences: Sentences, prose: Mapping[str, str], render: Callable[[str], str] = str
) -> dict[str, Wording]:
    """Return the wording of each sentence that is no title, as the text of its page has it.

    Parameters
    ----------
    sentences : Sentences
    prose : mapping
        Text of each page, as `render` returns it.
    render : callable
        Returns a text with its references resolved.

    Raises
    ------
    StatementError
        ``E4-SENTENCE``: a sentence that does not stand on its page as worded in ``sentences.yaml``.
    """
    wrong, found = [], {}
    for one in sentences.items:
        if one.figure or one.page not in prose:
            continue
        wording = _message(one, prose[one.page], render)
        if wording:
            found[one.id] = wording
        else:
            wrong.append(
                f"E4-SENTENCE {one.id}: 「{one.text}」が {one.page} の本文にありません。"
                "test が今の文に合うか確かめ、data/sentences.yaml の text をそろえてください。"
            )
    if wrong:
        raise StatementError("\n".join(wrong))
    return found


def verify_sentences(
    folder: Path,
    facts: Mapping[str, Fact],
    names: Mapping[str, Any],
    executed: Iterable[Path],
    *,
    render: Callable[[str], str] = str,
    there: Collection[str] = tuple(needs.NEEDS),
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
    render : callable
        Returns a text with its references resolved, so that of several wordings the one a reader sees counts.
    there : collection of str
        Ids of the needs the data meet (see :func:`minato_analysis.data.needs.met`).

    Raises
    ------
    StatementError
        ``E4-SENTENCE``: see :func:`check_sentences`, :func:`shown_titles`, :func:`shown_messages`; or a
        sentence on its page although what it needs is not there. ``E4-BESIDE``: see :mod:`.beside`.
    """
    every = load_sentences(folder)
    lacking = {one.id: [id for id in one.needs if id not in there] for one in every.items}
    notebooks = {one.stem: json.loads(one.read_text(encoding="utf-8")) for one in executed}
    unknown = [one for one in every.items if not lacking[one.id] and _unknown(one, facts, names)]
    unknown += [one for one in every.items if one.figure in _replaced(notebooks.get(one.page, {}))]
    kept = tuple(one for one in every.items if not lacking[one.id] and one not in unknown)
    sentences = Sentences(kept, every.series)
    on_pages = {name: titles(one) for name, one in notebooks.items()}
    prose = {name: render(_prose(one)) for name, one in notebooks.items()}
    wrong = [
        f"E4-SENTENCE {one.place}: 必要な資料（{'、'.join(lacking[one.id])}）がないのに、ページにあります。"
        "ノートブックのセルの needs を確かめてください。"
        for one in every.items
        if lacking[one.id] and _stands(one, on_pages, prose, render)
    ]
    for name, one in notebooks.items():
        wrong += beside.alone(every.beside, name, one)
    if wrong:
        raise StatementError("\n".join(wrong))
    shown = shown_titles(sentences, on_pages) | shown_messages(sentences, prose, render)
    told = check_sentences(sentences, facts, names, data.observations(folder), shown)
    lines = [f"成立 {one}" for one in told]
    lines += [
        f"該当なし {one.place} {'、'.join(needs.known(id).ja for id in lacking[one.id])}がありません"
        for one in every.items
        if lacking[one.id]
    ]
    lines += [f"未公表 {one.place} 必要な値が公表されていません" for one in unknown]
    lines += [f"述語なし {one}" for one in uncovered(every, on_pages)]
    return "".join(f"{line}\n" for line in lines)


def uncovered(sentences: Sentences, shown: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return the titles on the pages that no sentence speaks of."""
    covered = {(one.page, one.figure) for one in sentences.items}
    return [
        f"{page} 図 {figure}「{title}」"
        for page, figures in shown.items()
        for figure, title in figures.items()
        if (page, figure) not in covered
    ]


def _unknown(one: Sentence, facts: Mapping[str, Fact], names: Mapping[str, Any]) -> bool:
    """Return whether a sentence, in any of its wordings, rests on a number that is not known.

    What stands on the page is then no statement: it says that the number is not there.
    """
    texts = [*(wording.text for wording in one.wordings), *(str(w.test) for w in one.wordings)]
    ids = {id for text in texts for id in _FACT.findall(text)}
    return any(
        not fact.known for id in ids if (fact := facts.get(id.format_map(names))) is not None
    )


def _replaced(notebook: Mapping[str, Any]) -> set[str]:
    """Return the ids of the figures in whose place a remark stands."""
    return {
        remark["id"]
        for cell in notebook.get("cells", ())
        for output in cell.get("outputs", ())
        if (remark := output.get("data", {}).get(REMARK))
    }


def _stands(
    one: Sentence,
    on_pages: Mapping[str, Mapping[str, str]],
    prose: Mapping[str, str],
    render: Callable[[str], str],
) -> bool:
    if one.figure:
        return one.figure in on_pages.get(one.page, {})
    return _message(one, prose.get(one.page, ""), render) is not None


def _message(one: Sentence, prose: str, render: Callable[[str], str]) -> Wording | None:
    for wording in one.wordings:
        try:
            words = render(wording.text)
        except (
            ValueError
        ):  # a fact of this wording is not recorded: it is not the one that stands there
            continue
        if words in prose:
            return wording
    return None


def _prose(notebook: Mapping[str, Any]) -> str:
    return "\n\n".join(text for text in map(prose_cells.prose, notebook["cells"]) if text)


def _shown(text: str, facts: Mapping[str, Fact], names: Mapping[str, Any]) -> str:
    def value(match: re.Match[str]) -> str:
        if match[2]:
            return str(names.get(match[2], match[0]))
        fact = facts.get(match[1].format_map(names))
        return fact.display if fact else match[0]

    return _REFERENCE.sub(value, text)
