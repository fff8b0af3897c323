"""One call for all areas gives what one call for each area gives, and holds against known truth."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats
from tests.areas import world

from minato_analysis.areas import disclosure, settings, statistics, table
from minato_analysis.areas.disclosure import Showable
from minato_analysis.areas.statistics import LEVELS, Results
from minato_analysis.areas.table import Areas
from minato_analysis.statistics import pool
from minato_analysis.statistics.projection import logit_observations
from minato_analysis.statistics.shares import clopper_pearson
from minato_analysis.statistics.shrinkage import shrink
from minato_analysis.statistics.target import p_target
from minato_analysis.statistics.trends import cochran_armitage

COUNT = 300


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return world.made(tmp_path_factory.mktemp("made"), COUNT)


@pytest.fixture(scope="module")
def areas(file: Path) -> Areas:
    return table.read(file)


def everything(areas: Areas) -> Showable:
    """Return that nothing is withheld: these tests are about the values."""
    every = np.ones(len(areas.codes), bool)
    return Showable(yearly=every, pooled=every)


@pytest.fixture(scope="module")
def results(areas: Areas, file: Path) -> Results:
    return statistics.compute(areas, settings.load(file), everything(areas))


@pytest.fixture(scope="module")
def truth(file: Path) -> list[dict[str, str]]:
    with file.with_name("truth.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_every_area_has_the_values_it_has_alone(areas: Areas, results: Results, file: Path) -> None:
    persons = areas.persons[:, -1]
    for at in np.flatnonzero(persons >= statistics.LEAST_PERSONS)[:10]:
        k, n = areas.reoffenders[at], areas.persons[at]
        alone = clopper_pearson(k, n)
        assert_array_equal(results.yearly.low[at], alone.low)
        z, v = logit_observations(k, n - k)
        each = pool.members(z[None], v[None], n[-1], np.arange(1, len(results.ahead.years) + 1))
        forecast = pool.pooled(each)
        assert_array_equal(results.ahead.quantiles[at], forecast.quantile(LEVELS)[0] / n[-1])
        tenths = settings.load(file).target_tenths
        damped, level = (float(p_target(one, tenths)[0, -1]) for one in each.values())
        chance, low, high = results.ahead.chance[at]
        assert (low, high) == (min(damped, level), max(damped, level))
        assert chance == pytest.approx((damped + level) / 2)
        expected = stats.binomtest(int(k.sum()), int(n.sum()), results.overall)
        assert results.pooled.low[at] == pytest.approx(expected.proportion_ci().low)


def test_nothing_is_said_of_areas_with_few_persons(areas: Areas, results: Results) -> None:
    few = areas.persons.sum(axis=1) < statistics.LEAST_PERSONS
    assert few.any()
    assert_array_equal(np.isnan(results.q_overall), few)
    late = areas.persons[:, -1] < statistics.LEAST_PERSONS
    assert_array_equal(np.isnan(results.ahead.quantiles[:, -1, 0]), late)
    assert np.isnan(results.q_change[late]).all()


def test_intervals_cover_the_true_share(results: Results, truth: list[dict[str, str]]) -> None:
    for year, column in ((0, "share_first"), (-1, "share_last")):
        true = np.array([float(row[column]) for row in truth])
        low, high = results.yearly.low[:, year], results.yearly.high[:, year]
        known = ~np.isnan(low)
        covered = ((low <= true) & (true <= high))[known].mean()
        assert covered >= 0.95


def test_few_of_the_differences_found_are_none(
    results: Results, truth: list[dict[str, str]]
) -> None:
    # "usual" areas lie 0.3 points from the overall share: nearly a true null hypothesis.
    kinds = np.array([row["kind"] for row in truth])
    found = results.q_overall <= 0.05
    assert found.sum() >= 10
    assert np.isin(kinds[found], ["higher", "lower"]).mean() >= 0.9
    changed = results.q_change <= 0.05
    assert np.isin(kinds[changed], ["rising", "falling"]).all()


def test_adjusted_p_values_are_those_of_the_published_example() -> None:
    # Benjamini and Hochberg (1995), section 4.1: fifteen p values, four rejected at 5 %.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
    p += [0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    adjusted = statistics.adjusted(np.array([*p, np.nan]))
    assert (adjusted[:-1] <= 0.05).sum() == 4
    assert np.isnan(adjusted[-1])


def test_many_areas_are_shrunk_nearly_as_by_full_bayes(areas: Areas) -> None:
    some = np.flatnonzero(areas.persons.sum(axis=1) < 2000)[: statistics.MANY + 5]
    k, n = areas.reoffenders[some].sum(axis=1), areas.persons[some].sum(axis=1)
    found = statistics.shrunk(k, n, n >= 0)
    assert_allclose(found.mean, shrink(k, n).mean, atol=0.02)


def test_shrunk_shares_have_intervals_that_cover_the_truth(
    areas: Areas, truth: list[dict[str, str]]
) -> None:
    # Areas whose share does not move, so that one true share stands behind all years.
    still = np.array([row["kind"] in ("usual", "higher", "lower") for row in truth])
    true = np.array([float(row["share_first"]) for row in truth])
    k, n = areas.reoffenders.sum(axis=1), areas.persons.sum(axis=1)
    found = statistics.shrunk(k, n, n >= 0)
    covered = (found.low <= true) & (true <= found.high)
    assert covered[still].mean() >= 0.9
    assert (found.low <= found.mean).all()
    assert (found.mean <= found.high).all()
    few = statistics.shrunk(k[:9], n[:9], n[:9] >= 0)
    assert_array_equal(few.low, shrink(k[:9], n[:9]).low)


def test_a_trend_uses_the_years_between(results: Results, areas: Areas) -> None:
    at = int(np.argmax(areas.persons.sum(axis=1)))
    k, n = areas.reoffenders[at], areas.persons[at]
    assert results.p_trend[at] == pytest.approx(cochran_armitage(k, n).p)
    line = np.polyfit(np.arange(n.size), k / n, 1, w=np.sqrt(n))
    assert results.trend.estimate[at] == pytest.approx(line[0])
    known = ~np.isnan(results.p_trend)
    rejected = results.p_trend[known] < 0.05
    leaves_out = (results.trend.low > 0) | (results.trend.high < 0)
    assert_array_equal(leaves_out[known], rejected)


def test_a_rise_that_comes_and_goes_differs_between_ends_and_trend() -> None:
    k = np.array([[40, 60, 60, 60, 40], [40, 44, 48, 52, 56]])
    n = np.full_like(k, 100)
    codes = ("90001", "90002")
    areas = Areas(codes, codes, tuple(range(2018, 2023)), np.stack([n, k]))
    found = statistics.compute(areas, settings.Settings(name="a"), everything(areas))
    assert found.trend.estimate.round(3).tolist() == [0.0, 0.04]
    assert found.p_trend[0] > 0.9
    assert found.p_trend[1] < 0.05
    two = Areas(codes, codes, (2018, 2019), np.stack([n, k])[..., :2])
    assert np.isnan(
        statistics.compute(two, settings.Settings(name="a"), everything(two)).p_trend
    ).all()


def test_shrinking_needs_no_person_and_survives_shares_that_are_all_alike() -> None:
    none, all_of_them = np.zeros(40, int), np.full(40, 25)
    every = none == 0
    assert_array_equal(statistics.shrunk(none, all_of_them, every).mean, 0)
    assert_array_equal(statistics.shrunk(all_of_them, all_of_them, every).mean, 1)
    k, n = np.array([0, 5, 12]), np.array([0, 10, 20])
    assert 0.4 < statistics.shrunk(k, n, every[:3]).mean[0] < 0.7
    assert np.isnan(statistics.shrunk(k, n, every[:3]).spread)
    assert np.isnan(statistics.shrunk(k, n, ~every[:3]).mean).all()


def test_areas_without_anybody_are_carried_along(tmp_path: Path) -> None:
    empty = world.rows("90001", (0, 0), (0, 0))
    file = world.table(tmp_path, *empty, *world.rows("90002", (50, 20), (60, 30), name="b"))
    areas = table.read(file)
    results = statistics.compute(areas, settings.load(file), everything(areas))
    assert np.isnan(results.pooled.share[0])
    assert np.isnan(results.ahead.quantiles[0]).all()
    assert results.ahead.years == tuple(range(2022, 2022 + settings.YEARS_AHEAD))


def test_nobody_anywhere_is_an_error(tmp_path: Path) -> None:
    file = world.table(tmp_path, *world.rows("90001", (0, 0), (0, 0)))
    areas = table.read(file)
    with pytest.raises(ValueError, match="no area has a single person"):
        statistics.compute(areas, settings.load(file), disclosure.showable(areas))
