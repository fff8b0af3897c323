"""The statistics of counts: what one area has alone, what is left out, what the shipped example says."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from tests.areas.world import EXAMPLE, REPOSITORY

from minato_analysis.areas import table
from minato_analysis.areas.cases.statistics import LEAST_CASES, compute
from minato_analysis.statistics.counts import change


def test_small_or_unknown_counts_are_not_compared_and_the_sums_are_of_the_others() -> None:
    cases = np.array([[200.0, 180.0, 150.0], [400.0, 380.0, 390.0], [99.0, 180.0, 150.0]])
    gap = np.array([[500.0, 450.0, np.nan], [500.0, np.nan, 450.0]])
    found = compute(np.vstack([cases, gap]))
    assert np.isnan(found.index).all(axis=1).tolist() == [False, False, True, True, False]
    np.testing.assert_allclose(found.index[0], [100, 90, 75])
    assert found.overall == pytest.approx((150 + 390 + 450) / (200 + 400 + 500))
    matched = [(200 + 400 + 500) / 1100, (180 + 380) / 600, (150 + 390 + 450) / 1100]
    np.testing.assert_allclose(found.all_index, 100 * np.array(matched))
    alone = change(cases[:1, 0], cases[:1, -1], found.scatter, 0.95)
    assert found.change.low[0] == alone.low[0]


def test_no_area_to_compare_is_no_error() -> None:
    found = compute(np.full((3, 2), LEAST_CASES - 1.0))
    assert np.isnan(found.overall)
    assert np.isnan(found.q_overall).all()


def test_areas_that_move_alike_but_for_chance_are_seldom_told_apart() -> None:
    rng = np.random.default_rng(3)
    means = rng.lognormal(6.5, 1, (600, 1)).clip(150) * np.linspace(1, 0.75, 8)
    odd = np.arange(600) < 20
    means[odd] *= np.linspace(1, 1.6, 8)
    found = compute(3.0 * rng.poisson(means / 3))
    said = found.q_overall <= 0.05
    assert said[odd].mean() > 0.5
    assert odd[said].mean() > 0.85


def test_the_shipped_example_is_the_published_series() -> None:
    areas = table.read(EXAMPLE)
    file = REPOSITORY / "data/published/recognised-by-municipality/series.csv"
    with file.open(encoding="utf-8") as stream:
        lines = [one for one in csv.DictReader(stream) if one["area"] != "合計"]
    published = {(one["area"], int(one["year"])): int(one["value"]) for one in lines}
    shipped = {
        (name, year): int(count)
        for name, row in zip(areas.names, areas.cases, strict=True)
        for year, count in zip(areas.years, row, strict=True)
        if not np.isnan(count)
    }
    assert shipped == published
    assert len(areas.codes) == 62
