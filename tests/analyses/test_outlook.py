"""Notebook 04's computations on a made-up city, held against searches and sums done by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
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
    outlook_archive,
    outlook_backtest,
    outlook_monitoring,
    outlook_shown,
    outlook_target,
    outlook_target_shown,
    trends,
)
from minato_analysis.data.study import Study
from minato_analysis.figures import Figure
from minato_analysis.numbers.tables import Table
from minato_analysis.project import prose_cells
from minato_analysis.reporting.prose import check_digits, resolve
from minato_analysis.statistics import pool, target
from minato_analysis.statistics.projection import TrendSettings, damped_trend
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
    projected = outlook.record_projection(study, base, outlook.project(base))
    return Run(
        study,
        base,
        projected,
        outlook.record_sensitivity(study, base, projected),
        outlook_backtest.record_backtests(study, base),
        outlook_target.record_needed(study, base),
        outlook_target.record_scenarios(study, base),
        outlook_monitoring.record_monitoring(study, base, projected),
    )


def test_start_takes_the_printed_target_and_every_printed_year(run: Run) -> None:
    assert run.base.tenths == 462
    assert run.value("target.share") == 46.2
    assert run.value("target.gap") == pytest.approx(100 * 132 / 270 - 46.2)
    assert run.base.years == 7
    assert run.base.nation.table.index.tolist() == list(NATION_YEARS)
    assert run.base.parent.table.index.tolist() == list(PREFECTURE_YEARS)


def test_a_missing_or_double_target_is_refused() -> None:
    study = world()
    study.rows["measure"] = study.rows["measure"].replace("target_share", "other")
    with pytest.raises(data.DataError, match=r"E0-TARGET .*0つ"):
        outlook.start(study)
    rows = worlds.rows("prose", {2029: 45.0}, measure="target_share", unit="percent")
    twice = worlds.study(world().rows.to_dict("records") + rows)
    with pytest.raises(data.DataError, match=r"E0-TARGET .*2つ"):
        outlook.start(twice)


def test_every_model_and_year_is_recorded(run: Run) -> None:
    members = {"damped", "level", "three_level_damped", "three_level_level"}
    assert set(run.projected.members) == members
    models = {"pool", *members, "last_value", "linear_glm", "mean"}
    assert set(run.projected.models.index) == models
    for model in models:
        numbers = {name: run.value(f"{END}.{model}.{name}") for name in outlook.NUMBERS}
        ends = [numbers[name] for name in ("low95", "low80", "median", "high80", "high95")]
        assert ends == sorted(ends)
        assert numbers["low80"] < numbers["mean"] < numbers["high80"]
    assert run.projected.years.index.tolist() == list(range(2023, 2030))
    for year in range(2023, 2030):
        assert run.value(f"projection.{year}.pool.low95") == pytest.approx(
            run.projected.years.loc[year, "low95"]
        )


def test_chance_of_the_target_is_the_sum_over_the_values_that_publish_so(run: Run) -> None:
    for model in ("pool", "damped", "level", "last_value", "linear_glm", "mean"):
        forecast = run.projected.forecasts[model]
        pmf = forecast.pmf(0, forecast.steps.shape[1] - 1)
        assert pmf.size == PERSONS[-1] + 1
        met = [published(k, PERSONS[-1]) <= Decimal("46.2") for k in range(pmf.size)]
        assert run.value(f"{END}.{model}.p_target") == pytest.approx(100 * pmf[met].sum(), abs=1e-5)


def test_a_chance_points_to_the_target_and_a_companion_to_its_region(run: Run) -> None:
    facts = run.study.facts
    goal = "made-up/prose!target_share!2029"
    assert goal in facts.get(f"{END}.mean.p_target").observations
    assert goal not in facts.get(f"{END}.mean.median").observations
    cells = facts.get(f"{END}.three_level_level.mean").observations
    assert any(cell.startswith("national-penal-code/series!") for cell in cells)
    assert any(cell.endswith("!2010") for cell in cells)


def test_years_are_skipped_and_printed_shares_used_with_their_rounding() -> None:
    """A nation with a gap, a year of which only the share is printed, and a later year than the area."""
    study = world()
    base = outlook.start(study)
    table = base.nation.table.copy()
    table.loc[2019, ["reoffenders", "first_time"]] = np.nan
    changed = replace(base, nation=replace(base.nation, table=table))
    z, v, last = outlook.observed(changed)
    assert (z.shape, last) == ((3, 1, 14), 2023)
    known = ~np.isnan(z[:, 0])
    assert known[0].tolist() == [True, *[False] * 7, *[True] * 6]  # 2010, 2018 to 2023
    assert known[2].tolist() == [*[False] * 7, *[True] * 6, False]
    counted = outlook.observed(base)
    assert z[0, 0, 9] == pytest.approx(counted[0][0, 0, 9], abs=1e-4)
    assert v[0, 0, 9] > counted[1][0, 0, 9]
    others = np.delete(np.arange(14), 9)
    assert np.array_equal(z[:, :, others], counted[0][:, :, others], equal_nan=True)


def test_members_are_those_of_the_series_and_the_range_is_theirs_alone(run: Run) -> None:
    z, v, _ = outlook.observed(run.base)
    found = pool.members(z, v, PERSONS[-1], np.array([6]))
    chances = []
    for name, one in found.items():
        chances.append(run.value(f"{END}.{name}.p_target"))
        assert run.value(f"{END}.{name}.mean") == pytest.approx(100 * one.mean()[0, 0])
    assert run.value(f"{END}.members.p_target.low") == min(chances)
    assert run.value(f"{END}.members.p_target.high") == max(chances)
    assert run.value(f"{END}.pool.p_target") == pytest.approx(np.mean(chances), abs=0.01)
    others = [run.value(f"{END}.{name}.p_target") for name in ("linear_glm", "last_value", "mean")]
    assert min(others) < min(chances) or max(others) > max(chances)  # they would end the range
    for side, chance in (("low", min(chances)), ("high", max(chances))):
        assert run.value(f"{END}.members.dots.{side}") == int(chance / 5 + 0.5)


def test_level_above_the_target_is_the_posterior_of_the_last_year(run: Run) -> None:
    """By the smoothed level of statsmodels' own filter would be the same; here by draws of the mixture."""
    members = outlook.project(run.base, [2022])
    rng = np.random.default_rng(1)
    each = []
    for one in members.values():
        node = rng.choice(one.weights.shape[-1], 200_000, p=one.weights[0, 0])
        drawn = rng.normal(one.means[0, 0, node], np.sqrt(one.variances[0, 0, node]))
        each.append(100 * np.mean(1 / (1 + np.exp(-drawn)) > 0.4625))
    assert run.value("target.level_above") == pytest.approx(np.mean(each), abs=0.5)
    assert run.value("target.level_above.low") == pytest.approx(min(each), abs=0.5)


