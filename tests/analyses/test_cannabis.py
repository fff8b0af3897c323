"""Notebook 03 on a made-up city: its computations, and the notebook itself with comparators."""

from __future__ import annotations

import ast
import csv
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.contingency_tables import StratifiedTable

from minato_analysis import data
from minato_analysis.analyses import (
    cannabis,
    cannabis_breakdown,
    cannabis_breakdown_shown,
    cannabis_outside,
    cannabis_outside_shown,
    cannabis_shown,
    series,
)
from minato_analysis.cleaning.tables import COLUMNS
from minato_analysis.data import comparators, needs
from minato_analysis.data import study as studies
from minato_analysis.data.study import Study
from minato_analysis.project.prose_cells import prose
from minato_analysis.reporting.exporter import to_html
from minato_analysis.reporting.outputs import ASIDE
from minato_analysis.reporting.prose import plain
from minato_analysis.statistics import comparison
from tests import specimen
from tests.analyses import lines, worlds
from tests.analyses.worlds import CITY, GROUP_YEARS, NATION, PREFECTURE, YEARS
from tests.reporting.world import PAGE

PERSONS = dict(zip(GROUP_YEARS, (60.0, 50.0, 40.0, 40.0, 50.0), strict=True))
REOFFENDERS = dict(zip(GROUP_YEARS, (30.0, 24.0, 17.0, 19.0, 41.0), strict=True))
STATIONS = {"北": (0.5, 0.6), "南": (0.5, 0.4), "島": (0.0, 0.0)}
"""Parts of persons and reoffenders; the island arrests nobody."""
BANDS = {"20-29": 0.6, "30-39": 0.4, "65+": 0.0}
DEFINITIONS = """
city: {title: 市の指標, age: 成人（注による）, reoffender: 前歴がある人}
city-drugs: {title: 市の薬物, age: 成人とみられる, reoffender: 前歴がある人}
everyone: {title: 全年齢の薬物, age: 全年齢, reoffender: 前歴がある人}
"""
AREAS = f"""code,key,name_ja,name_en,kind,parent_code
{CITY},city,架空市,Made-up City,municipality,{PREFECTURE}
{PREFECTURE},prefecture,架空県,Made-up Prefecture,prefecture,{NATION}
{NATION},nation,全国,Japan,nation,
99002,town,隣町,Neighbour,municipality,{PREFECTURE}
"""
NOTEBOOK = "03_cannabis_comparison"


def observations(
    persons: Mapping[int, float] = PERSONS, reoffenders: Mapping[int, float] = REOFFENDERS
) -> list[dict[str, Any]]:
    rows = worlds.city(dict.fromkeys(YEARS, 1050.0), dict.fromkeys(YEARS, 520.0))
    drugs = {"offence": "cannabis", "definition": "city-drugs"}
    rows += worlds.counts("3-2", dict(persons), dict(reoffenders), **drugs)
    for station, (of_persons, of_reoffenders) in STATIONS.items():
        n = {year: math.floor(count * of_persons) for year, count in persons.items()}
        k = {year: math.floor(count * of_reoffenders) for year, count in reoffenders.items()}
        k = {year: min(count, n[year]) for year, count in k.items()}
        rows += worlds.counts("3-2", n, k, station=station, **drugs)
    for band, part in BANDS.items():
        n = {year: count * part for year, count in persons.items()}
        rows += worlds.rows("3-3", n, measure="persons_arrested", age_band=band, **drugs)
    for table, name in (("3-4", "violent"), ("3-5", "larceny")):
        n, k = dict.fromkeys(GROUP_YEARS, 300.0), dict.fromkeys(GROUP_YEARS, 120.0)
        rows += worlds.counts(table, n, k, offence=name)
    for row in rows:
        row["row"] += f" {row['station']} {row['age_band']}"
    return rows


