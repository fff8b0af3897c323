"""What a table printed after a change of law counts: declared in ``data/categories.yaml``, applied here.

In: observations of a delivery, with the offence codes its reading gives them. Out: the same observations
with our codes. Values of an ``exact`` category continue its series; those of a ``partial`` one or of
``none`` get a code of their own and so can never be taken for the old series or summed with it. A
category that nobody declared is an error, for the same words may count different things before and after.

What a document does not print in its headings is asked once, for the document: the answer stands in
``mapping.yaml`` beside a draft and in the descriptor (``source_documents``) afterwards::

    laws:
      cannabis-law-2024: {kind: exact, reason: 提供元の回答（日付）}
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from minato_analysis.cleaning.tables import COLUMNS, Observation
from minato_analysis.cleaning.text import label as comparable
from minato_analysis.project import yamls

FILE = "data/categories.yaml"
CHANGES = "data/breaks.yaml"

Kind = Literal["exact", "partial", "none"]
KINDS = ("exact", "partial", "none")

ANSWERED = ("exact", "partial")
"""What a document's own answer may be: its tables go on counting the same, or something else."""

_RULE = {"id", "change", "select", "categories"}
_LINE = {"offence", "kind", "reason"}


class CategoryError(ValueError):
    """A category that nobody declared, or a declaration that cannot be used."""


@dataclass(frozen=True)
class Category:
    """One declared category; see the head of ``data/categories.yaml`` for its fields."""

    offence: str
    kind: Kind
    reason: str
    label: str = ""
    code: str = ""
    document: str = ""
    table: str = ""
    was: str = ""

    def covers(self, row: Observation) -> bool:
        """Return whether the category declares what `row` counts."""
        if self.document not in ("", row.source_id) or self.table not in ("", row.table):
            return False
        if self.label:
            return self.label in map(comparable, (*row.row.split("/"), *row.column.split("/")))
        return self.code == row.offence


@dataclass(frozen=True, eq=False)
class Mapped:
    """The categories of one change of law: `select` says of which rows, `year` from when.

    `names` are other words for an offence in titles, `sums` the rows that together go on counting it;
    `answers` hold the kind a document was declared to be of, by its `source_id`.
    """

    id: str
    year: int
    select: Mapping[str, Any]
    categories: tuple[Category, ...]
    change: str = ""
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)

    def asks(self, row: Observation) -> bool:
        """Return whether the category of `row` has to be declared."""
        return (
            row.year is not None
            and row.year >= self.year
            and all(getattr(row, column) in wanted for column, wanted in self.select.items())
        )

    def of(self, row: Observation) -> Category | None:
        """Return the line that declares the category of `row`, one for its document first."""
        found = [one for one in self.categories if one.covers(row)]
        if not found and self.answers.get(row.source_id) == "exact":
            return Category(row.offence, "exact", "", code=row.offence, was=row.offence)
        return max(found, key=lambda one: bool(one.document), default=None)

    @property
    def offences(self) -> frozenset[str]:
        """The offences whose rows have to be declared."""
        return frozenset(self.select.get("offence", ()))


def load(folder: Path) -> tuple[Mapped, ...]:
    """Return the declared mappings that have categories.

    Raises
    ------
    CategoryError
        ``E4-CATEGORY``: an entry lacks something, names a change that ``data/breaks.yaml`` does not
        declare, or gives a ``partial`` or ``none`` category the code of an old series.
    """
    if not (folder / FILE).is_file():
        return ()
    declared = yamls.read(folder / FILE) or []
    changes = yamls.read(folder / CHANGES) or []
    years = {one["id"]: one["date"].year for one in changes}
    descriptor = folder / "data/datapackage.json"
    documents = (
        json.loads(descriptor.read_text(encoding="utf-8")).get("source_documents", {})
        if descriptor.is_file()
        else {}
    )
    answers = {name: one["laws"] for name, one in documents.items() if "laws" in one}
    found = [_read(entry, years) for entry in declared if "categories" in entry]
    return answered(found, answers)


def answered(
    mappings: Sequence[Mapped], answers: Mapping[str, Mapping[str, Mapping[str, str]]]
) -> tuple[Mapped, ...]:
    """Return the mappings with the answers of documents added.

    Parameters
    ----------
    mappings : sequence of Mapped
    answers : mapping
        By document and change: ``{"kind": …, "reason": …}``.
    """
    return tuple(
        replace(
            one,
            answers={
                **one.answers,
                **{
                    name: laws[one.change]["kind"]
                    for name, laws in answers.items()
                    if one.change in laws
                },
            },
        )
        for one in mappings
    )


