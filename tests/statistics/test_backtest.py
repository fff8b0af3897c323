"""Rolling origins: nothing of the future is seen, scores are those of single forecasts."""

from functools import partial

import numpy as np
import pytest

from minato_analysis.statistics import companions
from minato_analysis.statistics.backtest import (
    BELOW,
    MODELS,
    SMALL,
    cautionary,
    clustered_mean,
    own_members,
    rolling_origin,
    thin,
)
from minato_analysis.statistics.pool import members, pooled
from minato_analysis.statistics.projection import TrendSettings, damped_trend, logit_observations
from minato_analysis.statistics.scores import score, score_many

REOFFENDERS = np.array([16444.0, 15527, 15644, 14796, 13612, 13692, 12241, 11504, 10547, 10387])
FIRST_TIME = np.array([18525.0, 17124, 16983, 16248, 14918, 14776, 12661, 11767, 10479, 10524])


@pytest.fixture(scope="module")
def published():
    return rolling_origin(REOFFENDERS, FIRST_TIME)


def test_origins_and_steps(published):
    """Ten years, at least three seen: origins 2 ... 8, and 7 + 6 + ... + 1 forecasts."""
    assert published.models == tuple(MODELS)
    assert published.step.size == 28
    assert sorted(set(published.origin.tolist())) == [2, 3, 4, 5, 6, 7, 8]
    assert np.all(published.origin + published.step <= 9)
    assert len(set(zip(published.origin, published.step, strict=True))) == 28


def test_scores_are_those_of_single_forecasts(published):
    for name, model, scores in zip(
        published.models, MODELS.values(), published.scores, strict=True
    ):
        for p in (0, 13, 27):
            origin, step = int(published.origin[p]), int(published.step[p])
            seen = slice(0, origin + 1)
            then = origin + step
            persons = int(REOFFENDERS[then] + FIRST_TIME[then])
            alone = model(REOFFENDERS[seen], FIRST_TIME[seen], persons, [step])
            wanted = score(alone, int(REOFFENDERS[then]))
            assert scores.crps[p] == pytest.approx(wanted.crps[0, 0], rel=1e-9), name
            assert scores.wis[p] == pytest.approx(wanted.wis[0, 0], rel=1e-9), name
            assert scores.pit[p] == pytest.approx(wanted.pit[0, 0], abs=1e-9), name


def test_the_future_is_not_seen(published):
    """Other counts in the last year change only the forecasts of that year."""
    r = REOFFENDERS.copy()
    r[-1] -= 3000
    changed = rolling_origin(r, FIRST_TIME)
    last = published.origin + published.step == 9
    for before, after in zip(published.scores, changed.scores, strict=True):
        assert np.array_equal(before.crps[~last], after.crps[~last])
        assert np.all(before.crps[last] != after.crps[last])


def test_many_series_equal_one_by_one():
    rng = np.random.default_rng(9)
    r, f = thin(REOFFENDERS, FIRST_TIME, 400, rng, 3)
    r[1, :2] = f[1, :2] = np.nan
    together = rolling_origin(r, f, horizon=3)
    for i in range(3):
        alone = rolling_origin(r[i], f[i], horizon=3)
        mine = together.series == i
        for one, all_ in zip(alone.scores, together.scores, strict=True):
            assert np.array_equal(one.crps, all_.crps[mine])
            assert np.array_equal(one.inside80, all_.inside80[mine])


def test_summary(published):
    rows = published.summary()
    first = rows[0]
    assert (first.model, first.step, first.forecasts) == ("damped", 0, 28)
    assert first.crps == pytest.approx(published.scores[0].crps.mean())
    assert first.coverage80 == pytest.approx(published.scores[0].inside80.mean())
    by_step = [row for row in rows if row.model == "mean" and row.step > 0]
    assert [row.forecasts for row in by_step] == [7, 6, 5, 4, 3, 2, 1]


def test_own_models():
    models = {"stiff": partial(damped_trend, settings=TrendSettings(phi=0.8))}
    found = rolling_origin(REOFFENDERS, FIRST_TIME, models=models, horizon=2, min_years=8)
    assert found.models == ("stiff",)
    assert found.step.tolist() == [1, 2, 1]


def test_intervals_of_simulated_random_walks_are_calibrated():
    """Series drawn from the last-value model: its 80 % interval covers about 80 %."""
    rng = np.random.default_rng(11)
    logit = np.cumsum(rng.normal(0, 0.15, (400, 12)), axis=1)
    r = rng.binomial(1000, 1 / (1 + np.exp(-logit))).astype(float)
    models = {"last_value": companions.last_value}
    found = rolling_origin(r, 1000 - r, models=models, horizon=1, min_years=11)
    assert found.summary()[0].coverage80 == pytest.approx(0.80, abs=0.06)
    assert found.summary()[0].coverage95 == pytest.approx(0.95, abs=0.04)


def test_thinned_counts():
    r, f = thin(REOFFENDERS, FIRST_TIME, 1053, np.random.default_rng(1), 2000)
    assert r.shape == (2000, 10)
    assert np.all(r + f == 1053)
    share = REOFFENDERS / (REOFFENDERS + FIRST_TIME)
    assert r.mean(axis=0) / 1053 == pytest.approx(share, abs=0.0015)
    total = REOFFENDERS + FIRST_TIME
    hypergeometric = 1053 * share * (1 - share) * (total - 1053) / (total - 1)
    assert r.var(axis=0) == pytest.approx(hypergeometric, rel=0.15)


