"""Groups of few persons are put together so that no small count can be read or worked out."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from minato_analysis.analyses.few import any_few, pooled

counts = st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=1, max_size=7).map(
    lambda groups: pd.DataFrame({f"g{at}": one for at, one in enumerate(groups)})
)


@given(counts)
def test_no_small_count_is_left_and_nobody_is_lost(table: pd.DataFrame) -> None:
    kept, together = pooled(table)
    assert np.array_equal(kept.sum(axis=1), table.sum(axis=1))
    assert not any_few(kept.drop(columns="", errors="ignore"))
    assert not together or len(together) >= min(2, table.shape[1])
    if any_few(kept):  # only where all groups together are few persons
        assert list(kept) == [""]
        assert together == list(table)


@given(counts)
def test_groups_of_enough_persons_stay_as_they_are(table: pd.DataFrame) -> None:
    kept, together = pooled(table)
    assert list(kept.drop(columns="", errors="ignore")) == [
        name for name in table if name not in together
    ]
    if not any_few(table):
        assert not together
        assert kept is table


def test_the_smallest_join_first() -> None:
    table = pd.DataFrame({"a": [3, 3], "b": [90, 90], "c": [12, 12], "d": [11, 11]})
    kept, together = pooled(table)
    assert together == ["a", "d"]
    assert list(kept) == ["b", "c", ""]
    assert list(kept[""]) == [14, 14]


def test_a_year_without_any_value_stays_missing() -> None:
    table = pd.DataFrame({"a": [3.0, np.nan], "b": [12.0, np.nan], "c": [50.0, 60.0]})
    kept, _ = pooled(table)
    assert kept[""].tolist()[0] == 15
    assert np.isnan(kept[""].tolist()[1])
