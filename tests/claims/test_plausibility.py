"""Yearly changes beyond chance: the true data pass, wrong data do not, reasons are guarded."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from minato_analysis import data
from minato_analysis.claims import checks, plausibility
from minato_analysis.claims.plausibility import Implausible, Rules


@pytest.fixture(scope="module")
def world(repository: Path) -> tuple[pd.DataFrame, Rules, list[dict[str, Any]]]:
    return data.observations(repository), plausibility.load(repository), checks.load(repository)[1]


def made_up(values: dict[int, float], measure: str = "persons_arrested") -> pd.DataFrame:
    """Return one series of a made-up place."""
    return pd.DataFrame(
        {
            "source_id": "made-up", "table": "1-1", "row": [str(year) for year in values],
            "column": measure, "area_code": "01100", "measure": measure, "year": list(values),
            "value": [float(value) for value in values.values()], "as_of": "2024-12-31",
        }
    )  # fmt: skip


def rules(**rule: Any) -> Rules:
    known = {
        "id": "X", "kind": "change", "title": "made up", "by": ["area_code"], "spread": 0.1,
        "of": {"measure": "persons_arrested"},
    }  # fmt: skip
    return Rules(warning=0.001, error=1e-6, rules=({**known, **rule},))


def test_true_data_give_no_error_and_one_explained_warning(world: Any) -> None:
    changes = plausibility.evaluate(*world)
    found = plausibility.findings(changes)
    assert len(changes) > 500
    assert [one.level for one in found] == ["warning"]
    assert (found[0].rule, dict(found[0].key)) == ("E2-453", {"area_code": "13000", "year": 2023})
    assert found[0].reason
    plausibility.enforce(changes, {})
    # No more than a chance flags by itself: one in a thousand of the comparisons, and this one.
    assert len(found) <= 1 + len(changes) * world[1].warning


def test_declared_spreads_are_not_below_what_the_series_show(world: Any) -> None:
    rows, declared, known = world
    changes = plausibility.evaluate(rows, declared, known)
    for rule in declared.rules:
        mine = [one for one in changes if one.rule == rule["id"]]
        if rule["kind"] != "constant":
            assert rule["spread"] >= plausibility.measured_spread(mine), rule["id"]


def test_the_jump_is_stopped_without_its_reason_with_a_sentence_that_helps(
    world: Any, repository: Path
) -> None:
    rows, declared, _ = world
    with pytest.raises(Implausible) as stopped:
        plausibility.enforce(plausibility.evaluate(rows, declared), data.files(repository))
    (sentence,) = str(stopped.value).splitlines()
    for part in (
        "E2-453 data/published/minato-plan-draft-2024-12/t3-08.csv 13000 2023",
        "2022年 281／1,066、2023年 437／1,087",
        "令和5(2023)年 刑務所出所時に帰住先がない者/東京都 の転記を確かめてください",
        'plausibility: E2-453, key: {area_code: "13000", year: 2023}, '
        "expect: {2022: [281, 1066], 2023: [437, 1087]}",
    ):
        assert part in sentence


def test_a_recorded_reason_fails_once_the_source_is_corrected(world: Any) -> None:
    rows, declared, known = world
    corrected = rows.copy()
    here = (rows["table"] == "3-8") & (rows["measure"] == "released_without_home")
    here &= (rows["area_code"] == "13000") & (rows["year"] == 2023)
    assert here.sum() == 1
    for value in (290.0, 438.0):
        corrected.loc[here, "value"] = value
        with pytest.raises(Implausible, match=r"E2-EXPECT .*437／1,087.*削除"):
            plausibility.evaluate(corrected, declared, known)


def test_a_missing_digit_is_an_error_and_a_common_year_is_nothing() -> None:
    calm = {2018: 1000, 2019: 950, 2020: 1010, 2021: 980}
    assert not plausibility.findings(plausibility.evaluate(made_up(calm), rules()))
    (found, back) = plausibility.findings(
        plausibility.evaluate(made_up({**calm, 2020: 101}), rules())
    )
    assert found.level == back.level == "error"
    assert {found.year, back.year} == {2020, 2021}
    said = plausibility.sentence(found, {"made-up/1-1": "t1-01.csv"})
    assert "誤りとみられる" in said
    assert f" {found.year}年: " in said.partition("まず")[0]


def test_a_bend_is_sharper_than_a_change_where_a_series_falls_steadily() -> None:
    falling = {year: round(2_000_000 * 0.9 ** (year - 2010)) for year in range(2010, 2020)}
    wrong = falling | {2015: round(falling[2015] * 1.2)}
    change = plausibility.evaluate(made_up(wrong), rules(spread=0.12))
    bend = plausibility.evaluate(made_up(wrong), rules(kind="bend", spread=0.02))
    assert not plausibility.findings(change)
    assert plausibility.findings(bend)[0].year == 2015
    assert not plausibility.findings(
        plausibility.evaluate(made_up(falling), rules(kind="bend", spread=0.02))
    )


def test_what_must_stay_the_same_may_not_change_at_all() -> None:
    constant = rules(kind="constant")
    assert not plausibility.findings(plausibility.evaluate(made_up({2020: 87, 2021: 87}), constant))
    (found,) = plausibility.findings(plausibility.evaluate(made_up({2020: 87, 2021: 88}), constant))
    assert found.level == "error"
    assert "変わらないはず" in plausibility.sentence(found, {"made-up/1-1": "t1-01.csv"})


def test_years_that_are_not_neighbours_are_not_compared() -> None:
    with pytest.raises(Implausible, match="E2-EMPTY X"):
        plausibility.evaluate(made_up({2018: 1000, 2020: 10}), rules())
    changes = plausibility.evaluate(made_up({2018: 1000, 2019: 990, 2021: 10}), rules())
    assert [one.year for one in changes] == [2019]


def test_two_values_in_one_year_are_refused() -> None:
    twice = pd.concat([made_up({2020: 1, 2021: 2}), made_up({2021: 3}).assign(row="again")])
    with pytest.raises(Implausible, match="E2-SERIES made-up/1-1!again"):
        plausibility.evaluate(twice, rules())


def test_a_share_allows_for_small_numbers() -> None:
    def share(part: dict[int, float], whole: dict[int, float]) -> list[plausibility.Change]:
        rows = pd.concat([made_up(part, "reoffenders"), made_up(whole, "persons_arrested")])
        of = {"of": {"measure": "reoffenders"}, "per": {"measure": "persons_arrested"}}
        return plausibility.evaluate(rows, rules(**of, part=True))

    few = share({2020: 4, 2021: 2}, {2020: 8, 2021: 8})
    many = share({2020: 4000, 2021: 2000}, {2020: 8000, 2021: 8000})
    assert [one.level for one in (*few, *many)] == ["ok", "error"]
    assert many[0].printed == {
        2020: [Decimal(4000), Decimal(8000)],
        2021: [Decimal(2000), Decimal(8000)],
    }
