"""Beta-binomial fits: published example, exact arithmetic, scipy, the boundary."""

from decimal import Decimal, localcontext

import numpy as np
import pytest
from scipy import optimize, stats
from scipy.special import expit

from minato_analysis.statistics.betabinomial import _derivatives, fit_betabinomial

# Geissler (1889), 6115 families of twelve children in Saxony 1876-1885 by number of boys, 0 to
# 12 (Sokal and Rohlf 1994; Lindsey 1995, p. 59).
FAMILIES = [3, 24, 104, 286, 670, 1033, 1343, 1112, 829, 478, 181, 45, 7]
YEARS = np.arange(2017, 2023)
LINE = np.column_stack([np.ones(6), YEARS - YEARS.mean()])
K = np.array([730, 705, 634, 481, 499, 516])
N = np.array([1581, 1521, 1362, 1092, 1014, 1053])
# Spread far beyond the binomial, so that the maximum is inside.
K_SPREAD = np.array([8, 1, 12, 4, 20, 9])
N_SPREAD = np.array([40, 30, 45, 40, 38, 25])


@pytest.fixture(scope="module")
def geissler():
    return fit_betabinomial(np.arange(13), np.full(13, 12), frequencies=FAMILIES)


def test_geissler_published(geissler):
    """Printed estimates: alpha 34.102851, beta 31.578227.

    The last two digits are those of an optimiser that stopped 2e-7 short of the maximum, which
    is 34.1028576 and 31.5782342: the next test finds it in exact arithmetic.
    """
    assert geissler.alpha[0] == pytest.approx(34.102851, rel=3e-7)
    assert geissler.beta[0] == pytest.approx(31.578227, rel=3e-7)


def test_geissler_in_fifty_digits(geissler):
    """Newton's method on the score in decimal arithmetic, started at the published pair."""
    with localcontext() as context:
        context.prec = 50
        a, b = Decimal("34.102851"), Decimal("31.578227")
        for _ in range(6):
            a, b = _newton_step(a, b)
    assert geissler.alpha[0] == pytest.approx(float(a), rel=1e-10)
    assert geissler.beta[0] == pytest.approx(float(b), rel=1e-10)


def _newton_step(a, b):
    score_a = score_b = h_aa = h_bb = h_ab = Decimal(0)
    for boys, families in enumerate(FAMILIES):
        for j in range(boys):
            score_a += families / (a + j)
            h_aa -= families / (a + j) ** 2
        for j in range(12 - boys):
            score_b += families / (b + j)
            h_bb -= families / (b + j) ** 2
        for j in range(12):
            each, square = families / (a + b + j), families / (a + b + j) ** 2
            score_a, score_b = score_a - each, score_b - each
            h_aa, h_bb, h_ab = h_aa + square, h_bb + square, h_ab + square
    det = h_aa * h_bb - h_ab**2
    return (
        a - (h_bb * score_a - h_ab * score_b) / det,
        b - (h_aa * score_b - h_ab * score_a) / det,
    )


def test_loglik_is_scipys(geissler):
    boys = np.arange(13)
    by_scipy = stats.betabinom.logpmf(boys, 12, geissler.alpha, geissler.beta)
    assert geissler.loglik == pytest.approx(float(by_scipy @ FAMILIES), rel=1e-10)
    binomial = stats.binom.logpmf(boys, 12, boys @ FAMILIES / (12 * np.sum(FAMILIES)))
    assert geissler.binomial_loglik == pytest.approx(float(binomial @ FAMILIES), rel=1e-10)
    assert geissler.rho == pytest.approx(1 / (geissler.alpha[0] + geissler.beta[0] + 1))


def _loss(parameters):
    mean, theta = expit(LINE @ parameters[:2]), np.exp(parameters[2])
    return -stats.betabinom.logpmf(K_SPREAD, N_SPREAD, mean / theta, (1 - mean) / theta).sum()


def test_regression_against_scipy():
    """Second implementation: Nelder-Mead on scipy's log-pmf, Hessian by differences."""
    fit = fit_betabinomial(K_SPREAD, N_SPREAD, LINE)
    other = optimize.minimize(
        _loss,
        [-1.0, 0.0, -2.0],
        method="Nelder-Mead",
        options={"xatol": 1e-10, "fatol": 1e-13, "maxiter": 4000, "maxfev": 4000},
    )
    assert not fit.at_boundary
    assert fit.coefficients == pytest.approx(other.x[:2], abs=1e-6)
    assert np.log(fit.theta) == pytest.approx(other.x[2], abs=1e-6)
    assert fit.loglik == pytest.approx(-other.fun, abs=1e-10)

    step, hessian = 1e-4 * np.eye(3), np.empty((3, 3))
    best = np.append(fit.coefficients, np.log(fit.theta))
    for i in range(3):
        for j in range(3):
            hessian[i, j] = sum(
                s * t * _loss(best + s * step[i] + t * step[j]) for s in (1, -1) for t in (1, -1)
            ) / (4 * 1e-8)
    assert fit.covariance == pytest.approx(np.linalg.inv(hessian)[:2, :2], rel=1e-4)


