"""Two editions of a made-up city: what the first expected, what came, and what the second says of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from minato_analysis.analyses import hindsight, hindsight_shown, outlook, outlook_archive, series
from minato_analysis.analyses.hindsight import Hindsight
from minato_analysis.data import breaks
from minato_analysis.data.study import Study
from minato_analysis.numbers.facts import FactBook
from minato_analysis.numbers.remarks import Remark
from minato_analysis.project import earlier, projections
from minato_analysis.project.projections import PROBABILITIES, Archive
from minato_analysis.reporting.prose import check_digits, resolve
from tests.analyses import worlds
from tests.analyses.test_outlook import PERSONS, REOFFENDERS, by_year, world

YEARS = (*worlds.YEARS, 2023, 2024)
NAMES = {"area": "city", "last_label": "令和6(2024)年", "next_label": "令和7(2025)年"}


def edition(name: str, last_year: int, new: dict[int, tuple[int, int]], **changes: Any) -> Study:
    """Return a study of the city with new years; `new`: persons arrested and reoffenders by year."""
    persons = by_year(YEARS, [*PERSONS, *(one[0] for one in new.values())][: len(YEARS)])
    again = by_year(YEARS, [*REOFFENDERS, *(one[1] for one in new.values())][: len(YEARS)])
    others = [row for row in world().rows.to_dict("records") if row["table"] != "1-1"]
    parameters = {"edition": name, "last_year": last_year, "as_of": f"{last_year + 2}-06-01"}
    return worlds.study([*worlds.city(persons, again), *others], **(parameters | changes))


NEW = {2023: (268, 120), 2024: (266, 133)}
"""Published as 44.8 and 50.0 %."""


def made(name: str, last_year: int) -> Archive:
    study = edition(name, last_year, NEW)
    base = outlook.start(study)
    return outlook_archive.archive(
        study, base, outlook.record_projection(study, base, outlook.project(base))
    )


@pytest.fixture(scope="module")
def archives() -> tuple[Archive, Archive]:
    return made("2024", 2022), made("2025", 2023)


def flat(archive: Archive, low: float, step: float) -> Archive:
    """Return the archive with the quantiles low, low + step, … in every year of every model."""
    quantiles = [round(low + step * n, 9) for n in range(len(PROBABILITIES))]
    form = projections.shown(archive)
    for model in form["models"]:
        for year in model["years"]:
            year["quantiles"] = quantiles
    return Archive.model_validate_json(json.dumps(form))


def published_in(folder: Path, *kept: Archive | None) -> None:
    for name, one in zip(("2024", "2025"), kept, strict=False):
        (folder / "reports" / name).mkdir(parents=True)
        (folder / "reports" / name / earlier.PARAMETERS).write_text("", encoding="utf-8")
        text = projections.dumps(one)
        (folder / "reports" / name / earlier.ARCHIVE).write_text(text, encoding="utf-8")


def recorded(folder: Path, *kept: Archive | None, **changes: Any) -> tuple[Study, Hindsight]:
    """Return the third edition, which knows both years, and what it found."""
    published_in(folder, *kept)
    study = replace(edition("2026", 2024, NEW, **changes), folder=folder)
    return study, hindsight.record(study)


def told(study: Study, remark: Remark) -> str:
    for text in (remark.title, *remark.paragraphs):
        assert check_digits(text, place="test") == []
    paragraphs = [resolve(one, study.facts, NAMES, text=True) for one in remark.paragraphs]
    return "\n".join(paragraphs)


def test_scores_by_hand(archives: tuple[Archive, Archive]) -> None:
    """Quantiles 44.0, 44.1, …, 47.8: 80 % interval 44.3 to 47.5, 95 % interval 44.0 to 47.8.

    2023 came as 44.8 (inside both), 2024 as 50.0: interval scores are width + 2 / 0.2 or 2 / 0.05 times
    the distance missed (Gneiting and Raftery 2007, eq. 43).
    """
    archive = flat(archives[0], 44.0, 0.1)
    known = series.indicator(edition("2026", 2024, NEW))
    rows = hindsight.score([archive], known).of_default.set_index("year")
    near, far = rows.loc[2023], rows.loc[2024]
    assert (near["observed"], far["observed"]) == (44.8, 50.0)
    assert (near["median"], near["low80"], near["high80"]) == (45.9, 44.3, 47.5)
    assert near[["inside80", "inside95"]].tolist() == [True, True]
    assert far[["inside80", "inside95"]].tolist() == [False, False]
    assert near["interval80"] == pytest.approx(3.2)
    assert near["interval95"] == pytest.approx(3.8)
    assert far["interval80"] == pytest.approx(3.2 + 10 * 2.5)
    assert far["interval95"] == pytest.approx(3.8 + 40 * 2.2)
    assert near["error"] == pytest.approx(1.1)
    assert (near["unchanged"], far["unchanged"]) == pytest.approx((4.1, 1.1))  # from 48.9
    # Below every quantile the score of each is (1 - p) or p times its distance.
    losses = [p * (50.0 - q) for p, q in zip(PROBABILITIES, 44 + np.arange(39) / 10, strict=True)]
    assert far["crps"] == pytest.approx(2 * sum(losses) / 40)


def test_the_end_of_an_interval_is_inside_it(archives: tuple[Archive, Archive]) -> None:
    known = series.indicator(edition("2026", 2024, NEW))
    rows = hindsight.score([flat(archives[0], 44.8, 0.1)], known).of_default
    assert rows["inside95"].tolist() == [True, False]


def test_every_year_of_every_edition_is_scored_once(archives: tuple[Archive, Archive]) -> None:
    known = series.indicator(edition("2026", 2024, NEW))
    found = hindsight.score(archives, known)
    pairs = list(found.of_default[["edition", "year"]].itertuples(index=False, name=None))
    assert pairs == [("2024", 2023), ("2024", 2024), ("2025", 2024)]
    assert found.scored.groupby("model").size().tolist() == [3] * 8
    archive, year = found.latest
    assert (archive.edition, year) == ("2025", 2024)
    assert found.means.loc["mean", "forecasts"] == 3


def test_an_edition_is_judged_by_its_own_default(archives: tuple[Archive, Archive]) -> None:
    """The older edition's default was another model: its forecasts stay the ones that count."""
    old = archives[0].model_copy(update={"default": "mean"})
    found = hindsight.score([old, archives[1]], series.indicator(edition("2026", 2024, NEW)))
    rows = found.of_default[["edition", "model"]].itertuples(index=False, name=None)
    assert list(rows) == [("2024", "mean")] * 2 + [("2025", "pool")]


