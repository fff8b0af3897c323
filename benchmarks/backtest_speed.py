"""Speed of the vectorised backtest against statsmodels' own loops, in one run.

    python benchmarks/backtest_speed.py [--repeats 5]

One series of 18 years with 1,000 persons each, 15 origins, 7 steps. Compared, interleaved, medians
of wall seconds:

* vectorised: all origins and all 81 innovation sds in one filter;
* MLEModel: the same model, one statsmodels filter for each origin and innovation sd. Both must give
  the same forecasts, or the run stops;
* UnobservedComponents: fitted by maximum likelihood at each origin, local level and local linear
  trend: other models, cheaper since they know one value of each variance instead of 81.

The scores of the vectorised backtest are timed by themselves. Last, 1,740 areas of ten years are
projected seven years ahead in one call, with five quantiles.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable
from statistics import median

import numpy as np
from statsmodels.tsa.statespace.mlemodel import MLEModel
from statsmodels.tsa.statespace.structural import UnobservedComponents

from minato_analysis.statistics.backtest import rolling_origin
from minato_analysis.statistics.projection import (
    DEFAULT_SETTINGS,
    Forecast,
    as_steps,
    damped_trend,
    future,
    logit_observations,
)

YEARS, PERSONS, HORIZON, AREAS = 18, 1000, 7, 1740
ORIGINS = range(3, YEARS)  # years known at each origin


class DampedTrend(MLEModel):
    """The damped local trend with binomial observation variances, as a statsmodels model."""

    def __init__(self, z: np.ndarray, v: np.ndarray, sigma: float) -> None:
        super().__init__(z, k_states=2, k_posdef=2)
        phi, slope = DEFAULT_SETTINGS.phi, DEFAULT_SETTINGS.slope_sd**2
        self["design"] = np.array([[1.0, 0.0]])
        self["transition"] = np.array([[1.0, phi], [0.0, phi]])
        self["selection"] = np.eye(2)
        self["state_cov"] = np.diag([sigma**2, slope * (1 - phi**2)])
        self["obs_cov"] = v[None, None]
        self.initialize_known(np.zeros(2), np.diag([DEFAULT_SETTINGS.level_sd**2, slope]))


def through_mlemodel(r: np.ndarray, f: np.ndarray, persons: int, horizon: int) -> Forecast:
    """Project each row with one statsmodels filter for each innovation sd."""
    steps = as_steps(horizon)
    weights, means, variances = (np.empty((r.shape[0], horizon, 81)) for _ in range(3))
    for i in range(r.shape[0]):
        known = ~np.isnan(r[i])
        z, v = logit_observations(r[i][known], f[i][known])
        ahead = np.append(z[0], np.full(horizon, np.nan)), np.append(v[0], np.ones(horizon))
        loglik = np.empty(81)
        for j, sigma in enumerate(DEFAULT_SETTINGS.sigma()):
            found = DampedTrend(*ahead, sigma).ssm.filter()
            loglik[j] = found.llf_obs.sum()
            means[i, :, j] = found.predicted_state[0, z.size : z.size + horizon]
            variances[i, :, j] = found.predicted_state_cov[0, 0, z.size : z.size + horizon]
        posterior = DEFAULT_SETTINGS.prior() * np.exp(loglik - loglik.max())
        weights[i] = posterior / posterior.sum()
    return Forecast("mlemodel", *future(persons, r.shape[0], steps), weights, means, variances)


def through_unobserved_components(r: np.ndarray, f: np.ndarray, level: str) -> None:
    """Fit a structural model to each row and forecast."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for row in logit_observations(r, f)[0]:
            model = UnobservedComponents(row[~np.isnan(row)], level=level)
            model.fit(disp=False).get_forecast(HORIZON).summary_frame()


def simulate(rng: np.random.Generator, persons: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Draw counts of areas whose logit share wanders; persons (areas, years)."""
    logit = -0.1 + np.cumsum(rng.normal(0, 0.04, persons.shape), axis=1)
    r = rng.binomial(persons, 1 / (1 + np.exp(-logit)))
    return r.astype(float), (persons - r).astype(float)


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description="Vectorised backtest against statsmodels' loops")
    parser.add_argument("--repeats", type=int, default=5)
    repeats = parser.parse_args().repeats
    rng = np.random.default_rng(20)
    series = simulate(rng, np.full((1, YEARS), PERSONS))
    # each row is the series as known at one origin, moved so that the origin is the last year
    rows = [
        np.array([np.append(np.full(YEARS - end, np.nan), part[0, :end]) for end in ORIGINS])
        for part in series
    ]
    ours, theirs = (model(*rows, PERSONS, HORIZON) for model in (damped_trend, through_mlemodel))
    for part in ("weights", "means", "variances"):
        if not np.allclose(getattr(ours, part), getattr(theirs, part), rtol=1e-7, atol=1e-10):
            raise SystemExit(f"the two ways disagree in {part}: no comparison of speed")
    ways: dict[str, Callable[[], object]] = {
        "vectorised": lambda: damped_trend(*rows, PERSONS, HORIZON),
        "MLEModel, 81 sds": lambda: through_mlemodel(*rows, PERSONS, HORIZON),
        "UC local level": lambda: through_unobserved_components(*rows, "local level"),
        "UC local linear trend": lambda: through_unobserved_components(*rows, "lltrend"),
        "vectorised, with scores": lambda: rolling_origin(
            *series, models={"damped_trend": damped_trend}, horizon=HORIZON
        ),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeats):
        for name, work in ways.items():
            taken[name].append(seconds(work))
    base = median(taken["vectorised"])
    print(f"{'way':26}{'seconds':>10}{'ratio':>10}")
    for name, values in taken.items():
        print(f"{name:26}{median(values):10.4f}{median(values) / base:10.1f}")

    many = simulate(rng, rng.integers(10, 2000, (AREAS, 1)).repeat(10, axis=1))
    persons = (many[0] + many[1])[:, -1]
    levels = [0.025, 0.1, 0.5, 0.9, 0.975]
    project = seconds(lambda: damped_trend(*many, persons, HORIZON))
    whole = seconds(lambda: damped_trend(*many, persons, HORIZON).quantile(levels))
    print(
        f"{AREAS} areas x {HORIZON} years: {project:.2f} s mixtures, {whole:.2f} s with quantiles"
    )


if __name__ == "__main__":
    main()
