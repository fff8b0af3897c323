"""Notebook 04's computations on a made-up city, held against searches and sums done by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from minato_analysis import data
from minato_analysis.analyses import (
    outlook,
    outlook_backtest,
    outlook_monitoring,
    outlook_shown,
    outlook_target,
    outlook_target_shown,
    trends,
)
from minato_analysis.figures import Figure
from minato_analysis.reporting.prose import check_digits, resolve
from minato_analysis.statistics import companions
from minato_analysis.study import Study
from minato_analysis.tables import Table
from tests.analyses import worlds
from tests.analyses.worlds import ASKING, NATION, PREFECTURE, YEARS

PERSONS = (320, 310, 300, 290, 280, 270)
REOFFENDERS = (144, 143, 141, 133, 136, 132)
PREFECTURE_YEARS = tuple(range(2013, 2023))
NATION_YEARS = (2010, *range(2018, 2024))
END = "projection.2029"


def world(goal: float = 46.2) -> Study:
    rows = worlds.city(by_year(YEARS, PERSONS), by_year(YEARS, REOFFENDERS))
    rows += worlds.rows(
        "prose", {2029: goal}, measure="target_share", unit="percent", definition="goal"
    )
    above = {"area_code": PREFECTURE, "offence": "penal_code", "definition": "above"}
    rows += worlds.counts(
        "3-1",
        by_year(PREFECTURE_YEARS, np.linspace(9000, 7200, 10).round()),
        by_year(PREFECTURE_YEARS, np.linspace(4230, 3600, 10).round()),
        **above,
    )
    whole = above | {
        "area_code": NATION,
        "source_id": "national-penal-code",
        "series_id": "national-penal-code",
    }
    rows += worlds.counts(
        "series",
        by_year(NATION_YEARS, np.linspace(90000, 60000, 7).round()),
        by_year(NATION_YEARS, np.linspace(40000, 28500, 7).round()),
        **whole,
    )
    return worlds.study(rows)


def by_year(years: tuple[int, ...], values: Iterable[float]) -> dict[int, float]:
    return dict(zip(years, map(float, values), strict=True))


def published(reoffenders: int, persons: int) -> Decimal:
    """Percentage with one decimal, half up, in decimal arithmetic."""
    return (Decimal(100 * reoffenders) / persons).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass
class Run:
    """Everything the notebook computes, once for this module."""

    study: Study
    base: outlook.Base
    projected: outlook.Projection
    sensitivity: pd.DataFrame
    tested: outlook_backtest.Backtests
    needed: outlook_target.Needed
    scenarios: pd.DataFrame
    monitoring: outlook_monitoring.Monitoring

    def value(self, id: str) -> float:
        return self.study.facts.get(id).value


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outlook_backtest, "REPLICATES", 2)
        yield everything(world())


def everything(study: Study) -> Run:
    trends.record_shares(study)
    base = outlook.start(study)
    projected = outlook.record_projection(study, base)
    return Run(
        study,
        base,
        projected,
        outlook.record_sensitivity(study, base),
        outlook_backtest.record_backtests(study, base),
        outlook_target.record_needed(study, base),
        outlook_target.record_scenarios(study, base),
        outlook_monitoring.record_monitoring(study, base, projected),
    )


def test_start_takes_the_printed_target_and_the_unbroken_years(run: Run) -> None:
    assert run.base.tenths == 462
    assert run.value("target.share") == 46.2
    assert run.value("target.gap") == pytest.approx(100 * 132 / 270 - 46.2)
    assert run.base.years == 7
    assert run.base.nation.table.index.tolist() == list(range(2018, 2024))
    assert 2010 not in run.base.nation.rows["year"].tolist()
    assert run.base.parent.table.index.tolist() == list(PREFECTURE_YEARS)


def test_a_missing_or_double_target_is_refused() -> None:
    study = world()
    study.rows["measure"] = study.rows["measure"].replace("target_share", "other")
    with pytest.raises(data.DataError, match="E0-SELECT"):
        outlook.start(study)
    rows = worlds.rows("prose", {2029: 45.0}, measure="target_share", unit="percent")
    twice = worlds.study(world().rows.to_dict("records") + rows)
    with pytest.raises(data.DataError, match=r"E0-TARGET .*2つ"):
        outlook.start(twice)


def test_every_model_and_year_is_recorded(run: Run) -> None:
    models = {"damped_trend", "last_value", "linear_glm", "mean"}
    models |= {"prefecture_anchored", "nation_anchored"}
    assert set(run.projected.models.index) == models
    for model in models:
        numbers = {name: run.value(f"{END}.{model}.{name}") for name in outlook.NUMBERS}
        ends = [numbers[name] for name in ("low95", "low80", "median", "high80", "high95")]
        assert ends == sorted(ends)
        assert numbers["low80"] < numbers["mean"] < numbers["high80"]
    assert run.projected.years.index.tolist() == list(range(2023, 2030))
    for year in range(2023, 2030):
        assert run.value(f"projection.{year}.damped_trend.low95") == pytest.approx(
            run.projected.years.loc[year, "low95"]
        )


def test_chance_of_the_target_is_the_sum_over_the_values_that_publish_so(run: Run) -> None:
    for model in ("damped_trend", "last_value", "linear_glm", "mean"):
        forecast = run.projected.forecasts[model]
        pmf = forecast.pmf(0, forecast.steps.shape[1] - 1)
        assert pmf.size == PERSONS[-1] + 1
        met = [published(k, PERSONS[-1]) <= Decimal("46.2") for k in range(pmf.size)]
        assert run.value(f"{END}.{model}.p_target") == pytest.approx(100 * pmf[met].sum())


def test_a_chance_points_to_the_target_and_a_companion_to_its_region(run: Run) -> None:
    facts = run.study.facts
    goal = "made-up/prose!target_share!2029"
    assert goal in facts.get(f"{END}.mean.p_target").observations
    assert goal not in facts.get(f"{END}.mean.median").observations
    cells = facts.get(f"{END}.nation_anchored.mean").observations
    assert any(cell.startswith("national-penal-code/series!") for cell in cells)
    assert not any(cell.endswith("!2010") for cell in cells)


def test_a_region_known_longer_is_aligned_by_year(run: Run) -> None:
    nan = np.nan
    r = [nan, *REOFFENDERS[2:], nan]  # 2018 is dropped so that a shift by a year would show
    f = [nan, *(n - k for n, k in zip(PERSONS[2:], REOFFENDERS[2:], strict=True)), nan]
    own = [REOFFENDERS[0], REOFFENDERS[1], *r[1:]], [176, 167, *f[1:]]
    table = run.base.nation.table
    large = [nan, *table["reoffenders"]], [nan, *table["first_time"]]
    expected = companions.anchored(own, large, PERSONS[-1], [6])
    assert run.projected.models.loc["nation_anchored", "mean"] == pytest.approx(
        100 * expected.mean()[0, 0]
    )
    assert run.value(f"{END}.nation_anchored.last_year") == 2023
    assert run.value(f"{END}.prefecture_anchored.same_years.p_target") == pytest.approx(
        run.value(f"{END}.prefecture_anchored.p_target")
    )
    assert run.value(f"{END}.nation_anchored.same_years.p_target") != pytest.approx(
        run.value(f"{END}.nation_anchored.p_target"), rel=1e-3
    )


def test_dots_are_the_quantiles_and_count_the_chance(run: Run) -> None:
    pmf = run.projected.forecasts["damped_trend"].pmf(0, 6)
    wanted = [int(np.searchsorted(np.cumsum(pmf), (dot + 0.5) / 20)) for dot in range(outlook.DOTS)]
    assert run.projected.dots == pytest.approx(100 * np.array(wanted) / PERSONS[-1])
    met = [published(k, PERSONS[-1]) <= Decimal("46.2") for k in wanted]
    assert run.projected.met.tolist() == met
    assert run.value(f"{END}.damped_trend.dots.met") == sum(met)
    assert abs(sum(met) / 20 - run.value(f"{END}.damped_trend.p_target") / 100) <= 0.05


def test_sensitivity_starts_from_the_default_and_spans_it(run: Run) -> None:
    default = run.sensitivity.iloc[0]
    for number in ("mean", "p_target"):
        usual = run.value(f"{END}.damped_trend.{number}")
        assert default[number] == pytest.approx(usual)
        low, high = (
            run.value(f"{END}.damped_trend.sensitivity.{number}.{side}") for side in ("low", "high")
        )
        assert low < usual < high
    moved = run.value(f"{END}.damped_trend.sensitivity.phi.points")
    assert moved <= high - low
    assert run.value(f"{END}.damped_trend.sensitivity.sigma_nodes.points") < 0.1


def test_needed_persons_are_the_smallest_that_do(run: Run) -> None:
    n, k = PERSONS[-1], REOFFENDERS[-1]
    fixed = next(fewer for fewer in range(k) if published(k - fewer, n) <= Decimal("46.2"))
    gone = next(fewer for fewer in range(k) if published(k - fewer, n - fewer) <= Decimal("46.2"))
    assert run.value("target.fewer_reoffenders.fixed_denominator") == fixed
    assert run.value("target.fewer_reoffenders.prevented") == gone
    assert 0 < fixed < gone
    for row in run.needed.first_time.itertuples():
        first, fewer = int(row.first_time), int(row.fewer)
        assert published(k - fewer, k - fewer + first) <= Decimal("46.2")
        if fewer:
            assert published(k - fewer + 1, k - fewer + 1 + first) > Decimal("46.2")
    assert run.needed.first_time["first_time"].tolist() == [110, 124, 138, 152, 166]


def test_true_level_gives_the_chance_asked_for(run: Run) -> None:
    n = PERSONS[-1]
    most = max(k for k in range(n) if published(k, n) <= Decimal("46.2"))
    for chance in (50, 80, 90):
        level = run.value(f"target.true_level.p{chance}") / 100
        assert 100 * stats.binom.cdf(most, n, level) == pytest.approx(chance)
    assert run.value("target.chance_at_target") == pytest.approx(
        100 * stats.binom.cdf(most, n, 0.462)
    )


def test_power_of_the_gap_grows_with_pooling(run: Run) -> None:
    assert 5 < run.value("target.power.single") < run.value("target.power.pooled") < 100
    assert run.needed.power["single"].is_monotonic_increasing
    assert run.value("target.gap") == pytest.approx(run.needed.power.index[2])


def test_a_target_already_met_asks_for_nothing() -> None:
    study = world(goal=60.0)
    base = outlook.start(study)
    needed = outlook_target.record_needed(study, base)
    assert study.facts.get("target.fewer_reoffenders.prevented").value == 0
    assert "target.power.single" not in study.facts.facts
    assert needed.power.index.tolist() == [1.0, 2.0, 5.0]


def test_scenarios_compound_the_yearly_change(run: Run) -> None:
    again = (132 / 144) ** (1 / 5) - 1
    first = (138 / 176) ** (1 / 5) - 1
    assert run.value("scenario.change.reoffenders") == pytest.approx(100 * again)
    grid = run.scenarios
    assert len(grid) == 9
    row = grid.loc[("continued", "halved")]
    assert row["reoffenders"] == round(132 * (1 + again) ** 7)
    assert row["first_time"] == round(138 * (1 + first / 2) ** 7)
    assert run.value("scenario.none.none.share") == pytest.approx(100 * 132 / 270)
    both = grid.loc[("continued", "continued")]
    value = published(int(both["reoffenders"]), int(both["reoffenders"] + both["first_time"]))
    assert run.value("scenario.continued.continued.over") == pytest.approx(
        float(value - Decimal("46.2"))
    )
    assert run.value("scenario.met") == grid["met"].sum()


def test_monitoring_weighs_both_courses(run: Run) -> None:
    verdicts = run.monitoring.verdicts
    assert verdicts.sum(axis=1).to_numpy() == pytest.approx(np.full(14, 100.0))
    # In the target year more evidence is in than in the first.
    for truth, right in (("path", "on_track"), ("flat", "off_track")):
        course = verdicts.loc[truth]
        assert course[right].is_monotonic_increasing
        assert run.value(f"monitor.{truth}.{right}.2029") == pytest.approx(course.loc[2029, right])
    # Wald: a likelihood ratio of 10 in favour of the wrong course has a chance of at most 1/10.
    assert run.value("monitor.path.off_track.2029") <= 10
    assert run.value("monitor.flat.on_track.2029") <= 10
    assert run.monitoring.alarm["chance"].idxmin() in (0, -3)
    assert run.value("monitor.alarm.unchanged") < 5


def test_pools_add_counts_not_shares(run: Run) -> None:
    pooled = run.monitoring.pooled
    assert pooled["pooled"].isna().tolist() == [True, True, False, False, False, False]
    assert run.value("city.share.pooled.2020_2022") == pytest.approx(
        100 * (133 + 136 + 132) / (290 + 280 + 270)
    )
    assert pooled.loc[2022, "pooled_low"] > pooled.loc[2022, "low"]


def test_backtests_score_every_forecast_with_a_later_year(run: Run) -> None:
    # Ten years: origins at the 3rd to the 9th; six years: at the 3rd to the 5th.
    expected = sum(range(1, 8)) + sum(range(1, 4))
    assert run.value("backtest.published.forecasts") == expected
    assert run.value("backtest.thinned.forecasts") == 2 * expected
    # Six known years before the first forecast: origins at the 6th to the 9th.
    assert run.value("backtest.cautionary.forecasts") == 4 + 3 + 2 + 1
    by_step = run.tested.scores.loc[("published", "mean")]
    assert by_step["forecasts"].drop(index=0).sum() == by_step.loc[0, "forecasts"]
    assert by_step.loc[0, "crps"] == pytest.approx(
        np.average(by_step["crps"].drop(index=0), weights=by_step["forecasts"].drop(index=0))
    )


@pytest.mark.parametrize("kind", ["published", "thinned", "cautionary"])
def test_the_verdict_on_the_default_follows_from_the_table(run: Run, kind: str) -> None:
    table = (
        run.tested.cautionary
        if kind == "cautionary"
        else run.tested.scores.loc[kind].xs(0, level="step")
    )
    off = (abs(table["coverage80"] - 80) + abs(table["coverage95"] - 95)) / 2
    assert table["miscalibration"].to_numpy() == pytest.approx(off.to_numpy())
    best = off["damped_trend"] == off.min()
    assert (run.value(f"backtest.{kind}.margin.miscalibration") >= 0) == best
    assert (run.value(f"backtest.{kind}.behind.miscalibration") == 0) == best


def test_scores_of_optimised_models_keep_no_digit_that_depends_on_the_processor(run: Run) -> None:
    table = run.tested.cautionary.drop(index="damped_trend")
    assert list(table.index) == ["unobserved_components", "ets"]
    assert (table == table.round(6)).all(axis=None)
    facts = [one for one in run.study.facts if one.id.endswith((".ets.crps", ".ets.wis"))]
    assert len(facts) == 2
    assert all(one.value == round(one.value, 6) for one in facts)


def test_a_second_run_gives_the_same_facts(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlook_backtest, "REPLICATES", 2)
    study = world()
    outlook_backtest.record_backtests(study, outlook.start(study))
    for fact in study.facts:
        assert fact == run.study.facts.get(fact.id)


def names(study: Study) -> dict[str, Any]:
    years = {"first": 2017, "last": 2022, "groups_first": 2018, "next": 2023, "target": 2029}
    found = {f"{name}_label": f"{year}年" for name, year in years.items()}
    found |= {name: str(year) for name, year in years.items()}
    for role in ("area", "parent", "nation"):
        one = getattr(study, role)
        found |= {role: one.key, f"{role}_name": one.name_ja}
    return found | ASKING


def test_words_of_figures_and_tables_hold_no_typed_number(run: Run) -> None:
    study, base, projected = run.study, run.base, run.projected
    shown: list[Figure | Table] = [
        outlook_shown.fan(study, base, projected),
        outlook_shown.dots(study, base, projected),
        outlook_shown.models(study, run.base, projected),
        outlook_shown.sensitivity(run.sensitivity),
        outlook_shown.coverage(study, run.base, run.tested),
        outlook_shown.backtests(study, run.tested),
        outlook_shown.backtests_by_step(study, run.tested, "published"),
        outlook_shown.backtests_by_step(study, run.tested, "thinned"),
        outlook_shown.cautionary(study, run.tested),
        outlook_target_shown.first_time(run.needed),
        outlook_target_shown.levels(run.needed),
        outlook_target_shown.power(run.needed),
        outlook_target_shown.scenarios(run.scenarios),
        outlook_target_shown.verdicts(run.monitoring),
        outlook_target_shown.alarm(run.monitoring),
        outlook_target_shown.pooled(study, run.base, run.monitoring),
    ]
    assert len({one.id for one in shown}) == len(shown)
    for one in shown:
        words = [*one.notes, getattr(one, "title", ""), getattr(one, "caption", "")]
        words += [getattr(one, "subtitle", ""), getattr(one, "desc", "")]
        for text in words:
            assert check_digits(text, place=one.id) == []
            resolve(text, study.facts, names(study), place=one.id)


def test_tables_mark_the_best_and_print_no_certainty(run: Run) -> None:
    table = outlook_shown.backtests(run.study, run.tested)
    for kind in ("公表値", "架空市の規模"):
        rows = [row for row in table.rows if row[0] == kind]
        off = [float(row[-2]) for row in rows]
        assert [row[-1] != "" for row in rows] == [value == min(off) for value in off]
    assert "100%" not in [
        cell for row in outlook_target_shown.verdicts(run.monitoring).rows for cell in row
    ]
    assert outlook_target_shown.pooled(run.study, run.base, run.monitoring).rows[0][4:] == (
        "-",
        "-",
        "-",
    )


def test_every_branch_of_the_notebook_names_recorded_facts(run: Run, repository: Path) -> None:
    notebook = json.loads((repository / "notebooks/04_indicator_2029.ipynb").read_text("utf-8"))
    prose = ["".join(one["source"]) for one in notebook["cells"] if one["cell_type"] == "markdown"]
    named = {id for text in prose for id in re.findall(r'fact\("([^"]+)"\)', text)}
    assert len(named) > 40
    for id in named:
        run.study.facts.get(id.format_map(names(run.study)))
    for text in prose:
        resolve(text, run.study.facts, names(run.study))