def test_only_what_knew_less_about_the_same_is_compared(archives: tuple[Archive, Archive]) -> None:
    old, new = archives
    study = edition("2026", 2024, NEW)
    known = series.indicator(study)

    def kept(**changes: Any) -> list[str]:
        other = new.model_copy(update=changes)
        return [one.edition for one in hindsight.comparable(study, [old, other], known)]

    assert kept() == ["2024", "2025"]
    assert kept(area_code="99002") == ["2024"]
    assert kept(definition="other") == ["2024"]
    assert kept(edition="2026") == ["2024"]
    assert kept(edition="2027") == ["2024"]
    assert kept(as_of=study.parameters.as_of) == ["2024"]
    assert kept(last=new.last.model_copy(update={"year": 2024})) == ["2024"]
    # A second edition with the same last year replaces the first.
    assert kept(last=old.last, edition="2024b") == ["2024b"]


def test_a_forecast_across_a_change_of_law_is_not_scored(
    archives: tuple[Archive, Archive],
) -> None:
    law = breaks.Law("甲法", "令和6年法律第1号", "甲", "A")
    select = {"offence": ["penal_code_and_drugs"]}
    cut = breaks.Break("cut", date(2024, 1, 1), law, select, "数え方が変わりました。", None)
    bridged = replace(cut, bridge=breaks.Bridge("b", "つなぐ"))
    known = series.indicator(edition("2026", 2024, NEW))
    assert hindsight.score(archives, known, [cut]).of_default["year"].tolist() == [2023]
    assert len(hindsight.score(archives, known, [bridged]).of_default) == 3


