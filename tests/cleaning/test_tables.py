"""Published table → observations, on miniature tables of a made-up place."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from minato_analysis.cleaning.errors import CleaningError
from minato_analysis.cleaning.tables import observations

COMMON = {
    "area_code": "01100",
    "measure": "persons_arrested",
    "unit": "persons",
    "definition": "made-up",
}
STATIONS = {
    "kind": "wide",
    "header_rows": 1,
    "label_columns": 1,
    "rows": {"東": {"station": "東"}, "計": {"station": "all"}},
    "columns": "year",
    "values": ["persons_arrested", "reoffenders"],
    "common": COMMON,
}
CELLS = [
    ["", "平成 30 (2018)年", "令和元(2019)年"],
    ["<b>東</b>", "<b>1,028 (15)</b>", "0 (0)"],
    ["計", "1,030 (16)", "3 (1)"],
]


def read(cells: list[list[str]], layout: dict[str, Any] = STATIONS) -> list[Any]:
    return observations(
        cells, layout, source_id="made-up", table="1-1", file="t1-01.csv", as_of="2024-12"
    )


def test_every_printed_value_becomes_one_observation() -> None:
    found = read(CELLS)
    assert len(found) == 8
    first = found[0]
    assert (first.row, first.column, first.year, first.station) == (
        "東",
        "平成30(2018)年",
        2018,
        "東",
    )
    assert [(one.measure, one.value, one.status) for one in found[:4]] == [
        ("persons_arrested", Decimal(1028), "ok"),
        ("reoffenders", Decimal(15), "ok"),
        ("persons_arrested", Decimal(0), "zero"),
        ("reoffenders", Decimal(0), "zero"),
    ]
    assert all(one.area_code == "01100" for one in found)


def test_merged_header_cells_and_merged_row_labels() -> None:
    layout = {
        "kind": "wide",
        "header_rows": 2,
        "label_columns": 2,
        "rows": {f"{a}/{b}": {} for a in ("甲", "乙") for b in ("一", "二")},
        "columns": {
            "人数(人)": {"offence": "x"},
            "人数(人)/うち女性": {"offence": "y"},
            "割合": {"unit": "percent"},
        },
        "common": COMMON | {"year": 2020},
    }
    cells = [
        ["", "", "人数 (人)", "", "割合"],
        ["", "", "", "うち女性", ""],
        ["甲", "一", "5", "2", "1.0%"],
        ["", "二", "5", "2", "1.0%"],
        ["乙", "一", "5", "2", "1.0%"],
        ["", "二", "5", "2", "1.0%"],
    ]
    found = read(cells, layout)
    assert [one.row for one in found[::3]] == ["甲/一", "甲/二", "乙/一", "乙/二"]
    assert [one.offence for one in found[:3]] == ["x", "y", "all"]
    assert found[2].value == Decimal("1.0")


def changed(row: int, column: int, text: str) -> list[list[str]]:
    cells = [list(line) for line in CELLS]
    cells[row][column] = text
    return cells


@pytest.mark.parametrize(
    ("cells", "code", "named"),
    [
        (changed(1, 1, "28"), "E1-CELL-VALUES", "東"),
        (changed(1, 1, "28 (15)%"), "E1-", "東"),
        (changed(1, 1, ""), "E1-", "東"),
        (changed(1, 1, "5% (2)"), "E1-", "東"),
        (changed(2, 0, "西"), "E1-LABEL-UNKNOWN", "西"),
        (changed(2, 0, "東"), "E1-LABEL-ABSENT", "計"),
        (changed(0, 2, "令和27年"), "E1-YEAR-IMPOSSIBLE", "令和27"),
        (changed(0, 2, "令和元(2018)年"), "E1-YEAR-ERA", "2018"),
        (changed(0, 2, "平成30年度"), "E1-YEAR-KIND", "年度"),
        (changed(0, 2, "2018"), "E1-LABEL-TWICE", "2018"),
        ([CELLS[0], CELLS[1][:2], CELLS[2]], "E1-TABLE-WIDTH", "2行目"),
    ],
)
def test_what_is_not_certain_is_refused_with_its_place(
    cells: list[list[str]], code: str, named: str
) -> None:
    with pytest.raises(CleaningError) as refused:
        read(cells)
    assert refused.value.code.startswith(code)
    assert "t1-01.csv" in str(refused.value)
    assert named in str(refused.value)


def test_every_level_of_labels_is_carried_down() -> None:
    rows = ["刑法犯/認知件数", "刑法犯/検挙人員", "刑法犯/凶悪犯/検挙人員", "薬物犯/検挙人員"]
    layout = {**STATIONS, "label_columns": 3, "rows": {name: {} for name in rows}}
    del layout["values"]
    cells = [
        ["", "", "", "令和3(2021)年"],
        ["刑法犯", "", "認知件数", "100"],
        ["", "", "検挙人員", "50"],
        ["", "凶悪犯", "検挙人員", "5"],
        ["薬物犯", "", "検挙人員", "7"],
    ]
    assert [(one.row, one.value) for one in read(cells, layout)] == [
        (row, Decimal(value)) for row, value in zip(rows, (100, 50, 5, 7), strict=True)
    ]


def test_a_count_has_no_decimals() -> None:
    with pytest.raises(CleaningError, match=r"E1-COUNT-DECIMALS .*東"):
        read([CELLS[0], ["東", "0.061 (0)", "0 (0)"], CELLS[2]])


def test_a_printed_unit_must_be_the_declared_one() -> None:
    layout = {**STATIONS, "values": None}
    cells = [CELLS[0], ["東", "1,028 人", "3 件"], ["計", "1", "2"]]
    with pytest.raises(CleaningError, match=r"E1-UNIT t1-01\.csv 東 令和元"):
        read(cells, layout)


LONG = {
    "kind": "long",
    "row": ["year", "measure"],
    "year": "year",
    "value": "value",
    "by": {"measure": {"persons": {"measure": "persons_arrested"}}},
    "common": COMMON,
}


def test_long_table_keeps_what_was_not_found_as_missing() -> None:
    found = read(
        [["year", "measure", "value"], ["2019", "persons", "…"], ["2020", "persons", "12"]], LONG
    )
    assert [(one.year, one.value, one.status) for one in found] == [
        (2019, None, "missing"),
        (2020, Decimal(12), "ok"),
    ]
    assert found[0].row == "2019/persons"


def test_long_table_refuses_unknown_names_and_headers() -> None:
    with pytest.raises(CleaningError, match="E1-LABEL-UNKNOWN"):
        read([["year", "measure", "value"], ["2019", "cases", "1"]], LONG)
    with pytest.raises(CleaningError, match="E1-HEADER"):
        read([["year", "measure", "valeu"], ["2019", "persons", "1"]], LONG)


DATED = {**LONG, "known_from": "known_from"}
HEADER = ["year", "measure", "value", "known_from"]


def test_every_line_of_a_dated_table_has_its_own_date() -> None:
    found = read(
        [
            HEADER,
            ["2019", "persons", "11", "2021-03-01"],
            ["2020", "persons", "12", "2021-03-01"],
            ["2020", "persons", "13", "2027-03-10"],
        ],
        DATED,
    )
    assert [(one.row, one.value, one.as_of) for one in found] == [
        ("2019/persons", Decimal(11), "2021-03-01"),
        ("2020/persons", Decimal(12), "2021-03-01"),
        ("2020/persons/2027-03-10", Decimal(13), "2027-03-10"),
    ]


@pytest.mark.parametrize(
    "date", ["", "2027", "2027-03", "2027年3月10日", "2027-13-01", "2027-02-31"]
)
def test_a_line_without_its_date_is_refused_with_its_place(date: str) -> None:
    with pytest.raises(CleaningError, match="E1-KNOWN-FROM") as raised:
        read([HEADER, ["2020", "persons", "12", date]], DATED)
    assert "2020/persons" in str(raised.value)


def test_a_dated_table_without_the_column_is_refused() -> None:
    with pytest.raises(CleaningError, match="E1-HEADER"):
        read([HEADER[:3], ["2020", "persons", "12"]], DATED)