def test_dots_are_the_quantiles_and_count_the_chance(run: Run) -> None:
    pmf = run.projected.forecasts["pool"].pmf(0, 6)
    wanted = [int(np.searchsorted(np.cumsum(pmf), (dot + 0.5) / 20)) for dot in range(outlook.DOTS)]
    assert run.projected.dots == pytest.approx(100 * np.array(wanted) / PERSONS[-1])
    met = [published(k, PERSONS[-1]) <= Decimal("46.2") for k in wanted]
    assert run.projected.met.tolist() == met
    assert run.value(f"{END}.pool.dots.met") == sum(met)
    assert abs(sum(met) / 20 - run.value(f"{END}.pool.p_target") / 100) <= 0.05


def test_sensitivity_starts_from_the_pool_and_leaves_out_what_it_says(run: Run) -> None:
    table = run.sensitivity
    assert table.loc[0, "p_target"] == pytest.approx(run.value(f"{END}.pool.p_target"), abs=0.3)
    assert table.loc[0, "low"] == pytest.approx(run.value(f"{END}.members.p_target.low"), abs=0.3)
    kinds = table.groupby("change", sort=False).size()
    assert kinds.to_dict() == {
        "default": 1,
        "year": 6,
        "pandemic": 1,
        "phi": 3,
        "slope_sd": 2,
        "sigma_scale": 2,
        "deviation_scale": 2,
        "nation": 4,
    }
    row = table[table["value"] == "2020 2021"].iloc[0]
    r, f = np.array(REOFFENDERS, float), np.array(PERSONS, float) - REOFFENDERS
    r[3:5] = f[3:5] = np.nan
    own = [
        100 * float(target.p_target(damped_trend(r, f, PERSONS[-1], [7], settings), 462)[0, 0])
        for settings in (TrendSettings(), TrendSettings(slope_sd=0.0))
    ]
    assert row["low"] <= min(own) + 0.3
    assert row["high"] >= max(own) - 0.3
    assert (table["low"] < table["p_target"]).all()
    assert (table["p_target"] < table["high"]).all()


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


