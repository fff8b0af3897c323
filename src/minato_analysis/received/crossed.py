"""Received tables read cell by cell: each number by all the headings it stands under.

Ministries print persons and reoffenders of several years side by side, a sheet an offence, or send one row a
station, year and offence. In: a region and our tables. Out: for each of our tables that the region fills, a
:class:`~minato_analysis.received.work.Mapped`, or None where the region is not laid out like that.

Every heading is looked up among the words of our tables: years, stations (with or without 警察署), offences,
age bands, measures, totals. What the headings do not say is taken from the title and the name of the sheet.
Shares are computed, not taken; a total that is not printed is computed where all its parts are there. Both
are said in the confirmation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from minato_analysis.cleaning.errors import CleaningError
from minato_analysis.cleaning.numbers import parse_number, percent
from minato_analysis.cleaning.tables import continues
from minato_analysis.cleaning.text import label, normalise
from minato_analysis.cleaning.years import Year, format_year
from minato_analysis.data import categories
from minato_analysis.received import confirmation, values
from minato_analysis.received.answers import Answers
from minato_analysis.received.blocks import Block, check_widths, strong_year, year_of
from minato_analysis.received.confirmation import Line
from minato_analysis.received.fit import answered, checked_title
from minato_analysis.received.mapping import check_absent, finish, meaning_of
from minato_analysis.received.refusal import ANSWERS, LONGEST_LABEL, Refusal, quote
from minato_analysis.received.regions import Region, number_in_name
from minato_analysis.received.sheet import Position
from minato_analysis.received.targets import MEASURES, TOTALS, Target, without_unit
from minato_analysis.received.work import Mapped, Work, kind_of

NAMES: Mapping[str, str] = {
    **dict.fromkeys(("年", "年次", "暦年", "西暦"), "year"),
    **dict.fromkeys(("警察署", "警察署名", "署", "署名"), "station"),
    **dict.fromkeys(("罪種", "罪種名", "罪名", "法律", "法律名", "法令", "罪種・法律"), "offence"),
    **dict.fromkeys(("年齢", "年齢層", "年齢階層"), "age_band"),
    **dict.fromkeys(("項目", "指標", "区分", "内訳"), "measure"),
    **dict.fromkeys(("値", "数値", "人数", "人員"), "value"),
}
"""Corner headings and names of columns, and what stands below them."""
_WHAT = ("offence", "station", "age_band")
_ALL = "all"
_ENOUGH = 0.5
"""Share of a table's labels that a region must have to be taken for that table."""

_IN_BRACKETS = re.compile(r"[(・、,]([^()・、,]+)(?=[)・、,])")
"""The parts of a title in brackets: 「…（令和5年・甲区）」."""

Key = tuple[str, str, str, str, int]
"""Offence, station, age band, measure and year."""


@dataclass(frozen=True)
class Heading:
    """One heading: where it stands, its text, and what it names (nothing known: an empty dimension)."""

    position: Position
    printed: str
    dimension: str
    value: str = ""
    year: Year | CleaningError | None = None


@dataclass
class Words:
    """Our tables and their words: label to dimension and value, and labels an answer leaves out."""

    targets: Sequence[Target]
    known: dict[str, tuple[str, str]] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)

    def heading(self, text: str, position: Position, *, bare: bool = False) -> Heading:
        """Return what a heading names; of a year nobody can believe, why."""
        name = without_unit(label(text[:LONGEST_LABEL]))[0]
        if found := self._of(name):
            return Heading(position, text, *found)
        year = year_of(text) if bare or strong_year(text) else None
        return Heading(position, text, "year" if year else "", "", year)

    def _of(self, name: str) -> tuple[str, str] | None:
        station = name.removesuffix("警察署").removesuffix("署")
        if name in TOTALS:
            return "total", _ALL
        if name in MEASURES:
            return "measure", MEASURES[name]
        if name in NAMES:
            return "name", NAMES[name]
        # A law is named with 違反 or without.
        if (found := self.known.get(name) or self.known.get(name.removesuffix("違反"))) is not None:
            return found
        return self.known.get(station) if self.known.get(station, ("",))[0] == "station" else None

    def within(self, texts: Sequence[str], dimension: str) -> set[str]:
        """Return the values of a dimension that texts name, the longest words first."""
        found = set()
        for said in texts:
            text = label(said[:LONGEST_LABEL])
            for name in sorted(self.known, key=len, reverse=True):
                if self.known[name][0] == dimension and name in text:
                    text = text.replace(name, " ")
                    found.add(self.known[name][1])
        return found


