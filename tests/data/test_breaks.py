"""Changes of law as data: where they fall, what they forbid, and what a wrong declaration says."""

from __future__ import annotations

import datetime
import itertools
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from minato_analysis import data
from minato_analysis.data import breaks
from minato_analysis.data.breaks import Break, BreakError, Bridge, Law

LAW = Law("架空の刑法の一部を改正する法律", "令和5年法律第999号", "架空の法改正", "made-up law")
ROWS = pd.DataFrame({"offence": ["violent"], "measure": ["reoffenders"]})
BRIDGE = Bridge("by-rule", "同じものを数える")


def one(
    day: str = "2023-07-13", bridge: Bridge | None = None, offence: str = "violent", name: str = "a"
) -> Break:
    date = datetime.date.fromisoformat(day)
    return Break(name, date, LAW, {"offence": [offence]}, "数え方が変わりました。", bridge)


def entry(**changes: object) -> dict[str, object]:
    whole: dict[str, object] = {
        "id": "a",
        "date": datetime.date(2023, 7, 13),
        "law": {"name": "甲法", "number": "令和5年法律第999号", "short": "甲", "short_en": "A"},
        "series": [{"select": {"offence": ["violent"]}, "changes": "…", "bridge": "none"}],
        "sources": [],
    }
    return whole | changes


def folder(path: Path, *entries: dict[str, object]) -> Path:
    (path / "data").mkdir()
    for name, content in ((breaks.FILE, list(entries)), (breaks.CATEGORIES, [])):
        (path / name).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


def test_a_break_in_the_course_of_a_year_separates_it_from_both_neighbours() -> None:
    found = one("2024-12-12")
    assert (found.year, found.mixed) == (2024, True)
    assert not found.divides(range(2018, 2024))
    assert found.divides([2023, 2024])
    assert found.divides([2024, 2025])
    assert found.divides([2020, 2030])
    assert not found.divides([2024])
    assert not found.divides(range(2025, 2030))


def test_a_break_on_new_years_day_leaves_no_mixed_year() -> None:
    found = one("2024-01-01")
    assert found.divides([2023, 2024])
    assert not found.divides([2024, 2025])
    assert breaks.segments(range(2022, 2026), [found]) == [[2022, 2023], [2024, 2025]]


def test_only_breaks_of_the_series_count() -> None:
    own, other = one(), one(offence="larceny", name="b")
    assert breaks.crossing(ROWS, range(2020, 2025), [own, other]) == (own,)
    assert breaks.crossing(ROWS, range(2020, 2023), [own, other]) == ()


def test_a_trend_across_an_unbridged_break_is_refused_and_the_law_is_named() -> None:
    with pytest.raises(BreakError, match=r"^E4-BREAK 傾き: 2020年から2024年まで") as caught:
        breaks.require_unbroken(ROWS, range(2020, 2025), [one()], "傾き")
    for part in (LAW.name, LAW.number, "2023年7月13日", "2023年より前", "2024年以降", breaks.FILE):
        assert part in str(caught.value)


def test_a_bridged_break_passes_and_is_named() -> None:
    found = breaks.require_unbroken(ROWS, range(2020, 2025), [one(bridge=BRIDGE)], "傾き")
    assert [(each.id, each.bridge) for each in found] == [("a", BRIDGE)]
    assert breaks.segments(range(2020, 2025), found) == [list(range(2020, 2025))]


def test_two_breaks_make_three_runs() -> None:
    cuts = [one("2017-07-13"), one("2023-07-13", name="b")]
    assert breaks.segments(range(2015, 2026), cuts) == [
        [2015, 2016],
        [2018, 2019, 2020, 2021, 2022],
        [2024, 2025],
    ]