def test_power_starts_from_the_pooled_level_not_from_one_year(run: Run) -> None:
    assert run.value("target.power.single") < run.value("target.power.pooled") < 100
    assert run.value("target.power.path") < run.value("target.power.pooled")
    gap = 100 * sum(REOFFENDERS[-3:]) / sum(PERSONS[-3:]) - 46.2
    assert gap == pytest.approx(
        run.needed.power.index[run.needed.power["single"].argmin() + 1], abs=5
    )
    assert gap in [pytest.approx(fall) for fall in run.needed.power.index]
    assert run.value("target.power.pooled") == pytest.approx(
        run.needed.power["pooled"][np.isclose(run.needed.power.index, gap)].iloc[0]
    )


def test_luck_is_the_binomial_chance_of_a_level_that_stays(run: Run) -> None:
    n = PERSONS[-1]
    met = max(k for k in range(n) if published(k, n) <= Decimal("46.2"))
    chance = 100 * stats.binom.cdf(met, n, 0.468)
    assert run.value("target.by_luck.46_8") == run.value("target.by_luck.chance")
    assert run.value("target.by_luck.chance") == pytest.approx(chance)
    assert run.value("target.by_luck.level") == pytest.approx(46.8)
    assert run.needed.luck["chance"].is_monotonic_decreasing


def test_years_that_met_the_target_are_told(run: Run) -> None:
    met = [
        year
        for year, k, n in zip(YEARS, REOFFENDERS, PERSONS, strict=True)
        if published(k, n) <= Decimal("46.2")
    ]
    assert list(run.needed.met) == met
    assert run.value("target.met.years") == len(met)
    if met:
        assert run.value("target.met.last") == met[-1]


def test_a_target_already_met_asks_for_nothing() -> None:
    study = world(goal=60.0)
    base = outlook.start(study)
    needed = outlook_target.record_needed(study, base)
    assert study.facts.get("target.fewer_reoffenders.prevented").value == 0
    assert needed.power.index.tolist() == [1.0, 2.0, 3.0, 5.0]
    assert needed.met == YEARS


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


def test_the_plan_compares_pools_and_judges_nothing_before_its_years(run: Run) -> None:
    plan = run.monitoring.plan
    assert (plan.decided_on, plan.baseline) == (
        None,
        (2020, 2021, 2022),
    )  # made up: nobody fixed it
    assert plan.comparison == (2027, 2028, 2029)
    k, n = 133 + 136 + 132, 290 + 280 + 270
    assert run.value("monitor.plan.baseline.share") == pytest.approx(100 * k / n)
    assert run.value("monitor.plan.comparison.known") == 0
    assert run.monitoring.result == ""
    words = outlook_target_shown.evaluated(run.monitoring).paragraphs[0]
    assert "判定しません" in words
    assert "順調" not in words