def words_of(
    targets: Sequence[Target], answers: Answers, laws: Sequence[categories.Mapped]
) -> Words:
    """Return our tables of years, with their words and those of the law and of the answers given."""
    words = Words([one for one in targets if one.layout["kind"] == "wide"])
    for target in words.targets:
        for name, dimensions in target.labels.items():
            for dimension in _WHAT:
                if dimensions.get(dimension, _ALL) != _ALL and name not in TOTALS:
                    words.known[name] = (dimension, dimensions[dimension])
    said = [(one.label, one.offence) for law in laws for one in law.categories if one.label]
    said += [
        (name, offence) for law in laws for offence, names in law.names.items() for name in names
    ]
    for name, offence in said:
        words.known.setdefault(name, ("offence", offence))
    for given in answers.labels.values():
        for name, answer in given.items():
            if answer.kind == "exact" and (found := words._of(answer.to)):
                words.known[name] = found
            elif answer.kind != "exact":
                words.left_out.add(name)
    return words


def said_by(targets: Sequence[Target]) -> Iterator[str]:
    """Yield the words that headings and titles of tables like ours are made of."""
    for target in targets:
        yield from (target.title, *target.labels)
    yield from (*MEASURES, *NAMES, *TOTALS)


@dataclass
class _Read:
    """The cells of a region by key, and the headings by what they name."""

    cells: dict[Key, Position] = field(default_factory=dict)
    headings: dict[tuple[str, str], Heading] = field(default_factory=dict)
    unknown: dict[Position, Heading] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)


def read(
    region: Region,
    words: Words,
    asked: int,
    answers: Answers,
    laws: Sequence[categories.Mapped],
    titles: Mapping[str, str],
) -> list[Mapped] | None:
    """Return our tables that a region fills; None where it is not laid out by several headings.

    Raises
    ------
    Refusal
        An answer, a number or a title contradicts the tables.
    """
    wide = words.targets
    found = list(_tidy(region, words) if _is_tidy(region, words) else _crossed(region, words))
    kinds = {one.dimension for headings, _ in found for one in headings}
    if not kinds & {"total", *_WHAT}:
        return None
    if "year" not in kinds and (said := _year_said(region)):
        found = [((*headings, said), at) for headings, at in found]
    printed = {
        label(one.printed[:LONGEST_LABEL]): one.printed for headings, _ in found for one in headings
    }
    home = {
        one.layout["common"].get("area_code")
        for one in wide
        if any("station" in dimensions for dimensions in one.labels.values())
    }
    number = region.numbered.number if region.numbered else number_in_name(region.sheet.name)
    chosen = answered(region, wide, answers)
    ours = [chosen] if chosen else [one for one in wide if one.key == number]
    ours = [chosen or checked_title(region, one, laws) for one in ours]
    sure = bool(ours)
    ours = ours or [one for one in wide if one.layout["common"].get("area_code") in home]
    check_widths(region)
    context = _context(region, words, ours[0] if sure else None)
    cells = _keyed(region, found, context, ours[0] if sure else None)
    made = []
    for target in (one.printed_as(printed, laws) for one in ours):
        if sure or _share(target, cells) >= _ENOUGH:
            made.append(_mapped(region, target, cells, asked, answers, titles))
    if made and cells.unknown and not sure:
        made[0].notes += [
            f"{region.sheet.address(one.position)} 見出し{quote(one.printed)}は"
            f"図表{'、'.join(each.target.key for each in made)}のどの行や列でもないので、読んでいません。"
            for one in cells.unknown.values()
            if label(one.printed) not in words.left_out
        ]
    return made or None


