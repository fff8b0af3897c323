"""Which of our tables a received table is about.

In: a received :class:`~minato_analysis.received.blocks.Block` and our tables
(:class:`~minato_analysis.received.targets.Target`). Out: one of them, or none for a table that is not ours,
or a :class:`~minato_analysis.received.refusal.Refusal`. Number, title and labels must not contradict each
other: plans are renumbered, and the tables of one set of police stations all have the same labels. Labels
alone are enough only when years printed before come with the same values.

Codes: ``E6-TABLE-`` with ``NUMBER``, ``TITLE``, ``TWO``, ``UNSURE``, ``ANSWER``, ``LARGE``.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from minato_analysis.cleaning.errors import CleaningError
from minato_analysis.cleaning.numbers import parse_number
from minato_analysis.cleaning.text import label
from minato_analysis.cleaning.years import Year
from minato_analysis.data.categories import Mapped
from minato_analysis.received.answers import Answers
from minato_analysis.received.blocks import Block
from minato_analysis.received.refusal import ANSWERS, LONGEST_LABEL, Refusal, quote
from minato_analysis.received.regions import Region, number_in_name
from minato_analysis.received.targets import Target

NO_TABLE = "none"
"""Answer for a received table that is not to be used."""
_ALIKE = 0.5
"""Share of our labels that makes a nameless table worth a question."""
_MOST_ENTRIES = 1_000
"""Labels or years of one table. Ours have a few dozen at most."""


def fit(
    block: Block, targets: Sequence[Target], answers: Answers, laws: Sequence[Mapped] = ()
) -> Target | None:
    """Return the table a block is about; None when nothing points to any of ours.

    Raises
    ------
    Refusal
        More than one table is possible, or number, title and labels contradict each other.
    """
    region = block.region
    number, titles = _number(region), _titles(region)
    by_number = [one for one in targets if one.key == number]
    if (found := max(len(block.labels), len(block.years))) > _MOST_ENTRIES:
        if not by_number:
            return None
        raise _large(region, found)
    if (chosen := answered(region, targets, answers)) is not None:
        return chosen
    by_title = [one for one in targets if one.title in titles]
    if len(by_number) > 1 or len(by_title) > 1:
        raise _two(region, by_number if len(by_number) > 1 else by_title)
    if by_title:
        if number and by_number != by_title:
            raise _contradiction(region, by_title[0], number)
        return by_title[0]
    if by_number:
        return checked_title(region, by_number[0], laws)
    shares = [(share(block, one, answers), one) for one in targets]
    fitting = [one for found, one in shares if found == 1]
    if region.numbered:
        # A number that is none of ours: labels must not override it silently.
        if fitting:
            raise _unknown_number(region, fitting)
        return None
    return _by_labels(block, fitting, [one for found, one in shares if found >= _ALIKE])


def share(block: Block, target: Target, answers: Answers) -> float:
    """Return the share of all labels, ours and the received ones, that the two tables have in common."""
    given = answers.labels.get(target.key, {})
    ours = set()
    others = 0
    for one in block.labels:
        answer = given.get(one.path)
        found = (answer.to if answer else "") or target.find(one.path)[0]
        if found:
            ours.add(found)
        elif answer is None:
            others += 1
    ours |= set(answers.absent.get(target.key, {})) & set(target.labels)
    return len(ours & set(target.labels)) / (len(target.labels) + others)


def agreeing(block: Block, target: Target) -> int:
    """Return how many values printed before the block repeats; -1 when one of them differs."""
    same = 0
    for year in block.years:
        if not isinstance(year.year, Year) or year.year.year not in target.years:
            continue
        for one in block.labels:
            row, column = block.cell(one, year)
            before = target.known.get((target.find(one.path)[0], year.year.year))
            if before is None:
                continue
            if not _equal(before, block.sheet.cells[row][column]):
                return -1
            same += 1
    return same


def _equal(one: str, other: str) -> bool:
    if len(other) > LONGEST_LABEL:
        return False
    try:
        values = [[value.value for value in parse_number(text).values] for text in (one, other)]
    except CleaningError:
        return label(one) == label(other)
    return values[0] == values[1]


def _number(region: Region) -> str:
    return region.numbered.number if region.numbered else number_in_name(region.sheet.name)


def _titles(region: Region) -> set[str]:
    if region.numbered and region.numbered.title:
        return {label(region.numbered.title)}
    return {label(one.text) for one in region.captions} | {label(region.sheet.name[:LONGEST_LABEL])}


def answered_none(region: Region, answers: Answers) -> bool:
    """Tell whether a person said that a received table is none of ours."""
    return _keys(region, answers) == {NO_TABLE}


def names_of(region: Region) -> list[str]:
    """Return the names an answer may call a received table by, the nearest first."""
    places = [region.place, *(one.text for one in reversed(region.captions))]
    return [label(one) for one in (*places, region.sheet.name[:LONGEST_LABEL])]


def _keys(region: Region, answers: Answers) -> set[str]:
    # The nearest answer counts: of the place before that of a caption, before that of the whole sheet.
    return {*[answers.tables[name] for name in names_of(region) if name in answers.tables][:1]}


def answered(region: Region, targets: Sequence[Target], answers: Answers) -> Target | None:
    """Return the table an answer names; None where there is none.

    Raises
    ------
    Refusal
        ``E6-TABLE-ANSWER``.
    """
    keys = _keys(region, answers)
    if not keys:
        return None
    found = [one for one in targets if one.key in keys]
    if len(found) != 1:
        raise Refusal(
            "E6-TABLE-ANSWER",
            region.place,
            f"{ANSWERS} の tables の答え（{'、'.join(sorted(keys))}）が1つの図表に決まりません。"
            f"まず番号を確かめ、次のどれかを書いてください: {'、'.join(one.key for one in targets)}。",
        )
    return found[0]


def checked_title(region: Region, target: Target, laws: Sequence[Mapped]) -> Target:
    """Return the table of a number unless the caption goes on with another title than ours."""
    title = label(region.numbered.title) if region.numbered else ""
    if region.numbered and title and not target.titled(title, laws):
        raise Refusal(
            "E6-TABLE-TITLE",
            region.place,
            f"番号は図表{target.key}ですが、題{quote(region.numbered.title)}が"
            f"登録の題{quote(target.title)}と違います。まず同じ表（同じ地域と罪種）かを確かめ、"
            + _write(region, target.key),
        )
    return target


def _by_labels(block: Block, fitting: Sequence[Target], alike: Sequence[Target]) -> Target | None:
    region = block.region
    agree = [one for one in fitting if agreeing(block, one) > 0]
    if len(agree) == 1:
        return agree[0]
    if len(fitting) > 1:
        raise _two(region, fitting)
    near = fitting or alike
    if not near:
        return None
    near = sorted(near, key=lambda one: _likeness(region, one), reverse=True)
    raise Refusal(
        "E6-TABLE-UNSURE",
        region.place,
        f"図表の番号も登録どおりの題もなく、見出しだけでは図表{'、'.join(one.key for one in near)}"
        "の続きと決められません。まず同じ表（同じ地域と罪種）かを確かめ、"
        + _write(region, near[0].key),
    )


def _likeness(region: Region, target: Target) -> tuple[bool, float]:
    """Return how much a caption is like the title of a table of ours: its place, then its words."""
    texts = [label(one.text[:LONGEST_LABEL]) for one in region.captions]
    words = (SequenceMatcher(None, one, target.title).ratio() for one in texts)
    place = target.title.rpartition("(")[2].removesuffix(")")
    return any(place in one for one in texts), max(words, default=0.0)


def _two(region: Region, found: Sequence[Target]) -> Refusal:
    return Refusal(
        "E6-TABLE-TWO",
        region.place,
        f"図表{'、'.join(one.key for one in found)}のどれにも当たり、1つに決められません。"
        "まず表の題（地域と罪種）を確かめ、" + _write(region, found[0].key),
    )


def _contradiction(region: Region, by_title: Target, number: str) -> Refusal:
    return Refusal(
        "E6-TABLE-NUMBER",
        region.place,
        f"番号は図表{number}ですが、題{quote(by_title.title)}は登録では図表{by_title.key}です。"
        "まずどちらが正しいかを確かめ、" + _write(region, by_title.key),
    )


def _unknown_number(region: Region, fitting: Sequence[Target]) -> Refusal:
    number = region.numbered.number if region.numbered else ""
    return Refusal(
        "E6-TABLE-NUMBER",
        region.place,
        f"図表{number}は登録にありませんが、見出しは図表{'、'.join(one.key for one in fitting)}と同じです。"
        "まず番号が変わっただけかを確かめ、" + _write(region, fitting[0].key),
    )


def _large(region: Region, found: int) -> Refusal:
    return Refusal(
        "E6-TABLE-LARGE",
        region.place,
        f"見出しが{found:,}個で、上限の{_MOST_ENTRIES:,}個を超えるため読みません。"
        "まず1つの表だけが並んでいるかを確かめ、要る行と列だけを別のシートに保存してください。",
    )


def _write(region: Region, key: str) -> str:
    return (
        f'正しければ {ANSWERS} の tables に「"{region.place}": "{key}"」の形で図表の番号を、'
        f"この表を使わないなら番号の代わりに {NO_TABLE} を書いてください。"
    )