def test_error_rates_of_the_plan_by_simulation(run: Run) -> None:
    """Nothing changes; the later years are drawn and the score test is done on each: 20,000 worlds."""
    k, n, later = 133 + 136 + 132, 290 + 280 + 270, 3 * PERSONS[-1]
    rng = np.random.default_rng(4)

    def rates(levels: Any) -> tuple[float, float]:
        drawn = rng.binomial(later, levels, 20_000)
        pooled = (k + drawn) / (n + later)
        z = (k / n - drawn / later) / np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / later))
        return 100 * np.mean(z > stats.norm.ppf(0.975)), 100 * np.mean(z < stats.norm.ppf(0.025))

    for level, row in run.monitoring.errors.iterrows():
        assert (row["fall"], row["rise"]) == pytest.approx(rates(level / 100), abs=1.8)
    fall, rise = rates(rng.beta(k + 0.5, n - k + 0.5, 20_000))
    assert run.value("monitor.plan.false.fall") == pytest.approx(fall, abs=0.6)
    assert run.value("monitor.plan.false.rise") == pytest.approx(rise, abs=0.6)
    true = (
        rng.beta(k + 0.5, n - k + 0.5, 20_000) - run.value("monitor.plan.detectable.points") / 100
    )
    assert rates(np.maximum(true, 0))[0] == pytest.approx(80, abs=1.5)


@pytest.mark.parametrize(("later", "result"), [(110, "fall"), (150, "rise"), (131, "neither")])
def test_a_plan_is_judged_once_its_years_are_known(tmp_path: Path, later: int, result: str) -> None:
    """The plan of 2022, written down, at an edition of 2025 whose comparison is 2023 to 2025."""
    years = tuple(range(2017, 2026))
    persons, again = (*PERSONS, 270, 270, 270), (*REOFFENDERS, later, later, later)
    rows = [one for one in world().rows.to_dict("records") if one["table"] != "1-1"]
    study = worlds.study(
        rows + worlds.city(by_year(years, persons), by_year(years, again)), last_year=2025
    )
    (tmp_path / "data").mkdir()
    (tmp_path / outlook_monitoring.FILE).write_text(
        "- {area_code: '99001', definition: city, target: 46.2, decided_on: '2023-12-01', alpha: 0.05,"
        " baseline: [2020, 2021, 2022], comparison: [2023, 2024, 2025], power: 0.8, levels: [46.0]}\n",
        encoding="utf-8",
    )
    study = replace(study, folder=tmp_path)
    base = outlook.start(study)
    found = outlook_monitoring.record_monitoring(
        study, base, outlook.record_projection(study, base, outlook.project(base))
    )
    assert found.plan.baseline == (2020, 2021, 2022)  # not the newest years
    assert (found.known, found.result, found.moving) == (3, result, None)
    assert study.facts.get("monitor.plan.frozen").value == 1
    outlook_target_shown.moving(found)
    words = outlook_target_shown.evaluated(found).paragraphs[0]
    assert ("下がったことを示しました" in words) == (result == "fall")


def test_a_plan_that_cannot_be_read_or_stands_twice_stops(tmp_path: Path) -> None:
    base = outlook.start(world())
    (tmp_path / "data").mkdir()
    file = tmp_path / outlook_monitoring.FILE
    file.write_text("- {area_code: '99001'}\n", encoding="utf-8")
    with pytest.raises(data.DataError, match=r"E0-PLAN .*読めません"):
        outlook_monitoring.plan_of(tmp_path, base, worlds.CITY)
    entry = (
        "- {area_code: '99001', definition: city, target: 46.2, decided_on: '2023-12-01', alpha: 0.05,"
        " baseline: [2022], comparison: [2025], power: 0.8, levels: [46.0]}\n"
    )
    file.write_text(entry * 2, encoding="utf-8")
    with pytest.raises(data.DataError, match=r"E0-PLAN .*2つ"):
        outlook_monitoring.plan_of(tmp_path, base, worlds.CITY)


