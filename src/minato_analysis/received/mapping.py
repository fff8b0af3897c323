"""A received table mapped onto ours: labels to labels, years to years, values as printed.

In: a :class:`~minato_analysis.received.blocks.Block`, the table it is about
(:class:`~minato_analysis.received.targets.Target`), the year asked for and the answers given. Out:
:class:`~minato_analysis.received.work.Mapped`: our table's cells for that year and the re-printed years, the
confirmation lines, and a sentence for everything that is not certain. A table with one such sentence gives no
cells at all: half a table is not carried over.

Labels are compared after :func:`minato_analysis.cleaning.text.label`; a unit at a label's end may be there
or not but must be ours. Values pass :func:`minato_analysis.cleaning.tables.read_cell`.

Codes: ``E6-LABEL-`` with ``BLANK``, ``UNKNOWN``, ``TWICE``, ``ABSENT``; ``E6-UNIT``, ``E6-YEAR-ABSENT``,
``E6-ANSWER-TO``; codes of cells and of ``E1-…`` are passed on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from minato_analysis.cleaning.errors import CleaningError
from minato_analysis.cleaning.years import Year, format_year
from minato_analysis.received import confirmation, values
from minato_analysis.received.answers import Answer, Answers
from minato_analysis.received.blocks import Block, Entry
from minato_analysis.received.refusal import ANSWERS, Refusal, quote
from minato_analysis.received.targets import Target
from minato_analysis.received.work import Mapped, Work, kind_of

_KINDS: Mapping[str, str] = {"calendar": "暦年（年）", "fiscal": "年度"}


def mapped(
    block: Block, target: Target, year: int, answers: Answers, words: Mapping[str, str]
) -> Mapped:
    """Map one received table.

    Parameters
    ----------
    block, target
    year : int
        Western year asked for.
    answers : Answers
    words : mapping of str to str
        Titles of definitions and names of areas, for the confirmation.
    """
    work = Work(block, target, answers)
    work.out.above = block.above
    labels = _labels(work, words)
    years = _years(work, year)
    found: dict[tuple[str, int], str] = {}
    for name, one in labels.items():
        for number, (printed, entry) in years.items():
            position = block.cell(one, entry)
            if name in work.absent and not block.sheet.cells[position[0]][position[1]].strip():
                work.out.used.add(name)
                continue
            try:
                text = values.taken(block.sheet, position, target, name, printed)
                found[name, number] = text
                work.out.origins[name, number] = (block.sheet.address(position), text)
            except Refusal as refusal:
                work.out.refused.append(str(refusal))
    finish(work, found, {number: printed for number, (printed, _) in years.items()}, year)
    return work.out


def finish(
    work: Work, found: dict[tuple[str, int], str], years: Mapping[int, Year], asked: int
) -> None:
    """Give the values that answers leave out their sign, and lay the table out.

    A year printed before is left away where a row is missing and no other value of it is new.
    """
    target = work.target
    work.out.notes += values.revised(found, target)
    if work.out.refused:
        return
    left_out = [name for name in target.labels if any((name, year) not in found for year in years)]
    taken = {
        year: printed
        for year, printed in years.items()
        if year == asked
        or all((name, year) in found for name in target.labels)
        or values.revised({key: text for key, text in found.items() if key[1] == year}, target)
    }
    for name in left_out:
        for year in taken:
            found.setdefault((name, year), work.sign(name))
    if asked in taken:
        work.out.cells = values.laid_out(found, list(taken.values()), target)
    elif taken:
        work.out.notes.append(
            f"図表{target.key}: {asked}年の値がないという答えなので、この表は下書きに入れません。"
        )


def joined(one: Mapped, other: Mapped, year: int) -> Mapped | None:
    """Return two parts of a table as one: the labels that each lacks, and nothing else, stand in the other.

    Parameters
    ----------
    one, other : Mapped
        Of the same table of ours.
    year : int
        Western year asked for.
    """
    labels = {*one.target.labels}
    if not labels or {*one.missing} != labels - {*other.missing}:
        return None
    if any(len(each.refused) != 1 or not each.missing for each in (one, other)):
        return None
    found = {key: text for each in (one, other) for key, (_, text) in each.origins.items()}
    years = sorted({number for _, number in found})
    printed = [Year(number, kind_of(one.target)) for number in years]
    cells = values.laid_out(found, printed, one.target)
    if one.provisional or other.provisional:
        cells = values.all_provisional(cells, one.target, year)
    return replace(
        one,
        cells=cells if all((name, number) in found for name in labels for number in years) else [],
        lines=[*one.lines, *other.lines],
        refused=[],
        notes=[*one.notes, *other.notes],
        used=one.used | other.used,
        origins={**one.origins, **other.origins},
        missing=[],
    )


def _labels(work: Work, words: Mapping[str, str]) -> dict[str, Entry]:
    """Return the received row or column of each of our labels."""
    taken: dict[str, Entry] = {}
    seen: dict[str, Entry] = {}
    in_part: set[str] = set()
    for one in work.block.labels:
        try:
            ours, certainty, why = _label(work, one)
            if ours in seen and certainty != confirmation.NOT_TAKEN:
                raise work.twice(one, seen[ours], ours)
        except Refusal as refusal:
            work.unclear(one, refusal)
            continue
        if certainty == confirmation.NOT_TAKEN:
            in_part.add(ours)
            work.line(one, "", f"{ours}の一部: {why}" if ours else why, certainty)
            continue
        seen[ours] = taken[ours] = one
        meaning = meaning_of(work.target, ours, words)
        work.line(one, ours, f"{meaning}（{why}）" if why else meaning, certainty)
    check_absent(work, {*seen, *in_part})
    return taken


def check_absent(work: Work, seen: set[str], unknown: Sequence[str] = ()) -> None:
    """Refuse a table that lacks labels of ours which no answer leaves out.

    `unknown` are received labels that may be new names of theirs.
    """
    labels, key = work.target.labels, work.target.key
    missing = [one for one in labels if one not in seen and one not in work.absent]
    work.out.missing = missing
    if missing := [one for one in missing if one not in work.proposed]:
        work.refuse(
            "E6-LABEL-ABSENT",
            f"図表{key}の「{'」「'.join(missing)}」がありません（{len(labels)}個のうち{len(missing)}個）。"
            + (
                f"知らない見出し「{'」「'.join(unknown)}」がそれなら、{ANSWERS} の labels の「{key}」に"
                f"「{unknown[0]}: {{to: {missing[0]}, kind: exact, reason: 理由}}」の形で書いてください。"
                if unknown
                else ""
            )
            + f"まず行や列が落ちていないかを確かめ、提供されていないものなら {ANSWERS} に"
            f"「absent: {{{key}: {{{missing[0]}: 理由}}}}」の形（値は … となります。秘匿なら理由の代わりに "
            "{as: x, reason: 理由}）で理由を書いてください。",
        )
    work.out.used |= {one for one in work.absent if one in labels and one not in seen}


def _label(work: Work, one: Entry) -> tuple[str, str, str]:
    """Return our label for a received one, how certain it is, and the reason of an answer."""
    work.check_cell(one)
    if answer := work.answer(one):
        return _by_answer(work, answer, one)
    if not one.path:
        raise Refusal(
            "E6-LABEL-BLANK",
            work.address(one),
            "見出しが空の行か列に値があります。まず結合されたセルの続きでないかを確かめ、"
            "見出しを書くか、要らない値を消して保存し直してください。",
        )
    ours, unit = work.target.find(one.path)
    if not ours:
        raise work.unknown(one, list(work.target.labels))
    wanted = work.target.unit(work.target.labels[ours])
    if unit and wanted and unit != wanted:
        raise Refusal(
            "E6-UNIT",
            work.address(one),
            f"{quote(one.path)}の単位は「{unit}」ですが、図表{work.target.key}の単位は「{wanted}」です。"
            "まず列や行がずれていないかを確かめ、同じ単位の表を受け取ってください。",
        )
    same = one.printed == work.target.printed.get(ours)
    return ours, confirmation.SAME if same else confirmation.NORMALISED, ""


def _by_answer(work: Work, answer: Answer, one: Entry) -> tuple[str, str, str]:
    why = f"{ANSWERS}: {answer.reason}"
    if answer.kind == "none":
        return "", confirmation.NOT_TAKEN, why
    if answer.to not in work.target.labels:
        raise Refusal(
            "E6-ANSWER-TO",
            work.address(one),
            f"{ANSWERS} の to の{quote(answer.to)}は図表{work.target.key}にありません。まずつづりを確かめ、"
            f"次のどれかを書いてください: {'、'.join(work.target.labels)}。",
        )
    exact = answer.kind == "exact"
    return answer.to, confirmation.ANSWERED if exact else confirmation.NOT_TAKEN, why


def _years(work: Work, asked: int) -> dict[int, tuple[Year, Entry]]:
    """Return the received years to take over, in order."""
    found: dict[int, tuple[Year, Entry]] = {}
    for one in work.block.years:
        try:
            year = _year(work, one, asked)
            if year is not None and year.year in found:
                raise work.twice(one, found[year.year][1], format_year(year))
        except Refusal as refusal:
            work.unclear(one, refusal)
            continue
        if year is not None:
            found[year.year] = (year, one)
    if asked not in found:
        work.absent_year(asked, {year: printed for year, (printed, _) in found.items()})
    return dict(sorted(found.items()))


def _year(work: Work, one: Entry, asked: int) -> Year | None:
    """Return the year of a row or column that is taken over, None of one that is left out."""
    work.check_cell(one)
    answer = work.answer(one)
    if answer is not None and answer.kind == "none":
        work.line(one, "", f"{ANSWERS}: {answer.reason}", confirmation.NOT_TAKEN)
        return None
    if isinstance(one.year, CleaningError):
        raise Refusal(one.year.code, work.address(one), one.year.message)
    if one.year is None:
        raise work.unknown(one, [])
    target = work.target
    if target.layout.get("year_kind") != "any" and one.year.kind != kind_of(target):
        raise Refusal(
            "E1-YEAR-KIND",
            work.address(one),
            f"{quote(one.printed)}は{_KINDS[one.year.kind]}ですが、図表{target.key}は"
            f"{_KINDS[kind_of(target)]}の表です。まず原本の見出しを確かめ、同じ数え方の表を受け取ってください。",
        )
    known = one.year.year in target.years
    if one.year.year > asked and not known:
        work.line(one, "", f"指定した年（{asked}年）より後", confirmation.NOT_TAKEN)
        return None
    same = one.printed == format_year(one.year)
    certainty = confirmation.SAME if same else confirmation.NORMALISED
    work.line(one, format_year(one.year), "再掲の年" if known else "新しい年", certainty)
    return one.year


def meaning_of(target: Target, ours: str, words: Mapping[str, str]) -> str:
    """Return what a label of ours counts, in words."""
    dimensions = {**target.layout["common"], **target.labels[ours]}
    shown = ("area_code", "station", "offence", "age_band", "measure")
    kept = [
        words.get(value, f"{name}={value}")
        for name in shown
        if (value := dimensions.get(name, "all")) != "all"
    ]
    measures: Sequence[str] = target.layout.get("values", ())
    kept += [f"measure={'+'.join(measures)}"] if measures else []
    definition = words.get(dimensions.get("definition", ""), "")
    return "、".join(part for part in (definition, *kept, target.unit(target.labels[ours])) if part)
