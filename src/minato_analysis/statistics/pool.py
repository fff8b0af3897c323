"""The pool of projections: four members of equal weight, fixed before any of them was looked at.

In: logits and variances of the regions, the largest first and the area last, shape ``(levels, areas, T)`` on
one axis of calendar years (NaN: not observed). Out: a
:class:`~minato_analysis.statistics.projection.Forecast` of each member and of the pool. No single model is
right for a handful of years: what the members leave open is said as the range of their answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from minato_analysis.statistics.binomial_mixture import FloatArray, IntArray
from minato_analysis.statistics.projection import (
    DEFAULT_SETTINGS,
    Forecast,
    TrendSettings,
    future,
    project_logits,
    require_years,
)

POOL = "pool"


def members(
    z: FloatArray,
    v: FloatArray,
    future_persons: npt.ArrayLike,
    steps: IntArray,
    settings: TrendSettings = DEFAULT_SETTINGS,
) -> dict[str, Forecast]:
    """Project the last level by each member.

    ``damped``: local trend with a stationary, damped slope, own series; ``level``: the same without a slope;
    ``three_level_damped``, ``three_level_level``: both in levels, each region the one above it plus a slowly
    moving deviation. Without a larger region the first two are all there are.

    Parameters
    ----------
    z, v : ndarray, shape (levels, areas, T)
        See :func:`~minato_analysis.statistics.projection.project_logits`.
    future_persons : array_like, shape (), (areas,) or (areas, H)
    steps : ndarray of int, shape (H,)
        Years after the end of the axis; up to 0, only the years until then are used.

    Raises
    ------
    ValueError
        An area without any observed year.
    """
    require_years(z[-1], 1)
    still = replace(settings, slope_sd=0.0)
    made = {"damped": (1, settings), "level": (1, still)}
    if z.shape[0] > 1:
        made |= {"three_level_damped": (z.shape[0], settings)}
        made |= {"three_level_level": (z.shape[0], still)}
    shape = future(future_persons, z.shape[1], steps)
    found = {
        name: Forecast(name, *shape, *project_logits(z[-levels:], v[-levels:], steps, each))
        for name, (levels, each) in made.items()
    }
    return {name: one.merged() if made[name][0] > 1 else one for name, one in found.items()}


def pooled(forecasts: Mapping[str, Forecast]) -> Forecast:
    """Return the mixture of the members in equal parts: the mean of their probability functions."""
    each = list(forecasts.values())
    return Forecast(
        POOL,
        each[0].steps,
        each[0].persons,
        np.concatenate([one.weights for one in each], axis=-1) / len(each),
        np.concatenate([one.means for one in each], axis=-1),
        np.concatenate([one.variances for one in each], axis=-1),
    )