def test_pools_add_counts_not_shares(run: Run) -> None:
    pooled = run.monitoring.pooled
    assert pooled["pooled"].isna().tolist() == [True, True, False, False, False, False]
    assert run.value("city.share.pooled.2020_2022") == pytest.approx(
        100 * (133 + 136 + 132) / (290 + 280 + 270)
    )
    assert pooled.loc[2022, "pooled_low"] > pooled.loc[2022, "low"]


def test_backtests_score_every_forecast_with_a_later_year(run: Run) -> None:
    # Ten years, six seen: origins at the 6th to the 9th. The nation's seven: at the 6th, one later year.
    prefecture, nation = 4 + 3 + 2 + 1, 1
    assert run.value("backtest.prefecture.forecasts") == prefecture
    assert run.value("backtest.nation.forecasts") == nation
    assert run.value("backtest.published.forecasts") == prefecture + nation
    assert run.value("backtest.thinned.forecasts") == 2 * (prefecture + nation)
    assert run.value("backtest.levels.forecasts") == 2 * prefecture
    assert run.value("backtest.ward.forecasts") == 3 + 2 + 1
    assert run.value("backtest.cautionary.forecasts") == prefecture
    by_step = run.tested.scores.loc["published"].xs("mean")
    assert by_step["forecasts"].drop(index=0).sum() == by_step.loc[0, "forecasts"]
    assert by_step.loc[0, "crps"] == pytest.approx(
        np.average(by_step["crps"].drop(index=0), weights=by_step["forecasts"].drop(index=0))
    )


@pytest.mark.parametrize("kind", ["published", "thinned", "levels", "ward"])
def test_the_best_is_called_so_only_beyond_the_standard_error(run: Run, kind: str) -> None:
    """By the differences of origins, written out."""
    table = run.tested.against.loc[kind]
    crps = run.tested.scores.loc[kind].xs(0, level="step")["crps"]
    assert table["crps"].to_numpy() == pytest.approx((crps - crps.min()).to_numpy())
    assert "level" in table.index  # the drift-free model is among the competitors
    beyond = all(row.crps > 2 * row.se for row in table.itertuples() if row.crps > 0)
    assert run.value(f"backtest.{kind}.clear") == beyond
    assert ("pool" in table.index) == (kind in ("levels", "ward"))


def test_scores_of_optimised_models_keep_no_digit_that_depends_on_the_processor(run: Run) -> None:
    table = run.tested.cautionary.drop(index=["damped", "level"])
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
        outlook_shown.coverage(study, run.base, run.tested),
        outlook_shown.backtests(study, run.tested),
        outlook_shown.backtests_by_step(study, run.tested, "published"),
        outlook_shown.backtests_by_step(study, run.tested, "thinned"),
        outlook_shown.cautionary(study, run.tested),
        outlook_target_shown.first_time(run.needed),
        outlook_target_shown.pooled(study, run.base, run.monitoring),
    ]
    assert len({one.id for one in shown}) == len(shown)
    for one in shown:
        words = [*one.notes, getattr(one, "title", ""), getattr(one, "caption", "")]
        words += [getattr(one, "subtitle", ""), getattr(one, "desc", "")]
        for text in words:
            assert check_digits(text, place=one.id) == []
            resolve(text, study.facts, names(study), place=one.id)
    for remark in (
        outlook_target_shown.critique(run.needed),
        outlook_target_shown.evaluated(run.monitoring),
        outlook_target_shown.moving(run.monitoring),
    ):
        for text in remark.paragraphs:
            assert check_digits(text, place=remark.id) == []
            resolve(text, study.facts, names(study), place=remark.id)