def test_the_first_edition_says_so_and_shows_nothing_else(tmp_path: Path) -> None:
    study, found = recorded(tmp_path)
    assert {fact.id: fact.value for fact in study.facts} == {
        "city.hindsight.editions": 0,
        "city.hindsight.forecasts": 0,
    }
    base = outlook.start(study)
    assert hindsight_shown.fan(study, base, found) is None
    assert hindsight_shown.models(study, found) is None
    for remark in (hindsight_shown.said(study), hindsight_shown.box(study)):
        text = told(study, remark)
        assert "最初の版" in text
        assert "令和7(2025)年の値が公表されたら" in text
    assert hindsight_shown.box(study).title == "昨年の見込みは当たったか"


def test_an_edition_without_projections_counts_as_none(tmp_path: Path) -> None:
    study, _ = recorded(tmp_path, None)
    assert study.facts.get("city.hindsight.editions").value == 0


def test_without_a_new_year_nothing_can_be_said_yet(
    tmp_path: Path, archives: tuple[Archive, Archive]
) -> None:
    law = breaks.Law("甲法", "令和5年法律第1号", "甲", "A")
    select = {"offence": ["penal_code_and_drugs"]}
    cut = breaks.Break("cut", date(2023, 1, 1), law, select, "", None)
    published_in(tmp_path, archives[0])
    study = replace(edition("2026", 2024, NEW), folder=tmp_path, breaks=(cut,))
    hindsight.record(study)
    assert study.facts.get("city.hindsight.editions").value == 1
    assert "新しい年の値が公表されていない" in told(study, hindsight_shown.box(study))


def test_the_second_edition_tells_interval_value_and_number(
    tmp_path: Path, archives: tuple[Archive, Archive]
) -> None:
    study, found = recorded(tmp_path, *archives)
    last = found.of_default.iloc[-1]
    text = told(study, hindsight_shown.box(study))
    assert f"令和6(2024)年の割合を{last['low95']:.1f}%から{last['high95']:.1f}%まで" in text
    assert f"中央を{last['median']:.1f}%と" in text
    assert "公表された値は50.0%で、" in text
    assert "「44.8%のまま変わらない」" in text
    inside = int(found.of_default["inside95"].sum())
    assert f"これまでに確かめた3件のうち、幅に入ったのは{inside}件です。" in text
    assert "ほとんど示しません" in text
    longer = told(study, hindsight_shown.said(study))
    assert "検挙人員は268人と置いていましたが、実際は266人でした。" in longer
    width, score = (study.facts.get(f"city.hindsight.latest.{one}") for one in ("width", "score"))
    assert f"広さ{width}に" in longer
    assert f"加えた{score}です" in longer


@pytest.mark.parametrize(
    ("low", "step", "box", "longer"),
    [
        (48.0, 0.1, "この幅に入りました", "どちらにも入りました"),
        (46.3, 0.1, "この幅に入りました", "95%区間には入り、80%の範囲からは外れました"),
        (44.0, 0.1, "この幅から外れました", "95%区間から外れました"),
    ],
)
def test_the_words_follow_where_the_value_fell(
    tmp_path: Path,
    archives: tuple[Archive, Archive],
    low: float,
    step: float,
    box: str,
    longer: str,
) -> None:
    study, found = recorded(tmp_path, archives[0], flat(archives[1], low, step))
    assert box in told(study, hindsight_shown.box(study))
    assert longer in told(study, hindsight_shown.said(study))
    parts = {
        name: study.facts.get(f"city.hindsight.latest.{name}").value
        for name in ("width", "missed", "factor", "score")
    }
    assert parts["score"] == pytest.approx(parts["width"] + parts["factor"] * parts["missed"])
    figure = hindsight_shown.fan(study, outlook.start(study), found)
    assert figure is not None
    assert ("入らなかった" in figure.title) == ("この幅から" in box)