def adapted(
    layout: Mapping[str, Any],
    printed: Collection[str],
    mappings: Sequence[Mapped],
    document: str = "",
) -> Mapping[str, Any]:
    """Return the layout of a table some of whose headings are those of a new law.

    Parameters
    ----------
    layout : mapping
        ``reading`` of the table that is continued.
    printed : collection of str
        Labels of the new table, in the form for comparing.
    mappings : sequence of Mapped
    document : str
        ``source_id`` of the new table. Where it was answered that it counts something else (``partial``),
        offences that its headings do not define get a code of their own.

    Returns
    -------
    mapping
        The same object where nothing changes. Otherwise a declared heading stands in the place of the one
        it continues, and ``sums`` names the rows that together continue a series.
    """
    side = "columns" if layout.get("rows") == "year" else "rows"
    labels: Any = layout[side]
    if labels == "year":
        return layout
    for mapped in mappings:
        new: dict[str, dict[str, Any]] = {}
        found = [
            one for one in mapped.categories if one.label in printed and one.label not in labels
        ]
        apart = {
            one: f"{one}_{mapped.change.replace('-', '_')}"
            for one in mapped.offences
            if mapped.answers.get(document) == "partial"
        }
        if not (found or apart):
            continue
        for name, dimensions in labels.items():
            offence = dimensions.get("offence", "")
            here = [one for one in found if one.was == offence]
            if name in printed or not here:
                own = offence in apart and name not in {one.label for one in mapped.categories}
                new[name] = {**dimensions, **({"offence": apart[offence]} if own else {})}
            new |= {one.label: {**dimensions, "offence": one.offence} for one in here}
        sums = {
            "＋".join(parts): {"of": list(parts), "offence": offence}
            for offence, parts in mapped.sums.items()
            if set(parts) <= {one.label for one in found}
        }
        common = dict(layout["common"])
        common |= {"offence": apart[common["offence"]]} if common.get("offence") in apart else {}
        if new != dict(labels) or common != layout["common"]:
            layout = {**layout, side: new, "common": common, **({"sums": sums} if sums else {})}
            labels = new
    return layout


def translate(
    rows: Sequence[Observation], mappings: Sequence[Mapped], files: Mapping[str, str]
) -> list[Observation]:
    """Return the observations of a delivery in our offence codes.

    Parameters
    ----------
    rows : sequence of Observation
        As read; rows of years before a change are returned as they are.
    mappings : sequence of Mapped
        See :func:`load`.
    files : mapping
        File of a table by its address prefix ``<source>/<table>``, for the error.

    Raises
    ------
    CategoryError
        ``E4-CATEGORY``: a row whose category nobody declared; names label, file and the line to add.
    """
    return [_translated(row, mappings, files) for row in rows]


def kept_apart(mappings: Sequence[Mapped]) -> frozenset[str]:
    """Return the codes that must not be summed with any other: of ``partial`` and ``none``."""
    return frozenset(
        one.offence for mapped in mappings for one in mapped.categories if one.kind != "exact"
    )


def _translated(
    row: Observation, mappings: Sequence[Mapped], files: Mapping[str, str]
) -> Observation:
    for mapped in mappings:
        if mapped.asks(row):
            found = mapped.of(row)
            if found is None:
                raise _undeclared(row, mapped, files)
            row = replace(row, offence=found.offence)
    return row


def _undeclared(row: Observation, mapped: Mapped, files: Mapping[str, str]) -> CategoryError:
    address = f"{row.source_id}/{row.table}"
    if row.source_id.startswith("draft-"):
        return CategoryError(
            f"E4-CATEGORY {files.get(address, address)} 「{row.row}」「{row.column}」: "
            + question(
                mapped, f"{Path(files.get(address, address)).parent.as_posix()}/mapping.yaml"
            )
        )
    known = [one.label for one in mapped.categories if one.label and not one.document]
    return CategoryError(
        f"E4-CATEGORY {files.get(address, address)} 「{row.row}」「{row.column}」: "
        f"{mapped.year}年の法改正の後の区分が宣言されていません（いまの符号は {row.offence}）。"
        f"何を数えているかを提供元に確かめてください。表の名称を {FILE} の名称"
        f"（{'、'.join(known)}）にそろえるか、{mapped.id} の categories に次の行を加えてください: "
        f'- {{document: {row.source_id}, table: "{row.table}", code: {row.offence}, '
        f"was: {row.offence}, offence: {row.offence}, kind: exact, reason: 提供元の回答（日付）}}。"
        "同じものを数えていないときは、kind を partial か none にし、offence を新しい符号にします。"
    )


