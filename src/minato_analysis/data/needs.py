"""What a section of a notebook needs, and what is written where the data of an area do not have it.

A code cell says in its metadata what it cannot do without::

    "metadata": {"minato": {"needs": ["3-4"]}}                          # its section is left out without it
    "metadata": {"minato": {"needs": ["3-4"], "leaves_out": "cell"}}    # only the cell
    "metadata": {"minato": {"needs": ["2-10"], "leaves_out": "page"}}   # everything but the title

In: a notebook, the observations, the parameters of the edition. Out: the notebook to run. A cell or a page
that is left out makes way for one sentence that names what is missing; the sections of a page that are left
out share one at its end. A section is what stands below the nearest heading above the cell, up to the next
heading of any level; its heading stays where sections below it stay. Where everything is there, nothing
changes.

Prose that quotes numbers of a section which may be left out asks ``{% if has("3-4") %}``; a fact that is
not there still stops the build, so that nothing disappears unnoticed.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from minato_analysis import data
from minato_analysis.data import target_forms
from minato_analysis.project import program
from minato_analysis.project.defaults import with_parameters
from minato_analysis.project.prose_cells import LOAD, MAGIC, prose

Years = Literal["indicator", "groups", "any"]
Notebook = dict[str, Any]

TARGET = "target"
SECOND_PRINTS = "printed-elsewhere"


class NeedError(ValueError):
    """A need that nobody has heard of, or a cell that stands where it cannot be left out."""


@dataclass(frozen=True)
class Need:
    """One thing a section may need.

    Attributes
    ----------
    ja, en : str
        How a sentence names it.
    years : {"indicator", "groups", "any"}
        Years for which it must have values: those of the indicator, those with offence groups, or
        whichever there are. A series of another area may end before the indicator: its newest value is
        often not out yet.
    at_least : int
        How many years there must be.
    counted : int
        In how many of them somebody must have been counted: of nobody there is no share.
    """

    ja: str
    en: str
    years: Years = "any"
    at_least: int = 1
    counted: int = 0


TABLES: Mapping[str, Need] = {
    "2-1": Need("図表2-1（刑法犯の認知件数と検挙人員）", "table 2-1 (recorded cases and arrests)"),
    "2-4": Need("図表2-4（罪種別の検挙人員）", "table 2-4 (arrests by offence)", "groups"),
    "2-6": Need("図表2-6（薬物の法律別の検挙人員）", "table 2-6 (drug arrests)", "groups"),
    "2-8": Need("図表2-8（都道府県の初犯者と再犯者）", "table 2-8 (prefecture)", at_least=3),
    "2-10": Need(
        "図表2-10（指標の検挙人員、初犯者、再犯者）", "table 2-10 (indicator)", "indicator"
    ),
    "3-2": Need(
        "図表3-2（警察署ごとの大麻）", "table 3-2 (cannabis by police station)", "groups", counted=2
    ),
    "3-3": Need("図表3-3（年齢層別の大麻）", "table 3-3 (cannabis by age)", "groups", counted=2),
    "3-4": Need(
        "図表3-4（警察署ごとの粗暴犯）", "table 3-4 (violence by station)", "groups", counted=2
    ),
    "3-5": Need(
        "図表3-5（警察署ごとの窃盗犯）", "table 3-5 (larceny by station)", "groups", counted=2
    ),
    "3-7": Need("図表3-7（保護司の現員数と定数）", "table 3-7 (probation officers)", at_least=2),
    "3-8": Need("図表3-8（刑務所を出た人と帰住先）", "table 3-8 (leaving prison)", at_least=3),
}
"""Tables of the source that describes the area, by their number in it."""

INDICATOR = "2-10"
"""The table without which nothing can be said; it needs both of its counts in every year."""

SOURCES: Mapping[str, Need] = {
    "national-penal-code": Need("全国の刑法犯の再犯者の系列", "the national series", at_least=3),
    "national-special-law": Need("全国の特別法犯の系列", "the national special-law series"),
    "national-penal-additions": Need("全国の年齢別の検挙人員", "national arrests by age"),
    "ward-recognised": Need("区の認知件数の系列", "the area's recognised cases"),
    "recognised-by-municipality": Need(
        "区市町村の認知件数の系列", "recognised cases by municipality"
    ),
    "drug-same-law": Need("全国の同じ法律の再犯者の値", "national same-law shares"),
    "cannabis-by-age": Need("全国の大麻の年齢別の検挙人員", "national cannabis arrests by age"),
    "two-year-return": Need("全国の2年以内再入率", "the national two-year return"),
    SECOND_PRINTS: Need("ほかの資料に印刷された同じ値", "the same values printed elsewhere"),
}
"""Other sources, by their id."""

PROSE = "prose"
"""Table of the numbers that only stand in the text of the source."""

OPTIONAL = frozenset({*TABLES, *SOURCES, "national-arrests-by-group", PROSE})
"""Tables and sources the data of an area may lack, as selectors name them."""

OTHERS: Mapping[str, Need] = {
    TARGET: Need("計画の目標値", "the target of the plan"),
    "tables": Need("計画の図表", "the tables of the plan"),
    "statements": Need("点検する計画の記述", "checked statements"),
    "measures": Need("計画の取組の一覧", "the register of measures"),
    "transcription": Need("転記の記録", "the record of the transcription"),
    "specimen": Need("判定の見本", "the specimen of a verdict"),
}
NEEDS: Mapping[str, Need] = {**TABLES, **SOURCES, **OTHERS}
"""All needs, in the order in which a sentence names them."""

_SOME = "の使う年すべての値", " for all years"
_FEW = "の、人の数えられた2年以上の値", " with somebody counted in two years or more"
NOTHING: Mapping[str, tuple[str, str]] = {}

PLACES: Mapping[str, tuple[str, str]] = {
    "section": ("この節", "This section"),
    "page": ("このページ", "This page"),
    "cell": ("ここ", "What stands here"),
}
"""What may be left out, and how a sentence names it."""

_HEADING = re.compile(r"^(#{1,6})\s+\S.*$", re.M)
_NUMBERED = re.compile(r"^#+\s+(?:[\d.]+\s+)?")
_STATEMENT = re.compile(r"^ *- +\{?id:", re.M)
"""The first line of a statement: the whole file is long to read, and here only asked whether it has one."""
_FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.M | re.S)


def _checked(id: str) -> str:
    known(id)
    return id


def known(id: str) -> Need:
    """Return a need by its id.

    Raises
    ------
    NeedError
        ``E3-NEED``: there is none of this id.
    """
    if id not in NEEDS:
        raise NeedError(
            f"E3-NEED「{id}」という必要な資料はありません（ある名前: {'、'.join(NEEDS)}）。"
        )
    return NEEDS[id]


def met(root: Path, parameters: Mapping[str, Any]) -> frozenset[str]:
    """Return the ids of the needs that the data of an edition meet; see :func:`state`."""
    return state(root, parameters)[0]


def state(
    root: Path, parameters: Mapping[str, Any]
) -> tuple[frozenset[str], dict[str, tuple[str, str]]]:
    """Return the ids of the needs that the data of an edition meet, and what is lacking of those met in part.

    Parameters
    ----------
    root : Path
        The project folder; its observations have been made.
    parameters : mapping
        Parameters of the edition: source, years, date.

    Notes
    -----
    The observations are read as text: this is asked before every notebook and page, and a data frame would
    cost more than the answer.
    """
    files = (root / data.OBSERVATIONS, root / data.CLOSED)
    rows = [
        one
        for file in files
        for one in csv.DictReader(_text(file).splitlines())
        if one["value"] and one["as_of"] <= parameters["as_of"]
    ]
    source = parameters["source_id"]
    own = [one for one in rows if one["series_id"] == source]
    found = {id for id, need in TABLES.items() if _covers(_of(own, "table", id), need, parameters)}
    some = [one for one in own if float(one["value"]) > 0]
    nobody = {id for id in found if len(_of(some, "table", id)) < TABLES[id].counted}
    found -= nobody
    counted = [one for one in own if one["table"] == INDICATOR]
    counts = (_of(counted, "measure", name) for name in ("persons_arrested", "reoffenders"))
    if not all(_covers(years, TABLES[INDICATOR], parameters) for years in counts):
        found.discard(INDICATOR)
    found |= {
        id for id, need in SOURCES.items() if _covers(_of(rows, "series_id", id), need, parameters)
    }
    package = data.descriptor(root)
    registers = {one["name"] for one in data.sealed(package) if one.get("register")}
    others = {
        TARGET: target_forms.form_of(own, source, parameters["target_year"]) is not None,
        "tables": any(one.get("figure") for one in data.published(package)),
        "statements": bool(_STATEMENT.search(_text(root / "data/statements.yaml"))),
        "measures": f"{source}-measures" in registers,
        "transcription": any((root / "data/published").glob(f"{source}/transcription.json")),
        "specimen": (root / "notebooks/audit_specimen.txt").is_file(),
    }
    begun = {id for id in TABLES if _of(own, "table", id)}
    begun |= {id for id in SOURCES if _of(rows, "series_id", id)}
    whole = found | {id for id, there in others.items() if there}
    return frozenset(whole), {id: _FEW if id in nobody else _SOME for id in begun - whole}


def sentence(
    ids: Iterable[str],
    what: str = "section",
    lang: str = "ja",
    partly: Mapping[str, tuple[str, str]] = NOTHING,
) -> str:
    """Return the sentence that stands in the place of a section, a page or the output of a cell.

    Of those in `partly` there is something, and the words behind its name say what is lacking.

    >>> sentence(["3-5", "3-4"])
    'この節には図表3-4（警察署ごとの粗暴犯）と図表3-5（警察署ごとの窃盗犯）が必要ですが、\
この地域のデータにはありません。'
    >>> sentence(["3-3"], "cell", "en")
    'What stands here needs table 3-3 (cannabis by age), which the data of this area do not have.'
    """
    here, things = PLACES[what][lang == "en"], _things(ids, lang, partly)
    if lang == "en":
        return f"{here} needs {things}, which the data of this area do not have."
    return f"{here}には{things}が必要ですが、この地域のデータにはありません。"


def together(
    sections: Mapping[str, Iterable[str]],
    lang: str = "ja",
    partly: Mapping[str, tuple[str, str]] = NOTHING,
) -> str:
    """Return the sentence that names the sections of a page that are left out, by their headings.

    >>> together({"年齢": ["3-3"]})
    '載せていない節：「年齢」には図表3-3（年齢層別の大麻）が必要ですが、この地域のデータにはありません。'
    """
    named = {head: _things(ids, lang, partly) for head, ids in sections.items()}
    if lang == "en":
        said = "; ".join(f"“{head}” needs {things}" for head, things in named.items())
        return f"Sections left out: {said}, which the data of this area do not have."
    said = "、".join(f"「{head}」には{things}" for head, things in named.items())
    return f"載せていない節：{said}が必要ですが、この地域のデータにはありません。"


def _things(ids: Iterable[str], lang: str, partly: Mapping[str, tuple[str, str]]) -> str:
    asked = {known(one) for one in ids}
    wanted = {id: one for id, one in NEEDS.items() if one in asked}
    if lang == "en":
        return " and ".join(one.en + partly.get(id, ("", ""))[1] for id, one in wanted.items())
    return "と".join(one.ja + partly.get(id, ("", ""))[0] for id, one in wanted.items())


def to_run(notebook: Path, root: Path, parameters: Mapping[str, Any]) -> Any:
    """Return what is to be executed: the file as it is, or the notebook without what cannot be done.

    Returns
    -------
    str or nbformat.NotebookNode
        The path where the notebook asks for nothing that is missing.
    """
    read = json.loads(notebook.read_text(encoding="utf-8"))
    made = fitted(read, root, parameters)
    if made is read:
        return str(notebook)
    import nbformat  # noqa: PLC0415 - 0.1 s, and only an area without all tables needs it

    return nbformat.from_dict(made)


def fitted(notebook: Notebook, root: Path, parameters: Mapping[str, Any]) -> Notebook:
    """Return a notebook as it is executed for a project: itself where nothing is to be changed."""
    made = with_parameters(notebook, parameters) if program.pinned(root) else notebook
    if not any(_wanted(cell) for cell in notebook["cells"]):
        return made
    return fit(made, met(root, parameters))


def fit(notebook: Notebook, there: Iterable[str]) -> Notebook:
    """Return the notebook without the sections whose needs are not among `there`.

    Parameters
    ----------
    notebook : dict
        Format 4; not changed. Returned itself where nothing is missing.
    there : iterable of str
        Ids of needs that are met.

    Raises
    ------
    NeedError
        ``E3-NEED``: an unknown id, or needs of a cell that is no code or stands under no heading.
    """
    there = set(there)
    parts = list(_parts(notebook["cells"]))
    left_out: dict[int, list[str]] = {}
    page = False
    for at, part in enumerate(parts):
        lacked = [id for id in map(_checked, _wanted(part.cell)) if id not in there]
        if not lacked:
            continue
        if not part.code:
            raise NeedError("E3-NEED: needs は、文章ではなくコードのセルに書いてください。")
        what = part.cell["metadata"]["minato"].get("leaves_out", "section")
        if what not in PLACES:
            raise NeedError(f"E3-NEED: leaves_out「{what}」はありません（{'、'.join(PLACES)}）。")
        page = page or what == "page"
        headings = _headings_above(parts, at)
        place = {"cell": at, "section": headings[-1], "page": headings[0]}[what]
        left_out.setdefault(place, []).extend(lacked)
    if not left_out:
        return notebook
    return {**notebook, "cells": list(_joined(parts, left_out, page))}


def is_left_out(notebook: Mapping[str, Any]) -> bool:
    """Return whether nothing is left of an executed notebook but its title and its parameters."""
    code = [cell for cell in notebook["cells"] if prose(cell) is None]
    kept = ("parameters", "injected-parameters")
    return all(set(kept) & set(cell["metadata"].get("tags", ())) for cell in code)


@dataclass(frozen=True)
class _Part:
    """A code cell, or a piece of a text cell that begins with its only heading (level 0: with none)."""

    number: int
    cell: Mapping[str, Any]
    text: str = ""
    level: int = 0

    @property
    def code(self) -> bool:
        return prose(self.cell) is None or _source(self.cell) == LOAD

    @property
    def heading(self) -> str:
        """The words of its heading, without its number."""
        return _NUMBERED.sub("", self.text.split("\n", 1)[0])

    @property
    def kept(self) -> bool:
        """Whether it stays whatever is missing: papermill writes the parameters below such a cell."""
        tags = self.cell["metadata"].get("tags", [])
        return "parameters" in tags or _source(self.cell) == LOAD


def _parts(cells: Sequence[Mapping[str, Any]]) -> Iterator[_Part]:
    for number, cell in enumerate(cells):
        text = prose(cell)
        if text is None or _source(cell) == LOAD:
            yield _Part(number, cell)
            continue
        fences = [match.span() for match in _FENCE.finditer(text)]
        heads = [
            match
            for match in _HEADING.finditer(text)
            if not any(start <= match.start() < end for start, end in fences)
        ]
        starts = [0, *(one.start() for one in heads), len(text)]
        levels = [0, *(len(one[1]) for one in heads)]
        for level, start, end in zip(levels, starts, starts[1:], strict=False):
            if start < end:
                yield _Part(number, cell, text[start:end], level)


def _headings_above(parts: Sequence[_Part], at: int) -> list[int]:
    """Return the numbers of the headings above a part: the title first, the nearest last."""
    found = [number for number in range(at) if parts[number].level]
    if not found:
        raise NeedError("E3-NEED: needs のあるセルより前に見出しがありません。")
    return found


def _joined(
    parts: Sequence[_Part], left_out: Mapping[int, list[str]], page: bool
) -> Iterator[dict[str, Any]]:
    """Yield the cells that are left, each with the text that is left of it.

    `left_out` holds what is lacking by the number of a heading, of a code cell, or of the title.
    """
    texts: dict[int, list[str]] = {}
    told: set[int] = set()
    said: list[str] = []
    gone = {} if page else _gone(parts, left_out)
    skipping = False
    for at, part in enumerate(parts):
        skipping = skipping and (page or not part.level)
        said = [] if part.level else said
        if part.kept:
            texts[part.number] = []
        elif skipping:
            continue
        elif at in left_out and part.code:
            if left_out[at] != said:  # once in a section
                told.add(part.number)
                texts[part.number] = [_call(left_out[at], "cell")]
            said = left_out[at]
        elif at in gone:
            skipping = True
        elif at in left_out:
            head = part.text.split("\n", 1)[0]
            call = _call(left_out[at], "page" if page else "section")
            texts.setdefault(part.number, []).append(f"{head}\n\n{call}\n\n")
            skipping = True
        else:
            texts.setdefault(part.number, []).append(part.text)
    yield from _cells(parts, texts, told)
    if named := {parts[at].heading: ids for at, ids in gone.items() if ids}:
        # A heading may quote a name: it is rendered before it is handed on.
        heads = (f"{{% set head{n} %}}{head}{{% endset %}}" for n, head in enumerate(named))
        calls = (f'head{n}, needing("{_ordered(ids)}")' for n, ids in enumerate(named.values()))
        source = f"{''.join(heads)}{{{{ left_out({', '.join(calls)}) }}}}"
        yield {"cell_type": "markdown", "id": "left-out", "metadata": {}, "source": source}


def _cells(
    parts: Sequence[_Part], texts: Mapping[int, list[str]], told: set[int]
) -> Iterator[dict[str, Any]]:
    """Yield the cells that have a text, with it; those in `told` hold a sentence in place of their code."""
    cells = {part.number: part.cell for part in parts}
    for number, found in texts.items():
        cell = dict(cells[number])
        if number in told:
            cell = {"cell_type": "markdown", "id": cell["id"], "metadata": {}}
        text = "".join(found).strip("\n")
        if cell["cell_type"] == "markdown":
            cell["source"] = text
        elif text:
            cell["source"] = f"{MAGIC}\n{text}"
        yield cell


def _gone(parts: Sequence[_Part], left_out: Mapping[int, list[str]]) -> dict[int, list[str]]:
    """Return the headings that go with their sections, and what each lacks; nothing where it had no words.

    One stays where a section below it does, and goes where nothing stood under it but what is gone.
    """
    gone: dict[int, list[str]] = {}
    for at in reversed(range(len(parts))):
        part = parts[at]
        if not part.level:
            continue
        after = range(at + 1, len(parts))
        end = next((n for n in after if 0 < parts[n].level <= part.level), len(parts))
        below = [n for n in range(at + 1, end) if parts[n].level]
        first = below[0] if below else end
        empty = first == at + 1 and not part.text.partition("\n")[2].strip()
        if all(n in gone for n in below) and (at in left_out or (below and empty)):
            gone[at] = left_out.get(at, [])
    return dict(sorted(gone.items()))


def _call(ids: Iterable[str], what: str) -> str:
    return f'{{{{ lacking("{_ordered(ids)}", "{what}") }}}}'


def _ordered(ids: Iterable[str]) -> str:
    wanted = set(ids)
    return " ".join(id for id in NEEDS if id in wanted)


def _wanted(cell: Mapping[str, Any]) -> list[str]:
    found: list[str] = cell["metadata"].get("minato", {}).get("needs", [])
    return found


def _source(cell: Mapping[str, Any]) -> str:
    return "".join(cell["source"])


def _of(rows: Iterable[Mapping[str, str]], column: str, id: str) -> set[int]:
    return {int(one["year"]) for one in rows if one[column] == id and one["year"]}


def _covers(years: set[int], need: Need, parameters: Mapping[str, Any]) -> bool:
    first, last = parameters["first_year"], parameters["last_year"]
    wanted = {
        "indicator": range(first, last + 1),
        "groups": range(parameters["groups_first_year"], last + 1),
        "any": range(0),
    }[need.years]
    return len(years) >= need.at_least and years >= set(wanted)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.is_file() else ""
