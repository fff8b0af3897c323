"""Invented tables in the disorder of real ones: cleaned exactly, or refused with a sentence; never wrong."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml

from minato_analysis import data
from minato_analysis.claims import checks
from minato_analysis.cleaning import tables
from minato_analysis.cleaning.errors import CleaningError
from minato_analysis.received.errors import ReceivedError
from minato_analysis.received.text_lines import read_lines

HERE = Path(__file__).parent
CASES = yaml.safe_load((HERE / "cases.yaml").read_text(encoding="utf-8"))
PERSONS = {"unit": "persons"}
LAYOUT: dict[str, Any] = {
    "kind": "wide",
    "header_rows": 1,
    "label_columns": 1,
    "columns": "year",
    "rows": {
        "検挙人員": {"measure": "persons_arrested", **PERSONS},
        "初犯者数": {"measure": "first_time", **PERSONS},
        "再犯者数": {"measure": "reoffenders", **PERSONS},
        "再犯者数割合": {"measure": "reoffender_share", "unit": "percent"},
    },
    "common": {"area_code": "01100", "definition": "made-up"},
}
IDENTITIES = [
    {"id": "E2-1", "kind": "equal", "by": ["year"], "title": "初犯者＋再犯者＝検挙人員",
     "left": {"measure": ["first_time", "reoffenders"]}, "right": {"measure": "persons_arrested"}},
    {"id": "E2-2", "kind": "percent", "by": ["year"], "title": "再犯者数割合", "digits": 1,
     "numerator": {"measure": "reoffenders"}, "denominator": {"measure": "persons_arrested"},
     "printed": {"measure": "reoffender_share"}},
]  # fmt: skip


def read(name: str) -> list[tables.Observation]:
    """Read one table as the pipeline would: format, then identities."""
    text = (HERE / name).read_text(encoding="utf-8")
    if name.endswith(".txt"):
        (sheet,) = read_lines(text.encode(), name)
        cells = sheet.cells
    else:
        cells = list(csv.reader(text.splitlines()))
    found = tables.observations(
        cells, LAYOUT, source_id="made-up", table="1-1", file=name, as_of="2024-12"
    )
    checks.enforce(checks.evaluate(data.frame(found), IDENTITIES), {"made-up/1-1": name})
    return found


@pytest.fixture(scope="module")
def truth() -> list[tables.Observation]:
    return read("truth.csv")


@pytest.mark.parametrize("case", CASES, ids=[case["file"] for case in CASES])
def test_cleaned_exactly_or_refused_with_a_sentence(
    case: dict[str, Any], truth: list[tables.Observation]
) -> None:
    if case["outcome"] == "cleaned":
        assert read(case["file"]) == truth
        return
    with pytest.raises((CleaningError, ReceivedError, checks.BrokenIdentity)) as refused:
        read(case["file"])
    sentence = str(refused.value)
    assert sentence.startswith(case["code"])
    assert case["file"] in sentence
    for word in case["words"]:
        assert word in sentence, (word, sentence)
    # What to do comes with every refusal.
    assert "ください" in sentence


def test_every_file_of_the_folder_is_a_case() -> None:
    files = {file.name for file in HERE.iterdir() if file.suffix in (".csv", ".txt")}
    assert files == {case["file"] for case in CASES}


def test_merged_header_cells_keep_their_columns() -> None:
    cells = [
        ["", "人数（人）", "", "再犯者の割合", ""],
        ["", "架空市", "架空県", "架空市", "架空県"],
        ["H30", "１，１５８", "12,040", "47・2％", "46.1%"],
        ["R元", "1,097", "１１９８７", "46.7%", "45.9%"],
    ]
    side = {"架空市": {"area_code": "01100"}, "架空県": {"area_code": "01000"}}
    persons = {"measure": "persons_arrested", "unit": "persons"}
    share = {"measure": "reoffender_share", "unit": "percent"}
    layout = {
        "kind": "wide", "header_rows": 2, "label_columns": 1, "rows": "year",
        "columns": {f"人数(人)/{name}": persons | one for name, one in side.items()}
        | {f"再犯者の割合/{name}": share | one for name, one in side.items()},
        "common": {"definition": "made-up"},
    }  # fmt: skip
    found = tables.observations(
        cells, layout, source_id="made-up", table="1-2", file="t.csv", as_of="2024-12"
    )
    values = {(one.year, one.area_code, one.measure): str(one.value) for one in found}
    assert values[2018, "01100", "reoffender_share"] == "47.2"
    assert values[2019, "01000", "persons_arrested"] == "11987"
    assert len(values) == 8
    # The second merged cell lost with its copy: the columns would be taken for persons.
    lost = [["", "人数（人）", "", "", ""], *cells[1:]]
    with pytest.raises(CleaningError, match=r"E1-LABEL-(ABSENT|TWICE)"):
        tables.observations(
            lost, layout, source_id="made-up", table="1-2", file="t.csv", as_of="2024-12"
        )
