"""From the options of the command line to a checked request; what is not said is taken from this project."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from minato_analysis import data
from minato_analysis.data import Area
from minato_analysis.data.target_forms import FORMS as TARGETS
from minato_analysis.init_area import request as checked
from minato_analysis.init_area.request import InitError, Request
from minato_analysis.project import days, editions

STATIONS = ("第一署", "第二署", "第三署")
"""Names in the tables where none are given; to be replaced in the tables."""


def day(text: str) -> date:
    """Return a date, today's where none is given.

    Raises
    ------
    InitError
        ``E8-DATE``: not ``YYYY-MM-DD``.
    """
    try:
        return days.day(text) if text else days.today()
    except days.NoSuchDay as error:
        raise InitError(str(error).replace("E0-DATE", "E8-DATE")) from None


def years(asked: Mapping[str, Any], usual: editions.Parameters) -> dict[str, int]:
    """Return the years, those of this project's newest edition where none are given.

    Raises
    ------
    InitError
        ``E8-YEARS``: they are not in order.
    """
    names = ("first_year", "last_year", "groups_first_year", "target_year")
    found = {
        name: getattr(usual, name) if asked.get(name) is None else int(asked[name])
        for name in names
    }
    checked.years(
        found["first_year"], found["last_year"], found["groups_first_year"], found["target_year"]
    )
    return found


def request(
    root: Path, code: str, asked: Mapping[str, Any], into: Path | None, today: date
) -> Request:
    """Return the checked request.

    Parameters
    ----------
    root : Path
        The project the command runs in.
    code : str
        Five digits.
    asked : mapping
        The options by name; "" and None where they are not given.
    into : Path, optional
        Folder to be made, by default ``area-<code>`` beside this project.
    today : date

    Raises
    ------
    InitError
        ``E8-…``: something that is refused.
    """
    code = checked.code(code)
    if code in data.areas(root):
        raise InitError(f"E8-CODE {code}: この地域のプロジェクトは、今いるこのフォルダです。")
    if not asked.get("name"):
        raise InitError(f"E8-NAME {code}: 名前を --name で書いてください（例: --name 架空市）。")
    newest = editions.newest(root)
    title = f"{checked.name(asked['name'], 'name')}再犯防止推進計画"
    stations, shared = _stations(asked)
    parent = _parent(root, code, asked)
    area = Area(
        code=code,
        key=f"area{code}",
        name_ja=checked.name(asked["name"], "name"),
        # A name with the code in it would be a number in a sentence.
        name_en=checked.name(asked.get("name_en") or "the municipality", "name-en"),
        kind="municipality",
        parent_code=parent.code,
    )
    return Request(
        area=area,
        parent=parent,
        nation=data.areas(root)[parent.parent_code],
        edition=checked.edition_name(asked.get("edition") or newest.edition),
        stations=stations,
        shared=shared,
        target=_target(asked),
        target_base=_target_base(asked, newest),
        document=checked.name(asked.get("document") or title, "document"),
        into=checked.folder(into or root.parent / f"area-{code}", root),
        today=today,
        **years(asked, newest),
    )


def _stations(asked: Mapping[str, Any]) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the stations of the tables, and of those that are shared the other municipalities."""
    shared: dict[str, str] = {}
    for one in asked.get("shared", ()):
        station, _, others = one.partition("=")
        shared[checked.name(station, "shared")] = "、".join(
            checked.name(other, "shared") for other in re.split("[,、]", others)
        )
    own = [checked.name(one, "station") for one in asked["stations"]]
    if len({*own, *shared}) < len(own) + len(asked.get("shared", ())):
        raise InitError(
            "E8-STATION 同じ名前の警察署が2つあります。"
            "--station と --shared には、違う名前を一度ずつ書いてください。"
        )
    return (*own, *shared) or STATIONS, shared


def _target(asked: Mapping[str, Any]) -> str:
    form = str(asked.get("target") or next(iter(TARGETS)))
    if form not in TARGETS:
        raise InitError(
            f"E8-TARGET {form[:20]!r}: 目標の形は {'、'.join(TARGETS)} のどれかで書いてください。"
        )
    return form


def _target_base(asked: Mapping[str, Any], usual: editions.Parameters) -> int:
    """Return the year a fall is counted from, by default the first of the indicator."""
    found = years(asked, usual)
    base = asked.get("target_base")
    base = found["first_year"] if base is None else int(base)
    if not found["first_year"] <= base <= found["last_year"]:
        raise InitError(
            f"E8-YEARS --target-base {base}: 指標の年"
            f"（{found['first_year']}から{found['last_year']}まで）の一つを書いてください。"
        )
    return base


def _parent(root: Path, code: str, asked: Mapping[str, Any]) -> Area:
    own = f"{code[:2]}000"
    wanted = asked.get("parent") or own
    if wanted != own:
        raise InitError(
            f"E8-PARENT {wanted[:20]!r}: {code} の都道府県は {own} です。--parent を直すか省いてください。"
        )
    known = data.areas(root)
    if own in known and not asked.get("parent_name"):
        return known[own]
    if not asked.get("parent_name"):
        raise InitError(
            f"E8-PARENT {own}: 都道府県の名前を --parent-name で書いてください（例: --parent-name 架空県）。"
        )
    nation = next(one for one in known.values() if one.kind == "nation")
    return Area(
        code=own,
        key=f"area{own}",
        name_ja=checked.name(asked["parent_name"], "parent-name"),
        name_en=checked.name(asked.get("parent_name_en") or "the prefecture", "parent-name-en"),
        kind="prefecture",
        parent_code=nation.code,
    )
