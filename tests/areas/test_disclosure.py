"""What is withheld stays withheld: in the flags, in the records, and in the sums."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.areas import world

from minato_analysis.areas import disclosure, records, settings, statistics, table
from minato_analysis.areas.table import Areas
from minato_analysis.numbers.facts import FEW_PERSONS

PAIR = st.integers(0, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


def of(counts: list[list[tuple[int, int]]]) -> Areas:
    array = np.array(counts)
    codes = tuple(f"{90001 + at}" for at in range(len(counts)))
    years = tuple(range(2020, 2020 + array.shape[1]))
    return Areas(codes, codes, years, np.moveaxis(array, -1, 0))


@given(st.lists(st.lists(PAIR, min_size=2, max_size=2), min_size=1, max_size=8))
def test_what_is_shown_is_never_small_and_never_follows_from_the_rest(
    counts: list[list[tuple[int, int]]],
) -> None:
    areas = of(counts)
    shown = disclosure.showable(areas)
    k, n = areas.reoffenders, areas.persons
    for flags, parts in ((shown.yearly, (k, n, n - k)), (shown.pooled, (k, n, n - k))):
        for part in parts:
            values = part[flags] if flags is shown.yearly else part.sum(axis=1)[flags]
            assert not ((values > 0) & (values < FEW_PERSONS)).any()
    assert not (shown.yearly & ~shown.pooled).any()
    hidden = ~shown.pooled
    nobody = not n.sum(axis=1)[shown.pooled].any()
    if hidden.any() and not nobody:
        # The total minus the shown areas is what the hidden ones have together.
        assert hidden.sum() > 1
        assert min(k[hidden].sum(), (n - k)[hidden].sum()) >= FEW_PERSONS


def test_a_single_withheld_area_takes_the_smallest_other_with_it() -> None:
    shown = disclosure.showable(of([[(50, 20)] * 2, [(30, 12)] * 2, [(6, 3), (4, 1)]]))
    assert shown.pooled.tolist() == [True, False, False]


def test_nothing_is_withheld_without_need() -> None:
    shown = disclosure.showable(of([[(50, 20)] * 2, [(0, 0)] * 2, [(12, 0), (12, 12)]]))
    assert shown.pooled.tolist() == [True, True, True]
    assert shown.yearly.tolist() == [True, True, False]


def test_a_record_holds_no_withheld_count(tmp_path: Path) -> None:
    lines = [
        *world.rows("90001", (700, 350), (600, 300), name="a"),
        *world.rows("90002", (33, 7), (44, 11), name="b"),
        *world.rows("90003", (41, 3), (23, 2), name="c"),
        *world.rows("90004", (37, 3), (29, 2), name="d"),
    ]
    file = world.table(tmp_path, *lines)
    areas, chosen = table.read(file), settings.load(file)
    shown = disclosure.showable(areas)
    results = statistics.compute(areas, chosen, shown)
    found = list(records.records(areas, chosen, results, shown, "areas.csv"))
    assert [one.pooled is not None for one in found] == [True, True, False, False]
    assert [one.yearly is not None for one in found] == [True, False, False, False]
    for one in found[2:]:
        parts = json.loads(one.model_dump_json(exclude={"run", "code", "name"}))
        assert set(parts.values()) == {None}
    assert found[1].change is None
    assert found[1].ahead is None
    assert found[1].pooled
    assert (found[1].pooled.persons, found[1].pooled.reoffenders) == (77, 18)
