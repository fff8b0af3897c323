"""A small data package of invented tables: 「架空市」 does not exist and no number is anybody's."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from minato_analysis import data, received

PERSONS = {"unit": "persons"}
WIDE = {"kind": "wide", "header_rows": 1, "label_columns": 1}
CITY = {"area_code": "01100", "definition": "made-up"}
STATIONS = {name: {"station": name} for name in ("北", "南", "東")} | {"計": {"station": "all"}}
BY_STATION = WIDE | {
    "columns": "year",
    "rows": STATIONS,
    "values": ["persons_arrested", "reoffenders"],
}

Rows = Sequence[Sequence[str]]

SHARES = [
    ["", "平成31 (2019)年", "令和 2 (2020)年"],
    ["検挙人員※", "1,097 人", "983 人"],
    ["うち) 初犯者数", "585 人", "524 人"],
    ["うち) 再犯者数", "512 人", "459 人"],
    ["再犯者数割合", "46.7%", "46.7%"],
]
CANNABIS = [
    ["", "令和2 (2020)年"],
    ["北", "4 (1)"],
    ["<b>南</b>", "3 (0)"],
    ["東", "4 (3)"],
    ["計", "11 (4)"],
]
LARCENY = [
    ["", "令和2 (2020)年"],
    ["北", "9 (5)"],
    ["南", "7 (2)"],
    ["東", "1 (0)"],
    ["計", "17 (7)"],
]
NATION = [
    ["", "全国", "", "架空県", ""],
    ["", "認知 件数 (件)", "検挙 人員 (人)", "認知 件数 (件)", "検挙 人員 (人)"],
    ["令和元(2019)年", "748,559", "192,607", "10,664", "2,902"],
    ["令和 2(2020)年", "614,231", "182,582", "8,764", "2,271"],
]
OFFICERS = [
    ["", "", "令和 2 (2020)年"],
    ["全国", "現員数", "46,358"],
    ["", "充足率", "88.3%"],
    ["架空市", "現員数", "72"],
    ["", "充足率", "82.8%"],
]
SERIES = [["year", "measure", "value", "note"], ["2020", "reoffenders", "25,818", ""]]

TITLE = "図表１－１　再犯者の割合の推移（架空市）"
NEW = [
    ["区分", "令和2年", "Ｒ３"],
    ["検挙人員", "983", "１，０１２人"],
    ["初犯者数", 524, 531],
    ["再犯者数", 459, 481],
    ["再犯者数割合", "46.7%", "47・5％"],
]
TAKEN = [
    ["", "令和2(2020)年", "令和3(2021)年"],
    ["検挙人員※", "983", "1,012人"],
    ["うち) 初犯者数", "524", "531"],
    ["うち) 再犯者数", "459", "481"],
    ["再犯者数割合", "46.7%", "47・5%"],
]

PERSONS_ARRESTED = {"measure": "persons_arrested", **PERSONS}
CASES = {"measure": "recognised_cases", "unit": "cases"}
READINGS: dict[str, tuple[str, dict[str, Any], Rows]] = {
    "1-1": (
        "再犯者の割合の推移（架空市）",
        WIDE
        | {
            "columns": "year",
            "rows": {
                "検挙人員": PERSONS_ARRESTED,
                "初犯者数": {"measure": "first_time", **PERSONS},
                "再犯者数": {"measure": "reoffenders", **PERSONS},
                "再犯者数割合": {"measure": "reoffender_share", "unit": "percent"},
            },
            "common": CITY,
        },
        SHARES,
    ),
    "1-2": (
        "警察署ごとの大麻の検挙人員",
        BY_STATION | {"common": {**CITY, **PERSONS, "offence": "cannabis"}},
        CANNABIS,
    ),
    "1-3": (
        "警察署ごとの窃盗の検挙人員",
        BY_STATION | {"common": {**CITY, **PERSONS, "offence": "larceny"}},
        LARCENY,
    ),
    "2-1": (
        "認知件数及び検挙人員の推移（全国・架空県）",
        {
            "kind": "wide",
            "header_rows": 2,
            "label_columns": 1,
            "rows": "year",
            "columns": {
                "全国/認知件数(件)": {"area_code": "00000", **CASES},
                "全国/検挙人員(人)": {"area_code": "00000", **PERSONS_ARRESTED},
                "架空県/認知件数(件)": {"area_code": "01000", **CASES},
                "架空県/検挙人員(人)": {"area_code": "01000", **PERSONS_ARRESTED},
            },
            "common": {"definition": "made-up"},
        },
        NATION,
    ),
    "3-1": (
        "保護司の現員数と充足率",
        WIDE
        | {
            "label_columns": 2,
            "columns": "year",
            "rows": {
                f"{place}/{name}": {"area_code": code, **dims}
                for place, code in (("全国", "00000"), ("架空市", "01100"))
                for name, dims in (
                    ("現員数", {"measure": "probation_officers", **PERSONS}),
                    ("充足率", {"measure": "fill_share", "unit": "percent"}),
                )
            },
            "common": {"definition": "made-up"},
        },
        OFFICERS,
    ),
    "": (
        "全国の系列",
        {
            "kind": "long",
            "row": ["year", "measure"],
            "year": "year",
            "value": "value",
            "by": {"measure": {"reoffenders": {"measure": "reoffenders", **PERSONS}}},
            "common": {"area_code": "00000", "definition": "made-up"},
        },
        SERIES,
    ),
}


def project(folder: Path, **more: Rows) -> dict[str, Any]:
    """Write the package below `folder`; return its descriptor. `more` are later deliveries of table 1-1."""
    resources = [_resource(folder, "plan", key, *READINGS[key]) for key in READINGS]
    for name, cells in more.items():
        title, reading, _ = READINGS["1-1"]
        later = _resource(folder, name, "1-1", title, reading, cells)
        resources.append(later | {"series_id": "plan", "date": "2022-03"})
    areas = ["code,key,name_ja,name_en,kind,parent_code", "01100,c,架空市,C,municipality,01000"]
    (folder / "data/areas.csv").write_text("\n".join(areas) + "\n", encoding="utf-8")
    (folder / "data/definitions.yaml").write_text("made-up:\n  title: 作り物\n", encoding="utf-8")
    package = {"name": "made-up", "resources": resources}
    (folder / data.DESCRIPTOR).write_text(json.dumps(package), encoding="utf-8")
    return package


def as_csv(rows: Rows) -> str:
    """Return rows as CSV text."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def read(
    folder: Path,
    content: bytes | str,
    name: str,
    year: int = 2021,
    answers: Mapping[str, Any] | None = None,
) -> received.Received:
    """Read a received file against the package."""
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return received.read(file, data.descriptor(folder), folder, year, answers)


def codes(found: received.Received) -> list[str]:
    """Return the codes of all refusals."""
    return [sentence.split(" ", 1)[0] for sentence in found.refused]


def _resource(
    folder: Path, source: str, key: str, title: str, reading: Mapping[str, Any], cells: Rows
) -> dict[str, Any]:
    path = f"published/{source}/{f't{key}' if key else 'series'}.csv"
    file = folder / "data" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(as_csv(cells), encoding="utf-8")
    return {
        "name": f"{source}-{key or 'series'}",
        "path": path,
        "title": f"図表{key} {title}" if key else title,
        "figure": key or None,
        "source_id": source,
        "date": "2021-03",
        "hash": "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest(),
        "reading": reading,
    }
