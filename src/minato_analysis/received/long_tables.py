"""A received table with one value a row, laid out like one of our ``long`` tables.

In: a region whose first row names all columns of a long table of ours. Out: its rows for the years up to the
one asked for, as :class:`~minato_analysis.received.work.Mapped`. Columns may stand in another order; their
names, and every name in a column that says what a row counts, must be ours.

Codes: ``E6-TABLE-TWO``, ``E6-LABEL-UNKNOWN``, ``E6-LABEL-TWICE``, ``E6-YEAR-ABSENT``; ``E1-…`` are passed on.
"""

from __future__ import annotations

from collections.abc import Sequence

from minato_analysis.cleaning import tables
from minato_analysis.cleaning.errors import CleaningError
from minato_analysis.cleaning.text import label, normalise
from minato_analysis.cleaning.years import Year
from minato_analysis.received import confirmation
from minato_analysis.received.answers import Answers
from minato_analysis.received.blocks import check_widths, year_of
from minato_analysis.received.confirmation import Line
from minato_analysis.received.refusal import ANSWERS, LONGEST_LABEL, Refusal, quote
from minato_analysis.received.regions import Region
from minato_analysis.received.targets import Target
from minato_analysis.received.work import Mapped


def fit_long(region: Region, targets: Sequence[Target], answers: Answers) -> Target | None:
    """Return the long table a region is laid out like; several with one layout are told apart by an answer.

    Raises
    ------
    Refusal
        ``E6-TABLE-TWO``.
    """
    header = {label(text[:LONGEST_LABEL]) for text in region.sheet.cells[region.rows[0]]} - {""}
    fitting = [
        one
        for one in targets
        if one.layout["kind"] == "long"
        and {*one.layout["row"], one.layout["year"], one.layout["value"], *one.layout["by"]}
        <= header
    ]
    names = [label(region.place), label(region.sheet.name[:LONGEST_LABEL])]
    chosen = {answers.tables[name] for name in names if name in answers.tables} or set(names)
    found = [one for one in fitting if {one.key, one.resource["name"]} & chosen]
    if not found and len(fitting) == 1 and header == set(map(label, fitting[0].cells[0])):
        found = fitting
    if len(found) == 1 or not fitting:
        return found[0] if found else None
    known = [one.resource["name"] for one in fitting]
    raise Refusal(
        "E6-TABLE-TWO",
        region.place,
        f"列の名前が {'、'.join(known)} と同じで、どの続きか決められません。まず出典を確かめ、"
        f'{ANSWERS} の tables に「"{region.place}": "{known[0]}"」の形で書いてください。',
    )


def mapped_long(region: Region, target: Target, year: int) -> Mapped:
    """Return the rows of a long table up to a year, columns in our order."""
    out = Mapped(target)
    try:
        check_widths(region)
    except Refusal as refusal:
        out.refused.append(str(refusal))
        return out
    sheet, layout = region.sheet, target.layout
    head, *body = region.rows
    names = [label(text[:LONGEST_LABEL]) for text in sheet.cells[head]]
    columns = {name: names.index(name) for name in target.cells[0] if name in names}
    rows, years, seen = [], set(), set()
    for row in body:
        record = {name: sheet.cells[row][column] for name, column in columns.items()}
        try:
            found = _row(region, row, record, target)
            key = tuple(label(record[name]) for name in layout["row"])
            if key in seen:
                raise Refusal(
                    "E6-LABEL-TWICE",
                    sheet.address((row, 0)),
                    f"{quote('/'.join(key))}が2回あります。まずどちらが正しいかを確かめ、1つだけを残してください。",
                )
        except Refusal as refusal:
            out.refused.append(str(refusal))
            continue
        seen.add(key)
        taken = found is None or found.year <= year
        years |= {found.year} if found else set()
        if taken:
            rows.append([_text(record.get(name, "")) for name in target.cells[0]])
        meaning = "行" if taken else f"指定した年（{year}年）より後"
        certainty = confirmation.SAME if taken else confirmation.NOT_TAKEN
        place = sheet.address((row, columns[layout["value"]]))
        shown = "/".join(key)
        out.lines.append(Line(place, shown, target.key, shown, "", meaning, certainty))
    if year not in years:
        out.refused.append(
            str(
                Refusal(
                    "E6-YEAR-ABSENT",
                    region.place,
                    f"{target.key} に{year}年の行がありません（最後の年は{max(years, default='なし')}）。"
                    "まず年の指定とファイルの版を確かめ、その年を含むファイルを受け取ってください。",
                )
            )
        )
    if not out.refused:
        out.cells = [list(target.cells[0]), *rows]
    return out


def _text(text: str) -> str:
    # Notes may be long prose; only names and numbers are brought into one form.
    return normalise(text) if len(text) <= LONGEST_LABEL else " ".join(text.split())


def _row(region: Region, row: int, record: dict[str, str], target: Target) -> Year | None:
    """Return the year of a row whose names and value are certain."""
    sheet, layout = region.sheet, target.layout
    place = sheet.address((row, 0))
    doubts = [one for position, one in sheet.doubts.items() if position[0] == row]
    if doubts:
        raise doubts[0]
    for name, known in layout["by"].items():
        if record[name] not in known:
            raise Refusal(
                "E6-LABEL-UNKNOWN",
                place,
                f"列{name}の{quote(record[name])}は {target.key} に登録されていません"
                f"（登録: {'、'.join(known)}）。まずつづりを確かめ、登録の名前に直してください。",
            )
    header = [*record]
    try:
        read = tables.observations(
            [header, [record[name] for name in header]],
            # What is received is dated as a whole, by its document.
            {name: value for name, value in layout.items() if name != "known_from"},
            source_id="received",
            table=target.key,
            as_of="",
            file=place,
        )
    except CleaningError as error:
        raise Refusal(error.code, place, error.message) from None
    year = year_of(record[layout["year"]])
    return year if isinstance(year, Year) and read else None
