"""What stands around a received table: period, place, unit, measure and population.

In: a region's captions, headings and notes, the name of its sheet, the cover. Out: a
:class:`~minato_analysis.received.refusal.Refusal` for everything that contradicts our table and for every
word that :mod:`~minato_analysis.received.captions` does not know. A title beside its number is not read
again: it was compared with ours. Headings, cover and what stands in no cell (names of sheet and file, header
of the page, comments, shapes) are read for period and unit only, the last for the population too: what else
stands there is read as labels, or said to be left aside.

Codes: ``E6-AROUND-`` with ``PERIOD``, ``YEAR``, ``PLACE``, ``UNIT``, ``MEASURE``, ``POPULATION``,
``UNKNOWN``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from minato_analysis.cleaning.text import label
from minato_analysis.received import confirmation
from minato_analysis.received.blocks import year_of
from minato_analysis.received.captions import KINDS_JA, Own, Part, parts, years_of
from minato_analysis.received.confirmation import Line
from minato_analysis.received.refusal import ANSWERS, LONGEST_LABEL, Refusal, quote
from minato_analysis.received.regions import Caption, Region
from minato_analysis.received.sheet import Sheet
from minato_analysis.received.targets import Target, without_unit

_ADULTS = "20歳以上"
_ADULTS_ONLY = ("少年を除く", "20歳以上", "20歳以上の者", "成人")
_READ = {
    "title": None,
    "note": None,
    "heading": ("period", "unit"),
    "cover": ("period", "unit"),
    "beside": ("period", "unit", "population"),
}
"""Kinds that are read in each place; None: all, and what is unknown is asked about."""
_MOST_LINES = 300
_SAID = {
    "heading": ("period", "year", "unit", "provisional"),
    "cover": ("period", "unit", "provisional"),
    "beside": ("period", "unit", "population", "provisional"),
}
"""What each place says of a table as a whole; the rest of headings are its labels."""
_WHY = {
    "period": "1年のうちの一部か、違う年の数え方",
    "place": "別の地域",
    "unit": "違う単位",
    "measure": "違う数え方",
    "population": "一部の人",
    "year": "違う年",
}


@dataclass(frozen=True)
class Said:
    """One line around a table: its cell, its text, where it stands, and its parts."""

    place: str
    text: str
    where: str
    parts: tuple[Part, ...]


def own(
    target: Target,
    words: Mapping[str, Mapping[str, str]],
    names: Collection[str],
    more: Sequence[str],
) -> Own:
    """Return what a table of ours says of itself.

    Parameters
    ----------
    target : Target
    words : mapping
        Definitions by their name.
    names : collection of str
        Its areas.
    more : sequence of str
        Words that agree besides its own, where the received table is not known by number or title.
    """
    defined = [words[one] for one in _definitions(target) if one in words]
    adults = bool(defined) and all(_ADULTS in one.get("age", "") for one in defined)
    return Own(
        words=(target.title, *(label(one["title"]) for one in defined), *more),
        labels=tuple(
            word
            for one in target.labels
            for path in one.split("/")
            for word in (path, without_unit(path)[0])
        ),
        places=names,
        units=target.units,
        agreed=_ADULTS_ONLY if adults else (),
        yearly=target.layout.get("year_kind", "calendar"),
    )


def said(
    region: Region, ours: Own, cover: Sequence[Caption], above: Sequence[int] = ()
) -> list[Said]:
    """Return the lines around a table with what they say; `above` are heading rows that name no label."""
    return [
        Said(line.sheet or region.sheet.address(line.position), line.text, where, found)
        for where, line in _lines(region, cover, above)
        if (found := tuple(parts(line.text, ours)))
    ]


def contradictions(
    lines: Sequence[Said],
    target: Target,
    settled: Mapping[str, str],
    laws: Collection[str],
    year: int,
) -> dict[str, Refusal]:
    """Return a refusal for everything said that contradicts our table or is unknown, by the line's text.

    Parameters
    ----------
    lines, target
    settled : mapping of str to str
        Lines that answers say have no bearing (in the form for comparing), and why.
    laws : collection of str
        Names of what a change of law in force moved: what a note says of it is asked of the document.
    year : int
        Western year asked for: a caption that names years names this one, too.
    """
    seen: dict[str, Refusal] = {}
    for line in lines:
        read, text = _READ[line.where], label(line.text[:LONGEST_LABEL])
        for part in line.parts:
            other = part.kind == "year" and line.where == "title" and not _names(part.text, year)
            if (
                (part.agrees and not other)
                or text in settled
                or (read is not None and part.kind not in read)
            ):
                continue
            if line.where in ("cover", "beside") and "年度" in part.text:
                continue
            if line.where == "note" and part.kind not in ("period", "unit") and _of_law(text, laws):
                continue
            # A note may tell of other places and people: that is asked, not contradicted.
            known = part.kind in ("period", "unit", "year") or (
                line.where != "note" and part.kind in _WHY
            )
            seen.setdefault(text, _refusal(line, part.text, part.kind if known else "", target))
    return seen


def understood(
    region: Region,
    lines: Sequence[Said],
    target: Target,
    ours: Own,
    settled: Mapping[str, str],
    words: Mapping[str, Mapping[str, str]],
) -> list[Line]:
    """Return what is said of a table, and what holds where nothing is said.

    Parameters
    ----------
    region, lines, target, ours
    settled : mapping of str to str
        Lines that answers say have no bearing, and why.
    words : mapping
        Definitions by their name.
    """
    used = [words[one] for one in _definitions(target) if one in words]
    otherwise = {
        "period": {"fiscal": "年度", "any": "年又は年度"}.get(ours.yearly, "暦年"),
        "place": "、".join(sorted(ours.places)),
        "unit": "、".join(sorted(ours.units)),
        "measure": "、".join(one.get("title", "") for one in used),
        "population": "、".join(
            f"{one['population']}（{one['age']}）"
            for one in used
            if {"population", "age"} <= {*one}
        ),
    }
    said_of: dict[str, list[tuple[Said, Part]]] = {}
    for line in lines:
        for part in line.parts:
            if part.kind in (_SAID.get(line.where) or KINDS_JA):
                said_of.setdefault(part.kind, []).append((line, part))
    found = []
    for kind, name in KINDS_JA.items():
        parts_of = said_of.get(kind, [])
        found += [
            Line(
                line.place,
                line.text,
                target.key,
                "",
                "",
                f"{name}: {one.text.removeprefix('単位:')}",
                confirmation.READ,
            )
            for line, one in parts_of
        ]
        if not parts_of and otherwise.get(kind):
            meaning = f"{name}: {otherwise[kind]}"
            found.append(Line(region.place, "", target.key, "", "", meaning, confirmation.NOT_SAID))
    found += [
        Line(line.place, line.text, target.key, "", "", why, confirmation.ANSWERED)
        for line in lines
        if (why := settled.get(label(line.text[:LONGEST_LABEL])))
    ]
    return found


def _definitions(target: Target) -> list[str]:
    common = target.layout["common"]
    return sorted({{**common, **one}.get("definition", "") for one in target.labels.values()})


def _names(text: str, year: int) -> bool:
    years = years_of(text)
    return not years or min(years) <= year <= max(years)


def _of_law(text: str, laws: Collection[str]) -> bool:
    return any(one in text for one in laws) and any(one in text for one in ("改正", "違反"))


def _lines(
    region: Region, cover: Sequence[Caption], above: Sequence[int]
) -> Iterator[tuple[str, Caption]]:
    # A title beside its number was compared with ours, or answered.
    yield from (("title", one) for one in region.captions if not (one.number and one.title))
    # A name in Latin letters is one of a computer: letter, Sheet1.
    name = "".join(one for one in region.sheet.name if not (one.isascii() and one.isalpha()))
    yield "title", Caption((region.rows[0], 0), name)
    for text in (region.sheet.name, *region.sheet.beside):
        yield "beside", Caption((region.rows[0], 0), text, sheet=f"{region.sheet.name} のセルの外")
    for row in region.rows[:3]:
        texts = region.sheet.texts(row)
        # One text alone above the headings speaks of all of them.
        alone = row == region.rows[0] and len(texts) == 1 and year_of(texts[0][1]) is None
        where = "title" if alone or row in above else "heading"
        for column, text in texts:
            yield where, Caption((row, column), text)
    yield from (("note", one) for one in region.notes)
    yield from (("cover", one) for one in cover)


def cover_of(sheets: Sequence[Sheet], with_tables: Collection[str]) -> list[Caption]:
    """Return the lines of the sheets without a table: of a cover, which speaks of all of them."""
    return [
        Caption((row, column), text, sheet=sheet.address((row, column)))
        for sheet in sheets
        if sheet.name not in with_tables
        for row, column, text in islice(
            ((row, *one) for row in range(len(sheet.cells)) for one in sheet.texts(row)),
            _MOST_LINES,
        )
    ]


def _refusal(line: Said, word: str, kind: str, target: Target) -> Refusal:
    code = kind.upper() or "UNKNOWN"
    text = " ".join(line.text[:LONGEST_LABEL].split()).replace("\\", r"\\").replace('"', r"\"")
    settle = f'{ANSWERS} の words に「"{text}": 理由」の形で書いてください' + (
        f'（この表の値を変える語なら、表ごと使わないか、cells に「"{line.place}": '
        "{value: 正しい語, reason: 理由}」の形で直します）。"
        if "!" in line.place
        else "。"
    )
    if not kind:
        return Refusal(
            f"E6-AROUND-{code}",
            line.place,
            f"表のまわりの{quote(line.text)}に、知らない語「{word}」があります。まずこの語が図表{target.key}"
            f"（{target.title}）の期間、地域、単位、数え方、人の範囲を変えないかを確かめ、変えないなら、"
            + settle,
        )
    return Refusal(
        f"E6-AROUND-{code}",
        line.place,
        f"{quote(line.text)}に「{word}」（{_WHY[kind]}）とあり、図表{target.key}（{target.title}）と合いません。"
        "まず同じ範囲の表かを確かめ、違う表なら正しい表を受け取ってください。同じ範囲だと確かめたら、"
        + settle,
    )