def test_tables_say_how_far_from_the_smallest_and_print_no_certainty(run: Run) -> None:
    table = outlook_shown.backtests(run.study, run.tested)
    for kind in ("公表値", "架空市の規模"):
        rows = [row for row in table.rows if row[0] == kind]
        scores = [float(row[3]) for row in rows]
        assert sum(row[-1] == "最小" for row in rows) == 1
        assert next(float(row[3]) for row in rows if row[-1] == "最小") == min(scores)
    errors = run.monitoring.errors[["fall", "rise"]].to_numpy().ravel()
    assert "0%" not in map(outlook_shown.chance, errors)
    pooled = outlook_target_shown.pooled(run.study, run.base, run.monitoring)
    assert pooled.rows[0][4:] == ("-",) * 5
    assert pooled.rows[-1][-2:] == ("401人", "840人")


def test_the_alternative_text_of_the_dots_names_the_range(run: Run) -> None:
    figure = outlook_shown.dots(run.study, run.base, run.projected)
    low, high = (int(run.value(f"{END}.members.dots.{side}")) for side in ("low", "high"))
    assert f"{low}個から{high}個" in figure.svg


def test_every_branch_of_the_notebook_names_recorded_facts(run: Run, repository: Path) -> None:
    notebook = json.loads((repository / "notebooks/04_indicator_2029.ipynb").read_text("utf-8"))
    prose = [text for text in map(prose_cells.prose, notebook["cells"]) if text]
    named = {id for text in prose for id in re.findall(r'fact\("([^"]+)"\)', text)}
    assert len(named) > 40
    # Of a target in another form (tests/analyses/test_goals.py, tests/city/test_least_town.py).
    named -= {"target.printed", "target.base.year", "target.persons"}
    for id in named:
        run.study.facts.get(id.format_map(names(run.study)))
    for text in prose:
        resolve(text, run.study.facts, names(run.study))


def test_settings_of_the_notebook_reach_the_forecast_and_the_record(run: Run) -> None:
    study, base = run.study.unrecorded(), run.base
    settings = TrendSettings(slope_sd=0.06)
    members = outlook.project(base, settings=settings)
    wider = outlook.record_projection(study, base, members, settings)
    before, after = (one.models.loc["damped"] for one in (run.projected, wider))
    assert after["high95"] - after["low95"] > before["high95"] - before["low95"]
    kept = outlook_archive.archive(study, base, wider).models
    assert next(one for one in kept if one.name == "damped").settings["slope_sd"] == 0.06


def test_a_year_left_out_is_skipped_and_the_last_counts_stay(run: Run) -> None:
    without = run.base.without([2020])
    z, *_ = outlook.observed(without)
    assert np.isnan(z[-1]).sum() == np.isnan(outlook.observed(run.base)[0][-1]).sum() + 1
    assert (without.persons, without.reoffenders) == (run.base.persons, run.base.reoffenders)


def test_a_forecast_is_a_frame_of_what_will_be_published(run: Run) -> None:
    members = outlook.project(run.base)
    frame = members["damped"].to_frame()
    assert list(frame.columns) == ["mean", "median", "low80", "high80", "low95", "high95"]
    assert len(frame) == run.base.years + 1
    last = run.projected.models.loc["damped"]
    assert frame.iloc[-1].to_list() == pytest.approx(last[frame.columns].to_list())


def test_the_sensitivity_changes_from_what_was_projected() -> None:
    study = world()
    trends.record_shares(study)
    base = outlook.start(study)
    settings = TrendSettings(phi=0.5, slope_sd=0.1)
    made = outlook.project(base, settings=settings)
    own = {name: made[name] for name in ("damped", "level")}
    projected = outlook.record_projection(study, base, own, settings)
    usual = outlook.record_sensitivity(study, base, projected).iloc[0]
    chances = projected.models["p_target"]
    assert usual["change"] == "default"
    assert usual["p_target"] == pytest.approx(chances["pool"], abs=0.3)
    ends = chances[list(own)]
    assert (usual["low"], usual["high"]) == pytest.approx((ends.min(), ends.max()), abs=0.3)
    assert ends.max() - ends.min() > 1