def project(folder: Path, *lines: tuple[str, ...]) -> Path:
    """Return a project folder of the made-up city whose comparators are `lines`."""
    (folder / "data/tidy").mkdir(parents=True, exist_ok=True)
    for name, text in (("areas.csv", AREAS), ("definitions.yaml", DEFINITIONS)):
        (folder / "data" / name).write_text(text, encoding="utf-8")
    for name in ("breaks.yaml", "categories.yaml"):
        (folder / "data" / name).write_text("[]", encoding="utf-8")
    about = '{"resources": [], "source_documents": {}}'
    (folder / data.DESCRIPTOR).write_text(about, encoding="utf-8")
    table = pd.DataFrame(observations(), columns=list(COLUMNS))
    table.to_csv(folder / data.OBSERVATIONS, index=False)
    slot = folder / comparators.FOLDER
    slot.mkdir(parents=True, exist_ok=True)
    if lines:
        with (slot / "made-up.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([comparators.COLUMNS, *lines])
    return folder


def city(folder: Path = Path("nowhere"), **changes: Any) -> Study:
    return replace(worlds.study(observations(**changes)), folder=folder)


def value(study: Study, name: str) -> float:
    return study.facts.get(f"city.cannabis.{name}").value


def line(area: str, year: int, n: str, k: str, share: str, definition: str) -> tuple[str, ...]:
    return area, "cannabis", str(year), n, k, share, definition, "架空の資料2024 p.12", "2024-06-30"


def wilson(k: float, n: float, z: float = 1.959963984540054) -> tuple[float, float]:
    """Both ends of Wilson's interval in percent, by its formula."""
    p = k / n
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    return 100 * (centre - half), 100 * (centre + half)


def newcombe(k1: float, n1: float, k2: float, n2: float) -> tuple[float, float, float]:
    """Difference in points with both limits: Newcombe (1998), method 10."""
    (l1, u1), (l2, u2) = wilson(k1, n1), wilson(k2, n2)
    p1, p2 = 100 * k1 / n1, 100 * k2 / n2
    low = p1 - p2 - math.hypot(p1 - l1, u2 - p2)
    return p1 - p2, low, p1 - p2 + math.hypot(u1 - p1, p2 - l2)


def test_shares_by_year_and_in_sum() -> None:
    study = city()
    own = cannabis.record_shares(study)
    assert value(study, "persons.2022") == 50
    assert value(study, "reoffenders.pooled") == 131
    assert value(study, "share.2022") == pytest.approx(82.0)
    assert value(study, "share.pooled") == pytest.approx(100 * 131 / 240)
    ends = value(study, "share.pooled.low"), value(study, "share.pooled.high")
    assert ends == pytest.approx(wilson(131, 240))
    assert (value(study, "share.least"), value(study, "share.most")) == (42.5, 82.0)
    assert value(study, "one_person.2022") == 2.0
    assert own.definition == "city-drugs"
    # The stations' rows of the same table are not counted a second time.
    assert len(study.facts.get("city.cannabis.share.2022").observations) == 2
    assert len(study.facts.get("city.cannabis.share.pooled").observations) == 10


def test_the_published_city_of_the_plan() -> None:
    """The cells of 図表3-2 (計) and 図表2-10 typed from the plan, computed here once more."""
    k, n = (28, 38, 15, 25, 32), (60, 67, 44, 46, 46)
    whole = ((705, 1521), (634, 1362), (481, 1092), (499, 1014), (516, 1053))
    study = specimen.study(as_of="2025-01-31")
    own = cannabis.record_shares(study)
    lines.against(study, own, series.indicator(study), difference="named")
    facts = study.facts

    def fact(name: str) -> float:
        return facts.get(f"minato.cannabis.{name}").value

    assert fact("share.pooled") == pytest.approx(100 * 138 / 263)
    assert (fact("share.pooled.low"), fact("share.pooled.high")) == pytest.approx(wilson(138, 263))
    top = bottom = 0.0
    tables = []
    for year, a, m1, (cases, total) in zip(range(2018, 2023), k, n, whole, strict=True):
        c, m2 = cases - a, total - m1
        found = [fact(f"vs_other.{year}.{part}") for part in ("points", "low", "high")]
        assert found == pytest.approx(newcombe(a, m1, c, m2))
        top, bottom = top + a * (m2 - c) / total, bottom + (m1 - a) * c / total
        tables.append([[a, m1 - a], [c, m2 - c]])
    assert fact("mh_or") == pytest.approx(top / bottom)
    second = StratifiedTable([np.array(one, float) for one in tables])
    assert fact("cmh.p") == pytest.approx(second.test_null_odds().pvalue)
    assert fact("breslow_day.p") == pytest.approx(second.test_equal_odds().pvalue)
    tarone = second.test_equal_odds(adjust=True).pvalue
    assert fact("breslow_day.tarone.p") == pytest.approx(tarone)
    # One year differs from the other offences after adjustment; equal odds ratios are rejected.
    assert (fact("vs_other.apart"), fact("vs_other.apart.before")) == (1, 0)
    assert fact("breslow_day.p") < 0.05 < fact("breslow_day.without_last.p")
    cannabis_outside.record_thresholds(study, own)
    assert fact("threshold.latest") == pytest.approx(wilson(32, 46)[0])
    assert fact("threshold.pooled") == pytest.approx(wilson(138, 263)[0])
    assert (fact("threshold.latest.printed"), fact("threshold.pooled.printed")) == (55.1, 46.4)


def test_a_missing_year_stops_the_comparison() -> None:
    study = city(persons={year: PERSONS[year] for year in GROUP_YEARS[1:]},
                 reoffenders={year: REOFFENDERS[year] for year in GROUP_YEARS[1:]})  # fmt: skip
    with pytest.raises(data.DataError, match="E0-SERIES cannabis: 2018年から2022年まで"):
        cannabis.record_shares(study)


def test_unequal_definitions_must_be_named() -> None:
    study = city()
    own, whole = cannabis.record_shares(study), series.indicator(study)
    with pytest.raises(data.DataError, match="E0-DEFINITION city-drugs、city"):
        lines.against(study, own, whole, difference=" ")
    same = replace(whole, definition=own.definition)
    assert len(lines.against(study, own, same, difference="").table) == 5


def test_other_offences_are_the_indicator_without_cannabis() -> None:
    study = city()
    own, whole = cannabis.record_shares(study), series.indicator(study)
    against = lines.against(study, own, whole, difference="named")
    assert against.table["persons_arrested"].tolist() == [990, 1000, 1010, 1010, 1000]
    assert against.table["reoffenders"].tolist() == [490, 496, 503, 501, 479]
    for when in ("2020", "pooled"):
        formula = study.facts.get(f"city.cannabis.other.share.{when}").formula
        assert (
            "(all reoffenders - cannabis reoffenders) / (all persons arrested - cannabis" in formula
        )
    found = {
        part: pd.Series([value(study, f"vs_other.{year}.{part}") for year in own.table.index])
        for part in ("p", "p_holm")
    }
    p = found["p"].sort_values()
    holm = [min(1.0, factor * one) for factor, one in zip((5, 4, 3, 2, 1), p, strict=True)]
    adjusted = found["p_holm"].sort_values().tolist()
    assert adjusted == pytest.approx(pd.Series(holm).cummax().tolist())
    year = study.facts.get("city.cannabis.vs_other.2020.points")
    assert len(year.observations) == 4
    # The last year stands apart: without it there is less of a difference.
    assert (value(study, "vs_other.apart"), value(study, "vs_other.apart.before")) == (1, 0)
    assert value(study, "cmh.p") < value(study, "cmh.without_last.p")
    pooled = cannabis.record_beside(study, own, against)
    assert value(study, "beside.violent") == 40.0
    assert pooled.loc["other", "reoffenders"] == 2469


def test_stations_without_persons_show_no_share() -> None:
    study = city()
    own = cannabis.record_shares(study)
    stations = cannabis_breakdown.record_stations(study, own)
    assert stations.largest == "北"
    assert value(study, "station.largest.weight") == 50.0
    assert value(study, "station.cells.small") == 5
    island = stations.pooled.loc["島"]
    assert island[["share", "points", "p"]].isna().all()
    assert 0 < island["shrunk_low"] < island["mean"] < island["shrunk_high"] < 100
    k, n = stations.pooled["reoffenders"], stations.pooled["persons_arrested"]
    difference = 100 * (k["北"] / n["北"] - k["南"] / n["南"])
    assert value(study, "station.largest.vs_others.points") == pytest.approx(difference)
    shown = cannabis_breakdown_shown.station_shares(stations)
    assert shown.rows[2][1:3] == ("0人", "n=0")
    assert cannabis_breakdown_shown.station_cells(study, stations).rows[2][-1] == "0 (0)"
    figure = cannabis_breakdown_shown.funnel(study, own, stations)
    assert figure.table is not None
    assert [row[0] for row in figure.table.rows] == ["北", "南"]


def test_the_youngest_band_is_weighed_against_all_ages() -> None:
    study = city()
    table = cannabis_breakdown.record_ages(study)
    assert table["pooled"].tolist() == [144, 96, 0]
    assert value(study, "age.youngest.share.pooled") == pytest.approx(60.0)
    assert (value(study, "age.youngest.from"), value(study, "age.youngest.to")) == (20, 29)
    rows = cannabis_breakdown_shown.ages(study, table).rows
    assert rows[0][0] == "20〜29歳"
    assert rows[2][0] == "65歳以上"
    assert rows[3][-2:] == ("240人", "100.0%")


def test_thresholds_are_printed_so_that_they_hold() -> None:
    study = city()
    own = cannabis.record_shares(study)
    table = cannabis_outside.record_thresholds(study, own)
    assert value(study, "threshold.latest") == pytest.approx(wilson(41, 50)[0])
    for name in ("latest", "pooled"):
        exact, printed = (
            value(study, f"threshold.{name}"),
            value(study, f"threshold.{name}.printed"),
        )
        assert 0 <= exact - printed < 0.1
    rows = cannabis_outside_shown.thresholds(table).rows
    assert rows[-2][4] == study.facts.get("city.cannabis.threshold.latest.printed").display


def test_nothing_is_compared_without_comparators(tmp_path: Path) -> None:
    study = city(project(tmp_path))
    outside = cannabis_outside.record_outside(study, cannabis.record_shares(study))
    assert value(study, "comparators.prefecture.years") == 0
    assert cannabis_outside_shown.compared(study, outside) is None
    assert cannabis_outside_shown.refused(outside) is None
    status = cannabis_outside_shown.status(study, outside)
    assert [row[1] for row in status.rows] == ["なし", "なし"]


def test_counts_of_the_same_definition_are_compared_without_the_part(tmp_path: Path) -> None:
    lines = [
        line(PREFECTURE, 2022, "2,050", "1,041", "50.8%", "city-drugs"),
        line(PREFECTURE, 2021, "2,040", "1,019", "", "city-drugs"),
        line(PREFECTURE, 2015, "2,040", "1,019", "", "city-drugs"),
    ]
    study = city(project(tmp_path, *lines))
    own = cannabis.record_shares(study)
    table = cannabis_outside.record_outside(study, own).compared["架空県"]
    assert table.index.tolist() == [2021, 2022]
    assert table["persons_arrested"].tolist() == [2000, 2000]
    assert table["reoffenders"].tolist() == [1000, 1000]
    found = [value(study, f"vs_prefecture.2022.{part}") for part in ("points", "low", "high")]
    assert found == pytest.approx(newcombe(41, 50, 1000, 2000))
    found = [value(study, f"vs_prefecture.pooled.{part}") for part in ("points", "low", "high")]
    assert found == pytest.approx(newcombe(60, 90, 2000, 4000))
    names = ("years", "counts", "higher", "lower", "undecided")
    assert [value(study, f"comparators.prefecture.{name}") for name in names] == [2, 2, 1, 0, 1]
    addresses = study.facts.get("city.cannabis.vs_prefecture.2022.points").observations
    assert f"comparators/made-up!{PREFECTURE} cannabis 2022!persons" in addresses
    assert not any("2021" in one for one in addresses)
    summed = study.facts.get("city.cannabis.vs_prefecture.pooled.points").observations
    assert not any("2020" in one for one in summed)
    assert any("2021" in one for one in summed)


def test_a_share_of_the_same_definition_is_taken_as_exact(tmp_path: Path) -> None:
    lines = [
        line(NATION, 2022, "", "", "69.0%", "city-drugs"),
        line(NATION, 2021, "", "", "48%", "city-drugs"),
    ]
    study = city(project(tmp_path, *lines))
    own = cannabis.record_shares(study)
    outside = cannabis_outside.record_outside(study, own)
    table = outside.compared["全国"]
    assert value(study, "vs_nation.2022.points") == pytest.approx(82.0 - 69.0)
    ends = value(study, "vs_nation.2022.low"), value(study, "vs_nation.2022.high")
    assert ends == pytest.approx([end - 69.0 for end in wilson(41, 50)])
    # The score test: z = (p - p0) / sqrt(p0 (1 - p0) / n).
    z = (0.82 - 0.69) / math.sqrt(0.69 * 0.31 / 50)
    assert table.loc[2022, "p"] == pytest.approx(math.erfc(z / math.sqrt(2)))
    assert table.loc[2022, "p_least"] < table.loc[2022, "p"] < table.loc[2022, "p_most"]
    # 47.5 % lies within what is printed as 48 %.
    assert table.loc[2021, "p_most"] == 1.0
    assert value(study, "comparators.nation.counts") == 0
    assert not outside.together


def test_a_whole_smaller_than_its_part_is_refused(tmp_path: Path) -> None:
    study = city(project(tmp_path, line(PREFECTURE, 2022, "49", "41", "", "city-drugs")))
    own = cannabis.record_shares(study)
    with pytest.raises(data.DataError, match=r"E0-COMPARATOR .*made-up\.csv 2行目: 2022年の人数"):
        cannabis_outside.record_outside(study, own)
    all_of_it = line(PREFECTURE, 2022, "50", "41", "", "city-drugs")
    only = comparators.read(project(tmp_path, all_of_it))
    with pytest.raises(data.DataError, match="残りません"):
        cannabis_outside.compare(own.table, only)


def test_another_definition_is_refused_and_every_field_is_shown(tmp_path: Path) -> None:
    lines = [
        line(PREFECTURE, 2022, "2,050", "1,041", "", "everyone"),
        line("99002", 2022, "20", "10", "", "city-drugs"),
    ]
    study = city(project(tmp_path, *lines))
    outside = cannabis_outside.record_outside(study, cannabis.record_shares(study))
    assert not outside.compared
    assert not [name for name in study.facts.facts if ".vs_prefecture." in name]
    assert value(study, "comparators.refused") == 1
    table = cannabis_outside_shown.refused(outside)
    assert table is not None
    assert table.rows == (
        ("架空県", "定義", "市の薬物", "全年齢の薬物", "違う"),
        ("架空県", "年齢", "成人とみられる", "全年齢", "違う"),
        ("架空県", "再犯者の意味", "前歴がある人", "前歴がある人", "同じ"),
    )
    assert outside.unused == ("隣町",)
    assert "隣町の値は" in cannabis_outside_shown.status(study, outside).notes[0]


def test_what_the_answer_of_one_year_rests_on(published: Study) -> None:
    """By hand from 図表3-2 and 2-10: 32 of 46 against 484 of 1,007, Pearson's chi-squared 8.138."""
    own = cannabis.record_shares(published)
    whole = series.indicator(published)
    lines.against(published, own, whole, difference=cannabis_shown.DIFFERENCE)

    def fact(name: str) -> float:
        return published.facts.get(f"minato.cannabis.{name}").value

    chi2 = 8.13833866595899 * 1052 / 1053
    # Of five p values the least has to be below 0.05 / 5: 6.6349.
    assert fact("vs_other.2022.design_effect") == pytest.approx(chi2 / 6.634896601021215, rel=1e-6)
    assert fact("vs_other.candidates") == 15
    assert fact("vs_other.2022.p_picked") == pytest.approx(15 * math.erfc(math.sqrt(chi2 / 2)))
    # 60, 67, 44, 46 and 46 persons with 28, 38, 15, 25 and 32 reoffenders.
    counts = np.array([(28, 60), (38, 67), (15, 44), (25, 46), (32, 46)], float)
    k, n = counts.T
    share = k.sum() / n.sum()
    spread = ((k - n * share) ** 2 / (n * share * (1 - share))).sum() / 4
    assert fact("dispersion") == pytest.approx(spread)


def test_the_share_that_would_confirm_is_the_least_that_exceeds_chance(published: Study) -> None:
    own = cannabis.record_shares(published)
    whole = series.indicator(published)
    lines.against(published, own, whole, difference=cannabis_shown.DIFFERENCE)
    facts = published.facts
    n = facts.get("minato.cannabis.vs_other.confirm.persons").value
    least = facts.get("minato.cannabis.vs_other.confirm.share").value * n / 100
    assert n == 3 * 46
    at, below = (
        comparison.equality_p_value(round(least) - less, n, 3 * 484, 3 * 1007) for less in (0, 1)
    )
    assert at < 0.05 < below


def page_of(file: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run the notebook's cells on the project in `folder` and return the words of its page."""
    monkeypatch.setenv("MINATO_ROOT", str(folder))
    there = needs.NEEDS.keys() - {"cannabis-by-age", "drug-same-law"}
    notebook = nbformat.from_dict(needs.fit(nbformat.read(file, as_version=4), there))
    names: dict[str, Any] = {}
    for cell in notebook["cells"]:
        if prose(cell) is not None:
            continue
        if "parameters" in cell["metadata"].get("tags", []):
            names |= worlds.study([]).parameters.model_dump()
            continue
        body = ast.parse(cell["source"]).body
        last = body.pop() if isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), file.name, "exec"), names)
        shown = None if last is None else eval(ast.unparse(last), names)
        if shown is not None and ASIDE not in cell["metadata"].get("tags", []):
            cell["outputs"] = [nbformat.v4.new_output("execute_result", shown._repr_mimebundle_())]
    study = names["study"]
    words = studies.names(folder, study.parameters) | worlds.ASKING
    page = replace(PAGE, name=NOTEBOOK, title="大麻")
    return plain(to_html(notebook, page, study.facts, words))


