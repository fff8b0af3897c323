"""Beta-binomial regression by maximum likelihood.

In: counts ``k`` of ``n`` (one row per year, family or station) and a design matrix on the logit.
Out: a frozen `BetaBinomialFit` with coefficients, covariance, overdispersion and log-likelihood.
When the likelihood is highest at zero overdispersion the fit is the binomial one and says so.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import statsmodels.api as sm
from scipy.optimize import minimize
from scipy.special import expit, gammaln
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from minato_analysis.statistics.result import Result

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class BetaBinomialFit(Result):
    """A beta-binomial regression fitted by maximum likelihood.

    Attributes
    ----------
    coefficients : ndarray, shape (p,)
        Coefficients on the logit scale, in the order of the design's columns.
    covariance : ndarray, shape (p, p)
        Inverse observed information of the coefficients (overdispersion estimated with them).
    theta : float
        Overdispersion ``1 / (alpha + beta)``; 0 is the binomial.
    mean : ndarray, shape (rows,)
        Fitted shares.
    loglik, binomial_loglik : float
        Maximised log-likelihoods of this model and of the binomial one.
    at_boundary : bool
        True when the maximum lies at ``theta = 0``: the result is the binomial fit.
    """

    coefficients: FloatArray
    covariance: FloatArray
    theta: float
    mean: FloatArray
    loglik: float
    binomial_loglik: float
    at_boundary: bool

    @property
    def rho(self) -> float:
        """Intra-class correlation ``theta / (1 + theta)``."""
        return self.theta / (1.0 + self.theta)

    @property
    def alpha(self) -> FloatArray:
        """First shape parameter per row; infinite at the boundary."""
        return self._shape(self.mean)

    @property
    def beta(self) -> FloatArray:
        """Second shape parameter per row; infinite at the boundary."""
        return self._shape(1.0 - self.mean)

    def _shape(self, share: FloatArray) -> FloatArray:
        return np.full_like(share, np.inf) if self.at_boundary else share / self.theta


@dataclass(frozen=True)
class _Derivatives:
    """Log-likelihood per row, without the binomial coefficient, and its derivatives."""

    value: FloatArray
    mu: FloatArray
    theta: FloatArray
    mu_mu: FloatArray
    mu_theta: FloatArray
    theta_theta: FloatArray


def fit_betabinomial(
    k: npt.ArrayLike,
    n: npt.ArrayLike,
    design: npt.ArrayLike | None = None,
    frequencies: npt.ArrayLike | None = None,
) -> BetaBinomialFit:
    """Fit ``logit(mean) = design @ coefficients`` with beta-binomial counts.

    The variance of a count is ``n m (1 - m) (1 + (n - 1) rho)``. The sign of the likelihood's
    slope in ``theta`` at the binomial fit decides whether there is overdispersion to estimate;
    without any (or with less spread than the binomial) the binomial fit is returned.

    Parameters
    ----------
    k, n : array_like, shape (rows,)
        Counts and their totals, ``0 <= k <= n``, ``n >= 1``.
    design : array_like, shape (rows, p), optional
        Design matrix, a constant included. Default: a constant only.
    frequencies : array_like, shape (rows,), optional
        How often each row was observed. Default: once.

    Returns
    -------
    BetaBinomialFit

    Raises
    ------
    ValueError
        If counts are impossible, shapes differ, every share is 0 or every share is 1, or the
        design separates the counts perfectly.
    RuntimeError
        If the likelihood has no finite maximum.

    References
    ----------
    Williams, D. A. (1975). The analysis of binary responses from toxicological experiments.
    Biometrics 31, 949-952. Tarone, R. E. (1979). Testing the goodness of fit of the binomial
    distribution. Biometrika 66, 585-590 (the score at zero overdispersion).

    Examples
    --------
    Boys in families of twelve children (Geissler, Saxony 1876-1885):

    >>> families = [3, 24, 104, 286, 670, 1033, 1343, 1112, 829, 478, 181, 45, 7]
    >>> fit = fit_betabinomial(range(13), [12] * 13, frequencies=families)
    >>> print(f"{fit.alpha[0]:.3f} {fit.beta[0]:.3f}")
    34.103 31.578
    """
    k, n, x, w = _checked(k, n, design, frequencies)
    constant = float(np.sum(w * (gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))))
    binomial = _binomial_fit(k, n, x, w)
    start = np.asarray(binomial.params, dtype=np.float64)
    at_zero = _derivatives(k, n, expit(x @ start), 0.0)
    binomial_loglik = constant + float(w @ at_zero.value)
    if w @ at_zero.theta <= 0:
        return BetaBinomialFit(
            coefficients=start,
            covariance=np.asarray(binomial.cov_params(), dtype=np.float64),
            theta=0.0,
            mean=expit(x @ start),
            loglik=binomial_loglik,
            binomial_loglik=binomial_loglik,
            at_boundary=True,
        )

    best = _maximum(np.append(start, np.log(_start_theta(k, n, expit(x @ start), w))), k, n, x, w)
    coefficients, theta = best[:-1], float(np.exp(best[-1]))
    mean = expit(x @ coefficients)
    information = _gradient_and_hessian(best, k, n, x, w)[1]
    covariance = np.asarray(np.linalg.inv(information), dtype=np.float64)[:-1, :-1]
    return BetaBinomialFit(
        coefficients=coefficients,
        covariance=covariance,
        theta=theta,
        mean=mean,
        loglik=constant + float(w @ _derivatives(k, n, mean, theta).value),
        binomial_loglik=binomial_loglik,
        at_boundary=False,
    )


def _checked(
    k: npt.ArrayLike,
    n: npt.ArrayLike,
    design: npt.ArrayLike | None,
    frequencies: npt.ArrayLike | None,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return counts, totals, design and frequencies as arrays, or refuse them."""
    count, total = np.asarray(k, dtype=np.float64), np.asarray(n, dtype=np.float64)
    if count.ndim != 1 or count.shape != total.shape:
        raise ValueError(f"k and n must be one series each, got {count.shape} and {total.shape}")
    if not np.all((count >= 0) & (count <= total) & (total >= 1)):
        raise ValueError("counts must satisfy 0 <= k <= n and n >= 1")
    if np.any(count != np.round(count)) or np.any(total != np.round(total)):
        raise ValueError("k and n must be whole numbers")
    x = np.ones((count.size, 1)) if design is None else np.asarray(design, dtype=np.float64)
    w = np.ones(count.size) if frequencies is None else np.asarray(frequencies, dtype=np.float64)
    if x.ndim != 2 or x.shape[0] != count.size or w.shape != count.shape:
        raise ValueError("design and frequencies need one row for each count")
    if np.all(count[w > 0] == 0) or np.all(count[w > 0] == total[w > 0]):
        raise ValueError("every share is 0 or every share is 1: the logit has no estimate")
    return count, total, x, w


