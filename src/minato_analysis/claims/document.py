"""The vocabulary over the document itself: its text, its tables as printed, the identities between them."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence

from minato_analysis.claims import checks
from minato_analysis.claims.errors import StatementError
from minato_analysis.claims.finding import Finding, word
from minato_analysis.claims.operands import pick
from minato_analysis.claims.series import Recorded, World
from minato_analysis.claims.words import SMALL_CELL, listed, number, year_label
from minato_analysis.numbers.facts import addresses


@word
def document_agrees(places: Sequence[str], world: World) -> Finding:
    """What the document writes in these places is the same text or number."""
    found = [world.recorded(id) for id in places]
    said = listed(f"{one.what}（{one.place}）は「{_written(one)}」" for one in found)
    texts = {str(one.value) for one in found}
    numbers = {f"place{at}": _written(one) for at, one in enumerate(found, 1)}
    return Finding(len(texts) == 1, said, numbers, tuple(one.address for one in found))


@word
def present(of: str, world: World) -> Finding:
    """What was looked for in the text was found there at least once."""
    return _looked_for(world, of, wanted=True)


@word
def absent(of: str, world: World) -> Finding:
    """What was looked for in the text was not found there."""
    return _looked_for(world, of, wanted=False)


@word
def identities_hold(identities: Sequence[str], world: World) -> Finding:
    """The named identities between tables hold at every key."""
    if world.rows is None:
        raise StatementError("identities は公表値にだけ使えます")
    wanted = [one for one in world.identities if one["id"] in identities]
    unknown = set(identities) - {one["id"] for one in wanted}
    if unknown:
        raise StatementError(f"identities.yaml に{listed(sorted(unknown))}がありません")
    results = checks.evaluate(world.rows, wanted)
    broken = [one for one in results if not one.holds]
    where = listed(
        f"{one.title}（{' '.join(str(value) for _, value in one.key)}：{one.left}と{one.right}）"
        for one in broken
    )
    titles = listed(one["title"] for one in wanted)
    said = f"{titles}：{len(results)}通りのうち{len(results) - len(broken)}通りが成立。食い違い：{where}"
    cells = (cell.address for one in results for cell in (*one.left_cells, *one.right_cells))
    numbers = {"tested": str(len(results)), "broken": str(len(broken))}
    return Finding(not broken, said, numbers, tuple(dict.fromkeys(cells)))


@word
def no_small_counts(table: str, world: World) -> Finding:
    """No printed count of persons in the table is above 0 and below 10."""
    if world.rows is None:
        raise StatementError("no_small_counts は公表値にだけ使えます")
    rows = pick(world.rows, {"table": table, "unit": "persons"})
    small = rows[(rows["value"] > 0) & (rows["value"] < SMALL_CELL)]
    said = f"図表{table}の人数{len(rows)}個のうち、1人以上{SMALL_CELL}人未満のものが{len(small)}個"
    numbers = {"small": str(len(small)), "all": str(len(rows))}
    return Finding(small.empty, said, numbers, addresses(small if len(small) else rows))


@word
def same_last_year(tables: Sequence[str], world: World) -> Finding:
    """The newest year is the same in all tables."""
    if world.rows is None:
        raise StatementError("same_last_year は公表値にだけ使えます")
    newest = {table: int(pick(world.rows, {"table": table})["year"].max()) for table in tables}
    cells = tuple(
        dict.fromkeys(
            address
            for table, year in newest.items()
            for address in addresses(pick(world.rows, {"table": table, "year": year}))
        )
    )
    by_year: dict[int, list[str]] = {}
    for table, year in newest.items():
        by_year.setdefault(year, []).append(f"図表{table}")
    said = "最新の年　" + "、".join(
        f"{year_label(year)}：{'・'.join(names)}" for year, names in sorted(by_year.items())
    )
    return Finding(len(by_year) == 1, said, {}, cells)


@word
def numbers_printed(figures: Sequence[str], world: World) -> Finding:
    """Every figure has its numbers printed."""
    lost = [figure for figure in figures if figure in world.unprinted]
    said = f"数値が印刷されていない図：{listed(f'図表{one}' for one in lost)}（{len(lost)}点）"
    return Finding(not lost, said, {"count": str(len(lost))}, ())


def _written(one: Recorded) -> str:
    """Return the text or number, a month ``2016-12`` as 「平成28(2016)年12月」."""
    year, _, month = str(one.value).partition("-")
    if month.isdecimal() and year.isdecimal():
        return f"{year_label(int(year))}{int(month)}月"
    return str(one.value)


def _looked_for(world: World, id: str, *, wanted: bool) -> Finding:
    one = world.recorded(id)
    if isinstance(one.value, str):
        raise StatementError(f"document「{id}」は数ではありません")
    told = number(one.value, "places")
    said = f"{one.what}：{told}（{one.place}）"
    return Finding((one.value > 0) == wanted, said, {"count": told}, (one.address,))


@word
def unequal_definitions(facts: Sequence[str], world: World) -> Finding:
    """The facts rest on values of definitions that differ, so that high and low do not compare.

    A ``*`` in an id stands for the newest year.
    """
    if world.rows is None:
        raise StatementError("unequal_definitions には公表値の一覧が要ります")
    rows = world.rows
    printed = rows["source_id"] + "/" + rows["table"] + "!" + rows["row"] + "!" + rows["column"]
    used = []
    cells: list[str] = []
    for pattern in facts:
        wanted = pattern.format_map(world.names)
        id = max(fnmatch.filter(world.facts, wanted), default="")
        if not id:
            raise StatementError(f"fact「{wanted}」がありません")
        here = rows[printed.isin(world.facts[id].observations)]["definition"].unique()
        used.append((id, "・".join(sorted(here))))
        cells.append(id)
    said = listed(f"{id}の定義は{definition}" for id, definition in used)
    distinct = {definition for _, definition in used}
    return Finding(len(distinct) > 1, said, {}, tuple(cells))