def test_rows_may_be_counted_or_repeated():
    times = np.array([1, 2, 1, 3, 1, 1])
    counted = fit_betabinomial(K_SPREAD, N_SPREAD, LINE, frequencies=times)
    repeated = fit_betabinomial(
        np.repeat(K_SPREAD, times), np.repeat(N_SPREAD, times), np.repeat(LINE, times, axis=0)
    )
    assert counted.coefficients == pytest.approx(repeated.coefficients, abs=1e-9)
    assert counted.covariance == pytest.approx(repeated.covariance, rel=1e-8)
    assert counted.loglik == pytest.approx(repeated.loglik, rel=1e-12)


def test_swapping_successes_and_failures():
    fit = fit_betabinomial(K_SPREAD, N_SPREAD, LINE)
    swapped = fit_betabinomial(N_SPREAD - K_SPREAD, N_SPREAD, LINE)
    assert swapped.coefficients == pytest.approx(-fit.coefficients, abs=1e-9)
    assert swapped.theta == pytest.approx(fit.theta, rel=1e-8)
    assert swapped.alpha == pytest.approx(fit.beta, rel=1e-8)


def test_six_years_end_at_the_boundary():
    """No overdispersion adds likelihood here: scipy's likelihood only falls from zero upwards."""
    fit = fit_betabinomial(K, N, LINE)
    assert fit.at_boundary
    assert fit.theta == fit.rho == 0
    assert fit.loglik == fit.binomial_loglik
    assert np.all(np.isinf(fit.alpha))
    assert fit.loglik == pytest.approx(stats.binom.logpmf(K, N, fit.mean).sum(), rel=1e-12)
    profile = []
    for theta in (1e-5, 1e-4, 1e-3, 1e-2):

        def loss(c, theta=theta):
            mean = expit(LINE @ c)
            return -stats.betabinom.logpmf(K, N, mean / theta, (1 - mean) / theta).sum()

        profile.append(-optimize.minimize(loss, fit.coefficients, method="Nelder-Mead").fun)
    assert np.all(np.diff([fit.loglik, *profile]) < 0)


def test_an_exact_fit_is_not_a_separation():
    fit = fit_betabinomial([1, 2, 3], [2, 4, 6])
    assert fit.at_boundary
    assert fit.mean == pytest.approx([0.5, 0.5, 0.5])


def test_more_spread_moves_the_fit_off_the_boundary():
    """Pulling counts away from the line by a growing factor must end inside, and grow theta."""
    away = np.array([1, -1, -1, 1, 1, -1]) * np.sqrt(N) / 2
    thetas = [
        fit_betabinomial(np.round(N * 0.47 + factor * away), N, LINE).theta
        for factor in (0.5, 2, 3, 4)
    ]
    assert thetas[0] == 0
    assert 0 < thetas[1] < thetas[2] < thetas[3]


def test_a_large_series_is_fitted_exactly():
    """National size, theta near 1e-4: scipy's log-gammas find the same maximum, less sharply."""
    total = np.array([200_601, 193_967, 182_667, 175_032, 169_409, 183_269])
    count = np.round(total * np.array([0.502, 0.484, 0.491, 0.486, 0.479, 0.470]))
    fit = fit_betabinomial(count, total, LINE)

    def loss(log_theta):
        theta = np.exp(log_theta)
        return -stats.betabinom.logpmf(count, total, fit.mean / theta, (1 - fit.mean) / theta).sum()

    other = optimize.minimize_scalar(loss, bracket=(-11, -9, -7), tol=1e-9)
    assert np.log(fit.theta) == pytest.approx(other.x, abs=1e-3)
    assert fit.loglik == pytest.approx(-other.fun, abs=1e-6)


@pytest.mark.parametrize(
    ("k", "n", "message"),
    [
        ([3, 4], [2, 9], "0 <= k <= n"),
        ([1, 0], [2, 0], "n >= 1"),
        ([0, 0], [5, 6], "every share"),
        ([5, 6], [5, 6], "every share"),
        ([1.5, 2], [4, 4], "whole numbers"),
        ([1, 2, 3], [4, 4], "one series each"),
    ],
)
def test_refusals(k, n, message):
    with pytest.raises(ValueError, match=message):
        fit_betabinomial(k, n)


def test_refused_designs():
    with pytest.raises(ValueError, match="one row for each"):
        fit_betabinomial([1, 2], [4, 4], np.ones((3, 1)))
    with pytest.raises(ValueError, match="separates"):
        fit_betabinomial([0, 0, 3], [5, 5, 5], np.column_stack([np.ones(3), [0, 1, 2]]))


def test_unbounded_overdispersion_is_an_error():
    """Shares of 0 and 1 only, in no order: the likelihood rises with theta for ever."""
    with pytest.raises(RuntimeError, match="unbounded"):
        fit_betabinomial([0, 5, 0, 6, 7], [4, 5, 6, 6, 7])


@pytest.mark.parametrize("theta", [0.0, 1e-9, 0.01, 2.0])
def test_one_mean_for_all_rows_gives_what_each_row_gives(theta):
    k, n = np.array([0.0, 3.0, 40.0, 7.0]), np.array([1.0, 12.0, 90.0, 7.0])
    together = _derivatives(k, n, np.full(4, 0.4), theta)
    for row in range(4):
        alone = _derivatives(k[[row]], n[[row]], np.array([0.4]), theta)
        for name, values in vars(together).items():
            assert values[row] == pytest.approx(vars(alone)[name][0], rel=1e-12, abs=1e-12), name