def _binomial_fit(k: FloatArray, n: FloatArray, x: FloatArray, w: FloatArray) -> Any:
    """Return statsmodels' binomial fit, or refuse counts that have none."""
    model = sm.GLM(np.column_stack([k, n - k]), x, family=sm.families.Binomial(), freq_weights=w)
    with warnings.catch_warnings():
        # statsmodels warns of separation also when a fit is merely exact.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        fit = model.fit(tol=1e-12)
    if np.any(fit.bse * np.max(np.abs(x), axis=0) > 1e3):
        raise ValueError(
            "the design separates the counts perfectly: the coefficients have no estimate"
        )
    return fit


def _maximum(
    start: FloatArray, k: FloatArray, n: FloatArray, x: FloatArray, w: FloatArray
) -> FloatArray:
    """Return coefficients and ln theta at the maximum of the likelihood."""

    def loss(parameters: FloatArray) -> float:
        mean, theta = expit(x @ parameters[:-1]), float(np.exp(parameters[-1]))
        return -float(w @ _derivatives(k, n, mean, theta).value)

    result = minimize(
        loss,
        start,
        jac=lambda parameters: _gradient_and_hessian(parameters, k, n, x, w)[0],
        hess=lambda parameters: _gradient_and_hessian(parameters, k, n, x, w)[1],
        method="trust-exact",
        options={"gtol": 1e-8 * float(w @ n)},
    )
    best: FloatArray = result.x
    # The loss is a sum of many logarithms: its rounding hides the last digits of the maximum.
    # Newton steps on the score alone recover them.
    for _ in range(3):
        score, information = _gradient_and_hessian(best, k, n, x, w)
        step = np.linalg.solve(information, score)
        best = best - step
    if not (abs(score @ step) < 1e-12 and np.all(np.linalg.eigvalsh(information) > 0)):
        raise RuntimeError(
            "the beta-binomial likelihood has no maximum that could be reached: "
            "counts that are almost all 0 or n leave the overdispersion unbounded"
        )
    return best


