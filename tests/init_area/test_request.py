"""What is asked for is checked before anything is made."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from minato_analysis.init_area import asked, request
from minato_analysis.init_area.request import InitError

TODAY = date(2027, 3, 10)


def ask(repository: Path, code: str = "99201", into: Path | None = None, **more: Any) -> Any:
    options = {"name": "架空市", "parent_name": "架空県", "stations": []} | more
    return asked.request(repository, code, options, into, TODAY)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("1310", "半角の数字5桁"),
        ("１３１０４", "半角の数字5桁"),
        ("13104\n", "半角の数字5桁"),
        ("../13", "半角の数字5桁"),
        ("13A04", "半角の数字5桁"),
        ("131041", "検査数字の付いた6桁のコードです。最後の1桁を除いた5桁「13104」"),
        ("131042", "半角の数字5桁"),
        ("00000", "都道府県の番号「00」はありません"),
        ("48201", "都道府県の番号「48」はありません"),
        ("13000", "市区町村のコードではありません"),
        ("13103", "今いるこのフォルダです"),
    ],
)
def test_a_code_that_is_none_is_refused(repository: Path, code: str, said: str) -> None:
    with pytest.raises(InitError, match="E8-CODE") as stopped:
        ask(repository, code)
    assert said in str(stopped.value)


@pytest.mark.parametrize(
    "name",
    [
        "", "  ", "../../etc", "a/b", "a\\b", "<script>", "{{ fact() }}", "{% x %}", '"; import os',
        "=HYPERLINK(1)", "+1", "-市", "@SUM", "a\nb: c", "a\x00b", "市\u202e", "あ" * 31, "12345",
        "区|区", "a:b",
    ],
)  # fmt: skip
def test_hostile_names_are_refused(repository: Path, name: str) -> None:
    for option in ("name", "name_en", "parent_name", "document"):
        if name.strip() or option == "name":
            with pytest.raises(InitError, match=r"E8-(NAME|PARENT)"):
                ask(repository, **{option: name})
    if name.strip():
        with pytest.raises(InitError, match="E8-NAME"):
            ask(repository, stations=["第一署", name])


@given(st.text(max_size=40))
def test_a_name_is_refused_or_harmless(text: str) -> None:
    try:
        found = request.name(text, "name")
    except InitError as error:
        assume(str(error).startswith("E8-NAME"))
        return
    assert not set(found) & set("/\\<>{}%\"'`=:;|&$#@!?*~^\n\r\t\0")
    assert found == found.strip()
    assert found[0] not in "=+-@"
    assert all(one.isprintable() for one in found)


@pytest.mark.parametrize("edition", ["../2024", "2024/..", "", "年度", "a" * 41, ".."])
def test_an_edition_cannot_leave_its_folder(edition: str) -> None:
    with pytest.raises(InitError, match="E8-EDITION"):
        request.edition_name(edition)


def test_a_folder_is_never_written_over_nor_made_inside_the_project(
    repository: Path, tmp_path: Path
) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for into, said in (
        (tmp_path / "there", "もうあります"),
        (tmp_path / "link", "もうあります"),
        (repository / "areas", "今のプロジェクト"),
        (repository / "data/x", "今のプロジェクト"),
        (tmp_path / "no/such/parent", "親フォルダ"),
        (tmp_path / "新しい", "半角の英数字"),
        (tmp_path / "..", "半角の英数字"),
    ):
        with pytest.raises(InitError, match="E8-FOLDER") as stopped:
            ask(repository, into=into)
        assert said in str(stopped.value)


@pytest.mark.parametrize(
    "years",
    [
        {"first_year": 2023, "last_year": 2022},
        {"groups_first_year": 2016},
        {"groups_first_year": 2022},
        {"target_year": 2022},
        {"first_year": 1900},
    ],
)
def test_years_must_be_in_order(repository: Path, years: dict[str, int]) -> None:
    with pytest.raises(InitError, match="E8-YEARS"):
        ask(repository, **years)


def test_the_prefecture_follows_from_the_code(repository: Path, tmp_path: Path) -> None:
    with pytest.raises(InitError, match="E8-PARENT '14000': 99201 の都道府県は 99000 です"):
        ask(repository, parent="14000")
    with pytest.raises(InitError, match="E8-PARENT 99000: 都道府県の名前を --parent-name"):
        ask(repository, parent_name="")
    same = ask(repository, "13104", parent_name="", into=tmp_path / "x")
    assert same.parent.code == "13000"
    assert same.parent.key == "tokyo"
    other = ask(repository, into=tmp_path / "x")
    assert (other.area.key, other.parent.key, other.nation.code) == (
        "area99201",
        "area99000",
        "00000",
    )
    assert other.made_up
    assert not same.made_up


def test_stations_differ_and_one_is_enough(repository: Path, tmp_path: Path) -> None:
    for wrong in (
        {"stations": ["同じ", "同じ"]},
        {"stations": ["同じ"], "shared": ["同じ=隣町"]},
        {"shared": ["同じ=隣町", "同じ=別村"]},
    ):
        with pytest.raises(InitError, match="E8-STATION"):
            ask(repository, **wrong, into=tmp_path / "x")
    with pytest.raises(InitError, match="E8-NAME --shared"):
        ask(repository, shared=["中央"], into=tmp_path / "x")
    assert ask(repository, stations=["一つだけ"], into=tmp_path / "x").stations == ("一つだけ",)
    assert ask(repository, into=tmp_path / "x").stations == asked.STATIONS


def test_a_target_has_a_form_and_a_fall_a_year_of_the_indicator(
    repository: Path, tmp_path: Path
) -> None:
    into = tmp_path / "x"
    with pytest.raises(InitError, match="E8-TARGET 'half'"):
        ask(repository, target="half", into=into)
    with pytest.raises(InitError, match="E8-YEARS --target-base 1999"):
        ask(repository, target="persons-fall", target_base=1999, into=into)
    usual = ask(repository, target="share-fall", into=into)
    assert (usual.target, usual.target_base) == ("share-fall", usual.first_year)


def test_a_name_is_asked_for_and_a_date_must_be_one(repository: Path) -> None:
    with pytest.raises(InitError, match="--name"):
        ask(repository, name="")
    with pytest.raises(InitError, match="E8-DATE"):
        asked.day("2027年3月10日")
    assert asked.day("2027-03-10") == TODAY