@pytest.mark.parametrize(
    ("low", "said"),
    [(48.1, "より近い見込みでした"), (56.0, "の方が近い値でした"), (53.3, "離れ方は同じです")],
)
def test_the_words_follow_which_forecast_was_nearer(
    tmp_path: Path, archives: tuple[Archive, Archive], low: float, said: str
) -> None:
    """The last value was 5.2 points off (44.8, 50.0); the median lies 1.9 above the lowest quantile."""
    study, _ = recorded(tmp_path, archives[0], flat(archives[1], low, 0.1))
    assert said in told(study, hindsight_shown.box(study))


def test_many_forecasts_are_not_called_few(
    tmp_path: Path, archives: tuple[Archive, Archive], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hindsight_shown, "MANY", 3)
    study, _ = recorded(tmp_path, *archives)
    assert "ほとんど示しません" not in told(study, hindsight_shown.box(study))
    assert "件数ほど多くのことが分かるわけではありません" in told(
        study, hindsight_shown.said(study)
    )


def test_every_fact_names_what_was_known_and_what_came(
    tmp_path: Path, archives: tuple[Archive, Archive]
) -> None:
    study, found = recorded(tmp_path, *archives)
    for fact in study.facts:
        assert any(address.endswith("!2024") for address in fact.observations), fact.id
    score = study.facts.get("city.hindsight.pool.crps")
    assert {address.rsplit("!", 1)[-1] for address in score.observations} == set(map(str, YEARS))
    assert score.value == pytest.approx(found.means.loc["pool", "crps"])


def test_tables_say_the_same_as_the_scores(
    tmp_path: Path, archives: tuple[Archive, Archive]
) -> None:
    study, found = recorded(tmp_path, *archives)
    models = hindsight_shown.models(study, found)
    assert models is not None
    rows = {row[0]: row[1:] for row in models.rows}
    assert rows["見込みのまとめ"][0] == "3"
    assert rows["前の版の最後の値（幅なし）"][1:3] == ("…", "…")
    assert rows["前の版の最後の値（幅なし）"][3] == rows["前の版の最後の値（幅なし）"][-1]
    assert rows["上の地域とつなぐ・傾きなし"][0] == "3"
    each = hindsight_shown.each(study, found)
    assert [row[:2] for row in each.rows] == [
        ("令和4(2022)年", "令和5(2023)年"),
        ("令和4(2022)年", "令和6(2024)年"),
        ("令和5(2023)年", "令和6(2024)年"),
    ]
    for text in (each.caption, models.caption, *models.notes):
        assert check_digits(text, place="test") == []


def test_the_council_report_reads_the_facts_only(
    tmp_path: Path, archives: tuple[Archive, Archive]
) -> None:
    study, _ = recorded(tmp_path, *archives)
    council = replace(study, folder=Path("nowhere"), facts=FactBook("council", known=study.facts))
    assert told(council, hindsight_shown.box(council)) == told(study, hindsight_shown.box(study))


def test_a_damaged_archive_stops_with_its_name(tmp_path: Path) -> None:
    published_in(tmp_path, None)
    (tmp_path / "reports/2024" / earlier.ARCHIVE).write_text("{}", encoding="utf-8")
    study = replace(edition("2026", 2024, NEW), folder=tmp_path)
    with pytest.raises(
        projections.ArchiveError, match=r"E3-ARCHIVE reports/2024/projections\.json"
    ):
        hindsight.record(study)
