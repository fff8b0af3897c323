"""E[G(logit B)] for B ~ Beta(a, b), G the distribution function of a mixture of normals.

In: shape parameters, the mixture of each element. Out: expectations, right to 2e-12. No draws.

The rule is the trapezoidal one over the density f of logit B, at whole multiples of the spacing h. Its
error is the Fourier transform of f G at the multiples of w = 2 pi / h (Poisson summation). For a component
of standard deviation s that is bounded by the transform of f at w, and by the integral over u of
``|F(w - u)| exp(-s^2 u^2 / 2) / pi`` times the range of m in which the error is not yet constant. Here::

    |F(w)| = |Gamma(a + iw) Gamma(b - iw)| / (Gamma(a) Gamma(b)) <= exp(-a g(w/a) - b g(w/b)),

g(t) = t arctan t - ln(1 + t^2) / 2, by comparing the product formula of the gamma function (DLMF 5.8.3)
with an integral. Since t^2 <= 2 g(t) + (2/3) g(t)^2, all of it falls below exp(-A) as soon as::

    w^2 >= 2 A (1 / (1/(a + A/3) + 1/(b + A/3)) + 1/s^2),

and a component of weight p needs only A + ln p. The tests evaluate the bound itself.

References
----------
Trefethen and Weideman (2014), The exponentially convergent trapezoidal rule.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy import special

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

EXPONENT = 32.0
"""A: the error is below exp(-A), times less than 100."""

_CHUNK = 2**16  # doubles per working array: bounds the memory and stays in the cache
_NARROWEST = 0.01  # a component is at least this / sqrt(a + b) wide: 0.5 % of the binomial noise


def chunks(size: int, width: int) -> Iterator[slice]:
    """Return slices of ``range(size)`` so that rows of `width` numbers stay small in memory."""
    step = max(1, _CHUNK // width)
    return (slice(start, start + step) for start in range(0, size, step))


def expectation(
    a: FloatArray,
    b: FloatArray,
    own: IntArray,
    weights: FloatArray,
    means: FloatArray,
    variances: FloatArray,
) -> FloatArray:
    """Return E[G(logit B)] for elements that each refer to one mixture.

    Elements of one mixture with equal spacing share the points: G, by far the dearest part, is computed
    once for each. The value of an element does not depend on the others in the call.

    Parameters
    ----------
    a, b : ndarray, shape (E,)
        From 0.5 on.
    own : ndarray of int, shape (E,)
        Row of the mixture.
    weights, means, variances : ndarray, shape (M, J)
        Normal components.
    """
    floor = _NARROWEST**2 / (a + b)
    octaves = np.floor(2.0 * np.log2(_widest_spacing(a, b, floor, own, weights, variances))) / 2.0
    spacing = 2.0**octaves
    low, high = limits(a, b)
    first = np.floor(low / spacing).astype(np.int64)
    needed = np.ceil(high / spacing) - first + 1.0
    # few different sizes, hence few loops
    size = np.ceil(2.0 ** (np.ceil(4.0 * np.log2(needed)) / 4.0)).astype(np.int64)
    result = np.empty(a.size)
    order = np.lexsort((own, floor, octaves))
    keys = np.stack([own, floor, octaves])[:, order]
    starts = np.flatnonzero(np.any(np.diff(keys, prepend=np.nan) != 0.0, axis=0))
    ends = np.append(starts[1:], a.size)
    lowest = np.minimum.reduceat(first[order], starts)
    lengths = np.maximum.reduceat((first + size)[order], starts) - lowest
    for tables in _blocks(lengths):
        count, head = lengths[tables], order[starts[tables]]
        begin = np.cumsum(count) - count
        row = np.repeat(np.arange(count.size), count)
        x = (np.arange(row.size) + (lowest[tables] - begin)[row]) * spacing[head][row]
        below = _mixture_cdf(x, row, floor[head], own[head], weights, means, variances)
        soft = np.logaddexp(0.0, x)
        elements = order[starts[tables][0] : ends[tables][-1]]
        table = np.repeat(np.arange(count.size), (ends - starts)[tables])
        base = first[elements] + (begin - lowest[tables])[table]
        for points in np.unique(size[elements]).tolist():
            same = np.flatnonzero(size[elements] == points)
            for part in chunks(same.size, points):
                e = elements[same[part]]
                at = base[same[part], None] + np.arange(points)
                height = a[e, None] * x[at] - (a + b)[e, None] * soft[at]
                density = np.exp(height - height.max(-1, keepdims=True))
                result[e] = (density * below[at]).sum(-1) / density.sum(-1)
    return result


def limits(a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return bounds outside of which logit B lies with a probability below 1e-12."""
    centre = special.digamma(a) - special.digamma(b)
    width = np.sqrt(special.zeta(2, a) + special.zeta(2, b))
    return centre - 7.0 * width - 28.0 / a, centre + 7.0 * width + 28.0 / b


def _widest_spacing(
    a: FloatArray,
    b: FloatArray,
    floor: FloatArray,
    own: IntArray,
    weights: FloatArray,
    variances: FloatArray,
) -> FloatArray:
    """Return the spacing at which the error of every component is below exp(-A) over its weight."""
    share = np.minimum(weights * weights.shape[-1], 1.0)
    exponent = np.maximum(EXPONENT + np.log(np.maximum(share, 1e-300)), 0.0)
    third = EXPONENT / 3.0
    information = 1.0 / (1.0 / (a + third) + 1.0 / (b + third))
    largest = np.empty(a.size)
    for part in chunks(a.size, weights.shape[-1]):
        precision = 1.0 / np.maximum(variances[own[part]], floor[part, None])
        largest[part] = (exponent[own[part]] * (information[part, None] + precision)).max(-1)
    return np.asarray(2.0 * np.pi / np.sqrt(2.0 * largest))


def _blocks(lengths: IntArray) -> Iterator[slice]:
    """Return slices of tables, each of about one working array or of one long table."""
    until = np.cumsum(lengths)
    start = 0
    while start < lengths.size:
        limit = until[start] - lengths[start] + _CHUNK
        end = max(start + 1, int(np.searchsorted(until, limit, side="right")))
        yield slice(start, end)
        start = end


def _mixture_cdf(
    x: FloatArray,
    row: IntArray,
    floor: FloatArray,
    own: IntArray,
    weights: FloatArray,
    means: FloatArray,
    variances: FloatArray,
) -> FloatArray:
    """Return G(x), each point with the mixture of its row."""
    sds = np.sqrt(np.maximum(variances[own], floor[:, None]))
    result = np.empty(x.size)
    for part in chunks(x.size, weights.shape[-1]):
        r = row[part]
        below = special.ndtr((x[part, None] - means[own[r]]) / sds[r])
        result[part] = (below * weights[own[r]]).sum(-1)
    return result
