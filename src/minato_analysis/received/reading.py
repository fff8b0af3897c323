"""A received file read into the tables it continues.

In: a file from outside, the data package, the year asked for and the answers given. Out: :class:`Received`:
the cells of every table that is certain, in our layout; the confirmation of every received row and column; a
sentence for everything that is not certain. The file itself is only read.

Raises :class:`~minato_analysis.received.errors.ReceivedError` where nothing of the file can be read at all.
Codes of its own: ``E6-TABLE-NONE``, ``E6-TABLE-TWICE``, ``E6-TABLE-YEARS``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from minato_analysis import data
from minato_analysis.cleaning.text import label
from minato_analysis.data import categories
from minato_analysis.received import around, confirmation, crossed, limits, values
from minato_analysis.received.answers import Answers, checked
from minato_analysis.received.blocks import Block, block, has_years
from minato_analysis.received.confirmation import Line
from minato_analysis.received.errors import visible
from minato_analysis.received.fit import NO_TABLE, answered_none, fit, names_of
from minato_analysis.received.limits import LIMITS, Limits
from minato_analysis.received.long_tables import fit_long, mapped_long
from minato_analysis.received.mapping import joined, mapped
from minato_analysis.received.refusal import ANSWERS, LONGEST_LABEL, Refusal, quote
from minato_analysis.received.regions import Caption, Region, number_in_name, regions
from minato_analysis.received.sheet import Sheet
from minato_analysis.received.targets import Target, targets
from minato_analysis.received.work import Mapped
from minato_analysis.received.year_headings import spelled

_PLACE = re.compile(r"(E[0-9]-[A-Z0-9-]+) (([^\n:]{1,300})![A-Z]{1,3}[0-9]+)(?:（[^\n]*?）)?: ")
_OF_TABLES = ("E6-TABLE-", "E6-CSV-", "E6-UNIT", "E6-AROUND-")
"""Codes of refusals that are about a table, not about one of its cells."""


@dataclass(frozen=True)
class Received:
    """What a received file says.

    Parameters
    ----------
    file : str
        Name of the file.
    tables : dict of str to list of list of str
        図表 number (or name of the resource) → cells in the layout of the table it continues, reduced to the
        label columns and the years taken: the one asked for and re-printed ones. Only tables without refusal.
    confirmation : tuple of Line
        One line for every received title, row and column.
    understood : tuple of Line
        What the file says of each table (period, place, unit, …), which cell became which value, and what
        was left aside.
    refused : tuple of str
        One sentence for everything that is not certain; empty when all was understood.
    notes : tuple of str
        What a reader should know and nothing stops for: hidden rows, values that differ from those printed
        before, parts that are no table of ours, answers that were not needed.
    """

    file: str
    tables: dict[str, list[list[str]]] = field(default_factory=dict)
    confirmation: tuple[Line, ...] = ()
    understood: tuple[Line, ...] = ()
    refused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def confirmation_text(self) -> str:
        """Return the confirmation as a table for a terminal."""
        return confirmation.text(self.confirmation)

    def confirmation_csv(self) -> str:
        """Return all that was read as CSV that is safe to open in a spreadsheet."""
        return confirmation.csv_text((*self.confirmation, *self.understood))

    def confirmation_page(self) -> str:
        """Return all that was read as a page."""
        title = f"{self.file} をこう読みました"
        return confirmation.page((*self.understood, *self.confirmation), title)


def read(
    file: Path,
    package: Mapping[str, Any],
    folder: Path,
    year: int,
    answers: Mapping[str, Any] | None = None,
    *,
    source: str | None = None,
    before: Mapping[str, Any] | None = None,
) -> Received:
    """Read a received xlsx or csv into the tables it continues.

    Parameters
    ----------
    file : Path
        Untrusted.
    package : mapping
        Content of ``data/datapackage.json``.
    folder : Path
        The project folder, for the published tables.
    year : int
        Western year that is added.
    answers : mapping, optional
        Content of ``mapping.yaml`` (:func:`minato_analysis.received.answers.read_answers`).
    source : str, optional
        Only tables of this series (its ``source_id``); without it those of every series.
    before : mapping, optional
        Answers given for earlier files (:func:`minato_analysis.received.store.answered`).

    Raises
    ------
    ReceivedError
        The file, or the answers, cannot be read at all.
    DataError, CleaningError
        A published table is not what the descriptor says.
    """
    own = checked(answers)
    given = own.after(checked(before))
    sheets, cells = corrected(read_sheets(file), given)
    known = targets(package, folder)
    laws = categories.load(folder)
    if source is not None:
        known = [
            one
            for one in known
            if source in (one.resource.get("series_id"), one.resource["source_id"])
        ]
    definitions = data.definitions(folder)
    words = {name: one["title"] for name, one in definitions.items()}
    names = {code: area.name_ja for code, area in data.areas(folder).items()}
    words |= names
    around_them = _Around(given, definitions, names, _names_of(laws, year))
    tables = [region for sheet in sheets for region in regions(sheet)]
    found, refused, notes = _found(sheets, tables, known, year, given, laws, words, around_them)
    refused += map(str, around_them.refused.values())
    read_cells = {
        line.received for one in found for line in (*one.lines, *around_them.said[id(one)])
    }
    asides = {one.place.rpartition("!")[0] for one in around_them.aside.values()}
    read_cells |= {
        region.sheet.address((row, column))
        for region in tables
        if region.sheet.name in asides
        for row in region.rows
        for column in range(len(region.sheet.cells[row]))
    }
    aside = [
        Line(one.place, one.text, "", "", "", "登録された図表ではない", confirmation.PASSED_OVER)
        for one in around_them.aside.values()
        if one.place not in read_cells  # a table that is none of ours is named as a whole
    ]
    notes = [remark for sheet in sheets for remark in sheet.remarks] + cells + notes
    seen: dict[str, Mapped] = {}
    found = _joined(found, year, around_them)
    for one in found:
        if one.target.key in seen:
            refused.append(
                str(
                    Refusal(
                        "E6-TABLE-TWICE",
                        one.lines[0].received,
                        f"図表{one.target.key}が2回あります（1回目は{seen[one.target.key].lines[0].received}）。"
                        f"まずどちらが新しいかを確かめ、使わないほうを {ANSWERS} の tables に"
                        f'「"{one.place}": {NO_TABLE}」の形で書いてください。',
                    )
                )
            )
            seen[one.target.key].cells = []
        else:
            seen[one.target.key] = one
        refused += one.refused
        notes += one.notes
    if not found and not refused:
        refused.append(_nothing(file.name, known))
    refused += undefined(found, laws, given, year)
    refused = [_with_answer(one, sheets) for one in refused]
    notes += _unused(found, own, around_them.names_of_tables, [law.change for law in laws])
    return Received(
        file=visible(file.name),
        tables={key: one.cells for key, one in seen.items() if one.cells},
        confirmation=tuple(line for one in found for line in one.lines),
        understood=(
            *(line for one in found if one.cells for line in around_them.understood(one, year)),
            *aside,
        ),
        refused=tuple(map(visible, refused)),
        notes=tuple(map(visible, notes)),
    )


def _joined(found: Sequence[Mapped], year: int, around_them: _Around) -> list[Mapped]:
    """Return the tables of a file; one that goes on on another sheet, or further down, is one."""
    whole: list[Mapped] = []
    for one in found:
        same = [n for n, each in enumerate(whole) if each.target.key == one.target.key]
        both = joined(whole[same[0]], one, year) if len(same) == 1 else None
        if both is None:
            whole.append(one)
            continue
        around_them.said[id(both)] = (
            around_them.said[id(whole[same[0]])] + around_them.said[id(one)]
        )
        whole[same[0]] = both
    return whole


def corrected(sheets: Sequence[Sheet], answers: Answers) -> tuple[list[Sheet], list[str]]:
    """Return the sheets with the cells that answers correct, and a sentence for each of these."""
    done, notes = list(sheets), []
    for place, (text, reason) in answers.cells.items():
        name, _, cell = place.rpartition("!")
        for number, sheet in enumerate(done):
            if label(sheet.name[:LONGEST_LABEL]) == name and (new := sheet.answered(cell, text)):
                done[number] = new
                notes.append(f"{place}: {ANSWERS} のとおり{quote(text)}と読みました（{reason}）。")
                break
        else:
            notes.append(
                f"{ANSWERS} の cells「{place}」というセルはありません。つづりを確かめてください。"
            )
    return done, notes


def undefined(
    found: Sequence[Mapped], laws: Sequence[categories.Mapped], answers: Answers, year: int
) -> list[str]:
    """Return the question a document printed after a change of law leaves open: once, for all its tables."""
    refused = []
    for law in laws:
        if year < law.year or law.change in answers.laws:
            continue
        declared = {one.label for one in law.categories if one.label}
        keys = dict.fromkeys(
            one.target.key
            for one in found
            if any(
                {**one.target.layout["common"], **dimensions}.get("offence") in law.offences
                and name not in declared
                for name, dimensions in one.target.labels.items()
            )
        )
        if keys:
            refused.append(f"E6-LAW 図表{'、'.join(keys)}: {categories.question(law, ANSWERS)}")
    return refused


def _with_answer(refused: str, sheets: Sequence[Sheet]) -> str:
    """Return a refusal with the answer that settles it, where it does not name one itself."""
    place = _PLACE.match(refused)
    if ANSWERS in refused or place is None:
        return refused
    code, address, name = place.groups()
    if name not in {sheet.name for sheet in sheets}:
        return refused
    if code.startswith(_OF_TABLES):
        none = f'「"{address}": {NO_TABLE}」'
        return f"{refused}この表を使わないなら {ANSWERS} の tables に{none}と書いてください。"
    return (
        f"{refused}原本から正しい値が分かるなら、{ANSWERS} の cells に"
        f'「"{address}": {{value: 正しい値, reason: 理由}}」の形'
        "（公表されない値は x、…、- の印）で書いてください。"
    )


def read_sheets(file: Path, bounds: Limits = LIMITS) -> list[Sheet]:
    """Return the sheets of a received file.

    Raises
    ------
    ReceivedError
    """
    return sheets_of(limits.read_bytes(file, bounds), file.name, bounds)


def sheets_of(content: bytes, name: str, bounds: Limits = LIMITS) -> list[Sheet]:
    """Return the sheets of a received file's bytes.

    Raises
    ------
    ReceivedError
        Nothing else, whatever the bytes are.
    """
    from minato_analysis.received.text_file import read_text  # noqa: PLC0415
    from minato_analysis.received.text_lines import read_lines  # noqa: PLC0415
    from minato_analysis.received.workbook import read_workbook  # noqa: PLC0415

    reader = {"xlsx": read_workbook, "csv": read_text, "txt": read_lines}[
        limits.kind(content, name)
    ]
    return reader(content, name, bounds)


@dataclass
class _Around:
    """What stands around the tables of a file: refused and asked about once for all of them."""

    answers: Answers
    definitions: Mapping[str, Mapping[str, str]]
    names: Mapping[str, str]
    laws: frozenset[str]
    refused: dict[str, Refusal] = field(default_factory=dict)
    names_of_tables: set[str] = field(default_factory=set)
    said: dict[int, list[Line]] = field(default_factory=dict)
    aside: dict[str, around.Said] = field(default_factory=dict)

    def read(
        self,
        region: Region,
        one: Mapped,
        known: Sequence[Target],
        cover: Sequence[Caption],
        year: int,
    ) -> None:
        """Read the lines around a table; one that contradicts ours takes its cells away."""
        target = one.target
        codes = {
            {**target.layout["common"], **dimensions}.get("area_code", "")
            for dimensions in target.labels.values()
        }
        places = {self.names[code] for code in codes if code in self.names}
        sure = region.numbered is not None or number_in_name(region.sheet.name)
        # A table that is known by its labels alone may be named by the words of several of ours.
        others = () if sure else tuple(crossed.said_by(known))
        ours = around.own(target, self.definitions, places, others)
        lines = around.said(region, ours, cover, one.above)
        wrong = around.contradictions(lines, target, self.answers.words, self.laws, year)
        self.refused = wrong | self.refused
        if wrong:
            one.cells = []
        elif any(part.kind == "provisional" for line in lines for part in line.parts):
            one.provisional = True
            one.cells = values.all_provisional(one.cells, target, year)
        texts = {label(line.text[:LONGEST_LABEL]): line for line in lines}
        one.used |= {f"words {text}" for text in texts if text in self.answers.words}
        self.aside |= {
            f"{line.place} {line.text}": line
            for line in lines
            if line.where == "cover" or line.text in region.sheet.beside[1:]
        }
        self.said[id(one)] = around.understood(
            region, lines, target, ours, self.answers.words, self.definitions
        )

    def understood(self, one: Mapped, year: int) -> list[Line]:
        """Return what was said of a table, and which cell became which value of a year."""
        key = one.target.key
        cells = [
            Line(place, text, key, name, f"{number}年", "値", confirmation.TAKEN)
            for (name, number), (place, text) in one.origins.items()
            if number == year
        ]
        return self.said[id(one)] + cells


def _names_of(laws: Sequence[categories.Mapped], year: int) -> frozenset[str]:
    """Return the names of the offences that changes of law up to a year moved."""
    return frozenset(
        name for law in laws if law.year <= year for names in law.names.values() for name in names
    )


def _found(
    sheets: Sequence[Sheet],
    tables: Sequence[Region],
    known: Sequence[Target],
    year: int,
    answers: Answers,
    laws: Sequence[categories.Mapped],
    words: Mapping[str, str],
    around_them: _Around,
) -> tuple[list[Mapped], list[str], list[str]]:
    found: list[Mapped] = []
    refused: list[str] = []
    notes: list[str] = []
    ours = crossed.words_of(known, answers, laws)
    cover = around.cover_of(sheets, {one.sheet.name for one in tables if has_years(one)})
    for region in tables:
        around_them.names_of_tables |= {*names_of(region)}
        try:
            several = _one(region, known, ours, year, answers, laws, words)
        except Refusal as refusal:
            refused.append(str(refusal))
            continue
        if not several:
            title = region.numbered.text if region.numbered else ""
            notes.append(
                f"{region.place} {title}: 登録されたどの図表でもないので、読んでいません。"
            )
        for one in several:
            one.lines.insert(0, _title(region, one.target))
            one.place = region.place
            around_them.read(region, one, known, cover, year)
            found.append(one)
    return found, refused, notes


def _one(
    region: Region,
    known: Sequence[Target],
    ours: crossed.Words,
    year: int,
    answers: Answers,
    laws: Sequence[categories.Mapped],
    words: Mapping[str, str],
) -> list[Mapped]:
    if answered_none(region, answers):
        return []
    region = spelled(region)
    if (long := fit_long(region, known, answers)) is not None:
        return [mapped_long(region, long, year)]
    if (several := crossed.read(region, ours, year, answers, laws, words)) is not None:
        return several
    axes: Block | None = block(region)
    if axes is None:
        number = region.numbered.number if region.numbered else number_in_name(region.sheet.name)
        if number in {one.key for one in ours.targets}:
            raise Refusal(
                "E6-TABLE-YEARS",
                region.place,
                f"図表{number}とありますが、年の見出しが1つもありません（1つ以上が必要です）。"
                "まず見出しの行が落ちていないかを確かめ、値の列の見出しのセルを cells に"
                f'「"{region.sheet.address((region.rows[0], 1))}": '
                "{value: 令和4年 のような年, reason: 理由}」"
                f"の形で {ANSWERS} に書くか、見出しを付けて保存し直してください。",
            )
        return []
    printed = {one.path: one.printed for one in axes.labels}
    wide = [one.printed_as(printed, laws) for one in ours.targets]
    target = fit(axes, wide, answers, laws)
    return [] if target is None else [mapped(axes, target, year, answers, words)]


def _title(region: Region, target: Target) -> Line:
    caption = region.numbered or (region.captions[-1] if region.captions else None)
    printed = caption.text if caption else region.sheet.name
    certainty = (
        confirmation.SAME if target.title in printed.replace(" ", "") else confirmation.NORMALISED
    )
    meaning = str(target.resource["title"])
    return Line(region.place, printed, target.key, "", "", meaning, certainty)


def _nothing(name: str, known: Sequence[Target]) -> str:
    sentence = (
        f"登録された図表（{'、'.join(one.key for one in known)}）の表が1つも見つかりません。"
        "まず送られたファイルが正しいかを確かめ、正しければ表の上に「図表2-10」の形で番号を書くか、"
        f"{ANSWERS} の tables に番号を書いてください。"
    )
    return str(Refusal("E6-TABLE-NONE", name, sentence))


def _unused(
    found: Sequence[Mapped], answers: Answers, tables: Collection[str], changes: Collection[str]
) -> list[str]:
    """Return a sentence for every answer that settled nothing."""
    used = {(one.target.key, name) for one in found for name in one.used}
    used |= {("tables", name) for name in tables} | {("laws", name) for name in changes}
    used |= {("words", name.removeprefix("words ")) for _, name in used}
    given = [
        (key, name)
        for part in (answers.labels, answers.absent)
        for key in part
        for name in part[key]
    ]
    parts = {"tables": answers.tables, "words": answers.words, "laws": answers.laws}
    given += [(part, name) for part, names in parts.items() for name in names]
    return [
        f"{ANSWERS} の {key}「{name}」は、このファイルでは使われませんでした。つづりを確かめてください。"
        for key, name in given
        if (key, name) not in used
    ]