def _year_said(region: Region) -> Heading | None:
    """Return the one year that the captions of a table name where none of its headings does."""
    found = {
        year.year: Heading(one.position, one.text, "year", "", year)
        for one in region.captions
        for text in (one.text, *_IN_BRACKETS.findall(normalise(one.text[:LONGEST_LABEL])))
        if isinstance(year := year_of(text), Year) and strong_year(text)
    }
    return next(iter(found.values())) if len(found) == 1 else None


Found = tuple[tuple[Heading, ...], Position]


def _is_tidy(region: Region, words: Words) -> bool:
    head = [
        words._of(label(text[:LONGEST_LABEL])) for _, text in region.sheet.texts(region.rows[0])
    ]
    names = {one[1] for one in head if one and one[0] == "name"}
    return "year" in names and bool(names & set(_WHAT))


def _tidy(region: Region, words: Words) -> Iterator[Found]:
    """Yield the values of a table with one row a station, year and offence."""
    sheet, (head, *body) = region.sheet, region.rows
    columns = {column: words.heading(text, (head, column)) for column, text in sheet.texts(head)}
    stubs = [
        column
        for column, one in columns.items()
        if one.dimension == "name" and one.value != "value"
    ]
    bodies = [
        column
        for column, one in columns.items()
        if one.dimension == "measure" or (one.dimension, one.value) == ("name", "value")
    ]
    for row in body:
        stub = tuple(
            words.heading(
                sheet.cells[row][column], (row, column), bare=columns[column].value == "year"
            )
            for column in stubs
        )
        for column in bodies:
            more = (columns[column],) if columns[column].dimension == "measure" else ()
            yield (*stub, *more), (row, column)


def _crossed(region: Region, words: Words) -> Iterator[Found]:
    """Yield the values of a table whose headings name a measure besides year and label."""
    sheet = region.sheet
    width = len(sheet.cells[region.rows[0]])

    @cache
    def grid(row: int, column: int) -> Heading:
        return words.heading(sheet.cells[row][column], (row, column))

    def heads(row: int) -> bool:
        own = [grid(row, column) for column in range(1, width)]
        first = grid(row, 0)
        blank = not first.printed.strip() or first.dimension == "name"
        said = {one for one in own if one.printed.strip()}
        # 大麻取締法 | 粗暴犯 | 窃盗犯, each over 検挙人員 and うち再犯者.
        over = len(said) > 1 and {one.dimension for one in said} <= {*_WHAT, "total"}
        return (
            sheet.anchor((row, 0)) in {(above, 0) for above in head}
            or (
                any(one.dimension in ("year", "measure") for one in own)
                and (blank or first.dimension == "")
            )
            or (blank and over)
        )

    head: list[int] = []
    for row in region.rows:
        if not heads(row):
            break
        head.append(row)
    body = region.rows[len(head) :]
    start = next(
        (
            column
            for column in range(1, width)
            if any(grid(row, column).dimension in ("year", "measure", *_WHAT) for row in head)
        ),
        0,
    )
    if not head or not body or not start:
        return
    above = {
        column: [
            _carried(grid, [(row, left) for left in range(column, start - 1, -1)], column, head)
            for row in head
        ]
        for column in range(start, width)
    }
    beside: list[Heading] = []
    # A row a station, and below it a row うち再犯者: the first counts all persons.
    below = start == 1 and any(grid(row, 0).dimension == "measure" for row in body)
    whole: list[Heading] = []
    for row in body:
        own = [grid(row, column) for column in range(start)]
        above_it = beside or own
        goes_on = continues([one.printed for one in own], [one.printed for one in above_it])
        beside = [
            before if on else one for on, one, before in zip(goes_on, own, above_it, strict=True)
        ]
        named = [one for one in beside if one.printed.strip()]
        if below and grid(row, 0).dimension == "measure":
            named = [*whole, *named]
        elif below:
            whole = [*named]
            named.append(Heading((row, 0), grid(row, 0).printed, "measure", "persons_arrested"))
        for column, over in above.items():
            headings = tuple(one for one in (*named, *over) if one and one.printed.strip())
            kinds = {one.dimension for one in headings}
            if "measure" not in kinds or not kinds & {"total", "", *_WHAT}:
                if sheet.cells[row][column].strip() and "measure" not in kinds:
                    return
                continue
            yield headings, (row, column)