@given(
    st.lists(st.dates(datetime.date(2000, 1, 1), datetime.date(2030, 12, 31)), max_size=4),
    st.sets(st.integers(1995, 2035), min_size=1),
)
def test_no_run_of_years_crosses_a_break_and_no_other_year_is_lost(
    dates: list[datetime.date], years: set[int]
) -> None:
    cuts = [one(date.isoformat(), name=str(at)) for at, date in enumerate(dates)]
    runs = breaks.segments(years, cuts)
    for run in runs:
        assert breaks.require_unbroken(ROWS, run, cuts, "傾き") == ()
    mixed = {cut.year for cut in cuts if cut.mixed}
    assert sorted(year for run in runs for year in run) == sorted(years - mixed)
    for earlier, later in itertools.pairwise(runs):
        assert any(cut.divides([*earlier, *later]) for cut in cuts)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"date": "2023/07/13"}, "日付ではありません"),
        ({"series": [{"select": {"offense": ["violent"]}, "changes": "", "bridge": "none"}]}, "offense"),
        ({"series": [{"select": {"offence": ["violent"]}, "changes": "", "bridge": "x"}]}, "bridge「x」"),
        ({"series": [{"select": {"offence": ["violent"]}, "bridge": "none"}]}, "changes がありません"),
        ({"law": {"name": "甲法"}}, "number、short、short_en がありません"),
    ],
)  # fmt: skip
def test_a_wrong_declaration_is_refused(
    tmp_path: Path, wrong: dict[str, object], said: str
) -> None:
    with pytest.raises(BreakError, match=r"^E4-BREAK data/breaks.yaml a: ") as caught:
        breaks.load(folder(tmp_path, entry(**wrong)))
    assert said in str(caught.value)


def test_an_id_stands_once_and_the_files_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(BreakError, match="2回"):
        breaks.load(folder(tmp_path, entry(), entry()))
    with pytest.raises(BreakError, match=r"^E4-BREAK data/breaks.yaml: ファイルがありません"):
        breaks.load(tmp_path / "elsewhere")


def test_the_published_breaks_find_their_series(repository: Path) -> None:
    rows = data.history(repository)
    found = breaks.load(repository)
    assert {(each.id, each.date.isoformat(), each.law.number) for each in found} == {
        ("sexual-offences-2017", "2017-07-13", "平成29年法律第72号"),
        ("sexual-offences-2023", "2023-07-13", "令和5年法律第66号"),
        ("cannabis-law-2024", "2024-12-12", "令和5年法律第84号"),
    }
    for each in found:
        for column, wanted in each.select.items():
            assert set(wanted) <= set(rows[column]), (each.id, column)
        assert set(each.parts) <= set(rows["offence"])
        assert each.touches(rows)


def test_groups_of_sexual_offences_are_cut_and_totals_and_cannabis_are_bridged(
    repository: Path,
) -> None:
    rows, found = data.history(repository), breaks.load(repository)

    def crossed(years: range, **wanted: str) -> dict[str, str | None]:
        own = data.select(rows, **wanted)
        met = breaks.crossing(own, years, found)
        return {each.id: each.bridge.id if each.bridge else None for each in met}

    assert crossed(range(2018, 2025), offence="felonious") == {"sexual-offences-2023": None}
    assert crossed(range(2018, 2024), offence="moral") == {"sexual-offences-2023": None}
    assert crossed(range(2018, 2030), offence="larceny") == {}
    assert crossed(range(2018, 2024), offence="cannabis") == {}
    assert crossed(range(2018, 2025), offence="cannabis") == {
        "cannabis-law-2024": "cannabis-as-in-white-paper-2025"
    }
    total = "total-under-law-in-force"
    assert crossed(range(2018, 2030), offence="penal_code_and_drugs") == {
        "sexual-offences-2023": total,
        "cannabis-law-2024": total,
    }
    assert crossed(range(2016, 2030), measure="released") == {}


def test_every_fact_about_a_law_has_its_source(repository: Path) -> None:
    declared = yaml.safe_load((repository / breaks.FILE).read_text(encoding="utf-8"))
    for each in declared:
        assert each["sources"], each["id"]
        assert all(one["title"] and one["url"].startswith("http") for one in each["sources"])
