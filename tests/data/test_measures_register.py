"""The register of measures: what the plan prints, and readers that refuse what they cannot trust."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from minato_analysis import data
from minato_analysis.data import measures
from minato_analysis.data.measures import Measure
from minato_analysis.project.checksums import checksum

SOURCE = "minato-plan-draft-2024-12"
FOLDER = f"data/published/{SOURCE}"
HEAD = "number,year,status,note\n"


@pytest.fixture(scope="module")
def register(repository: Path) -> tuple[Measure, ...]:
    return measures.read(repository, SOURCE)


def test_numbers_run_without_a_gap_in_every_policy(register: tuple[Measure, ...]) -> None:
    """Chapter 4 numbers its lists 01-01 to 01-08, 02-01 to 02-08, and so on."""
    last = {"1": 8, "2": 8, "3": 10, "4": 12, "5": 6}
    printed = [f"0{policy}-{at:02d}" for policy, n in last.items() for at in range(1, n + 1)]
    assert [one.number for one in register] == printed
    assert all(one.number.startswith(f"0{one.policy}-") for one in register)
    assert [one.direction for one in register] == ["1"] * 16 + ["2"] * 28


def test_flags_and_pages_are_those_of_the_lists(register: tuple[Measure, ...]) -> None:
    assert Counter(one.flag for one in register) == {"": 36, "新規": 6, "拡充": 2}
    assert all(one.flag == one.flag_in_section for one in register)
    pages = [int(one.page) for one in register]
    assert pages == sorted(pages)
    # The contents of the plan give the first page of each policy: 34, 41, 47, 52, 57; the column is 61.
    first, end = (34, 41, 47, 52, 57), (41, 47, 52, 57, 61)
    for one in register:
        at = int(one.policy) - 1
        assert first[at] < int(one.page) < end[at], one


def test_the_lists_and_the_headings_differ_in_four_places(register: tuple[Measure, ...]) -> None:
    found = {
        (one.number, one.what): (one.listed, one.at_measure)
        for one in measures.differences(register)
    }
    assert found == {
        ("01-03", "heading"): ("特殊詐欺対策", ""),
        ("03-10", "flag"): ("拡充", ""),
        ("04-07", "name"): ("福祉総合窓口事業", "福祉相談窓口事業"),
        ("05-04", "flag"): ("新規", ""),
    }


def test_departments_are_taken_apart(register: tuple[Measure, ...]) -> None:
    known = {one.number: one.departments for one in register}
    assert known["01-03"] == ()
    assert known["04-05"] == known["04-07"] == ("保健福祉支援部保健福祉課", "各地区総合支所区民課")


def test_the_register_gives_no_observations_and_is_sealed(repository: Path, scratch: Path) -> None:
    package = data.descriptor(repository)
    name = f"{SOURCE}-measures"
    assert name not in {one["name"] for one in data.published(package)}
    assert name in {one["name"] for one in data.sealed(package)}
    assert data.files(repository)[f"{SOURCE}/measures"] == f"{FOLDER}/measures.csv"
    file = scratch / FOLDER / "measures.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("新規", "拡充", 1), encoding="utf-8")
    with pytest.raises(data.DataError, match=r"E0-CHECKSUM data/published/.*measures\.csv"):
        measures.read(scratch, SOURCE)
    assert data.seal(scratch) == [f"published/{SOURCE}/measures.csv"]
    assert len(measures.read(scratch, SOURCE)) == 44


def test_an_unknown_register_is_refused(repository: Path) -> None:
    with pytest.raises(data.DataError, match="E0-REGISTER nowhere-measures"):
        measures.read(repository, "nowhere")


def test_transcription_record_is_of_the_present_register(repository: Path) -> None:
    folder = repository / FOLDER
    record = json.loads((folder / "measures_transcription.json").read_text(encoding="utf-8"))
    tables = json.loads((folder / "transcription.json").read_text(encoding="utf-8"))
    assert record["differences"] == 0
    assert record["text"] == tables["text"]
    sha = checksum(folder / "measures.csv", repository)
    assert record["compared"]["measures.csv"]["sha256"] == sha
    assert record["without_heading_in_text"] == ["01-03"]


TEXT = """\
### 基本方針1 施策1) 見守りの推進

番号\t主な取組\t新規・拡充\t本編ページ
01-01\t見回り（夜間）\t新規\t7
01-02\t相談\t\t8

番号\t主な取組
01-01\t見回り(夜間)\t新規
01-02\t相談

関連する計画
A市計画
(01-01、01-02)

## 01-01 見回り（夜間） 【新規】

所管課：安全課
福祉課

夜に見回ります。

## 01-02 相談

所管課：福祉課