def _carried(
    grid: Callable[[int, int], Heading],
    places: Sequence[Position],
    column: int,
    head: Sequence[int],
) -> Heading | None:
    """Return the heading of a column in one header row: its own, or that of a merged cell to the left."""
    row = places[0][0]
    below = any(grid(lower, column).printed.strip() for lower in head if lower > row)
    for place in places:
        if grid(*place).printed.strip():
            return grid(*place)
        if not below:
            return None
    return None


def _context(region: Region, words: Words, target: Target | None) -> dict[str, str]:
    """Return what title and name of the sheet say: an offence, a station, one year."""
    if target is not None:
        return {"offence": target.layout["common"].get("offence", _ALL)}
    name = region.sheet.name[:LONGEST_LABEL]
    texts = [one.text for one in region.captions]
    found = {}
    for dimension in _WHAT:
        said = words.within([name], dimension) or words.within(texts, dimension)
        if len(said) == 1:
            found[dimension] = said.pop()
    return found


def _wholes(found: Sequence[Found], rows: Collection[int]) -> dict[bool, dict[str, str]]:
    """Return what a total counts, of the headings beside (True) and of those above (False)."""
    named: dict[bool, set[str]] = {True: set(), False: set()}
    values_of: dict[str, set[str]] = {one: set() for one in _WHAT}
    for headings, _ in found:
        for one in headings:
            if one.dimension in _WHAT:
                named[one.position[1] in rows].add(one.dimension)
                values_of[one.dimension].add(one.value)
    return {
        in_rows: {one: _whole(values_of[one]) if one == "offence" else _ALL for one in dimensions}
        for in_rows, dimensions in named.items()
    }


def _keyed(
    region: Region, found: Sequence[Found], context: Mapping[str, str], target: Target | None
) -> _Read:
    out = _Read()
    sheet = region.sheet
    rows = {
        one.position[1] for headings, at in found for one in headings if one.position[0] == at[0]
    }
    wholes = _wholes(found, rows)
    wrong: dict[str, Refusal] = {}
    for headings, position in found:
        dimensions: dict[str, str] = dict(context)
        year, at = None, position
        for one in headings:
            if one.dimension == "total":
                dimensions |= wholes[one.position[1] in rows]
            elif one.dimension == "year":
                year, at = one.year, one.position
            elif one.dimension == "":
                out.unknown[one.position] = one
            elif one.dimension != "name":
                dimensions[one.dimension] = one.value
        if isinstance(year, CleaningError):
            wrong[str(year)] = Refusal(year.code, sheet.address(at), year.message)
        if any(one.dimension == "" for one in headings) or not isinstance(year, Year):
            continue
        if "offence" not in dimensions or "measure" not in dimensions:
            continue
        key = (
            dimensions["offence"],
            dimensions.get("station", _ALL),
            dimensions.get("age_band", _ALL),
            dimensions["measure"],
            year.year,
        )
        if key in out.cells and out.cells[key] != position:
            before = sheet.address(out.cells[key])
            out.refused.append(
                Refusal(
                    "E6-LABEL-TWICE",
                    sheet.address(position),
                    f"同じ見出しの値が2回あります（1回目は{before}）。"
                    "まずどちらが正しいかを確かめ、1つだけを残して保存し直してください。",
                )
            )
        out.cells[key] = position
        for one in headings:
            out.headings.setdefault((one.dimension, one.value or str(year.year)), one)
    out.refused += wrong.values()
    return out


def _whole(offences: set[str]) -> str:
    """Return the code of a total over these offences."""
    if "penal_code" in offences and len(offences - {"penal_code"}):
        drugs = {"stimulants", "cannabis", "narcotics", "drugs"}
        return "penal_code_and_drugs" if offences & drugs else "penal_code"
    return "drugs" if "stimulants" in offences else "penal_code"


