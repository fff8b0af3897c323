"""What is printed as an 80 % or 95 % interval holds as often as it says: many cities with known truth."""

from __future__ import annotations

import numpy as np

from minato_analysis.statistics.projection import TrendSettings
from tests.city import simulate
from tests.city.simulate import Coverage, Paths

CITIES = 600
SLOW = 90
"""Cities for the shrinkage, which takes a grid of its own for each."""


def check(found: list[Coverage]) -> None:
    assert len(found) >= 2
    assert not [str(one) for one in found if not one.inside]
    for one in found:
        assert abs(one.expected - one.stated) < 0.02


def test_the_projection_covers_what_was_published_later() -> None:
    check(simulate.projections(Paths.draw(np.random.default_rng(1), CITIES)))


def test_the_projection_of_a_small_city_covers_too() -> None:
    paths = Paths.draw(np.random.default_rng(2), CITIES, persons=(40, 90))
    for one in simulate.projections(paths):
        assert one.inside, str(one)


def test_pooled_years_and_single_years_cover_their_true_shares() -> None:
    check(simulate.pooled_differences(Paths.draw(np.random.default_rng(3), CITIES)))


def test_a_station_against_all_others_covers_the_true_difference() -> None:
    check(simulate.stations_apart(np.random.default_rng(4), CITIES))


def test_shrunk_shares_of_stations_cover_the_true_ones() -> None:
    check(simulate.shrunk_stations(np.random.default_rng(5), SLOW))


def test_a_projection_that_expects_too_little_movement_is_found_out() -> None:
    paths = Paths.draw(np.random.default_rng(6), CITIES, sigma=0.1)
    still = TrendSettings(slope_sd=0.001, sigma_scale=0.002)
    assert not [str(one) for one in simulate.projections(paths, still) if one.inside]
