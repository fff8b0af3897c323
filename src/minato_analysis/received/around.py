"""What stands around a received table: period, place, unit, measure and population.

In: a region's captions, headings and notes, the name of its sheet, the cover. Out: a
:class:`~minato_analysis.received.refusal.Refusal` for each word that contradicts our table. A title beside
its number is not read again: it was compared with ours. A note is read for period and unit only: it may
tell of other places and populations.

Forms read
----------
- period: 上半期, 下期, 第1四半期, 1月～6月, 1月1日から6月30日まで; 年度 as the unit of years
- place: a name ending in 区, 市, 町, 村, 都, 道, 府, 県 in brackets, or before の, 内, における
- unit: 千人, 百件, 人口10万人当たり, alone or in brackets (after 単位 it is read with the table)
- measure: 件数 where persons are counted; population: 少年, 女性, 外国人 and the like, unless を除く

Codes: ``E6-AROUND-`` with ``PERIOD``, ``PLACE``, ``UNIT``, ``MEASURE``, ``POPULATION``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from minato_analysis.cleaning.text import label
from minato_analysis.received.refusal import ANSWERS, LONGEST_LABEL, Refusal, quote
from minato_analysis.received.regions import Caption, Region
from minato_analysis.received.sheet import Sheet
from minato_analysis.received.targets import Target

_PART_OF_YEAR = re.compile(
    r"上半期|下半期|上半年|下半年|[上下]期|半期|四半期|[0-9]{1,2}(?:[-〜]|から)[0-9]{1,2}月"
)
_MONTHS = re.compile(
    r"(?<![0-9])([0-9]{1,2})月(?:[0-9]{1,2}日)?(?:から|[-〜ー―])(?:[^0-9]{0,4}[0-9]{1,2}年)?"
    r"([0-9]{1,2})月"
)
_WHOLE_YEAR = ("1", "12")
_FISCAL = re.compile(r"\(年度\)|年度(?:別|ごと|計|合計)")
_IN_BRACKETS = re.compile(r"\(([^()]{1,20}[区市町村都道府県])\)")
_BEFORE = re.compile(r"^([^()・、\s0-9]{1,8}?[区市町村県])(?=の|内|における)")
_UNIT = re.compile(
    r"(?:^|\()([十百千万]+[人件名])(?:$|\))|(人口[0-9十百千万]+人(?:当たり|あたり|対))"
)
_POPULATION = re.compile(
    r"(少年|未成年|20歳未満|女性|女子|男性|男子|来日外国人|外国人|高齢者|年少者)(?!を除|は除|を含まな)"
)


def contradictions(
    region: Region, target: Target, places: Collection[str], cover: Sequence[Caption]
) -> list[Refusal]:
    """Return a refusal for everything around a table that contradicts ours.

    Parameters
    ----------
    region, target
        The received table and the one it is about.
    places : collection of str
        Names of the areas our table is of.
    cover : sequence of Caption
        Lines of sheets that hold no table.
    """
    title = target.title
    # A title beside its number was compared with ours, or answered.
    loose = [one for one in region.captions if not (one.number and one.title)]
    seen: dict[str, Refusal] = {}
    headings = [
        Caption((row, column), text)
        for row in region.rows[:3]
        for column, text in region.sheet.texts(row)
    ]
    for where, lines in (
        ("title", [*loose, Caption((region.rows[0], 0), region.sheet.name)]),
        ("heading", headings),
        ("note", region.notes),
        ("cover", cover),
    ):
        for line in lines:
            text = label(line.text[:LONGEST_LABEL])
            for code, word, why in _words(text, where, target, title, places):
                place = line.sheet or region.sheet.address(line.position)
                seen.setdefault(code, _refusal(code, place, line.text, word, why, target))
    return list(seen.values())


def cover_of(sheets: Sequence[Sheet], with_tables: Collection[str]) -> list[Caption]:
    """Return the lines of the sheets without a table: of a cover, which speaks of all of them."""
    return [
        Caption((row, column), text, sheet=sheet.address((row, column)))
        for sheet in sheets
        if sheet.name not in with_tables
        for row in range(min(len(sheet.cells), 50))
        for column, text in sheet.texts(row)[:3]
    ]


def _words(
    text: str, where: str, target: Target, title: str, places: Collection[str]
) -> Iterator[tuple[str, str, str]]:
    yearly = target.layout.get("year_kind", "calendar")
    for part in _MONTHS.finditer(text):
        if part.groups() != _WHOLE_YEAR and not (
            yearly == "fiscal" and part.groups() == ("4", "3")
        ):
            yield "PERIOD", part.group(), "1年のうちの一部の期間"
    if part_of := _PART_OF_YEAR.search(text):
        yield "PERIOD", part_of.group(), "1年のうちの一部の期間"
    if yearly == "calendar" and where != "cover" and (fiscal := _FISCAL.search(text)):
        yield "PERIOD", fiscal.group(), "年度"
    if where != "cover" and (unit := _UNIT.search(text)):
        yield "UNIT", unit[1] or unit[2], "違う単位"
    if where != "title":
        return
    for match in (*_IN_BRACKETS.finditer(text), *_BEFORE.finditer(text)):
        for name in re.split("[・、]|及び|と", match[1]):
            if places and not any(name.endswith(one) for one in places) and name not in title:
                yield "PLACE", name, f"別の地域（登録は{'、'.join(sorted(places))}）"
    if "件数" in text and "件数" not in title and "件" not in target.units:
        yield "MEASURE", "件数", "人数ではない数"
    for found in _POPULATION.finditer(text):
        if found[1] not in title:
            yield "POPULATION", found[1], "一部の人"


def _refusal(code: str, place: str, text: str, word: str, why: str, target: Target) -> Refusal:
    return Refusal(
        f"E6-AROUND-{code}",
        place,
        f"{quote(text)}に「{word}」（{why}）とあり、図表{target.key}（{target.title}）と合いません。"
        "まず同じ範囲の表かを確かめ、違う表なら正しい表を受け取ってください。同じ範囲だと確かめたら、"
        f'{ANSWERS} の cells に「"{place}": {{value: 正しい語, reason: 理由}}」の形で書いてください。',
    )
