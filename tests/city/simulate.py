"""Many made-up cities at once: does what is printed as 80 % or 95 % hold as often as it says?

In: a generator of random numbers and how many cities. Out: how often the intervals covered the truth, how
often they should have, and the Monte Carlo error. The truth is drawn, so it is known; each city counts once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from minato_analysis.statistics import comparison, projection, shrinkage
from minato_analysis.statistics.projection import DEFAULT_SETTINGS, TrendSettings
from minato_analysis.statistics.shares import wilson

Floats = NDArray[np.float64]
YEARS = 5
HORIZON = 9
LEVELS = (0.80, 0.95)
STANDARD_ERRORS = 3.3
"""Two-sided probability 0.001: over all checks of a run a false alarm is unlikely."""


@dataclass(frozen=True)
class Coverage:
    """How often intervals held.

    Attributes
    ----------
    stated : float
        Level as printed.
    expected : float
        What the method promises of these very intervals: a count is whole, so that an interval of a count
        holds a little more than is stated.
    observed : float
    cities : int
    """

    what: str
    stated: float
    expected: float
    observed: float
    cities: int

    @property
    def error(self) -> float:
        """Standard error of `observed` if `expected` is true."""
        return float(np.sqrt(self.expected * (1 - self.expected) / self.cities))

    @property
    def inside(self) -> bool:
        """Whether the difference is within the Monte Carlo error."""
        return abs(self.observed - self.expected) <= STANDARD_ERRORS * self.error

    def __str__(self) -> str:
        return (
            f"{self.what}: stated {self.stated:.0%}, expected {self.expected:.1%}, "
            f"observed {self.observed:.1%} (± {self.error:.1%}, {self.cities} cities)"
        )


@dataclass(frozen=True)
class Paths:
    """True shares of all cities by year, the years known and those to come, and what is known of them."""

    share: Floats
    persons: NDArray[np.int64]
    reoffenders: NDArray[np.int64]

    @classmethod
    def draw(
        cls,
        rng: np.random.Generator,
        cities: int,
        *,
        slope: float | None = None,
        sigma: float | None = None,
        persons: Sequence[int] = (200, 3000),
    ) -> Paths:
        """Draw logit paths with a damped slope, as the projection assumes them.

        Parameters
        ----------
        rng : numpy.random.Generator
        cities : int
        slope, sigma : float, optional
            First yearly change and yearly disturbance of every city; by default drawn from the prior of the
            projection, city by city.
        persons : (int, int)
            Ends of the numbers of persons arrested a year.
        """
        settings = DEFAULT_SETTINGS
        moved = (
            rng.normal(0, settings.slope_sd, cities) if slope is None else np.full(cities, slope)
        )
        spread = (
            rng.choice(settings.sigma(), cities, p=settings.prior())
            if sigma is None
            else np.full(cities, sigma)
        )
        logit = [special.logit(rng.uniform(0.3, 0.65, cities))]
        for _ in range(YEARS + HORIZON - 1):
            moved = settings.phi * moved
            logit.append(logit[-1] + moved + rng.normal(0, 1, cities) * spread)
            if slope is None:  # the slope is stationary
                moved = moved + rng.normal(
                    0, settings.slope_sd * np.sqrt(1 - settings.phi**2), cities
                )
        share = special.expit(np.array(logit).T)
        arrested = np.exp(rng.uniform(*np.log(persons), cities)).astype(np.int64)
        every = np.repeat(arrested[:, None], YEARS + HORIZON, axis=1)
        return cls(share, every, rng.binomial(every, share))


def projections(
    paths: Paths, settings: TrendSettings = DEFAULT_SETTINGS, what: str = "projection"
) -> list[Coverage]:
    """Return the coverage of the published share of the next and of the target year."""
    known = slice(None, YEARS)
    steps = [1, HORIZON]
    forecast = projection.damped_trend(
        paths.reoffenders[:, known],
        (paths.persons - paths.reoffenders)[:, known],
        paths.persons[:, [YEARS, YEARS + HORIZON - 1]],
        steps,
        settings,
    )
    came = paths.reoffenders[:, [YEARS, YEARS + HORIZON - 1]]
    found = []
    for level in LEVELS:
        tail = (1 - level) / 2
        low, high = np.moveaxis(forecast.quantile([tail, 1 - tail]), -1, 0)
        held = (low <= came) & (came <= high)
        promised = forecast.cdf(high) - forecast.cdf(low - 1)
        found += [
            Coverage(
                f"{what}, {step} years ahead",
                level,
                float(promised[:, at].mean()),
                float(held[:, at].mean()),
                len(held),
            )
            for at, step in enumerate(steps)
        ]
    return found


def pooled_differences(paths: Paths) -> list[Coverage]:
    """Return the coverage of Newcombe's interval for two pools of years, and of one year's Wilson interval.

    The true share of a pool is the mean of its years' shares, weighted by persons.
    """
    found = []
    pools = [slice(0, 2), slice(YEARS - 2, YEARS)]
    k, n = (
        [one[:, pool].sum(1).astype(float) for pool in pools]
        for one in (paths.reoffenders, paths.persons)
    )
    truth = [
        (paths.share * paths.persons)[:, pool].sum(1) / total
        for pool, total in zip(pools, n, strict=True)
    ]
    for level in LEVELS:
        between = comparison.compare_shares(k[1], n[1], k[0], n[0], confidence=level)
        found.append(
            _held(
                "pooled difference (Newcombe)",
                level,
                between.low,
                between.high,
                truth[1] - truth[0],
            )
        )
        one = wilson(paths.reoffenders[:, 0], paths.persons[:, 0], level)
        found.append(_held("share of a year (Wilson)", level, one.low, one.high, paths.share[:, 0]))
    return found


def draw_stations(
    rng: np.random.Generator, persons: NDArray[np.int64]
) -> tuple[Floats, NDArray[np.int64]]:
    """Return true shares and reoffenders of the stations of one city, as the shrinkage assumes them.

    The overall share and the pull towards it are uniform; a station's share is beta around it.
    """
    overall, pull = rng.uniform(size=2)
    strength = float(np.median(persons)) * pull / (1 - pull)
    share = rng.beta(overall * strength, (1 - overall) * strength, persons.size)
    return share, rng.binomial(persons, share)


def shrunk_stations(
    rng: np.random.Generator, cities: int, persons: Sequence[int] = (12, 25, 50)
) -> list[Coverage]:
    """Return the coverage of shrunk shares; one station of each city counts: cities are independent."""
    n = np.array(persons)
    held: dict[float, list[bool]] = {level: [] for level in LEVELS}
    for _ in range(cities):
        share, k = draw_stations(rng, n)
        one, level = int(rng.integers(n.size)), LEVELS[len(held[LEVELS[0]]) > len(held[LEVELS[1]])]
        own = shrinkage.shrink(k, n, level)
        held[level].append(bool(own.low[one] <= share[one] <= own.high[one]))
    return [_mean("shrunk share of a station", level, held[level]) for level in LEVELS]


def stations_apart(
    rng: np.random.Generator, cities: int, persons: Sequence[int] = (60, 120, 240)
) -> list[Coverage]:
    """Return the coverage of the difference between the first station and all others, one for each city."""
    n = np.array(persons)
    share = rng.uniform(0.25, 0.7, (cities, n.size))
    k = rng.binomial(n, share)
    rest = n[1:].sum()
    true = share[:, 0] - (share[:, 1:] * n[1:]).sum(1) / rest
    found = []
    for level in LEVELS:
        between = comparison.compare_shares(
            k[:, 0], n[0], k[:, 1:].sum(1), rest, "difference", "miettinen_nurminen", level
        )
        found.append(_held("station against all others", level, between.low, between.high, true))
    return found


def _mean(what: str, level: float, held: Sequence[bool]) -> Coverage:
    return Coverage(what, level, level, float(np.mean(held)), len(held))


def _held(what: str, level: float, low: Floats, high: Floats, truth: Floats) -> Coverage:
    held = (low <= truth) & (truth <= high)
    return Coverage(what, level, level, float(held.mean()), held.size)