def _start_theta(k: FloatArray, n: FloatArray, mean: FloatArray, w: FloatArray) -> float:
    """Return a moment estimate of the overdispersion, kept inside a wide range."""
    pearson = (k - n * mean) ** 2 / (n * mean * (1 - mean))
    excess = float(w @ (pearson - 1)) / max(float(w @ (n - 1)), 1.0)
    # Below about 1/n the likelihood is flat in ln theta: a search started there stands still.
    return float(np.clip(excess, 0.1 / float(np.max(n)), 1.0))


def _derivatives(k: FloatArray, n: FloatArray, mean: FloatArray, theta: float) -> _Derivatives:
    """Return the log-likelihood of each row and its derivatives in mean and theta.

    The sums over ``j`` are written out instead of taken as differences of log-gammas: those lose
    all their digits as theta nears 0, exactly where the boundary has to be judged.
    """
    if k.size > 1 and np.all(mean == mean[0]):
        return _of_one_mean(k.astype(np.int64), n.astype(np.int64), float(mean[0]), theta)
    rows = [_row(int(ki), int(ni), float(mi), theta) for ki, ni, mi in zip(k, n, mean, strict=True)]
    return _Derivatives(*np.array(rows).T)


def _of_one_mean(k: IntArray, n: IntArray, mean: float, theta: float) -> _Derivatives:
    """Return the same where all rows share the mean: each sum is taken once, up to the largest count."""
    j = np.arange(n.max(), dtype=np.float64)

    def to(values: FloatArray, counts: IntArray) -> FloatArray:
        return np.append(0.0, np.cumsum(values))[counts]

    def both(of_hit: FloatArray, of_miss: FloatArray) -> FloatArray:
        return to(of_hit, k) + to(of_miss, n - k)

    hit, miss = mean + j[: k.max()] * theta, (1 - mean) + j[: (n - k).max()] * theta
    j_hit, j_miss, j_all = j[: hit.size] / hit, j[: miss.size] / miss, j / (1 + j * theta)
    return _Derivatives(
        value=both(np.log(hit), np.log(miss)) - to(np.log1p(j * theta), n),
        mu=both(1 / hit, -1 / miss),
        theta=both(j_hit, j_miss) - to(j_all, n),
        mu_mu=both(-(hit**-2), -(miss**-2)),
        mu_theta=both(-j_hit / hit, j_miss / miss),
        theta_theta=both(-(j_hit**2), -(j_miss**2)) + to(j_all**2, n),
    )


def _row(k: int, n: int, mean: float, theta: float) -> list[float]:
    """Return the six entries of `_Derivatives` for one count."""
    j = np.arange(n, dtype=np.float64)
    hit, miss = mean + j[:k] * theta, (1 - mean) + j[: n - k] * theta
    per_hit, per_miss = 1 / hit, 1 / miss
    j_hit, j_miss, j_all = j[:k] * per_hit, j[: n - k] * per_miss, j / (1 + j * theta)
    return [
        np.log(hit).sum() + np.log(miss).sum() - np.log1p(j * theta).sum(),
        per_hit.sum() - per_miss.sum(),
        j_hit.sum() + j_miss.sum() - j_all.sum(),
        -(per_hit @ per_hit) - per_miss @ per_miss,
        -(j_hit @ per_hit) + j_miss @ per_miss,
        -(j_hit @ j_hit) - j_miss @ j_miss + j_all @ j_all,
    ]


def _gradient_and_hessian(
    parameters: FloatArray, k: FloatArray, n: FloatArray, x: FloatArray, w: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return both for the negative log-likelihood in (coefficients, ln theta)."""
    mean, theta = expit(x @ parameters[:-1]), float(np.exp(parameters[-1]))
    d = _derivatives(k, n, mean, theta)
    slope = mean * (1 - mean)
    gradient = np.append(x.T @ (w * d.mu * slope), theta * (w @ d.theta))
    curvature = w * (d.mu_mu * slope**2 + d.mu * slope * (1 - 2 * mean))
    cross = theta * (x.T @ (w * d.mu_theta * slope))
    corner = theta**2 * (w @ d.theta_theta) + theta * (w @ d.theta)
    hessian = np.block([[(x.T * curvature) @ x, cross[:, None]], [cross[None, :], corner]])
    return -gradient, -hessian