相談を受けます。
"""
ROWS = """\
number,direction,policy,policy_name,name,name_in_section,name_at_measure,flag,flag_in_section,\
flag_at_measure,page,department,related_plan
01-01,1,1,見守りの推進,見回り（夜間）,見回り(夜間),見回り（夜間）,新規,新規,新規,7,安全課 福祉課,A市計画
01-02,1,1,見守りの推進,相談,相談,相談,,,,8,福祉課,A市計画
"""


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("", "", "2 measures, 23 cells: no difference"),
        ("見回り（夜間）,見回り(夜間)", "見回り（夜勤）,見回り(夜間)", "01-01: the chapter's list"),
        ("相談,相談,相談,,,,8", "相談,相談,相談,,,,9", "01-02: the chapter's list"),
        ("新規,新規,新規", "新規,,新規", "01-01: the list of the policy"),
        ("新規,新規,新規", "新規,新規,", "01-01: heading"),
        ("安全課 福祉課", "安全課", "01-01: heading"),
        ("8,福祉課,A市計画", "8,福祉課,B市計画", "01-02: related plan"),
        ("1,1,見守りの推進,相談", "1,2,見守りの推進,相談", "基本方針1施策2)見守りの推進"),
        ("相談,相談,相談,", "相談,相談,,", "01-02: 1 headings"),
    ],
)
def test_the_comparison_notices_one_cell(
    repository: Path, tmp_path: Path, right: str, wrong: str, said: str
) -> None:
    """The comparison, run on an invented plan."""
    text, source = tmp_path / "text.txt", tmp_path / "source"
    text.write_text(TEXT, encoding="utf-8")
    source.mkdir()
    assert right in ROWS
    (source / "measures.csv").write_text(ROWS.replace(right, wrong), encoding="utf-8")
    tool = repository / "tools/compare_measures.py"
    run = subprocess.run(
        [sys.executable, str(tool), str(text), str(source)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert said in run.stdout
    assert run.returncode == (right != wrong)
    assert (source / "measures_transcription.json").is_file() == (right == wrong)


def test_every_measure_answers_to_a_number_or_says_why_not(
    repository: Path, register: tuple[Measure, ...]
) -> None:
    links = measures.read_links(repository, SOURCE, register)
    for one in register:
        assert bool(links.of(one.number)) != (one.number in links.none), one.number
    assert all(links.to(one.id) for one in links.numbers)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("source_id: minato", "source_id: other", "source_id が「other-plan"),
        ("kind: indicator", "kind: guess", "kind「guess」"),
        ("  05-06:\n", "  05-07:\n", r"05-06.*05-07"),
        ("[direct, 保護司", "[close, 保護司", "02-04 probation-officers"),
        ("    larceny: [", "    theft: [", "larceny|theft"),
        ("  larceny:\n", "  robbery:\n", "robbery"),
        ("[direct, 保護司その人への支援です。]", '[direct, ""]', "理由が空"),
        ("    none: 条例", "    larceny: [direct, a]\n    none: 条例", "none とほかの項目"),
    ],
)
def test_links_that_do_not_fit_are_refused(
    scratch: Path, register: tuple[Measure, ...], right: str, wrong: str, said: str
) -> None:
    file = scratch / measures.LINKS
    text = file.read_text(encoding="utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(data.DataError, match=f"E0-LINKS {measures.LINKS}.*({said})"):
        measures.read_links(scratch, SOURCE, register)


def test_the_status_file_has_its_header_and_is_read(
    repository: Path, scratch: Path, register: tuple[Measure, ...]
) -> None:
    file = repository / measures.STATUS
    assert file.read_text(encoding="utf-8-sig").startswith(HEAD)
    measures.read_status(repository, register)
    (scratch / measures.STATUS).write_text(
        f"{HEAD}01-01,2025,実施,駅前\n01-01,2026,終了,\n", encoding="utf-8-sig"
    )
    found = measures.read_status(scratch, register)
    assert [(one.year, one.status, one.note) for one in found] == [
        (2025, "実施", "駅前"),
        (2026, "終了", ""),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("number,year,status\n", "1行目: 見出しは"),
        (f"{HEAD}01-01,2025,実施\n", "2行目: 列の数"),
        (f"{HEAD}01-01,2025,実施,a,b\n", "2行目: 列の数"),
        (f"{HEAD}01-09,2025,実施,\n", "2行目: 取組の番号「01-09」"),
        (f"{HEAD}01-01,R7,実施,\n", "2行目: 年度「R7」"),
        (f"{HEAD}01-01,2025,完了,\n", "2行目: 状況「完了」"),
        (f"{HEAD}01-01,2025,実施,\n01-01,2025,準備中,\n", "3行目: 取組01-01の2025年度が2回"),
    ],
)
def test_a_status_that_cannot_be_trusted_is_refused(
    scratch: Path, register: tuple[Measure, ...], text: str, said: str
) -> None:
    (scratch / measures.STATUS).write_text(text, encoding="utf-8")
    with pytest.raises(data.DataError, match=f"E0-STATUS {measures.STATUS} {said}"):
        measures.read_status(scratch, register)


def test_a_status_file_saved_in_another_encoding_is_refused(
    scratch: Path, register: tuple[Measure, ...]
) -> None:
    (scratch / measures.STATUS).write_bytes(f"{HEAD}01-01,2025,実施,\n".encode("cp932"))
    with pytest.raises(data.DataError, match=r"E0-STATUS .*UTF-8 で保存"):
        measures.read_status(scratch, register)