def _keys(target: Target, name: str, year: int) -> list[Key]:
    dimensions = {**target.layout["common"], **target.labels[name]}
    measures = target.layout.get("values") or [dimensions["measure"]]
    what = (
        dimensions.get("offence", _ALL),
        dimensions.get("station", _ALL),
        dimensions.get("age_band", _ALL),
    )
    return [(*what, measure, year) for measure in measures]


def _share(target: Target, read: _Read) -> float:
    years = {key[-1] for key in read.cells}
    there = [
        name
        for name in target.labels
        if any(all(key in read.cells for key in _keys(target, name, year)) for year in years)
    ]
    return len(there) / len(target.labels) if len(there) > 1 else 0.0


def _mapped(
    region: Region,
    target: Target,
    read: _Read,
    asked: int,
    answers: Answers,
    titles: Mapping[str, str],
) -> Mapped:
    work = Work(Block(region, (), (), across=True), target, answers)
    work.out.refused += map(str, read.refused)
    years = _years(work, read, asked)
    found: dict[tuple[str, int], str] = {}
    computed: dict[str, str] = {}
    seen: set[str] = set()
    for year in years:
        for name in target.labels:
            text = _value(work, read, name, years[year])
            if text is None and not (how := ""):
                text, how = _computed(work, read, name, year, found)
                if text:
                    computed[name] = how
            if text is not None:
                seen.add(name)
            if text:
                found[name, year] = text
                there = [read.cells[key] for key in _keys(target, name, year) if key in read.cells]
                cells = "、".join(map(region.sheet.address, there)) or region.place
                work.out.origins[name, year] = (cells, text)
    unknown = [quote(one.printed)[1:-1] for one in read.unknown.values()]
    check_absent(work, seen, [*dict.fromkeys(unknown)][:3])
    for name in target.labels:
        meaning = meaning_of(target, name, titles)
        keys = [_keys(target, name, year)[0] for year in years]
        there = [read.cells[key] for key in keys if key in read.cells]
        if name in computed:
            place = region.sheet.address(there[0]) if there else region.place
            work.out.lines.append(
                Line(
                    place,
                    "",
                    target.key,
                    name,
                    "",
                    f"{meaning}（{computed[name]}）",
                    confirmation.COMPUTED,
                )
            )
        elif there:
            heading = _label_heading(read, target, name, there[0])
            printed = heading.printed if heading else ""
            place = region.sheet.address(heading.position if heading else there[0])
            same = printed == target.printed.get(name)
            certainty = confirmation.SAME if same else confirmation.NORMALISED
            if why := _answered(work, printed):
                certainty, meaning = confirmation.ANSWERED, f"{meaning}（{ANSWERS}: {why}）"
            work.out.lines.append(Line(place, printed, target.key, name, "", meaning, certainty))
    finish(work, found, years, asked)
    return work.out


def _answered(work: Work, printed: str) -> str:
    """Return the reason of an answer that gives a heading its meaning, for this table or another."""
    name = label(printed[:LONGEST_LABEL])
    for given in work.answers.labels.values():
        if name in given and given[name].kind == "exact":
            work.out.used.add(name)
            return given[name].reason
    return ""


def _label_heading(read: _Read, target: Target, name: str, position: Position) -> Heading | None:
    dimensions = target.labels[name]
    for dimension in _WHAT:
        if (one := read.headings.get((dimension, dimensions.get(dimension, "")))) is not None:
            return one
    if name in TOTALS:
        return read.headings.get(("total", _ALL))
    return read.headings.get(("measure", dimensions.get("measure", "")))


