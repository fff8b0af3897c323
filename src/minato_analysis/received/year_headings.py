"""Years that a header line spells over several cells: written downwards, or with the era named once.

In: a region. Out: the same region with every such year in one cell of its own: 令和 / 5年 / (2023) in three
rows becomes 令和5年(2023), and 24 … 30 令和元 2 becomes 平成24年 … 令和2年, where each is the year after
the one before.
"""

from __future__ import annotations

import re
from dataclasses import replace

from minato_analysis.cleaning.text import normalise
from minato_analysis.cleaning.years import ERAS, Year, format_year
from minato_analysis.received.blocks import strong_year, year_of
from minato_analysis.received.refusal import LONGEST_LABEL
from minato_analysis.received.regions import Region

_MOST_ROWS = 3
_NUMBER = re.compile(r"([0-9]{1,2})年?")


def spelled(region: Region) -> Region:
    """Return a region with its years spelled in one cell each; the same region where they are already."""
    return _one_after_another(_downwards(region))


def _downwards(region: Region) -> Region:
    sheet, head = region.sheet, region.rows[:_MOST_ROWS]
    width = range(1, len(sheet.cells[head[0]]))
    if any(strong_year(sheet.cells[row][column]) for row in head for column in width):
        return region
    for count in range(len(head), 1, -1):
        rows = head[:count]
        joined: dict[int, str] = {}
        above = ""
        for column in width:
            first, *rest = (sheet.cells[row][column][:LONGEST_LABEL].strip() for row in rows)
            # An era that stands once over several years is blank over the later ones.
            above = first or above
            joined[column] = above + "".join(rest) if any(rest) else first
        texts = [text for text in joined.values() if text]
        if texts and all(isinstance(year_of(text), Year) and strong_year(text) for text in texts):
            cells = [[*row] for row in sheet.cells]
            for column, text in joined.items():
                cells[rows[-1]][column] = text
            done = replace(sheet, cells=cells)
            return replace(region, sheet=done, rows=region.rows[count - 1 :])
    return region


def _one_after_another(region: Region) -> Region:
    sheet = region.sheet
    for row in region.rows[:_MOST_ROWS]:
        texts = sheet.cells[row]
        years = {
            column: year.year
            for column, text in enumerate(texts)
            if column and isinstance(year := year_of(text), Year) and strong_year(text)
        }
        if not years:
            continue
        new: dict[int, str] = {}
        for step, columns in ((1, range(1, len(texts))), (-1, range(len(texts) - 1, 0, -1))):
            for column in columns:
                wanted = years.get(column - step, 0) + step
                if column not in years and _is(texts[column], wanted):
                    years[column] = wanted
                    new[column] = format_year(Year(wanted, "calendar"))
        if new:
            cells = [[*line] for line in sheet.cells]
            for column, text in new.items():
                cells[row][column] = text
            return replace(region, sheet=replace(sheet, cells=cells))
    return region


def _is(text: str, year: int) -> bool:
    """Tell whether a number alone can be a year of an era."""
    match = _NUMBER.fullmatch(normalise(text[:LONGEST_LABEL]))
    return match is not None and any(
        era.has(int(match[1])) and era.western(int(match[1])) == year for era in ERAS
    )
