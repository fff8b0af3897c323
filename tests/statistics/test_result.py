"""Results can be looked at: every one has a table and a summary."""

from __future__ import annotations

import numpy as np
import pytest

from minato_analysis.statistics import comparison, decomposition, shares, strata, trends
from minato_analysis.statistics.result import Result

YEARS = [2017, 2018, 2019, 2020, 2021, 2022]
REOFFENDERS = [730, 705, 634, 481, 499, 516]
PERSONS = [1581, 1521, 1362, 1094, 1018, 1053]
RESULTS = {
    "trend": trends.logit_trend(YEARS, REOFFENDERS, PERSONS),
    "without each year": trends.leave_one_out(YEARS, REOFFENDERS, PERSONS),
    "intervals": shares.wilson(REOFFENDERS, PERSONS),
    "comparison": comparison.compare_shares(56, 100, 500, 1000),
    "strata": strata.mantel_haenszel_risk_ratio([5, 6], [10, 12], [9, 7], [30, 30]),
    "change": decomposition.logit_change(730, 1581, 516, 1053),
}


@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS)
def test_a_result_has_a_table_and_says_what_it_is(result: Result) -> None:
    frame, text = result.to_frame(), result.summary()
    assert len(frame) >= 1
    assert text.startswith(f"{type(result).__name__}: ")
    for name, value in vars(result).items():
        if np.ndim(value) == 0 and isinstance(value, float):
            assert name in text


def test_numbers_are_those_of_the_result() -> None:
    found = shares.wilson(REOFFENDERS, PERSONS)
    np.testing.assert_array_equal(found.to_frame()["low"], found.low)
    assert (found.to_frame()["confidence"] == found.confidence).all()