def test_thinning_keeps_missing_years_and_refuses_too_many():
    r, f = np.append(np.nan, REOFFENDERS), np.append(np.nan, FIRST_TIME)
    thinned = thin(r, f, 500, np.random.default_rng(1), 4)
    assert np.isnan(thinned[0][:, 0]).all()
    assert not np.isnan(thinned[0][:, 1:]).any()
    with pytest.raises(ValueError, match="fewer than 30000"):
        thin(r, f, 30_000, np.random.default_rng(1), 4)


def test_cautionary_models_are_overconfident():
    """Six to nine years at a time: fits at a zero variance occur, and the bands are too narrow."""
    thinned = thin(REOFFENDERS, FIRST_TIME, 1053, np.random.default_rng(4), 5)
    found = cautionary(*thinned, horizon=4)
    assert found.backtest.models == ("unobserved_components", "ets")
    assert found.noise_zero + found.level_zero > 0.2
    # As published, in large numbers, it is the one-year noise that is lost, not the yearly movement.
    large = cautionary(REOFFENDERS, FIRST_TIME, horizon=4)
    assert large.noise_zero > large.level_zero == 0
    rows = {row.model: row for row in found.backtest.summary() if row.step == 0}
    assert rows["ets"].coverage80 < 0.7
    assert rows["unobserved_components"].forecasts == 5 * 10


def test_cautionary_models_refuse_gaps():
    r, f = REOFFENDERS.copy(), FIRST_TIME.copy()
    r[3] = f[3] = np.nan
    with pytest.raises(ValueError, match="contiguous"):
        cautionary(r, f)


def test_members_in_levels_see_no_later_year_of_any_region():
    r, f = thin(REOFFENDERS, FIRST_TIME, 400, np.random.default_rng(2), 2)
    above = logit_observations(REOFFENDERS * 8, FIRST_TIME * 8)
    models = own_members(SMALL)
    found = rolling_origin(r, f, min_years=8, models=models, above=above, settings=BELOW)
    assert found.models == ("damped", "level", "three_level_damped", "three_level_level", "pool")
    assert found.step.tolist() == [1, 2, 1, 1, 2, 1]
    p = 3  # second replicate, origin 7
    seen = slice(0, 8)
    own = logit_observations(r[1, seen], f[1, seen])
    z, v = (np.stack([up[:, seen], mine]) for up, mine in zip(above, own, strict=True))
    alone = members(z, v, 400, np.array([1]), BELOW)
    for name, one in {**alone, "pool": pooled(alone)}.items():
        wanted = score(one, int(r[1, 8])).crps[0, 0]
        scores = found.scores[found.models.index(name)]
        assert scores.crps[p] == pytest.approx(wanted, rel=0.01), name


def test_scores_of_many_are_close_to_the_exact_ones():
    r, f = thin(REOFFENDERS, FIRST_TIME, 1053, np.random.default_rng(4), 12)
    exact = rolling_origin(r, f, min_years=6)
    quick = rolling_origin(r, f, min_years=6, scoring=score_many)
    for one, other in zip(exact.scores, quick.scores, strict=True):
        assert other.crps.mean() == pytest.approx(one.crps.mean(), rel=0.01)
        assert other.crps == pytest.approx(one.crps, rel=0.05, abs=2e-4)
        assert other.wis.mean() == pytest.approx(one.wis.mean(), rel=0.02)
        assert np.mean(other.inside80) == pytest.approx(np.mean(one.inside80), abs=0.02)
        assert other.pit == pytest.approx(one.pit, abs=0.01)


def test_coarse_grids_change_no_mean_score_by_a_percent():
    r, f = thin(REOFFENDERS, FIRST_TIME, 1053, np.random.default_rng(4), 20)
    fine, coarse = (
        rolling_origin(r, f, min_years=6, models=own_members(settings), scoring=score_many)
        for settings in (TrendSettings(), SMALL)
    )
    for one, other in zip(fine.scores, coarse.scores, strict=True):
        assert other.crps.mean() == pytest.approx(one.crps.mean(), rel=0.01)


def test_standard_error_of_clusters():
    """As many drawn means as wanted: their spread is the standard error."""
    rng = np.random.default_rng(6)
    clusters = np.repeat(np.arange(30), 5)
    drawn = rng.normal(0, 1, (4000, 30, 1)) + rng.normal(0, 0.5, (4000, 30, 5))
    spread = drawn.mean((1, 2)).std()
    errors = [clustered_mean(one.ravel(), clusters)[1] for one in drawn[:300]]
    assert np.mean(errors) == pytest.approx(spread, rel=0.05)
    alone = clustered_mean(np.array([1.0, 2.0, 4.0]), [0, 1, 2])
    assert alone[1] == pytest.approx(np.std([1, 2, 4], ddof=1) / np.sqrt(3))
    assert np.isnan(clustered_mean(np.array([1.0, 2.0]), [7, 7])[1])


def test_nothing_to_score():
    with pytest.raises(ValueError, match="no origin"):
        rolling_origin([5, 6, 7], [5, 6, 7])