def _years(work: Work, read: _Read, asked: int) -> dict[int, Year]:
    years: dict[int, Year] = {}
    for (dimension, _), one in read.headings.items():
        if dimension != "year" or not isinstance(one.year, Year):
            continue
        year, target = one.year, work.target
        if target.layout.get("year_kind") != "any" and year.kind != kind_of(target):
            work.out.refused.append(
                str(
                    Refusal(
                        "E1-YEAR-KIND",
                        work.block.sheet.address(one.position),
                        f"{quote(one.printed)}の数え方（年か年度か）が図表{target.key}と違います。"
                        "まず原本の見出しを確かめ、同じ数え方の表を受け取ってください。",
                    )
                )
            )
            continue
        known = year.year in target.years
        taken = year.year <= asked or known
        if taken:
            years[year.year] = year
        meaning = "再掲の年" if known else "新しい年" if taken else f"指定した年（{asked}年）より後"
        same = one.printed == format_year(year)
        certainty = confirmation.SAME if same else confirmation.NORMALISED
        place = work.block.sheet.address(one.position)
        printed = format_year(year) if taken else ""
        certainty = certainty if taken else confirmation.NOT_TAKEN
        work.out.lines.append(Line(place, one.printed, target.key, "", printed, meaning, certainty))
    if asked not in years and not work.out.refused:
        work.absent_year(asked, years)
    return dict(sorted(years.items()))


def _value(work: Work, read: _Read, name: str, year: Year) -> str | None:
    """Return a value as printed, "" for one that is refused or left out by an answer, None if not there."""
    target, sheet = work.target, work.block.sheet
    keys = _keys(target, name, year.year)
    if keys[-1][3] == "reoffender_share" or any(key not in read.cells for key in keys):
        return None
    places = [read.cells[key] for key in keys]
    try:
        texts = [values.text_of(sheet, place) for place in places]
        if name in work.absent and not all(text.strip() for text in texts):
            work.out.used.add(name)
            return ""
        for text, place in zip(texts, places, strict=True):
            if not text.strip():
                values.check("", sheet.address(place), target, name, year)
        whole = texts[0] if len(texts) == 1 else f"{texts[0]} ({texts[1]})"
        values.check(whole, sheet.address(places[0]), target, name, year)
    except Refusal as refusal:
        work.out.refused.append(str(refusal))
        return ""
    return values.marked(normalise(whole), year)


def _computed(
    work: Work, read: _Read, name: str, year: int, found: Mapping[tuple[str, int], str]
) -> tuple[str | None, str]:
    """Return a value that follows from those printed, and how; None where it does not."""
    target = work.target
    keys = _keys(target, name, year)
    offence, station, age, measure, _ = keys[-1]

    def printed(*key: str) -> Decimal | None:
        at = read.cells.get((*key, year))  # type: ignore[arg-type]
        return _number(work, at) if at else None

    whole = printed(offence, station, age, "persons_arrested")
    again = printed(offence, station, age, "reoffenders")
    if measure == "reoffender_share" and whole and again is not None:
        return f"{percent(int(again), int(whole), 1)}%", "再犯者数÷検挙人員から計算"
    if measure == "first_time" and whole is not None and again is not None:
        return str(whole - again), "検挙人員－再犯者数から計算"
    if name not in TOTALS or (name, year) in found:
        return None, ""
    everything = printed("penal_code_and_drugs", station, age, measure)
    penal = printed("penal_code", station, age, measure)
    if offence == "drugs" and everything is not None and penal is not None:
        return str(everything - penal), "合計－刑法犯総数から計算"
    parts = [_keys(target, one, year) for one in target.labels if one != name]
    sums = []
    for level in range(len(keys)):
        numbers = [
            _number(work, read.cells[one[level]]) if one[level] in read.cells else None
            for one in parts
        ]
        if any(one is None for one in numbers):
            return None, ""
        sums.append(sum((one for one in numbers if one is not None), Decimal(0)))
    text = str(sums[0]) if len(sums) == 1 else f"{sums[0]} ({sums[1]})"
    return text, "内訳の合計から計算"


def _number(work: Work, position: Position) -> Decimal | None:
    try:
        (one,) = parse_number(values.text_of(work.block.sheet, position)).values
    except (CleaningError, Refusal, ValueError):
        return None
    return None if one.value is None else Decimal(one.value)
