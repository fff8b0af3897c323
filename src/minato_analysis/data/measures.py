"""The measures of a plan: the register as printed, what each answers to, and how far each has come.

In, below the project folder: the register ``<source_id>-measures`` of the data package (cells as printed),
:data:`LINKS` (which published number a measure answers to; ours, each with its reason) and :data:`STATUS`
(filled in by the ward, one row a measure and fiscal year). Out: frozen records, checked against each
other: no measure is without an entry in the links, no entry without its measure.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minato_analysis import data
from minato_analysis.data import DataError
from minato_analysis.project import yamls

LINKS = "data/measures_links.yaml"
STATUS = "data/measures_status.csv"
STATUS_COLUMNS = ("number", "year", "status", "note")

STATUSES: Mapping[str, str] = {
    "実施": "その年度に、計画したとおり行った",
    "一部実施": "行ったが、範囲や回数が計画したところに届かなかった",
    "準備中": "始めるための準備をしている",
    "未着手": "準備をまだ始めていない",
    "終了": "取組を終えた（引き継ぐ取組があれば note に書く）",
}
"""Words of the column ``status``, and what each means."""

NEW, EXPANDED = "新規", "拡充"
KINDS = ("indicator", "table", "chart")
RELATIONS = ("direct", "indirect")


@dataclass(frozen=True)
class Measure:
    """One row of the register, cells as printed (see the schema in the data package).

    An empty `name_at_measure` means that the text at hand has no heading for the measure, so that its
    flag and department there are not known; an empty flag elsewhere means that none is printed.
    """

    number: str
    direction: str
    policy: str
    policy_name: str
    name: str
    name_in_section: str
    name_at_measure: str
    flag: str
    flag_in_section: str
    flag_at_measure: str
    page: str
    department: str
    related_plan: str

    @property
    def departments(self) -> tuple[str, ...]:
        """The departments, apart."""
        return tuple(re.split(r"[／ ]", self.department)) if self.department else ()


@dataclass(frozen=True)
class Difference:
    """One place where the plan prints a measure in two forms.

    `what` is ``name``, ``flag`` or ``heading`` (no heading in the text at hand); `listed` the form in
    the lists, `at_measure` the one in the heading.
    """

    number: str
    what: str
    listed: str
    at_measure: str


@dataclass(frozen=True)
class Number:
    """A published number that measures may answer to; `kind` is one of :data:`KINDS`."""

    id: str
    title: str
    short: str
    kind: str
    figure: str
    page: str


@dataclass(frozen=True)
class Link:
    """A measure answers to a number; `relation` is one of :data:`RELATIONS`."""

    measure: str
    number: str
    relation: str
    reason: str


@dataclass(frozen=True)
class Links:
    """All numbers and links; `none` holds the reason for each measure that answers to no number."""

    numbers: tuple[Number, ...]
    links: tuple[Link, ...]
    none: Mapping[str, str]

    def of(self, measure: str) -> tuple[Link, ...]:
        """Return the links of one measure."""
        return tuple(one for one in self.links if one.measure == measure)

    def to(self, number: str) -> tuple[Link, ...]:
        """Return the links to one number."""
        return tuple(one for one in self.links if one.number == number)


@dataclass(frozen=True)
class Status:
    """What the ward wrote about one measure in one fiscal year."""

    number: str
    year: int
    status: str
    note: str


def read(folder: Path, source_id: str) -> tuple[Measure, ...]:
    """Return the register of one plan.

    Raises
    ------
    DataError
        ``E0-REGISTER``, ``E0-CHECKSUM`` (see :func:`minato_analysis.data.register`).
    """
    return tuple(Measure(**row) for row in data.register(f"{source_id}-measures", folder))


def same(one: str, other: str) -> bool:
    """Tell whether two printed forms differ in nothing but the width of their letters.

    >>> same("相談（高齢者）", "相談(高齢者)"), same("総合窓口", "相談窓口")
    (True, False)
    """
    return unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", other)


def differences(measures: Sequence[Measure]) -> tuple[Difference, ...]:
    """Return where the lists and the heading of a measure print different forms.

    Widths of letters are not looked at. The two lists are held against each other too; a difference
    between them is reported with the second list's form as `at_measure`.
    """
    found = []
    for one in measures:
        for what, listed, again in (
            ("name", one.name, one.name_in_section),
            ("flag", one.flag, one.flag_in_section),
        ):
            if not same(listed, again):
                found.append(Difference(one.number, what, listed, again))
        if not one.name_at_measure:
            found.append(Difference(one.number, "heading", one.name, ""))
            continue
        for what, listed, heading in (
            ("name", one.name, one.name_at_measure),
            ("flag", one.flag, one.flag_at_measure),
        ):
            if not same(listed, heading):
                found.append(Difference(one.number, what, listed, heading))
    return tuple(found)


def read_links(folder: Path, source_id: str, measures: Sequence[Measure]) -> Links:
    """Return what each measure answers to.

    Raises
    ------
    DataError
        ``E0-LINKS``: the file is of another plan; a measure has no entry, an entry no measure; an unknown
        number, kind or relation; a missing reason; a number nothing answers to.
    """
    text = yamls.read(folder / LINKS)
    if text["source_id"] != source_id:
        raise _wrong(
            f"source_id が「{text['source_id']}」です。この版の計画は「{source_id}」です。"
        )
    numbers = tuple(Number(id=name, **about) for name, about in text["numbers"].items())
    for one in numbers:
        if one.kind not in KINDS:
            raise _wrong(
                f"{one.id}: kind「{one.kind}」は {'、'.join(KINDS)} のどれでもありません。"
            )
    known = [one.number for one in measures]
    if set(text["links"]) != set(known):
        raise _wrong(f"取組の番号が一覧と合いません: {sorted(set(text['links']) ^ set(known))}")
    links, none = [], {}
    for number in known:
        answers: dict[str, Any] = text["links"][number]
        if "none" in answers:
            if len(answers) > 1:
                raise _wrong(f"{number}: none とほかの項目は一緒に書けません。")
            none[number] = answers["none"]
        links += [_link(number, name, value) for name, value in answers.items() if name != "none"]
    unknown = {one.number for one in links} ^ {one.id for one in numbers}
    if unknown:
        raise _wrong(f"numbers と links の片方にしかない項目があります: {sorted(unknown)}")
    if any(not reason for reason in (*none.values(), *(one.reason for one in links))):
        raise _wrong("理由が空の項目があります。")
    return Links(numbers, tuple(links), none)


def read_status(folder: Path, measures: Sequence[Measure]) -> tuple[Status, ...]:
    """Return what the ward has filled in; empty while the file has only its header.

    Raises
    ------
    DataError
        ``E0-STATUS``: other columns, an unknown measure or word, a year that is none, or two rows for one
        measure and year.
    """
    try:
        text = (folder / STATUS).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(1, "文字コードが UTF-8 ではありません。UTF-8 で保存してください。") from None
    with io.StringIO(text, newline="") as stream:
        reader = csv.DictReader(stream)
        if tuple(reader.fieldnames or ()) != STATUS_COLUMNS:
            raise _refused(1, f"見出しは {','.join(STATUS_COLUMNS)} です。")
        known = {one.number for one in measures}
        found: dict[tuple[str, int], Status] = {}
        for line, row in enumerate(reader, 2):
            if None in row or None in row.values():
                raise _refused(line, f"列の数が{len(STATUS_COLUMNS)}ではありません。")
            if row["number"] not in known:
                raise _refused(line, f"取組の番号「{row['number']}」は一覧にありません。")
            if not re.fullmatch(r"20[0-9]{2}", row["year"]):
                raise _refused(line, f"年度「{row['year']}」は西暦4桁で書いてください（例 2025）。")
            if row["status"] not in STATUSES:
                words = "、".join(STATUSES)
                raise _refused(
                    line, f"状況「{row['status']}」は {words} のどれかで書いてください。"
                )
            one = Status(row["number"], int(row["year"]), row["status"], row["note"])
            if (one.number, one.year) in found:
                raise _refused(line, f"取組{one.number}の{one.year}年度が2回あります。")
            found[one.number, one.year] = one
    return tuple(found.values())


def _link(measure: str, number: str, value: Sequence[str]) -> Link:
    if len(value) != 2 or value[0] not in RELATIONS:
        raise _wrong(
            f"{measure} {number}: [{' 又は '.join(RELATIONS)}, 理由] の形で書いてください。"
        )
    return Link(measure, number, *value)


def _wrong(message: str) -> DataError:
    return DataError(f"E0-LINKS {LINKS}: {message}")


def _refused(line: int, message: str) -> DataError:
    return DataError(f"E0-STATUS {STATUS} {line}行目: {message}")
