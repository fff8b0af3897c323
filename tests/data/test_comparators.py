"""The comparator slot: what is read, what is refused, and the schema it declares."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import frictionless
import pytest

from minato_analysis import data
from minato_analysis.data import comparators
from minato_analysis.data.comparators import COLUMNS, FOLDER

AREAS = """code,key,name_ja,name_en,kind,parent_code
99001,city,架空市,Made-up City,municipality,99000
99000,prefecture,架空県,Made-up Prefecture,prefecture,00000
00000,nation,全国,Japan,nation,
"""
DEFINITIONS = """
adults: {title: 成人, age: 成人, reoffender: 前歴がある人}
everyone: {title: 全年齢, age: 全年齢, reoffender: 前歴がある人}
"""
COUNTS = (
    "99000",
    "cannabis",
    "令和4(2022)年",
    "1,000",
    "400",
    "40.0%",
    "adults",
    "架空の資料",
    "2024-06-30",
)
SHARE = ("00000", "cannabis", "2022", "", "", "44.1%", "adults", "架空の資料 p.12", "2024-06-30")


def world(folder: Path, *lines: tuple[str, ...], name: str = "made-up.csv") -> Path:
    """Return a project folder whose comparators are `lines`."""
    slot = folder / FOLDER
    slot.mkdir(parents=True, exist_ok=True)
    (folder / "data/areas.csv").write_text(AREAS, encoding="utf-8")
    (folder / "data/definitions.yaml").write_text(DEFINITIONS, encoding="utf-8")
    with (slot / name).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([COLUMNS, *lines])
    return folder


def changed(line: tuple[str, ...], **cells: str) -> tuple[str, ...]:
    return tuple(cells.get(name, cell) for name, cell in zip(COLUMNS, line, strict=True))


def test_the_published_folder_holds_no_values(repository: Path) -> None:
    assert comparators.read(repository) == []
    assert not list((repository / FOLDER).glob("*.csv"))


def test_a_project_without_the_folder_has_no_comparators(tmp_path: Path) -> None:
    shutil.rmtree(world(tmp_path) / FOLDER)
    assert comparators.read(tmp_path) == []


def test_counts_and_shares_are_read(tmp_path: Path) -> None:
    counts, share = comparators.read(world(tmp_path, COUNTS, SHARE))
    assert (counts.persons, counts.reoffenders, counts.year) == (1000, 400, 2022)
    assert (counts.share, counts.half_step) == (40.0, 0.0)
    assert (share.persons, share.reoffenders, share.area_code) == (None, None, "00000")
    assert (share.share, share.half_step) == (44.1, pytest.approx(0.05))
    assert (share.line, share.source) == (3, "架空の資料 p.12")
    assert counts.addresses == (
        "comparators/made-up!99000 cannabis 2022!persons",
        "comparators/made-up!99000 cannabis 2022!reoffenders",
    )
    assert share.addresses == ("comparators/made-up!00000 cannabis 2022!share",)


def test_a_byte_order_mark_and_empty_lines_are_harmless(tmp_path: Path) -> None:
    file = world(tmp_path, COUNTS) / FOLDER / "made-up.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text("\ufeff" + text + ",,,,,,,\n", encoding="utf-8")
    assert len(comparators.read(tmp_path)) == 1


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"area_code": "990"}, "area_code「990」"),
        ({"known_from": ""}, "known_from「」"),
        ({"known_from": "2024年6月"}, "known_from「2024年6月」"),
        ({"area_code": "12345"}, "data/areas.csv にありません"),
        ({"definition": "unknown"}, "definition「unknown」"),
        ({"offence": ""}, "offence が空"),
        ({"source": " "}, "source が空"),
        ({"year": "令和4年度"}, "年度です"),
        ({"year": "令和3(2022)年"}, "一致しない"),
        ({"persons": ""}, "両方"),
        ({"persons": "", "reoffenders": "", "share": ""}, "人数も割合もありません"),
        ({"persons": "1,000.5"}, "人数として"),
        ({"persons": "x"}, "人数として"),
        ({"persons": "-1000"}, "人数として"),
        ({"persons": "300"}, "収まりません"),
        ({"persons": "0", "reoffenders": "0", "share": ""}, "収まりません"),
        ({"share": "0.4"}, "割合として"),
        ({"share": "40"}, "割合として"),
        ({"share": "104.0%"}, "0%から100%"),
        ({"share": "40.1%"}, "合いません"),
    ],
)
def test_what_is_not_certain_is_refused_with_its_place(
    tmp_path: Path, cells: dict[str, str], reason: str
) -> None:
    world(tmp_path, SHARE, changed(COUNTS, **cells))
    with pytest.raises(data.DataError) as caught:
        comparators.read(tmp_path)
    sentence = str(caught.value)
    assert sentence.startswith(f"E0-COMPARATOR {FOLDER}/made-up.csv 3行目: ")
    assert reason in sentence


def test_a_value_given_twice_is_refused_even_in_another_file(tmp_path: Path) -> None:
    world(tmp_path, COUNTS)
    world(tmp_path, changed(COUNTS, year="2022"), name="second.csv")
    with pytest.raises(data.DataError, match=r"second\.csv 2行目.*made-up\.csv 2行目"):
        comparators.read(tmp_path)


def test_other_columns_and_names_are_refused(tmp_path: Path) -> None:
    file = world(tmp_path, COUNTS) / FOLDER / "made-up.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("persons", "people", 1), encoding="utf-8")
    with pytest.raises(data.DataError, match=r"E0-COMPARATOR .*people"):
        comparators.read(tmp_path)
    file.write_text(text + "99000,cannabis\n", encoding="utf-8")
    with pytest.raises(data.DataError, match="3行目: 9列あるはずの行に2列"):
        comparators.read(tmp_path)
    file.write_text("", encoding="utf-8")
    with pytest.raises(data.DataError, match="1行目: 列は"):
        comparators.read(tmp_path)
    file.rename(file.with_name("Tokyo 2022.csv"))
    with pytest.raises(data.DataError, match="ファイル名"):
        comparators.read(tmp_path)


def test_only_the_same_definition_may_be_compared(tmp_path: Path) -> None:
    stimulants = changed(COUNTS, offence="stimulants")
    everyone = changed(COUNTS, definition="everyone")
    earlier = changed(COUNTS, year="2021")
    rows = comparators.read(world(tmp_path, COUNTS, SHARE, stimulants, everyone, earlier))
    found = comparators.sort_out(rows, offence="cannabis", definition="adults")
    assert {code: [one.year for one in some] for code, some in found.same.items()} == {
        "00000": [2022],
        "99000": [2021, 2022],
    }
    assert list(found.other) == [("99000", "everyone")]
    known = data.definitions(tmp_path)
    pairs = comparators.difference(known["adults"], known["everyone"])
    assert [(one.field, one.differs) for one in pairs] == [
        ("title", True),
        ("age", True),
        ("reoffender", False),
    ]


def test_an_edition_sees_what_was_known_at_its_date(tmp_path: Path) -> None:
    later = changed(SHARE, year="2023", known_from="2027-03-10")
    revised = changed(COUNTS, reoffenders="410", share="41.0%", known_from="2027-03-10")
    folder = world(tmp_path, COUNTS, SHARE, later, revised)
    assert [one.line for one in comparators.read(folder, "2024-06-29")] == []
    assert [one.line for one in comparators.read(folder, "2024-12-31")] == [2, 3]
    assert [one.line for one in comparators.read(folder, "2027-03-10")] == [3, 4, 5]
    assert [one.line for one in comparators.read(folder)] == [3, 4, 5]


def test_a_field_that_only_one_definition_has_differs() -> None:
    pairs = comparators.difference({"age": "成人"}, {"place": "県"})
    assert [(one.field, one.own, one.other, one.differs) for one in pairs] == [
        ("age", "成人", "", True),
        ("place", "", "県", True),
    ]


def test_the_declared_schema_is_the_one_that_is_read(repository: Path, tmp_path: Path) -> None:
    schema = json.loads((repository / FOLDER / "schema.json").read_text(encoding="utf-8"))
    assert tuple(field["name"] for field in schema["fields"]) == COLUMNS
    readme = (repository / FOLDER / "README.md").read_text(encoding="utf-8")
    assert all(f"| `{name}` |" in readme for name in COLUMNS)
    folder = world(tmp_path, COUNTS, SHARE) / FOLDER
    shutil.copy(repository / FOLDER / "schema.json", folder)
    resource = frictionless.Resource.from_descriptor(
        {"name": "made-up", "path": "made-up.csv", "schema": "schema.json"}, basepath=str(folder)
    )
    assert resource.validate().valid
    assert len(comparators.read(tmp_path)) == 2
