"""The tests behind the words, against a second implementation and known answers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, stats

from minato_analysis.claims.chance import count_trend, equal_counts


def test_the_trend_of_counts_is_the_maximum_of_the_poisson_likelihood() -> None:
    years, counts = np.arange(2018, 2023), np.array([198, 172, 139, 152, 123])
    x = years - years.mean()

    def loss(beta: np.ndarray) -> float:
        return float(np.sum(np.exp(beta[0] + beta[1] * x) - counts * (beta[0] + beta[1] * x)))

    best = optimize.minimize(loss, [5.0, 0.0], tol=1e-12).x
    fitted = np.exp(best[0] + best[1] * x)
    spread = max(1.0, float(np.sum((counts - fitted) ** 2 / fitted)) / 3)
    information = np.array([[fitted.sum(), (fitted * x).sum()], [0, (fitted * x * x).sum()]])
    information[1, 0] = information[0, 1]
    se = np.sqrt(np.linalg.inv(information)[1, 1] * spread)
    trend = count_trend(years, counts)
    assert trend.log_slope == pytest.approx(best[1], abs=1e-5)
    assert trend.se == pytest.approx(se, rel=1e-4)
    assert trend.p == pytest.approx(2 * stats.t.sf(abs(best[1]) / se, 3), rel=1e-3)


def test_less_spread_than_poisson_is_not_believed() -> None:
    assert count_trend([1, 2, 3, 4], [100, 100, 100, 100]).dispersion == 1.0


def test_a_trend_needs_three_years_and_somebody() -> None:
    with pytest.raises(ValueError, match="at least 3 years"):
        count_trend([1, 2], [3, 4])
    with pytest.raises(ValueError, match="above 0"):
        count_trend([1, 2, 3], [0, 0, 0])


def test_equal_counts_is_the_exact_binomial_test_and_symmetric() -> None:
    assert equal_counts(0, 6) == pytest.approx(2 * 0.5**6)
    assert equal_counts(862, 930) == equal_counts(930, 862)
    assert equal_counts(0, 0) == 1.0
