"""What a change of the reoffender share is made of: exact decompositions that close.

In: counts at two dates, ``k`` reoffenders of ``n`` persons arrested, any leading batch axes
(areas, pairs of years); groups or factors on the last axis where there are any.
Out: frozen dataclasses of arrays. Shares and their parts are proportions, not percent. Parts add
up to the change. They are arithmetic, not causes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from minato_analysis.statistics.result import Result

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TwoPartChange(Result):
    """A change and the parts of it that reoffenders and first-time persons contribute."""

    total: FloatArray
    reoffenders: FloatArray
    first_time: FloatArray


@dataclass(frozen=True)
class KitagawaChange(Result):
    """A change of a share, split by group into composition and rate.

    Attributes
    ----------
    total : ndarray, shape (...)
        Share at the second date minus share at the first.
    composition : ndarray, shape (..., G)
        Change of the group's weight times its average share.
    composition_relative : ndarray, shape (..., G)
        The same with the average share measured from the overall one: negative when a group
        with a low share grows. Same sum over groups as `composition`; the one to read by group.
    rate : ndarray, shape (..., G)
        Change of the group's share times its average weight.
    """

    total: FloatArray
    composition: FloatArray
    composition_relative: FloatArray
    rate: FloatArray


def logit_change(
    k0: npt.ArrayLike, n0: npt.ArrayLike, k1: npt.ArrayLike, n1: npt.ArrayLike
) -> TwoPartChange:
    """Split the change of the logit of the share.

    With R reoffenders and F first-time persons the logit of R / (R + F) is ln R - ln F, hence
    its change is the change of ln R minus the change of ln F.

    Parameters
    ----------
    k0, n0, k1, n1 : array_like, broadcastable
        Reoffenders and persons arrested at the first and the second date.

    Returns
    -------
    TwoPartChange
        On the logit scale; ``first_time`` is minus the change of ln F, so that parts add up.
        NaN where one of the four counts of persons is 0: the logit does not exist.

    Raises
    ------
    ValueError
        If counts are impossible.

    Examples
    --------
    The share rose although reoffenders fell: first-time persons fell faster.

    >>> change = logit_change(730, 1581, 516, 1053)
    >>> print(f"{change.total:+.3f} = {change.reoffenders:+.3f} {change.first_time:+.3f}")
    +0.113 = -0.347 +0.460
    """
    r0, f0, r1, f1 = _persons(k0, n0, k1, n1)
    exists = (r0 > 0) & (f0 > 0) & (r1 > 0) & (f1 > 0)
    r0, f0, r1, f1 = (np.where(exists, v, np.nan) for v in (r0, f0, r1, f1))
    return TwoPartChange(
        total=np.log(r1 / f1) - np.log(r0 / f0),
        reoffenders=np.log(r1) - np.log(r0),
        first_time=np.log(f0) - np.log(f1),
    )


def shapley_change(
    k0: npt.ArrayLike, n0: npt.ArrayLike, k1: npt.ArrayLike, n1: npt.ArrayLike
) -> TwoPartChange:
    """Split the change of the share R / (R + F) into the parts of R and of F.

    The part of a count is the change it makes when it moves alone, averaged over moving first
    and moving second (Shapley value of two players).

    Parameters
    ----------
    k0, n0, k1, n1 : array_like, broadcastable
        Reoffenders and persons arrested at the first and the second date.

    Returns
    -------
    TwoPartChange
        Proportions. NaN where a share that is needed has no persons in it.

    Raises
    ------
    ValueError
        If counts are impossible.

    References
    ----------
    Shapley, L. S. (1953). A value for n-person games. Shorrocks, A. F. (2013). Decomposition
    procedures for distributional analysis. Journal of Economic Inequality 11, 99-126.

    Examples
    --------
    >>> change = shapley_change(730, 1581, 516, 1053)
    >>> parts = [100 * change.total, 100 * change.reoffenders, 100 * change.first_time]
    >>> print("{:+.2f} = {:+.2f} {:+.2f}".format(*parts))
    +2.83 = -8.52 +11.35
    """
    r0, f0, r1, f1 = _persons(k0, n0, k1, n1)
    before, after = _share(r0, f0), _share(r1, f1)
    only_r, only_f = _share(r1, f0), _share(r0, f1)
    return TwoPartChange(
        total=after - before,
        reoffenders=((only_r - before) + (after - only_f)) / 2,
        first_time=((only_f - before) + (after - only_r)) / 2,
    )


def kitagawa(
    k0: npt.ArrayLike, n0: npt.ArrayLike, k1: npt.ArrayLike, n1: npt.ArrayLike
) -> KitagawaChange:
    """Split the change of the overall share by group into composition and rate.

    The symmetric form without interaction: each difference is weighted by the average of the
    two dates. A group without persons at one date has no share there; it then counts as
    composition alone (its share is taken to be that of the other date).

    Parameters
    ----------
    k0, n0, k1, n1 : array_like, shape (..., G)
        Reoffenders and persons arrested by group at the first and the second date. The groups
        share no person and together are everybody.

    Returns
    -------
    KitagawaChange
        NaN for an area without any person at one of the dates.

    Raises
    ------
    ValueError
        If counts are impossible or have no axis of groups.

    References
    ----------
    Kitagawa, E. M. (1955). Components of a difference between two rates. Journal of the
    American Statistical Association 50, 1168-1194.
    """
    r0, f0, r1, f1 = _persons(k0, n0, k1, n1)
    if r0.ndim == 0:
        raise ValueError("the last axis must be the groups")
    persons0, persons1 = r0 + f0, r1 + f1
    weight0 = _ratio(persons0, persons0.sum(axis=-1, keepdims=True))
    weight1 = _ratio(persons1, persons1.sum(axis=-1, keepdims=True))
    share0, share1 = _share(r0, f0), _share(r1, f1)
    share0, share1 = (
        np.where(np.isnan(share0), share1, share0),
        np.where(np.isnan(share1), share0, share1),
    )
    # A group without anyone at either date adds nothing, whatever its share.
    share0, share1 = np.nan_to_num(share0), np.nan_to_num(share1)
    overall0 = (weight0 * share0).sum(axis=-1, keepdims=True)
    overall1 = (weight1 * share1).sum(axis=-1, keepdims=True)
    average = (share0 + share1) / 2
    return KitagawaChange(
        total=(overall1 - overall0)[..., 0],
        composition=(weight1 - weight0) * average,
        composition_relative=(weight1 - weight0) * (average - (overall0 + overall1) / 2),
        rate=(share1 - share0) * (weight0 + weight1) / 2,
    )


def composition_bounds(
    n0: npt.ArrayLike,
    n1: npt.ArrayLike,
    reoffenders: Sequence[float],
    persons: Sequence[float],
) -> tuple[float, float]:
    """Smallest and largest composition effect of groups whose reoffenders are known in sum only.

    Of a group only the persons are printed, of all of them together also the reoffenders. Each way to
    share these out gives another composition effect (see :func:`kitagawa`); the ends are sharp: some way
    reaches them, none goes beyond. The effect is linear in the counts, so each date is filled up from the
    groups that lower it most, or raise it most.

    Parameters
    ----------
    n0, n1 : array_like, shape (G,)
        Persons by group at the two dates, above 0.
    reoffenders : sequence of float, shape (2,)
        Reoffenders of these groups together at the two dates.
    persons : sequence of float, shape (2,)
        Everybody at the two dates, other groups among them.

    Returns
    -------
    least, most : float
        Proportions.

    Raises
    ------
    ValueError
        If a group is empty, or there are more reoffenders than persons.

    References
    ----------
    C. F. Manski (2003), Partial Identification of Probability Distributions, chapter 1.

    Examples
    --------
    One group leaves nothing open: the bounds are the effect itself.

    >>> composition_bounds([100], [50], (40, 30), (200, 200))
    (-0.125, -0.125)
    """
    dates = [np.asarray(one, dtype=np.float64) for one in (n0, n1)]
    sums = tuple(one.sum() for one in dates)
    if any((one <= 0).any() for one in dates) or any(np.greater(reoffenders, sums)):
        raise ValueError("every group needs persons, and no more reoffenders than persons")
    change = dates[1] / persons[1] - dates[0] / persons[0]
    ends = [0.0, 0.0]
    for size, total in zip(dates, reoffenders, strict=True):
        worth = change / size / 2  # what one reoffender of the group adds
        order = np.argsort(worth, kind="stable")
        for end, filled in enumerate((order, order[::-1])):
            taken = np.diff(np.minimum(np.cumsum(size[filled]), total), prepend=0.0)
            ends[end] += float(taken @ worth[filled])
    return ends[0], ends[1]


def das_gupta(factors0: npt.ArrayLike, factors1: npt.ArrayLike) -> FloatArray:
    """Split the change of a product of m factors into one part for each factor.

    The part of a factor is its change times the average product of the others, over all orders
    in which the factors can change. That average equals the integral of the product of the other
    factors along the straight path between the dates; Gauss-Legendre nodes make it exact.
    For a rate that is a sum of products over groups, add the parts over the groups.

    Parameters
    ----------
    factors0, factors1 : array_like, shape (..., m)
        The factors at the first and the second date.

    Returns
    -------
    ndarray, shape (..., m)
        Parts; they add up to ``prod(factors1) - prod(factors0)``.

    Raises
    ------
    ValueError
        If the shapes differ or there is no factor.

    References
    ----------
    Das Gupta, P. (1993). Standardization and Decomposition of Rates: A User's Manual. US Bureau
    of the Census, Current Population Reports P23-186.

    Examples
    --------
    Mean earnings, times the share of persons who earn (Das Gupta 1993, example 2.1):

    >>> das_gupta([10930, 0.717892], [16591, 0.825974]).round(3)
    array([4369.913, 1487.262])
    """
    first, second = (np.asarray(f, dtype=np.float64) for f in (factors0, factors1))
    if first.shape != second.shape or first.ndim == 0 or first.shape[-1] == 0:
        raise ValueError(f"factors of one shape are needed, got {first.shape}, {second.shape}")
    m = first.shape[-1]
    nodes, weights = np.polynomial.legendre.leggauss((m + 1) // 2)
    parts = np.zeros_like(first)
    for node, weight in zip((nodes + 1) / 2, weights / 2, strict=True):
        path = first + node * (second - first)
        for i in range(m):
            parts[..., i] += weight * np.delete(path, i, axis=-1).prod(axis=-1)
    return (second - first) * parts


def _persons(
    k0: npt.ArrayLike, n0: npt.ArrayLike, k1: npt.ArrayLike, n1: npt.ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return reoffenders and first-time persons at both dates in one shape, or refuse them."""
    k_0, n_0, k_1, n_1 = np.broadcast_arrays(
        *(np.asarray(v, dtype=np.float64) for v in (k0, n0, k1, n1))
    )
    if not np.all((k_0 >= 0) & (k_0 <= n_0) & (k_1 >= 0) & (k_1 <= n_1)):
        raise ValueError("counts must satisfy 0 <= k <= n at both dates")
    return k_0, n_0 - k_0, k_1, n_1 - k_1


def _share(reoffenders: FloatArray, first_time: FloatArray) -> FloatArray:
    """Return R / (R + F), NaN where nobody was arrested."""
    return _ratio(reoffenders, reoffenders + first_time)


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    return part / np.where(whole > 0, whole, np.nan)