def question(mapped: Mapped, file: str) -> str:
    """Return what has to be asked of a document printed after a change, and where the answer is written."""
    names = "」「".join(one[0] for one in mapped.names.values()) or "、".join(
        sorted(mapped.offences)
    )
    return (
        f"{mapped.year}年の法改正の後、「{names}」が何を数えているかが、見出しからは決まりません。"
        "まず、改正の前と同じものを数えているかを提供元に確かめてください。"
        "同じものを数えているなら kind: exact、"
        f"違うものなら kind: partial（別の系列になります）として、{file} に次の形で一度だけ書いてください: "
        f"laws: {{{mapped.change}: {{kind: exact, reason: 提供元の回答（日付）}}}}"
    )


def _read(entry: Mapping[str, Any], years: Mapping[str, int]) -> Mapped:
    name = str(entry.get("id", "（id なし）"))
    _complete(name, entry, _RULE)
    if entry["change"] not in years:
        raise _wrong(name, f"change「{entry['change']}」は {CHANGES} にありません。")
    unknown = sorted(set(entry["select"]) - set(COLUMNS))
    if unknown:
        raise _wrong(name, f"select の列「{'、'.join(unknown)}」は observations.csv にありません。")
    select = {
        column: tuple(wanted) if isinstance(wanted, list) else (wanted,)
        for column, wanted in entry["select"].items()
    }
    return Mapped(
        id=name,
        year=years[entry["change"]],
        select=select,
        categories=(
            *(_category(name, one, select) for one in entry["categories"]),
            *(_sum(one) for one in entry.get("sums", ())),
        ),
        change=entry["change"],
        names={
            offence: tuple(map(comparable, names))
            for offence, names in entry.get("names", {}).items()
        },
        sums={one["offence"]: tuple(map(comparable, one["of"])) for one in entry.get("sums", ())},
    )


def _sum(line: Mapping[str, Any]) -> Category:
    """Return the category of rows that together go on counting an offence."""
    name = "＋".join(map(comparable, line["of"]))
    return Category(line["offence"], "exact", line["reason"], label=name, was=line["offence"])


def _category(name: str, line: Mapping[str, Any], select: Mapping[str, Any]) -> Category:
    shown = line.get("label") or line.get("code") or "（label も code もない行）"
    _complete(f"{name} {shown}", line, _LINE)
    if unknown := sorted(set(line) - {one.name for one in fields(Category)}):
        raise _wrong(f"{name} {shown}", f"「{'、'.join(unknown)}」という欄はありません。")
    by_code = "code" in line
    if by_code == ("label" in line) or (by_code and not {"document", "table"} <= set(line)):
        raise _wrong(
            f"{name} {shown}",
            "label か、document と table を添えた code のどちらか一方で行を指してください。",
        )
    if line["kind"] not in KINDS:
        raise _wrong(f"{name} {shown}", f"kind は {'、'.join(KINDS)} のどれかです。")
    old = {*select.get("offence", ()), line.get("was", "")}
    if line["kind"] == "exact" and line["offence"] != line.get("was"):
        raise _wrong(f"{name} {shown}", "kind が exact なら offence は was と同じ符号です。")
    if line["kind"] != "exact" and line["offence"] in old:
        raise _wrong(
            f"{name} {shown}",
            f"kind が {line['kind']} の区分は改正前の系列に混ぜられません。"
            f"offence を「{line['offence']}」とは別の新しい符号にしてください。",
        )
    return Category(**{**line, "label": comparable(line.get("label", ""))})


def _complete(name: str, entry: Mapping[str, Any], keys: set[str]) -> None:
    absent = sorted(keys - set(entry))
    if absent:
        raise _wrong(
            name, f"{'、'.join(absent)} がありません。ほかの項目にならって書いてください。"
        )


def _wrong(name: str, problem: str) -> CategoryError:
    return CategoryError(f"E4-CATEGORY {FILE} {name}: {problem}")