@pytest.fixture
def notebook(repository: Path) -> Path:
    return repository / "notebooks" / f"{NOTEBOOK}.ipynb"


def test_the_notebook_says_that_no_comparator_is_at_hand(
    notebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_of(notebook, project(tmp_path), monkeypatch)
    assert (
        "架空県と全国については、同じ定義の数値が手元にないため、高いか低いかを答えられません"
        in page
    )
    assert "市のほかの罪種より高いといえます" in page
    assert "同じ定義で比べた架空市の大麻" not in page
    assert "比べない理由となる定義の違い" not in page


def test_the_notebook_compares_like_for_like_when_a_file_is_put_there(
    notebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        line(PREFECTURE, year, "2,050", str(1000 + int(REOFFENDERS[year])), "", "city-drugs")
        for year in GROUP_YEARS
    ]
    page = page_of(notebook, project(tmp_path, *lines), monkeypatch)
    assert "答えられません" not in page
    assert "架空県とは、同じ定義の数値がある年について比べました。比べた5か年のうち" in page
    assert "架空市の方が高いといえるのは1か年、低いといえるのは0か年です" in page
    assert "全国については、同じ定義の数値が手元にありません" in page
    assert "同じ定義で比べた架空市の大麻の再犯者の割合" in page
    assert "架空の資料2024 p.12" in page


def test_the_notebook_refuses_another_definition_and_prints_the_difference(
    notebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project(tmp_path, line(NATION, 2022, "", "", "64.9%", "everyone"))
    page = page_of(notebook, folder, monkeypatch)
    assert "定義の違う値もありますが、比べていません" in page
    assert "比べない理由となる定義の違い" in page
    assert "高いか低いかを答えられません" in page
    assert "同じ定義で比べた架空市の大麻" not in page
    assert "64.9" not in page
